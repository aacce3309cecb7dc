"""What a file that nobody has described looks like: how it is encoded and punctuated, and what its columns hold."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import clevercsv

from client360.ingest.feed_spec import Dialect

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 1 << 20
"""Bytes of a file, at its beginning and again at its end, of which the columns are judged."""
DIALECT_LINES = 300
NULLS = ("NULL", "null", "(null)", "\\N", "N/A", "n/a", "#N/A", "NaN", "nan", "s/d", "S/D")
"""Words that mean no value wherever they are the whole of it."""
DOUBTFUL_NULLS = ("NA", "na", "ND", "nd", "None", "none", "-", "--", "?", ".", "sin dato", "Sin dato", "SIN DATO")
"""Words that do so among numbers or dates."""
MOSTLY = 0.9
"""Share of a column's values that decides what it holds: files with errors in them are what is to be expected."""

NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")
THOUSANDS = {",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?"), ".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")}
PLAIN = {",": re.compile(r"[+-]?\d+,\d+"), ".": re.compile(r"[+-]?\d+\.\d+")}
SIGNS = "$€£% "
"""What amounts are decorated with."""
DAYS = {
    "%Y-%m-%d": "YYYY-MM-DD",
    "%d/%m/%Y": "DD/MM/YYYY",
    "%m/%d/%Y": "MM/DD/YYYY",
    "%d-%m-%Y": "DD-MM-YYYY",
    "%m-%d-%Y": "MM-DD-YYYY",
    "%d.%m.%Y": "DD.MM.YYYY",
    "%Y/%m/%d": "YYYY/MM/DD",
    "%Y%m%d": "YYYYMMDD",
    "%d/%m/%y": "DD/MM/YY",
    "%m/%d/%y": "MM/DD/YY",
    "%d-%m-%y": "DD-MM-YY",
    "%d-%b-%Y": "DD-Mon-YYYY",
    "%d-%b-%y": "DD-Mon-YY",
    "%d %b %Y": "DD Mon YYYY",
}
"""Formats of days as strptime and as crudo.fecha write them, day first before month first."""
TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?([AaPp]\.?[Mm]\.?|Z|[+-]\d{2}:?\d{2}))?")
YEARS = range(1900, 2100)


class NoTable(ValueError):
    """A file that can not be read as CSV; the message says why, without the file's name."""


@dataclass(frozen=True)
class Column:
    """A column, as far as the sample tells."""

    header: str
    kind: Literal["nothing", "integer", "number", "date", "word"]
    formats: tuple[str, ...] = ()
    """Formats that fit its dates equally well, as crudo.fecha writes them, day first before month first."""
    before_time: str = ""
    """What stands between the day and the time after it, where there is one."""
    first: date | None = None
    """The earliest of its dates."""
    signs: str = ""
    """What its amounts are decorated with."""
    negative: bool = False
    words: tuple[str, ...] = ()
    """Its different values, the most frequent first; none if there are more than a code has."""

    @property
    def holds(self) -> str:
        if self.kind == "date":
            return f"date, {' or '.join(self.formats)}"
        return {"nothing": "empty", "integer": "whole number", "number": "number", "word": "text"}[self.kind]


@dataclass(frozen=True)
class Table:
    """A file or several of one kind: dialect, whether there is a header, and columns in order."""

    dialect: Dialect
    header: bool
    columns: tuple[Column, ...]
    other_decimal: bool
    """Whether there are amounts with the other decimal sign as well."""
    odd_rows: int
    """Rows of the sample with more or fewer columns than the others."""


