"""What makes the generator fast gives what the plain way gives."""

import numpy as np
import pytest

from client360.simulate.bank.intervals import Intervals
from client360.simulate.columns import ids, ids_or_null


@pytest.mark.parametrize("digits", [3, 4, 5, 9, 16, 17])
def test_an_id_is_a_letter_and_the_number_with_leading_zeros(digits: int) -> None:
    numbers = [0, 1, 10**digits - 1, 10 ** (digits - 1), 10**digits // 3]
    assert ids("T", np.array(numbers), digits).to_pylist() == [f"T{number:0{digits}}" for number in numbers]
    assert ids("T", np.array([], dtype=np.int64), digits).to_pylist() == []


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (
            [-1, 7, -1, -1, 90_000, 12, -1, 3, -1, 5],
            [None, "K00007", None, None, "K90000", "K00012", None, "K00003", None, "K00005"],
        ),
        ([-1, -1], [None, None]),
        ([], []),
    ],
)
def test_an_id_is_null_where_its_number_is_negative(numbers: list[int], expected: list[str | None]) -> None:
    found = ids_or_null("K", np.array(numbers, dtype=np.int64), 5)
    found.validate(full=True)
    assert found.to_pylist() == expected
    assert found.null_count == expected.count(None)


@pytest.mark.parametrize("bounds", [[1.0], [0.25, 0.5, 1.0], [0.1, 0.1001, 0.1002, 0.9, 1.0, 1.3, 1.99999, 2.0]])
def test_numbers_are_found_between_bounds_as_a_binary_search_finds_them(bounds: list[float]) -> None:
    at_bounds = np.array([0.0, *bounds[:-1]])
    random = np.random.default_rng(1).random(1000) * bounds[-1]
    numbers = np.concatenate([random, at_bounds, np.nextafter(bounds, 0)])
    assert (Intervals.of(np.array(bounds)).find(numbers) == np.searchsorted(bounds, numbers, side="right")).all()
