"""What names a world that soils its files."""

from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from client360.world import World

MOST = 0.5
"""Largest share of rows that can be soiled."""

DECIDING = ("declared.py", "defects.yaml", "soil.py")
"""Files of this package that decide what is soiled, and how."""


@dataclass(frozen=True)
class SoiledWorld(World):
    """A world that breaks the share `suciedad` of the rows of its landing files.

    Raises ValueError, in one line that says what to give instead, where a parameter is out of its bounds.
    """

    suciedad: float = 0.02

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.suciedad <= MOST:
            raise ValueError(f"suciedad is {self.suciedad}: give the share of rows to soil, from 0 to {MOST}")

    @property
    def name(self) -> str:
        """What the warehouse calls this world: equal names, equal rows, clean and soiled."""
        return f"{super().name} suciedad={self.suciedad} defectos={_version()}"

    @property
    def folder(self) -> Path:
        """Where its files and ledgers lie, relative to the data folder."""
        return Path("suciedad") / self.name.replace(" ", "_")

    @property
    def entrada(self) -> Path:
        """Where its soiled files lie, relative to the data folder."""
        return self.folder / "entrada"


def soiled_or_clean(world: World, suciedad: float) -> World:
    """The world itself where the share is 0, else the one that soils its files. Raises ValueError."""
    return SoiledWorld(**asdict(world), suciedad=suciedad) if suciedad else world


@lru_cache
def _version() -> str:
    digest = sha256()
    for name in DECIDING:
        digest.update(name.encode() + Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()[:12]
