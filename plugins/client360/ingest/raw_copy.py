"""COPY of a file's records: the good ones into a raw table, the broken ones into the quarantine."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from client360.ingest.broken_lines import Rechazo, broken_lines
from client360.ingest.copy_stream import copy_stream
from client360.ingest.csv_scanner import NO_FLAW, QUOTES, Records
from client360.ingest.raw_file import Dialect
from client360.ingest.raw_tables import rows_table

MAX_HELD = 4 << 20
"""Bytes of broken lines that are held before they are written: one connection runs one COPY at a time."""
# an empty value is no null, which the format text writes as a word with a backslash
COPY_TEXT = """
copy {table} ({columns}, _linea, _entrega) from stdin
with (format text, delimiter {delimiter}, encoding 'UTF8')
"""
COPY_CSV = """
copy {table} ({columns}, _linea, _entrega) from stdin
with (format csv, delimiter {delimiter}, encoding 'UTF8', quote {quote}, force_not_null ({columns}))
"""
COPY_BROKEN = "copy control.rechazos ({columns}) from stdin"


@dataclass(frozen=True)
class CopyTarget:
    """Where the records of a file go, and what identifies them there."""

    kind: str
    """Of file, which is the name of the raw table."""
    columns: tuple[str, ...]
    """Of the file, in its order."""
    dialect: Dialect
    path: str
    delivery: int
    run: str


@dataclass(frozen=True)
class CopyResult:
    """What a file held, in records."""

    lines: int
    """All of them."""
    rows: int
    """Those in the raw table."""
    incomplete_line: int | None
    """Line of the last record, if a value or the closing quote is missing there: the file may have been cut off."""


def copy_records(cursor: Any, records: Iterator[Records], target: CopyTarget) -> CopyResult:
    """Copy all records of a file. Raises psycopg.Error if PostgreSQL refuses a row."""
    lines = rows = 0
    incomplete_line = None
    batches = (_CopyBatch.of(found, target) for found in records)
    batch = next(batches, None)
    while batch is not None:
        is_plain, held = batch.is_plain, 0
        broken: list[Rechazo] = []
        with cursor.copy(_copy_statement(target, plain=is_plain)) as copy:
            while batch is not None and batch.is_plain == is_plain and held < MAX_HELD:
                copy.write(batch.stream)
                incomplete_line = batch.incomplete_line
                lines, rows = lines + batch.rows + len(batch.broken), rows + batch.rows
                broken += batch.broken
                held += sum(len(line.texto) + 100 for line in batch.broken)
                batch = next(batches, None)
        _copy_broken(cursor, broken)
    return CopyResult(lines, rows, incomplete_line)


@dataclass(frozen=True)
class _CopyBatch:
    """Some records, ready to be copied."""

    stream: bytes
    """The good ones, as COPY reads them."""
    rows: int
    """How many good ones."""
    broken: list[Rechazo]
    is_plain: bool
    """Whether the stream has neither quotes nor backslashes, so that the faster format text reads it as well."""
    incomplete_line: int | None
    """As in CopyResult, for the last record of these."""

    @classmethod
    def of(cls, records: Records, target: CopyTarget) -> "_CopyBatch":
        expected, dialect = len(target.columns), target.dialect
        good = (records.flaw == NO_FLAW) & (records.values == expected)
        if good.all():
            stream, broken = copy_stream(records, target.delivery, dialect), []
        else:
            stream = copy_stream(records[good], target.delivery, dialect)
            broken = list(broken_lines(records[~good], target.path, expected, dialect, target.run))
        is_plain = b"\\" not in stream and dialect.quote.encode() not in stream
        incomplete_line = None
        if len(records):
            flaw, values = records.flaw[-1], records.values[-1]
            if flaw == QUOTES or (flaw == NO_FLAW and values < expected):
                incomplete_line = int(records.line[-1])
        return cls(stream, int(good.sum()), broken, is_plain, incomplete_line)


def _copy_statement(target: CopyTarget, *, plain: bool) -> sql.Composed:
    return sql.SQL(COPY_TEXT if plain else COPY_CSV).format(
        table=rows_table(target.kind),
        columns=sql.SQL(", ").join(map(sql.Identifier, target.columns)),
        delimiter=sql.Literal(target.dialect.delimiter),
        quote=sql.Literal(target.dialect.quote),
    )


def _copy_broken(cursor: Any, broken: list[Rechazo]) -> None:
    if broken:
        columns = sql.SQL(", ").join(map(sql.Identifier, Rechazo._fields))
        with cursor.copy(sql.SQL(COPY_BROKEN).format(columns=columns)) as copy:
            for line in broken:
                copy.write_row(line)
