"""The command line of leftovers, with Airflow's runs and connection."""

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from airflow.models import DagRun
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState
from airflow.utils.types import DagRunType
from sqlalchemy import Engine, delete

from client360.orchestration.leftovers import AtWork, main, require_no_run


@pytest.fixture
def running(airflow_database: Path) -> Iterator[str]:
    run_id = "leftovers"
    now = datetime.now(timezone.utc)
    run = DagRun("client360", run_id, run_after=now, state=DagRunState.RUNNING, run_type=DagRunType.MANUAL)
    with create_session() as session:
        session.add(run)
    yield run_id
    with create_session() as session:
        session.execute(delete(DagRun).where(DagRun.run_id == run_id))


def test_nothing_is_removed_while_a_run_is_at_work(running: str) -> None:
    with pytest.raises(AtWork, match=f"the run {running} is at work"):
        require_no_run()


def test_refusals_take_one_line(
    warehouse: Engine, data: Path, airflow_database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for choice, said in (("", "the warehouse holds nothing"), ("yes", "give 1, or all")):
        assert main(choice) == 1
        error = capsys.readouterr().err
        assert error.startswith("client360: ")
        assert said in error
        assert error.count("\n") == 1


def test_a_warehouse_that_does_not_answer_is_told_in_one_line(
    data: Path, airflow_database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_CLIENT360", "postgresql://nobody@127.0.0.1:1/nothing")
    assert main("") == 1
    error = capsys.readouterr().err
    assert error.startswith("client360: ")
    assert error.count("\n") == 1
