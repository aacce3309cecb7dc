"""What products cost on a day, offers included, and how much more or less of them is bought for it."""

from functools import lru_cache

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Days, Floats
from client360.simulate.facts import world_facts
from client360.simulate.shop.catalog import catalog
from client360.simulate.streams import stream
from client360.simulate.world import World

SPECIAL = 1.5
"""Factor of a day on the orders of the shop from which on it is special: more is on offer."""


@lru_cache
def offers(world: World, month: int) -> Floats:
    """Fraction of the price by which each product is on offer on each day, 0 where it is not; shape (days, slots).

    A product is on offer for a whole week, or for the special days in it alone.
    """
    facts = world_facts().shop.orders
    days = calendar.day_number(calendar.month_start(month)) + np.arange(calendar.month_days(month))
    weeks = (days + 3) // 7  # 1970-01-01 was a Thursday
    special = calendar.shop_specials(month) >= SPECIAL
    share = np.where(special, facts.offered_on_special_days, facts.offered)
    drawn = {
        int(week): stream(world.seed, "oferta", 0, int(week)).random((2, world_facts().shop.catalog.slots))
        for week in np.unique(weeks)
    }
    wanted, size = np.moveaxis(np.stack([drawn[int(week)] for week in weeks]), 1, 0)
    fractions = np.array(facts.discounts)[(size * len(facts.discounts)).astype(np.int64)]
    return np.where(wanted < share[:, None], fractions, 0.0)


@lru_cache
def log_prices(world: World, month: int) -> Floats:
    """Logarithm of each product's price on each day, offers included, relative to its usual one; shape (days, slots)."""
    products = catalog(world)
    day = calendar.day_number(calendar.month_start(month)) + np.arange(calendar.month_days(month))
    slot = np.arange(len(products.base))
    price, _ = products.valid(np.tile(slot, len(day)), np.repeat(day, len(slot)), month)
    usual = products.base * usual_level(month) * 100
    return exact.log(price.reshape(len(day), -1) / usual * (1 - offers(world, month)))


@lru_cache
def usual_level(month: int) -> float:
    """Level of prices in the shop in a month, 1 where they follow the base month's index: prices change every few months."""
    shortest, longest = world_facts().shop.catalog.change_months
    lags = [lag for every in range(shortest, longest + 1) for age in range(every) for lag in (1 + age, 2 + age)]
    return sum(calendar.price_index(month - lag) for lag in lags) / len(lags)


def wanted(world: World, month: int, product: Codes, day: Days, sensitivity: Floats) -> Floats:
    """Lines that are bought of each product on a day of the month, from 0, relative to those at its usual price, by customers of
    this sensitivity; at most `largest_response`; all of shape (lines,)."""
    elasticity = catalog(world).elasticity[product] * sensitivity
    response = exact.exp(-elasticity * log_prices(world, month)[day, product])
    return np.minimum(response, world_facts().shop.orders.largest_response)
