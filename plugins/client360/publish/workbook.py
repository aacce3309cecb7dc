"""The workbook of a day for Excel: a sheet for each relation and one for the data dictionary, written row by row.

Cells have types, text is never a formula, and equal rows make equal bytes. What the format itself can not hold: Excel keeps 15
digits of a number, and 32,767 characters of a text, at which it is cut.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import Column, Numeric
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from client360.files import atomic
from client360.publish.formats import DICTIONARY, WORKBOOK
from client360.publish.outgoing import Outgoing
from client360.warehouse.models import EXPORTED

ROWS = 1_048_575
"""Of a sheet, below its header: Excel has 1,048,576 rows."""
NARROWEST, FILTER_BUTTON = 12, 4
"""Widths, in characters."""


class Kind(NamedTuple):
    """What the cells of a column hold, and the number format in which Excel shows it."""

    type: type
    shown: str


TEXT, WHOLE = Kind(str, "@"), Kind(int, "#,##0")
KINDS = {kind.type: kind for kind in (TEXT, WHOLE, Kind(date, "yyyy-mm-dd"), Kind(bool, "General"))}


def write(to: Path, outgoing: Outgoing) -> dict[str, int]:
    """Write the workbook; returns the number of rows of all its sheets, by its name."""
    with (
        TemporaryDirectory() as rows_written,  # so that none is kept in memory
        atomic(to / WORKBOOK) as file,
        Workbook(file, {"constant_memory": True, "tmpdir": rows_written}) as workbook,
    ):
        workbook.use_zip64()  # else one of more than 2 GiB would fail in the end
        # the time of writing would make equal workbooks differ
        workbook.set_properties({"created": datetime.combine(outgoing.day, time())})
        rows = 0
        for relation, model in EXPORTED.items():
            kinds = {column.name: _kind(column) for column in model.table().columns}
            rows += _write_sheets(workbook, relation, kinds, chain.from_iterable(outgoing.batches(relation)))
        entries = outgoing.dictionary()
        described = {name: TEXT if isinstance(value, str) else WHOLE for name, value in entries[0].items()}
        rows += _write_sheets(workbook, DICTIONARY, described, (tuple(entry.values()) for entry in entries))
    return {WORKBOOK: rows}


def _kind(column: Column) -> Kind:
    if isinstance(column.type, Numeric):
        # quantities have the decimals that they need: no format leaves out the sign where there are none
        return Kind(Decimal, f"#,##0.{'0' * column.type.scale}" if column.type.scale else "General")
    return KINDS[column.type.python_type]


def _write_sheets(workbook: Workbook, name: str, kinds: Mapping[str, Kind], rows: Iterator[tuple]) -> int:
    """Write a sheet of that name and, of what does not fit, others: `<name>_2` and so on; returns the number of rows."""
    count = _write_sheet(workbook, name, kinds, islice(rows, ROWS))
    for number, row in enumerate(rows, start=2):
        count += _write_sheet(workbook, f"{name}_{number}", kinds, chain([row], islice(rows, ROWS - 1)))
    return count


def _write_sheet(workbook: Workbook, name: str, kinds: Mapping[str, Kind], rows: Iterable[tuple]) -> int:
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # ids are, on purpose
    bold = workbook.add_format({"bold": True})
    for number, (column, kind) in enumerate(kinds.items()):
        width = max(NARROWEST, len(column) + FILTER_BUTTON)
        sheet.set_column(number, number, width, workbook.add_format({"num_format": kind.shown}))
        sheet.write_string(0, number, column, bold)
    writers = [WRITERS[kind.type] for kind in kinds.values()]
    at = 0
    for at, row in enumerate(rows, start=1):
        for number, (value, write_cell) in enumerate(zip(row, writers, strict=True)):
            if value is not None:
                write_cell(sheet, at, number, value)
    sheet.autofilter(0, 0, at, len(kinds) - 1)
    return at


def _write_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    if text.startswith("<r>"):  # XlsxWriter may take it for markup of its own; in parts it does not
        sheet.write_rich_string(row, column, *text[:2], text[2:])
    else:
        sheet.write_string(row, column, text)


WRITERS: dict[type, Any] = {
    str: _write_text,
    int: Worksheet.write_number,
    Decimal: Worksheet.write_number,
    date: Worksheet.write_datetime,
    bool: Worksheet.write_boolean,
}
"""How a cell is written, by what it holds: never by what it looks like."""
