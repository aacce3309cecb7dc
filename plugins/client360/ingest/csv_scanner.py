"""Where the records of a CSV file begin and end, and which of them are broken, found on whole chunks of bytes at once.

A line ends with \\n, \\r\\n or \\r. A quote opens at the beginning of a value and closes at its end, and two of them inside stand
for one; any other is a flaw, because PostgreSQL would read on past the delimiter or the line. A record is a line or, where the
dialect lets values hold line breaks, the lines up to the one in which the last quote closes. Where none does, or one stands where
none may, only the first line is given up, and the next one begins a record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from client360.ingest.feed_spec import Dialect

READ_SIZE = 1 << 18
"""Bytes read at a time: what the server takes while the next ones are looked at."""
LIMIT = 1 << 20
"""Bytes of the longest record that is read."""
SHOWN = 1000
"""Bytes that are kept of a longer one."""
NO_FLAW, LONG, ENCODING, QUOTES = 0, 1, 2, 3
LF, CR = b"\n\r"

Numbers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Records:
    """Records that follow one another: in each array an element for each. Blank lines are none."""

    data: bytes
    start: Numbers
    """Where it begins in data."""
    end: Numbers
    """Where it ends, its line end not included."""
    line: Numbers
    """Its first line in the file, from 1."""
    values: Numbers
    """How many values it has, where it has no flaw."""
    flaw: Numbers
    """NO_FLAW, LONG, ENCODING or QUOTES; the first that applies."""

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, wanted: slice | Flags) -> "Records":
        arrays = (self.start, self.end, self.line, self.values, self.flaw)
        return Records(self.data, *(array[wanted] for array in arrays))

    def texts(self) -> list[bytes]:
        return [self.data[start:end] for start, end in zip(self.start.tolist(), self.end.tolist(), strict=True)]


def codec(dialect: Dialect) -> str:
    """Python's name for the encoding, once a byte order mark is off."""
    return "utf-8" if dialect.encoding == "utf-8-sig" else dialect.encoding


def records(
    read: Callable[[int], bytes], dialect: Dialect, size: int = READ_SIZE, limit: int = LIMIT
) -> Iterator[Records]:
    """The records of a file, chunk by chunk; `read` returns at most so many bytes, and none at its end."""
    rest, line, last = b"", 1, False
    while not last:
        part = read(size)
        last = not part
        data = rest + part
        if last and data and data[-1] not in (LF, CR):
            data += b"\n"
        found, used, lines = _cut(data, dialect, last, limit)
        if len(found):
            yield replace(found, line=found.line + line)
        rest, line = data[used:], line + lines
        if len(rest) > limit + 1:  # its last byte may be the \r of a line end
            head = rest[:SHOWN]
            yield Records(head, *(np.array([number]) for number in (0, len(head), line, 1, LONG)))
            rest = rest[-1:] if rest[-1] == CR else _skipped(read, size)  # begins with the end of that line


def _skipped(read: Callable[[int], bytes], size: int) -> bytes:
    while part := read(size):
        if found := [at for at in (part.find(b"\n"), part.find(b"\r")) if at >= 0]:
            return part[min(found) :]
    return b""


def _cut(data: bytes, dialect: Dialect, last: bool, limit: int) -> tuple[Records, int, int]:
    """The records that are complete in `data`, how many bytes they take, and how many lines. Lines count from 0 here.

    What is `last` ends with a line end.
    """
    used = (
        max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) if last else -1)) + 1
    )  # a \n may follow the very last \r
    bytes_ = np.frombuffer(data, np.uint8, used)
    line_end = bytes_ == LF
    if returns := CR in data:
        lone = bytes_ == CR
        lone[:-1] &= ~line_end[1:]
        line_end |= lone
    marks = line_end | (bytes_ == ord(dialect.delimiter))
    if quoted := ord(dialect.quote) in data:
        marks |= bytes_ == ord(dialect.quote)
    mark = np.flatnonzero(marks)
    at = np.flatnonzero(line_end[mark])
    """Of each line, which mark is its end."""
    end: Numbers = mark[at]
    start: Numbers = np.concatenate(([0], end + 1))[: len(end)]
    if returns:
        end = end - ((bytes_[end] == LF) & (end > start) & (bytes_[end - 1] == CR))
    line: Numbers = np.arange(len(at))
    values: Numbers = np.diff(at, prepend=-1)
    flaw: Numbers = np.zeros(len(at), np.int64)
    lines = len(at)
    if quoted and lines:
        said = _quotes(bytes_, mark, at, start, dialect)
        values = said.values_outside + 1
        if dialect.multiline:
            lines, heads, tails = _spans(said, start, end, None if last else len(data), limit)
            used = int(start[lines]) if lines < len(at) else used
            head, tail = _joined(lines, heads, tails)
            inside = np.cumsum(said.values_inside)
            values = values[head] + inside[tail] - inside[head]
            wrong = (said.open | said.wrong_outside)[head] & (head == tail)
            start, end, line, flaw = start[head], end[tail], line[head], flaw[head]
        else:
            wrong = said.open | said.wrong_outside
        flaw[wrong] = QUOTES
    undecodable = _undecodable(data[:used], codec(dialect))
    flaw[np.searchsorted(start, undecodable, "right") - 1] = ENCODING
    flaw[end - start > limit] = LONG
    found = Records(data, start, end, line, values, flaw)
    blank = start == end
    return found[~blank] if blank.any() else found, used, lines


