"""The relations of a day and their data dictionary, as they leave the warehouse: as they are, or anonymous.

To CSV files text goes with an apostrophe where a spreadsheet would take it for a formula. Where cells have types, text is text.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from psycopg import sql
from sqlalchemy import Column, Connection, Numeric, Table, Text, func, select

from client360.publish import anonymity
from client360.warehouse.models import EXPORTED, dictionary
from client360.warehouse.models.base import PERSONAL

INERT = sql.SQL(
    r"case when {0} ~ '^\s*[-=+@]' then '''' else '' end || regexp_replace({0}, '([;\t\r\n] *)([-=+@])', '\1''\2', 'g')"
)
"""Defuses formulas: prefixes an apostrophe to a cell that begins like one, and to any part that a spreadsheet would take for
a cell when it splits at ; or tab."""
DECIMAL_COMMA = sql.SQL("replace(({})::text, '.', ',')")
KEYED_HASH = sql.SQL(
    "encode(sha256(decode(current_setting('client360.outer'), 'hex') || sha256("
    "decode(current_setting('client360.inner'), 'hex') || convert_to({}, 'UTF8'))), 'hex') collate \"C\""
)
ANONYMOUS = {
    "key": (KEYED_HASH, "{}: HMAC-SHA256 of cliente_id, in hexadecimal, under a key that is not published"),
    "name": (sql.SQL("null"), "left out, because this file is anonymous"),
}
"""What replaces a personal column in anonymous files, by kind, and its description in their dictionary, of the open one."""
BATCH = 20_000
"""Rows that are in memory at a time."""

Cell = Callable[[Column, sql.Composable], sql.Composable]
"""What is written of a column, from its value."""


def set_key(connection: Connection, key: bytes) -> None:
    """Set what KEYED_HASH needs for the transaction, outside any statement, whose text other sessions may see."""
    pads = anonymity.pads(key)
    for name, pad in (("client360.inner", pads.inner), ("client360.outer", pads.outer)):
        connection.execute(select(func.set_config(name, pad.hex(), True)))


@dataclass(frozen=True)
class Outgoing:
    """What leaves the warehouse of a day. Anonymous, it needs the key of `set_key` in the transaction; the dictionary names the
    currency."""

    connection: Connection
    day: date
    anonymous: bool
    currency: str

    def copy_csv(self, relation: str, file: IO[bytes], *, regional: bool) -> int:
        """Copy the relation into a file as CSV with a header; returns the number of rows. `regional` has `;` between cells, and
        decimal commas."""
        copied = sql.SQL("copy ({}) to stdout with (format csv, header{})").format(
            self._select(relation, _regional_cell if regional else _cell),
            sql.SQL(", delimiter ';'" if regional else ""),
        )
        cursor = self.connection.connection.cursor()
        with cursor.copy(copied, {"fecha": self.day}) as copy:
            for part in copy:
                file.write(part)
        return int(cursor.rowcount)

    def batches(self, relation: str) -> Iterator[Sequence[tuple]]:
        """The rows of the relation as Python values, in the order of the CSV file."""
        with closing(self.connection.connection.cursor(name=f"outgoing_{relation}")) as cursor:
            cursor.execute(self._select(relation, lambda _, value: value), {"fecha": self.day})
            while batch := cursor.fetchmany(BATCH):
                yield batch

    def dictionary(self) -> list[dict[str, str | int]]:
        """The data dictionary, one entry for each column of each table."""
        return list(entries(self.currency, anonymous=self.anonymous))

    def _select(self, relation: str, cell: Cell) -> sql.Composable:
        """The rows of the day, ordered by their key as it leaves, so that the order of anonymous ones reveals nothing."""
        table = EXPORTED[relation].table()
        name = sql.Identifier(table.schema or "", table.name)
        # qualified: a bare name in `order by` would mean the cell, which has the same name
        values: dict[Column, sql.Composable] = {
            column: sql.SQL("{}.{}").format(name, sql.Identifier(column.name)) for column in table.columns
        }
        if self.anonymous:
            values |= {column: ANONYMOUS[kind][0].format(values[column]) for column, kind in _personal(table)}
        cells = [
            sql.SQL("{} as {}").format(cell(column, value), sql.Identifier(column.name))
            for column, value in values.items()
        ]
        return sql.SQL("select {} from {} where fecha_corte = %(fecha)s order by {}").format(
            _listed(cells), name, _listed(values[column] for column in table.primary_key)
        )


def entries(currency: str, *, anonymous: bool) -> Iterator[dict[str, str | int]]:
    """The data dictionary, which in anonymous files says what has replaced the personal columns."""
    tables = [model.table() for model in EXPORTED.values()] if anonymous else []
    replaced: dict[tuple[Any, Any], str] = {
        (table.fullname, column.name): ANONYMOUS[kind][1] for table in tables for column, kind in _personal(table)
    }
    for entry in dictionary(currency):
        own = replaced.get((entry["relacion"], entry["columna"]))
        yield entry | {"descripcion": own.format(entry["descripcion"])} if own else entry


def _cell(column: Column, value: sql.Composable) -> sql.Composable:
    return INERT.format(value) if isinstance(column.type, Text) else value


def _regional_cell(column: Column, value: sql.Composable) -> sql.Composable:
    return DECIMAL_COMMA.format(value) if isinstance(column.type, Numeric) else _cell(column, value)


def _personal(table: Table) -> Iterator[tuple[Column, str]]:
    """The columns that identify a customer, and their kind."""
    return ((column, column.info[PERSONAL]) for column in table.columns if PERSONAL in column.info)


def _listed(parts: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(parts)
