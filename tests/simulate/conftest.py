"""A world that is declared otherwise."""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import _lru_cache_wrapper

import pytest
import yaml

from client360.simulate import facts as module

REAL = module.WORLD_YAML
Declare = Callable[[dict], None]


@pytest.fixture
def facts() -> dict:
    """What world.yaml says."""
    return yaml.safe_load(REAL.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def otherwise(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AbstractContextManager[Declare]]:
    """For a while, other facts may be declared in the place of those of world.yaml."""

    @contextmanager
    def declaring() -> Iterator[Declare]:
        module.WORLD_YAML = tmp_path_factory.mktemp("world") / "world.yaml"

        def declare(facts: dict) -> None:
            module.WORLD_YAML.write_text(yaml.safe_dump(facts, sort_keys=False), encoding="utf-8")
            forget()

        try:
            yield declare
        finally:
            module.WORLD_YAML = REAL
            forget()

    return declaring


@pytest.fixture
def declare(otherwise: Callable[[], AbstractContextManager[Declare]]) -> Iterator[Declare]:
    """Declares other facts, until the test ends."""
    with otherwise() as declare:
        yield declare


def forget() -> None:
    """Empty the caches of what was derived from world.yaml."""
    for thing in gc.get_objects():
        if type(thing) is _lru_cache_wrapper and thing.__module__.startswith("client360.simulate"):
            thing.cache_clear()
