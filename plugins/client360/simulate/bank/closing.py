"""How a month closes: what is left of it after what is fixed is spent and put aside, so that the balance comes out.

A month's opening and closing balance are drawn (people/books.py); income, bills, transfers, statements and loans are what they
are. What is left is meant for purchases and cash. Who has more spends a part of it and puts the rest aside, or sends it to
another bank when they leave; who has less gets by on it, and on help of the family below a least amount. Where an outflow comes
before the money for it, the family lends until the end of the month: no account is below zero on any day.
"""

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Days
from client360.simulate.bank import purchases
from client360.simulate.bank.movements import Kind, Movements, Window, owners_and_numbers, summed
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.timing import purchase_day, season_factor
from client360.simulate.columns import cents
from client360.simulate.facts import world_facts
from client360.simulate.hours import draw_times, second_of_day

DAYS = 32
"""Room for the days of a month."""


def closing(
    roster: Roster, window: Window, fixed: list[Movements], opening: Codes, closes_with: Codes
) -> list[Movements]:
    """What closes the month: purchases by debit, cash, savings and help. Balances are cents, of shape (persons,)."""
    facts, size = world_facts().balances, len(roster)
    present = (window.until - window.since + 1) / calendar.month_days(roster.month)
    counts = purchases.number_by_debit(roster, present)
    left = opening - closes_with + _net(fixed, size)
    least = np.maximum(cents(facts.least_spent * roster.living * present), 2 * purchases.LEAST * counts)
    help_cents = _in_notes(np.maximum(least - left, 0))
    left = left + help_cents
    for_cards, for_cash = _meant(roster)
    meant = np.maximum(cents((for_cards + for_cash) * present), least)
    spent = np.where(left > meant, meant + np.floor(facts.more_spent * (left - meant)).astype(np.int64), left)
    saved = left - spent
    leaves = closes_with == 0
    little = (saved < cents(facts.saved_from * roster.living)) & ~leaves
    spent, saved = np.where(little, spent + saved, spent), np.where(little, 0, saved)
    cash = _withdrawals(roster, window, np.floor(spent * (for_cash / (for_cards + for_cash))).astype(np.int64))
    drawn = _net([cash], size)
    too_much = spent + drawn < purchases.LEAST * counts  # notes are round
    cash = cash.of(np.flatnonzero(~too_much[cash.person]))
    spent = spent + np.where(too_much, 0, drawn)
    everything = [
        *fixed,
        cash,
        purchases.by_debit(roster, window, counts, spent),
        *_put_aside(roster, window, saved, leaves),
        _help(roster, Kind.HELP, help_cents, window.since, number=0),
    ]
    return [*everything[len(fixed) :], *_lent(roster, window, everything, opening)]


def _meant(roster: Roster) -> tuple[np.ndarray, np.ndarray]:
    """What people mean to spend in a month by debit card and in cash, pesos; both of shape (persons,)."""
    table = world_facts()
    debit = 1 - table.credit.amount_share * roster.on_credit
    season = season_factor(table.card.season, roster.month)
    by_card = roster.budget * roster.ticket * table.card.income_share * season * debit
    return by_card, roster.budget * table.cash.income_share / roster.screens


def _withdrawals(roster: Roster, window: Window, totals: Codes) -> Movements:
    """Cash from machines, in whole notes, on the days on which people buy; about the totals, cents of shape (persons,)."""
    facts = world_facts().cash
    random = roster.stream("extraccion_cajero")
    present = (window.until - window.since + 1) / calendar.month_days(roster.month)
    counts = exact.poisson(random.random(len(roster)), facts.per_month * present / roster.screens)
    owner, number = owners_and_numbers(counts)
    noise, day, spare = random.random((3, len(owner)))
    weight = exact.spread(exact.normal(noise), facts.sigma)
    share = weight / np.bincount(owner, weight, minlength=len(roster))[owner]
    notes = np.rint(totals[owner] * share / (facts.multiple_of * 100)).astype(np.int64)
    days = window.fit(owner, purchase_day(roster.month, roster.payday[owner], day), spare)
    second = second_of_day("cash", draw_times(roster.stream("hora extraccion_cajero"), len(owner)))
    amounts = np.maximum(notes, 1) * facts.multiple_of * 100
    return Movements(Kind.WITHDRAWAL, owner, days, amounts, number, None, second, channel="cajero")


