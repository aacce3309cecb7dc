"""What names a world that soils its files."""

from dataclasses import asdict, dataclass
from pathlib import Path

from client360.simulate import World

MAX_SHARE = 0.5
"""Largest share of rows that can be soiled."""

VERSION = "20c72fc874e5"
"""Names what is broken, and how. Change it whenever a corrupted row changes: tests/simulate/test_version.py notices."""


@dataclass(frozen=True)
class CorruptedWorld(World):
    """A world that breaks the `share` of the rows of its landing files.

    Raises ValueError, in one line that says what to give instead, where a parameter is out of its bounds.
    """

    share: float = 0.02

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.share <= MAX_SHARE:
            raise ValueError(f"suciedad is {self.share}: give the share of rows to soil, from 0 to {MAX_SHARE}")

    @property
    def name(self) -> str:
        """What the warehouse calls this world: equal names, equal rows, clean and soiled."""
        return f"{super().name} suciedad={self.share} defectos={VERSION}"

    @property
    def folder(self) -> Path:
        """Where its files and ledgers lie, relative to the data folder."""
        return Path("suciedad") / self.name.replace(" ", "_")

    @property
    def entrada(self) -> Path:
        """Where its soiled files lie, relative to the data folder."""
        return self.folder / "entrada"


def corrupted_or_clean(world: World, share: float) -> World:
    """The world itself where the share is 0, else the one that soils its files. Raises ValueError."""
    return CorruptedWorld(**asdict(world), share=share) if share else world
