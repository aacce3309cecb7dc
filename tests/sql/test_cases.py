"""Cases worked out by hand, a folder each: what was delivered, load after load, and what the relation must then hold.

    tests/sql/<relation>/<case>/parameters.yaml         fecha and inicio, where they matter
    tests/sql/<relation>/<case>/<n>/staging.<file>.csv  rows of the n-th load; columns left out are null
    tests/sql/<relation>/<case>/expect.csv              rows of the relation, in any order, for the columns named

Every SQL file runs as in the DAG, and twice: the second time must change nothing.
"""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml
from psycopg import sql
from sqlalchemy import Engine, insert

from client360 import folders
from client360.models import Base, Cargas
from client360.partitions import create_partitions

HERE = Path(__file__).parent
FILES = (
    "transform/dim_cliente",
    "transform/hecho_transacciones",
    "build_view/gasto_mensual",
    "build_view/cliente_360_historico",
)
CASES = sorted(path.parent for path in HERE.glob("*/*/expect.csv"))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def deliver(warehouse: Engine, path: Path) -> list[date]:
    """Put the rows into staging and note them as loaded; returns their days."""
    entity = path.name.split(".")[1]
    rows = read(path)
    counts = Counter(date.fromisoformat(row["fecha"]) for row in rows)
    with warehouse.begin() as connection:
        create_partitions(connection, {day.replace(day=1) for day in counts})
        columns = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
        statement = sql.SQL("copy {} ({}) from stdin with (format csv, header)").format(
            sql.Identifier("staging", entity), columns
        )
        with connection.connection.cursor().copy(statement) as copy:
            copy.write(path.read_bytes())
        notes = [
            {
                "entidad": entity,
                "fecha": day,
                "filas": count,
                "archivo": path.name,
                "sha256": "",
                "mundo": "",
                "corrida": "",
            }
            for day, count in counts.items()
        ]
        for note in notes:
            connection.exec_driver_sql(
                "delete from control.cargas where entidad = %s and fecha = %s", (note["entidad"], note["fecha"])
            )
        connection.execute(insert(Cargas), [{**note, "capa": "staging", "capa_alcanzada": "staging"} for note in notes])
    return list(counts)


def run(name: str, parameters: dict[str, object]) -> None:
    from airflow.providers.postgres.hooks.postgres import PostgresHook

    text = (folders.SQL / f"{name}.sql").read_text(encoding="utf-8")
    PostgresHook("client360").run(text, parameters=parameters, split_statements=True)


def content(warehouse: Engine, relation: str, columns: list[str]) -> Counter[tuple[str, ...]]:
    table = next(
        table for table in Base.metadata.tables.values() if table.name == relation and table.schema != "staging"
    )
    with warehouse.connect() as connection:
        rows = connection.execute(table.select().with_only_columns(*(table.c[name] for name in columns)))
        return Counter(tuple("" if value is None else str(value) for value in row) for row in rows)


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}: {path.name.replace('_', ' ')}")
def test_case(case: Path, warehouse: Engine) -> None:
    days = {"fecha": date(2025, 12, 31), "inicio": date(2025, 1, 1), "mundo": ""}
    if (case / "parameters.yaml").exists():
        days |= yaml.safe_load((case / "parameters.yaml").read_text())
    with warehouse.begin() as connection:
        create_partitions(connection, {days["fecha"].replace(day=1)})
    expected = read(case / "expect.csv")
    columns = list(expected[0])
    loads = sorted(path for path in case.iterdir() if path.is_dir())
    assert loads
    for load in loads:
        delivered = [day for path in sorted(load.glob("staging.*.csv")) for day in deliver(warehouse, path)]
        for name in FILES:
            parameters = days | {"desde": min(delivered), "hasta": max(delivered)}
            run(name, parameters)
            once = content(warehouse, name.split("/")[1], columns) if name.endswith(case.parent.name) else None
            run(name, parameters)
            if once is not None:
                assert content(warehouse, case.parent.name, columns) == once, "the second time changed something"
    assert content(warehouse, case.parent.name, columns) == Counter(tuple(row.values()) for row in expected)
