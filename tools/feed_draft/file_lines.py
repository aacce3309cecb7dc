"""The lines of a file of unknown format: of text as it is written, of a sheet or Parquet as if it were written with tabs."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Literal

from client360.files import BadFile
from client360.ingest.content import Content, open_content
from client360.ingest.csv_scanner import Records
from client360.ingest.file_names import PARQUET, WORKBOOK
from client360.ingest.parquet_file import open_parquet
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.workbook import open_sheet, open_workbook, read_sheet, sheets

SAMPLE_SIZE = 1 << 20
"""Bytes that are read at the beginning of a file of text, and again at its end."""
SAMPLE_ROWS = 20_000
"""Rows that are read of a sheet or of Parquet."""
TABS = Dialect(delimiter="\t")
Encoding = Literal["utf-8", "utf-8-sig", "latin-1", "cp1252"]


class NoTable(ValueError):
    """A file that can not be read as a table; the message has the reason, not the file's name."""


@dataclass(frozen=True)
class Lines:
    """The beginning of a file and, of text, its end."""

    encoding: Encoding
    ascii_only: bool
    """Whether any encoding would read them alike."""
    numbered: list[tuple[int, str]]
    """Those that are not blank, with their numbers."""
    complete: bool
    """Whether it is the whole file."""
    delimiter: str | None = None
    """Where it is certain."""
    named: bool = False
    """Whether the first line is the names of the columns, and no line of the file."""


def read_lines(path: Path, sheet: str | None = None) -> Lines:
    """The lines of a file or of a sheet, by its path, in which an archive counts as a folder. Raises NoTable."""
    with _opened(path) as content:
        if PARQUET.search(path.name):
            names, batches = open_parquet(content.seekable(), TABS, "it")
            header = csv_line(names)
            rows, complete = _first_rows(batches)
            return Lines("utf-8", False, [(0, header), *rows], complete, TABS.delimiter, True)
        if WORKBOOK.search(path.name):
            kind = RawFile(name=path.name, dialect=TABS, sheet=sheet)
            rows, complete = _first_rows(read_sheet(content.read(), kind, TABS, "it"))
            if not rows:
                raise NoTable("it is empty")
            return Lines("utf-8", False, rows, complete, TABS.delimiter)
        return _lines_of_text(content)


def sheets_of(path: Path) -> list[str | None]:
    """The visible sheets that are not empty, of a file that is a workbook; None stands for a table that needs no name of a sheet.
    Raises NoTable."""
    if not WORKBOOK.search(path.name):
        return [None]
    with _opened(path) as content:
        workbook = open_workbook(content.read(), "it")
        shown = sheets(workbook, hidden=False)
        filled = [name for name in shown if open_sheet(workbook, name, "it").start]
    return [None] if filled in ([], shown[:1]) else [*filled]


def csv_line(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=TABS.delimiter, lineterminator="").writerow(values)
    return line.getvalue()


@contextmanager
def _opened(path: Path) -> Iterator[Content]:
    root = Path(path.anchor)
    below = path.relative_to(root).as_posix()
    try:
        with open_content(root, below) as content:
            yield content
    except BadFile as error:
        said = str(error)
        raise NoTable(f"it{said.removeprefix(below)}" if said.startswith(below) else said) from None


def _first_rows(batches: Iterator[Records]) -> tuple[list[tuple[int, str]], bool]:
    """Rows with their numbers, and whether these are all."""
    rows = chain.from_iterable(zip(batch.line.tolist(), batch.texts(), strict=True) for batch in batches)
    found = [(line, text.decode("utf-8", "replace").replace("\0", "")) for line, text in islice(rows, SAMPLE_ROWS + 1)]
    return found[:SAMPLE_ROWS], len(found) <= SAMPLE_ROWS


def _lines_of_text(content: Content) -> Lines:
    """In the first of utf-8, cp1252 and latin-1 in which the whole file is valid: the last one takes any bytes."""
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    found: set[int] = set()
    first, later, size = b"", b"", 0
    while part := content.read(SAMPLE_SIZE):
        if not size:
            first = part
            _refuse_binary(first)
        else:
            later = (later + part)[-SAMPLE_SIZE:]
        size += len(part)
        found.update(part)
        if utf8:
            try:
                utf8.decode(part)
            except UnicodeDecodeError:
                utf8 = None
    if not found - set(b" \r\n\t"):
        raise NoTable("it is empty")
    encoding: Encoding = "latin-1" if found & {0x81, 0x8D, 0x8F, 0x90, 0x9D} else "cp1252"  # cp1252 lacks these
    if utf8 and not utf8.getstate()[0]:
        encoding = "utf-8-sig" if first.startswith(codecs.BOM_UTF8) else "utf-8"
    head = first
    if size > SAMPLE_SIZE:
        head = first[: first.rfind(b"\n") + 1] or first
    tail = (first[len(head) :] + later)[-SAMPLE_SIZE:]
    if len(head) + len(tail) < size:
        tail = tail[tail.find(b"\n") + 1 :]
    text = io.StringIO((head + tail).decode(encoding, "replace").lstrip("\ufeff").replace("\0", ""), None)
    numbered = [(number, line) for number, line in enumerate(text, start=1) if line.strip()]
    return Lines(encoding, (head + tail).isascii(), numbered, size <= 2 * SAMPLE_SIZE)


def _refuse_binary(begins: bytes) -> None:
    if begins.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NoTable("it is UTF-16: save it as UTF-8")
    if b"\0" in begins.split(b"\n", 1)[0]:
        raise NoTable("it is binary: save it as CSV")
