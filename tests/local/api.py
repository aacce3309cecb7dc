"""A client of Airflow's REST API."""

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

PATIENCE = 900


class Api:
    """The REST API of the Airflow at an address of this machine, for one of its users."""

    def __init__(self, address: str, password: str, user: str = "admin") -> None:
        self.address = address
        self.token = None
        self.token = self.call("POST", "/auth/token", {"username": user, "password": password})["access_token"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The answer of the REST API. Raises HTTPError."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(  # noqa: S310 (on this machine)
            self.address + path, json.dumps(body).encode() if body is not None else None, headers, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)

    def runs(self) -> dict[str, dict[str, Any]]:
        found = self.call("GET", "/api/v2/dags/client360/dagRuns?limit=100")["dag_runs"]
        return {run["dag_run_id"]: run for run in found}

    def wait_for(self, what: str, happened: Callable[[dict[str, dict[str, Any]]], bool]) -> dict[str, dict[str, Any]]:
        """Poll the runs, by their id, until `happened` is true of them; fail if one of them fails."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            runs = self.runs()
            assert not [run for run in runs.values() if run["state"] == "failed"]
            if happened(runs):
                return runs
            time.sleep(1)
        raise AssertionError(
            f"{what} did not happen in {PATIENCE} s: { {name: run['state'] for name, run in runs.items()} }"
        )
