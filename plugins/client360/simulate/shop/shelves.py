"""How much of each week the depots have what they sell: stock is ordered by a forecast, and may not last.

A closed form by product, depot and week: when the stock runs out depends on the demand that is expected at the prices of the
week and on the error of the forecast, and on no order that is made. So no block of customers depends on another.
"""

from functools import lru_cache

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Days, Flags, Floats
from client360.simulate.facts import world_facts
from client360.simulate.shop.catalog import catalog, category_demand
from client360.simulate.shop.depots import depots, ships
from client360.simulate.shop.prices import log_prices
from client360.simulate.streams import stream
from client360.simulate.world import World


def monday(day: int) -> int:
    """The Monday at or before a day number (1970-01-01 was a Thursday)."""
    return day - (day + 3) % 7


def available(world: World, month: int, product: Codes, depot: Codes, day: Days) -> Flags:
    """Whether a depot has a product on a day of the month, from 0; all of shape (lines,)."""
    return day < _runs_out(world, month)[day, product, depot]


@lru_cache
def _runs_out(world: World, month: int) -> Days:
    """First day, counted from that of the month, without stock in the week of each day; shape (days, slots, depots)."""
    first = calendar.day_number(calendar.month_start(month))
    weeks = [monday(first + day) for day in range(calendar.month_days(month))]
    return np.stack([first_day_without(world, week) for week in weeks]) - first


@lru_cache(maxsize=64)
def first_day_without(world: World, week: int) -> Days:
    """First day on which the stock for the week of that Monday is gone, the next Monday where it lasts; (slots, depots)."""
    facts = world_facts().shop
    shape = facts.catalog.slots, len(depots().names)
    error = exact.normal(stream(world.seed, "pronostico", 0, week // 7).random(shape))
    stock = facts.stock.safety_weeks * exact.exp(facts.stock.forecast_sigma * error)
    days = np.arange(week, week + 7)
    asked = np.stack([_expected(world, int(day)) for day in days])[:, :, None] * ships(world, days)[:, None, :]
    # the day on which the stock ends is sold out; from the next one on there is none
    return week + np.minimum(1 + (np.cumsum(asked, axis=0) < stock).sum(axis=0), 7)


def _expected(world: World, day: int) -> Floats:
    """Expected demand of each product on a day, in weeks of its mean one; shape (slots,)."""
    month = calendar.month_number(calendar.date_of(day))
    place = day - calendar.day_number(calendar.month_start(month))
    products = catalog(world)
    shares = np.array([row.share for row in world_facts().shop.catalog.categories.values()])
    season = category_demand(month) / (shares / shares.sum())
    response = exact.exp(-products.elasticity * log_prices(world, month)[place])
    response = np.minimum(response, world_facts().shop.orders.largest_response)
    return response * (season[products.category] * (calendar.shop_day_factors(month)[place] / 7))
