"""One stack in Docker for the session, and an embedded one for comparison."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stack import BEGIN, DAYS, Embedded, Stack


@pytest.fixture(scope="session")
def stack(open_folders: Callable[[], Path]) -> Iterator[Stack]:
    made = Stack(open_folders())
    example = made.folder / ".env.example"
    # people choose passwords that a program would take for an option, and one in 64 that are drawn begins with a dash too
    chosen = re.sub(r"^(\w+_PASSWORD)=$", r"\1=--chosen-for-\1", example.read_text(), flags=re.MULTILINE)
    example.write_text(f"{chosen}CLIENT360_INICIO={BEGIN}\n")
    yield made
    made.remove()


@pytest.fixture(scope="session")
def embedded(open_folders: Callable[[], Path]) -> Iterator[Embedded]:
    reference = Embedded(open_folders())
    reference.checkout.environment["CLIENT360_INICIO"] = BEGIN
    yield reference
    reference.checkout.stop()


@pytest.fixture
def days() -> list[str]:
    return DAYS


@pytest.fixture
def last() -> str:
    return DAYS[-1]
