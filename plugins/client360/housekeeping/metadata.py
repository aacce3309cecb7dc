"""Old rows of Airflow's database, which Airflow's own command removes, in a process of its own.

In the process of a task Airflow replaces the address of its database, so that no code of a task uses it by mistake. A task
that may use it is given the address under another name.
"""

import os
import re
import subprocess
import sys
from datetime import datetime

from sqlalchemy import NullPool, create_engine, text

ADDRESS = "CLIENT360_AIRFLOW_DATABASE"
"""The variable with the address of Airflow's database, as SQLAlchemy writes it. Empty where tasks may not have it."""
COUNTED = re.compile(r"^Checking table (\w+)\nFound (\d+) rows", re.MULTILINE)
AT_WORK = text("""
    select run.run_id
    from dag_run as run
    inner join task_instance as task on run.dag_id = task.dag_id and run.run_id = task.run_id
    where run.state in ('queued', 'running') and task.start_date < :before
    limit 1
""")
"""A run at work that goes on from old tasks, as one does of which somebody has cleared only some."""
LINES = 15
"""Of the command's last words, which say why it failed."""


class CannotClean(RuntimeError):
    """A run needs old rows, or Airflow's command failed; then the message has its last words."""


def arguments(before: datetime, *, apply: bool) -> list[str]:
    """Those of `airflow` that count the rows from before that moment, or remove them, without a copy."""
    how = ["--skip-archive", "--yes"] if apply else ["--dry-run"]
    since = before.isoformat(timespec="seconds")
    return ["db", "clean", "--clean-before-timestamp", since, "--error-on-cleanup-failure", *how]


def clean(address: str, before: datetime, *, apply: bool) -> dict[str, int]:
    """Count the rows from before that moment, or remove them; returns their number by table, of tables that have any.

    What refers to a removed row goes with it, and is counted where it is itself that old. Raises CannotClean.
    """
    if apply:
        _require_no_run_at_work(address, before)
    environment = {name: value for name, value in os.environ.items() if name != "AIRFLOW__CORE__SQL_ALCHEMY_CONN"}
    done = subprocess.run(
        [sys.executable, "-m", "airflow", *arguments(before, apply=apply)],
        env=environment | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": address},
        stdin=subprocess.DEVNULL,  # a task's is its line to Airflow
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotClean("\n".join(["airflow db clean failed:", *done.stdout.splitlines()[-LINES:]]))
    return {table: int(rows) for table, rows in COUNTED.findall(done.stdout) if int(rows)}


def _require_no_run_at_work(address: str, before: datetime) -> None:
    with create_engine(address, poolclass=NullPool).connect() as connection:
        run = connection.scalar(AT_WORK, {"before": before})
    if run:
        raise CannotClean(f"the run {run} is at work, and goes on from tasks that are old: run again when it has ended")
