"""One stack in Docker for all faults, and an embedded one for comparison."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shaken import WORLD, Shaken
from stack import Embedded


@pytest.fixture(scope="session")
def stack(open_folders: Callable[[], Path]) -> Iterator[Shaken]:
    made = Shaken(open_folders())
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="session")
def embedded(open_folders: Callable[[], Path]) -> Iterator[Embedded]:
    reference = Embedded(open_folders())
    reference.checkout.environment |= WORLD
    yield reference
    reference.checkout.stop()
