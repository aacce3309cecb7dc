"""Samples a CSV file of unknown format: its encoding, delimiter, quote and rows."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import clevercsv

from tools.feed_draft.titles import DELIMITERS, SEPARATOR, lines_above_header

SAMPLE_SIZE = 1 << 20
"""Bytes that are read at the beginning of a file, and again at its end."""

DIALECT_LINES = 300
"""Lines of which the delimiter and the quote are guessed."""
Encoding = Literal["utf-8", "utf-8-sig", "latin-1", "cp1252"]


class NoTable(ValueError):
    """A file that can not be read as CSV; the message has the reason, not the file's name."""


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
    blank_rows: int
    """Rows of nothing but delimiters, which are not in `rows` either."""
    complete: bool
    """Whether it is the whole file."""


def read_sample(path: Path) -> Sample:
    """Read the beginning and the end of a file. Raises NoTable."""
    encoding = _encoding(path)
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(SAMPLE_SIZE)
        if size > SAMPLE_SIZE:
            head = head[: head.rfind(b"\n") + 1] or head
        file.seek(max(size - SAMPLE_SIZE, len(head)))
        tail = file.read()
        if len(head) + len(tail) < size:
            tail = tail[tail.find(b"\n") + 1 :]
    ascii_only = (head + tail).isascii()
    text = io.StringIO((head + tail).decode(encoding, "replace").lstrip("\ufeff").replace("\0", ""), None)
    numbered = [(number, line) for number, line in enumerate(text, start=1) if line.strip()]
    above = lines_above_header([line for _, line in numbered])
    skip = numbered[above][0] - 1 if above else 0
    said = next((found[1] for _, line in numbered[:above] if (found := SEPARATOR.fullmatch(line.strip()))), None)
    lines = [line for _, line in numbered[above:]]
    delimiter, quote = _delimiter_and_quote(lines, said)
    try:
        # read as a whole, an open quote swallows the rows after it; read by line, a line break in quotes splits its row
        single = _rows(([line] for line in lines), delimiter, quote)
        whole = _rows([lines], delimiter, quote) if any(line.count(quote) % 2 for line in lines) else single
    except csv.Error as error:
        raise NoTable(f"it is no table of text: {error}") from None
    whole_is_better = _odd_rows(whole) < _odd_rows(single)
    every = whole if whole_is_better else single
    filled = [row for row in every if any(value.strip() for value in row)]
    width = _width(filled)
    rows = tuple(row for row in filled if len(row) == width)
    blank = len(every) - len(filled)
    complete = size <= 2 * SAMPLE_SIZE
    return Sample(
        encoding, ascii_only, delimiter, quote, whole_is_better, rows, _odd_rows(filled), skip, blank, complete
    )


def _encoding(path: Path) -> Encoding:
    """The first of utf-8, cp1252 and latin-1 in which the whole file is valid: the last one takes any bytes. Raises NoTable."""
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    found: set[int] = set()
    begins = b""
    with path.open("rb") as file:
        while part := file.read(SAMPLE_SIZE):
            begins = begins or part
            if begins.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise NoTable("it is UTF-16: save it as UTF-8")
            if begins is part and b"\0" in part.split(b"\n", 1)[0]:
                raise NoTable("it is binary: save it as CSV")
            found.update(part)
            if utf8:
                try:
                    utf8.decode(part)
                except UnicodeDecodeError:
                    utf8 = None
    if not found - set(b" \r\n\t"):
        raise NoTable("it is empty")
    if utf8 and not utf8.getstate()[0]:
        return "utf-8-sig" if begins.startswith(codecs.BOM_UTF8) else "utf-8"
    return "latin-1" if found & {0x81, 0x8D, 0x8F, 0x90, 0x9D} else "cp1252"  # bytes that cp1252 has no character for


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
