"""Ends runs whose logical date is in the future.

The timetable refuses them where the form or the REST API triggers a run. Airflow's own command does not ask it, and the scheduler
would leave such a run "running" until its day comes.
"""

import logging
from typing import Any

from airflow.listeners import hookimpl
from airflow.sdk import timezone
from airflow.utils.state import DagRunState

from client360.orchestration.timetable import PATIENCE

DAG_ID = "client360"

log = logging.getLogger(__name__)


@hookimpl
def on_dag_run_running(dag_run: Any, msg: str) -> None:
    """Fail the run that the scheduler is about to start, in the scheduler's transaction."""
    if dag_run.dag_id == DAG_ID and dag_run.logical_date and dag_run.logical_date > timezone.utcnow() + PATIENCE:
        log.error(
            "%s: the logical date %s is in the future: give the day as fecha", dag_run.run_id, dag_run.logical_date
        )
        dag_run.note = "The logical date is in the future: leave it empty, and give the day to process as fecha."
        dag_run.set_state(DagRunState.FAILED)