def _put_aside(roster: Roster, window: Window, saved: Codes, leaves: np.ndarray) -> list[Movements]:
    """What is put aside, in pesos or dollars: soon after payday, at the end of a month with aguinaldo or without a payday. Who
    leaves takes all of it to another bank on the last day."""
    facts, random = world_facts(), roster.stream("ahorro")
    how, when, time = random.random((3, len(roster)))
    inflation = facts.prices.variation(f"{calendar.month_start(roster.month):%Y-%m}")
    dollars = how < min(facts.balances.dollars + facts.balances.dollars_per_inflation * inflation, 0.9)
    bonus = roster.month % 12 + 1 in facts.payroll.bonus_months
    after = roster.payday + 1 + (when * 3).astype(np.int64)
    late = window.until - (when * 3).astype(np.int64)
    day = np.where((roster.payday >= 0) & (not bonus), after, late)
    day = np.where(leaves, window.until, np.clip(day, window.since, window.until))
    second = second_of_day("transfers", (time * 2**16).astype(np.uint16))
    found = []
    for kind, who, rubro, party, channel in (
        (Kind.DOLLARS, dollars & ~leaves, None, None, "app"),
        (Kind.SAVED, ~dollars & ~leaves, None, "Banco", "app"),
        (Kind.CLOSING, leaves, "enviada", "Cuenta propia en otro banco", None),
    ):
        rows = np.flatnonzero(who & (saved > 0))
        none = np.zeros_like(rows)
        found.append(
            Movements(kind, rows, day[rows], saved[rows], none, rubro, second[rows], party=party, channel=channel)
        )
    return found


def _lent(roster: Roster, window: Window, everything: list[Movements], opening: Codes) -> list[Movements]:
    """What the family lends on the first day on which the account would be below zero, so that it never is, until the last."""
    person, day, amount = (
        np.concatenate(parts)
        for parts in zip(
            *((movements.person, movements.day, movements.signed) for movements in everything), strict=True
        )
    )
    net = np.rint(np.bincount(person * DAYS + day, amount, minlength=len(roster) * DAYS)).astype(np.int64)
    path = opening[:, None] + np.cumsum(net.reshape(len(roster), DAYS), axis=1)
    short = _in_notes(np.maximum(-path.min(axis=1), 0))
    first = np.argmax(path < 0, axis=1)
    return [
        _help(roster, Kind.HELP, short, first, number=1),
        _help(roster, Kind.HELP_RETURNED, short, window.until, number=0),
    ]


def _help(roster: Roster, kind: Kind, amounts: Codes, days: Days, number: int) -> Movements:
    rows = np.flatnonzero(amounts > 0)
    rubro = "recibida" if kind is Kind.HELP else "enviada"
    second = second_of_day(
        "transfers", draw_times(roster.stream(f"hora ayuda {kind.name} {number}"), len(roster))[rows]
    )
    numbers = np.full_like(rows, number)
    return Movements(kind, rows, days[rows], amounts[rows], numbers, rubro, second, party="Familia", channel="app")


def _in_notes(amounts: Codes) -> Codes:
    """The amounts in cents, rounded up to what people lend; same shape."""
    multiple = world_facts().balances.help_multiple * 100
    return -(-amounts // multiple) * multiple


def _net(parts: list[Movements], size: int) -> Codes:
    """What accounts get by the movements, cents; shape (persons,)."""
    total = np.zeros(size, dtype=np.int64)
    for movements in parts:
        total += summed(movements.person, movements.signed, size)
    return total
