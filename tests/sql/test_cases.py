"""Cases worked out by hand, a folder each: what was delivered, load after load, and what the relation must then hold.

    tests/sql/<file of include/sql>/<case>/parameters.yaml      fecha (a day or several) and inicio, where they matter
    tests/sql/<file of include/sql>/<case>/<n>/<table>.csv      rows of the n-th load; columns left out are null
    tests/sql/<file of include/sql>/<case>/expect.csv           rows of its relation, in any order, for the columns named

After each load the steps run as in the DAG, and all of them once more, which must change nothing.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
import yaml
from psycopg import ClientCursor, Connection, sql
from sqlalchemy import Engine, create_engine

from client360.run import steps
from client360.run.step_runner import run_step
from client360.warehouse.models import LANDING, tables
from client360.warehouse.partitions import AHEAD
from tools.local.server import Server

HERE = Path(__file__).parent
RELATIONS = {table.name.removesuffix("_historico"): table for table in tables() if table.schema in ("dw", "mart")}
CASES = sorted(path.parent for path in HERE.glob("*/*/expect.csv"))


@pytest.fixture(scope="module")
def database(server: Server) -> Iterator[Connection]:
    """A warehouse for all cases, with one partition for all months where no step makes them. Each call of execute is a
    transaction."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute("create database cases template client360")
    with psycopg.connect(server.url("cases"), autocommit=True, cursor_factory=ClientCursor) as connection:
        for table in AHEAD:
            connection.execute(f"create table {table.fullname}_always partition of {table.fullname} default".encode())
        yield connection


@pytest.fixture(scope="module")
def engine(server: Server, database: Connection) -> Iterator[Engine]:
    """The same warehouse, for the steps."""
    engine = create_engine(server.url("cases", "postgresql+psycopg"))
    yield engine
    engine.dispose()


@pytest.fixture
def connection(database: Connection) -> Connection:
    """The same, empty."""
    database.execute("; ".join(f"delete from {table.fullname}" for table in tables()).encode())
    return database


def deliver(connection: Connection, path: Path) -> list[date]:
    """Put the rows into their table; those of a landing file are noted as loaded. Returns the days of these."""
    schema, entity, _ = path.name.split(".")
    table = sql.Identifier(schema, entity)
    header = path.read_text(encoding="utf-8").splitlines()[0]
    with connection.cursor().copy(
        sql.SQL("copy {} ({}) from stdin with (format csv, header)").format(table, sql.SQL(header))
    ) as copy:
        copy.write(path.read_bytes())
    if schema != "staging":
        return []
    noted = connection.execute(
        sql.SQL(
            "insert into control.cargas select %(entity)s, fecha, count(*), 0, '', '', '', '', 'staging', 'staging' "
            "from {} group by fecha on conflict (entidad, fecha) do update set capa = 'staging' returning fecha"
        ).format(table),
        {"entity": entity},
    )
    return [day for (day,) in noted]


def run(engine: Engine, parameters: dict[str, object], days: list[date]) -> None:
    """All steps but the views, each in a transaction of its own; those of the business day for each day."""
    for step in steps.IN_ORDER:
        if step.scope is steps.Scope.ONCE:
            continue
        for day in days if step.scope is steps.Scope.BUSINESS_DAY else days[:1]:
            with engine.begin() as connection:
                run_step(connection, step, parameters | {"fecha": day})


def content(connection: Connection, relation: str, columns: list[str]) -> Counter[tuple[str, ...]]:
    rows = connection.execute(f"select {', '.join(columns)} from {RELATIONS[relation].fullname}".encode())
    return Counter(tuple("" if value is None else str(value) for value in row) for row in rows)


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}: {path.name.replace('_', ' ')}")
def test_case(case: Path, connection: Connection, engine: Engine) -> None:
    parameters = {"fecha": date(2025, 12, 31), "inicio": date(2025, 1, 1), "mundo": "", "pais": "AR"}
    parameters["entidades"] = list(LANDING)
    if (case / "parameters.yaml").exists():
        parameters |= yaml.safe_load((case / "parameters.yaml").read_text())
    days = parameters["fecha"] if isinstance(parameters["fecha"], list) else [parameters["fecha"]]
    with (case / "expect.csv").open(encoding="utf-8", newline="") as file:
        columns, *expected = csv.reader(file)
    relation = case.parent.name.removesuffix("_historico")
    loads = sorted(path for path in case.iterdir() if path.is_dir())
    assert loads
    for load in loads:
        delivered = [day for path in sorted(load.iterdir()) for day in deliver(connection, path)]
        span = {"desde": min(delivered), "hasta": max(delivered)}
        run(engine, parameters | span, days)
        once = content(connection, relation, columns)
        run(engine, parameters | span, days)
        assert content(connection, relation, columns) == once, "the second time changed something"
    assert content(connection, relation, columns) == Counter(map(tuple, expected))
