"""Runs of the DAG in this process, with progress a person can read. Airflow's own log goes to a file."""

import csv
import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console
from rich.logging import RichHandler
from rich.status import Status
from rich.table import Table
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from client360 import folders
from client360.ingest.feed_spec import ENTITIES, LEFT_OUT
from client360.publish import export
from client360.run.request import RunRequest, resolve
from client360.run.sources import Source
from proof.corruption import grading, quarantine
from proof.corruption.grading import Grade
from tools.local.server import Server
from tools.local.stack import HOME, alone, stack

PREVIEW = 5


class RunFailed(RuntimeError):
    """A run did not reach its end; the message says of which day, why, and where to read on."""


def run(params: Sequence[dict[str, Any]]) -> None:
    """Run the DAG with each set of parameters, one after the other, on the embedded stack.

    Raises RunFailed, ServerProblem and InUse.
    """
    requests = [resolve(each, None, datetime.now(timezone.utc)) for each in params]
    log = HOME / "logs" / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}.log"
    first, last = requests[0], requests[-1]
    started = time.monotonic()
    with alone("make run"), _quiet(log) as console:
        days = f"{first.day}" if first == last else f"{first.day} to {last.day}"
        console.print(
            f"[bold]client360[/bold] as of {days}: {first.source.describe()}. Airflow's log: {log}",
            highlight=False,
            soft_wrap=True,
        )
        with console.status("PostgreSQL and Airflow start") as status, stack() as server:
            _run_dag(params, console, status, log)
            accounts = _accounts(server) if last.source.reads_files else []
            grades = _grades(server, last.source, status)
        _show_result(console, last, time.monotonic() - started)
        _show_accounts(console, accounts)
        _show_grades(console, grades)
        if not all(grade.perfect for grade in grades):
            raise RunFailed("control.rechazos differs from the ledger of the corrupted files: see the grades above")


def _run_dag(params: Sequence[dict[str, Any]], console: Console, status: Status, log: Path) -> None:
    # only now: airflow reads its environment when it is imported
    from airflow import settings
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.listener import get_listener_manager
    from airflow.utils.db import upgradedb

    from tools.local.progress import Progress

    upgradedb()
    bag = DagBag(str(folders.ROOT / "dags"))
    if bag.import_errors:
        raise RunFailed(f"the DAG can not be imported: {next(iter(bag.import_errors.values()))}")
    progress = Progress(console, status)
    get_listener_manager().add_listener(progress)
    logging.getLogger("client360").addHandler(RichHandler(logging.WARNING, console, show_time=False, show_path=False))
    try:
        for each in params:
            result = bag.dags["client360"].test(
                logical_date=datetime.fromisoformat(each["fecha"]).replace(tzinfo=timezone.utc),
                run_conf=each,
            )
            if result.state != "success":
                raise RunFailed(
                    f"{each['fecha']}: {progress.errors[-1] if progress.errors else result.state}; see {log}"
                )
    finally:
        settings.dispose_orm()


@contextmanager
def _quiet(log: Path) -> Iterator[Console]:
    """A console on the real standard output, while whatever else is printed, also below Python, goes to the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.dup(1), "w") as screen, log.open("a") as file:
        saved = os.dup(1), os.dup(2)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield Console(file=screen)
        finally:
            for stream, descriptor in zip(saved, (1, 2), strict=True):
                os.dup2(stream, descriptor)
                os.close(stream)


def _accounts(server: Server) -> list[tuple[str, int, int, int]]:
    """What became of the rows of all files, by entity: accepted; duplicates, replaced or unchanged; rejected. Those that are left
    out on purpose come as accepted ones of descartes, lines of which no row could be made as entity '', rejected.
    """
    statement = """
        select entidad, sum(aceptadas), sum(repetidas + reemplazadas + sin_cambio), sum(rechazadas)
        from control.lecturas group by entidad
        union all
        select entidad, 0, 0, count(*) from control.rechazos where entidad = '' group by entidad
    """
    with psycopg.connect(server.url("client360")) as connection:
        found = {entity: (entity, *map(int, counts)) for entity, *counts in connection.execute(statement)}
    return [found[entity] for entity in (*ENTITIES, LEFT_OUT, "") if entity in found]


def _show_accounts(console: Console, accounts: list[tuple[str, int, int, int]]) -> None:
    if not accounts:
        return
    table = Table("rows of all files", box=None, pad_edge=False)
    for name in ("accepted", "repeated", "rejected"):
        table.add_column(name, justify="right")
    names = {LEFT_OUT: "(left out by descartes.sql)", "": "(lines that could not be read or mapped)"}
    for entity, *counts in accounts:
        table.add_row(names.get(entity, entity), *(f"{count:,}" for count in counts))
    console.print()
    console.print(table)
    if any(rejected for *_, rejected in accounts):
        console.print(
            'Why they were rejected: make psql SQL="select entidad, motivo, columna, count(*) from control.rechazos '
            'group by 1, 2, 3"',
            highlight=False,
            soft_wrap=True,
        )


def _grades(server: Server, source: Source, status: Status) -> list[Grade]:
    """Of the quarantine, where the files were corrupted on purpose."""
    if source.corrupted is None:
        return []
    status.update("grading")
    engine = create_engine(server.url("client360", "postgresql+psycopg"), poolclass=NullPool)
    with engine.connect() as connection:
        return quarantine.graded(connection, folders.data() / source.corrupted.folder)


def _show_grades(console: Console, grades: list[Grade]) -> None:
    if grades:
        console.print()
        console.print(grading.table(grades))
        for line in [*grading.undetectable(grades), *grading.faults(grades)]:
            console.print(line, highlight=False, soft_wrap=True)


def _show_result(console: Console, request: RunRequest, seconds: float) -> None:
    processed = export.folder(folders.data(), anonymous=request.anonymous)
    path = processed / f"fecha={request.day}" / "cliente_360.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    if request.source.fictitious:
        preview = rows[: PREVIEW if console.width >= 100 else 3]
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="bold", no_wrap=True)
        for _ in preview:
            table.add_column(no_wrap=True, max_width=16)
        for name, *values in zip(header, *preview, strict=True):
            table.add_row(name, *values)
        console.print()
        console.print(table)
    console.print(f"\n{len(rows):,} customers as of {request.day}, in {seconds:.0f} s:", highlight=False)
    console.print(f"  {path}", highlight=False, soft_wrap=True)
    console.print(
        f"  with the answers to six questions and the data dictionary beside it; the newest day published is in {processed}",
        highlight=False,
        soft_wrap=True,
    )
    console.print("Next: make psql (the warehouse), make ui (the DAG in a browser), make help", highlight=False)
