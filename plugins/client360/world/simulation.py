"""The whole world, block by block: the rows of every landing file for any range of days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from client360.world import bank, calendar
from client360.world.parameters import World
from client360.world.people import Population


@dataclass(frozen=True)
class Block:
    """The customers of one block and all they do."""

    population: Population

    def rows(self, first: date, last: date) -> dict[str, pa.Table]:
        """The rows of each landing file that became known from day `first` to day `last`, which lie in one month.

        Equal to the rows of those days in any longer range of the same month.
        """
        days = calendar.day_number(first), calendar.day_number(last)
        return {
            "clientes": self.population.clientes(*days),
            "transacciones": bank.transacciones(self.population, *days),
        }


def simulate(world: World) -> Iterator[Block]:
    """The blocks of the world, in the order in which their rows stand in a landing file."""
    for number in world.blocks:
        yield Block(Population(world, number))
