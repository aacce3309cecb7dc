"""What the page tells of a business day: each query is a file in include/sql/page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk.exceptions import AirflowNotFoundException
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from client360.folders import SQL, data
from client360.publish.export import folder
from client360.warehouse.migrate import READER
from client360.warehouse.models import EXPORTED
from client360.warehouse.redaction import describe, redacted

CONNECTION = "client360"
SECONDS = 20
"""After which a query is given up, so that no query goes on when its reader has left."""
OPTIONS = f"-c default_transaction_read_only=on -c statement_timeout={SECONDS}s"
AS_READER = text(
    "select set_config('role', rolname, true) from pg_roles where rolname = :reader and pg_has_role(rolname, 'member')"
)
"""Whoever the connection logs in as, where it can be done: the role that is not shown rejected lines, nor files being loaded."""
ANSWERS = {
    "productos_mas_vendidos": "¿Qué se vende más?",
    "clientes_nuevos_recurrentes": "¿Compran clientes nuevos o recurrentes?",
    "rotacion_stock": "¿Cuánto rota el stock?",
    "demoras_logisticas": "¿Cuánto demoran las entregas?",
    "impacto_campanias": "¿Qué aportaron las campañas?",
    "rentabilidad_mensual": "¿Qué se gana por categoría?",
    "distribucion_geografica": "¿Dónde hay lugar para más clientes?",
}
"""The questions, by the relations that answer them."""
FILES = (*EXPORTED, "diccionario_de_datos")
"""The names, without .csv, of the files of a day."""


class Unreachable(RuntimeError):
    """The warehouse does not answer; the message is for the log."""


class Empty(RuntimeError):
    """The warehouse has no tables yet."""


@dataclass(frozen=True)
class Table:
    """Rows as people read them; `columns` are the warehouse's."""

    columns: list[str]
    rows: list[tuple[Any, ...]]

    def total(self, column: str) -> int:
        return sum(self._cells(column))

    def numeric(self, column: str) -> bool:
        """Whether its cells stand to the right."""
        cells = [value for value in self._cells(column) if value is not None]
        return bool(cells) and all(isinstance(value, (int, Decimal)) and not isinstance(value, bool) for value in cells)

    def count(self, value: str) -> int:
        """How many rows begin with the value."""
        return sum(row[0] == value for row in self.rows)

    def _cells(self, column: str) -> list[Any]:
        return [row[self.columns.index(column)] for row in self.rows]


@dataclass(frozen=True)
class Day:
    """A business day that was checked, and whether it passed."""

    fecha: date
    published: bool


@dataclass(frozen=True)
class Report:
    """What became of a business day. Only a day that was published has answers."""

    fecha: date
    run: str | None
    """The run that checked it, if one did."""
    customers: int
    loads: Table
    checks: Table
    rejected: Table
    answers: dict[str, Table]

    @property
    def failed(self) -> int:
        return self.checks.count("fallida")


@dataclass(frozen=True)
class Published:
    """A CSV file of a day; `size` is in bytes."""

    name: str
    size: int


@contextmanager
def warehouse() -> Iterator[Connection]:
    """One transaction that reads the warehouse, as Airflow's connection `client360` leads to it. Raises Unreachable, Empty and,
    for what else the database refuses, DatabaseError."""
    try:
        hook = PostgresHook(CONNECTION)
        engine = hook.get_sqlalchemy_engine(
            {
                "hide_parameters": True,
                "poolclass": NullPool,
                "connect_args": {"options": OPTIONS, "connect_timeout": SECONDS},
            }
        )
    except AirflowNotFoundException as error:
        raise Unreachable(str(error)) from None
    with redacted():
        try:
            with engine.begin() as connection:
                connection.execute(AS_READER, {"reader": READER})
                yield connection
        except OperationalError as error:
            raise Unreachable(describe(error)) from None
        except ProgrammingError as error:
            if isinstance(error.orig, (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName)):
                raise Empty from None
            raise


def days(connection: Connection) -> list[Day]:
    """The days that were checked, the newest first."""
    return [Day(*row) for row in _read(connection, "dias").rows]


def report(connection: Connection, fecha: date, *, published: bool) -> Report:
    """All that the page tells of a day, also of one of which there is nothing."""
    checks = _read(connection, "verificaciones", fecha)
    return Report(
        fecha=fecha,
        run=checks.rows[0][-1] if checks.rows else None,
        customers=_read(connection, "clientes", fecha).total("clientes"),
        loads=_read(connection, "cargas", fecha),
        checks=Table(checks.columns[:-1], [row[:-1] for row in checks.rows]),
        rejected=_read(connection, "rechazos", fecha),
        answers={name: _read(connection, name, fecha) for name in ANSWERS} if published else {},
    )


def path(fecha: date, name: str, *, anonymous: bool) -> Path | None:
    """A file of the day, or None where there is none of that name."""
    found = folder(data(), anonymous=anonymous) / f"fecha={fecha}" / f"{name}.csv"
    return found if name in FILES and found.is_file() else None


def files(fecha: date, *, anonymous: bool) -> list[Published]:
    """The files of the day that are there."""
    there = [(name, path(fecha, name, anonymous=anonymous)) for name in FILES]
    return [Published(name, found.stat().st_size) for name, found in there if found]


def _read(connection: Connection, query: str, fecha: date | None = None) -> Table:
    statement = (SQL / "page" / f"{query}.sql").read_text(encoding="utf-8")
    result = connection.exec_driver_sql(statement, {"fecha": fecha})
    return Table(list(result.keys()), [tuple(row) for row in result])
