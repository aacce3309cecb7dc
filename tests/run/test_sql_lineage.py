"""What is found in the SQL of a run, beside what PostgreSQL notes of the same statements: the body of a function depends on all
tables and columns that its statements name."""

import re
from collections import defaultdict
from collections.abc import Iterator

import psycopg
import pytest
import sqlparse
from psycopg import sql

from client360 import folders
from client360.ingest.feed_spec import FEEDS, read_feed
from client360.run import lineage
from client360.run.lineage import Lineage
from client360.run.step_runner import filled_in
from client360.run.steps import IN_ORDER, VIEWS, Step
from client360.warehouse.models import LANDING, tables
from client360.warehouse.templates import compose
from tools.local.server import Server

BOUND = {
    **dict.fromkeys(("fecha", "inicio", "desde", "hasta", "mes"), "date '2026-09-10'"),
    **dict.fromkeys(("mundo", "pais", "corrida"), "'AR'"),
    **dict.fromkeys(("entidades", "entidades_sin_datos", "relaciones_sin_datos", "ultimas_capas"), "'{}'::text[]"),
    **dict.fromkeys(("dias", "ultimos_dias", "dias_del_mes"), "'{}'::date[]"),
}
TEMPORARY = re.compile(r"create temporary table (\w+) on commit drop as\b(.*)", re.DOTALL)
STEPS = [step for step in IN_ORDER if step != VIEWS]
COUNTED = {
    "dw.hecho_pedidos": {"lineas"},
    "mart.gasto_mensual": {"movimientos"},
    "mart.cliente_360_historico": {"meses_observados", "contactos_campania_12m"},
    "mart.ventas_por_canal_historico": {"pedidos"},
    "mart.demoras_logisticas_historico": {"entregas"},
    "mart.tiempos_pedidos_historico": {"pedidos"},
    "mart.impacto_campanias_historico": {
        *("contactados", "control", "conversion_contactados_pct", "conversion_control_pct", "exito"),
        *("pedidos_incrementales", "pedidos_incrementales_desde", "pedidos_incrementales_hasta"),
    },
    "mart.distribucion_geografica_historico": {"clientes", "clientes_hace_12m", "crecimiento_pct"},
    "mart.riesgo_crediticio_historico": {"clientes"},
}
"""Numbers of rows, and what is made of them alone."""
CONSTANT = {
    **{table.fullname: {"fecha_corte"} for table in tables() if table.name.endswith("_historico")},
    "mart.tiempos_pedidos_historico": {"fecha_corte", "estado"},
}
"""The same in all rows, or listed in the SQL."""
CALENDAR = {"mart.clientes_nuevos_recurrentes_historico", "mart.rentabilidad_mensual_historico"}
CALENDAR |= {"mart.rotacion_stock_historico", "mart.riesgo_crediticio_historico"}
"""Where `mes` is one of the 13 that end with that of the day."""

Named = dict[str, set[str]]
"""By table, the columns that statements name."""


@pytest.fixture(scope="module")
def connection(server: Server) -> Iterator[psycopg.Connection]:
    """A connection to an empty warehouse, in a transaction that is rolled back."""
    with psycopg.connect(server.url("client360")) as connected:
        yield connected
        connected.rollback()


def named(connection: psycopg.Connection, scripts: list[str]) -> Named:
    """The tables that the statements of a transaction name, as PostgreSQL reads them, and their columns."""
    found: Named = defaultdict(set)
    connection.execute("create schema prueba")
    connection.execute("set local search_path = prueba")
    for script in scripts:
        text = re.sub(r"%\((\w+)\)s", lambda bound: BOUND[bound[1]], script).replace("%%", "%")
        for statement in sqlparse.split(sqlparse.format(text, strip_comments=True)):
            body = statement.strip().removesuffix(";")
            if body.startswith("analyze"):
                continue
            if made := TEMPORARY.fullmatch(body):
                body = made[2]
                connection.execute(f"create table {made[1]} as {body} with no data")
            connection.execute(f"create function nombrado() returns void begin atomic {body}; end")
            for table, column in connection.execute(
                "select refobjid::regclass::text, attname from pg_depend left join pg_attribute "
                "on attrelid = refobjid and attnum = refobjsubid and attnum > 0 "
                "where objid = 'nombrado'::regproc and classid = 'pg_proc'::regclass and refclassid = 'pg_class'::regclass",
                prepare=False,  # whose plan would keep the number of the first function
            ):
                if "." in table:
                    found[table] |= {column} - {None}
            connection.execute("drop function nombrado")
    connection.execute("drop schema prueba cascade")
    return found


def origins(found: Lineage) -> set[tuple[str, str]]:
    return {origin for made in found.writes.values() for made_of in made.values() for origin in made_of}


def scripts_of(step: Step) -> list[str]:
    scripts = [filled_in(script, step).as_string(None) for script in step.scripts()]
    destination = sql.SQL(step.fills.table().fullname if step.fills else "")
    return [compose(script, {"destino": destination}).as_string(None) for script in scripts]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_reads_and_writes_the_tables_and_columns_that_postgresql_finds_in_it(
    step: Step, connection: psycopg.Connection
) -> None:
    truth, found = named(connection, scripts_of(step)), lineage.of_step(step)
    assert found.reads | found.writes.keys() == truth.keys()
    assert [(table, column) for table, column in sorted(origins(found)) if column not in truth[table]] == []
    given = {(table, column) for table, made in found.writes.items() for column in made}
    assert [(table, column) for table, column in sorted(given) if column not in truth[table]] == []


