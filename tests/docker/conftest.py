"""One stack for the session, which its tests drive one after the other, and what the embedded one gives for the same days."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from checkout import Checkout
from stack import Stack, hashes

LAST = datetime.now(timezone.utc).date() - timedelta(days=1)
DAYS = [(LAST - timedelta(days=back)).isoformat() for back in range(6, -1, -1)]
"""The last seven days that are over."""


class Embedded:
    """The embedded stack, as a reference."""

    def __init__(self, folder: Path) -> None:
        self.checkout = Checkout(folder)

    def published(self, day: str) -> dict[str, str]:
        """SHA-256 of the files it publishes for the day."""
        folder = self.checkout.data / "processed" / f"fecha={day}"
        if not folder.exists():
            first, last = (DAYS[0], DAYS[-1]) if day in DAYS else (day, day)
            code, output = self.checkout.make("backfill", f"DESDE={first}", f"HASTA={last}")
            assert code == 0, output
        return hashes(folder)


@pytest.fixture(scope="session")
def stack(open_folders: Callable[[], Path]) -> Iterator[Stack]:
    made = Stack(open_folders())
    yield made
    if (made.folder / ".env").exists():
        made.make("down", "VOLUMES=1", answer="yes\n")
        made.command("docker", "image", "rm", "--force", made.project)


@pytest.fixture(scope="session")
def embedded(open_folders: Callable[[], Path]) -> Iterator[Embedded]:
    reference = Embedded(open_folders())
    yield reference
    reference.checkout.stop()


@pytest.fixture
def days() -> list[str]:
    return DAYS


@pytest.fixture
def last() -> date:
    return LAST
