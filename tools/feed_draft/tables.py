"""What samples of one kind of file have in common: a dialect, a header, and columns."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from client360.ingest.raw_file import Dialect
from tools.feed_draft.columns import DOUBTFUL_NULLS, NULLS, Column, decimal_signs, describe_column
from tools.feed_draft.file_sample import Sample
from tools.feed_draft.vocabulary import is_known

TOTAL_BEGINS = r"^\s*(sub-?|gran |grand )?total(es|s)?([^a-z]|$)"
"""How the text of a total begins, whatever its case, in regular expressions of Python and PostgreSQL."""
TOTAL = re.compile(TOTAL_BEGINS, re.IGNORECASE)
DIGIT = re.compile("[0-9]")
LETTER = re.compile(r"[^\W\d_]")
WIDE = 4
"""Columns from which on a row of one value is hardly a row of the table."""


@dataclass(frozen=True)
class Table:
    """A kind of file, as its samples suggest. The columns are in the order of the first sample."""

    dialect: Dialect
    header: bool
    columns: tuple[Column, ...]
    other_decimal: bool
    """Whether some amounts have the other decimal sign."""
    decided: bool
    """Whether some amount tells the decimal sign."""
    undecided: tuple[int, ...]
    """The columns of which all amounts have a sign before three digits, where no amount of the table tells what it is."""
    odd_rows: int
    """Rows of the samples with more or fewer columns than most have."""
    skip: int
    """Lines above the header, in each file."""
    skip_below: int
    """Lines right below the header that are none of the table, in each file."""
    comment: str | None
    """How lines begin that are comments."""
    footer: int
    """Lines at the end that are none of the table, in each file."""
    is_text: bool
    """Whether the files have an encoding and a delimiter of their own."""
    named: bool
    """Whether the columns have names that are no line of a file."""
    blank_rows: int
    """Rows of the samples with nothing but delimiters."""
    headers_again: int
    """Rows of the samples that repeat the header."""
    lone_values: int
    """Rows of the samples with one value alone, such as a note, in a table of some columns."""
    units: int
    """Rows under a header that name units, or rule it off."""
    units_below: tuple[int, ...]
    """The columns in which such a row has no digit, though all others have some."""
    totals: int
    """Rows of the samples that seem to be totals of others."""
    totals_in: tuple[int, ...]
    """The columns that say so."""
    rows: int
    """Rows of the samples, without their headers and all of those."""
    complete: bool
    """Whether the samples are whole files."""
    listed_again: tuple[int, ...]
    """The columns of which each file, but for the first, has most of the values of the one before."""
    different: tuple[frozenset[tuple[str, ...]], ...]
    """The rows of each sample that differ."""

    def unshared(self, columns: Sequence[int]) -> float:
        """Of the rows of a file that differ, the share of different values of some columns: 1 if these tell rows apart."""
        rows, values = 0, 0
        for different in self.different:
            found = [tuple(row[i] for i in columns) for row in different if all(row[i] for i in columns)]
            rows, values = rows + len(found), values + len(set(found))
        return values / rows if rows else 1.0

    def line_keys(self) -> dict[str, tuple[int | str, str]]:
        """The keys of feed.yaml for lines that are none of the table, each with its value and what it leaves out."""
        found: dict[str, tuple[int | str, str]] = {
            "skip": (self.skip, "TODO: lines above the header, such as a title"),
            "skip_below": (self.skip_below, "TODO: lines right below the header, of units or dashes"),
            "footer": (self.footer, "TODO: lines at the end of each file, such as the number of rows"),
            "comment": (self.comment or "", "TODO: how lines begin that are comments"),
            "blank": ("skip" if self.blank_rows else "", "lines of nothing but delimiters"),
        }
        return {key: (value, what) for key, (value, what) in found.items() if value}


def describe_table(samples: Sequence[Sample]) -> Table:
    """Dialect, header and columns of a kind of file, from samples of its files."""
    first = samples[0]
    header = all(has_header(each) for each in samples)
    names = first.rows[0] if header else tuple(f"columna_{i}" for i in range(1, len(first.rows[0]) + 1))
    below: list[tuple[str, ...]] = []
    under: list[tuple[str, ...]] = []
    of_files: list[list[tuple[str, ...]]] = []
    for each in samples:
        # a later file may have its columns in another order, or others
        order = {name: i for i, name in enumerate(each.rows[0] if header else names)}
        found = [
            tuple(row[order[name]].strip() if name in order else "" for name in names)
            for row in each.rows[1 if header else 0 :]
        ]
        below += found
        under += found[:1]
        of_files.append(found)
    title = tuple(name.strip() for name in names)
    rows = [row for row in below if not (header and row == title)]
    units_below = _unit_columns(under, rows) if header else ()
    units = [row for row in rows if units_below and _without_digits(row, units_below)]
    rows = [row for row in rows if row not in units]
    headers_again = len(below) - len(rows) - len(units)
    skip_below = 1 if units and units == under else 0  # one in each file
    if skip_below:
        units, units_below = [], ()
    footer = first.footer if all(each.footer == first.footer for each in samples) else 0
    lone = [row for row in rows if len(row) >= WIDE and len(row) - row.count("") == 1]
    if any(row[0] and " " not in row[0] for row in lone) or 2 * len(lone) >= len(rows):
        lone = []  # ids of which nothing else is known
    totals_in = _total_columns([row for row in rows if row not in lone])
    listed = [row for row in rows if row not in lone and not any(TOTAL.match(row[i]) for i in totals_in)]
    values = [Counter(row[i] for row in listed) for i in range(len(names))]
    decimals = Counter(sign for found in values for sign in decimal_signs(found))
    decimal: Literal[".", ","] = "," if decimals[","] > decimals["."] else "."
    nulls = [word for word in NULLS if any(word in found for found in values)]
    doubtful = [
        word
        for word in DOUBTFUL_NULLS
        if any(
            word in found and describe_column("", found, (*nulls, word, "")).kind not in ("word", "nothing")
            for found in values
        )
    ]
    dialect = Dialect(
        encoding=max((each.encoding for each in samples), key=("utf-8", "utf-8-sig", "latin-1", "cp1252").index),
        delimiter=first.delimiter,
        quote=first.quote,
        decimal=decimal,
        nulls=("", *nulls, *doubtful),
        multiline=any(each.multiline for each in samples),
    )
    columns = [describe_column(name.strip(), found, dialect.nulls) for name, found in zip(names, values, strict=True)]
    kept = set(listed)
    table = Table(
        dialect,
        header,
        tuple(columns),
        min(decimals[","], decimals["."]) > 0,
        bool(decimals),
        () if decimals else tuple(i for i, column in enumerate(columns) if column.undecided),
        sum(each.odd_rows - footer for each in samples),
        first.skip,
        skip_below,
        next((each.comment for each in samples if each.comment), None),
        footer,
        first.is_text,
        first.named,
        sum(each.blank_rows for each in samples),
        headers_again,
        len(lone),
        len(units),
        units_below,
        len(rows) - len(lone) - len(listed),
        totals_in,
        len(listed),
        all(each.complete for each in samples),
        tuple(i for i in range(len(names)) if _listed_again(of_files, i)),
        tuple(frozenset(row for row in found if row in kept) for found in of_files),
    )
    return replace(
        table, columns=tuple(replace(column, unshared=table.unshared([i])) for i, column in enumerate(table.columns))
    )


def _listed_again(files: Sequence[Sequence[tuple[str, ...]]], column: int) -> bool:
    """Whether each file has most of the values in a column of the file before."""
    values = [{row[column] for row in rows} - {""} for rows in files]
    return len(values) > 1 and all(2 * len(before & after) > len(before) for before, after in pairwise(values))


def _unit_columns(under: Sequence[tuple[str, ...]], rows: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    """The columns of numbers and days, if the row under some header has texts without a digit in them and no other row has."""
    others = [row for row in rows if row not in under]
    digits = tuple(
        i
        for i in range(len(rows[0]) if others else 0)
        if any(row[i] for row in others) and all(DIGIT.search(row[i]) for row in others if row[i])
    )
    # one column alone could hold ids, of which the first happens to have no digit
    some = [
        row for row in under if _without_digits(row, digits) and (len(digits) > 1 or not LETTER.search("".join(row)))
    ]
    return digits if some else ()


def _without_digits(row: tuple[str, ...], columns: tuple[int, ...]) -> bool:
    values = "".join(row[i] for i in columns)
    return bool(values) and not DIGIT.search(values)


def _total_columns(rows: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    """The columns that say total in some rows, of which each lacks a value that others have, and in no row that is whole."""
    saying = {i: [row for row in rows if TOTAL.match(row[i])] for i in range(len(rows[0]) if rows else 0)}
    return tuple(
        i for i, found in saying.items() if found and len(found) < len(rows) and all("" in row for row in found)
    )


def has_header(sample: Sample) -> bool:
    """Whether the first row names the columns. Each column votes, by its name and the values below."""
    first, rest = sample.rows[0], sample.rows[1:]
    votes = len(first) if sample.named else 0
    for i, name in enumerate(first):
        below = Counter(row[i].strip() for row in rest)
        if is_known(name):
            votes += 2
        if describe_column("", Counter([name.strip()]), ("", *NULLS)).kind not in ("word", "nothing") or name in below:
            votes -= 1
        elif describe_column("", below, ("", *NULLS)).kind not in ("word", "nothing"):
            votes += 1
    return votes >= 0
