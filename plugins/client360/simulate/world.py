"""What names a world: seed, size and first day."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from client360.simulate.intervention import Intervention, Kind

BLOCK = 1000
"""Customers drawn together. Changing it changes every world."""

VERSION = "e046b8d7f671"
"""Names the rows that this package draws. Change it whenever any row changes: tests/simulate/test_version.py notices."""
LIBRARIES = {"Faker": "40.54.0", "holidays": "0.107", "numpy": "2.2.6"}
"""The libraries that draw, and the releases with which VERSION was recorded."""
LARGEST = 9_999_999
LARGEST_SEED = 2**53 - 1
"""The largest whole number that every reader of JSON, a browser with the trigger form among them, keeps exactly."""
EARLIEST = date(2015, 1, 1)


@dataclass(frozen=True)
class World:
    """A simulated world: `seed` seeds its random streams, `customers` is the size of its customer base, `first_day` the first
    day of its history. With an `intervention` it is the twin of the world without one: simulate/twins.py makes those that can be.

    Raises ValueError, in one line that names what to give instead, where a parameter is out of its bounds.
    """

    seed: int = 42
    customers: int = 1000
    first_day: date = date(2025, 1, 1)
    intervention: Intervention | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(f"semilla is {self.seed}: give a whole number from 0 to {LARGEST_SEED}")
        if not 1 <= self.customers <= LARGEST:
            raise ValueError(f"clientes is {self.customers}: give a whole number from 1 to {LARGEST}")
        if self.first_day < EARLIEST:
            raise ValueError(f"inicio is {self.first_day}: give a day from {EARLIEST} on")

    @property
    def blocks(self) -> range:
        """Numbers of the blocks of customers."""
        return range(-(-self.customers // BLOCK))

    @property
    def parameters(self) -> dict[str, Any]:
        """What names the world: JSON types, by the names that people give them."""
        differs = {"intervencion": self.intervention.text} if self.intervention else {}
        return {
            "semilla": self.seed,
            "clientes": self.customers,
            "inicio": self.first_day.isoformat(),
            **differs,
            "version": _version(),
        }

    def differs_in(self, kind: Kind) -> Intervention | None:
        """The intervention that makes the world a twin, if it is of that kind."""
        return self.intervention if self.intervention and self.intervention.kind == kind else None

    @property
    def name(self) -> str:
        """What the warehouse calls this world: equal names, equal rows, before and after corruption."""
        return " ".join(["simulador", *(f"{name}={value}" for name, value in self.parameters.items())])


@lru_cache
def _version() -> str:
    """VERSION; with other releases of LIBRARIES, whose draws may differ, a hash of it and of them."""
    installed = {name: version(name) for name in LIBRARIES}
    return VERSION if installed == LIBRARIES else sha256(f"{VERSION} {installed}".encode()).hexdigest()[:12]
