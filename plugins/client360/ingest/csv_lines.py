"""The lines of a chunk of a CSV file, and what their quotes mean.

Shapes in this module, for a chunk of n lines: `bytes_` has an element for each byte. `mark` has one, its offset, for each byte
that is a line end, a delimiter or a quote. All other arrays have the shape (n,).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from client360.ingest.raw_file import Dialect

LF, CR = b"\n\r"

Numbers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Lines:
    """The n complete lines of a chunk, blank ones included."""

    bytes_: Bytes
    mark: Numbers
    at: Numbers
    """The index in mark of the end of each line."""
    start: Numbers
    """Offset of its first byte."""
    end: Numbers
    """Offset behind its last byte, without the line end."""

    def __len__(self) -> int:
        return len(self.at)

    @property
    def used(self) -> int:
        """The number of bytes of all lines, with their line ends."""
        return len(self.bytes_)


@dataclass(frozen=True)
class LineQuotes:
    """The quotes of each of n lines, for a line that begins outside a quoted value and for one that begins inside."""

    open: Flags
    """Whether it has an odd number of quotes: beginning outside a value it ends inside, and the other way round."""
    wrong_outside: Flags
    """Whether a quote is misplaced if it begins outside."""
    wrong_inside: Flags
    """The same if it begins inside."""
    values_outside: Numbers
    """Number of delimiters between values if it begins outside."""
    values_inside: Numbers
    """The same if it begins inside."""


def find_lines(data: bytes, dialect: Dialect, last: bool) -> Lines:
    """The complete lines of a chunk. The `last` chunk of a file must end with a line end."""
    # the last byte of any other chunk may be a \r whose \n is still to come
    used = max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) if last else -1)) + 1
    bytes_ = np.frombuffer(data, np.uint8, used)
    line_end = bytes_ == LF
    if returns := CR in data:
        lone = bytes_ == CR
        lone[:-1] &= ~line_end[1:]
        line_end |= lone
    marks = line_end | (bytes_ == ord(dialect.delimiter))
    if ord(dialect.quote) in data:
        marks |= bytes_ == ord(dialect.quote)
    mark = np.flatnonzero(marks)
    at = np.flatnonzero(line_end[mark])
    end: Numbers = mark[at]
    start: Numbers = np.concatenate(([0], end + 1))[: len(end)]
    if returns:
        end = end - ((bytes_[end] == LF) & (end > start) & (bytes_[end - 1] == CR))
    return Lines(bytes_, mark, at, start, end)


def check_quotes(lines: Lines, dialect: Dialect) -> LineQuotes:
    """Find open and misplaced quotes, and count values. There must be at least one line."""
    bytes_, mark, at = lines.bytes_, lines.mark, lines.at
    delimiter, quote = ord(dialect.delimiter), ord(dialect.quote)
    kind = bytes_[mark]
    is_quote, is_delimiter = kind == quote, kind == delimiter
    line = np.repeat(np.arange(len(at), dtype=np.int32), np.diff(at, prepend=-1))
    count = np.cumsum(is_quote, dtype=np.int32)
    before = np.concatenate((count[:1] * 0, count[at[:-1]]))
    odd = ((count - before[line]) & 1).astype(bool)
    """Of each mark, whether the line has an odd number of quotes up to it: it is inside if the line begins outside."""
    first = np.concatenate(([0], at[:-1] + 1))
    quotes = np.flatnonzero(is_quote)
    where, opens = mark[quotes], odd[quotes]
    previous, following = bytes_[where - 1], bytes_[where + 1]
    may_open = (where == lines.start[line[quotes]]) | (previous == delimiter) | (previous == quote)
    may_close = (following == delimiter) | (following == quote) | (following == LF) | (following == CR)
    wrong_outside, wrong_inside = np.zeros(len(at), bool), np.zeros(len(at), bool)
    wrong_outside[line[quotes[~np.where(opens, may_open, may_close)]]] = True
    wrong_inside[line[quotes[~np.where(opens, may_close, may_open)]]] = True
    return LineQuotes(
        odd[at],
        wrong_outside,
        wrong_inside,
        np.add.reduceat(is_delimiter & ~odd, first, dtype=np.int64),
        np.add.reduceat(is_delimiter & odd, first, dtype=np.int64),
    )
