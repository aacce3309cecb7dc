"""The CSV files of a day: those that are always written, and regional ones, with `;` and decimal commas, for spreadsheets."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from client360.files import atomic
from client360.publish.formats import CSV, DICTIONARY, REGIONAL_CSV
from client360.publish.outgoing import Outgoing
from client360.warehouse.models import EXPORTED

BOM = b"\xef\xbb\xbf"
"""Marks the file as UTF-8 for spreadsheets."""


def write(to: Path, outgoing: Outgoing, *, regional: bool = False) -> dict[str, int]:
    """Write a file for each relation and one for their data dictionary; returns the number of rows by name."""
    end = REGIONAL_CSV if regional else CSV
    rows = {}
    for relation in EXPORTED:
        with atomic(to / f"{relation}{end}") as file:
            file.write(BOM)
            rows[f"{relation}{end}"] = outgoing.copy_csv(relation, file, regional=regional)
    entries = outgoing.dictionary()
    write_dictionary(to / f"{DICTIONARY}{end}", entries, ";" if regional else ",")
    return rows | {f"{DICTIONARY}{end}": len(entries)}


def write_dictionary(path: Path, entries: Sequence[dict[str, str | int]], delimiter: str = ",") -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(entries[0]), lineterminator="\n", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(entries)
    with atomic(path) as file:
        file.write(BOM + text.getvalue().encode())
