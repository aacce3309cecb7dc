"""Find out the encoding, the dialect, the header and the columns of files that no feed describes."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import clevercsv

from client360.ingest.feed_spec import Dialect
from tools.feed_draft.columns import DOUBTFUL_NULLS, NULLS, Column, decimal_signs, describe_column

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 1 << 20
"""Bytes that are read at the beginning and at the end of a file."""
DIALECT_LINES = 300


class NoTable(ValueError):
    """A file that can not be read as CSV; the message gives the reason without the file's name."""


@dataclass(frozen=True)
class Table:
    """Files of one kind: their dialect, whether they have a header, and their columns in order."""

    dialect: Dialect
    header: bool
    columns: tuple[Column, ...]
    other_decimal: bool
    """Whether there are amounts with the other decimal sign as well."""
    odd_rows: int
    """Rows of the sample with more or fewer columns than the others."""


@dataclass(frozen=True)
class Sample:
    """The rows of the beginning and the end of one file."""

    encoding: Literal["utf-8", "utf-8-sig", "latin-1", "cp1252"]
    ascii_only: bool
    """Whether every encoding gives the same text."""
    delimiter: str
    quote: str
    multiline: bool
    first: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    odd_rows: int


def sample(path: Path) -> Sample:
    """Read a file's beginning and end. Raises NoTable."""
    encoding = _encoding(path)
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(SAMPLE)
        if size > SAMPLE:
            head = head[: head.rfind(b"\n") + 1] or head
        file.seek(max(size - SAMPLE, len(head)))
        tail = file.read()
        if len(head) + len(tail) < size:
            tail = tail[tail.find(b"\n") + 1 :]
    ascii_only = (head + tail).isascii()
    lines = [
        line for line in io.StringIO((head + tail).decode(encoding, "replace").lstrip("\ufeff"), None) if line.strip()
    ]
    delimiter, quote = _punctuation(lines)
    try:
        # a quote that is never closed swallows the lines after it; line breaks within quotes split rows: fewer odd rows decide
        single = _rows(([line] for line in lines), delimiter, quote)
        whole = _rows([lines], delimiter, quote) if any(line.count(quote) % 2 for line in lines) else single
    except csv.Error as error:
        raise NoTable(f"it is no table of text: {error}") from None
    whole_is_better = _odd(whole) < _odd(single)
    every = whole if whole_is_better else single
    width = _width(every)
    rows = tuple(row for row in every if len(row) == width)
    return Sample(encoding, ascii_only, delimiter, quote, whole_is_better, every[0], rows, _odd(every))


def table(samples: Sequence[Sample], known: Callable[[str], bool]) -> Table:
    """Describe files of one kind by their samples. `known` recognises headers that name a column."""
    one = samples[0]
    header = all(has_header(each, known) for each in samples)
    names = one.rows[0] if header else tuple(f"columna_{i}" for i in range(1, len(one.rows[0]) + 1))
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
        delimiter=one.delimiter,
        quote=one.quote,
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
    )


def _encoding(path: Path) -> Literal["utf-8", "utf-8-sig", "latin-1", "cp1252"]:
    """The first of four encodings in which the whole file is valid. More can not be known: any bytes are valid latin-1."""
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    found: set[int] = set()
    begins = b""
    with path.open("rb") as file:
        while part := file.read(SAMPLE):
            begins = begins or part[:4]
            if begins.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise NoTable("it is UTF-16: save it as UTF-8")
            if b"\0" in part:
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


def _punctuation(lines: list[str]) -> tuple[str, str]:
    """Delimiter and quote. A table whose first line has no delimiter has one column."""
    candidates = [delimiter for delimiter in DELIMITERS if delimiter in lines[0]]
    if not candidates:
        return ",", '"'
    found = clevercsv.Detector().detect("".join(lines[:DIALECT_LINES]), delimiters=candidates)
    if found is None or not found.delimiter:
        return candidates[0], '"'
    return found.delimiter, found.quotechar or '"'


def _rows(texts: Iterable[list[str]], delimiter: str, quote: str) -> list[tuple[str, ...]]:
    return [tuple(row) for text in texts for row in csv.reader(text, delimiter=delimiter, quotechar=quote) if row]


def _width(rows: Sequence[tuple[str, ...]]) -> int:
    return Counter(map(len, rows)).most_common(1)[0][0]


def _odd(rows: Sequence[tuple[str, ...]]) -> int:
    """Rows with more or fewer columns than most."""
    return len(rows) - max(Counter(map(len, rows)).values())


def has_header(one: Sample, known: Callable[[str], bool]) -> bool:
    """Whether the first row names the columns, by a vote of the columns."""
    first, rest = one.rows[0], one.rows[1:]
    votes = 0
    for i, name in enumerate(first):
        below = Counter(row[i].strip() for row in rest)
        if known(name):
            votes += 2
        if describe_column("", Counter([name.strip()]), ("", *NULLS)).kind not in ("word", "nothing") or name in below:
            votes -= 1
        elif describe_column("", below, ("", *NULLS)).kind not in ("word", "nothing"):
            votes += 1
    return votes >= 0
