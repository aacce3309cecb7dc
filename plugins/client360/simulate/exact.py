"""Exponentials, logarithms and the distributions made of them, the same to the last bit on every machine.

What a processor or a library of mathematics makes of exp and log may differ in the last bit, and with it a row. Here they are
made of additions, multiplications, divisions and square roots alone, which IEEE 754 rounds in one way. Errors are below 1e-14,
those of normal below 2e-9. Every result has the shape of its first argument.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from client360.simulate.arrays import Codes, Floats

LN2_HIGH, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
"""The logarithm of 2 in two parts; multiples of the first up to 2**20 are exact."""
_FACTORIALS = [1.0]
for _n in range(1, 14):
    _FACTORIALS.append(_FACTORIALS[-1] * _n)
MOST = 999
"""The most events that `poisson` counts."""

# Coefficients of the quantile function of the normal distribution: Peter J. Acklam's rational approximations
_CENTRE = (
    (
        -39.69683028665376,
        220.9460984245205,
        -275.9285104469687,
        138.357751867269,
        -30.66479806614716,
        2.506628277459239,
    ),
    (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1.0),
)
_TAIL = (
    (
        -0.007784894002430293,
        -0.3223964580411365,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ),
    (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1.0),
)
_TAIL_BELOW = 0.02425


def exp(numbers: Floats) -> Floats:
    """The exponential."""
    powers = np.rint(numbers / (LN2_HIGH + LN2_LOW))
    rest = (numbers - powers * LN2_HIGH) - powers * LN2_LOW
    return np.ldexp(_polynomial([1 / factorial for factorial in reversed(_FACTORIALS)], rest), powers.astype(np.int64))


def log(numbers: Floats) -> Floats:
    """The natural logarithm of positive numbers."""
    mantissa, powers = np.frexp(numbers)
    small = mantissa < 0.7071067811865476
    mantissa = np.where(small, mantissa * 2, mantissa)
    powers = powers - small
    ratio = (mantissa - 1) / (mantissa + 1)
    series = _polynomial([1 / (2 * n + 1) for n in reversed(range(12))], ratio * ratio)
    return powers * LN2_HIGH + (powers * LN2_LOW + 2 * ratio * series)


def normal(uniform: Floats) -> Floats:
    """Standard normal numbers, the quantiles of uniform draws in [0, 1)."""
    draws = np.maximum(uniform, 2.0**-54)
    centred = draws - 0.5
    square = centred * centred
    quantiles = np.asarray(_polynomial(_CENTRE[0], square) * centred / _polynomial(_CENTRE[1], square))
    tail = np.minimum(draws, 1 - draws)
    outside = tail < _TAIL_BELOW
    root = np.sqrt(-2 * log(tail[outside]))
    ends = _polynomial(_TAIL[0], root) / _polynomial(_TAIL[1], root)
    quantiles[outside] = np.where(centred[outside] < 0, ends, -ends)
    return quantiles


def exponential(uniform: Floats, mean: Floats | float) -> Floats:
    """Exponential waiting times of that mean, from uniform draws in [0, 1)."""
    return -log(1 - uniform) * mean


def spread(normals: Floats, sigma: Floats | float) -> Floats:
    """Log-normal factors of mean 1 and log-standard-deviation `sigma`, one for each standard normal."""
    return exp(sigma * normals - sigma * sigma / 2)


def poisson(uniform: Floats, mean: Floats) -> Codes:
    """Numbers of events of that mean (up to 100, same shape), from uniform draws in [0, 1); at most MOST."""
    term = exp(-mean)
    reached, counts = term.copy(), np.zeros(uniform.shape, dtype=np.int64)
    for number in range(1, MOST + 1):
        more = uniform >= reached
        if not more.any():
            break
        counts += more
        term = term * (mean / number)
        reached += np.maximum(term, 2.0**-53)  # so that no draw is beyond all sums
    return counts


def _polynomial(coefficients: Sequence[float], numbers: Floats) -> NDArray[np.float64]:
    """The polynomial with these coefficients, highest power first."""
    total = np.full(numbers.shape, coefficients[0])
    for coefficient in coefficients[1:]:
        total *= numbers
        total += coefficient
    return total