@dataclass(frozen=True)
class _Quotes:
    """What the quotes say of each line, if it begins outside a quoted value, and if inside."""

    open: Flags
    """Whether it ends inside a value if it begins outside, and outside if inside."""
    wrong_outside: Flags
    wrong_inside: Flags
    values_outside: Numbers
    """Delimiters between values."""
    values_inside: Numbers


def _quotes(bytes_: Bytes, mark: Numbers, at: Numbers, start: Numbers, dialect: Dialect) -> _Quotes:
    delimiter, quote = ord(dialect.delimiter), ord(dialect.quote)
    kind = bytes_[mark]
    is_quote, is_delimiter = kind == quote, kind == delimiter
    line = np.repeat(np.arange(len(at), dtype=np.int32), np.diff(at, prepend=-1))
    count = np.cumsum(is_quote, dtype=np.int32)
    before = np.concatenate((count[:1] * 0, count[at[:-1]]))
    odd = ((count - before[line]) & 1).astype(bool)
    """Of each mark, whether the line up to it has an odd number of quotes: it is inside if the line begins outside."""
    first = np.concatenate(([0], at[:-1] + 1))
    quotes = np.flatnonzero(is_quote)
    where, opens = mark[quotes], odd[quotes]
    previous, following = bytes_[where - 1], bytes_[where + 1]
    may_open = (where == start[line[quotes]]) | (previous == delimiter) | (previous == quote)
    may_close = (following == delimiter) | (following == quote) | (following == LF) | (following == CR)
    wrong_outside, wrong_inside = np.zeros(len(at), bool), np.zeros(len(at), bool)
    wrong_outside[line[quotes[~np.where(opens, may_open, may_close)]]] = True
    wrong_inside[line[quotes[~np.where(opens, may_close, may_open)]]] = True
    return _Quotes(
        odd[at],
        wrong_outside,
        wrong_inside,
        np.add.reduceat(is_delimiter & ~odd, first, dtype=np.int64),
        np.add.reduceat(is_delimiter & odd, first, dtype=np.int64),
    )


def _spans(
    found: _Quotes, start: Numbers, end: Numbers, size: int | None, limit: int
) -> tuple[int, list[int], list[int]]:
    """How many lines make complete records, and the first and last lines of the records that have several.

    `size` is how many bytes there are so far, None at the end of the file. Only lines that leave a quote open, or close one, are
    looked at one by one.
    """
    wrong = np.cumsum(found.wrong_inside)
    odd = np.flatnonzero(found.open).tolist()
    heads: list[int] = []
    tails: list[int] = []
    k = 0
    while k < len(odd):
        head = odd[k]
        k += 1
        if found.wrong_outside[head]:
            continue
        if k < len(odd):
            tail = odd[k]
            if wrong[tail] == wrong[head] and end[tail] - start[head] <= limit:
                heads.append(head)
                tails.append(tail)
                k += 1
        elif size and wrong[-1] == wrong[head] and size - start[head] <= limit + 1:
            return head, heads, tails  # the quote may be closed in what is to come
    return len(found.open), heads, tails


def _joined(lines: int, heads: list[int], tails: list[int]) -> tuple[Numbers, Numbers]:
    """First and last line of each record."""
    begins = np.ones(lines, bool)
    steps = np.zeros(lines + 1, np.int64)
    steps[np.array(heads, np.int64) + 1] += 1
    steps[np.array(tails, np.int64) + 1] -= 1
    begins[np.cumsum(steps[:-1]) > 0] = False
    head = np.flatnonzero(begins)
    return head, np.append(head[1:], lines) - 1


def _undecodable(data: bytes, encoding: str) -> Numbers:
    """Where the bytes are that the encoding does not know, and NUL, which PostgreSQL does not store."""
    bytes_ = np.frombuffer(data, np.uint8)
    wrong = np.flatnonzero(bytes_ == 0) if 0 in data else np.empty(0, np.int64)
    if encoding == "latin-1" or data.isascii():
        return wrong
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        # bytes beyond ASCII, each run of them with the byte that ends it, as a character never reaches beyond its run
        near = bytes_ > 0x7F
        near[1:] |= near[:-1]
        where = np.flatnonzero(near)
        runs = bytes_[where].tobytes()
        # each byte in question becomes one character, and then one question mark: all others stay where they are
        marked = runs.decode(encoding, "surrogateescape").encode(encoding, "replace")
        wrong = np.concatenate((wrong, where[np.frombuffer(marked, np.uint8) != bytes_[where]]))
    return wrong
