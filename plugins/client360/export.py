"""What people take away: CSV files under `processed` in the data folder, with their dictionary."""

import csv
import io
from datetime import date
from pathlib import Path

from psycopg import sql
from sqlalchemy import Connection, Engine, func, select

from client360 import locks
from client360.files import atomic
from client360.folders import SQL
from client360.models import Verificaciones, dictionary
from client360.worlds import hold_world

BOM = b"\xef\xbb\xbf"
"""Tells spreadsheets that the file is UTF-8."""


class NotChecked(ValueError):
    """The day has no rows that passed the checks."""


def export(engine: Engine, fecha: date, world: str, data: Path) -> int:
    """Write cliente_360.csv as of `fecha` under `fecha=<day>`, and at the top of `processed` if no newer day is published.

    Each file is replaced as a whole or not at all. Returns the number of rows. Raises NotChecked, and WorldReplaced.
    """
    processed = data / "processed"
    of_day, top = processed / f"fecha={fecha}" / "cliente_360.csv", processed / "cliente_360.csv"
    with engine.begin() as connection:
        hold_world(connection, world)
        locks.export(connection)
        passed = _days_that_passed(connection)
        if fecha not in passed:
            raise NotChecked(f"{fecha} has not passed its checks: run the day again")
        rows = _copy_out(connection, fecha, of_day)
        if fecha == max(passed) or not top.exists():
            _copy_out(connection, max(passed), top)
    for path in (of_day, top):
        _write_dictionary(path.with_name("diccionario_de_datos.csv"))
    return rows


def _days_that_passed(connection: Connection) -> set[date]:
    """The days all of whose checks passed; the same that the view mart.cliente_360 chooses from."""
    days = select(Verificaciones.fecha_corte).group_by(Verificaciones.fecha_corte)
    return set(connection.scalars(days.having(func.bool_and(Verificaciones.correcta))))


def _copy_out(connection: Connection, fecha: date, path: Path) -> int:
    query = (SQL / "export" / f"{path.stem}.sql").read_text(encoding="utf-8").rstrip().rstrip(";")
    statement = sql.SQL("copy ({}) to stdout with (format csv, header)").format(sql.SQL(query))
    cursor = connection.connection.cursor()
    with atomic(path) as file, cursor.copy(statement, {"fecha": fecha}) as copy:
        file.write(BOM)
        for part in copy:
            file.write(part)
    return cursor.rowcount


def _write_dictionary(path: Path) -> None:
    entries = list(dictionary())
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(entries[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(entries)
    with atomic(path) as file:
        file.write(BOM + text.getvalue().encode())
