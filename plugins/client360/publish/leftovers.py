"""Leftovers: files below the data folder that were made of other sources than the warehouse holds."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, select

from client360.publish import made_files
from client360.publish.made_files import UNKNOWN, MadeFiles, listed, remove
from client360.warehouse import locks
from client360.warehouse.models import Entradas
from client360.warehouse.ownership import owners

CHOICES = ("", "1", "all")


class NothingHeld(ValueError):
    """The warehouse holds no source to compare with."""


def leftovers(data: Path, held: Collection[str], inputs: Collection[Path] = ()) -> list[MadeFiles]:
    """What is of no source of `held`, by place, owner and days; `inputs` are folders whose files these sources read."""
    found = [*made_files.published(data), *made_files.landed(data), *made_files.corrupted(data, held)]
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


def _below(file: Path, places: Collection[Path]) -> bool:
    return any(file.resolve().is_relative_to(place) for place in places)