def test_the_views_repeat_the_columns_that_postgresql_says_they_do(connection: psycopg.Connection) -> None:
    (script,) = VIEWS.scripts()
    connection.execute("set local search_path = public")
    connection.execute(script.encode())
    truth: dict[str, set] = defaultdict(set)
    for view, table, column in connection.execute(
        "select view_name, table_name, column_name from information_schema.view_column_usage "
        "where view_schema = 'mart' and table_name <> 'dia_publicado'"  # which only says of which day
    ):
        truth[f"mart.{view}"].add((f"mart.{table}", column))
    shown: dict[str, set] = defaultdict(set)
    for view, column in connection.execute(
        "select table_name, column_name from information_schema.columns join information_schema.views "
        "using (table_schema, table_name) where table_schema = 'mart' and table_name <> 'dia_publicado'"
    ):
        shown[f"mart.{view}"].add(column)
    found = lineage.of_step(VIEWS)
    assert {view: set(made) for view, made in found.writes.items()} == shown
    assert {view: set().union(*made.values()) for view, made in found.writes.items()} == truth
    assert found.reads == {table for columns in truth.values() for table, _ in columns}


def test_the_checks_read_the_tables_that_postgresql_finds_in_them(connection: psycopg.Connection) -> None:
    files = sorted((folders.SQL / "check").glob("*/*.sql"))
    truth = named(connection, [file.read_text(encoding="utf-8") for file in files])
    assert lineage.of_checks().reads == truth.keys()


def test_every_column_of_the_star_and_the_marts_is_made_of_columns_but_for_counts_and_constants() -> None:
    found = Lineage()
    for step in IN_ORDER:
        found.add(lineage.of_step(step))
    filled = {table.fullname: set(table.columns.keys()) for table in tables() if table.schema in ("dw", "mart")}
    for by_python in ("dw.dim_fecha", "dw.dim_provincia", "dw.grafia_provincia"):
        del filled[by_python]
    made = {table: columns for table, columns in found.writes.items() if table in filled}
    assert {table: set(columns) for table, columns in made.items()} == filled
    without = {table: {column for column, made_of in made[table].items() if not made_of} for table in made}
    expected = {
        table: COUNTED.get(table, set()) | CONSTANT.get(table, set()) | ({"mes"} if table in CALENDAR else set())
        for table in made
    }
    assert without == expected


@pytest.mark.parametrize(
    ("table", "column", "made_of"),
    [
        ("dw.dim_cliente", "vigente_hasta", {"dw.dim_cliente.vigente_desde", "dw.dim_cliente.cliente_id"}),
        ("dw.dim_cliente", "email", {"staging.clientes.email"}),
        (
            "dw.hecho_transacciones",
            "monto",
            {
                *("staging.transacciones.monto", "staging.transacciones.moneda", "dw.dim_cotizacion.cotizacion"),
                *("dw.hecho_transacciones.monto_original", "dw.hecho_transacciones.moneda"),
            },
        ),
        (
            "mart.gasto_mensual",
            "ingresos",
            {f"dw.hecho_transacciones.{name}" for name in ("monto", "tipo_transaccion", "rubro")},
        ),
        ("mart.cliente_360_historico", "nombre", {"dw.dim_cliente.nombre", "dw.dim_cliente.apellido"}),
        ("mart.cliente_360_historico", "edad", {"dw.dim_cliente.fecha_nacimiento"}),
        ("mart.cliente_360_historico", "provincia", {"dw.grafia_provincia.provincia", "dw.dim_cliente.provincia"}),
        ("mart.productos_mas_vendidos_historico", "nombre", {"dw.dim_producto.nombre"}),
        ("mart.cliente_360", "edad", {"mart.cliente_360_historico.edad"}),
    ],
)
def test_a_column_is_made_of_what_its_sql_says_through_temporary_tables_and_updates(
    table: str, column: str, made_of: set[str]
) -> None:
    found = Lineage()
    for step in IN_ORDER:
        found.add(lineage.of_step(step))
    assert {".".join(origin) for origin in found.writes[table][column]} == made_of


@pytest.mark.parametrize("name", sorted(path.parent.name for path in FEEDS.glob("*/feed.yaml")))
def test_what_a_feed_delivers_is_made_of_the_raw_tables_that_its_selects_read(name: str) -> None:
    feed = read_feed(name)
    found = lineage.of_mapping(feed)
    assert found.writes.keys() == {f"staging.{entity}" for entity in feed.mapping}
    assert found.reads == {f"crudo.{kind}" for kind in feed.files if feed.readers(kind)}
    for table, made in found.writes.items():
        names = {column.name for column in LANDING[table.removeprefix("staging.")].table().columns}
        assert made.keys() <= names
        assert any(made.values())


def test_of_a_select_that_can_not_be_followed_the_tables_are_told() -> None:
    feed = read_feed("banco_ejemplo")
    broken = {**feed.mapping, "clientes": "select cliente_id from crudo.clientes where a ~~@~~ ("}
    found = lineage.of_mapping(type(feed)(**{**vars(feed), "mapping": broken}))
    assert found.writes["staging.clientes"] == {}
    assert found.reads == {"crudo.clientes", "crudo.transacciones"}
    assert ("crudo.transacciones", "monto") in found.writes["staging.transacciones"]["monto"]
