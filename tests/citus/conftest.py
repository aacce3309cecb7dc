"""A warehouse on the cluster that CLIENT360_CITUS names, and an embedded one for comparison: the same runs work on each."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timezone
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from client360 import folders
from client360.warehouse.migrate import migrate
from client360.warehouse.models import SCHEMAS

if TYPE_CHECKING:
    from airflow.sdk import DAG

FILES = folders.ROOT / "docs" / "examples"


@dataclass(frozen=True)
class Place:
    """Where runs work: a warehouse, and the folder that its files go to."""

    warehouse: Engine
    data: Path

    def environment(self) -> dict[str, str]:
        """The variables by which a run finds it."""
        url = self.warehouse.url
        connection = {
            "conn_type": "postgres",
            "host": url.host or str(url.query["host"]),
            "port": url.port,
            "login": url.username,
            "password": url.password,
            "schema": url.database,
        }
        return {"AIRFLOW_CONN_CLIENT360": json.dumps(connection), "CLIENT360_DATA": str(self.data)}

    def rows(self, query: str) -> list[tuple]:
        with self.warehouse.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def published(self) -> dict[str, str]:
        """SHA-256 of every published file."""
        processed = self.data / "processed"
        return {
            path.relative_to(processed).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in sorted(processed.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def embedded(warehouse: Engine, tmp_path: Path) -> Place:
    (tmp_path / "embedded").mkdir()
    return Place(warehouse, tmp_path / "embedded")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Place]:
    """An empty warehouse in the database that CLIENT360_CITUS names. What that held is dropped."""
    url = make_url(os.environ["CLIENT360_CITUS"]).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"drop schema if exists {', '.join((*SCHEMAS, 'crudo'))} cascade"))
    migrate(engine)
    (tmp_path / "cluster").mkdir()
    yield Place(engine, tmp_path / "cluster")
    engine.dispose()


@pytest.fixture
def run(dag: "DAG", monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run the DAG for a day at a place; returns the state it ends in."""
    monkeypatch.setenv("CLIENT360_FOLDERS", str(FILES))

    def run_dag(place: Place, fecha: date, **conf: object) -> str:
        for name, value in place.environment().items():
            monkeypatch.setenv(name, value)
        logical_date = datetime.combine(fecha, datetime.min.time(), timezone.utc)
        return str(dag.test(logical_date=logical_date, run_conf={"reemplazar": False, **conf}).state)

    return run_dag
