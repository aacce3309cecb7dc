"""Overlapping runs, as in a backfill: two Airflows use one warehouse at the same time."""

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, text

from client360 import folders
from client360.warehouse.models import EXPORTED, LANDING

PROGRAM = """
import os, sys
from datetime import datetime, timezone
from airflow.dag_processing.dagbag import DagBag
dag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).dags["client360"]
print("ready", flush=True)
sys.stdin.readline()
conf = {"clientes": 400, "inicio": "2026-04-01", "semilla": 3}
days = [datetime.fromisoformat(day).replace(tzinfo=timezone.utc) for day in sys.argv[1:]]
sys.exit(any(dag.test(logical_date=day, run_conf=conf).state != "success" for day in days))
"""
WAVES = (("2026-08-31", "2026-07-15"), ("2026-09-01", "2026-09-02", "2026-09-03"))
"""Runs that all load the history at once, then runs of days of one month on top of it."""
DAYS = [day for wave in WAVES for day in wave]


def start(home: Path, *days: str) -> subprocess.Popen:
    environment = os.environ | {"AIRFLOW_HOME": str(home), "PYTHONPATH": str(folders.ROOT / "plugins")}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *days],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_together(running: list[subprocess.Popen]) -> None:
    for process in running:
        while process.stdout.readline() != "ready\n":
            assert process.poll() is None
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        output, _ = process.communicate()
        assert process.returncode == 0, output[-5000:]


def published(data: Path) -> dict[str, str]:
    return {
        str(path.relative_to(data)): sha256(path.read_bytes()).hexdigest()
        for path in sorted((data / "processed").rglob("*.csv"))
    }


def test_overlapping_runs_publish_the_same_files_as_consecutive_ones(
    warehouse: Engine, data: Path, airflow_homes: Callable[[], Path]
) -> None:
    for wave in WAVES:
        run_together([start(airflow_homes(), day) for day in wave])
    together = published(data)
    assert len(together) == (len(EXPORTED) + 1) * (len(DAYS) + 1)
    with warehouse.connect() as connection:
        movements = connection.execute(
            text("select count(*), count(distinct transaccion_id) from dw.hecho_transacciones")
        ).one()
        assert movements[0] == movements[1] > 0
        for name in LANDING:
            assert connection.execute(text(f"select count(*) from staging.{name}")).scalar() == 0
    run_together([start(airflow_homes(), *DAYS)])
    assert published(data) == together
