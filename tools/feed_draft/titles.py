"""The lines above a header, which are titles, `sep=;`, or nothing but delimiters; and comments."""

import csv
import re
from collections import Counter

from tools.feed_draft.vocabulary import is_known

DELIMITERS = (",", ";", "\t", "|")
SEPARATOR = re.compile(r"\"?sep=([,;|\t])\"?", re.IGNORECASE)
"""A first line that tells a spreadsheet the delimiter."""
MOST_ABOVE = 20
"""Lines above a header that are looked at."""
WIDE = 3
"""Columns from which on a line of one value looks like a title."""


COMMENTS = ("#", "//", "--")


def comment_sign(lines: list[str]) -> str | None:
    """How comments begin, if lines begin so that do not have as many delimiters as the rows of the table."""
    for sign in COMMENTS:
        table = [line for line in lines if not line.startswith(sign)]
        comments = [line for line in lines if line.startswith(sign)]
        if comments and table:
            delimiter = max(DELIMITERS, key="".join(table).count)
            ((usual, _),) = Counter(line.count(delimiter) for line in table).most_common(1)
            if all(line.count(delimiter) < usual for line in comments):
                return sign
    return None


def lines_above_header(lines: list[str]) -> int:
    """How many lines, of which none is blank, stand above the header; 0 where none surely does."""
    first = 0
    while first + 1 < len(lines) and (
        SEPARATOR.fullmatch(lines[first].strip()) or not lines[first].strip('",;|\t\r\n ')
    ):
        first += 1
    for at in range(first, min(len(lines), MOST_ABOVE)):
        for delimiter in DELIMITERS:
            if _is_header(lines, at, delimiter, first):
                # a line that leaves columns without a name may group those of the header below it
                gaps = len(_values(lines[at], delimiter)) < lines[at].count(delimiter) + 1
                return at + 1 if gaps and _names_more(lines, at + 1, delimiter) else at
    return first


def _is_header(lines: list[str], at: int, delimiter: str, first: int) -> bool:
    """Whether a line names columns, and the lines above it have fewer values; or is where a table of some width begins."""
    names = _values(lines[at], delimiter)
    above = [_values(line, delimiter) for line in lines[first:at]]
    known = sum(map(is_known, names))
    if known >= 2 and 2 * known >= len(names) and all(len(values) < len(names) for values in above):
        return True
    below = [len(next(csv.reader([line], delimiter=delimiter))) for line in lines[at : at + 5]]
    return (
        at > first
        and len(names) >= WIDE
        and len(below) > 1
        and min(below) == max(below)
        and all(len(_values(line, each)) <= 1 for line in lines[first:at] for each in DELIMITERS)
        and not any(is_known(line) for line in lines[first:at])
    )


def _names_more(lines: list[str], at: int, delimiter: str) -> bool:
    """Whether a line names more columns than the one above it, and most of them are known."""
    names = _values(lines[at], delimiter) if at < len(lines) else []
    return len(names) > len(_values(lines[at - 1], delimiter)) and 2 * sum(map(is_known, names)) >= len(names)


def _values(line: str, delimiter: str) -> list[str]:
    """The values of a line that are not empty."""
    return [value for value in next(csv.reader([line], delimiter=delimiter)) if value.strip()]
