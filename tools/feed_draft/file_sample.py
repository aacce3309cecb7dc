"""Samples a file of unknown format: its encoding, delimiter, quote and rows."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import clevercsv

from tools.feed_draft.file_lines import Encoding, NoTable, read_lines
from tools.feed_draft.titles import DELIMITERS, SEPARATOR, WIDE, comment_sign, lines_above_header

DIALECT_LINES = 300
"""Lines of which the delimiter and the quote are guessed."""
MOST_BELOW = 5
"""Lines that a footer has at most."""
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Sample:
    """The beginning and the end of a file. All rows have the width that most have."""

    encoding: Encoding
    ascii_only: bool
    """Whether any encoding would read the sample alike."""
    delimiter: str
    quote: str
    multiline: bool
    rows: tuple[tuple[str, ...], ...]
    odd_rows: int
    """Rows with more or fewer columns than most have, which are not in `rows`."""
    skip: int
    """Lines above the header."""
    comment: str | None
    """How lines begin that are comments, which are not in `rows`."""
    footer: int
    """How many of the odd rows are the last lines, and hold a text alone."""
    blank_rows: int
    """Rows of nothing but delimiters, which are not in `rows` either."""
    complete: bool
    """Whether it is the whole file."""
    is_text: bool
    """Whether it has an encoding and a delimiter of its own, as no sheet and no Parquet has."""
    named: bool
    """Whether the columns have names that are no line of the file."""


def read_sample(path: Path, sheet: str | None = None) -> Sample:
    """Read the beginning and the end of a file, or the beginning of a sheet. Raises NoTable."""
    read = read_lines(path, sheet)
    comment = None if read.named else comment_sign([line for _, line in read.numbered])
    numbered = [(number, line) for number, line in read.numbered if not (comment and line.startswith(comment))]
    above = 0 if read.named else lines_above_header(_of_one_width([line for _, line in numbered], read.delimiter))
    said = read.delimiter or next(
        (found[1] for _, line in numbered[:above] if (found := SEPARATOR.fullmatch(line.strip()))), None
    )
    lines = [line for _, line in numbered[above:]]
    delimiter, quote = (said or ",", '"') if read.delimiter else _delimiter_and_quote(lines, said)
    try:
        # read as a whole, an open quote swallows the rows after it; read by line, a line break in quotes splits its row
        single = _rows(([line] for line in lines), delimiter, quote)
        broken = not read.delimiter and any(line.count(quote) % 2 for line in lines)
        whole = _rows([lines], delimiter, quote) if broken else single
    except csv.Error as error:
        raise NoTable(f"it is no table of text: {error}") from None
    whole_is_better = _odd_rows(whole) < _odd_rows(single)
    every = whole if whole_is_better else single
    if read.delimiter:
        every = _as_wide_as_header(every)
    filled = [row for row in every if any(value.strip() for value in row)]
    width = _width(filled)
    return Sample(
        encoding=read.encoding,
        ascii_only=read.ascii_only or bool(read.delimiter),
        delimiter="," if read.delimiter else delimiter,
        quote=quote,
        multiline=whole_is_better,
        rows=tuple(row for row in filled if len(row) == width),
        odd_rows=_odd_rows(filled),
        skip=numbered[above][0] - 1 if above else 0,
        comment=comment,
        footer=_footer(filled, width),
        blank_rows=len(every) - len(filled),
        complete=read.complete,
        is_text=read.delimiter is None,
        named=read.named,
    )


def _of_one_width(lines: list[str], delimiter: str | None) -> list[str]:
    """The lines of a sheet, which end with their last value, with as many delimiters each."""
    if delimiter is None:
        return lines
    most = max(line.count(delimiter) for line in lines)
    return [line + delimiter * (most - line.count(delimiter)) for line in lines]


def _as_wide_as_header(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows of a sheet, which end with their last value, with a value for each name of the first."""
    width = len(rows[0])
    return [row + ("",) * (width - len(row)) for row in rows]


def _footer(rows: Sequence[tuple[str, ...]], width: int) -> int:
    """How many lines at the end hold a text alone, if only those are none of the table."""
    below = 0
    while below < len(rows) and len(rows[-1 - below]) == 1 and LETTER.search(rows[-1 - below][0]):
        below += 1
    return below if width >= WIDE and below == _odd_rows(rows) and below <= MOST_BELOW else 0


def _delimiter_and_quote(lines: list[str], said: str | None) -> tuple[str, str]:
    """A delimiter must be in the first line; without any, the table has one column. `said` is the one that a line sep= names."""
    candidates = [delimiter for delimiter in ([said] if said else DELIMITERS) if delimiter in lines[0]]
    if not candidates:
        return ",", '"'
    found = clevercsv.Detector().detect("".join(lines[:DIALECT_LINES]), delimiters=candidates)
    if found is None or not found.delimiter:
        return candidates[0], '"'
    return found.delimiter, found.quotechar or '"'


def _rows(texts: Iterable[list[str]], delimiter: str, quote: str) -> list[tuple[str, ...]]:
    """The rows of each text, which is a list of lines; a quote left open ends with its text."""
    return [tuple(row) for text in texts for row in csv.reader(text, delimiter=delimiter, quotechar=quote) if row]


def _width(rows: Sequence[tuple[str, ...]]) -> int:
    """The number of columns that most rows have."""
    return Counter(map(len, rows)).most_common(1)[0][0]


def _odd_rows(rows: Sequence[tuple[str, ...]]) -> int:
    """The number of rows with more or fewer columns than most have."""
    return len(rows) - max(Counter(map(len, rows)).values())
