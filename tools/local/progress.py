"""The progress of a run, one line for each task. Import it with Airflow's environment set."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from typing import Any

from airflow.listeners import hookimpl
from rich.console import Console
from rich.markup import escape
from rich.status import Status

COLORS = {"done": "green", "fail": "red"}


@dataclass(frozen=True)
class Report:
    """What became of a task."""

    outcome: str
    """`done` or `fail`."""
    task_id: str
    label: str
    """Of one of several tasks of the same id."""
    amount: str
    """Of work, with its unit."""
    seconds: float
    error: str


class Reporter:
    """An Airflow listener that reports, from the process of a task, how it ends."""

    def __init__(self, reports: Connection) -> None:
        self.reports = reports
        self.started = 0.0

    @hookimpl
    def on_task_instance_running(self, previous_state: Any, task_instance: Any) -> None:
        self.started = time.monotonic()

    @hookimpl
    def on_task_instance_success(self, previous_state: Any, task_instance: Any) -> None:
        result = task_instance.xcom_pull(task_ids=task_instance.task_id, map_indexes=task_instance.map_index)
        self._report("done", task_instance, amount=amount_of(task_instance.task_id, result))

    @hookimpl
    def on_task_instance_failed(self, previous_state: Any, task_instance: Any, error: Any) -> None:
        self._report("fail", task_instance, error=str(error))

    def _report(self, outcome: str, task_instance: Any, amount: str = "", error: str = "") -> None:
        label = task_instance.rendered_map_index or ""
        seconds = time.monotonic() - self.started
        self.reports.send(Report(outcome, task_instance.task_id, label, amount, seconds, error))


class Progress:
    """Prints a line for each task that ended, with its rows and seconds."""

    def __init__(self, console: Console, status: Status) -> None:
        self.console = console
        self.status = status
        self.errors: list[str] = []
        self.done: set[str] = set()
        """The ids of tasks that ended well."""
        self.interrupted = False

    def interrupt(self, *_: object) -> None:
        """End the run: what handles SIGINT."""
        self.interrupted = True
        raise KeyboardInterrupt

    def go_on(self) -> None:
        """Raises KeyboardInterrupt once Ctrl-C was pressed, also where Python ignores what a handler raises, as around a fork."""
        if self.interrupted:
            raise KeyboardInterrupt

    def running(self, task_ids: Sequence[str]) -> None:
        """Name the tasks that run now."""
        if task_ids:
            self.status.update(escape(", ".join(sorted(set(task_ids)))))

    def show(self, report: Report) -> None:
        color = COLORS[report.outcome]
        step, name = report.task_id.split(".")
        task = escape(f"{f'{name} {report.label}'.strip():<44}")
        line = f"[{color}]{report.outcome}[/{color}] {step:<10} {task}{report.amount:>15}{report.seconds:>7.1f} s"
        self.console.print(line, highlight=False, soft_wrap=True)
        if report.outcome == "done":
            self.done.add(report.task_id)
        else:
            self.errors.append(f"{report.task_id}: {report.error}")
            self.console.print(f"     {report.error}", style="red", markup=False)


def amount_of(task_id: str, result: Any) -> str:
    """The amount of work of a task, from its result."""
    match result:
        case [int(rows)] | int(rows):
            return f"{rows:,} checks" if task_id.endswith(".checks") else f"{rows:,} rows"
        case [{"rows": _}, *_]:
            return f"{sum(file['rows'] for file in result):,} rows"
        case [{"ranges": _}, *_]:
            days = sum((each["last"] - each["first"]).days + 1 for batch in result for each in batch["ranges"])
            return f"{days:,} days"
        case [date(), *_]:
            return f"{len(result):,} days"
        case [[{"path": _}, *_], *_]:
            return f"{sum(map(len, result)):,} files"
        case _:
            return ""
