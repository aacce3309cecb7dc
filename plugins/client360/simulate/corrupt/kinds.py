"""The ways to corrupt a row, each a function of the row: None where the row does not allow it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, TypeVar

import numpy as np
from sqlalchemy import Date, DateTime, Integer, Numeric

from client360.simulate.corrupt.defects import defects
from client360.warehouse.models import LANDING
from client360.warehouse.models.base import GRUPOS_CAMPANIA
from client360.warehouse.models.entity import Rule, required

NOT_UTF8 = (b"\x80", b"\xc0", b"\xe9", b"\xf1", b"\xff")
"""Bytes that are not UTF-8 between ASCII ones; e9 and f1 are é and ñ in Latin-1."""

TOO_LARGE = {"Numeric": "1000000000000.00", "Integer": "2147483648"}

Option = TypeVar("Option")


class Corrupted(NamedTuple):
    """A corrupted row: its lines, the last of which is corrupted, and the corrupted column, empty if several are."""

    lines: tuple[bytes, ...]
    column: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a clean file, and the random stream of the file."""

    entity: str
    values: dict[str, str]
    """By column."""
    rng: np.random.Generator

    @property
    def rules(self) -> tuple[Rule, ...]:
        return LANDING[self.entity].rules()

    @property
    def line(self) -> bytes:
        return ",".join(self.values.values()).encode() + b"\n"

    def pick(self, options: Sequence[Option]) -> Option:
        return options[int(self.rng.integers(len(options)))]

    def of_type(self, *types: type) -> list[str]:
        """The columns of these types."""
        return [column.name for column in LANDING[self.entity].table().columns if isinstance(column.type, types)]

    # what is drawn depends on the order of the columns in each of these lists

    @property
    def amounts(self) -> list[str]:
        """The columns whose value can be another amount or quantity: those that no rule compares with other columns."""
        compared = {rule.column for rule in self.rules if rule.others}
        return [column for column in self.of_type(Numeric) if column not in compared]

    @property
    def signed(self) -> list[str]:
        """The amounts that may be negative, which no rule bounds."""
        bounded = {rule.column for rule in self.rules if rule.constraint}
        return [column for column in self.of_type(Numeric) if column not in bounded]

    @property
    def days_before(self) -> list[str]:
        """The days that the table does not let be after `fecha`."""
        days = self.of_type(Date)
        return [
            rule.column for rule in self.rules if rule.constraint and rule.others == ("fecha",) and rule.column in days
        ]

    @property
    def worded(self) -> list[str]:
        """The columns that hold one of a list of allowed words, by name."""
        return self.filled(sorted(rule.column for rule in self.rules if rule.words))

    @property
    def references(self) -> list[str]:
        """The columns that refer to a row of another entity that has to be there."""
        model = LANDING[self.entity]
        referring = {
            reference.column for reference in model.references if reference.needed and reference.entity != self.entity
        }
        return [column.name for column in model.table().columns if column.name in referring]

    def filled(self, columns: Sequence[str]) -> list[str]:
        """Those of the columns that have a value."""
        return [column for column in columns if self.values[column]]

    def with_value(self, column: str, value: str) -> Corrupted:
        return Corrupted((Row(self.entity, self.values | {column: value}, self.rng).line,), column)


def _encoding(row: Row) -> Corrupted:
    column = row.pick(row.filled(list(row.values)))
    value = row.values[column].encode()
    # not within an accented letter, of which another one could become
    place = row.pick([place for place, byte in enumerate(value) if byte < 0x80])
    before, after = row.with_value(column, "\0").lines[0].split(b"\0")
    return Corrupted((before + value[:place] + row.pick(NOT_UTF8) + value[place + 1 :] + after,), column)


def _quote(row: Row) -> Corrupted:
    place = int(row.rng.integers(len(row.line)))
    while row.line[place] & 0xC0 == 0x80:  # within a character, which would be another defect
        place -= 1
    return Corrupted((row.line[:place] + b'"' + row.line[place:],))


def _column_missing(row: Row) -> Corrupted:
    values = list(row.values.values())
    del values[int(row.rng.integers(len(values)))]
    return Corrupted((",".join(values).encode() + b"\n",))


