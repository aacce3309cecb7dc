"""Run the DAG without Airflow's services, with progress a person can read. Airflow's own log goes to a file."""

import logging
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.logging import RichHandler
from rich.markup import escape
from rich.status import Status

from client360 import folders, permissions
from client360.run.request import resolve
from tools.local import summary
from tools.local.schemas import judge_schemas_once
from tools.local.stack import HOME, exclusive, stack

if TYPE_CHECKING:
    from tools.local.progress import Progress

EXECUTOR = "tools.local.executor.ForkingExecutor"

PUBLISHES = "export.csv_files"
"""The task that publishes."""


class RunFailed(RuntimeError):
    """A run failed; the message gives the day, the reason and the log."""

    def __init__(self, message: str, fecha: str | None = None) -> None:
        super().__init__(message)
        self.fecha = fecha


def run(params: Sequence[dict[str, Any]]) -> None:
    """Run the DAG with each set of parameters, one after the other, on the embedded stack.

    Raises RunFailed, ServerError, OtherVersion, MigrationFailed and InUse.
    """
    requests = [resolve(each, None, datetime.now(timezone.utc)) for each in params]
    log = HOME / "logs" / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}.log"
    first, last = requests[0], requests[-1]
    started = time.monotonic()
    os.environ[folders.RUN_LOG] = str(log)
    with exclusive("make run"), _output_to(log) as console:
        days = f"{first.day}" if first == last else f"{first.day} to {last.day}"
        console.print(
            "[bold]client360[/bold] " + escape(f"as of {days}: {first.source.describe()}. Airflow's log: {log}"),
            highlight=False,
            soft_wrap=True,
        )
        with console.status("PostgreSQL and Airflow start") as status, stack() as server:
            try:
                _run_dag(params, console, status, log)
            except RunFailed as failure:
                for request in requests:
                    if f"{request.day}" == failure.fecha:
                        summary.show_refused(console, request.day, summary.read_outcome(server, request))
                raise
            outcome = summary.read_outcome(server, last)
            status.update("summary")
            grades = summary.grade_quarantine(server, last.source)
            warned = summary.grade_warnings(server, last)
        summary.show_result(console, last, time.monotonic() - started)
        summary.show_outcome(console, last.day, outcome)
        summary.show_grades(console, grades, warned)
        summary.show_leftovers(console, last.source)
        if not all(grade.perfect for grade in grades):
            raise RunFailed("control.rechazos differs from the ledger of the corrupted files: see the grades above")


def _run_dag(params: Sequence[dict[str, Any]], console: Console, status: Status, log: Path) -> None:
    # airflow reads its environment when it is imported, so not before it is set
    os.environ["AIRFLOW__CORE__EXECUTOR"] = EXECUTOR

    from airflow import settings
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import upgradedb

    from tools.local.api_versions import make_newest_only
    from tools.local.executor import ForkingExecutor, interrupt_tasks
    from tools.local.progress import Progress

    judge_schemas_once()
    make_newest_only()
    upgradedb()
    bag = DagBag(str(folders.ROOT / "dags"))
    if bag.import_errors:
        raise RunFailed(f"the DAG can not be imported: {next(iter(bag.import_errors.values()))}")
    dag, progress = bag.dags["client360"], Progress(console, status)
    dag.deadline = None  # dag.test, of which somebody sees that it is late, can not read its own deadlines
    logging.getLogger("client360").addHandler(RichHandler(logging.WARNING, console, show_time=False, show_path=False))
    ForkingExecutor.dag, ForkingExecutor.progress = dag, progress
    handler = signal.signal(signal.SIGINT, progress.interrupt)
    try:
        for each in params:
            progress.done.clear()
            # without a logical date it is labelled with now: with the day, it would take the place of that day's scheduled run
            result = dag.test(run_conf=each, use_executor=True)
            require_success(each["fecha"], result.state, progress, log)
    finally:
        interrupt_tasks()
        signal.signal(signal.SIGINT, handler)
        settings.dispose_orm()


def require_success(fecha: str, state: str, progress: "Progress", log: Path) -> None:
    """Raise RunFailed where a run failed, or published nothing. To Airflow a run of which no task had to run is a success."""
    if state != "success":
        raise RunFailed(f"{fecha}: {progress.errors[-1] if progress.errors else state}; see {log}", fecha)
    if PUBLISHES not in progress.done:
        raise RunFailed(
            f"{fecha}: nothing was published, though Airflow calls the run a success: {len(progress.done)} tasks ran; see {log}"
        )


@contextmanager
def _output_to(log: Path) -> Iterator[Console]:
    """Redirect the standard output and error of this process and its children to the log; yield a console on the screen."""
    permissions.restrict_folder(log.parent)
    with os.fdopen(os.dup(1), "w") as screen, log.open("a") as file:
        saved = os.dup(1), os.dup(2)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield Console(file=screen, emoji=False)  # a path may hold :name:
        finally:
            for stream, descriptor in zip(saved, (1, 2), strict=True):
                os.dup2(stream, descriptor)
                os.close(stream)
