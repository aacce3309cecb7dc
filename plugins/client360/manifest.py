"""Manifests: each says whose the files of a folder are, and that they are complete.

A manifest is a JSON file that is written last. Equal runs write equal bytes: it holds no time, and no path outside of the data
folder.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from client360.days import DayRange
from client360.files import FULL, atomic

NAME = "manifiesto.json"
READ_SIZE = 1 << 20


@dataclass(frozen=True)
class Described:
    """A file: its path relative to the manifest, bytes, rows without header, and SHA-256."""

    archivo: str
    bytes: int
    filas: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Whose the files are: the owner of the warehouse that they were made of, what names it, and the first and the last day."""

    fuente: str
    parametros: Mapping[str, Any]
    desde: date
    hasta: date
    archivos: tuple[Described, ...]

    def complete(self, folder: Path) -> bool:
        """Whether all of its files are below the folder, each with its size."""
        paths = [(folder / file.archivo, file.bytes) for file in self.archivos]
        return all(path.is_file() and path.stat().st_size == size for path, size in paths)


RECORD = TypeAdapter(Manifest)


def read(path: Path) -> Manifest | None:
    """The manifest; None where there is none, or one that is none of ours."""
    try:
        return RECORD.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def describe(
    folder: Path, owner: str, parameters: Mapping[str, Any], days: DayRange, rows: Mapping[str, int]
) -> Manifest:
    """The manifest of complete files below the folder. `rows` has the number of rows of each by its path, relative to it."""
    described = tuple(_described(folder, name, count) for name, count in rows.items())
    return Manifest(owner, dict(parameters), days.first, days.last, described)


def write(path: Path, made: Manifest) -> None:
    text = json.dumps(asdict(made), ensure_ascii=False, indent=1, default=date.isoformat)
    with atomic(path) as file:
        file.write(f"{text}\n".encode())


def empty(path: Path) -> None:
    """Have a manifest list no files, before they go. One that is none of ours stays, and so does one for which the disk has no
    room, which the files that go will make."""
    made = read(path)
    try:
        if made is not None:
            write(path, replace(made, archivos=()))
    except OSError as error:
        if error.errno not in FULL:
            raise


def _described(folder: Path, name: str, rows: int) -> Described:
    digest, size = sha256(), 0
    with (folder / name).open("rb") as file:
        while part := file.read(READ_SIZE):
            digest.update(part)
            size += len(part)
    return Described(name, size, rows, digest.hexdigest())
