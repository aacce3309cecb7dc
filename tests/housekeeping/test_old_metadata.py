"""Old rows of Airflow's database on PostgreSQL go, by Airflow's own command. A task of Airflow may not use that database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from airflow.models import DagRun, Log
from airflow.utils.types import DagRunType
from sqlalchemy import Engine, create_engine, delete, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from client360 import folders
from client360.housekeeping.metadata import CannotClean, clean
from tools.local.server import Server

pytestmark = pytest.mark.long

NOW = datetime.now(timezone.utc)
BEFORE = NOW - timedelta(days=90)
RUNS = {
    "manual_old": (DagRunType.MANUAL, 200),
    "scheduled_older": (DagRunType.SCHEDULED, 150),
    "scheduled_old": (DagRunType.SCHEDULED, 100),
    "manual_new": (DagRunType.MANUAL, 1),
}
"""Kinds of runs, and how many days ago they began."""
BLOCKED = """
import subprocess, sys
from airflow import settings
from airflow.sdk.execution_time.supervisor import block_orm_access
from client360.housekeeping import metadata
from datetime import datetime, timezone
settings.initialize()
block_orm_access()  # as Airflow does in the process of each task
plain = subprocess.run([sys.executable, "-m", "airflow", "db", "check"], capture_output=True, text=True)
print(plain.returncode, "Could not parse SQLAlchemy URL" in plain.stdout + plain.stderr)
print(metadata.clean(sys.argv[1], datetime.now(timezone.utc), apply=False)["dag_run"])
"""


@pytest.fixture(scope="module")
def address(server: Server) -> str:
    """A database of Airflow on PostgreSQL."""
    url = server.url("airflow", "postgresql+psycopg2")
    environment = os.environ | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url}
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], env=environment, check=True, capture_output=True)
    return url


@pytest.fixture
def airflow(address: str) -> Iterator[Engine]:
    """It, with some runs and an event of each."""
    engine = create_engine(address, poolclass=NullPool)
    with Session(engine) as session:
        session.execute(delete(Log))
        session.execute(delete(DagRun))
        for name, (kind, days) in RUNS.items():
            began = NOW - timedelta(days=days)
            run = DagRun("client360", name, logical_date=began, run_after=began, start_date=began, run_type=kind)
            run.state = "success"
            session.add(run)
            event = Log(event=name)
            event.dttm = began
            session.add(event)
        session.commit()
    yield engine
    engine.dispose()


def runs(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(DagRun.run_id)))


def tables(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")))


def test_dry_nothing_goes_and_applied_what_was_counted_does(airflow: Engine, address: str) -> None:
    there = tables(airflow)
    counted = clean(address, BEFORE, apply=False)
    assert counted == {"dag_run": 2, "log": 3}
    assert runs(airflow) == set(RUNS)
    assert clean(address, BEFORE, apply=True) == counted
    assert runs(airflow) == {"scheduled_old", "manual_new"}, "the newest scheduled run stays, so the schedule goes on"
    assert clean(address, BEFORE, apply=True) == {}
    assert tables(airflow) == there, "no copy of what went"


def test_nothing_goes_while_a_run_at_work_goes_on_from_old_tasks(airflow: Engine, address: str) -> None:
    """One of which somebody has cleared the last task: what its first ones have left is as old as they are."""
    with airflow.begin() as connection:
        connection.execute(text("update dag_run set state = 'running' where run_id = 'manual_old'"))
        task = {"id": "00000000-0000-7000-8000-000000000001", "began": NOW - timedelta(days=200)}
        connection.execute(
            text(
                "insert into task_instance (id, task_id, dag_id, run_id, map_index, state, start_date, try_number, "
                "max_tries, pool, pool_slots, span_status) values (:id, 'plan', 'client360', 'manual_old', -1, "
                "'success', :began, 1, 0, 'default_pool', 1, 'ended')"
            ),
            task,
        )
    with pytest.raises(CannotClean, match=r"^the run manual_old is at work, and goes on from tasks that are old"):
        clean(address, BEFORE, apply=True)
    assert runs(airflow) == set(RUNS)
    assert clean(address, BEFORE, apply=False)["task_instance"] == 1
    assert clean(address, NOW - timedelta(days=300), apply=True) == {}, "no row is that old"


def test_why_the_command_failed_is_told() -> None:
    with pytest.raises(CannotClean, match=r"(?s)^airflow db clean failed:\n.*no_such_driver"):
        clean("postgresql+no_such_driver://", BEFORE, apply=False)


def test_a_task_reaches_the_database_only_by_the_address_that_it_was_given(airflow: Engine, address: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(folders.ROOT / "plugins")}
    environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = address
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, address], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == ["1 True", "3"]
