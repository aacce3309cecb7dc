"""What people take away: CSV files under `processed` in the data folder, with their dictionary."""

import csv
import io
from datetime import date
from pathlib import Path

from psycopg import sql
from sqlalchemy import Connection, Engine, column, select, table

from client360 import locks
from client360.files import atomic
from client360.folders import SQL
from client360.models import dictionary

BOM = b"\xef\xbb\xbf"
"""Tells spreadsheets that the file is UTF-8."""


def export(engine: Engine, fecha: date, data: Path) -> int:
    """Write cliente_360.csv as of `fecha` under `fecha=<day>`, and at the top of `processed` if no newer day is published.

    Each file is replaced as a whole or not at all. Returns the number of rows.
    """
    processed = data / "processed"
    of_day, top = processed / f"fecha={fecha}" / "cliente_360.csv", processed / "cliente_360.csv"
    with engine.begin() as connection:
        locks.export(connection)
        rows = _copy_out(connection, fecha, of_day)
        newest = connection.scalar(
            select(column("fecha_corte")).select_from(table("cliente_360", schema="mart")).limit(1)
        )
        if newest == fecha or (newest and not top.exists()):
            _copy_out(connection, newest, top)
    for path in (of_day, top):
        _write_dictionary(path.with_name("diccionario_de_datos.csv"))
    return rows


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
