"""Corrupts whole days of a finished landing file, before its lines are corrupted one by one.

Which days, and how, is drawn from a random stream of each day's own, by seed, entity and day. No row breaks the contract for it,
unless one of another file no longer fits it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import numpy as np

from client360.days import DayRange
from client360.files import atomic
from client360.simulate import calendar
from client360.simulate.corrupt.corrupted_world import DAYS, CorruptedWorld
from client360.simulate.corrupt.defects import defects
from client360.simulate.landing_files import LandingFile
from client360.simulate.streams import stream
from client360.warehouse.models import LANDING, columns

HEADER = ("entidad", "fecha", "defecto", "columna")
"""Columns of the ledger of days; their order is that of the fields of CorruptedDay."""
A_DAY = timedelta(days=1)
PLACEHOLDERS = {"monto": "999999", "precio_unitario": "999999", "contraparte": "TEST", "fecha_prometida": "1900-01-01"}
"""What stands for a value, by column."""

Values = dict[str, str]
"""A row of a clean file, by column."""


class CorruptedDay(NamedTuple):
    """A line of the ledger of days."""

    entity: str
    day: str
    defect: str
    """One of the kinds of days in defects.yaml."""
    column: str
    """The column that is changed; empty where rows are missing or dated otherwise."""


@dataclass(frozen=True)
class DayDefect:
    """What is done to the rows of a day."""

    kind: str
    column: str
    rng: np.random.Generator

    def apply(self, row: Values) -> list[Values]:
        """What is delivered in place of the row."""
        return KINDS[self.kind](self, row)

    def on_some(self, row: Values, value: str) -> list[Values]:
        """The row, or another value in its column: the part of the rows that defects.yaml declares."""
        return [row | {self.column: value} if row[self.column] and self.rng.random() < defects().days.part else row]


def _a_day_later(defect: DayDefect, row: Values) -> list[Values]:
    later = {"fecha": f"{date.fromisoformat(row['fecha']) + A_DAY}"}
    if row.get("momento"):
        later["momento"] = f"{datetime.fromisoformat(row['momento'][:-1]) + A_DAY}Z"
    return [row | later]


def _in_cents(defect: DayDefect, row: Values) -> list[Values]:
    amount = row[defect.column]
    return [row | {defect.column: f"{Decimal(amount) * 100:.2f}"} if amount else row]


KINDS: dict[str, Callable[[DayDefect, Values], list[Values]]] = {
    "dia_ausente": lambda defect, row: [],
    "dia_en_centavos": _in_cents,
    "dia_repetido": lambda defect, row: [row, row | {defect.column: f"R{row[defect.column]}"}],
    "dia_corrido": _a_day_later,
    "centinelas": lambda defect, row: defect.on_some(row, PLACEHOLDERS[defect.column]),
    "otra_grafia": lambda defect, row: defect.on_some(row, row[defect.column].upper()),
}
"""By their names in defects.yaml. Their number and order decide what is drawn."""


def drawn_days(world: CorruptedWorld, file: LandingFile) -> dict[str, DayDefect]:
    """The days of a file that are corrupted, as the file writes them."""
    kinds = {
        kind: facts.columns[file.entity] for kind, facts in defects().days.kinds.items() if file.entity in facts.columns
    }
    drawn = {}
    for day in DayRange(file.first, file.last).days() if kinds else ():
        rng = stream(world.seed, f"suciedad del dia {file.entity}", calendar.day_number(day))
        broken, kind, column = rng.random() < defects().days.share, rng.integers(len(kinds)), rng.random()
        name, changing = list(kinds.items())[int(kind)]
        if broken and not (name == "dia_corrido" and day == file.last):  # the next file is of other days
            drawn[f"{day}"] = DayDefect(name, changing[int(column * len(changing))] if changing else "", rng)
    return drawn


def corrupt_days(entity: str, drawn: dict[str, DayDefect], lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a file of the entity without its header, those of the days that are drawn corrupted."""
    header = columns(LANDING[entity])
    place = header.index("fecha")
    for line in lines:
        texts = line.decode().rstrip("\n").split(",")
        defect = drawn.get(texts[place])
        if defect is None:
            yield line
        else:
            for row in defect.apply(dict(zip(header, texts, strict=True))):
                yield ",".join(row.values()).encode() + b"\n"


def write_ledger(path: Path, entity: str, drawn: dict[str, DayDefect]) -> None:
    """Write the ledger of the days of one file, atomically."""
    with atomic(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        rows = [CorruptedDay(entity, day, defect.kind, defect.column) for day, defect in drawn.items()]
        csv.writer(text).writerows([HEADER, *rows])
        text.detach()


def read_ledgers(folder: Path) -> Iterator[CorruptedDay]:
    """The days of all ledgers of a corrupted world, whose folder is given, in the order of their files' names."""
    for path in sorted((folder / DAYS).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            _, *rows = csv.reader(file)
            yield from (CorruptedDay(*row) for row in rows)
