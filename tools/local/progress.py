"""The progress of a run, one line for each task. Import it with Airflow's environment set."""

import time
from datetime import date
from typing import Any

from airflow.listeners import hookimpl
from rich.console import Console
from rich.markup import escape
from rich.status import Status


class Progress:
    """An Airflow listener that prints a line for each task that ends, with its rows and seconds."""

    def __init__(self, console: Console, status: Status) -> None:
        self.console = console
        self.status = status
        self.started = 0.0
        self.errors: list[str] = []
        self.done: set[str] = set()
        """The ids of tasks that ended well."""
        self.interrupted = False
        """Whether Ctrl-C was pressed. Airflow takes that for the failure of a task, and tries the task again."""

    @hookimpl
    def on_task_instance_running(self, previous_state: Any, task_instance: Any) -> None:
        self._go_on()
        self.started = time.monotonic()
        self.status.update(task_instance.task_id)

    @hookimpl
    def on_task_instance_success(self, previous_state: Any, task_instance: Any) -> None:
        self._go_on()
        self.done.add(task_instance.task_id)
        result = task_instance.xcom_pull(task_ids=task_instance.task_id, map_indexes=task_instance.map_index)
        self._line("[green]done[/green]", task_instance, amount_of(task_instance.task_id, result))

    @hookimpl
    def on_task_instance_failed(self, previous_state: Any, task_instance: Any, error: Any) -> None:
        self._go_on()
        self.errors.append(f"{task_instance.task_id}: {error}")
        self._line("[red]fail[/red]", task_instance, "")
        self.console.print(f"     {error}", style="red", markup=False)

    def interrupt(self, *_: object) -> None:
        """End the run: what handles SIGINT."""
        self.interrupted = True
        raise KeyboardInterrupt

    def _go_on(self) -> None:
        """Raises KeyboardInterrupt, which Airflow passes on from here, where whatever ran when Ctrl-C was pressed caught it."""
        if self.interrupted:
            raise KeyboardInterrupt

    def _line(self, outcome: str, task_instance: Any, amount: str) -> None:
        label = f" {task_instance.rendered_map_index}" if task_instance.rendered_map_index else ""
        seconds = time.monotonic() - self.started
        step, name = task_instance.task_id.split(".")
        line = f"{outcome} {step:<10} {escape(f'{name + label:<44}')}{amount:>15}{seconds:>7.1f} s"
        self.console.print(line, highlight=False, soft_wrap=True)


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
