"""The persons who hold the slots of a block, and how their lives change.

The customer base is a number of slots, the size of the world. A person holds a slot from the day they join to the day they
leave; after a short gap the next person takes it: the slot's second, third... *generation*. So the base keeps its size,
customers join and leave, and each slot is drawn without looking at any other.

Below, `persons` are rows of the generation, with one element for each question; `days` has one day number for each.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Days, Floats
from client360.simulate.columns import ids
from client360.simulate.facts import world_facts
from client360.simulate.people.books import Books
from client360.simulate.people.geography import geography
from client360.simulate.people.habits import Habits, draw_habits
from client360.simulate.people.identity import DRAWS, identity_numbers
from client360.simulate.people.leanings import Leanings, draw_leanings
from client360.simulate.people.occupations import occupations
from client360.simulate.people.traits import Traits
from client360.simulate.streams import stream
from client360.simulate.world import BLOCK, World

MAX_CHANGES = 8
"""Moves, and job changes, that a life has room for (a dozen lives in a million need more and then stop changing)."""
YEAR = 365.2425
"""Mean length of a year in days."""
MAX_SLOTS = 10**7
"""Slots that cliente_id has room for."""


@dataclass(frozen=True)
class Situation:
    """How persons live on given days; every array has the shape of the question."""

    province: Codes
    city: Codes
    occupation: Codes
    declared_income: Floats
    """Monthly income last declared to the bank, pesos."""


@dataclass(frozen=True)
class Generation:
    """The n-th holders of the slots of one block; arrays have the shape (BLOCK,) unless their docstring gives another."""

    world: World
    block: int
    number: int
    joined: Days
    """First day as a customer of the bank."""
    left: Days
    """First day on which the person is no longer a customer."""
    fading: Days
    """First day on which the person is about to leave, and does less than before."""
    traits: Traits

    @property
    def slots(self) -> Codes:
        """Number of each slot in the world, from 1."""
        return np.arange(self.block * BLOCK, (self.block + 1) * BLOCK) + 1

    @property
    def numbers(self) -> Codes:
        """The digits of cliente_id."""
        return self.number * MAX_SLOTS + self.slots

    @property
    def start(self) -> Days:
        """First day in the history: the day they joined, or the first day of the world."""
        return np.maximum(self.joined, calendar.day_number(self.world.first_day))

    def _stream(self, entity: str) -> np.random.Generator:
        return stream(self.world.seed, entity, self.block, self.number)

    @cached_property
    def cliente_id(self) -> pa.Array:
        return ids("C", self.numbers, 9)

    @cached_property
    def identity_draws(self) -> Floats:
        """Uniform draws of the identity; shape (DRAWS, BLOCK)."""
        return self._stream("nombre").random((DRAWS, BLOCK))

    @cached_property
    def habits(self) -> Habits:
        return draw_habits(self._stream)

    @cached_property
    def birth(self) -> Days:
        """Day of birth. Ages are drawn as of the first day of the world or, of later customers, as of the day they join."""
        quantiles = world_facts().people.age_quantiles
        age = np.interp(self._stream("edad").random(BLOCK), list(quantiles), list(quantiles.values()))
        reference = calendar.day_number(self.world.first_day) if self.number == 0 else self.joined
        return np.floor(reference - age * YEAR).astype(np.int64)

    @property
    def birth_year(self) -> Floats:
        """Year of birth, with a fraction."""
        return 1970 + self.birth / YEAR

    @cached_property
    def dni(self) -> Codes:
        """National identity number, of the range that was issued around the year of birth."""
        anchors = world_facts().people.dni_by_birth_year
        about = np.interp(self.birth_year, list(anchors), list(anchors.values())) * 1e6
        return identity_numbers(self.world.seed, about.astype(np.int64), self.slots, self.number)

    @cached_property
    def leanings(self) -> Leanings:
        return draw_leanings(self.traits, self._stream)

    @cached_property
    def books(self) -> Books:
        return Books(self)

    @cached_property
    def move_days(self) -> Days:
        """Days on which the address changes; shape (BLOCK, MAX_CHANGES), ascending."""
        return self._change_days("mudanza", world_facts().people.moves_per_year)

    @cached_property
    def job_days(self) -> Days:
        """Days on which the occupation changes; shape (BLOCK, MAX_CHANGES), ascending."""
        return self._change_days("empleo", world_facts().people.job_changes_per_year)

    def _change_days(self, entity: str, per_year: float) -> Days:
        gaps = exact.exponential(self._stream(entity).random((BLOCK, MAX_CHANGES)), YEAR / per_year)
        return self.start[:, None] + np.ceil(np.cumsum(np.maximum(gaps, 1.0), axis=1)).astype(np.int64)

    @cached_property
    def retirement(self) -> Days:
        """Day of retirement."""
        youngest, oldest = world_facts().people.retirement_ages
        ages = youngest + (oldest - youngest) * self._stream("jubilacion").random(BLOCK)
        return (self.birth + ages * YEAR).astype(np.int64)

    @cached_property
    def addresses(self) -> tuple[Floats, Floats]:
        """Uniform draws of the province and of the city after each number of moves; both of shape (BLOCK, MAX_CHANGES + 1)."""
        draws = self._stream("domicilio").random((3, BLOCK, MAX_CHANGES + 1))
        away = draws[0] < world_facts().people.moves_to_other_province
        away[:, 0] = True
        # the last column at or before this one in which the province was drawn anew
        last = np.maximum.accumulate(np.where(away, np.arange(MAX_CHANGES + 1), 0), axis=1)
        return np.take_along_axis(draws[1], last, axis=1), draws[2]

    @cached_property
    def jobs(self) -> tuple[Floats, Floats]:
        """Uniform draws of the occupation after each number of job changes, shape (BLOCK, MAX_CHANGES + 1), and the luck of
        the person with the income in each job, a standard normal, the last column when retired; shape (BLOCK, MAX_CHANGES + 2).
        """
        random = self._stream("ocupacion")
        return random.random((BLOCK, MAX_CHANGES + 1)), exact.normal(random.random((BLOCK, MAX_CHANGES + 2)))

    @cached_property
    def raise_phase(self) -> Codes:
        """Which of the months between two raises is the person's."""
        return self._stream("paritaria").integers(0, world_facts().payroll.raise_every_months, BLOCK)

    @cached_property
    def declaration(self) -> tuple[Days, Days, Floats]:
        """Declarations of income to the bank: first day, days between two, and a uniform draw."""
        random = self._stream("declaracion")
        months = random.integers(*world_facts().people.declaration_months, BLOCK, endpoint=True)
        every = np.rint(months * YEAR / 12).astype(np.int64)
        first = self.start + 1 + (random.random(BLOCK) * every).astype(np.int64)
        return first, every, random.random(BLOCK)

    @cached_property
    def _homes(self) -> tuple[Codes, Floats]:
        """Province after each number of moves, and the uniform draw of the city in it; both of shape (BLOCK, MAX_CHANGES + 1)."""
        province, city = self.addresses
        return np.searchsorted(geography().province_bounds, province, side="right"), city

    def _address(self, persons: Codes, days: Days) -> tuple[Codes, Floats]:
        """Province on each day, and the uniform draw of the city in it."""
        moves = (self.move_days[persons] <= days[:, None]).sum(axis=1)
        province, city = self._homes
        return province[persons, moves], city[persons, moves]

    def _declaration_day(self, persons: Codes, days: Days) -> Days:
        """Day of the last regular declaration at or before each day; before the first one, the start."""
        first, every, _ = self.declaration
        since = days - first[persons]
        return np.where(since >= 0, days - since % every[persons], self.start[persons])

    def _job(self, persons: Codes, days: Days) -> tuple[Codes, Days]:
        """Column of `jobs` in force on each day, and the day from which it is."""
        changes = (self.job_days[persons] <= days[:, None]).sum(axis=1)
        since = np.where(changes > 0, self.job_days[persons, np.maximum(changes, 1) - 1], self.start[persons])
        retired = days >= self.retirement[persons]
        retired_since = np.maximum(self.retirement[persons], self.start[persons])
        return np.where(retired, MAX_CHANGES + 1, changes), np.where(retired, retired_since, since)

    @cached_property
    def occupation_by_job(self) -> Codes:
        """Occupation in each column of `jobs`, among those possible at its beginning; shape (BLOCK, MAX_CHANGES + 2)."""
        begins = np.concatenate([self.start[:, None], self.job_days], axis=1)
        age = (begins - self.birth[:, None]) / YEAR
        drawn = occupations().pick(self.jobs[0].ravel(), age.ravel()).reshape(age.shape)
        return np.concatenate([drawn, np.full((BLOCK, 1), occupations().retired)], axis=1)

    @cached_property
    def _income_by_job(self) -> Floats:
        """Income in each column of `jobs`, before age, province and prices; shape (BLOCK, MAX_CHANGES + 2)."""
        persistent = world_facts().people.income_person_share
        relative = np.sqrt(persistent) * self.traits["income"][:, None] + np.sqrt(1 - persistent) * self.jobs[1]
        occupation = self.occupation_by_job
        return occupations().income[occupation] * exact.exp(occupations().sigma[occupation] * relative)

    def _income(self, persons: Codes, job: Codes, occupation: Codes, days: Days) -> Floats:
        """Monthly income in pesos of the day, by occupation, age, province and luck, and no less than the least one of the
        occupation. It follows prices: the last raise covers them up to the month before it."""
        by_age = world_facts().people.income_by_age
        age = np.interp((days - self.birth[persons]) / YEAR, list(by_age), list(by_age.values()))
        base = self._income_by_job[persons, job] * age * geography().income[self.provinces(persons, days)]
        base = np.maximum(base, occupations().floor[occupation])
        every = world_facts().payroll.raise_every_months
        month = calendar.month_of_days(days)
        raised = month - (month - self.raise_phase[persons]) % every
        return base * calendar.price_indices(raised - 1)

    def provinces(self, persons: Codes, days: Days) -> Codes:
        """Province in which each person lives on its day."""
        return self._address(persons, days)[0]

    def cities(self, persons: Codes, days: Days) -> Codes:
        """City in which each person lives on its day."""
        province, city = self._address(persons, days)
        return np.searchsorted(geography().city_bounds, province + city, side="right")

    def work(self, persons: Codes, days: Days) -> tuple[Codes, Floats]:
        """Occupation, and monthly income in pesos of the month, of each person on its day."""
        job, _ = self._job(persons, days)
        occupation = self.occupation_by_job[persons, job]
        return occupation, self._income(persons, job, occupation, days)

    def situation(self, persons: Codes, days: Days) -> Situation:
        """How each person lives on its day."""
        province, city = self._address(persons, days)
        job, job_since = self._job(persons, days)
        declared = np.maximum(self._declaration_day(persons, days), job_since)
        declared_job, _ = self._job(persons, declared)
        declared_occupation = self.occupation_by_job[persons, declared_job]
        amount = np.rint(self._income(persons, declared_job, declared_occupation, declared) / 1000) * 1000
        declares_none = self.declaration[2][persons] < occupations().declares_none[declared_occupation]
        return Situation(
            province=province,
            city=np.searchsorted(geography().city_bounds, province + city, side="right"),
            occupation=self.occupation_by_job[persons, job],
            declared_income=np.where(declares_none, 0.0, amount),
        )
