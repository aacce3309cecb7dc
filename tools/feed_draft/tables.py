"""What samples of one kind of file have in common: a dialect, a header, and columns."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from client360.ingest.feed_spec import Dialect
from tools.feed_draft.columns import DOUBTFUL_NULLS, NULLS, Column, decimal_signs, describe_column
from tools.feed_draft.file_sample import Sample
from tools.feed_draft.vocabulary import is_known

TOTAL = re.compile(r"\s*(sub)?total(es)?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """A kind of file, as its samples suggest. The columns are in the order of the first sample."""

    dialect: Dialect
    header: bool
    columns: tuple[Column, ...]
    other_decimal: bool
    """Whether some amounts have the other decimal sign."""
    odd_rows: int
    """Rows of the samples with more or fewer columns than most have."""
    skip: int
    """Lines above the header, in each file."""
    blank_rows: int
    """Rows of the samples with nothing but delimiters."""
    total: int | None
    """The column that tells the line of totals below the rows, if there is one."""


def describe_table(samples: Sequence[Sample]) -> Table:
    """Dialect, header and columns of a kind of file, from samples of its files."""
    first = samples[0]
    header = all(has_header(each) for each in samples)
    names = first.rows[0] if header else tuple(f"columna_{i}" for i in range(1, len(first.rows[0]) + 1))
    values: list[Counter[str]] = [Counter() for _ in names]
    for each in samples:
        # a later file may have its columns in another order, or others
        order = {name: i for i, name in enumerate(each.rows[0] if header else names)}
        for row in each.rows[1 if header else 0 :]:
            for i, name in enumerate(names):
                if name in order:
                    values[i][row[order[name]].strip()] += 1
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
    return Table(
        dialect,
        header,
        tuple(describe_column(name.strip(), found, dialect.nulls) for name, found in zip(names, values, strict=True)),
        min(decimals[","], decimals["."]) > 0,
        sum(each.odd_rows for each in samples),
        first.skip,
        sum(each.blank_rows for each in samples),
        next((at for each in samples if (at := _total(each, names, header=header)) is not None), None),
    )


def _total(sample: Sample, names: Sequence[str], *, header: bool) -> int | None:
    """The column in which the last row says that it is a total, with fewer values than the row above; or None."""
    if len(sample.rows) < 2 + header:
        return None
    above, last = ([(i, value) for i, value in enumerate(row) if value.strip()] for row in sample.rows[-2:])
    at, value = last[0]
    name = sample.rows[0][at] if header else names[at]
    return names.index(name) if len(last) < len(above) and TOTAL.match(value) and name in names else None


def has_header(sample: Sample) -> bool:
    """Whether the first row names the columns. Each column votes, by its name and the values below."""
    first, rest = sample.rows[0], sample.rows[1:]
    votes = 0
    for i, name in enumerate(first):
        below = Counter(row[i].strip() for row in rest)
        if is_known(name):
            votes += 2
        if describe_column("", Counter([name.strip()]), ("", *NULLS)).kind not in ("word", "nothing") or name in below:
            votes -= 1
        elif describe_column("", below, ("", *NULLS)).kind not in ("word", "nothing"):
            votes += 1
    return votes >= 0
