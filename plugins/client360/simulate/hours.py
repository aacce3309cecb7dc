"""Times of day: seconds from midnight in Argentina, drawn by the weights of the hours of world.yaml."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from client360.simulate.arrays import Codes, upper_bounds
from client360.simulate.facts import world_facts

UTC_OFFSET = -3 * 3600
"""Seconds; Argentina has had no daylight saving time since 2009."""
Draws = NDArray[np.uint16]
"""Each leads to a time of day; a draw of 16 bits is enough, and found in a table."""
STEPS = 2**16


def draw_times(random: np.random.Generator, shape: int | tuple[int, int]) -> Draws:
    """Draws for times of day, uniform."""
    return random.integers(0, STEPS, shape, dtype=np.uint16)


def second_of_day(what: str, draws: Draws) -> Codes:
    """The second at which something of world.yaml's `hours` happens, for each draw; same shape."""
    return _seconds(what)[draws]


@lru_cache
def _seconds(what: str) -> Codes:
    """The second of each draw: by the weights of the hours, and evenly within them; shape (STEPS,)."""
    bounds = np.concatenate([[0.0], upper_bounds(getattr(world_facts().hours, what))])
    return np.interp((np.arange(STEPS) + 0.5) / STEPS, bounds, np.arange(25) * 3600.0).astype(np.int64)
