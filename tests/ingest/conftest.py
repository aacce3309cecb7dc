"""Delivering files to a warehouse, and feeds of the tests' own."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from school import feed
from sqlalchemy import Engine

from client360.ingest import feed_spec
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_load import load_raw_file

if TYPE_CHECKING:
    from airflow.sdk import DAG


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


@pytest.fixture
def own_feed(dag: "DAG", tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for a feed of the test's own. It takes the place of `simulador`, so that the form of the DAG, which is
    there before, has the feeds that it has in other tests. Leave it in their time zone, too: the schedule goes by it."""
    feeds = tmp_path_factory.mktemp("feeds")
    shutil.copytree(feed_spec.FEEDS, feeds, dirs_exist_ok=True)
    shutil.rmtree(feeds / "simulador")
    (feeds / "simulador").mkdir()
    monkeypatch.setattr(feed_spec, "FEEDS", feeds)
    return feeds / "simulador"
