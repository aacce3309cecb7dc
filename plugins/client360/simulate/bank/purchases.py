"""Purchases by card, outside the shop and in it, and the shop's refunds."""

from functools import lru_cache

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Floats
from client360.simulate.bank.intervals import Intervals
from client360.simulate.bank.movements import (
    MAX_PER_KIND,
    Movements,
    Payments,
    Window,
    owners_and_numbers,
    rubros,
    same_rubro,
)
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.timing import purchase_day, season_factor
from client360.simulate.columns import cents
from client360.simulate.facts import world_facts
from client360.simulate.hours import draw_times, second_of_day


def purchases(roster: Roster, window: Window, shop: Payments) -> Movements:
    """Purchases outside the shop. Each purchase in the shop replaces one of the month's, as long as there are any."""
    card = world_facts().card
    random = roster.stream("compra_tarjeta")
    mean = card.per_month * season_factor(card.season, roster.month) * calendar.day_factors(roster.month).mean()
    owner, number = owners_and_numbers(exact.poisson(random.random(len(roster)), mean * roster.purchases))
    which, noise = random.random(len(owner)), exact.normal(random.random(len(owner)))
    day = purchase_day(roster.month, roster.payday[owner], random.random(len(owner)))
    inside = (day >= roster.since[owner]) & (day <= roster.until[owner])
    nth: Codes = np.cumsum(inside) - inside
    nth -= nth[np.arange(len(owner)) - number]  # less those of the owners before
    in_shop = np.bincount(_rows(roster, shop), minlength=len(roster))
    kept = np.flatnonzero((nth >= in_shop[owner]) & window.holds(owner, day))
    person = owner[kept]
    category = _category_intervals(roster.month).find(which[kept])
    mean_ticket = (roster.income * roster.ticket * card.income_share / card.per_month)[person]
    ticket = mean_ticket * _category_tickets()[category]
    return Movements(
        person,
        day[kept],
        np.maximum(cents(ticket * exact.spread(noise[kept], card.ticket_sigma)), 100),
        category + rubros().index(next(iter(card.categories))),
        number[kept],
        second_of_day("card", draw_times(roster.stream("hora compra_tarjeta"), len(owner))[kept]),
    )


def in_shop(roster: Roster, window: Window, shop: Payments, rubro: str) -> Movements:
    """Purchases or refunds, numbered as their orders, refunds by thousands for each month since the order."""
    person = _rows(roster, shop)
    kept = np.flatnonzero(window.holds(person, shop.day))
    person, order = person[kept], shop.order[kept]
    year, month = np.divmod(order // MAX_PER_KIND % 10**4, 100)
    since = (roster.month - (year * 12 + month - 1)) % 1200
    number = since * MAX_PER_KIND + order % MAX_PER_KIND
    return Movements(
        person, shop.day[kept], shop.cents[kept], same_rubro(rubro, person), number, shop.second[kept], order
    )


def _rows(roster: Roster, shop: Payments) -> Codes:
    """Row of the roster of each payment's customer; shape (payments,)."""
    return np.searchsorted(roster.numbers, shop.customer)


@lru_cache
def _category_intervals(month: int) -> Intervals:
    """Cumulative share of the categories among the month's purchases."""
    categories = world_facts().card.categories.values()
    share = np.cumsum([row.share * (row.december if month % 12 == 11 else 1) for row in categories])
    return Intervals.of(share / share[-1])


@lru_cache
def _category_tickets() -> Floats:
    """Ticket of each category relative to the mean one; shape (categories,)."""
    categories = list(world_facts().card.categories.values())
    share = np.array([row.share for row in categories])
    ticket = np.array([row.ticket for row in categories])
    return ticket * share.sum() / (share * ticket).sum()
