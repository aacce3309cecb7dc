"""The files that runs make below the data folder, and whose they are: what leftovers and retention remove.

A file is only looked for under the names that the pipeline gives its files, in folders that are no links. A manifest is asked
whose they are, and for nothing else: it may have been edited.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from client360 import manifest
from client360.days import DayRange
from client360.publish import formats
from client360.publish.export import folder
from client360.publish.published_folder import REPORTS
from client360.simulate.corrupt.corrupted_world import DAYS, FILES, LEDGERS, folder_of
from client360.warehouse.models import LANDING

DAY = r"\d{4}-\d\d-\d\d"
PUBLISHED_DAY = re.compile(f"fecha=({DAY})")
LANDED = re.compile(rf"(?:{'|'.join([*LANDING, 'manifiesto'])})_({DAY}(?:_{DAY})?)\.(?:csv|json)")
MANIFEST = Path(manifest.NAME).suffix
"""The only files that end so are manifests."""
NAMES = {*formats.NAMES, manifest.NAME}
UNKNOWN = "unknown origin"


class CannotRemove(ValueError):
    """A file can not be removed."""


@dataclass(frozen=True)
class MadeFiles:
    """Files of a day, or of a range of days, of one source; an owner of None is unknown."""

    place: str
    """The folder below the data folder."""
    owner: str | None
    days: str
    """`<day>` or `<from>_<to>`; empty where no name tells."""
    files: tuple[Path, ...]

    @property
    def range(self) -> DayRange | None:
        """Its days; None where no name tells, or of days that do not exist."""
        try:
            days = [date.fromisoformat(day) for day in self.days.split("_")]
        except ValueError:
            return None
        return DayRange(days[0], days[-1])


def published(data: Path) -> Iterator[MadeFiles]:
    """The open and the anonymous files of each day, and those at the top, which name no day."""
    for anonymous in (False, True):
        top = folder(data, anonymous=anonymous)
        place = top.relative_to(data).as_posix()
        for path in (top, *_entries(data, top)):
            day = PUBLISHED_DAY.fullmatch(path.name)
            if path == top or day:
                files = [file for file in _files(data, path) if file.name in NAMES or file.match(REPORTS)]
                yield MadeFiles(place, _owner(path / manifest.NAME), day[1] if day else "", tuple(files))


def landed(data: Path) -> Iterator[MadeFiles]:
    """The landing files of each range of days."""
    raw = data / "raw"
    by_days: dict[str, list[Path]] = {}
    for path in (path for place in (raw, *(raw / entity for entity in LANDING)) for path in _files(data, place)):
        if named := LANDED.fullmatch(path.name):
            by_days.setdefault(named[1], []).append(path)
    for days, files in by_days.items():
        yield MadeFiles("raw", _owner(raw / f"manifiesto_{days}.json"), days, tuple(files))


def corrupted(data: Path, held: Collection[str]) -> Iterator[MadeFiles]:
    """The files of corrupted worlds other than those held. Such a world has no manifest: its folder is named after it.

    Ledgers, by which a month counts as written, come first.
    """
    own = {folder_of(name).name for name in held}
    for world in _entries(data, data / "suciedad"):
        places = [place for part in (LEDGERS, DAYS, FILES) for place in (world / part, *_entries(data, world / part))]
        files = [path for place in places for path in _files(data, place) if LANDED.fullmatch(path.name)]
        if world.name not in own:
            named = world.name.replace("_", " ") if world.name.startswith("simulador_") else None
            yield MadeFiles(f"suciedad/{world.name}", named, "", tuple(files))


def remove(found: Collection[MadeFiles]) -> None:
    """Remove the files, and folders of a day that are then empty. Raises CannotRemove.

    While files go, their manifest lists none, and it goes last: whoever is interrupted leaves nothing of unknown origin.
    """
    paths = sorted((path for each in found for path in each.files), key=lambda path: path.suffix == MANIFEST)
    try:
        for path in paths:
            if path.suffix == MANIFEST:
                manifest.empty(path)
        for path in paths:
            path.unlink(missing_ok=True)
        for parent in {path.parent for path in paths if PUBLISHED_DAY.fullmatch(path.parent.name)}:
            if not any(parent.iterdir()):
                parent.rmdir()
    except OSError as error:
        raise CannotRemove(
            f"{error.filename} can not be removed ({error.strerror}): make its folder writable, and repeat"
        ) from None


def listed(found: Collection[MadeFiles]) -> Iterator[str]:
    """A line for each place and owner: the days, and the number and the bytes of the files."""
    for (place, owner), group in groupby(found, lambda each: (each.place, each.owner)):
        same = list(group)
        days = sorted(day for each in same for day in each.days.split("_") if day)
        files = [path for each in same for path in each.files]
        size = sum(path.stat().st_size for path in files)
        period = f"{days[0]} to {days[-1]}, " if days else ""
        yield f"{place}: {owner or UNKNOWN}, {period}{len(files):,} files, {size:,} bytes"


def _owner(path: Path) -> str | None:
    described = manifest.read(path)
    return described.fuente if described else None


def _entries(data: Path, place: Path) -> list[Path]:
    """What a folder holds; nothing where it, or a folder between it and the data folder, is a link, or not there."""
    between = [place, *place.parents[: len(place.relative_to(data).parts) - 1]]
    if not place.is_dir() or any(path.is_symlink() for path in between):
        return []
    return sorted(place.iterdir())


def _files(data: Path, place: Path) -> list[Path]:
    return [path for path in _entries(data, place) if path.is_file() and not path.is_symlink()]
