"""Finds where the records of a CSV file begin and end, and which are broken, vectorized over chunks of bytes.

A line ends with \\n, \\r\\n or \\r. A quote opens at the beginning of a value and closes at its end; two of them inside a value
mean one. Any other quote is a flaw, because PostgreSQL would read on past the delimiter or the line. A record is a line or, if
the dialect allows line breaks in values, the lines up to the one in which the last quote closes. If none closes, or a quote is
misplaced, only the first line is broken, and the next one begins a record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from client360.ingest.csv_lines import CR, LF, Flags, LineQuotes, Numbers, check_quotes, find_lines
from client360.ingest.raw_file import Dialect

READ_SIZE = 1 << 18
"""Bytes read at a time: the server takes one chunk while the next one is scanned."""
MAX_RECORD = 1 << 20
"""Bytes of the longest record that is read."""
LONG_KEPT = 1000
"""Bytes that are kept of a longer one."""
NO_FLAW, LONG, ENCODING, QUOTES = 0, 1, 2, 3


@dataclass(frozen=True)
class Records:
    """n consecutive records of a file, without blank lines. All arrays have the shape (n,)."""

    data: bytes
    start: Numbers
    """Offset in data of the first byte."""
    end: Numbers
    """Offset in data behind the last byte, without the line end."""
    line: Numbers
    """Number of its first line in the file, from 1."""
    values: Numbers
    """Number of values; meaningless for a record with a flaw."""
    flaw: Numbers
    """NO_FLAW, LONG, ENCODING or QUOTES; of several flaws the first in this order."""

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, wanted: slice | Flags) -> "Records":
        """Some of the records, by a slice or a mask of shape (n,)."""
        arrays = (self.start, self.end, self.line, self.values, self.flaw)
        return Records(self.data, *(array[wanted] for array in arrays))

    def texts(self) -> list[bytes]:
        """The n records, without their line ends."""
        return [self.data[start:end] for start, end in zip(self.start.tolist(), self.end.tolist(), strict=True)]


def codec(dialect: Dialect) -> str:
    """Python's name for the encoding of a file whose byte order mark was removed."""
    return "utf-8" if dialect.encoding == "utf-8-sig" else dialect.encoding


def scan_records(
    read: Callable[[int], bytes], dialect: Dialect, size: int = READ_SIZE, limit: int = MAX_RECORD
) -> Iterator[Records]:
    """The records of a file, chunk by chunk.

    `read(n)` returns at most n bytes, and none at the end of the file; `size` is the n of each call. `limit` is the longest
    record in bytes; of a longer one only the beginning is yielded, as LONG. `size` and `limit` bound the memory.
    """
    rest, line, last = b"", 1, False
    while not last:
        block = read(size)
        last = not block
        data = rest + block
        if last and data and data[-1] not in (LF, CR):
            data += b"\n"
        found, used, lines = _complete_records(data, dialect, last, limit)
        if len(found):
            yield replace(found, line=found.line + line)
        rest, line = data[used:], line + lines
        if len(rest) > limit + 1:  # its last byte may be the \r of a line end
            head = rest[:LONG_KEPT]
            yield Records(head, *(np.array([number]) for number in (0, len(head), line, 1, LONG)))
            rest = rest[-1:] if rest[-1] == CR else _skip_line(read, size)  # begins with the end of that line


def joined_records(data: bytes, end: Numbers, line: Numbers, values: Numbers) -> Records:
    """Records in UTF-8 that follow each other without line ends: rows of what is no CSV, written as such. The arrays have the
    shape (n,), n > 0."""
    start: Numbers = np.concatenate(([0], end))[:-1]
    found = Records(data, start, end, line, values, np.zeros(len(end), np.int64))
    _mark_unreadable(found, len(data), "utf-8", MAX_RECORD)
    return found


def _skip_line(read: Callable[[int], bytes], size: int) -> bytes:
    """Read to the end of the line; returns the bytes read from its line end on."""
    while block := read(size):
        if found := [at for at in (block.find(b"\n"), block.find(b"\r")) if at >= 0]:
            return block[min(found) :]
    return b""


