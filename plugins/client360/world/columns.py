"""From arrays of numbers to the typed columns of a landing file."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def dates(days: NDArray[np.int64]) -> pa.Array:
    """Dates of day numbers."""
    return pa.array(days.astype(np.int32)).view(pa.date32())


def dates_or_null(days: NDArray[np.int64], known: NDArray[np.bool_]) -> pa.Array:
    """Dates of day numbers, null where not known."""
    return pa.array(days.astype(np.int32), mask=~known).view(pa.date32())


def money(cents: NDArray[np.int64]) -> pa.Array:
    """Exact amounts, numeric(14,2), of whole cents."""
    words = np.empty((len(cents), 2), dtype=np.int64)
    words[:, 0] = cents
    words[:, 1] = cents >> 63
    return pa.Array.from_buffers(pa.decimal128(14, 2), len(cents), [None, pa.py_buffer(words)])


def names(codes: NDArray[np.int64], vocabulary: Sequence[str | None]) -> pa.Array:
    """The word for each code."""
    return pa.array(vocabulary).take(pa.array(codes))


def ids(prefix: str, numbers: NDArray[np.int64], digits: int) -> pa.Array:
    """Natural keys: a letter and the number with leading zeros."""
    padded = pa.array(numbers + 10**digits).cast(pa.string())
    return pc.binary_replace_slice(padded, 0, 1, prefix)


def cents(amounts: NDArray[np.floating]) -> NDArray[np.int64]:
    """Whole cents of amounts in pesos."""
    return np.rint(amounts * 100).astype(np.int64)


def ids_or_null(prefix: str, numbers: NDArray[np.int64], digits: int) -> pa.Array:
    """Natural keys, null where the number is negative."""
    known = np.flatnonzero(numbers >= 0)
    rows = np.zeros(len(numbers), dtype=np.int64)
    rows[known] = np.arange(len(known))
    return ids(prefix, numbers[known], digits).take(pa.array(rows, mask=numbers < 0))
