"""The rows of a sheet of a workbook, as records of values as text."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from io import BytesIO
from itertools import islice
from zipfile import BadZipFile, ZipFile

import numpy as np
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from client360.files import BadFile
from client360.ingest.csv_scanner import Records, joined_records
from client360.ingest.file_names import first_names
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.row_selection import lines_of_table

Cell = int | float | str | bool | time | date | datetime | timedelta
ROWS = 5000
"""Rows of a sheet that are written as text at a time."""
MAX_UNPACKED = 1 << 30
"""Bytes that a workbook may unpack to: all of it is in memory."""
MAX_CELLS = 1 << 25
"""Cells of a sheet, from the first column and row to the last ones: each takes memory, blank ones too."""
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$")
EXTENT = re.compile(rb'<dimension ref="(?:[A-Z]+[0-9]+:)?([A-Z]+)([0-9]+)"')
BEGINNING = 2000
"""Bytes of a sheet in which it says its extent, if it does."""
UNREADABLE = (BadZipFile, NotImplementedError, RuntimeError, ValueError, zlib.error)
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What a workbook with a password holds, and none without."""
EXACT = 2**53
"""Below it, each whole number has a float of its own."""


def read_sheet(data: bytes, kind: RawFile, dialect: Dialect, path: str) -> Iterator[Records]:
    """The rows of the sheet of a workbook, without blank ones, written in a dialect and numbered as the program shows them.

    A row has as many values as the header has names, or more where there are some to the right of those. Raises BadFile if
    it is no workbook, is encrypted, or has no such sheet.
    """
    sheet = _sheet(open_workbook(data, path), kind.sheet, path)
    if sheet.start is None:
        return iter(())
    width = len(kind.columns or ())
    if not width:
        header = next(lines_of_table(_records(sheet.iter_rows(), 1, dialect), kind, Counter()), None)
        width = int(header.values[0]) if header else 1
    return _records(sheet.iter_rows(), width, dialect)


def open_workbook(data: bytes, path: str) -> CalamineWorkbook:
    """Raises BadFile if it is no workbook, or can not be read."""
    if ENCRYPTED in data:
        raise BadFile(f"{path} has a password: save it without one")
    _refuse_large(data, path)
    with _refusing(path):
        return CalamineWorkbook.from_filelike(BytesIO(data))


def open_sheet(workbook: CalamineWorkbook, name: str, path: str) -> CalamineSheet:
    """Raises BadFile if the sheet can not be read."""
    with _refusing(path):
        return workbook.get_sheet_by_name(name)


def sheets(workbook: CalamineWorkbook, *, hidden: bool) -> list[str]:
    """The names of the sheets with cells, in their order; the hidden ones if asked for."""
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and (hidden or sheet.visible == SheetVisibleEnum.Visible)
    ]


def _sheet(workbook: CalamineWorkbook, name: str | None, path: str) -> CalamineSheet:
    there = sheets(workbook, hidden=True)
    shown = sheets(workbook, hidden=False) or there
    found = [sheet for sheet in there if sheet.lower() == name.lower()] if name else shown
    if not found:
        raise BadFile(f"{path}: the workbook has no such sheet but {first_names(there)}: correct sheet in feed.yaml")
    return open_sheet(workbook, found[0], path)


@contextmanager
def _refusing(path: str) -> Iterator[None]:
    """Raise BadFile where the library can not read a workbook: what it does not expect of one ends in a panic of Rust, which is
    no Exception."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, CalamineError | OSError) or type(error).__name__ == "PanicException":
            raise BadFile(
                f"{path} is no workbook that can be read: it was cut off, has a password, or is something else; save it anew, or "
                "as CSV"
            ) from None
        raise


def _refuse_large(data: bytes, path: str) -> None:
    """Raises BadFile if a workbook would take more memory than it may: one that ends for lack of it takes the process along."""
    try:
        with ZipFile(BytesIO(data)) as opened:
            unpacked = sum(info.file_size for info in opened.infolist())
            parts = [opened.open(name).read(BEGINNING) for name in opened.namelist() if SHEET.match(name)]
    except UNREADABLE:
        return  # no archive, as .xls is none; or a broken one, of which more is said when it is opened
    if unpacked > MAX_UNPACKED:
        raise BadFile(
            f"{path} takes {unpacked >> 20:,} MiB when it is unpacked, more than {MAX_UNPACKED >> 20:,}: save its sheet as CSV"
        )
    for column, row in (found.groups() for part in parts if (found := EXTENT.search(part))):
        columns = reduce(lambda number, letter: 26 * number + letter - ord("A") + 1, column, 0)
        if columns * int(row) > MAX_CELLS:
            raise BadFile(
                f"{path} has a sheet of {int(row):,} rows and {columns:,} columns, most of them blank: delete what lies far "
                "from the table, or save that as CSV"
            )


def _records(rows: Iterable[list[Cell]], width: int, dialect: Dialect) -> Iterator[Records]:
    """The rows that are not blank. Values to the right of the last one are left out, but for `width` of them."""
    numbered = enumerate(rows, start=1)
    while chunk := list(islice(numbered, ROWS)):
        lines, counts, contents = [], [], []
        for line, row in chunk:
            values = [cell_text(cell, dialect) for cell in row]
            while values and not values[-1]:
                values.pop()
            if values:
                values += [""] * (width - len(values))
                lines.append(line)
                counts.append(len(values))
                contents.append(dialect.delimiter.join(values).encode())
        if lines:
            ends = np.cumsum([len(content) for content in contents])
            yield joined_records(b"".join(contents), ends, np.array(lines), np.array(counts))


def cell_text(cell: Cell, dialect: Dialect) -> str:
    """The value of a cell as it is written in a file of the dialect: days and times as ISO has them, numbers with all digits that
    the program keeps of them and no others."""
    if isinstance(cell, str):
        return _quoted(cell, dialect)
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < EXACT:
            return str(int(cell))
        return _quoted(format(Decimal(f"{cell:.15g}"), "f").replace(".", dialect.decimal), dialect)
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).lower()  # True or False, or a number


def _quoted(text: str, dialect: Dialect) -> str:
    """In quotes where it holds a sign of the dialect, or a line break."""
    delimiter, quote = dialect.delimiter, dialect.quote
    if delimiter in text or quote in text or "\n" in text or "\r" in text:
        return quote + text.replace(quote, 2 * quote) + quote
    return text
