"""Leftovers: files below the data folder that were made of other sources than the warehouse holds.

A file is only looked for under the names that the pipeline gives its files, in folders that are no links. A manifest is asked
whose they are, and for nothing else: it may have been edited.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, select

from client360 import manifest
from client360.publish.export import DICTIONARY, folder
from client360.publish.published_folder import REPORTS
from client360.simulate.corrupt.corrupted_world import FILES, LEDGERS, folder_of
from client360.warehouse import locks
from client360.warehouse.models import EXPORTED, LANDING, Entradas
from client360.warehouse.ownership import owners

DAY = r"\d{4}-\d\d-\d\d"
PUBLISHED_DAY = re.compile(f"fecha=({DAY})")
LANDED = re.compile(rf"(?:{'|'.join([*LANDING, 'manifiesto'])})_({DAY}(?:_{DAY})?)\.(?:csv|json)")
NAMES = {*(f"{name}.csv" for name in EXPORTED), DICTIONARY, manifest.NAME}
UNKNOWN = "unknown origin"
CHOICES = ("", "1", "all")


class NothingHeld(ValueError):
    """The warehouse holds no source to compare with."""


class CannotRemove(ValueError):
    """A file can not be removed."""


@dataclass(frozen=True)
class Leftover:
    """Files of a day, or of a range of days, of one source; an owner of None is unknown."""

    place: str
    """The folder below the data folder."""
    owner: str | None
    days: str
    """`<day>` or `<from>_<to>`; empty where no name tells."""
    files: tuple[Path, ...]


def leftovers(data: Path, held: Collection[str], inputs: Collection[Path] = ()) -> list[Leftover]:
    """What is of no source of `held`, by place, owner and days; `inputs` are folders whose files these sources read."""
    found = [*_published(data), *_landed(data), *_corrupted(data, held)]
    read = [folder.resolve() for folder in inputs]
    found = [replace(each, files=tuple(file for file in each.files if not _below(file, read))) for each in found]
    others = [each for each in found if each.files and each.owner not in held]
    return sorted(others, key=lambda each: (each.place, each.owner or "", each.days))


def require_choice(choice: str) -> None:
    """Raises ValueError, in one line."""
    if choice not in CHOICES:
        raise ValueError(f"remove is {choice!r}: give 1, or all to remove files of {UNKNOWN} too")


def report(
    connection: Connection, data: Path, choice: str, require_no_run: Callable[[], None] = lambda: None
) -> list[str]:
    """List the leftovers, and remove those of the choice: none, `1` for those of other sources, `all` for unknown origin too.

    Until the transaction ends, no run plans or publishes; `require_no_run` refuses to remove while one may be writing files.
    Raises NothingHeld and CannotRemove.
    """
    locks.warehouse(connection, shared=False)
    if choice:
        require_no_run()
    held = owners(connection)
    if not held:
        raise NothingHeld("the warehouse holds nothing, so nothing tells whose files are left over: run a day first")
    read = select(Entradas.carpeta).where(Entradas.mundo.in_(held)).distinct()
    found = leftovers(data, held, [Path(place) for place in connection.scalars(read)])
    gone = [each for each in found if choice == "all" or (choice == "1" and each.owner)]
    kept = [each for each in found if each not in gone]
    lines = [f"removed: {line}" for line in listed(gone)] + list(listed(kept))
    remove(gone)
    if any(each.owner for each in kept):
        lines.append("To remove those of other sources: make leftovers REMOVE=1")
    if any(each.owner is None for each in kept):
        lines.append(f"To remove those of {UNKNOWN} too: make leftovers REMOVE=all")
    return lines or [f"nothing is left of other sources than {', '.join(held)}"]


def remove(found: Collection[Leftover]) -> None:
    """Remove the files, and folders of a day that are then empty. Raises CannotRemove."""
    paths = [path for each in found for path in each.files]
    try:
        for path in paths:
            path.unlink(missing_ok=True)
        for parent in {path.parent for path in paths if PUBLISHED_DAY.fullmatch(path.parent.name)}:
            if not any(parent.iterdir()):
                parent.rmdir()
    except OSError as error:
        raise CannotRemove(
            f"{error.filename} can not be removed ({error.strerror}): make its folder writable, and repeat"
        ) from None


def listed(found: Collection[Leftover]) -> Iterator[str]:
    """A line for each place and owner: the days, and the number and the bytes of the files."""
    for (place, owner), group in groupby(found, lambda each: (each.place, each.owner)):
        same = list(group)
        days = sorted(day for each in same for day in each.days.split("_") if day)
        files = [path for each in same for path in each.files]
        size = sum(path.stat().st_size for path in files)
        period = f"{days[0]} to {days[-1]}, " if days else ""
        yield f"{place}: {owner or UNKNOWN}, {period}{len(files):,} files, {size:,} bytes"


def _published(data: Path) -> Iterator[Leftover]:
    for anonymous in (False, True):
        top = folder(data, anonymous=anonymous)
        place = top.relative_to(data).as_posix()
        for path in (top, *_entries(data, top)):
            day = PUBLISHED_DAY.fullmatch(path.name)
            if path == top or day:
                files = [file for file in _files(data, path) if file.name in NAMES or file.match(REPORTS)]
                files.sort(key=lambda file: file.name != manifest.NAME)  # without it, the folder counts as incomplete
                yield Leftover(place, _owner(path / manifest.NAME), day[1] if day else "", tuple(files))


def _landed(data: Path) -> Iterator[Leftover]:
    raw = data / "raw"
    by_days: dict[str, list[Path]] = {}
    for path in (path for place in (raw, *(raw / entity for entity in LANDING)) for path in _files(data, place)):
        if named := LANDED.fullmatch(path.name):
            by_days.setdefault(named[1], []).append(path)
    for days, landed in by_days.items():
        yield Leftover("raw", _owner(raw / f"manifiesto_{days}.json"), days, tuple(landed))


def _corrupted(data: Path, held: Collection[str]) -> Iterator[Leftover]:
    """A corrupted world has no manifest: its folder is named after it. Ledgers, by which a month counts as written, go first."""
    own = {folder_of(name).name for name in held}
    for world in _entries(data, data / "suciedad"):
        places = [place for part in (LEDGERS, FILES) for place in (world / part, *_entries(data, world / part))]
        files = [path for place in places for path in _files(data, place) if LANDED.fullmatch(path.name)]
        if world.name not in own:
            named = world.name.replace("_", " ") if world.name.startswith("simulador_") else None
            yield Leftover(f"suciedad/{world.name}", named, "", tuple(files))


def _owner(path: Path) -> str | None:
    described = manifest.read(path)
    return described.fuente if described else None


def _entries(data: Path, place: Path) -> list[Path]:
    """What a folder holds; nothing where it, or a folder between it and the data folder, is a link, or not there."""
    between = [place, *place.parents[: len(place.relative_to(data).parts) - 1]]
    if not place.is_dir() or any(path.is_symlink() for path in between):
        return []
    return sorted(place.iterdir())


def _below(file: Path, places: Collection[Path]) -> bool:
    return any(file.resolve().is_relative_to(place) for place in places)


def _files(data: Path, place: Path) -> list[Path]:
    return [path for path in _entries(data, place) if path.is_file() and not path.is_symlink()]
