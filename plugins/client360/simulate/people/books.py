"""What the bank's books rest on: income, living and the balance at each month's end, of the persons of one generation.

Each is a function of person and month alone: no month needs the one before it. All arrays have the shape (BLOCK,).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Days, Flags, Floats
from client360.simulate.columns import cents
from client360.simulate.facts import world_facts
from client360.simulate.people.habits import Habits
from client360.simulate.people.occupations import occupations
from client360.simulate.people.traits import Traits
from client360.simulate.streams import stream
from client360.simulate.world import BLOCK, World

MONTHS_KEPT = 40
"""Months of which what was drawn is kept; the longest look back is over the instalments of a purchase."""
ALWAYS = -1
DAYS_A_BUSINESS_DAY = 1.42
DAYS_A_MONTH = 30.4
ALL = np.arange(BLOCK)


class Holders(Protocol):
    """What the books need to know of a generation, and those who read them; arrays of shape (BLOCK,) but for jobs."""

    @property
    def world(self) -> World: ...
    @property
    def block(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def start(self) -> Days: ...
    @property
    def left(self) -> Days: ...
    @property
    def retirement(self) -> Days: ...
    @property
    def dni(self) -> Codes: ...
    @property
    def traits(self) -> Traits: ...
    @property
    def habits(self) -> Habits: ...
    @property
    def job_days(self) -> Days: ...
    @property
    def occupation_by_job(self) -> Codes: ...
    def work(self, persons: Codes, days: Days) -> tuple[Codes, Floats]: ...


@dataclass(frozen=True)
class Books:
    """The books of the persons of a generation."""

    generation: Holders
    _drawn: dict[tuple[str, int], NDArray] = field(default_factory=dict, compare=False)

    def stream(self, entity: str, month: int = 0) -> np.random.Generator:
        """The random stream of something that happens to the generation in a month, or that is so once and for all."""
        of = self.generation
        return stream(of.world.seed, f"{entity} {of.number}", of.block, month)

    def once(self, what: str, month: int, draw: Callable[[], NDArray]) -> NDArray:
        """What `draw` gives for a month, or for ALWAYS, drawn once while it is kept."""
        key = what, month
        if key not in self._drawn:
            self._drawn[key] = draw()
            for old in [kept for kept in self._drawn if ALWAYS < kept[1] < month - MONTHS_KEPT]:
                del self._drawn[old]
        return self._drawn[key]

    def occupation(self, month: int) -> Codes:
        """Occupation at the beginning of the month, or at that of the history of who joined later."""
        return self._work(month)[0].astype(np.int64)

    def income(self, month: int) -> Floats:
        """Income of the month, pesos."""
        return self._work(month)[1]

    def contract_income(self, month: int) -> Floats:
        """Income when the person's contracts were last made, as prices have moved it since then; pesos of the month."""
        return self.once("contrato", month, lambda: self._contract_income(month))

    def living(self, month: int) -> Floats:
        """What people think they can live on: between their income now and that of their contracts; pesos a month."""
        return (self.income(month) + self.contract_income(month)) / 2

    def budget(self, month: int) -> Floats:
        """What people think they can live on, as much more or less as their bills leave them; pesos a month."""
        return self.living(month) * self.generation.habits.room

    def retired(self, month: int) -> Flags:
        return self.occupation(month) == occupations().retired

    def balance(self, month: int) -> Codes:
        """Balance of the account at the end of the month, of who is a customer then; cents."""
        return self.once("saldo", month, lambda: self._balance(month))

    def _work(self, month: int) -> NDArray[np.float64]:
        """Occupation and income; shape (2, BLOCK)."""

        def draw() -> NDArray[np.float64]:
            first = np.full(BLOCK, calendar.day_number(calendar.month_start(month)))
            return np.stack(self.generation.work(ALL, self._not_before_the_start(first, month)))

        return self.once("trabajo", month, draw)

    def _contract_income(self, month: int) -> Floats:
        every = world_facts().balances.contract_months
        phase = self.stream("contrato").integers(0, every, BLOCK)
        began = month - (month - phase) % every
        first = np.array([calendar.day_number(calendar.month_start(m)) for m in range(month - every + 1, month + 1)])
        days = self._not_before_the_start(first[began - (month - every + 1)], month)
        _, income = self.generation.work(ALL, days)
        since = np.minimum(calendar.month_of_days(days), month)
        return income * calendar.price_index(month - 1) / calendar.price_indices(since - 1)

    def _not_before_the_start(self, days: Days, month: int) -> Days:
        """The days, or those on which the history of persons begins who have joined by the end of the month."""
        joined = self.generation.start < calendar.day_number(calendar.month_start(month + 1))
        return np.where(joined, np.maximum(days, self.generation.start), days)

    def _balance(self, month: int) -> Codes:
        facts = world_facts().balances
        thrift = exact.spread(self.generation.traits["thrift"], facts.thrift_sigma)
        chance = exact.spread(exact.normal(self.stream("saldo", month).random(BLOCK)), facts.month_sigma)
        needed = facts.kept + facts.until_payday * self._until_payday(month + 1)
        return cents(self.living(month) * (needed + facts.thrift * thrift * chance))

    def _until_payday(self, month: int) -> Floats:
        """Part of a month that passes until the salary or pension comes, as much as a third for who has neither."""
        pension_day = world_facts().payroll.pension_first_business_day + self.generation.dni % 10
        nth = np.where(self.retired(month), pension_day, self.generation.habits.salary_day)
        paid = occupations().payroll[self.occupation(month)]
        return np.where(paid, nth * DAYS_A_BUSINESS_DAY / DAYS_A_MONTH, 0.35)
