"""Who is a customer in a month, and what their movements depend on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Days, Flags, Floats
from client360.simulate.bank import credit
from client360.simulate.columns import ids
from client360.simulate.facts import world_facts
from client360.simulate.people import Generation, Population
from client360.simulate.people.generation import YEAR
from client360.simulate.people.occupations import occupations
from client360.simulate.streams import stream


@dataclass(frozen=True)
class Roster:
    """All customers of a block on any day of a month.

    A function of the world and the month alone. Arrays have one element a person, shape (persons,), unless their docstring
    gives another. What only the bank's movements depend on is drawn when it is asked for: the months before the current one
    need the orders alone.
    """

    population: Population
    month: int
    persons: list[tuple[Generation, Codes]]
    """The rows of each generation that are on the roster, one generation after another."""
    numbers: Codes
    """The digits of cliente_id, ascending."""
    left: Days
    """First day, a day number, on which the person is no longer a customer."""
    since: Days
    """First day of the month, from 0, on which the person is a customer."""
    until: Days
    """Last such day."""
    shown: Flags
    """Whether the world is large enough to hold the person; the plan is drawn for the whole block all the same."""

    def stream(self, entity: str) -> np.random.Generator:
        """The random stream of one kind of movement in this block and month."""
        return stream(self.population.world.seed, entity, self.population.block, self.month)

    def __len__(self) -> int:
        return len(self.numbers)

    @cached_property
    def cliente_id(self) -> pa.Array:
        return ids("C", self.numbers, 9)

    @cached_property
    def joined(self) -> Days:
        """First day, a day number, as a customer."""
        return self.of_each(lambda generation, rows: generation.joined[rows])

    @cached_property
    def occupation(self) -> Codes:
        return self.of_each(lambda generation, rows: generation.books.occupation(self.month)[rows])

    @cached_property
    def income(self) -> Floats:
        """Income of the month, pesos."""
        return self.of_each(lambda generation, rows: generation.books.income(self.month)[rows])

    @cached_property
    def contract_income(self) -> Floats:
        """Income when contracts were made, in pesos of the month."""
        return self.of_each(lambda generation, rows: generation.books.contract_income(self.month)[rows])

    @cached_property
    def living(self) -> Floats:
        """What people think they can live on in the month, pesos."""
        return (self.income + self.contract_income) / 2

    @cached_property
    def budget(self) -> Floats:
        """The same, as much more or less as their bills leave them, pesos."""
        return self.of_each(lambda generation, rows: generation.books.budget(self.month)[rows])

    @cached_property
    def on_credit(self) -> Flags:
        """Who buys on credit in the month."""
        return self.of_each(lambda generation, rows: credit.buys_on_credit(generation.books, self.month)[rows])

    @cached_property
    def city(self) -> Codes:
        """City on the first day of the month as a customer."""
        first = calendar.day_number(calendar.month_start(self.month))
        return self.of_each(lambda generation, rows: generation.cities(rows, np.maximum(generation.start[rows], first)))

    @cached_property
    def screens(self) -> Floats:
        """How much more than others the person does without counters and cash."""
        strength = world_facts().cash.digital_strength
        return self.of_each(lambda generation, rows: exact.spread(generation.traits["digital"][rows], strength))

    @cached_property
    def retired(self) -> Flags:
        return self.occupation == occupations().retired

    @cached_property
    def payday(self) -> Days:
        """Day of the month, from 0, on which the salary or pension comes; -1 without one."""
        salary_day = self.of_each(lambda generation, rows: generation.habits.salary_day[rows])
        dni = self.of_each(lambda generation, rows: generation.dni[rows])
        business = calendar.business_days(self.month)
        pension_day = world_facts().payroll.pension_first_business_day + dni % 10
        nth = np.where(self.retired, pension_day, salary_day)
        paid = occupations().payroll[self.occupation]
        return np.where(paid, business[np.minimum(nth, len(business)) - 1], -1)

    @cached_property
    def purchases(self) -> Floats:
        """Purchases relative to the mean customer."""
        return self.of_each(lambda generation, rows: generation.habits.purchases[rows])

    @cached_property
    def ticket(self) -> Floats:
        """Share of income spent on a purchase, relative to the mean customer."""
        return self.of_each(lambda generation, rows: generation.habits.ticket[rows])

    @cached_property
    def bill_share(self) -> Floats:
        """Cost of each bill as a share of income; shape (bills, persons)."""
        return self.of_each(lambda generation, rows: generation.habits.bill_share.take(rows, axis=1))

    @cached_property
    def bill_due(self) -> Days:
        """Day of the month, from 0, on which each bill is due; shape (bills, persons)."""
        return self.of_each(lambda generation, rows: generation.habits.bill_due.take(rows, axis=1))

    @cached_property
    def fading(self) -> Days:
        """First day, a day number, on which the person is about to leave."""
        return self.of_each(lambda generation, rows: generation.fading[rows])

    @cached_property
    def ages(self) -> Floats:
        """Age in years on the first of the month."""
        first = calendar.day_number(calendar.month_start(self.month))
        return (first - self.of_each(lambda generation, rows: generation.birth[rows])) / YEAR

    @cached_property
    def slots(self) -> Codes:
        """Row within the block, from 0."""
        return np.concatenate([rows for _, rows in self.persons])

    def leaning(self, name: str) -> Floats:
        """One of the leanings of the persons; shape (persons,), tastes (categories, persons)."""
        return self.of_each(lambda generation, rows: getattr(generation.leanings, name).take(rows, axis=-1))

    def of_each(self, values: Callable[[Generation, Codes], NDArray]) -> NDArray:
        """Values of the persons of each generation, concatenated along the last axis."""
        return np.concatenate([values(generation, rows) for generation, rows in self.persons], axis=-1)


def draw_roster(population: Population, month: int) -> Roster:
    """The roster of a block in a month."""
    first = calendar.day_number(calendar.month_start(month))
    length = calendar.month_days(month)
    persons = [
        (generation, np.flatnonzero((generation.start < first + length) & (generation.left > first)))
        for generation in population.generations(first + length - 1)
    ]
    numbers, start, left, slots = (
        np.concatenate([getattr(generation, name)[rows] for generation, rows in persons])
        for name in ("numbers", "start", "left", "slots")
    )
    return Roster(
        population=population,
        month=month,
        persons=persons,
        numbers=numbers,
        left=left,
        since=np.maximum(start - first, 0),
        until=np.minimum(left - first, length) - 1,
        shown=slots <= population.world.customers,
    )
