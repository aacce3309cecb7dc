"""`make ui`: a real scheduler and API server, driven by REST and by Airflow's own command line, as its users do."""

import subprocess
import sys
import time
import urllib.error
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from airflow_ui import serve
from api import Api
from checkout import Checkout

ARGENTINA = ZoneInfo("America/Argentina/Buenos_Aires")


class Airflow(Api):
    def __init__(self, address: str, password: str, environment: dict[str, str]) -> None:
        super().__init__(address, password)
        self.environment = environment

    def command(self, *arguments: str) -> str:
        """What Airflow's own command prints."""
        done = subprocess.run(
            [str(Path(sys.executable).with_name("airflow")), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def served(open_folders: Callable[[], Path]) -> Iterator[tuple[Airflow, Checkout]]:
    checkout = Checkout(open_folders())
    checkout.environment |= {"CLIENT360_CLIENTES": "200", "CLIENT360_INICIO": "2026-08-01"}
    with serve(checkout) as ui:
        yield Airflow(ui.address, ui.password, ui.environment), checkout
    assert checkout.postmaster() is None, "make ui left its server running"


def test_schedule_triggers_and_backfills_process_the_expected_days(served: tuple[Airflow, Checkout]) -> None:
    airflow, checkout = served
    trigger = "/api/v2/dags/client360/dagRuns"

    while airflow.call("GET", "/api/v2/dags")["total_entries"] < 2:
        time.sleep(1)
    airflow.call("PATCH", "/api/v2/dags/client360", {"is_paused": False})
    runs = airflow.wait_for("the schedule", lambda runs: [run["state"] for run in runs.values()] == ["success"])
    (scheduled,) = runs.values()
    assert scheduled["run_type"] == "scheduled"
    due = datetime.fromisoformat(scheduled["run_after"]).astimezone(ARGENTINA)
    assert timedelta(0) <= datetime.now(timezone.utc) - due < timedelta(days=1)
    assert due.hour == 6
    scheduled_day = (due - timedelta(days=1)).date().isoformat()
    assert scheduled["logical_date"].startswith(scheduled_day)

    airflow.call("POST", trigger, {"logical_date": None})
    airflow.call("POST", trigger, {"logical_date": "2026-11-05T00:00:00Z"})
    airflow.call("POST", trigger, {"logical_date": None, "conf": {"fecha": "2026-10-01"}})
    airflow.command("dags", "trigger", "client360")
    airflow.command("dags", "trigger", "client360", "--logical-date", "2026-11-06T00:00:00+00:00")
    airflow.command(
        *("backfill", "create", "--dag-id", "client360", "--from-date", "2026-11-12", "--to-date", "2026-11-13")
    )
    runs = airflow.wait_for(
        "every run", lambda runs: len(runs) == 8 and {run["state"] for run in runs.values()} == {"success"}
    )
    events = airflow.call("GET", "/api/v2/assets/events?limit=100")["asset_events"]
    days = {event["source_run_id"]: event["extra"]["fecha"] for event in events}
    # two that nobody gave a day: the last one that was over
    yesterdays = [
        (datetime.fromisoformat(run["run_after"]).astimezone(ARGENTINA) - timedelta(days=1)).date().isoformat()
        for run in runs.values()
        if run["logical_date"] is None and not run["conf"]
    ]
    assert len(yesterdays) == 2
    assert sorted(days.values()) == sorted(
        [scheduled_day, *yesterdays, "2026-10-01", "2026-11-05", "2026-11-06", "2026-11-12", "2026-11-13"]
    )
    assert set(days) == set(runs)
    published = {path.name for path in (checkout.data / "processed").iterdir() if path.is_dir()}
    assert published == {f"fecha={day}" for day in days.values()}


def test_housekeeping_reaches_airflows_database_from_a_task(served: tuple[Airflow, Checkout]) -> None:
    airflow, _ = served
    place = "/api/v2/dags/client360_housekeeping"
    while airflow.call("GET", "/api/v2/dags")["total_entries"] < 2:
        time.sleep(1)
    assert airflow.call("GET", place)["is_paused"] is True
    airflow.call("PATCH", place, {"is_paused": False})
    body = {"logical_date": None, "conf": {"aplicar": True}}
    run = airflow.call("POST", f"{place}/dagRuns", body)["dag_run_id"]
    while airflow.call("GET", f"{place}/dagRuns/{run}")["state"] in ("queued", "running"):
        time.sleep(1)
    tasks = airflow.call("GET", f"{place}/dagRuns/{run}/taskInstances")["task_instances"]
    assert {task["task_id"]: task["state"] for task in tasks} == dict.fromkeys(
        ("metadata", "task_logs", "landing_files"), "success"
    )


def test_a_wrong_value_is_refused_with_its_name(served: tuple[Airflow, Checkout]) -> None:
    airflow, _ = served
    with pytest.raises(urllib.error.HTTPError) as refused:
        airflow.call("POST", "/api/v2/dags/client360/dagRuns", {"logical_date": None, "conf": {"clientes": 0}})
    assert refused.value.code == 400
    assert "clientes" in refused.value.read().decode()


def test_a_wrong_password_is_refused(served: tuple[Airflow, Checkout]) -> None:
    airflow, checkout = served
    with pytest.raises(urllib.error.HTTPError) as refused:
        Airflow(airflow.address, "wrong", {})
    assert refused.value.code == 401
    refused.value.close()
    passwords = checkout.local / "airflow" / "passwords.json"
    assert passwords.stat().st_mode & 0o077 == 0
