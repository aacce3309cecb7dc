"""Reads explanations the way people do: as the role that only reads."""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
from sqlalchemy import Engine

from client360 import folders
from client360.warehouse.migrate import READER
from reading import explain, warehouse
from reading.explain import COLUMNS


@contextmanager
def reader(engine: Engine) -> Iterator[psycopg.Connection]:
    with warehouse.connect(seconds=0, **variables(engine)) as connection:
        yield connection


def variables(engine: Engine) -> dict[str, str]:
    """How libpq finds the warehouse."""
    return {"host": str(engine.url.query["host"]), "dbname": str(engine.url.database), "user": READER}


def published(connection: psycopg.Connection, fecha: date) -> list[dict]:
    table = warehouse.read(connection, "cliente_360", fecha=fecha)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def worked_out(connection: psycopg.Connection, fecha: date) -> tuple[dict[str, list], dict[str, set]]:
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


def run_command(warehouse: Engine, *asked: str) -> tuple[int, str, str]:
    """The exit code of `python -m reading.explain`, and what it prints."""
    place = {f"PG{name.upper()}": value for name, value in variables(warehouse).items()} | {
        "PYTHONPATH": str(folders.ROOT)
    }
    place["PGDATABASE"] = place.pop("PGDBNAME")
    done = subprocess.run(
        [sys.executable, "-m", "reading.explain", *asked],
        env=os.environ | place,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr
