"""Transfers to and from others. One between two customers is one amount and one moment, on both their accounts."""

from dataclasses import replace

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Floats
from client360.simulate.bank.movements import MAX_PER_KIND, Kind, Movements, Window, owners_and_numbers
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.words import someone
from client360.simulate.facts import world_facts
from client360.simulate.facts.bank import Transfer
from client360.simulate.hours import draw_times, second_of_day


def transfers(roster: Roster, window: Window) -> list[Movements]:
    """Transfers sent, those that other customers get by them, and those received from outside."""
    facts = world_facts().transfers
    sent, target = _drawn(roster, window, facts.enviada, Kind.SENT, "enviada")
    to = (target * len(roster)).astype(np.int64)
    # what lies between the places of two customers decides whether it goes to a customer at all
    within = (target * len(roster) - to < facts.within) & (to != sent.person) & window.holds(to, sent.day)
    order = np.argsort(to[within], kind="stable")
    row, person = np.flatnonzero(within)[order], to[within][order]
    _, number = owners_and_numbers(np.bincount(person, minlength=len(roster)))
    kept = number < MAX_PER_KIND
    within[row[~kept]] = False
    row, person, number = row[kept], person[kept], number[kept]
    # who is in a smaller world only sees that the other is not
    known = roster.shown[person] & roster.shown[sent.person[row]]
    names = someone(target)
    names[row[known]] = roster.numbers[person[known]]
    got = Movements(
        Kind.FROM_CUSTOMER,
        person,
        sent.day[row],
        sent.cents[row],
        number,
        "recibida",
        None if sent.second is None else sent.second[row],
        party=np.where(known, roster.numbers[sent.person[row]], someone(target[row])),
        channel="app",
    )
    received, source = _drawn(roster, window, facts.recibida, Kind.RECEIVED, "recibida")
    return [replace(sent, party=names), got, replace(received, party=someone(source))]


def _drawn(roster: Roster, window: Window, facts: Transfer, kind: Kind, rubro: str) -> tuple[Movements, Floats]:
    """The transfers in one direction, and a uniform draw for the other end of each."""
    random = roster.stream(f"transferencia {rubro}")
    owner, number = owners_and_numbers(exact.poisson(random.random(len(roster)), facts.per_month * roster.screens))
    noise, other = exact.normal(random.random(len(owner))), random.random(len(owner))
    day = random.integers(0, calendar.month_days(roster.month), len(owner))
    kept = np.flatnonzero(window.holds(owner, day))
    person = owner[kept]
    living = roster.living[person]
    mean = living * (facts.income_share / facts.per_month)
    amount = np.minimum(mean * exact.spread(noise[kept], facts.sigma), living * world_facts().transfers.most)
    draws = draw_times(roster.stream(f"hora transferencia {rubro}"), len(owner))
    second = second_of_day("transfers", draws[kept])
    rounded = rounded_cents(amount)
    return Movements(kind, person, day[kept], rounded, number[kept], rubro, second, channel="app"), other[kept]


def rounded_cents(amount: Floats) -> Codes:
    """Amounts in pesos as people send them: multiples of what is usual for their size; cents, same shape."""
    steps = world_facts().transfers.round_from
    step = np.array(list(steps.values()))[np.searchsorted(list(steps), amount, side="right") - 1]
    return np.maximum(np.rint(amount / step), 1).astype(np.int64) * step * 100
