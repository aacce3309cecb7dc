"""What people take away: cliente_360 and the six answers as CSV files under `processed` in the data folder, with their
dictionary."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from psycopg import sql
from sqlalchemy import Column, Connection, Engine, func, select

from client360 import locks
from client360.files import atomic
from client360.models import EXPORTED, Verificaciones, dictionary
from client360.models.mart import AsOf
from client360.worlds import hold_world

BOM = b"\xef\xbb\xbf"
"""Tells spreadsheets that the file is UTF-8."""


class NotChecked(ValueError):
    """The day has no rows that passed the checks."""


def export(engine: Engine, fecha: date, world: str, data: Path) -> dict[str, int]:
    """Write the files as of `fecha` under `fecha=<day>`, and at the top of `processed` if no newer day is published.

    Each file is replaced as a whole or not at all. Returns the number of rows of each relation. Raises NotChecked, and
    WorldReplaced.
    """
    top = data / "processed"
    of_day = top / f"fecha={fecha}"
    with engine.begin() as connection:
        hold_world(connection, world)
        locks.export(connection)
        passed = _days_that_passed(connection)
        if fecha not in passed:
            raise NotChecked(f"{fecha} has not passed its checks: run the day again")
        rows = {name: _copy_out(connection, model, fecha, of_day / f"{name}.csv") for name, model in EXPORTED.items()}
        for name, model in EXPORTED.items():
            newest = top / f"{name}.csv"
            if fecha == max(passed) or not newest.exists():
                _copy_out(connection, model, max(passed), newest)
    for folder in (of_day, top):
        _write_dictionary(folder / "diccionario_de_datos.csv")
    return rows


def _days_that_passed(connection: Connection) -> set[date]:
    """The days all of whose checks passed; the same that the view mart.dia_publicado chooses from."""
    days = select(Verificaciones.fecha_corte).group_by(Verificaciones.fecha_corte)
    return set(connection.scalars(days.having(func.bool_and(Verificaciones.correcta))))


def _copy_out(connection: Connection, model: type[AsOf], fecha: date, path: Path) -> int:
    """The columns of the relation, in the order of its key."""
    table = model.table()
    statement = sql.SQL(
        "copy (select {} from {} where fecha_corte = %(fecha)s order by {}) to stdout with (format csv, header)"
    ).format(_names(table.columns), sql.Identifier(table.schema or "", table.name), _names(table.primary_key))
    cursor = connection.connection.cursor()
    with atomic(path) as file, cursor.copy(statement, {"fecha": fecha}) as copy:
        file.write(BOM)
        for part in copy:
            file.write(part)
    return cursor.rowcount


def _names(columns: Iterable[Column]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)


def _write_dictionary(path: Path) -> None:
    entries = list(dictionary())
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(entries[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(entries)
    with atomic(path) as file:
        file.write(BOM + text.getvalue().encode())
