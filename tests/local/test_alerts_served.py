"""Alerts of `make ui`, whose scheduler, DAG processor and tasks are processes of their own."""

import json
import queue
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from airflow_ui import serve
from api import Api
from checkout import Checkout

PATIENCE = 300


@pytest.fixture
def told() -> Iterator[tuple[str, "queue.Queue[dict]"]]:
    messages: queue.Queue[dict] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            messages.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"json://127.0.0.1:{server.server_port}", messages
        server.shutdown()
        thread.join()


def test_a_failure_and_a_day_that_is_late_are_told_once_each(
    told: tuple[str, "queue.Queue[dict]"], open_folders: Callable[[], Path]
) -> None:
    address, messages = told
    checkout = Checkout(open_folders())
    checkout.environment |= {"CLIENT360_ALERTS": address, "CLIENT360_ALERT_LATE": "0"}
    with serve(checkout) as ui:
        airflow = Api(ui.address, ui.password)
        while not airflow.call("GET", "/api/v2/dags")["dags"]:
            time.sleep(1)
        airflow.call("PATCH", "/api/v2/dags/client360", {"is_paused": False})
        late = messages.get(timeout=PATIENCE)  # of the schedule's run, at its first look
        assert late["title"].endswith(" is late")
        airflow.wait_for("the schedule", lambda runs: [run["state"] for run in runs.values()] == ["success"])
        airflow.call("PATCH", "/api/v2/dags/client360", {"is_paused": True})

    checkout.environment["CLIENT360_ALERT_LATE"] = "6"
    with serve(checkout) as ui:
        airflow = Api(ui.address, ui.password)
        airflow.call("PATCH", "/api/v2/dags/client360", {"is_paused": False})
        body = {"logical_date": None, "conf": {"fecha": "2026-10-01", "entrada": "nowhere"}}
        airflow.call("POST", "/api/v2/dags/client360/dagRuns", body)
        failed = messages.get(timeout=PATIENCE)
        assert failed["title"] == "client360: the run of 2026-10-01 failed"
        assert failed["message"].splitlines()[1] == "Task: generate.plan"
        assert f"{ui.address}/dags/client360/runs/manual__" in failed["message"]
    assert messages.empty()
