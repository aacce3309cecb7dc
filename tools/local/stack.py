"""Airflow and the warehouse on the embedded PostgreSQL, in `.local` of the checkout."""

import fcntl
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import create_engine

from client360 import folders, permissions
from client360.housekeeping import metadata
from client360.publish import anonymity
from client360.warehouse.migrate import migrate
from tools.local.server import Server, embedded

HOME = Path(os.environ.get("CLIENT360_LOCAL") or folders.ROOT / ".local")
"""Where the embedded database, Airflow and their logs live."""
PGDATA = HOME / "postgres"
MOST_TASKS = 64
"""At a time: each holds a connection or two of the embedded server."""
LINEAGE = {
    "AIRFLOW__OPENLINEAGE__EXTRACTORS": "client360.orchestration.lineage.TaskLineage",
    "AIRFLOW__OPENLINEAGE__NAMESPACE": "client360",
    "AIRFLOW__OPENLINEAGE__EXECUTE_IN_THREAD": "true",
    "AIRFLOW__OPENLINEAGE__EXECUTION_TIMEOUT": "5",
}
"""As in docker-compose.yaml; CLIENT360_LINEAGE switches lineage on."""


class InUse(RuntimeError):
    """Another process runs Airflow in this checkout; the message names it."""


@contextmanager
def exclusive(purpose: str) -> Iterator[None]:
    """Hold the lock of this checkout, in which one run or one user interface at a time may use Airflow's database.

    Raises InUse.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise InUse(
                f"{lock.read()} is at work in this checkout: wait for it or end it, or use a second checkout"
            ) from None
        lock.truncate(0)
        lock.write(f"{purpose} (process {os.getpid()})")
        lock.flush()
        yield


@contextmanager
def stack() -> Iterator[Server]:
    """Start the embedded server, migrate the warehouse, and set this process's environment for Airflow.

    Enter it before anything imports airflow, which reads its environment once. Raises ValueError where PARALLELISM is none,
    ServerError, OtherVersion and MigrationFailed.
    """
    if "airflow" in sys.modules:
        raise RuntimeError("airflow was imported before its environment was set")
    _tasks_at_a_time()
    with embedded(PGDATA) as server:
        for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
            del os.environ[name]
        permissions.restrict_folder(HOME / "airflow")  # its logs, and what it keeps of passwords
        os.environ.update(environment(server))
        if not os.environ.get(anonymity.VARIABLE):
            os.environ[anonymity.VARIABLE] = _anonymity_key()
        warehouse = create_engine(server.url("client360", "postgresql+psycopg"))
        migrate(warehouse)
        warehouse.dispose()
        yield server


def _anonymity_key() -> str:
    """The key of this checkout's anonymous files, drawn at the first use and readable by its owner only."""
    path = HOME / "anonymity_key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=HOME) as drawn, suppress(FileExistsError):
            drawn.write(secrets.token_urlsafe(32))
            drawn.flush()
            os.link(drawn.name, path)  # atomic, and fails where another process was first
    return path.read_text()


def _tasks_at_a_time() -> int:
    """PARALLELISM, otherwise as many as the machine has cores, two at least. Raises ValueError."""
    given = os.environ.get("PARALLELISM")
    if not given:
        return max(2, os.cpu_count() or 1)
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MOST_TASKS):
        raise ValueError(f"PARALLELISM is {given!r}: give how many tasks run at a time, from 1 to {MOST_TASKS}")
    return int(given)


def environment(server: Server) -> dict[str, str]:
    """Airflow's settings for the embedded stack."""
    database = server.url("airflow", "postgresql+psycopg2")
    warehouse = {"conn_type": "postgres", "host": str(server.socket), "login": "postgres", "schema": "client360"}
    logs = {  # airflow.cfg holds the paths at which it was made
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(HOME / "airflow" / "logs"),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(HOME / "airflow" / "logs" / "dag_processor"),
    }
    if "$" in str(HOME):  # Airflow would expand it in these variables
        logs = {}
    return logs | {
        "AIRFLOW_HOME": str(HOME / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folders.ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(folders.ROOT / "plugins"),
        "AIRFLOW__CORE__LAZY_LOAD_PLUGINS": "False",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": str(_tasks_at_a_time()),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        **LINEAGE,
        "AIRFLOW__OPENLINEAGE__TRANSPORT": os.environ.get("CLIENT360_LINEAGE", ""),
        "AIRFLOW__METRICS__OTEL_ON": os.environ.get("CLIENT360_METRICS") or "0",
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW_CONN_CLIENT360": json.dumps(warehouse),
        metadata.ADDRESS: database,
        "PYTHONPATH": f"{folders.ROOT / 'plugins'}{os.pathsep}{folders.ROOT}",
    }
