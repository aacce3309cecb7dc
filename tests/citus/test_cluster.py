"""The whole DAG on a cluster of Citus, in one process: the same bytes as on one PostgreSQL."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psycopg
import pytest
from conftest import FILES, Place
from psycopg import ClientCursor

from client360 import folders
from client360.warehouse import distribution
from client360.warehouse.migrate import migrate
from client360.warehouse.models import tables
from client360.warehouse.statistics import refresh_statistics

WORLD = {"clientes": 40, "inicio": "2026-06-01", "semilla": 11}
DAYS = [date(2026, 9, 10), date(2026, 9, 20), date(2026, 9, 15)]
PROGRAM = """
import json, os, sys
from datetime import datetime, timezone
from airflow.dag_processing.dagbag import DagBag
dag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).dags["client360"]
dag.test(logical_date=datetime.fromisoformat(sys.argv[1]).replace(tzinfo=timezone.utc), run_conf=json.loads(sys.argv[2]))
"""
REFUSED = sorted(Path(__file__).with_name("refused").glob("*.sql"))


def test_migration_distributes_every_table_and_goes_on_from_there(cluster: Place) -> None:
    placed = dict(cluster.rows("select table_name::text, citus_table_type from citus_tables"))
    keys = dict(cluster.rows("select table_name::text, distribution_column from citus_tables"))
    for table in tables():
        where = distribution.place(table)
        if where in distribution.KEYS:
            assert (placed[table.fullname], keys[table.fullname]) == ("distributed", where)
        else:
            assert placed.get(table.fullname) == ("reference" if where == distribution.EVERYWHERE else None)
    beside = "select count(distinct colocation_id) from citus_tables where citus_table_type = 'distributed'"
    assert cluster.rows(beside) == [(len(distribution.KEYS),)]
    before, after = migrate(cluster.warehouse)
    assert before == after


def test_a_world_in_another_order_and_again_gives_the_same_bytes(
    run: Callable[..., str], embedded: Place, cluster: Place
) -> None:
    for day in sorted(DAYS):
        assert run(embedded, day, **WORLD) == "success"
    for day in [*DAYS, DAYS[0]]:
        assert run(cluster, day, **WORLD) == "success"
    assert cluster.published() == embedded.published()
    local = """
        select pg_class.oid::regclass::text from pg_class
        inner join pg_inherits on pg_class.oid = pg_inherits.inhrelid
        inner join pg_dist_partition as parent on pg_inherits.inhparent = parent.logicalrelid
        where pg_class.oid not in (select logicalrelid from pg_dist_partition)
    """
    assert cluster.rows("select 1 from pg_inherits limit 1")
    assert cluster.rows(local) == [], "a partition is on the coordinator alone"
    refresh_statistics(cluster.warehouse)
    stale = "select distinct result from run_command_on_workers('select count(*) from control.stale_statistics()')"
    assert cluster.rows(stale) == [("0",)]


@pytest.mark.parametrize(
    ("feed", "folder"),
    [("banco_ejemplo", "banco"), ("tienda_ejemplo", "tienda"), ("cooperativa_ejemplo", "cooperativa")],
)
def test_a_feed_gives_the_same_bytes_and_the_same_rejected_rows(
    run: Callable[..., str], embedded: Place, cluster: Place, feed: str, folder: str
) -> None:
    rejected = "select archivo, linea, entidad, motivo from control.rechazos order by archivo, linea, entidad"
    for place in (embedded, cluster):
        assert run(place, date(2025, 6, 30), fuente=feed, entrada=str(FILES / folder)) == "success"
    assert cluster.published() == embedded.published()
    assert bool(embedded.rows(rejected)) is (feed != "cooperativa_ejemplo")  # which delivers nothing wrong
    assert cluster.rows(rejected) == embedded.rows(rejected)


def test_a_run_whose_worker_was_killed_is_recovered_by_the_next(
    run: Callable[..., str], embedded: Place, cluster: Place, airflow_homes: Callable[[], Path]
) -> None:
    assert run(embedded, DAYS[1], **WORLD) == "success"
    environment = {
        **cluster.environment(),
        "AIRFLOW_HOME": str(airflow_homes()),
        "PYTHONPATH": str(folders.ROOT / "plugins"),
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, DAYS[1].isoformat(), json.dumps(WORLD)],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not cluster.rows("select 1 from control.cargas where capa <> 'staging' limit 1"):
        assert worker.poll() is None, "the run ended before it was killed"
        time.sleep(0.1)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    assert cluster.published() == {}
    assert run(cluster, DAYS[1], **WORLD) == "success"
    assert cluster.published() == embedded.published()


def test_a_cluster_is_not_replaced(run: Callable[..., str], cluster: Place) -> None:
    assert run(cluster, DAYS[0], **WORLD) == "success"
    before = cluster.published(), cluster.rows("select count(*) from dw.hecho_transacciones")
    assert run(cluster, DAYS[0], **{**WORLD, "semilla": 12}, reemplazar=True) == "failed"
    assert (cluster.published(), cluster.rows("select count(*) from dw.hecho_transacciones")) == before


@pytest.mark.parametrize("example", REFUSED, ids=lambda path: path.stem.replace("_", " "))
def test_a_cluster_refuses_what_the_linter_refuses(example: Path, cluster: Place) -> None:
    url = cluster.warehouse.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with (
        psycopg.connect(url) as connection,
        pytest.raises((psycopg.errors.FeatureNotSupported, psycopg.errors.InternalError)),
    ):
        ClientCursor(connection).execute(example.read_bytes(), {"entidades": []})
