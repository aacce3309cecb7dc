"""What names a world: seed, size and first day."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

BLOCK = 1000
"""Customers drawn together. Changing it changes every world."""

LOOKERS_ON = {"answers.py", "business_answers.py", "exact.py", "history.py", "realism.py"}
"""Files of this package that draw nothing."""
LARGEST = 9_999_999
EARLIEST = date(2015, 1, 1)


@dataclass(frozen=True)
class World:
    """A simulated world: `semilla` seeds it, `clientes` is the size of its customer base, `inicio` its first day.

    Raises ValueError, in one line that says what to give instead, where a parameter is out of its bounds.
    """

    semilla: int = 42
    clientes: int = 1000
    inicio: date = date(2025, 1, 1)

    def __post_init__(self) -> None:
        if not 0 <= self.semilla < 2**63:
            raise ValueError(f"semilla is {self.semilla}: give a whole number from 0 to {2**63 - 1}")
        if not 1 <= self.clientes <= LARGEST:
            raise ValueError(f"clientes is {self.clientes}: give a whole number from 1 to {LARGEST}")
        if self.inicio < EARLIEST:
            raise ValueError(f"inicio is {self.inicio}: give a day from {EARLIEST} on")

    @property
    def blocks(self) -> range:
        """Numbers of the blocks of customers."""
        return range(-(-self.clientes // BLOCK))

    @property
    def name(self) -> str:
        """What the warehouse calls this world: equal names, equal rows."""
        return (
            f"simulador semilla={self.semilla} clientes={self.clientes} "
            f"inicio={self.inicio} version={_generator_version()}"
        )


@lru_cache
def _generator_version() -> str:
    """Hash of all that decides what a world looks like: this package, its facts and the libraries that draw."""
    digest = sha256()
    for path in sorted(Path(__file__).parent.glob("*.*")):
        if path.suffix in {".py", ".yaml"} and path.name not in LOOKERS_ON:
            digest.update(path.name.encode() + path.read_bytes())
    for package in ("Faker", "holidays", "numpy"):
        digest.update(f"{package} {version(package)}".encode())
    return digest.hexdigest()[:12]
