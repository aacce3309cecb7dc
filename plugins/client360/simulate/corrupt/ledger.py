"""The ledger of a corrupted file: one line for each row that was corrupted."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from client360.files import atomic
from client360.simulate.corrupt.corrupted_world import LEDGERS

HEADER = ("archivo", "linea", "entidad", "defecto", "columna")
"""Columns of the CSV file; their order is that of the fields of CorruptedRow."""


class CorruptedRow(NamedTuple):
    """A line of the ledger."""

    file: str
    """Path relative to the folder of the corrupted files."""
    line: int
    """Line of the file, from 1; the header is line 1."""
    entity: str
    defect: str
    """One of the kinds in defects.yaml."""
    column: str
    """Empty where the defect is in no single column."""


def write_ledger(path: Path, rows: Iterable[CorruptedRow]) -> None:
    """Write the ledger of one file, atomically."""
    with atomic(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        csv.writer(text).writerows([HEADER, *rows])
        text.detach()


def read_ledgers(folder: Path) -> Iterator[CorruptedRow]:
    """The rows of all ledgers of a corrupted world, whose folder is given, in the order of their files' names."""
    for path in sorted((folder / LEDGERS).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            _, *rows = csv.reader(file)
            yield from (CorruptedRow(name, int(line), *rest) for name, line, *rest in rows)
