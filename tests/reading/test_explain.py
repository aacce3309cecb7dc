"""Every cell of cliente_360 is what its explanation comes to, and an explanation names the rows that it takes."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from client360.days import DayRange
from client360.load.dimensions import fill_dimensions
from client360.load.staging import load_file
from client360.publish.checks import CheckedRun, run_checks
from client360.run import steps
from client360.run.planning import plan_generation
from client360.run.request import RunRequest
from client360.run.sources import SimulatedSource
from client360.run.step_runner import run_step
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files
from client360.warehouse.migrate import READER
from client360.warehouse.models import EXPORTED, LANDING
from reading import explain
from reading import warehouse as reading
from reading.explain import COLUMNS
from reading.explain.meanings import MEANINGS
from tools.local.server import Server

WORLD = World(seed=8, customers=120, first_day=date(2025, 8, 15))
FECHA = date(2026, 3, 20)
"""So that there are observed months, and orders of more than 90 days ago."""


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
    run_checks(engine, CheckedRun(FECHA, WORLD.first_day, WORLD.name, "run", [FECHA]))
    return "explained"


@contextmanager
def reader(engine: Engine) -> Iterator[psycopg.Connection]:
    """A session of the role that only reads."""
    host = engine.url.query["host"]
    with reading.connect(seconds=0, host=host, dbname=engine.url.database, user=READER) as connection:
        yield connection


def published(connection: psycopg.Connection, fecha: date) -> list[dict]:
    table = reading.read(connection, "cliente_360", fecha=fecha)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def unexplained(connection: psycopg.Connection, fecha: date) -> tuple[dict[str, list], dict[str, set]]:
    """By column, the cells that the explanation does not come to, and the values that it does come to."""
    wrong, right = defaultdict(list), defaultdict(set)
    for row in published(connection, fecha):
        facts = explain.facts_of(connection, row["cliente_id"], fecha)
        for column, work_out in COLUMNS.items():
            value = work_out(facts).value
            if value == row[column]:
                right[column].add(value)
            else:
                wrong[column].append((row["cliente_id"], row[column], value))
    return dict(wrong), right


def test_every_cell_of_a_world_is_what_its_explanation_comes_to(warehouse: Engine) -> None:
    with reader(warehouse) as connection:
        wrong, right = unexplained(connection, FECHA)
    assert wrong == {}
    # not of nobody only, nor the same of all
    assert {column for column in COLUMNS if not right[column] - {None}} <= {"posible_duplicado_de"}
    assert {column for column in COLUMNS if len(right[column]) < 2} == {"pais", "fecha_corte", "posible_duplicado_de"}


def test_there_is_an_explanation_of_every_column_and_a_sentence() -> None:
    assert set(COLUMNS) == set(MEANINGS) == set(EXPORTED["cliente_360"].table().columns.keys())
    assert len(set(MEANINGS.values())) == len(MEANINGS)
    assert [sentence for sentence in MEANINGS.values() if not sentence.endswith(".")] == []
