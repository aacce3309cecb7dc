"""What names a world that corrupts its files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client360.simulate import World

MAX_SHARE = 0.5
"""Largest share of rows that can be corrupted."""

VERSION = "3af257d38125"
"""Names what is corrupted, and how. Change it whenever a corrupted row changes: tests/simulate/test_version.py notices."""

FILES, LEDGERS, DAYS = "entrada", "libro", "dias"
"""Folders of a corrupted world's files, of their ledgers and of those of whole days, within its own folder."""


@dataclass(frozen=True)
class CorruptedWorld(World):
    """A world that corrupts the `share` of the rows of its landing files.

    Raises ValueError, in one line that names what to give instead, where a parameter is out of its bounds.
    """

    share: float = 0.02

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.share <= MAX_SHARE:
            raise ValueError(f"suciedad is {self.share}: give the share of rows to corrupt, from 0 to {MAX_SHARE}")

    @property
    def parameters(self) -> dict[str, Any]:
        return super().parameters | {"suciedad": self.share, "defectos": VERSION}

    @property
    def folder(self) -> Path:
        """Where its files and ledgers lie, relative to the data folder."""
        return folder_of(self.name)

    @property
    def files(self) -> Path:
        """Where its corrupted files lie, relative to the data folder."""
        return self.folder / FILES


def folder_of(name: str) -> Path:
    """Where the corrupted world of that name has its files and ledgers, relative to the data folder."""
    return Path("suciedad") / name.replace(" ", "_")
