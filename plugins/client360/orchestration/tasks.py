"""The Python tasks of the DAG: a few lines each that call the package.

Heavy imports are inside the tasks, because every task process imports this module.
"""

import logging
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, cast

from airflow.sdk import Asset, BaseSensorOperator, PokeReturnValue, task
from sqlalchemy import Engine

from client360 import folders
from client360.days import DayRange
from client360.orchestration import alerts
from client360.orchestration.connection import build_replacement, replacement, warehouse, warehouse_of
from client360.run import planning
from client360.run.request import RunRequest, resolve
from client360.run.sources import FeedSource, SimulatedSource
from client360.simulate.corrupt import CorruptedWorld
from client360.warehouse.databases import MAINTENANCE
from client360.warehouse.sessions import database_oid
from client360.warehouse.statistics import refresh_statistics

CLIENTE_360 = Asset("cliente_360", uri="client360://mart/cliente_360")
PATIENCE = timedelta(hours=10)
"""How long a run waits for files that have to come."""
RUN = "run"
"""The XCom key of what the first task resolves: the request, and the oid of the database in which the run works."""

log = logging.getLogger(__name__)
_pulled: dict[tuple[Any, str, str], Any] = {}


def pulled(ti: Any, task_id: str, key: str = "return_value") -> Any:
    """What an earlier task has left, asked for once a task: each request is a round trip to Airflow's API."""
    asked = ti.id, task_id, key
    if asked not in _pulled:
        for other in [other for other in _pulled if other[0] != ti.id]:
            del _pulled[other]
        _pulled[asked] = ti.xcom_pull(task_id, key=key)
    return _pulled[asked]


def resolved(ti: Any) -> RunRequest:
    """The request of the run, as the first task resolved it."""
    return RunRequest.from_record(pulled(ti, "generate.plan", RUN)["request"])


def working_place(ti: Any) -> AbstractContextManager[Engine]:
    """An engine of the database in which the run works, and of no other that has taken its name since."""
    return warehouse_of(resolved(ti), ti.run_id, pulled(ti, "generate.plan", RUN)["database"])


@task
def plan(ti: Any = None, dag_run: Any = None, params: Any = None) -> list[dict]:
    """Resolve the request, claim the warehouse, and batch the days that it lacks of a simulated world."""
    from client360.ingest.arrival import require_input
    from client360.ingest.contract.syntax import require_sql
    from client360.publish import anonymity, export
    from client360.run.room import require_room

    with warehouse() as engine:
        request = resolve(params, dag_run.logical_date, dag_run.run_after)
        if request.anonymous:
            export.require_same_key(folders.data(), anonymity.key())  # fails before any work is done
        source = request.source
        if isinstance(source, FeedSource):
            require_sql(engine, source.feed)
            if source.corrupted is None:
                require_input(engine, source.feed, source.folder, request.day, replace=request.replace)
        folders.prepare_data()  # the export comes after the warehouse was replaced
        require_room(engine, request, folders.data())
        request = planning.claim(engine, request)
    if request.replace:
        build_replacement(dag_run.run_id)
    with warehouse_of(request, dag_run.run_id) as engine:
        database = database_oid(engine)
        planning.note_source(engine, request.source)
        batches = planning.plan_generation(engine, request)
    ti.xcom_push(RUN, {"request": request.to_record(), "database": database})
    return [asdict(batch) for batch in batches]


@task.branch
def tasks_of_files(ti: Any = None) -> list[str]:
    """Name the tasks that the source's files need. Airflow skips the others without starting them."""
    source = resolved(ti).source
    corrupting = ["generate.corrupted_files"] if source.corrupted else []
    reading = ["load.deliveries", "load.contract"] if source.reads_files else []
    return [*corrupting, *reading]


@task(map_index_template="{{ task.op_kwargs.batch.first }} to {{ task.op_kwargs.batch.last }}")
def landing_files(batch: dict, ti: Any = None) -> list[dict]:
    """Write the landing files of a batch of days."""
    from client360.simulate.landing_files import write_landing_files

    world = cast(SimulatedSource, resolved(ti).source).world
    ranges = [DayRange(**days) for days in batch["ranges"]]
    return [asdict(file) for file in write_landing_files(world, ranges, folders.data())]


@task
def corrupted_files(ti: Any = None) -> int:
    """Write the files of a world that corrupts them, and the ledgers of what it broke; returns the number of rows."""
    from client360.simulate.corrupt.files import write_files

    request = resolved(ti)
    return write_files(cast(CorruptedWorld, request.source.corrupted), request.day, folders.data())


@task(
    trigger_rule="none_failed",
    map_index_template="{{ task.op_kwargs.files[0].first }} to {{ task.op_kwargs.files[-1].last }}",
)
def staging(files: list[dict], ti: Any = None, dag_run: Any = None) -> int:
    """Copy landing files into staging, each in one transaction; returns the number of rows."""
    from client360.load.staging import load_file
    from client360.simulate.landing_files import LandingFile

    owner = resolved(ti).source.name
    with working_place(ti) as engine:
        return sum(load_file(engine, LandingFile(**file), folders.data(), owner, dag_run.run_id) for file in files)


