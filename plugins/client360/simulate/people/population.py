"""The customers of a block, generation after generation."""

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pyarrow as pa

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Days
from client360.simulate.facts import world_facts
from client360.simulate.people.generation import MAX_SLOTS, YEAR, Generation
from client360.simulate.people.stay import draw_stay
from client360.simulate.people.traits import draw_traits
from client360.simulate.people.versions import clientes
from client360.simulate.streams import stream
from client360.simulate.world import BLOCK, World

ADULT = 18
"""Age in years from which a person can be a customer."""


@dataclass(frozen=True)
class Population:
    """The customers of one block of slots; generations are drawn as far as they are asked for."""

    world: World
    block: int

    @cached_property
    def _drawn(self) -> list[Generation]:
        return []

    def generations(self, last: int) -> list[Generation]:
        """The generations of which at least one person has joined by day `last`, first to last."""
        while not self._drawn or int(self._drawn[-1].joined.min()) <= last:
            self._drawn.append(self._next())
        return [generation for generation in self._drawn if int(generation.joined.min()) <= last]

    def _next(self) -> Generation:
        people = world_facts().people
        number = len(self._drawn)
        random = stream(self.world.seed, "permanencia", self.block, number)
        traits = draw_traits(partial(stream, self.world.seed, block=self.block, period=number))
        settled, fading = draw_stay(random, traits["restlessness"], there_already=number == 0)
        first_day = calendar.day_number(self.world.first_day)
        if number:
            gap = np.ceil(exact.exponential(random.random(BLOCK), people.mean_gap_days)).astype(np.int64)
            joined = self._drawn[-1].left + gap
        else:
            past = exact.exponential(random.random(BLOCK), people.mean_past_years * YEAR)
            joined = first_day - np.ceil(past).astype(np.int64)
        begins = np.maximum(joined, first_day) + settled
        person = Generation(self.world, self.block, number, joined, begins + fading, begins, traits)
        grown, oldest = (np.ceil(person.birth + age * YEAR).astype(np.int64) for age in (ADULT, people.oldest))
        return replace(
            person,
            joined=np.maximum(joined, grown) if number == 0 else joined,
            left=np.minimum(person.left, oldest),
        )

    def provinces(self, numbers: Codes, days: Days) -> Codes:
        """Province in which each person lives on a day.

        `numbers` are the digits of cliente_id, `days` one day number for each; both and the result of shape (n,).
        """
        number, slot = np.divmod(numbers, MAX_SLOTS)
        province = np.zeros_like(numbers)
        for generation in np.unique(number):
            rows = np.flatnonzero(number == generation)
            persons = slot[rows] - 1 - self.block * BLOCK
            province[rows] = self._drawn[generation].provinces(persons, days[rows])
        return province

    def clientes(self, first: int, last: int) -> pa.Table:
        """Rows of the landing file `clientes` that became known from day `first` to day `last`."""
        return pa.concat_tables([clientes(generation, first, last) for generation in self.generations(last)])
