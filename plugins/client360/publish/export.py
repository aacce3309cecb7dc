"""Exports: cliente_360 and the answers as CSV files in `processed` in the data folder, with their data dictionary.

Anonymous files go to `processed/anonimo`, so that the two kinds are never confused.
"""

import csv
import hmac
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from psycopg import sql
from sqlalchemy import Column, Connection, Engine, Table, Text, func, select, text

from client360.files import atomic
from client360.publish import anonymity
from client360.publish.published_folder import FOOTPRINT, PublishedFolder
from client360.warehouse import locks
from client360.warehouse.models import EXPORTED, dictionary
from client360.warehouse.models.base import PERSONAL
from client360.warehouse.models.mart import AsOf
from client360.warehouse.ownership import hold_warehouse

BOM = b"\xef\xbb\xbf"
"""Marks the file as UTF-8 for spreadsheets."""
INERT = sql.SQL(
    r"case when {0} ~ '^\s*[-=+@]' then '''' else '' end || regexp_replace({0}, '([;\t\r\n] *)([-=+@])', '\1''\2', 'g')"
)
"""Defuses formulas: prefixes an apostrophe to a cell that begins like one, and to any part that a spreadsheet would take for
a cell when it splits at ; or tab."""
KEYED_HASH = sql.SQL(
    "encode(sha256(decode(current_setting('client360.outer'), 'hex') || sha256("
    "decode(current_setting('client360.inner'), 'hex') || convert_to({}, 'UTF8'))), 'hex') collate \"C\""
)
ANONYMOUS = {
    "key": (KEYED_HASH, "customer: HMAC-SHA256 of cliente_id, in hexadecimal, under a key that is not published"),
    "name": (sql.SQL("null"), "left out, because this file is anonymous"),
}
"""What replaces a personal column in anonymous files, by kind, and its description in their dictionary."""
DICTIONARY = "diccionario_de_datos.csv"
PUBLISHED_DAYS = text("select dia from mart.dias_publicados() as dia")


class NotChecked(ValueError):
    """The day has not passed its checks."""


class OtherKey(ValueError):
    """The existing anonymous files were made with another key."""


def export(
    engine: Engine,
    fecha: date,
    owner: str,
    data: Path,
    key: bytes | None = None,
    *,
    currency: str = "ARS",
    parameters: Mapping[str, Any] | None = None,
) -> dict[str, int]:
    """Write the files as of `fecha` under `fecha=<day>`, and those of the newest published day at the top of `processed` unless
    they are there. The dictionary names the currency; a manifest, the owner and its parameters.

    With a key they are anonymous, and `processed/anonimo` takes the place of `processed`. Each file is replaced as a whole or
    not at all. Returns the number of rows of each relation. Raises NotChecked, OtherKey and OwnerReplaced.
    """
    top = folder(data, anonymous=key is not None)
    with engine.begin() as connection:
        hold_warehouse(connection, owner)
        locks.export(connection)
        passed = set(connection.scalars(PUBLISHED_DAYS))
        if fecha not in passed:
            raise NotChecked(f"{fecha} has not passed its checks: run the day again")
        if key is not None:
            require_same_key(data, key)
            _set_pads(connection, key)
        newest = max(passed)

        def write(to: Path, day: date) -> dict[str, int]:
            described = PublishedFolder(to, owner, parameters or {}, day)
            described.begin()
            rows = {
                name: _copy_out(connection, model, day, to / f"{name}.csv", key) for name, model in EXPORTED.items()
            }
            entries = _write_dictionary(to / DICTIONARY, key, currency)
            described.end({f"{name}.csv": count for name, count in rows.items()} | {DICTIONARY: entries})
            return rows

        rows = write(top / f"fecha={fecha}", fecha)
        # of the days since that anonymous file, some may have been published openly only
        if fecha == newest or key is not None or not PublishedFolder(top, owner, parameters or {}, newest).holds():
            write(top, newest)
    return rows


def folder(data: Path, *, anonymous: bool) -> Path:
    """The folder of the files, open or anonymous."""
    return data / "processed" / "anonimo" if anonymous else data / "processed"


def require_same_key(data: Path, key: bytes) -> None:
    """Record the key's footprint beside the anonymous files. Raises OtherKey where another key's is recorded."""
    path = folder(data, anonymous=True) / FOOTPRINT
    footprint = hmac.digest(key, b"\0", "sha256").hex()[:16]  # the HMAC of a byte that is no customer key
    if not path.exists():
        with atomic(path) as file:
            file.write(f"{footprint}\n".encode())
    elif path.read_text().strip() != footprint:
        raise OtherKey(
            f"the files in {path.parent} were made with another key, so that others could not be joined to them: "
            f"move that folder away, or put the key that made them in {anonymity.VARIABLE}"
        )


def _set_pads(connection: Connection, key: bytes) -> None:
    """Set what KEYED_HASH needs for the transaction, outside any statement, whose text other sessions may see."""
    pads = anonymity.pads(key)
    for name, pad in (("client360.inner", pads.inner), ("client360.outer", pads.outer)):
        connection.execute(select(func.set_config(name, pad.hex(), True)))


def _copy_out(connection: Connection, model: type[AsOf], fecha: date, path: Path, key: bytes | None) -> int:
    """Copy the relation, ordered by its key as exported, so that the order of an anonymous file reveals nothing."""
    table = model.table()
    name = sql.Identifier(table.schema or "", table.name)
    # qualified: a bare name in `order by` would mean the cell, which has the same name
    values = {column: sql.SQL("{}.{}").format(name, sql.Identifier(column.name)) for column in table.columns}
    if key is not None:
        values |= {column: ANONYMOUS[kind][0].format(values[column]) for column, kind in _personal(table)}
    cells = [
        sql.SQL("{} as {}").format(
            INERT.format(value) if isinstance(column.type, Text) else value, sql.Identifier(column.name)
        )
        for column, value in values.items()
    ]
    statement = sql.SQL(
        "copy (select {} from {} where fecha_corte = %(fecha)s order by {}) to stdout with (format csv, header)"
    ).format(_listed(cells), name, _listed(values[column] for column in table.primary_key))
    cursor = connection.connection.cursor()
    with atomic(path) as file, cursor.copy(statement, {"fecha": fecha}) as copy:
        file.write(BOM)
        for part in copy:
            file.write(part)
    return cursor.rowcount


def _personal(table: Table) -> Iterator[tuple[Column, str]]:
    """The columns that identify a customer, and their kind."""
    return ((column, column.info[PERSONAL]) for column in table.columns if PERSONAL in column.info)


def _listed(parts: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(parts)


def _write_dictionary(path: Path, key: bytes | None = None, currency: str = "ARS") -> int:
    """Write the data dictionary; returns its number of rows."""
    entries = list(dictionary(currency))
    if key is not None:
        tables = [model.table() for model in EXPORTED.values()]
        descriptions = {
            (table.fullname, column.name): ANONYMOUS[kind][1] for table in tables for column, kind in _personal(table)
        }
        for entry in entries:
            entry["descripcion"] = descriptions.get(
                (str(entry["relacion"]), str(entry["columna"])), str(entry["descripcion"])
            )
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(entries[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(entries)
    with atomic(path) as file:
        file.write(BOM + text.getvalue().encode())
    return len(entries)
