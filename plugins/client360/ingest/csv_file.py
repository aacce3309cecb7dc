"""Opens a CSV file of a feed: checks the format, reads the header, yields the records."""

import csv
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from io import SEEK_END, StringIO
from itertools import chain, islice
from typing import BinaryIO

from client360.files import BadFile
from client360.ingest.column_names import column_names
from client360.ingest.csv_scanner import ENCODING, LONG, QUOTES, Records, codec, scan_records
from client360.ingest.header_hint import delimiter_hint, header_hint
from client360.ingest.raw_file import Dialect, RawFile

BOM = b"\xef\xbb\xbf"
OTHER_FORMATS = {
    b"PK\x03\x04": "a zip archive or a workbook",
    b"\xd0\xcf\x11\xe0": "a workbook",
    b"\x1f\x8b": "compressed",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
"""The first bytes of files that are no CSV."""
MAX_COLUMNS = 1500
"""PostgreSQL has room for 1600, some of which may belong to other files of the kind."""


LOOKED_AT = 20
"""Lines in which a header is looked for that is not where feed.yaml says."""


@dataclass(frozen=True)
class CsvFile:
    """The columns of a file as its raw table has them, and its records without the header, to be read once."""

    columns: tuple[str, ...]
    batches: Iterator[Records]
    head: Records
    """Its first lines, those above the header included."""


def open_csv(file: BinaryIO, on_read: Callable[[bytes], object], kind: RawFile, path: str) -> CsvFile:
    """Check the beginning of a file and read its header; `on_read` receives all bytes of the file, as they are read.

    Raises BadFile if it is empty, is no CSV, or its header can not be read.
    """
    begins = file.read(4)
    file.seek(0)
    for magic, what in OTHER_FORMATS.items():
        if begins.startswith(magic):
            raise BadFile(f"{path} is no CSV file: it is {what}")
    if begins.startswith(BOM):
        if codec(kind.dialect) != "utf-8":
            raise BadFile(f"{path} begins with the byte order mark of utf-8, the feed says {kind.dialect.encoding}")
        on_read(file.read(len(BOM)))

    def read(size: int) -> bytes:
        block = file.read(size)
        on_read(block)
        return block

    records = scan_records(read, kind.dialect)
    begin = list(islice(records, 1))
    batches = _below(chain(begin, records), kind.skip)
    first = next(batches, None)
    if first is None:
        raise BadFile(
            f"{path} has nothing below line {kind.skip}, which skip names" if kind.skip else f"{path} is empty"
        )
    if kind.columns is not None:
        return CsvFile(column_names(kind.columns), chain([first], batches), begin[0][:LOOKED_AT])
    return CsvFile(_header(first, kind.dialect, path), chain([first[1:]], batches), begin[0][:LOOKED_AT])


def require_columns(csv_file: CsvFile, kind: RawFile, required: Collection[str], path: str) -> None:
    """Raises BadFile if the header lacks a required column."""
    columns = csv_file.columns
    missing = [column for column in required if column not in columns]
    if missing:
        known = [column for column in columns if column in required]
        # where no name is known it may be no header but a row, which must not be shown
        found = f"it has {', '.join(columns)}" if known else f"none of its {len(columns)} names is known"
        hint = header_hint(csv_file.head, kind, required, len(known))
        raise BadFile(f"{path}: its header lacks the column {missing[0]}: {found}{hint}")


def ends_with_line_break(file: BinaryIO) -> bool:
    """Whether the last byte of a file that is not empty ends a line. Moves the position to the end."""
    file.seek(-1, SEEK_END)
    return file.read() in (b"\n", b"\r")


def _below(batches: Iterator[Records], skip: int) -> Iterator[Records]:
    """The records that begin below the first `skip` lines, whatever is in those."""
    for batch in batches:
        if len(batch) and batch.line[0] <= skip:
            batch = batch[batch.line > skip]  # noqa: PLW2901
        if len(batch):
            yield batch


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
    names = [" ".join(name.split()) for name in values]
    if len(names) > MAX_COLUMNS:
        raise BadFile(f"{path}: its header has {len(names)} columns, more than {MAX_COLUMNS}")
    return column_names(names)