class Deliveries(BaseSensorOperator):
    """Lists new and changed files in batches, and records what else is in the folder.

    Where a required file is missing, it fails or, looking again every five minutes, waits.
    """

    def __init__(self, **kwargs: Any) -> None:
        # rescheduled, it takes no place in the executor while it waits, and what else goes wrong is tried again as everywhere
        super().__init__(mode="reschedule", poke_interval=timedelta(minutes=5), timeout=PATIENCE, **kwargs)

    def poke(self, context: Any) -> PokeReturnValue:
        from client360.ingest.arrival import FileAwaited, require_files
        from client360.ingest.deliveries import changed_deliveries, in_batches
        from client360.ingest.inventory import record_input

        request = resolved(context["ti"])
        source = cast(FeedSource, request.source)
        feed, folder = source.feed, source.folder
        with working_place(context["ti"]) as engine:
            try:
                require_files(feed, folder, request.day)
            except FileAwaited as awaited:
                log.warning("%s", awaited)
                alerts.tell_wait(context, str(awaited), request.day)
                return PokeReturnValue(is_done=False)
            changed = changed_deliveries(engine, feed, folder)
            record_input(engine, feed, folder, request.day, context["run_id"], changed=changed)
        return PokeReturnValue(
            is_done=True, xcom_value=[[asdict(each) for each in batch] for batch in in_batches(changed)]
        )


@task(
    map_index_template="{{ task.op_kwargs.deliveries[0].path }}"
    "{% if task.op_kwargs.deliveries | length > 1 %} to {{ task.op_kwargs.deliveries[-1].path }}{% endif %}"
)
def raw_files(deliveries: list[dict], ti: Any = None, dag_run: Any = None) -> int:
    """Copy files into their raw tables, as text, each in one transaction; returns the number of rows."""
    from client360.ingest.deliveries import Delivery
    from client360.ingest.raw_load import load_raw_files

    source = cast(FeedSource, resolved(ti).source)
    with working_place(ti) as engine:
        files = [Delivery(**delivery) for delivery in deliveries]
        return load_raw_files(engine, source.feed, source.folder, files, dag_run.run_id)


@task(trigger_rule="none_failed")
def contract(ti: Any = None, dag_run: Any = None) -> list[date]:
    """Map and judge the rows of all files, and put the days that changed into staging; returns these days."""
    from client360.ingest.contract import apply_contract

    request = resolved(ti)
    source = cast(FeedSource, request.source)
    copied = [delivery["path"] for batch in ti.xcom_pull("load.deliveries") for delivery in batch]
    with working_place(ti) as engine:
        return apply_contract(
            engine,
            source.feed,
            dag_run.run_id,
            source.threshold,
            copied,
            rebuild=request.rebuild,
            folder=source.folder,
        )


@task(trigger_rule="none_failed")
def days(planned: list[dict], ti: Any = None) -> list[dict]:
    """Bring rates up to date, and batch the days that all later tasks work on, whatever the source."""
    request = resolved(ti)
    batches = planned
    with working_place(ti) as engine:
        planning.move_rates_on(engine, request)
        if request.source.reads_files:
            changed = ti.xcom_pull("load.contract")
            batches = [asdict(batch) for batch in planning.plan_transform(engine, request, changed)]
        refresh_statistics(engine)  # of what all tasks of the load have written
    return batches


@task
def calendar_and_provinces(batches: list[dict], ti: Any = None) -> int:
    """Complete the dimensions that no landing file brings; returns their number of rows."""
    from client360.load.dimensions import fill_dimensions

    request = resolved(ti)
    source, history = request.source, DayRange(batches[0]["history_start"], request.day)
    with working_place(ti) as engine:
        return fill_dimensions(
            engine, history, source.name, source.country, provinces_too=not source.provides_provinces
        )


@task
def checks(batches: list[dict], ti: Any = None, dag_run: Any = None) -> int:
    """Run the checks; returns their number. A failed one stops the run; else what it built becomes what people read."""
    from client360.publish.checks import CheckedRun, run_checks

    request = resolved(ti)
    touched = [day for batch in batches for days in batch["ranges"] for day in DayRange(**days).days()]
    checked = CheckedRun(request.day, batches[0]["history_start"], request.source.name, dag_run.run_id, touched)
    with working_place(ti) as engine:
        count = run_checks(engine, checked, request.source.entities, consistent=request.source.consistent)
    if request.replace:
        with warehouse(MAINTENANCE) as server:
            replacement(dag_run.run_id).take_over(server)
    return count


@task(outlets=[CLIENTE_360])
def csv_files(ti: Any = None, outlet_events: Any = None) -> int:
    """Write cliente_360, the answers and their data dictionary, as CSV and as was asked; returns the number of customers."""
    from client360.publish import anonymity, export

    request = resolved(ti)
    key = anonymity.key() if request.anonymous else None
    with working_place(ti) as engine:
        rows = export.export(
            engine,
            request.day,
            request.source.name,
            folders.data(),
            key,
            currency=request.source.currency,
            parameters=request.source.parameters,
            formats=request.formats,
        )
    outlet_events[CLIENTE_360].extra = {"fecha": request.day.isoformat(), "filas": rows["cliente_360"]}
    return rows["cliente_360"]


def tell_findings(context: Any) -> None:
    """Tell people what the run has found: the callback of its last task."""
    with working_place(context["ti"]) as engine:
        alerts.tell_findings(engine, resolved(context["ti"]).day, context["run_id"])


@task(on_success_callback=tell_findings)
def retention(ti: Any = None) -> list[date]:
    """Remove what the run was asked to keep no longer: published days, which it returns, and landing files."""
    from client360.publish.retention import remove_landing_files, remove_published_days

    request = resolved(ti)
    owner = request.source.name
    with working_place(ti) as engine:
        removed = remove_published_days(engine, owner, folders.data(), request.daily_months)
        if request.clear_landing and not request.source.reads_files:
            with engine.connect() as connection:
                loaded = planning.loaded_days(connection, owner)
            remove_landing_files(engine, owner, folders.data(), loaded)
    return removed
