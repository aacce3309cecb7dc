"""
### One row per customer, every day

Simulates a bank that also runs a shop, day by day, or reads your CSV files; loads PostgreSQL, models a star schema, computes
the view `mart.cliente_360`, answers six business questions, and exports all of it to `data/processed`:

**generate** landing files -> **load** them into `staging` -> **transform** them into the star `dw` -> **build_view** the
marts and check them -> **export** CSV and, with `formatos`, Excel, CSV with `;` or Parquet.

**Your own files.** `fuente` names the feed, a folder of `include/sql/feeds` that maps them; `entrada` is the folder that
holds them. A run reads new and changed files. Every row that breaks the contract goes to the quarantine `control.rechazos`
with its reason; too many of them (`umbral`) stop the run before anything is changed.

**The day.** A run processes one business day: `fecha` if given, else the day of its logical date, but never a day that is
not over in the time zone of the feed, Argentina unless its `feed.yaml` says another. `fecha` decides; the logical date only
labels the run, and must not be in the future. The schedule runs at 06:00 of that time zone for the day before. Days of history
that the warehouse lacks are generated and loaded first. Runs are idempotent: any day, at any time, in any order, gives the same
rows.

**Backfill.** `airflow backfill create --dag-id client360 --from-date 2026-11-01 --to-date 2026-11-07` (both included).

**When a check fails** the run stops before the export and names it; nothing is published. `control.verificaciones` keeps
the results; each check is the file of that name in `include/sql/check`. For files from elsewhere the checks in
`include/sql/check/source` only warn, those in `monitor` always. A run recovers days that an earlier one left half loaded.

**What the warehouse holds** gives way only to a run with `reemplazar`; a run that asks for another source without it is refused.
So are, by the first task and at once, wrong parameters, a folder without files of the feed, and a world too large for the disk. A
run with `reemplazar` builds in a database of its own, which takes the warehouse's place once its checks have passed: at the end
of **build_view**. A run that fails before that changes nothing.
"""

import os
from datetime import timedelta

from airflow.sdk import DAG, TaskGroup, cross_downstream

from client360 import folders
from client360.orchestration import alerts, tasks
from client360.orchestration.form import form
from client360.orchestration.sql_operator import sql_task
from client360.orchestration.timetable import DailyTimetable
from client360.run import parameters, steps

with DAG(
    dag_id="client360",
    description="A bank and its shop, one row per customer: generate, load, transform, build the view, export",
    doc_md=__doc__,
    schedule=DailyTimetable(hours=6, zone=parameters.timezone(os.environ)),
    catchup=False,
    max_active_runs=4,
    params=form(),
    template_searchpath=str(folders.SQL),
    user_defined_macros={"pulled": tasks.pulled, "resolved": tasks.resolved},
    default_args={
        "owner": "client360",
        "retries": 2,
        "retry_delay": timedelta(seconds=10),
        "retry_exponential_backoff": 2.0,
        "execution_timeout": timedelta(hours=2),
    },
    dagrun_timeout=timedelta(hours=12),
    deadline=alerts.deadline(),
    on_failure_callback=alerts.tell_failure,
    tags=["client360", "customer 360", "postgres"],
) as dag:
    with TaskGroup("generate") as generate:
        planned = tasks.plan()
        files = tasks.landing_files.expand(batch=planned)
        of_files = planned >> tasks.tasks_of_files()
        of_files >> tasks.corrupted_files()

    with TaskGroup("load") as load:
        batches = tasks.days(planned)
        tasks.staging.expand(files=files) >> batches
        delivered, contracted = tasks.Deliveries(task_id="deliveries", trigger_rule="none_failed"), tasks.contract()
        tasks.raw_files.expand(deliveries=delivered.output) >> contracted >> batches
        of_files >> [delivered, contracted]

    with TaskGroup("transform") as transform:
        dimensions = [
            tasks.calendar_and_provinces(batches),
            sql_task("dimensions", batches, *steps.DIMENSIONS),
        ]
        facts = [
            sql_task("hecho_transacciones", batches, steps.TRANSACTIONS),
            sql_task("orders", batches, *steps.ORDERS),
            sql_task("other_facts", batches, *steps.OTHER_FACTS),
        ]
        cross_downstream(dimensions, facts)

    with TaskGroup("build_view") as build_view:
        monthly_sums = sql_task("monthly_sums", batches, steps.MONTHLY_SUMS)
        cliente_360 = sql_task("cliente_360", batches, steps.CLIENTE_360)
        answers = [
            sql_task("answers_on_sales", batches, *steps.ANSWERS_ON_SALES),
            sql_task("answers_on_logistics", batches, *steps.ANSWERS_ON_LOGISTICS),
            sql_task("answers_on_customers", batches, *steps.ANSWERS_ON_CUSTOMERS),
        ]
        views = sql_task("views", batches, steps.VIEWS)
        monthly_sums >> cliente_360 >> answers >> views >> tasks.checks(batches)

    with TaskGroup("export") as export:
        tasks.csv_files() >> tasks.retention()

    generate >> load >> transform >> build_view >> export
