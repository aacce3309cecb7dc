"""Runs the tasks of a run in processes of this machine, as many at a time as it has cores. Import it with Airflow's environment
set.

Airflow's LocalExecutor needs its API server beside it. Here each task gets a fork of this process, in which everything is
imported, and reports through a pipe.
"""

import asyncio
import gc
import logging
import multiprocessing
import signal
from collections.abc import Sequence
from importlib import import_module
from logging import LogRecord
from logging.handlers import QueueHandler
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

import httpx
from airflow.executors.base_executor import BaseExecutor
from airflow.models.dagbag import DBDagBag
from airflow.models.dagrun import DagRun
from airflow.sdk.api.datamodels._generated import TaskInstance
from airflow.sdk.execution_time.supervisor import in_process_api_server, run_task_in_process
from airflow.sdk.listener import get_listener_manager
from airflow.utils.session import create_session
from sqlalchemy import select

from tools.local.progress import Progress, Report, Reporter

if TYPE_CHECKING:
    from airflow.executors.workloads import ExecuteTask
    from airflow.models.taskinstancekey import TaskInstanceKey
    from airflow.sdk import DAG

IMPORTED_BY_TASKS = (
    "client360.ingest.contract",
    "client360.ingest.raw_load",
    "client360.load.dimensions",
    "client360.load.staging",
    "client360.publish.checks",
    "client360.publish.export",
    "client360.publish.retention",
    "client360.simulate.landing_files",
    "holidays.countries.argentina",
    "pandas",  # which pyarrow imports at its first array
)
"""What each task would import for itself; with what these import, nearly all of it."""
SECONDS_TO_END = 10
"""That an interrupted task has to cancel its statement."""


class ForkingExecutor(BaseExecutor):
    """An Airflow executor for `dag.test`, which makes it itself: set the class's `dag` and `progress` before."""

    dag: ClassVar["DAG"]
    progress: ClassVar[Progress]

    def start(self) -> None:
        self.processes: dict[TaskInstanceKey, tuple[ForkProcess, Connection]] = {}
        self.dags = DBDagBag()
        asyncio.run(_make_api_ready())
        for module in IMPORTED_BY_TASKS:
            import_module(module)
        gc.freeze()  # or the first collection in each fork would copy all that was imported

    def heartbeat(self) -> None:
        """Start tasks, and wait until Airflow has something to decide: a task is ready to be queued, or none runs. To return
        while there is nothing costs a second, for which `dag.test` sleeps."""
        super().heartbeat()
        while self.running and not self._any_ready():
            super().heartbeat()

    def sync(self) -> None:
        """Show what tasks report, until one of them has ended."""
        while self.running:
            self.progress.go_on()
            reporting = wait([reports for _, reports in self.processes.values()])
            ended = [
                key for key, (_, reports) in self.processes.items() if reports in reporting and not self._shows(reports)
            ]
            for key in ended:
                self._end(key)
            if ended:
                return

    def end(self) -> None:
        interrupt_tasks()

    def order_queued_tasks_by_priority(self) -> list[tuple["TaskInstanceKey", "ExecuteTask"]]:
        return sorted(super().order_queued_tasks_by_priority(), key=lambda queued: queued[0].map_index)

    def _process_workloads(self, workload_items: Sequence[Any]) -> None:
        for workload in workload_items:
            key = workload.ti.key
            reports, writer = multiprocessing.Pipe(duplex=False)
            process = multiprocessing.get_context("fork").Process(target=self._run, args=(workload, writer))
            process.start()
            writer.close()  # so that reports end when the process does, however it does
            del self.queued_tasks[key]
            self.running.add(key)
            self.processes[key] = process, reports
            self.progress.running([running.task_id for running in self.processes])

    def _run(self, workload: "ExecuteTask", reports: Connection) -> None:
        """Run a task, in a process of its own. What it raises, Airflow keeps."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # which a terminal sends to all: the main process ends this one
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # to which psycopg cancels its statement
        logging.getLogger("client360").handlers = [QueueHandler(cast(Any, SimpleNamespace(put_nowait=reports.send)))]
        get_listener_manager().add_listener(Reporter(reports))
        given = {
            name: getattr(workload.ti, name) for name in ("task_id", "dag_id", "run_id", "try_number", "map_index")
        }
        version = UUID(str(workload.ti.dag_version_id))
        instance = TaskInstance(id=UUID(str(workload.ti.id)), dag_version_id=version, **given)
        run_task_in_process(ti=instance, task=self.dag.task_dict[workload.ti.task_id])

    def _shows(self, reports: Connection) -> bool:
        """Show what a task reports next; returns whether there was anything."""
        try:
            report = reports.recv()
        except EOFError:
            return False
        match report:
            case LogRecord():
                logging.getLogger(report.name).handle(report)
            case Report():
                self.progress.show(report)
        return True

    def _end(self, key: "TaskInstanceKey") -> None:
        process, reports = self.processes.pop(key)
        reports.close()
        process.join()
        code = process.exitcode or 0
        if code == 0:
            self.success(key)
        else:
            how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            self.progress.show(Report("fail", key.task_id, "", "", 0, f"its process ended early: {how}"))
            self.fail(key)
        self.progress.running([running.task_id for running in self.processes])

    def _any_ready(self) -> bool:
        """Whether a task that is not queued yet could be."""
        some = next(iter(self.processes))
        with create_session(scoped=False) as session:
            run = session.scalars(select(DagRun).filter_by(dag_id=some.dag_id, run_id=some.run_id)).one()
            run.dag = self.dags.get_dag_for_run(run, session)
            ready = run.task_instance_scheduling_decisions(session=session).schedulable_tis
            session.rollback()  # it has expanded mapped tasks
        return bool(ready)


async def _make_api_ready() -> None:
    """Let the API that tasks report to build its routes, at the first request: here once, since it takes longer than most tasks.
    Its own transport would leave a thread that forks lack."""
    transport = httpx.ASGITransport(app=in_process_api_server().app)
    async with httpx.AsyncClient(transport=transport, base_url="http://in-process.invalid") as client:
        await client.get("/health")


def interrupt_tasks() -> None:
    """End the processes of tasks, and wait for them."""
    children = multiprocessing.active_children()
    for process in children:
        process.terminate()
    for process in children:
        process.join(SECONDS_TO_END)
        if process.is_alive():
            process.kill()
