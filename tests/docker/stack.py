"""The stack that `make up` starts from a copy of this checkout."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api import Api
from checkout import Checkout

from client360 import folders

CELERY = {"COMPOSE_FILE": "docker-compose.yaml:docker-compose.celery.yaml"}
MACHINES = {"COMPOSE_FILE": f"{CELERY['COMPOSE_FILE']}:docker-compose.machines.yaml"}
PATIENCE = 900
SCHEDULE = ZoneInfo("America/Argentina/Buenos_Aires")
LAST = (datetime.now(SCHEDULE) - timedelta(days=1, hours=6)).date()
DAYS = [(LAST - timedelta(days=back)).isoformat() for back in range(3, -1, -1)]
"""The last four days whose scheduled runs are due: more than run at the same time."""
BEGIN = f"{LAST - timedelta(days=365):%Y-%m-01}"
WORLD = {"clientes": 1000, "inicio": BEGIN, "semilla": 42, "reemplazar": False}
"""What runs are triggered with. Its history is as long whenever the tests are run."""


class Stack:
    """A clean copy of the checkout, under a project name and on ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._api: Api | None = None
        self.project = f"client360-test-{os.getpid()}"
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        for name in subprocess.check_output(listed, cwd=folders.ROOT, text=True).rstrip("\0").split("\0"):
            if (folders.ROOT / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(folders.ROOT / name, folder / name)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AIRFLOW", "CLIENT360", "COMPOSE", "MAKE", "MFLAGS"))
        }
        self.environment = kept | {
            "COMPOSE_PROJECT_NAME": self.project,
            "AIRFLOW_PORT": str(_free_port()),
            "WAREHOUSE_PORT": str(_free_port()),
            "DASHBOARD_PORT": str(_free_port()),
            "NOTEBOOK_PORT": str(_free_port()),
            "BUILDKIT_PROGRESS": "plain",
        }

    def command(self, *arguments: str, answer: str = "", check: bool = True, **environment: str) -> str:
        """The output of a command in the copy; `answer` is its standard input."""
        done = subprocess.run(
            arguments,
            cwd=self.folder,
            env=self.environment | environment,
            input=answer,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout
        return done.stdout

    def make(self, *arguments: str, **options: Any) -> str:
        return self.command("make", "--no-print-directory", *arguments, **options)

    def compose(self, *arguments: str, **options: Any) -> str:
        return self.command("docker", "compose", *arguments, **options)

    def sql(self, query: str, database: str = "client360", **options: Any) -> str:
        """The result of a query by the superuser, as text."""
        psql = ("exec", "-T", "postgres", "psql", "-U", "postgres", "-d", database, "-XAtc", query)
        return self.compose(*psql, **options).strip()

    def settings(self) -> dict[str, str]:
        """The variables of .env."""
        lines = (self.folder / ".env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    def remove(self) -> None:
        """Remove the containers, volumes and images, those of Celery too; fail if `make down` left any."""
        if (self.folder / ".env").exists():
            self.make("down", "VOLUMES=1", answer="yes\n", **CELERY)
            mine = f"label=com.docker.compose.project={self.project}"
            for kind, options in (("container", ["--all"]), ("network", []), ("volume", [])):
                left = self.command("docker", kind, "ls", "--quiet", "--filter", mine, *options)
                assert not left, f"make down left a {kind}: {left}"
            images = [f"{self.project}{suffix}" for suffix in ("", "-dashboard", "-notebook")]
            self.command("docker", "image", "rm", "--force", *images, check=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.environment['AIRFLOW_PORT']}"

    def api(self) -> Api:
        """The REST API, after one login: the token stays valid when containers are replaced."""
        if self._api is None:
            self._api = Api(self.address, self.settings()["AIRFLOW_ADMIN_PASSWORD"])
        return self._api

    def trigger(self, **conf: Any) -> str:
        """Trigger a run; return its id."""
        run = self.api().call("POST", "/api/v2/dags/client360/dagRuns", {"logical_date": None, "conf": conf})
        return run["dag_run_id"]

    def tasks(self, run: str) -> list[dict[str, Any]]:
        path = f"/api/v2/dags/client360/dagRuns/{run}/taskInstances?limit=200"
        return self.api().call("GET", path)["task_instances"]

    def wait_for_task(self, run: str, task: str, state: str) -> None:
        wait(
            f"{task} {state}",
            lambda: (task, state) in {(found["task_id"], found["state"]) for found in self.tasks(run)},
        )

    def wait_for_success(self, *runs: str) -> None:
        def all_over() -> bool:
            states = {run: self.api().runs()[run]["state"] for run in runs}
            assert "failed" not in states.values(), states
            return set(states.values()) == {"success"}

        wait(f"success of {runs}", all_over)

    def published(self, day: str) -> dict[str, str]:
        """SHA-256 of the files published for the day, on the host."""
        return hashes(self.folder / "data" / "processed" / f"fecha={day}")


class Embedded:
    """The embedded stack, as a reference."""

    def __init__(self, folder: Path) -> None:
        self.checkout = Checkout(folder)

    def published(self, day: str) -> dict[str, str]:
        """SHA-256 of the files it publishes for the day."""
        folder = self.checkout.data / "processed" / f"fecha={day}"
        if not folder.exists():
            first, last = (DAYS[0], DAYS[-1]) if day in DAYS else (day, day)
            code, output = self.checkout.make("backfill", f"DESDE={first}", f"HASTA={last}")
            assert code == 0, output
        return hashes(folder)


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def wait(what: str, happened: Callable[[], bool]) -> None:
    """Poll until `happened` returns true; an API that does not answer counts as false."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if happened():
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"{what} did not happen in {PATIENCE} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
