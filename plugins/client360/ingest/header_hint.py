"""What a header that lacks columns may be: one that feed.yaml reads with another delimiter or encoding, or in another line."""

import csv
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product

from client360.ingest.column_names import column_names
from client360.ingest.csv_scanner import Records, codec
from client360.ingest.file_names import first_names
from client360.ingest.raw_file import Dialect

DELIMITERS = (",", ";", "\t", "|", ":")
FEWEST = 2
"""Required columns that make a header of a line: a value of a row may be one such word."""


@dataclass(frozen=True)
class _Reading:
    """A line of a file, read in one way."""

    line: int
    encoding: str
    delimiter: str
    found: list[str]
    """The required columns that it names."""
    in_quotes: bool
    """Whether quotes around the whole line were left out."""


def header_hint(head: Records, dialect: Dialect, skip: int, required: Collection[str], known: int) -> str:
    """The keys of feed.yaml with which a header names more of the required columns than the `known` it has, and those columns.

    Empty where none does. Shows only names that are required: what is no header may be a row.
    """
    best = max(_readings(head, dialect, required), key=lambda reading: len(reading.found), default=None)
    if best is None or len(best.found) < max(known + 1, min(FEWEST, len(required))):
        return ""
    first = next(iter(head.line[head.line > skip].tolist()), None)
    keys = [f"skip: {best.line - 1}"] if best.line != first else []
    keys += [f"delimiter: {json.dumps(best.delimiter)}"] if best.delimiter != dialect.delimiter else []
    keys += [f"encoding: {best.encoding}"] if best.encoding != codec(dialect) else []
    ways = ["without the quotes around the whole line"] if best.in_quotes else []
    ways += [f"with {', '.join(keys)} in feed.yaml"] if keys else []
    return f"; {' and '.join(ways)} it has {first_names(best.found)}"


def delimiter_hint(line: str, dialect: Dialect) -> str:
    """The delimiter with which a line whose quotes are misplaced has several sound names; empty where none does."""
    for delimiter in DELIMITERS:
        names = _values(line, delimiter, dialect.quote)
        if len(names) > 1 and not any(dialect.quote in name for name in names):
            return f"; with delimiter: {json.dumps(delimiter)} in feed.yaml it has {len(names)} names"
    return ""


def _readings(head: Records, dialect: Dialect, required: Collection[str]) -> Iterator[_Reading]:
    """The lines in all ways, that of feed.yaml first."""
    encodings = dict.fromkeys((codec(dialect), "utf-8"))
    delimiters = dict.fromkeys((dialect.delimiter, *DELIMITERS))
    lines = zip(head.line.tolist(), head.texts(), strict=True)
    for (number, text), encoding, delimiter in product(lines, encodings, delimiters):
        names = _values(text.decode(encoding, "replace"), delimiter, dialect.quote)
        in_quotes = len(names) == 1 and delimiter in names[0]
        columns = column_names(names[0].split(delimiter) if in_quotes else names)
        yield _Reading(number, encoding, delimiter, [name for name in required if name in columns], in_quotes)


def _values(line: str, delimiter: str, quote: str) -> list[str]:
    """The values of a line; none where its quotes are misplaced or a value is too long."""
    try:
        return next(csv.reader([line], delimiter=delimiter, quotechar=quote, strict=True), [])
    except csv.Error:
        return []
