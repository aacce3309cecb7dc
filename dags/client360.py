"""
### One row per customer, every day

Simulates a bank that also runs a shop, day by day, or reads CSV files that somebody else wrote, loads PostgreSQL, models a
star schema, computes the view `mart.cliente_360` and answers six business questions, and exports them as
`data/processed/*.csv`:

**generate** landing files -> **load** them into `staging` -> **transform** them into the star `dw` -> **build_view** the
marts and check them -> **export** CSV.

**Your own files.** `fuente` names the feed (a folder of `include/sql/feeds`) that says what they are, `entrada` the folder
they lie in. A run reads those that are new or have changed; every row that does not fit stands in `control.rechazos` with
its reason, and too many of them (`umbral`) stop the run before anything is touched.

**The day.** A run processes one business day: `fecha` if you give it, else the day of its logical date, but never one
that is not over. The schedule runs at 06:00 UTC for the day before. Days of history that the warehouse lacks are
generated and loaded first, so any day can be run at any time, again, or in any order, and always gives the same rows.

**Backfill.** `airflow backfill create --dag-id client360 --from-date 2026-11-01 --to-date 2026-11-07` (both included).

**When a check fails** the run stops before the export and names it; nothing is published. `control.verificaciones`
keeps the results, the check itself is the file of that name in `include/sql/check`. Files that somebody else wrote need not
agree with themselves: the checks in `include/sql/check/source` only warn of those. A run repairs days that were only
half loaded; trigger with `reemplazar` to rebuild the whole warehouse.
"""

import os
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta, timezone

from airflow.providers.common.sql.hooks.handlers import fetch_one_handler
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk import DAG, Asset, Param, TaskGroup, cross_downstream, task
from airflow.sdk.exceptions import AirflowFailException

from client360 import folders, parameters, planning
from client360.dirt import MOST
from client360.discretion import discreet
from client360.feeds import declared
from client360.operators import WarehouseOperator
from client360.planning import FeedSource
from client360.timetable import DailyTimetable
from client360.world import EARLIEST, LARGEST, World

CONNECTION = "client360"
CLIENTE_360 = Asset("cliente_360", uri="client360://mart/cliente_360")
DEFAULTS = parameters.defaults(os.environ)
PATIENCE = 120
"""How often files that have to come are looked for, five minutes apart."""

PARAMS = {
    "fecha": Param(
        None,
        type=["null", "string"],
        format="date",
        title="Business day",
        description="The day to process; empty: the day of the logical date, or the last one that is over.",
    ),
    "inicio": Param(
        DEFAULTS["inicio"],
        type=["null", "string"],
        format="date",
        title="First day of history",
        description=f"From {EARLIEST} on, not after the business day; empty: {World.inicio} or, of files, the first day with "
        "a bank movement or an order.",
    ),
    "clientes": Param(
        DEFAULTS["clientes"],
        type="integer",
        minimum=1,
        maximum=LARGEST,
        title="Customers",
        description="Size of the customer base: about as many are active on any day.",
        section="World",
    ),
    "semilla": Param(
        DEFAULTS["semilla"],
        type="integer",
        minimum=0,
        title="Seed",
        description="Another seed, another world. Equal seed, customers and first day: equal rows.",
        section="World",
    ),
    "suciedad": Param(
        DEFAULTS["suciedad"],
        type="number",
        minimum=0,
        maximum=MOST,
        title="Dirt",
        description="Share of the rows of its files that the world breaks on purpose; they are read as a feed, and every "
        "broken one has to stand in control.rechazos.",
        section="World",
    ),
    "fuente": Param(
        DEFAULTS["fuente"],
        type="string",
        enum=declared.names(),
        title="Feed",
        description="What the files are: a folder of include/sql/feeds. simulador without a folder generates the world above.",
        section="Source",
    ),
    "entrada": Param(
        DEFAULTS["entrada"],
        type=["null", "string"],
        title="Folder of the files",
        description="Below the data folder, or an absolute path that Airflow's machine can read; in Docker only below data.",
        section="Source",
    ),
    "umbral": Param(
        DEFAULTS["umbral"],
        type=["null", "number"],
        minimum=0,
        maximum=100,
        title="Rejected rows that stop the run, per cent",
        description="Of the rows of any entity; empty: as the feed says. Up to it the run goes on without them, and says so.",
        section="Source",
    ),
    "reemplazar": Param(
        False,
        type="boolean",
        title="Replace what the warehouse holds",
        description="Empties the warehouse first, also of rows that came from files and can not be generated again.",
        section="Warehouse",
    ),
    "anonimo": Param(
        DEFAULTS["anonimo"],
        type="boolean",
        title="Publish anonymous files",
        description="Without names, and with hashes as keys of customers, in processed/anonimo; the open files stay as they are.",
        section="Export",
    ),
}


@contextmanager
def warehouse():
    """The warehouse, for the Python tasks. What is wrong with the input is not mended by trying again."""
    engine = PostgresHook(CONNECTION).get_sqlalchemy_engine({"hide_parameters": True})
    try:
        with discreet():
            yield engine
    except ValueError as error:
        raise AirflowFailException(str(error)) from None
    finally:
        engine.dispose()