@dataclass(frozen=True)
class Sample:
    """The beginning and the end of one file, as rows, its first row among them."""

    encoding: Literal["utf-8", "utf-8-sig", "latin-1", "cp1252"]
    ascii_only: bool
    """Whether the encoding is of no consequence."""
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
        # one open quote among lines swallows what follows it; breaks within quotes leave fewer rows in pieces
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
    """What samples of one kind of file hold, judged together. `known` tells what columns are called elsewhere."""
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
    decimals = Counter(sign for found in values for sign in _decimals(found))
    decimal: Literal[".", ","] = "," if decimals[","] > decimals["."] else "."
    nulls = [word for word in NULLS if any(word in found for found in values)]
    doubtful = [
        word
        for word in DOUBTFUL_NULLS
        if any(
            word in found and _column("", found, (*nulls, word, "")).kind not in ("word", "nothing") for found in values
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
        tuple(_column(name.strip(), found, dialect.nulls) for name, found in zip(names, values, strict=True)),
        min(decimals[","], decimals["."]) > 0,
        sum(each.odd_rows for each in samples),
    )


def _encoding(path: Path) -> Literal["utf-8", "utf-8-sig", "latin-1", "cp1252"]:
    """The first that the whole file is valid in: of four encodings, two of which take any text for theirs, that is all there
    is to tell.
    """
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
    """Delimiter and quote. A delimiter stands in the first line, or the table has one column."""
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
    """Whether the first row names the columns: a vote of the columns."""
    first, rest = one.rows[0], one.rows[1:]
    votes = 0
    for i, name in enumerate(first):
        below = Counter(row[i].strip() for row in rest)
        if known(name):
            votes += 2
        if _column("", Counter([name.strip()]), ("", *NULLS)).kind not in ("word", "nothing") or name in below:
            votes -= 1
        elif _column("", below, ("", *NULLS)).kind not in ("word", "nothing"):
            votes += 1
    return votes >= 0


def _decimals(values: Counter[str]) -> Iterator[str]:
    """The decimal sign of each different amount that leaves no doubt about it: 1.234 could be a thousand."""
    for value in values:
        bare = value.strip(SIGNS)
        for sign, other in ((",", "."), (".", ",")):
            plain = PLAIN[sign].fullmatch(bare) and not THOUSANDS[other].fullmatch(bare)
            if plain or (THOUSANDS[sign].fullmatch(bare) and (sign in bare or bare.count(other) > 1)):
                yield sign


def _column(header: str, values: Counter[str], nulls: Sequence[str]) -> Column:
    found = {value: count for value, count in values.items() if value not in nulls}
    total = sum(found.values())
    if not total:
        return Column(header, "nothing")
    dates = _dates(found, total)
    if dates:
        return Column(header, "date", *dates)
    bare = {value.strip(SIGNS): count for value, count in found.items()}
    numbers = {value: count for value, count in bare.items() if NUMBER.fullmatch(value)}
    words = tuple(sorted(found, key=lambda word: (-found[word], word))) if len(found) <= 20 else ()
    if sum(numbers.values()) < MOSTLY * total:
        return Column(header, "word", words=words)
    signs = "".join(
        sign for sign in SIGNS if 2 * sum(count for value, count in found.items() if sign in value) >= total
    )
    kind: Literal["integer", "number"] = (
        "integer" if all(value.lstrip("+-").isdigit() for value in numbers) else "number"
    )
    negative = any(value.startswith("-") for value in numbers)
    return Column(header, kind, signs=signs, negative=negative, words=words)


def _dates(values: dict[str, int], total: int) -> tuple[tuple[str, ...], str, date] | None:
    """The formats that most of the values fit, what stands before times, and the earliest day by the first format."""
    days: Counter[str] = Counter()
    for value, count in values.items():
        days[TIME.sub("", value) if ":" in value else value] += count
    best: tuple[int, list[tuple[str, date]]] = (0, [])
    some = list(days)[:30]
    for strptime, template in DAYS.items():
        if 2 * sum(_day(value, strptime) is not None for value in some) < len(some):
            continue
        found = [(day, count) for value, count in days.items() if (day := _day(value, strptime))]
        fits = sum(count for _, count in found)
        if fits >= MOSTLY * total and fits >= best[0]:
            fitting = (template, min(day for day, _ in found))
            best = (fits, [*best[1], fitting] if fits == best[0] else [fitting])
    if not best[1]:
        return None
    before_time = next((time[0][0] for value in values if (time := TIME.search(value))), "")
    return tuple(template for template, _ in best[1]), before_time, best[1][0][1]


def _day(value: str, strptime: str) -> date | None:
    if len(value) < 6 or (strptime == "%Y%m%d" and len(value) != 8):  # strptime would read 2025111 too
        return None
    try:
        day = datetime.strptime(value, strptime).date()  # noqa: DTZ007 (a day)
    except ValueError:
        return None
    return day if day.year in YEARS else None
