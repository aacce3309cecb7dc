"""Alerts of `make ui`, whose scheduler, DAG processor and tasks are processes of their own."""

import time
from collections.abc import Callable
from pathlib import Path

from airflow_ui import serve
from api import Api
from checkout import Checkout
from web_hook import Message

PATIENCE = 300
WORLD = {"CLIENT360_CLIENTES": "100", "CLIENT360_INICIO": "2026-08-01"}


def nth(messages: list[Message], number: int) -> Message:
    """The message of that number, once it has come."""
    end = time.monotonic() + PATIENCE
    while len(found := told(messages)) < number:
        assert time.monotonic() < end
        time.sleep(0.2)
    return found[number - 1]


def told(messages: list[Message]) -> list[Message]:
    """All but what monitors notice in so many days."""
    return [message for message in messages if " warn for " not in message.title]


def test_a_failure_and_a_day_that_is_late_are_told_once_each(
    web: tuple[str, list[Message]], open_folders: Callable[[], Path]
) -> None:
    address, messages = web
    checkout = Checkout(open_folders())
    checkout.environment |= WORLD | {"CLIENT360_ALERTS": address, "CLIENT360_ALERT_LATE": "0"}
    with serve(checkout) as ui:
        airflow = Api(ui.address, ui.password)
        while airflow.call("GET", "/api/v2/dags")["total_entries"] < 2:
            time.sleep(1)
        airflow.call("PATCH", "/api/v2/dags/client360", {"is_paused": False})
        late = nth(messages, 1)  # of the schedule's run, at its first look
        assert late.title.endswith(" is late")
        airflow.wait_for("the schedule", lambda runs: [run["state"] for run in runs.values()] == ["success"])
        airflow.call("PATCH", "/api/v2/dags/client360", {"is_paused": True})

    checkout.environment["CLIENT360_ALERT_LATE"] = "6"
    with serve(checkout) as ui:
        airflow = Api(ui.address, ui.password)
        airflow.call("PATCH", "/api/v2/dags/client360", {"is_paused": False})
        body = {"logical_date": None, "conf": {"fecha": "2026-10-01", "entrada": "nowhere"}}
        airflow.call("POST", "/api/v2/dags/client360/dagRuns", body)
        failed = nth(messages, 2)
        assert failed.title == "client360: the run of 2026-10-01 failed"
        assert failed.body.splitlines()[1] == "Task: generate.plan"
        assert f"{ui.address}/dags/client360/runs/manual__" in failed.body
    assert len(told(messages)) == 2
