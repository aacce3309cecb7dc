"""What Prometheus reads of runs and of the warehouse: counts, ages, seconds and bytes, and nothing of any one customer.

They have no login but a token, CLIENT360_METRICS_TOKEN, because those of Airflow expire; without one there are no metrics.
"""

import logging
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timezone
from hmac import compare_digest
from typing import Annotated, Any

import psycopg
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.models import DagRun, TaskInstance
from fastapi import APIRouter, Header, HTTPException, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from client360.page import report
from client360.warehouse.redaction import DatabaseError
from reading import warehouse
from reading.warehouse import read

log = logging.getLogger(__name__)

DAG_ID = "client360"
VARIABLE = "CLIENT360_METRICS_TOKEN"
OUTCOMES = ("aceptadas", "repetidas", "rechazadas")
"""Of the rows of files, as control.recuentos names them."""
ARRIVALS = ("nuevos", "cambiados", "sin_cambio", "retirados", "sin_leer")
"""Of files of a feed, as the query archivos names them."""

DAY = 86_400
"""Seconds."""

router = APIRouter()


class Families(Collector):
    """Metrics that were computed already, for one answer."""

    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self.families = families

    def collect(self) -> list[GaugeMetricFamily]:
        return self.families


@router.get("/metrics")
def metrics(session: SessionDep, authorization: Annotated[str, Header()] = "") -> Response:
    """All metrics, in Prometheus' own text format."""
    token = os.environ.get(VARIABLE)
    if not token:
        raise HTTPException(404)
    if not compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        return Response("The token is missing or wrong.\n", 401, {"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Families([*_runs(session), *_warehouse()]))
    return Response(generate_latest(registry), headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE_LATEST)


def _runs(session: SessionDep) -> Iterator[GaugeMetricFamily]:
    """Runs by state, and what the newest one that ended well took, in all and by step."""
    states = select(DagRun.state, func.count()).where(DagRun.dag_id == DAG_ID).group_by(DagRun.state)
    counts = {(str(state),): count for state, count in session.execute(states)}
    yield _gauge("runs", "Runs of the DAG that Airflow remembers.", counts, "state")
    # one that was marked by hand may never have started
    ended = select(DagRun).where(
        DagRun.dag_id == DAG_ID,
        DagRun.state == "success",
        DagRun.start_date.is_not(None),
        DagRun.end_date.is_not(None),
    )
    newest = session.scalar(ended.order_by(DagRun.end_date.desc()).limit(1))
    if newest is None:
        return
    took = (newest.end_date - newest.start_date).total_seconds()
    yield _gauge("run_seconds", "From start to end of the newest run that ended well.", {(): took})
    yield _gauge("run_end_timestamp_seconds", "When that run ended.", {(): newest.end_date.timestamp()})
    tasks = select(TaskInstance.task_id, TaskInstance.start_date, TaskInstance.end_date).where(
        TaskInstance.dag_id == DAG_ID, TaskInstance.run_id == newest.run_id
    )
    starts, ends = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for task, start, end in session.execute(tasks):
        if start and end:  # a task that is skipped does not start
            step = task.partition(".")[0]
            starts[step].append(start.timestamp())
            ends[step].append(end.timestamp())
    seconds = {(step,): max(ends[step]) - min(starts[step]) for step in starts}
    yield _gauge("step_seconds", "From the start of the step's first task to the end of its last.", seconds, "step")


def _warehouse() -> list[GaugeMetricFamily]:
    """What the warehouse holds. Where it can not be read, only that."""
    try:
        families = _read()
    except (warehouse.Unreachable, warehouse.Empty, DatabaseError) as error:
        log.warning("The warehouse can not be read: %s", error)
        families = []
    return [_gauge("warehouse_up", "Whether the warehouse can be read.", {(): bool(families)}), *families]


@warehouse.again
def _read() -> list[GaugeMetricFamily]:
    """Raises warehouse.Unreachable, warehouse.Empty and DatabaseError."""
    with report.connect() as connection:
        days = warehouse.days(connection)
        (due,) = read(connection, "ultimo_dia").values("fecha")
        (size,) = read(connection, "bytes_del_almacen").values("bytes")
        families = [_gauge("warehouse_bytes", "Size of the warehouse's database.", {(): size})]
        if days:
            families += _newest_day(connection, days[0].fecha)
        published = [day.fecha for day in days if day.published]
        if published:
            families += _published(connection, published[0], due)
        return families


def _newest_day(connection: psycopg.Connection, fecha: date) -> Iterator[GaugeMetricFamily]:
    """What came for the newest day that was checked, and what the checks found."""
    yield _gauge("checked_day_timestamp_seconds", "Newest business day that was checked.", {(): _seconds(fecha)})
    loaded = read(connection, "cargas", fecha=fecha).select(("entidad", "filas")).rows
    yield _gauge("rows", "Rows of that day.", {(entity,): rows for entity, rows in loaded}, "entity")
    found = read(connection, "verificaciones", fecha=fecha).select(("verificacion", "resultado", "hallazgos")).rows
    findings = {(check, outcome): count for check, outcome, count in found}
    yield _gauge("check_findings", "What the checks of that day found wrong.", findings, "check", "outcome")
    counted = read(connection, "recuentos", fecha=fecha).select(("entidad", *OUTCOMES)).rows
    delivered = {
        (entity, outcome): n for entity, *all_of in counted for outcome, n in zip(OUTCOMES, all_of, strict=True)
    }
    yield _gauge("delivered_rows", "Rows of the files that its newest run read.", delivered, "entity", "outcome")
    files = read(connection, "archivos", fecha=fecha).select(ARRIVALS).rows
    arrived = {(arrival,): n for row in files for arrival, n in zip(ARRIVALS, row, strict=True) if n is not None}
    yield _gauge("delivered_files", "Files of a feed that its newest run found.", arrived, "arrival")


def _published(connection: psycopg.Connection, fecha: date, due: date) -> Iterator[GaugeMetricFamily]:
    """What is published, and how old it is."""
    yield _gauge("published_day_timestamp_seconds", "Newest business day that is published.", {(): _seconds(fecha)})
    behind = max((due - fecha).days, 0) * DAY
    yield _gauge("behind_seconds", "Of the days that are over and newer than that one.", {(): behind})
    (customers,) = read(connection, "cantidad_de_clientes", fecha=fecha).values("clientes")
    yield _gauge("customers", "Customers in cliente_360 as of that day.", {(): customers})
    sizes = {
        (file.name, kind): file.size
        for kind in ("files", "anonymous")
        for file in report.files(fecha, anonymous=kind == "anonymous")
    }
    yield _gauge("published_bytes", "Size of that day's files.", sizes, "file", "kind")


def _gauge(name: str, meaning: str, values: Mapping[Any, float], *labels: str) -> GaugeMetricFamily:
    """A metric with a value for each tuple of labels."""
    family = GaugeMetricFamily(f"{DAG_ID}_{name}", meaning, labels=labels)
    for place, value in values.items():
        family.add_metric(place, float(value))
    return family


def _seconds(fecha: date) -> float:
    """The beginning of a day, as Unix time."""
    return datetime(fecha.year, fecha.month, fecha.day, tzinfo=timezone.utc).timestamp()
