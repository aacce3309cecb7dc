"""Numbers that are the same on every machine are also the right ones."""

import numpy as np
import pytest

from client360.simulate import exact

UNIFORM = (np.arange(100_000) + 0.5) / 100_000


def test_exponentials_and_logarithms_are_those_of_numpy() -> None:
    numbers = np.linspace(-40, 40, 100_001)
    assert np.abs(exact.exp(numbers) / np.exp(numbers) - 1).max() < 1e-14
    positive = np.exp(np.linspace(-60, 60, 100_001))
    assert np.abs(exact.log(positive) - np.log(positive)).max() < 1e-13


def test_normal_numbers_are_standard_and_keep_the_order_of_their_draws() -> None:
    found = exact.normal(UNIFORM)
    assert (np.diff(found) > 0).all()
    assert found == pytest.approx(-found[::-1], abs=1e-8)
    assert found.mean() == pytest.approx(0, abs=1e-9)
    assert found.std() == pytest.approx(1, abs=1e-3)
    assert exact.normal(np.array([0.975])) == pytest.approx([1.959964], abs=1e-6)
    assert np.isfinite(exact.normal(np.array([0.0, 1 - 2.0**-53]))).all()


def test_factors_have_mean_1() -> None:
    assert exact.spread(exact.normal(UNIFORM), 0.9).mean() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("mean", [0.0, 0.02, 1.0, 18.0, 90.0])
def test_counts_of_events_have_mean_and_variance_of_poisson(mean: float) -> None:
    counts = exact.poisson(UNIFORM, np.full(UNIFORM.shape, mean))
    assert counts.mean() == pytest.approx(mean, abs=1e-3 + mean / 1e4)
    assert counts.var() == pytest.approx(mean, abs=2e-3 + mean / 1e3)


def test_waiting_times_have_their_mean() -> None:
    assert exact.exponential(UNIFORM, 7.0).mean() == pytest.approx(7, rel=1e-3)
    assert exact.exponential(np.array([0.0]), 7.0)[0] == 0