def request(dag_run, params) -> planning.Request:
    return planning.request(params, dag_run.logical_date, dag_run.run_after)


def sql_file(file: str) -> dict:
    """A file of include/sql, run in one transaction; its last statement returns the number of rows."""
    return {
        "task_id": file.split("/")[1],
        "conn_id": CONNECTION,
        "sql": f"{file}.sql",
        "split_statements": True,
        "handler": fetch_one_handler,
    }


def by_share(file: str, shares):
    """The file, run once for each share of the days."""
    label = "{{ task.parameters.desde }} to {{ task.parameters.hasta }}"
    return WarehouseOperator.partial(**sql_file(file), map_index_template=label).expand(parameters=shares)


def over_the_span(file: str) -> WarehouseOperator:
    """The file, run once over all days that the run touches."""
    span = {
        "desde": "{{ ti.xcom_pull('load.days')[0].desde }}",
        "hasta": "{{ ti.xcom_pull('load.days')[-1].hasta }}",
    }
    return WarehouseOperator(**sql_file(file), parameters=span)


def of_the_day(file: str) -> WarehouseOperator:
    """The file, run as of the business day."""
    day = {
        "fecha": "{{ wanted(dag_run, params).fecha }}",
        "inicio": "{{ ti.xcom_pull('load.days', key='inicio') }}",
        "mundo": "{{ wanted(dag_run, params).source.name }}",
        "entidades": "{ {{- wanted(dag_run, params).entities | join(',') -}} }",
    }
    return WarehouseOperator(**sql_file(file), parameters=day)


def reads_files(context) -> bool:
    return isinstance(request(context["dag_run"], context["params"]).source, FeedSource)


def soils_files(context) -> bool:
    return reads_files(context) and request(context["dag_run"], context["params"]).source.soiled is not None


