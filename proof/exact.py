"""Exact numbers of the answer key: fractions to the end, then rounded once, halves away from zero."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor, isqrt
from typing import TypeVar

Number = int | Fraction

Value = TypeVar("Value", int, Decimal)
CONFIDENCE = Fraction(196, 100)
"""Standard errors to each side of an estimate that make an interval of 95 %."""
ROOT_DIGITS = 40
"""Decimals of a square root that is not a fraction."""


def rounded(number: Number, places: int) -> Decimal:
    """The number to that many decimals, halves away from zero."""
    units = floor(abs(number) * 10**places + Fraction(1, 2))
    return Decimal(units if number >= 0 else -units).scaleb(-places)


def pesos(cents: Number) -> Decimal:
    """Pesos of an amount in cents."""
    return rounded(Fraction(cents) / 100, 2)


def cents(amount: Decimal) -> int:
    """Cents of an amount in pesos, as a landing file holds it."""
    return int(amount * 100)


def value(units: int, price: Decimal) -> int:
    """Cents of units at a price in pesos, rounded for all of them together."""
    return int(rounded(units * Fraction(price) * 100, 0))


def ratio(part: Number, whole: Number, places: int) -> Decimal | None:
    """A part over a whole; None where the whole is 0."""
    return rounded(Fraction(part) / whole, places) if whole else None


def percentage(part: Number, whole: Number) -> Decimal | None:
    """A part in percent of a whole; None where the whole is 0."""
    return ratio(part * 100, whole, 2)


def median(values: Sequence[int]) -> Fraction:
    ascending = sorted(values)
    middle = len(ascending) // 2
    if len(ascending) % 2:
        return Fraction(ascending[middle])
    return Fraction(ascending[middle - 1] + ascending[middle], 2)


def percentile(values: Sequence[Value], percent: int) -> Value:
    """The smallest of the values that `percent` % of them, or more, do not exceed."""
    return sorted(values)[-(-len(values) * percent // 100) - 1]


def quintile(position: int, total: int) -> int:
    """Which fifth the row at `position` (from 0) of `total` belongs to; the first fifths are the larger ones."""
    size, larger = divmod(total, 5)
    if position < larger * (size + 1):
        return position // (size + 1) + 1
    return larger + (position - larger * (size + 1)) // size + 1


def mean(values: Sequence[int]) -> Fraction:
    return Fraction(sum(values), len(values))


def variance(values: Sequence[int]) -> Fraction:
    """Sample variance, of two values or more."""
    middle = mean(values)
    return sum(((value - middle) ** 2 for value in values), Fraction(0)) / (len(values) - 1)


def root(number: Fraction) -> Fraction:
    """Square root: exact where it is a fraction, cut off after ROOT_DIGITS decimals or more where it is none."""
    whole = number.numerator * number.denominator  # a square just where both are
    return Fraction(isqrt(whole * 10 ** (2 * ROOT_DIGITS)), number.denominator * 10**ROOT_DIGITS)


def increment(
    treated: Sequence[int], control: Sequence[int]
) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """What the treated have in excess of as many of the control group, and the bounds of its 95 % interval.

    All None where a group is empty; no bounds where a group is too small to have a variance.
    """
    if not treated or not control:
        return None, None, None
    difference = mean(treated) - mean(control)
    if min(len(treated), len(control)) < 2:
        return len(treated) * difference, None, None
    error = CONFIDENCE * root(variance(treated) / len(treated) + variance(control) / len(control))
    low, middle, high = (len(treated) * each for each in (difference - error, difference, difference + error))
    return middle, low, high