def _complete_records(data: bytes, dialect: Dialect, last: bool, limit: int) -> tuple[Records, int, int]:
    """The records that are complete in `data`, the number of bytes they take, and of lines. Lines count from 0 here.

    The `last` data of a file must end with a line end.
    """
    lines = find_lines(data, dialect, last)
    start, end, used, count = lines.start, lines.end, lines.used, len(lines)
    line: Numbers = np.arange(count)
    values: Numbers = np.diff(lines.at, prepend=-1)
    flaw: Numbers = np.zeros(count, np.int64)
    if ord(dialect.quote) in data and count:
        quotes = check_quotes(lines, dialect)
        values = quotes.values_outside + 1
        wrong = quotes.open | quotes.wrong_outside
        if dialect.multiline:
            count, heads, tails = _multiline_records(quotes, start, end, None if last else len(data), limit)
            used = int(start[count]) if count < len(lines) else used
            head, tail = _first_and_last_lines(count, heads, tails)
            inside = np.cumsum(quotes.values_inside)
            values = values[head] + inside[tail] - inside[head]
            wrong = wrong[head] & (head == tail)
            start, end, line, flaw = start[head], end[tail], line[head], flaw[head]
        flaw[wrong] = QUOTES
    found = Records(data, start, end, line, values, flaw)
    _mark_unreadable(found, used, codec(dialect), limit)
    blank = start == end
    return found[~blank] if blank.any() else found, used, count


def _multiline_records(
    quotes: LineQuotes, start: Numbers, end: Numbers, size: int | None, limit: int
) -> tuple[int, list[int], list[int]]:
    """The number of lines in complete records, and the first and the last lines of the records that have several.

    `size` is the number of bytes read so far, or None at the end of the file. Only lines with an odd number of quotes are
    visited one by one.
    """
    wrong = np.cumsum(quotes.wrong_inside)
    odd = np.flatnonzero(quotes.open).tolist()
    heads: list[int] = []
    tails: list[int] = []
    k = 0
    while k < len(odd):
        head = odd[k]
        k += 1
        if quotes.wrong_outside[head]:
            continue
        if k < len(odd):
            tail = odd[k]
            if wrong[tail] == wrong[head] and end[tail] - start[head] <= limit:
                heads.append(head)
                tails.append(tail)
                k += 1
        elif size and wrong[-1] == wrong[head] and size - start[head] <= limit + 1:
            return head, heads, tails  # the next chunk may close the quote
    return len(quotes.open), heads, tails


def _first_and_last_lines(lines: int, heads: list[int], tails: list[int]) -> tuple[Numbers, Numbers]:
    """The first and the last line of each record; `heads` and `tails` are those of the records that have several."""
    begins = np.ones(lines, bool)
    steps = np.zeros(lines + 1, np.int64)
    steps[np.array(heads, np.int64) + 1] += 1
    steps[np.array(tails, np.int64) + 1] -= 1
    begins[np.cumsum(steps[:-1]) > 0] = False
    head = np.flatnonzero(begins)
    return head, np.append(head[1:], lines) - 1


def _mark_unreadable(records: Records, used: int, encoding: str, limit: int) -> None:
    """Note the flaw of records, within the first `used` bytes of their data, that are not valid or too long."""
    undecodable = _undecodable(records.data[:used], encoding)
    records.flaw[np.searchsorted(records.start, undecodable, "right") - 1] = ENCODING
    records.flaw[records.end - records.start > limit] = LONG


def _undecodable(data: bytes, encoding: str) -> Numbers:
    """Offsets of the bytes that are not valid in the encoding and of NUL, which PostgreSQL does not store; in no order."""
    bytes_ = np.frombuffer(data, np.uint8)
    wrong = np.flatnonzero(bytes_ == 0) if 0 in data else np.empty(0, np.int64)
    if encoding == "latin-1" or data.isascii():
        return wrong
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        # only runs of bytes beyond ASCII are decoded, each with the byte behind it: no character reaches further
        near = bytes_ > 0x7F
        near[1:] |= near[:-1]
        where = np.flatnonzero(near)
        runs = bytes_[where].tobytes()
        # each invalid byte becomes one character and then one question mark, so that no other byte moves
        marked = runs.decode(encoding, "surrogateescape").encode(encoding, "replace")
        wrong = np.concatenate((wrong, where[np.frombuffer(marked, np.uint8) != bytes_[where]]))
    return wrong
