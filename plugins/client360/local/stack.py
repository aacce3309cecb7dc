"""Airflow on the embedded PostgreSQL: what `make run` and its siblings need, in `.local` of the checkout."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client360 import folders
from client360.local.server import Server, embedded

HOME = folders.ROOT / ".local"


@contextmanager
def stack() -> Iterator[Server]:
    """The embedded server with its schema, and the environment of this process set for Airflow to use it.

    Call it before anything imports airflow, which reads its environment once.
    """
    if "airflow" in sys.modules:
        raise RuntimeError("airflow was imported before its environment was set")
    with embedded(HOME / "postgres") as server:
        os.environ.update(environment(server))
        yield server


def environment(server: Server) -> dict[str, str]:
    """Airflow's settings for the embedded stack."""
    warehouse = {"conn_type": "postgres", "host": str(server.socket), "login": "postgres", "schema": "client360"}
    return {
        "AIRFLOW_HOME": str(HOME / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folders.ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(folders.ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": server.url("airflow", "postgresql+psycopg2"),
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW_CONN_CLIENT360": json.dumps(warehouse),
        "PYTHONPATH": str(folders.ROOT / "plugins"),
    }
