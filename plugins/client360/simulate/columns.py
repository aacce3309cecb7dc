"""From arrays of numbers to the typed columns of a landing file. Every argument and result is of shape (rows,)."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from client360.simulate.hours import UTC_OFFSET

FOUR = np.char.mod("%04d", np.arange(10**4)).astype("S4").view(np.uint32)
"""Each number below 10,000 as four digits: an id is written four digits at a time."""


def dates(days: NDArray[np.int64]) -> pa.Array:
    """Dates of day numbers."""
    return pa.array(days.astype(np.int32)).view(pa.date32())


def dates_or_null(days: NDArray[np.int64], known: NDArray[np.bool_]) -> pa.Array:
    """Dates of day numbers, null where not known."""
    return pa.array(days.astype(np.int32), mask=~known).view(pa.date32())


def moments(days: NDArray[np.int64], seconds: NDArray[np.int64]) -> pa.Array:
    """Moments, in UTC, of day numbers and seconds of the day in Argentina; null where the seconds are negative."""
    return pa.array(days * 86_400 + seconds - UTC_OFFSET, mask=seconds < 0).view(pa.timestamp("s", tz="UTC"))


def money(cents: NDArray[np.int64]) -> pa.Array:
    """Exact amounts, numeric(14,2), of whole cents."""
    return _amounts(cents, None)


def money_or_null(cents: NDArray[np.int64], known: NDArray[np.bool_]) -> pa.Array:
    """Exact amounts of whole cents, null where not known."""
    return _amounts(cents, pa.py_buffer(np.packbits(known, bitorder="little")))


def _amounts(cents: NDArray[np.int64], known: pa.Buffer | None) -> pa.Array:
    """`known` holds a bit for each amount."""
    words = np.empty((len(cents), 2), dtype=np.int64)
    words[:, 0] = cents
    words[:, 1] = cents >> 63
    return pa.Array.from_buffers(pa.decimal128(14, 2), len(cents), [known, pa.py_buffer(words)])


def names(codes: NDArray[np.int64], vocabulary: Sequence[str | None]) -> pa.Array:
    """The word for each code."""
    return pa.array(vocabulary).take(pa.array(codes))


def ids(prefix: str, numbers: NDArray[np.int64], digits: int) -> pa.Array:
    """Natural keys: a letter and the number with leading zeros."""
    text = _texts(prefix, numbers, digits)
    return _strings(np.arange(len(numbers) + 1, dtype=np.int32) * text.itemsize, text)


def ids_or_null(prefix: str, numbers: NDArray[np.int64], digits: int) -> pa.Array:
    """Natural keys, null where the number is negative."""
    known = numbers >= 0
    text = _texts(prefix, numbers[known], digits)
    ends = np.cumsum(np.concatenate([[0], known]), dtype=np.int32) * text.itemsize
    return _strings(ends, text, np.packbits(known, bitorder="little"))


def _texts(prefix: str, numbers: NDArray[np.int64], digits: int) -> NDArray[np.void]:
    """The bytes of each key."""
    fours, rest = divmod(digits, 4)
    heads = _heads(prefix, rest)
    text = np.empty(len(numbers), dtype=[("head", heads.dtype), *((f"four {i}", np.uint32) for i in range(fours))])
    for i in reversed(range(fours)):
        higher = numbers // 10**4
        text[f"four {i}"] = FOUR[numbers - higher * 10**4]
        numbers = higher
    text["head"] = heads[numbers]
    return text


@lru_cache
def _heads(prefix: str, digits: int) -> NDArray[np.bytes_]:
    """The prefix alone, or followed by each number of so many digits."""
    return np.array([f"{prefix}{number:0{digits}}" if digits else prefix for number in range(10**digits)], dtype="S")


def _strings(ends: NDArray[np.int32], text: NDArray[np.void], known: NDArray[np.uint8] | None = None) -> pa.Array:
    """Strings, which follow each other in `text`; `ends` begins with 0, `known` holds a bit for each string."""
    buffers = [None if known is None else pa.py_buffer(known), pa.py_buffer(ends), pa.py_buffer(text)]
    return pa.Array.from_buffers(pa.string(), len(ends) - 1, buffers)


def cents(amounts: NDArray[np.floating]) -> NDArray[np.int64]:
    """Whole cents of amounts in pesos."""
    return np.rint(amounts * 100).astype(np.int64)
