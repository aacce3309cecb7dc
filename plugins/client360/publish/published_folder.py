"""A folder of published files, with the manifest that says whose they are: a day's, or the top with the newest day."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from client360 import manifest
from client360.days import DayRange
from client360.manifest import Manifest
from client360.publish.formats import CSV_NAMES

FOOTPRINT = "huella_de_clave.txt"
"""Identifies the key of the anonymous files without revealing it. It is of no day."""
REPORTS = "exploracion_*.html"
"""What is rendered of a day's files, beside them."""

log = logging.getLogger(__name__)


@dataclass
class PublishedFolder:
    """The files of an owner and a day in a folder. Between `begin` and `end` it has no manifest, and counts as incomplete."""

    path: Path
    owner: str
    parameters: Mapping[str, Any]
    day: date
    before: Manifest | None = None
    """What it held before it was written anew."""

    @property
    def manifest(self) -> Path:
        return self.path / manifest.NAME

    def holds(self) -> bool:
        """Whether it holds the owner's files of the day, complete."""
        found = manifest.read(self.manifest)
        return found is not None and (found.fuente, found.hasta) == (self.owner, self.day) and found.complete(self.path)

    def begin(self) -> None:
        self.before = manifest.read(self.manifest)
        self.manifest.unlink(missing_ok=True)

    def end(self, rows: Mapping[str, int]) -> None:
        """Remove what the folder has left of other files, and describe those that were written: rows by name."""
        named = {file.archivo for file in self.before.archivos} if self.before else set[str]()
        after = manifest.describe(self.path, self.owner, self.parameters, DayRange(self.day, self.day), rows)
        if not self._same_rows(after):  # reports show what the files held before
            named |= {path.name for path in self.path.glob(REPORTS)}
        for name in sorted(named - set(rows)):
            # a manifest may have been edited: only files of this folder go
            if name == Path(name).name and (self.path / name).is_file():
                log.warning("%s is removed: it was made of earlier files of this folder.", self.path / name)
                (self.path / name).unlink()
        # without a manifest, as a run that was killed leaves the folder, nothing tells what other files are of
        mine = self.before is not None and self.before.fuente == self.owner
        for path in () if mine else sorted(self.path.iterdir()):
            if path.is_file() and not path.name.startswith(".") and path.name not in {*rows, FOOTPRINT}:
                log.warning("%s is not of %s, whose files now lie beside it.", path, self.owner)
        manifest.write(self.manifest, after)

    def _same_rows(self, after: Manifest) -> bool:
        """Whether the CSV files, of which reports are made, are what they were. Other formats come and go."""
        if self.before is None or replace(after, archivos=()) != replace(self.before, archivos=()):
            return False
        return {file for file in after.archivos if file.archivo in CSV_NAMES} <= set(self.before.archivos)
