"""What people live on: salaries, pensions and aguinaldo, and what those without get for their work or from others."""

from dataclasses import replace

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.bank.movements import Kind, Movements, Window, divided, owners_and_numbers
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.words import party_code
from client360.simulate.columns import cents
from client360.simulate.facts import world_facts
from client360.simulate.hours import draw_times, second_of_day
from client360.simulate.people.occupations import occupations

LEAST = 100
"""Cents of the smallest movement."""
HALF_YEAR = 183
KINDS = {"cobro": Kind.COLLECTION, "transferencia": Kind.ALLOWANCE, "beneficio": Kind.BENEFIT}
MOST_PIECES = 31


def salaries(roster: Roster, window: Window) -> list[Movements]:
    """Salaries, pensions and aguinaldo, which is in proportion to the half-year as a customer; pensions do not vary."""
    payroll = world_facts().payroll
    noise = exact.spread(exact.normal(roster.stream("sueldo").random(len(roster))), payroll.variation_sigma)
    salary = cents(roster.income * np.where(roster.retired, 1.0, noise))
    parts = [("haberes", roster.payday, salary)]
    bonus_day = payroll.bonus_months.get(roster.month % 12 + 1)
    if bonus_day is not None:
        business = calendar.business_days(roster.month)
        day = business[np.searchsorted(business, bonus_day - 1, side="right") - 1]
        month_first = calendar.day_number(calendar.month_start(roster.month))
        worked = np.clip(month_first + day + 1 - roster.joined, 0, HALF_YEAR) / HALF_YEAR
        bonus = np.maximum(cents(roster.income * payroll.bonus_share * worked), LEAST)
        parts.append(("aguinaldo", np.where(roster.payday >= 0, day, -1), bonus))
    everybody = np.arange(len(roster))
    found = []
    for number, (rubro, days, amount) in enumerate(parts):
        paid = np.flatnonzero(window.holds(everybody, days))  # a day of -1 is in no window
        numbers = np.full_like(paid, number)
        party = np.where(roster.retired[paid], party_code("ANSES"), party_code("Empleador"))
        found.append(Movements(Kind.SALARY, paid, days[paid], amount[paid], numbers, rubro, party=party))
    return found


def receipts(roster: Roster, window: Window) -> list[Movements]:
    """The income of those without salary or pension: the month's total, in pieces on any of their days."""
    facts, size, length = world_facts().receipts, len(roster), calendar.month_days(roster.month)
    names = occupations().names
    per_month, variation, sigma = (
        np.array([getattr(facts[name], what) if name in facts else 0.0 for name in names])[roster.occupation]
        for what in ("per_month", "variation", "sigma")
    )
    chance, count = roster.stream("ingreso").random((2, size))
    present = (window.until - window.since + 1) / length
    total = cents(roster.income * present * exact.spread(exact.normal(chance), variation))
    counts = np.where(per_month > 0, np.clip(exact.poisson(count, per_month * present), 1, MOST_PIECES), 0)
    owner, number = owners_and_numbers(counts)
    weight, day, spare = roster.stream("cobro").random((3, size, MOST_PIECES))[:, owner, number]
    days = window.fit(owner, (day * length).astype(np.int64), spare)
    pieces = divided(np.maximum(total, LEAST * counts), owner, exact.spread(exact.normal(weight), sigma[owner]), LEAST)
    second = second_of_day("transfers", draw_times(roster.stream("hora cobro"), (size, MOST_PIECES))[owner, number])
    found = []
    for name, of in facts.items():
        rows = np.flatnonzero(roster.occupation[owner] == names.index(name))
        kind = KINDS[of.kind]
        movements = Movements(kind, owner[rows], days[rows], pieces[rows], number[rows], party=of.party)
        if kind is not Kind.BENEFIT:
            movements = replace(movements, second=second[rows])
        found.append(replace(movements, rubro="recibida") if kind is Kind.ALLOWANCE else movements)
    return found
