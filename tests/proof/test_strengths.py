"""The strengths of causes are found again as declared, and a cause that is dead is noticed."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import pytest
import yaml

from client360.simulate.facts import WORLD_YAML
from proof import strengths
from proof.realism.sample import SAMPLE, generate
from proof.strengths import NORMAL, Estimate, level, slope

pytestmark = pytest.mark.long

DEAD = {
    "income": lambda f: f["shop"]["orders"].update(income_elasticity=0),
    "taste": lambda f: f["shop"]["orders"].update(taste_sigma=0.05),
    "price": lambda f: f["shop"]["catalog"].update(elasticity=0.1),
    "lateness on further orders": lambda f: f["shop"]["orders"].update(late_loss=0),
    "lateness on returns": lambda f: f["shop"]["orders"].update(late_returns=1),
    "stress": lambda f: f["default"].update(stress_strength=0),
    "campaigns": lambda f: [c.update(uplift=0) for c in f["shop"]["campaigns"]["channels"].values()],
}


def measured() -> list[Estimate]:
    sample = generate(SAMPLE)
    return [estimate for strength in strengths.STRENGTHS for estimate in strength(sample)]


def test_a_world_is_as_declared() -> None:
    found = measured()
    assert len(found) == 10
    assert [estimate for estimate in found if abs(estimate.value - 1) > 4 * estimate.error] == []


def test_dead_causes_are_noticed(
    altered_facts: Callable[[], AbstractContextManager[Callable[[dict], None]]],
) -> None:
    facts = yaml.safe_load(WORLD_YAML.read_text(encoding="utf-8"))
    for alter in DEAD.values():
        alter(facts)
    with altered_facts() as use:
        use(facts)
        sample = generate(SAMPLE)
    found = [estimate for strength in strengths.STRENGTHS for estimate in strength(sample)]
    assert [estimate.what for estimate in found if estimate.holds] == []


@pytest.mark.parametrize(("size", "least"), [(20, 0.84), (300, 0.92)])
def test_intervals_hold_the_truth_as_often_as_they_say(size: int, least: float) -> None:
    """Of counts whose clusters differ more than chance alone would make them."""
    random = np.random.default_rng(1)
    held = {"slope": 0, "level": 0}
    for _ in range(400):
        cause, expected = np.exp(random.normal(size=(size, 5))), random.uniform(0.5, 2, size=(size, 5))
        counts = random.poisson(expected * cause**1.0 * random.gamma(2, 1 / 2, size=(size, 1))).astype(float)
        held["slope"] += slope("", counts, expected, cause).holds
        held["level"] += level("", counts.sum(axis=1), (expected * cause).sum(axis=1)).holds
    # in small samples such errors are a little too small
    assert all(least <= count / 400 <= 0.98 for count in held.values()), held


def test_an_estimate_holds_within_its_interval() -> None:
    assert Estimate("", 1 + NORMAL * 0.1 - 1e-9, 0.1).holds
    assert not Estimate("", 1 - NORMAL * 0.1 - 1e-9, 0.1).holds
