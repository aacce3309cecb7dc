"""Delivering files to a warehouse, and feeds of the tests' own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from school import feed
from sqlalchemy import Engine

from client360.ingest.deliveries import changed_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_load import load_raw_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def deliver(warehouse: Engine, folder: Path) -> Callable[..., int]:
    """Write people.csv, or another file, and load what has changed; returns the number of rows."""

    def deliver(content: bytes, name: str = "people.csv", to: Feed | None = None, run: str = "run 1") -> int:
        (folder / name).write_bytes(content)
        to = to or feed()
        return sum(
            load_raw_file(warehouse, to, folder, delivery, run)
            for delivery in changed_deliveries(warehouse, to, folder)
        )

    return deliver
