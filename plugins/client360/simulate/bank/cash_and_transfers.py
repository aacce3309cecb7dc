"""Withdrawals of cash and transfers to and from others."""

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.bank.movements import (
    MAX_PER_KIND,
    Movements,
    Window,
    concatenated,
    owners_and_numbers,
    same_rubro,
)
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.timing import purchase_day
from client360.simulate.columns import cents
from client360.simulate.facts import world_facts
from client360.simulate.hours import draw_times, second_of_day


def withdrawals(roster: Roster, window: Window) -> Movements:
    """Cash from machines, in whole notes, on the days on which people buy."""
    cash = world_facts().cash
    random = roster.stream("extraccion_cajero")
    owner, number = owners_and_numbers(exact.poisson(random.random(len(roster)), np.full(len(roster), cash.per_month)))
    noise = exact.normal(random.random(len(owner)))
    day = purchase_day(roster.month, roster.payday[owner], random.random(len(owner)))
    kept = np.flatnonzero(window.holds(owner, day))
    person = owner[kept]
    mean = roster.income[person] * cash.income_share / cash.per_month
    notes = np.rint(mean * exact.spread(noise[kept], cash.sigma) / cash.multiple_of).astype(np.int64)
    amount = np.maximum(notes, 1) * cash.multiple_of * 100
    second = second_of_day("cash", draw_times(roster.stream("hora extraccion_cajero"), len(owner))[kept])
    return Movements(person, day[kept], amount, same_rubro(None, person), number[kept], second)


def transfers(roster: Roster, window: Window) -> Movements:
    """Transfers sent and received, on any day of the month."""
    directions = world_facts().transfers
    room = MAX_PER_KIND // len(directions)
    parts = []
    for nth, (direction, transfer) in enumerate(directions.items()):
        random = roster.stream(f"transferencia {direction}")
        owner, number = owners_and_numbers(
            np.minimum(exact.poisson(random.random(len(roster)), np.full(len(roster), transfer.per_month)), room)
        )
        noise = exact.normal(random.random(len(owner)))
        day = random.integers(0, calendar.month_days(roster.month), len(owner))
        kept = np.flatnonzero(window.holds(owner, day))
        person = owner[kept]
        mean = roster.income[person] * transfer.income_share / transfer.per_month
        amount = np.maximum(cents(mean * exact.spread(noise[kept], transfer.sigma)), 100)
        number = number[kept] + nth * room
        draws = draw_times(roster.stream(f"hora transferencia {direction}"), len(owner))
        second = second_of_day("transfers", draws[kept])
        parts.append(Movements(person, day[kept], amount, same_rubro(direction, person), number, second))
    return concatenated(parts)
