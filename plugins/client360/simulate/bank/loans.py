"""Personal loans: whom they are granted, and their instalments by the French schedule. Who leaves pays what is left of them.

Each person may take MAX_LOANS in a life, one after the other. All of a loan follows from its number and the person.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import NEVER, Codes, Days, Flags
from client360.simulate.bank.default import default_month
from client360.simulate.bank.roster import Roster
from client360.simulate.facts import world_facts
from client360.simulate.people.books import ALL, ALWAYS, Books
from client360.simulate.people.generation import YEAR
from client360.simulate.people.occupations import occupations
from client360.simulate.world import BLOCK

MAX_LOANS = 4
MULTIPLE = 10_000
"""Pesos; amounts are whole multiples."""
WITHOUT_LOANS = ("estudiante", "ama_de_casa", "desempleado")
GRANTED, PAID_OFF, GIVEN_UP = "vigente", "cancelado", "incobrable"


@dataclass(frozen=True)
class Loans:
    """Loans of a generation; every array has the shape (MAX_LOANS, BLOCK)."""

    day: Days
    """Day number on which it is granted, NEVER for a loan that is not."""
    month: Codes
    """Month number of that day, NEVER likewise."""
    cents: Codes
    """The amount lent."""
    term: Codes
    """Months, the first instalment a month after the grant."""
    instalment: Codes
    """Cents of every instalment but the last."""

    def due(self, month: int) -> Flags:
        """Which have an instalment in the month."""
        number = month - self.month
        return (number >= 1) & (number <= self.term)

    def runs(self, month: int) -> Flags:
        """Which have instalments after the month."""
        number = month - self.month
        return (number >= 0) & (number < self.term)


def rate() -> float:
    """Interest a month, as a fraction."""
    return world_facts().loans.yearly_rate / 12


def loans(books: Books) -> Loans:
    """The loans of a generation."""
    drawn = books.once("prestamos", ALWAYS, lambda: _draw(books))
    return Loans(*drawn)


def of_roster(roster: Roster) -> Loans:
    """The loans of a roster's persons; arrays of shape (MAX_LOANS, persons)."""
    return Loans(
        *roster.of_each(lambda generation, rows: np.stack(list(vars(loans(generation.books)).values()))[..., rows])
    )


def _draw(books: Books) -> Codes:
    facts, of = world_facts().loans, books.generation
    gap, amount, term = books.stream("prestamo").random((3, MAX_LOANS, BLOCK))
    terms = np.array(facts.terms)[(term * len(facts.terms)).astype(np.int64)]
    rows: list[list[Codes]] = []
    after = of.start.astype(np.float64)
    for nth in range(MAX_LOANS):
        at = after + exact.exponential(gap[nth], facts.every_years * YEAR)
        day = np.minimum(np.ceil(at), NEVER).astype(np.int64)
        after = at + terms[nth] * (YEAR / 12)
        lived = day < of.left - 1  # what is granted on the last day would be paid back on the same
        month = calendar.month_of_days(np.where(lived, day, of.start))
        occupation, income = of.work(ALL, np.where(lived, day, of.start))
        granted = lived & (month < default_month(books))
        granted &= ~np.isin(occupation, [occupations().names.index(name) for name in WITHOUT_LOANS])
        least, most = facts.incomes
        pesos = np.rint(income * (least + (most - least) * amount[nth]) / MULTIPLE).astype(np.int64) * MULTIPLE
        lent = np.maximum(pesos, MULTIPLE) * 100
        rows.append(
            [
                np.where(granted, day, NEVER),
                np.where(granted, month, NEVER),
                lent,
                terms[nth],
                np.rint(lent * _annuity(terms[nth])).astype(np.int64),
            ]
        )
    return np.stack([np.stack(column) for column in zip(*rows, strict=True)])


def _annuity(terms: Codes) -> np.ndarray:
    """An instalment as a fraction of what is lent, for each number of months; same shape."""
    growth = np.ones(terms.shape)
    for month in range(int(terms.max())):
        growth = np.where(month < terms, growth * (1 + rate()), growth)
    return rate() * growth / (growth - 1)


@lru_cache(maxsize=4096)
def schedule(lent: int, term: int, instalment: int) -> list[tuple[int, int]]:
    """Amount and principal of each instalment of a loan, cents: interest on what is owed, the rest of it principal; the last one
    pays what is left."""
    owed, rows, monthly = lent, [], rate()
    for number in range(1, term + 1):
        interest = round(owed * monthly)
        principal = owed if number == term else instalment - interest
        rows.append((principal + interest, principal))
        owed -= principal
    return rows


def instalments(found: Loans, month: int) -> Codes:
    """What each loan has to pay in a month, cents, 0 where nothing; shape (MAX_LOANS, BLOCK)."""
    due = found.due(month)
    amounts = np.where(due, found.instalment, 0)
    for nth, person in zip(*np.nonzero(due & (month - found.month == found.term)), strict=True):
        plan = schedule(int(found.cents[nth, person]), int(found.term[nth, person]), int(found.instalment[nth, person]))
        amounts[nth, person] = plan[-1][0]
    return amounts


def owed(found: Loans, which: Flags, month: int) -> Codes:
    """The principal of the instalments after the month, cents, 0 of other loans; `which` and the result have the loans' shape."""
    amounts = np.zeros_like(found.cents)
    for place in zip(*np.nonzero(which & found.runs(month)), strict=True):
        plan = schedule(int(found.cents[place]), int(found.term[place]), int(found.instalment[place]))
        amounts[place] = sum(principal for _, principal in plan[month - int(found.month[place]) :])
    return amounts
