"""Purchases by card outside the shop: the totals of a month, divided among them."""

from functools import lru_cache

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Days, Floats
from client360.simulate.bank import credit
from client360.simulate.bank.intervals import Intervals
from client360.simulate.bank.movements import Kind, Movements, Window, divided, owners_and_numbers
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.timing import purchase_day, season_factor
from client360.simulate.bank.words import merchant, rubros
from client360.simulate.facts import world_facts
from client360.simulate.hours import draw_times, second_of_day

LEAST = 100
"""Cents of the smallest purchase by debit."""
DRAWS = ("category", "day", "spare", "merchant", "channel")


def number_by_debit(roster: Roster, present: Floats) -> Codes:
    """How many purchases each person makes by debit in a month, at least one; shape (persons,).

    `present` is the part of the month in which each is a customer.
    """
    card = world_facts().card
    season = season_factor(card.season, roster.month) * float(calendar.day_factors(roster.month).mean())
    mean = card.per_month * season * roster.purchases * present * (1 - credit.number_share() * roster.on_credit)
    return np.maximum(exact.poisson(roster.stream("compra_tarjeta").random(len(roster)), mean), 1)


def by_debit(roster: Roster, window: Window, counts: Codes, totals: Codes) -> Movements:
    """The purchases that the account pays, so many of each person, which come to the totals (cents); both (persons,)."""
    owner, number = owners_and_numbers(counts)
    day, category, bought_at, channel, second, weights = _drawn(roster, window, owner, "debito")
    return Movements(
        Kind.DEBIT_PURCHASE,
        owner,
        day,
        divided(totals, owner, weights, LEAST),
        number,
        category + rubros().index(next(iter(world_facts().card.categories))),
        second,
        merchant=bought_at,
        channel=channel,
    )


def by_credit(roster: Roster, window: Window) -> list[Movements]:
    """The purchases that statements of the card charge, for each number of instalments."""
    both = roster.of_each(lambda of, rows: credit.bought(of.books, roster.month)[..., rows])
    found = []
    for row, plan in enumerate(world_facts().credit.plans):
        counts, parts = both[0, row], both[1, row]
        owner, number = owners_and_numbers(counts)
        day, category, bought_at, channel, second, weights = _drawn(roster, window, owner, f"credito {plan}")
        found.append(
            Movements(
                Kind.CREDIT_PURCHASE,
                owner,
                day,
                divided(parts, owner, weights, 1) * plan,
                number + row * (credit.MOST_PURCHASES + 1),
                category + rubros().index(next(iter(world_facts().card.categories))),
                second,
                instalments=np.full_like(owner, plan),
                merchant=bought_at,
                channel=channel,
            )
        )
    return found


def _drawn(roster: Roster, window: Window, owner: Codes, which: str) -> tuple[Days, Codes, Codes, Codes, Codes, Floats]:
    """Day, category, merchant, channel, second of the day and weight of the amount of each purchase; all (purchases,)."""
    drawn = dict(zip(DRAWS, roster.stream(f"compra {which}").random((len(DRAWS), len(owner))), strict=True))
    day = window.fit(owner, purchase_day(roster.month, roster.payday[owner], drawn["day"]), drawn["spare"])
    category = _category_intervals(roster.month).find(drawn["category"])
    noise = draw_times(roster.stream(f"importe {which}"), len(owner))
    return (
        day,
        category,
        merchant(category, roster.city[owner], drawn["merchant"]),
        np.searchsorted(_channel_bounds(), drawn["channel"], side="right"),
        second_of_day("card", draw_times(roster.stream(f"hora {which}"), len(owner))),
        _category_tickets()[category] * _tickets()[noise],
    )


@lru_cache
def _tickets() -> Floats:
    """Relative tickets, the quantiles of a heavy tail; as many as a draw of 16 bits tells apart."""
    steps = 2**16
    return exact.spread(exact.normal((np.arange(steps) + 0.5) / steps), world_facts().card.ticket_sigma)


@lru_cache
def _channel_bounds() -> Floats:
    bounds = np.cumsum(list(world_facts().card.channels.values()))
    return bounds / bounds[-1]


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
