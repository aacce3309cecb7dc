"""The figures of a business day, read with the queries and summaries of the package `reading`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk.exceptions import AirflowNotFoundException

from client360.folders import data
from client360.publish import formats
from client360.publish.export import folder
from client360.warehouse.migrate import READER
from client360.warehouse.redaction import redacted
from reading import checks, warehouse
from reading.questions import ANSWERS, summarize
from reading.warehouse import Table, Unreachable, read

CONNECTION = "client360"
AS_READER = "select set_config('role', rolname, true) from pg_roles where rolname = %(reader)s and pg_has_role(rolname, 'member')"
"""Switches to the role that sees neither rejected lines nor files being loaded, if the connection's own role may."""


@dataclass(frozen=True)
class Check:
    """A check of a day, in words."""

    name: str
    sentence: str
    outcome: str
    findings: int
    example: str | None


@dataclass(frozen=True)
class Report:
    """The result of a business day. Only a published day has answers."""

    fecha: date
    run: str | None
    """The run that checked the day, if one did."""
    customers: int
    loads: Table
    checks: Table
    rejected: Table
    input_files: Table
    """What the newest run of the day found of the files of a feed; empty for a simulated world."""
    counts: Table
    notices: Table
    answers: dict[str, Table]

    @property
    def found(self) -> list[Check]:
        """The checks that found something."""
        return [check for check in self._checks() if check.outcome != "correcta"]

    @property
    def passed(self) -> dict[str, list[Check]]:
        """The others, by group, in the order in which people read both."""
        passed = [check for check in self._checks() if check.outcome == "correcta"]
        groups = {
            group: [check for check in passed if checks.group_of(check.name) == group]
            for group in (*checks.GROUPS, checks.OTHERS)
        }
        return {group: found for group, found in groups.items() if found}

    def _checks(self) -> list[Check]:
        return [
            Check(name, checks.sentence(name), outcome, findings, example)
            for outcome, name, findings, example in self.checks.rows
        ]


@dataclass(frozen=True)
class Published:
    """A file of a day; `size` is in bytes."""

    name: str
    size: int


@contextmanager
def connect() -> Iterator[psycopg.Connection]:
    """One transaction that reads the warehouse which Airflow's connection `client360` names.

    Raises warehouse.Unreachable, warehouse.Empty and, for all else that the database refuses, DatabaseError.
    """
    try:
        url = PostgresHook(CONNECTION).sqlalchemy_url
    except AirflowNotFoundException as error:
        raise Unreachable(str(error)) from None
    arguments = {**url.query, **url.translate_connect_args(username="user", database="dbname")}
    with redacted(), warehouse.connect(**arguments) as connection:
        connection.execute(AS_READER, {"reader": READER})
        yield connection


def report(connection: psycopg.Connection, fecha: date, *, published: bool) -> Report:
    """All that the page shows of a day, which may be a day without any rows."""
    found = read(connection, "verificaciones", fecha=fecha)
    return Report(
        fecha=fecha,
        run=next(iter(found.values("corrida")), None),
        customers=sum(read(connection, "cantidad_de_clientes", fecha=fecha).values("clientes")),
        loads=read(connection, "cargas", fecha=fecha).select(("entidad", "filas", "capa")),
        checks=found.select(("resultado", "verificacion", "hallazgos", "ejemplo")),
        rejected=read(connection, "rechazos", fecha=fecha),
        input_files=read(connection, "archivos", fecha=fecha),
        counts=read(connection, "recuentos", fecha=fecha),
        notices=read(connection, "entradas", fecha=fecha),
        answers={
            relation: summarize(relation, read(connection, relation, fecha=fecha), fecha)
            for relation in (ANSWERS if published else ())
        },
    )


def path(fecha: date, name: str, *, anonymous: bool) -> Path | None:
    """A file of the day, or None where there is none of that name."""
    found = folder(data(), anonymous=anonymous) / f"fecha={fecha}" / name
    return found if name in formats.NAMES and found.is_file() else None


def files(fecha: date, *, anonymous: bool) -> list[Published]:
    """The files of the day that are there."""
    there = [(name, path(fecha, name, anonymous=anonymous)) for name in formats.NAMES]
    return [Published(name, found.stat().st_size) for name, found in there if found]