# The tasks import what they need: every task's process reads this file first.
with DAG(
    dag_id="client360",
    description="A bank and its shop, one row per customer: generate, load, transform, build the view, export",
    doc_md=__doc__,
    schedule=DailyTimetable(hours=6),
    start_date=datetime(2025, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=4,
    params=PARAMS,
    template_searchpath=str(folders.SQL),
    user_defined_macros={"wanted": request},
    default_args={
        "owner": "client360",
        "retries": 2,
        "retry_delay": timedelta(seconds=10),
        "retry_exponential_backoff": 2.0,
        "execution_timeout": timedelta(hours=2),
    },
    dagrun_timeout=timedelta(hours=12),
    tags=["client360", "customer 360", "postgres"],
) as dag:

    @task
    def plan(dag_run=None, params=None) -> list[dict]:
        """Share out the days that the warehouse lacks of a world: from, to, and the chunks of days in between."""
        from client360 import anonymity, export

        with warehouse() as engine:
            wanted = request(dag_run, params)
            if wanted.anonymous:
                export.agree(folders.data(), anonymity.key())  # no day is loaded in vain
            return [asdict(share) for share in planning.prepare(engine, wanted)]

    @task(map_index_template="{{ task.op_kwargs.share.desde }} to {{ task.op_kwargs.share.hasta }}")
    def landing_files(share: dict, dag_run=None, params=None) -> list[dict]:
        """Write the landing files of a share of the days."""
        from client360 import landing

        world = request(dag_run, params).source
        work = [planning.Chunk(**chunk) for chunk in share["chunks"]]
        return [asdict(file) for file in landing.generate(world, work, folders.data())]

    @task.run_if(soils_files, "no world soils its files")
    @task
    def soiled_files(dag_run=None, params=None) -> int:
        """Write the files of a world that soils them, and the ledger of what it broke; returns the number of rows."""
        from client360.dirt.delivery import deliver

        wanted = request(dag_run, params)
        return deliver(wanted.source.soiled, wanted.fecha, folders.data())

    @task(
        trigger_rule="none_failed",
        map_index_template="{{ task.op_kwargs.files[0].desde }} to {{ task.op_kwargs.files[-1].hasta }}",
    )
    def staging(files: list[dict], dag_run=None, params=None) -> int:
        """Copy landing files into staging, each in one transaction; returns the number of rows."""
        from client360 import landing, load

        world = request(dag_run, params).source.name
        with warehouse() as engine:
            landed = [landing.LandingFile(**file) for file in files]
            return sum(load.load(engine, file, folders.data(), world, dag_run.run_id) for file in landed)

    @task.run_if(reads_files, "the simulator's files are not read as a feed")
    @task(trigger_rule="none_failed", retries=PATIENCE, retry_delay=timedelta(minutes=5), retry_exponential_backoff=0)
    def deliveries(dag_run=None, params=None) -> list[dict]:
        """List the files that are new or have changed; without one that has to be there, fail or, by retrying, wait."""
        from client360.feeds import arrival, raw

        wanted = request(dag_run, params)
        with warehouse() as engine:
            arrival.complete(wanted.source.feed, wanted.source.folder, wanted.fecha)
            return [asdict(file) for file in raw.changed(engine, wanted.source.feed, wanted.source.folder)]

    @task(map_index_template="{{ task.op_kwargs.delivery.archivo }}")
    def raw_files(delivery: dict, dag_run=None, params=None) -> int:
        """Copy a file into its raw table, as text; returns the number of rows."""
        from client360.feeds import raw

        source = request(dag_run, params).source
        with warehouse() as engine:
            return raw.take_in(engine, source.feed, source.folder, raw.Delivery(**delivery), dag_run.run_id)

    @task.run_if(reads_files, "the simulator's files are not read as a feed")
    @task(task_id="contract", trigger_rule="none_failed")
    def contract_rows(dag_run=None, params=None) -> list[date]:
        """Map and judge the rows of all files, and put the days that differ into staging; returns these days."""
        from client360.feeds import contract

        source = request(dag_run, params).source
        with warehouse() as engine:
            return contract.fill(engine, source.feed, dag_run.run_id, source.threshold)

    @task(trigger_rule="none_failed")
    def days(planned: list[dict], ti=None, dag_run=None, params=None) -> list[dict]:
        """Share out the days that all that follows works on, whatever the source; where history begins is `inicio`."""
        wanted = request(dag_run, params)
        if not isinstance(wanted.source, FeedSource):
            ti.xcom_push("inicio", wanted.source.inicio)
            return planned
        with warehouse() as engine:
            inicio, shares = planning.delivered(engine, wanted, ti.xcom_pull("load.contract"))
        ti.xcom_push("inicio", inicio)
        return [asdict(share) for share in shares]

    @task
    def calendar_and_provinces(ti=None, dag_run=None, params=None) -> int:
        """Complete the dimensions that come from no landing file; returns their number of rows."""
        from client360 import reference

        wanted = request(dag_run, params)
        inicio = ti.xcom_pull("load.days", key="inicio")
        own_provinces = declared.PROVINCES in wanted.entities
        with warehouse() as engine:
            return reference.fill(
                engine, inicio, wanted.fecha, wanted.source.name, wanted.country, provinces_too=not own_provinces
            )

    @task
    def checks(shares: list[dict], ti=None, dag_run=None, params=None) -> int:
        """Check what the run touched; returns the number of checks, and stops the run if one fails."""
        from client360 import check

        wanted = request(dag_run, params)
        inicio = ti.xcom_pull("load.days", key="inicio")
        touched = [day for share in shares for chunk in share["chunks"] for day in planning.Chunk(**chunk).days()]
        scope = check.Scope(wanted.fecha, inicio, wanted.source.name, dag_run.run_id, touched)
        with warehouse() as engine:
            return check.check(engine, scope, wanted.entities, simulated=isinstance(wanted.source, World))

    @task(outlets=[CLIENTE_360])
    def csv_files(dag_run=None, params=None, outlet_events=None) -> int:
        """Write cliente_360.csv, the six answers and their data dictionary; returns the number of customers."""
        from client360 import anonymity, export

        wanted = request(dag_run, params)
        with warehouse() as engine:
            key = anonymity.key() if wanted.anonymous else None
            rows = export.export(
                engine, wanted.fecha, wanted.source.name, folders.data(), key, currency=wanted.currency
            )
        outlet_events[CLIENTE_360].extra = {"fecha": wanted.fecha.isoformat(), "filas": rows["cliente_360"]}
        return rows["cliente_360"]

    with TaskGroup("generate") as generate:
        planned = plan()
        files = landing_files.expand(share=planned)
        planned >> soiled_files()

    with TaskGroup("load") as load_files:
        shares = days(planned)
        staging.expand(files=files) >> shares
        raw_files.expand(delivery=deliveries()) >> contract_rows() >> shares

    with TaskGroup("transform") as transform:
        facts = [
            by_share("transform/hecho_transacciones", shares),
            over_the_span("transform/hecho_ventas"),
            over_the_span("transform/hecho_contactos"),
            over_the_span("transform/hecho_stock"),
        ]
        dimensions = [
            calendar_and_provinces(),
            over_the_span("transform/dim_cliente"),
            over_the_span("transform/dim_producto"),
            over_the_span("transform/dim_campania"),
        ]
        cross_downstream(dimensions, facts)
        facts[1] >> over_the_span("transform/hecho_envios")

    with TaskGroup("build_view") as build_view:
        summaries = [by_share("build_view/gasto_mensual", shares), over_the_span("build_view/stock_mensual")]
        cliente_360_historico = of_the_day("build_view/cliente_360_historico")
        answers = [
            of_the_day(f"build_view/{name}")
            for name in (
                "productos_mas_vendidos",
                "clientes_nuevos_recurrentes",
                "rotacion_stock",
                "demoras_logisticas",
                "impacto_campanias",
                "rentabilidad_mensual",
                "distribucion_geografica",
            )
        ]
        (
            summaries
            >> cliente_360_historico
            >> answers
            >> WarehouseOperator(**sql_file("build_view/vistas"))
            >> checks(shares)
        )

    with TaskGroup("export") as export_files:
        csv_files()

    generate >> load_files >> transform >> build_view >> export_files
