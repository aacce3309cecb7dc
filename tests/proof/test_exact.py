"""Exact numbers: rounding, quintiles, percentiles and intervals worked by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from proof.exact import increment, percentile, quintile, root, rounded


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(-3, 10), 0, "0"),
        (Fraction(-1, 1000), 2, "0.00"),
        (7, 4, "7.0000"),
    ],
)
def test_rounding_is_half_away_from_zero(number: Fraction, places: int, expected: str) -> None:
    assert str(rounded(number, places)) == expected


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (3, [1, 2, 3]),
        (5, [1, 2, 3, 4, 5]),
        (7, [1, 1, 2, 2, 3, 4, 5]),
        (12, [1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5]),
    ],
)
def test_quintiles_are_those_of_ntile(total: int, expected: list[int]) -> None:
    assert [quintile(position, total) for position in range(total)] == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [([4], 4), ([5, *[0] * 9], 0), ([5, 3, *[0] * 9], 3), ([9, 7, *range(18)], 15)],
)
def test_the_90th_percentile_is_the_smallest_value_that_nine_in_ten_do_not_exceed(
    values: list[int], expected: int
) -> None:
    assert percentile(values, 90) == expected


def test_the_interval_of_an_increment() -> None:
    # means 1 and 1/2; variances 2/3 and 1/2; their error is the root of 1/6 + 1/4, 0.6454972
    middle, low, high = increment([1, 0, 2, 1], [0, 1])
    assert middle == 2
    assert low is not None
    assert high is not None
    assert (rounded(low, 4), rounded(high, 4)) == (Decimal("-3.0607"), Decimal("7.0607"))
    assert increment([1, 3], [1]) == (2, None, None)
    assert increment([], [1, 2]) == increment([1, 2], []) == (None, None, None)
    assert root(Fraction(4, 9)) == Fraction(2, 3)
