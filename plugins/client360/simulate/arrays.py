"""The arrays that the generator computes with."""

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
"""Day numbers, counted from 1970-01-01 unless a docstring names another first day."""
Codes = NDArray[np.int64]
"""Positions in a vocabulary, row numbers, digits of natural keys, units or cents."""
Floats = NDArray[np.floating]
Flags = NDArray[np.bool_]

NEVER = 10**6
"""A day number after every day."""


def upper_bounds(weights: list[float]) -> Floats:
    """Upper bounds in [0, 1] of intervals as long as the weights, the last exactly 1; shape (weights,)."""
    total = np.cumsum(weights)
    return total / total[-1]
