"""Every cell of cliente_360 is what its explanation comes to, and an explanation names the rows that it takes."""

import csv
import io
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import psycopg
import pytest
from explaining import published, reader, run_command, worked_out
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from client360.days import DayRange
from client360.load.dimensions import fill_dimensions
from client360.load.staging import load_file
from client360.publish.checks import CheckedRun, CheckFailed, run_checks
from client360.run import steps
from client360.run.planning import plan_generation
from client360.run.request import RunRequest
from client360.run.sources import SimulatedSource
from client360.run.step_runner import run_step
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files
from client360.warehouse.models import EXPORTED, LANDING
from reading.explain import COLUMNS, explain
from reading.explain.meanings import MEANINGS
from tools.local.server import Server

WORLD = World(seed=8, customers=120, first_day=date(2025, 8, 15))
FECHA = date(2026, 3, 20)
"""So that there are observed months, and orders of more than 90 days ago."""
EARLIER = date(2026, 1, 31)
"""Published too, when the later days are there."""
CHECKED = CheckedRun(FECHA, WORLD.first_day, WORLD.name, "run", [FECHA])


@pytest.fixture(scope="module")
def template(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A warehouse in which a day is published."""
    data = tmp_path_factory.mktemp("data")
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute("create database explained template client360")
    engine = create_engine(server.url("explained", "postgresql+psycopg"), poolclass=NullPool)
    days = DayRange(WORLD.first_day, FECHA)
    for part in plan_generation(engine, RunRequest(FECHA, SimulatedSource(WORLD))):
        for file in write_landing_files(WORLD, part.ranges, data):
            load_file(engine, file, data, WORLD.name, "run")
    fill_dimensions(engine, days, WORLD.name)
    parameters = {"desde": WORLD.first_day, "hasta": FECHA, "fecha": FECHA, "inicio": WORLD.first_day}
    parameters |= {"mundo": WORLD.name, "pais": "AR", "entidades": list(LANDING)}
    for step in steps.BY_NAME.values():
        with engine.begin() as connection:
            run_step(connection, step, parameters)
    run_checks(engine, CHECKED)
    with engine.begin() as connection:
        run_step(connection, steps.CLIENTE_360, parameters | {"fecha": EARLIER})
    # of the answers there is no such day
    with suppress(CheckFailed):
        run_checks(engine, replace(CHECKED, day=EARLIER))
    with engine.begin() as connection:
        connection.execute(
            text("update control.verificaciones set correcta = true where fecha_corte = :day"), {"day": EARLIER}
        )
    return "explained"


@pytest.mark.parametrize("fecha", [FECHA, EARLIER])
def test_every_cell_of_a_world_is_what_its_explanation_comes_to(warehouse: Engine, fecha: date) -> None:
    with reader(warehouse) as connection:
        wrong, right = worked_out(connection, fecha)
    assert wrong == {}
    # not of nobody only, nor the same of all
    assert {column for column in COLUMNS if not right[column] - {None}} <= {"posible_duplicado_de"}
    assert {column for column in COLUMNS if len(right[column]) < 2} == {"pais", "fecha_corte", "posible_duplicado_de"}


def test_there_is_an_explanation_of_every_column_and_a_sentence() -> None:
    assert set(COLUMNS) == set(MEANINGS) == set(EXPORTED["cliente_360"].table().columns.keys())
    assert len(set(MEANINGS.values())) == len(MEANINGS)
    assert [sentence for sentence in MEANINGS.values() if not sentence.endswith(".")] == []


def test_an_explanation_has_the_definition_the_months_and_the_rows_with_their_files(warehouse: Engine) -> None:
    with reader(warehouse) as connection:
        row = next(row for row in published(connection, FECHA) if row["score_endeudamiento"])
        found = explain(connection, row["cliente_id"], "score_endeudamiento", FECHA)
    column = EXPORTED["cliente_360"].table().columns["score_endeudamiento"]
    assert (found.published, found.holds, found.definition) == (row["score_endeudamiento"], True, column.comment)
    assert found.source == WORLD.name
    fixed, salaries = found.answer.rows
    assert {each["tipo_transaccion"] for each in fixed.records} <= {"pago_servicio", "debito_automatico"}
    assert sum(each["monto"] for each in fixed.records) == found.answer.figures["pagos_fijos"]
    months = [step["pago_servicio"] + step["debito_automatico"] for step in found.answer.steps]
    assert sum(months) == found.answer.figures["pagos_fijos"] > 0
    assert len(months) == found.answer.figures["meses_observados"] == row["meses_observados"]
    assert {each["tipo_transaccion"] for each in salaries.records} == {"ingreso_sueldo"}
    for each in (*fixed.records, *salaries.records):
        first, last = each["origen"].removesuffix(".csv").split("_")[-2:]
        assert each["origen"].startswith("raw/transacciones/transacciones_")
        assert date.fromisoformat(first) <= each["fecha"] <= date.fromisoformat(last)


TWINS = """
    update dw.dim_cliente as copia set {column}
    from dw.dim_cliente as otra where otra.cliente_id = (select min(cliente_id) from mart.cliente_360)
    and copia.cliente_id in (
        select cliente_id from mart.cliente_360 order by cliente_id offset 1 limit {copies}
    )
"""


@pytest.mark.parametrize(
    ("column", "copies", "alike"),
    [
        ("dni = otra.dni", 1, True),
        ("dni = otra.dni", 5, False),
        ("email = upper(otra.email), fecha_nacimiento = otra.fecha_nacimiento", 1, True),
        ("email = otra.email, fecha_nacimiento = otra.fecha_nacimiento + 1", 1, False),
    ],
)
def test_who_may_be_the_same_person_is_explained(warehouse: Engine, column: str, copies: int, *, alike: bool) -> None:
    with warehouse.begin() as connection:
        connection.execute(text(TWINS.format(column=column, copies=copies)))
        parameters = {
            "fecha": FECHA,
            "inicio": WORLD.first_day,
            "mundo": WORLD.name,
            "pais": "AR",
            "entidades": list(LANDING),
        }
        run_step(connection, steps.CLIENTE_360, parameters)
    run_checks(warehouse, CHECKED, consistent=False)
    with reader(warehouse) as connection:
        wrong, right = worked_out(connection, FECHA)
    assert wrong == {}
    assert (len(right["posible_duplicado_de"]) > 1) == alike


def test_the_command_says_whether_the_rows_come_to_the_value_and_fails_where_they_do_not(warehouse: Engine) -> None:
    with reader(warehouse) as connection:
        row = next(row for row in published(connection, FECHA) if row["compras_12m"] > 1)
    asked = (f"--cliente={row['cliente_id']}", "--columna=monto_compras_12m", f"--fecha={FECHA}")
    code, output, _ = run_command(warehouse, *asked)
    assert (code, output.splitlines()[-1]) == (0, "which is the published value.")
    assert f"is {row['monto_compras_12m']}" in output
    code, output, _ = run_command(warehouse, *asked, "--csv=1")
    lines = list(csv.DictReader(io.StringIO(output)))
    assert code == 0
    assert sum(Decimal(line["importe"]) for line in lines) == row["monto_compras_12m"]
    with warehouse.begin() as connection:
        connection.execute(
            text("update dw.hecho_ventas set importe = importe + 1 where venta_id = :venta_id and linea = 1"), lines[0]
        )
    code, output, _ = run_command(warehouse, *asked)
    assert (code, "which is NOT the published value" in output) == (1, True)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--cliente=nobody", "--columna=edad", f"--fecha={FECHA}"), f"nobody is no customer as of {FECHA}"),
        (("--cliente=nobody", "--columna=edad"), f"nobody is no customer as of {FECHA}"),
        (
            ("--cliente=nobody", "--columna=altura", f"--fecha={FECHA}"),
            "cliente_360 has no column 'altura': give one of ",
        ),
        (
            ("--cliente=nobody", "--columna=edad", "--fecha=2026-03-19"),
            f"2026-03-19 is not published: published are {EARLIER} to {FECHA}",
        ),
        (("--cliente=nobody",), "columna is empty: give CLIENTE, a cliente_id, and COLUMNA, a column of cliente_360"),
        (("--columna=edad",), "cliente is empty: give CLIENTE, a cliente_id, and COLUMNA, a column of cliente_360"),
        (("--cliente=nobody", "--columna=edad", "--fecha=today"), "fecha is 'today': give a day as 2026-11-20"),
    ],
)
def test_nonsense_gets_a_plain_message(warehouse: Engine, asked: tuple[str, ...], said: str) -> None:
    code, output, error = run_command(warehouse, *asked)
    assert (code, output, error.count("\n")) == (2, "", 1)
    assert error.startswith(f"client360: {said}")


def test_a_day_that_was_computed_before_it_was_noted_with_what_says_how_to_get_there(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("delete from control.cortes"))
        one = connection.scalar(text("select min(cliente_id) from mart.cliente_360"))
    code, _, error = run_command(warehouse, f"--cliente={one}", "--columna=edad")
    assert (code, f"make run FECHA={FECHA}" in error) == (2, True)
