"""Opens a file of a feed as a table, whatever it is written in: reads the header, yields the records."""

import csv
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from io import StringIO
from itertools import chain, islice

from client360.files import BadFile
from client360.ingest.column_names import column_names
from client360.ingest.content import Content
from client360.ingest.csv_file import read_csv
from client360.ingest.csv_scanner import ENCODING, LONG, QUOTES, Records, codec
from client360.ingest.deliveries import Delivery
from client360.ingest.file_names import PARQUET, WORKBOOK
from client360.ingest.header_hint import delimiter_hint, header_hint
from client360.ingest.parquet_file import open_parquet
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.row_selection import above_footer, below_header, lines_of_table
from client360.ingest.workbook import read_sheet

MAX_COLUMNS = 1500
"""PostgreSQL has room for 1600, some of which may belong to other files of the kind."""
LOOKED_AT = 20
"""Lines in which a header is looked for that is not where feed.yaml says."""


@dataclass(frozen=True)
class TableFile:
    """The columns of a file as its raw table has them, and its records without the header, to be read once."""

    columns: tuple[str, ...]
    batches: Iterator[Records]
    dialect: Dialect
    """That of the records."""
    head: Records | None = None
    """Its first lines, those above the header included; none where columns have names of their own."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How many lines feed.yaml leaves out for which reason, of those that were read."""


def open_table(content: Content, delivery: Delivery, kind: RawFile) -> TableFile:
    """Check the beginning of a file and read its header.

    Raises BadFile if it is empty, is not what its name says, or its header can not be read.
    """
    path = delivery.path
    # what is no CSV is read as if it were written as the dialect says, in UTF-8
    written = kind.dialect.model_copy(update={"encoding": "utf-8", "multiline": True})
    if PARQUET.search(delivery.file):
        names, batches = open_parquet(content.seekable(), written, path)
        return TableFile(_columns(names, path), batches, written)
    if WORKBOOK.search(delivery.file):
        return _below_header(read_sheet(content.read(), kind, written, path), written, kind, path)
    return _below_header(read_csv(content, kind.dialect, path), kind.dialect, kind, path)


def require_columns(table: TableFile, kind: RawFile, required: Collection[str], path: str) -> None:
    """Raises BadFile if the header lacks a required column."""
    columns = table.columns
    missing = [column for column in required if column not in columns]
    if missing:
        known = [column for column in columns if column in required]
        # where no name is known it may be no header but a row, which must not be shown
        found = f"it has {', '.join(columns)}" if known else f"none of its {len(columns)} names is known"
        hint = header_hint(table.head, table.dialect, kind.skip, required, len(known)) if table.head else ""
        raise BadFile(f"{path}: its header lacks the column {missing[0]}: {found}{hint}")


def _below_header(records: Iterator[Records], dialect: Dialect, kind: RawFile, path: str) -> TableFile:
    left_out: Counter[str] = Counter()
    begin = list(islice(records, 1))
    batches = lines_of_table(chain(begin, records), kind, left_out)
    first = next(batches, None)
    if first is None:
        raise BadFile(
            f"{path} has nothing below line {kind.skip}, which skip names" if kind.skip else f"{path} is empty"
        )
    if kind.columns is None:
        columns, batches = _header(first, dialect, path), chain([first[1:]], batches)
        if kind.skip_below:
            batches = below_header(batches, int(first.line[0]) + kind.skip_below + 1, left_out)
    else:
        columns, batches = column_names(kind.columns), chain([first], batches)
    if kind.footer:
        batches = above_footer(batches, kind.footer, left_out)
    return TableFile(columns, batches, dialect, begin[0][:LOOKED_AT], left_out)


def _header(first: Records, dialect: Dialect, path: str) -> tuple[str, ...]:
    """The columns that the header names. Messages do not show it: where a header is missing it is a row."""
    line = first[:1].texts()[0]
    if b"\0" in line:
        raise BadFile(f"{path} is no CSV file: there is a NUL in its header")
    flaws = {
        LONG: "is too long",
        ENCODING: f"is not {dialect.encoding}",
        QUOTES: "has a quote inside a name, or one that is left open",
    }
    flaw = int(first.flaw[0])
    if flaw in flaws:
        hint = delimiter_hint(line.decode(codec(dialect)), dialect) if flaw == QUOTES else ""
        raise BadFile(f"{path}: its header {flaws[flaw]}{hint}")
    text = StringIO(line.decode(codec(dialect)), newline="")
    try:
        values = next(csv.reader(text, delimiter=dialect.delimiter, quotechar=dialect.quote))
    except csv.Error:
        raise BadFile(f"{path}: its header has a name that is too long") from None
    return _columns([" ".join(name.split()) for name in values], path)


def _columns(names: list[str], path: str) -> tuple[str, ...]:
    if len(names) > MAX_COLUMNS:
        raise BadFile(f"{path}: its header has {len(names)} columns, more than {MAX_COLUMNS}")
    return column_names(names)