def _column_twice(row: Row) -> Corrupted:
    values = list(row.values.values())
    place = int(row.rng.integers(len(values)))
    return Corrupted((",".join(values[: place + 1] + values[place:]).encode() + b"\n",))


def _wrong_type(row: Row) -> Corrupted:
    column = row.pick(row.of_type(Date, DateTime, Numeric, Integer))
    timed = column in row.of_type(Date, DateTime)
    return row.with_value(column, row.pick(defects().no_dates if timed else defects().no_numbers))


def _missing(row: Row) -> Corrupted:
    return row.with_value(
        row.pick([column.name for column in LANDING[row.entity].table().columns if required(column)]), ""
    )


def _out_of_range(row: Row) -> Corrupted:
    numbers = row.filled(row.of_type(Numeric, Integer))
    later = row.filled(row.days_before)
    column = row.pick(["fecha", *numbers, *later])
    value = row.values[column]
    if column == "fecha":
        options = [f"{int(value[:4]) + century}{value[4:]}" for century in (-100, 100)]
    elif column in later:
        options = [f"{int(value[:4]) + 100}{value[4:]}"]
    else:
        integer = column in row.of_type(Integer)
        options = [TOO_LARGE["Integer" if integer else "Numeric"]]
        if column in row.signed:
            pass
        elif (row.entity, column) != ("movimientos_stock", "cantidad"):
            options.append(f"-{value}" if value.strip("0.") else "-1")
        elif row.values["tipo"] != "ajuste":
            options.append(str(-int(value)))
        if integer or column == "cantidad":
            options.append("0")
    return row.with_value(column, row.pick(options))


def _unknown_word(row: Row) -> Corrupted | None:
    # the contract takes a stock movement of unknown kind for one that adds units: a negative one would be out of range
    if not row.worded or row.values.get("cantidad", "").startswith("-"):
        return None
    column = row.pick(row.worded)
    return row.with_value(column, row.pick([row.values[column].upper(), row.values[column] + "s", "otra cosa", "?"]))


def _day_and_month(row: Row) -> Corrupted | None:
    days = [column for column in row.filled(row.of_type(Date)) if row.values[column][5:7] != row.values[column][8:]]
    if not days:
        return None
    column = row.pick(days)
    year, month, day = row.values[column].split("-")
    return row.with_value(column, f"{year}-{day}-{month}")


def _times_ten(row: Row) -> Corrupted | None:
    amounts = [column for column in row.filled(row.amounts) if Decimal(row.values[column])]
    if not amounts:
        return None
    column = row.pick(amounts)
    return row.with_value(column, f"{Decimal(row.values[column]) * 10:.2f}")


def _twice(row: Row) -> Corrupted:
    return Corrupted((row.line, row.line))


def _key_again(row: Row) -> Corrupted | None:
    if row.entity == "contactos_campania":
        other = row.with_value("grupo", next(group for group in GRUPOS_CAMPANIA if group != row.values["grupo"]))
    else:
        amounts = row.filled(row.amounts)
        if not amounts:
            return None
        column = row.pick(amounts)
        more = Decimal(int(row.rng.integers(1, 10_000))).scaleb(-2)
        other = row.with_value(column, str(Decimal(row.values[column]) + more))
    return Corrupted((row.line, *other.lines), other.column)


def _orphan(row: Row) -> Corrupted | None:
    references = row.filled(row.references)
    if not references:
        return None
    column = row.pick(references)
    # one unknown key for each known one, so that the keys of orphans are as distinct as those of their parents
    return row.with_value(column, "X" + row.values[column])


KINDS: dict[str, Callable[[Row], Corrupted | None]] = {
    "codificacion": _encoding,
    "comillas": _quote,
    "columna_de_menos": _column_missing,
    "columna_de_mas": _column_twice,
    "tipo": _wrong_type,
    "nulo": _missing,
    "rango": _out_of_range,
    "palabra": _unknown_word,
    "dia_mes": _day_and_month,
    "por_diez": _times_ten,
    "repetida": _twice,
    "clave_repetida": _key_again,
    "huerfana": _orphan,
}
"""By their names in defects.yaml. Their number and order decide what is drawn."""
