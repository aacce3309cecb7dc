"""Alerts: what people are told of a run, by Apprise, where CLIENT360_ALERTS says. One message a cause, and no value of a row.

What failed is told by a callback of the DAG, which the DAG processor runs, so that one failure of several tasks is one message.
What waits and what was found is told by the task that knows it, and that a day is late by Airflow's deadline alert.
"""

import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from airflow.configuration import conf
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from airflow.sdk.timezone import utcnow
from airflow.utils.state import DagRunState
from sqlalchemy import Engine

from client360 import folders
from client360.publish import findings
from client360.run import parameters
from client360.run.request import business_day

VARIABLE = "CLIENT360_ALERTS"
TOLD = "client360_told_of_wait"
"""The key under which a waiting task notes that people know of it."""
FAILED = {
    "generate.plan": "the run was refused before it changed anything.",
    "generate": "the files of its days could not be written.",
    "load.deliveries": "a file that has to come has not come.",
    "load.contract": "the rows of the files were not loaded: too many are rejected, or a SELECT of the feed fails.",
    "load": "files could not be loaded.",
    "transform": "the star schema could not be brought up to date.",
    "build_view.checks": "checks failed, so nothing is published. The page Client 360 of the run lists them.",
    "build_view": "the marts could not be computed.",
    "export": "files could not be written or removed.",
}
"""What it means that a task, or else one of its group, fails."""
REASONS = {
    "timed_out": "it took longer than a run may.",
    "all_tasks_deadlocked": "no task of it can go on.",
}
"""Airflow's reasons for which a run fails without a failed task."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """Addresses, as Apprise writes them; the per cent of rejected rows, and the hours of waiting and of a run, that are told."""

    addresses: tuple[str, ...]
    rejected: float
    waiting: timedelta
    late: timedelta


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """CLIENT360_ALERTS, empty for no alerts, and CLIENT360_ALERT_... Raises ValueError, in one line."""
    rejected, waiting, late = (
        parameters.number_within(name, environment.get(name) or default, most, unit)
        for name, default, most, unit in (
            ("CLIENT360_ALERT_REJECTED", "1", 100, "per cent"),
            ("CLIENT360_ALERT_WAITING", "2", 1000, "hours"),
            ("CLIENT360_ALERT_LATE", "6", 1000, "hours"),
        )
    )
    addresses = tuple(environment.get(VARIABLE, "").split())
    return Settings(addresses, rejected, timedelta(hours=waiting), timedelta(hours=late))


def deadline() -> DeadlineAlert | None:
    """The deadline of a run: people are told once that it takes too long, if they are told anything."""
    wanted = settings()
    if not wanted.addresses:
        return None
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=wanted.late,
        callback=SyncCallback(tell_late),
        name="client360 is late",
    )


def tell_failure(context: Mapping[str, Any]) -> None:
    """Tell that a run failed: the callback of the DAG."""
    ti, run, reason = context.get("ti"), context["run_id"], context["reason"]
    what = REASONS.get(reason)
    lines = [f"Task: {ti.task_id}"] if ti and not what else []
    if what is None:
        task = ti.task_id if ti else ""
        what = FAILED.get(task) or FAILED.get(task.split(".")[0], "a task failed.")
    _tell(f"the run of {_day(context) or run} failed", [f"The run failed: {what}", *lines], run)


def tell_late(context: Mapping[str, Any]) -> None:
    """Tell that a run is not over: the callback of its deadline. People know already of one that failed."""
    run = context["dag_run"]
    if run["state"] not in (DagRunState.QUEUED, DagRunState.RUNNING):
        return
    due = {name: run[name] and datetime.fromisoformat(run[name]) for name in ("logical_date", "run_after")}
    name = run["dag_run_id"]
    since = f"Its run is {run['state']}, and should have ended by {context['deadline']['deadline_time']}."
    _tell(f"{_resolved(run['conf'], **due) or name} is late", [since], name)


def tell_wait(context: Mapping[str, Any], awaited: str, day: date) -> None:
    """Tell, once, that a task has waited too long for a file that has to come."""
    wanted, store = settings(), context["task_state_store"]
    begun = context["ti"].get_first_reschedule_date(context) or context["ti"].start_date
    if not wanted.addresses or utcnow() - begun < wanted.waiting or store.get(TOLD):
        return
    _tell(f"the run of {day} waits for a file", [f"{awaited}.", "The run goes on when it comes."], context["run_id"])
    store.set(TOLD, True)


def tell_findings(engine: Engine, day: date, run: str) -> None:
    """Tell what a run that ended well has found: rows rejected beyond a share, and new warnings of checks."""
    wanted = settings()
    if not wanted.addresses:
        return
    if rejected := findings.rejected_beyond(engine, run, wanted.rejected):
        where = 'Why: make psql SQL="select entidad, motivo, columna, count(*) from control.rechazos group by 1, 2, 3"'
        first = f"Of the files that it read, more than {wanted.rejected:g} % of the rows were rejected:"
        _tell(f"the run of {day} rejected rows", [first, *rejected, where], run)
    if warnings := findings.new_warnings(engine, day, run):
        where = "What each check tests is in its file of include/sql/check, an example in control.verificaciones."
        _tell(f"checks of the source warn for {day}", ["Something else is wrong than before:", *warnings, where], run)


def _day(context: Mapping[str, Any]) -> date | None:
    run = context.get("dag_run")
    return run and _resolved(run.conf, logical_date=run.logical_date, run_after=run.run_after)


def _resolved(given: Mapping[str, Any] | None, logical_date: datetime | None, run_after: datetime) -> date | None:
    """The business day that a run was asked for; none where that can not be told, which may be why it fails."""
    try:
        zone = parameters.timezone(os.environ, given)
        return business_day((given or {}).get("fecha"), logical_date, run_after, zone)
    except ValueError:
        return None


def _tell(title: str, lines: Sequence[str], run: str) -> None:
    """Send a message to all addresses. One that can not be sent is logged, and changes nothing."""
    address = conf.get("api", "base_url", fallback="")
    log_file = os.environ.get(folders.RUN_LOG)
    link = [f"{address.rstrip('/')}/dags/client360/runs/{quote(run, safe='')}"] if address else []
    send(f"client360: {title}", [*lines, f"Run: {run}", *([f"Log: {log_file}"] if log_file else link)])


def send(title: str, lines: Sequence[str]) -> bool:
    """Send a message to all addresses; returns whether all took it. What is wrong with an address is logged without it."""
    from apprise import Apprise, NotifyFormat

    addresses, well = settings().addresses, True
    for number, address in enumerate(addresses, 1):
        messenger = Apprise()
        if not messenger.add(address):
            problem = "is none that Apprise knows: https://appriseit.com has the forms"
        elif not messenger.notify("\n".join(lines), title, body_format=NotifyFormat.TEXT):
            problem = "took no message: is the service there, and are the user and the password right?"
        else:
            continue
        log.warning("address %s of %s %s", number, VARIABLE, problem)
        well = False
    return well


def main() -> int:
    """The command behind `make alert`: a message on trial; returns the exit code."""
    logging.basicConfig(format="client360: %(message)s", level=logging.WARNING)
    try:
        addresses = settings().addresses
    except ValueError as error:
        print(f"client360: {error}", file=sys.stderr)
        return 1
    if not addresses:
        print(f"client360: {VARIABLE} is empty: there are no alerts", file=sys.stderr)
        return 1
    if not send("client360: a message on trial", ["Alerts of client360 arrive here."]):
        return 1
    print(f"sent to {len(addresses)} addresses")
    return 0


if __name__ == "__main__":
    sys.exit(main())
