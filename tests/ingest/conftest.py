"""Delivering files to a warehouse."""

from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from school import feed
from sqlalchemy import Engine

from client360 import folders
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


@pytest.fixture
def run(airflow_database: Path, data: Path, warehouse: Engine) -> Callable[..., str]:
    """Run the DAG for a day; returns the state it ends in."""
    from airflow.dag_processing.dagbag import DagBag

    dag = DagBag(str(folders.ROOT / "dags")).dags["client360"]
    for task in dag.tasks:
        if not task.is_mapped:
            task.retries = 0
    dag.get_task("load.deliveries").timeout = 0  # looks for awaited files once

    def run_dag(fecha: date, **conf: object) -> str:
        # the DAG keeps what the run before it was given
        logical_date = datetime.combine(fecha, datetime.min.time(), timezone.utc)
        return str(dag.test(logical_date=logical_date, run_conf={"reemplazar": False, **conf}).state)

    return run_dag
