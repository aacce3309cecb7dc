"""Landing files into staging, by COPY, in one transaction each."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import ColumnElement, Connection, Engine, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from client360.days import DayRange
from client360.files import BadFile
from client360.simulate.landing_files import LandingFile
from client360.warehouse import erased, locks
from client360.warehouse.models import LANDING, Cargas, columns
from client360.warehouse.models.entity import OR_EMPTY
from client360.warehouse.ownership import hold_warehouse
from client360.warehouse.redaction import describe

READ_SIZE = 1 << 20
NOTHING = (0, 0)
"""Rows and sum of a day without rows in the file."""


def load_file(engine: Engine, file: LandingFile, data: Path, owner: str, run: str) -> int:
    """Load a landing file into staging and record its days in control.cargas; returns the number of rows.

    All or nothing. Days that were loaded before are loaded anew. Raises BadFile where the file breaks the contract, and
    OwnerReplaced.
    """
    model = LANDING[file.entity]
    table, measure = model.table(), model.measure()
    days = table.c.fecha.between(file.first, file.last)
    with engine.begin() as connection:
        hold_warehouse(connection, owner)
        locks.months(connection, [file.entity], file.first, file.last)
        connection.execute(delete(table).where(days))
        copied, digest = _copy(connection, file, data / file.path)
        inside = connection.scalar(select(func.count()).select_from(table).where(days))
        summed = func.coalesce(func.sum(literal(0) if measure is None else measure), 0)
        _keep_out(connection, file.entity, days)
        by_day = select(table.c.fecha, func.count(), summed).where(days).group_by(table.c.fecha)
        found = {day: (int(count), amount) for day, count, amount in connection.execute(by_day)}
        if not copied == file.rows == inside:
            raise BadFile(
                f"{file.path} has {copied} rows, {inside} of them from {file.first} to "
                f"{file.last}; {file.rows} were announced: something wrote it since, such as another run of "
                "another world in the same data folder; generate it again"
            )
        noted = [
            {
                "entidad": file.entity,
                "fecha": day,
                "filas": found.get(day, NOTHING)[0],
                "suma": found.get(day, NOTHING)[1],
                "archivo": file.path,
                "sha256": digest,
                "mundo": owner,
                "corrida": run,
                "capa": "staging",
                "capa_alcanzada": "staging",
            }
            for day in DayRange(file.first, file.last).days()
        ]
        note = insert(Cargas)
        key = [Cargas.entidad, Cargas.fecha]
        # capa_alcanzada stays: the earlier delivery's rows remain in their layer until the new one replaces them
        rest = {
            name: column for name, column in note.excluded.items() if name not in ("entidad", "fecha", "capa_alcanzada")
        }
        connection.execute(note.on_conflict_do_update(index_elements=key, set_=rest), noted)
    return copied


def _keep_out(connection: Connection, entity: str, days: ColumnElement[bool]) -> None:
    """Take erased people out of what was just copied. Rows of the shop stay, without a customer, as do movements of an account
    that somebody else holds too."""
    table = LANDING[entity].table()
    who = erased.read(connection) if {"cliente_id", "cuenta_id"} & set(table.c.keys()) else None
    if who is None:
        return

    def theirs(name: str) -> ColumnElement[bool]:
        values = connection.scalars(select(table.c[name]).where(days, table.c[name].is_not(None)).distinct())
        return days & table.c[name].in_(who.among(name, values))

    if "cuenta_id" in table.c:
        connection.execute(delete(table).where(theirs("cuenta_id")))
    if "cliente_id" in table.c:
        mine = theirs("cliente_id")
        if (stays := erased.stays(table)) is not None:
            connection.execute(update(table).where(mine, stays).values(cliente_id=""))
        connection.execute(delete(table).where(mine))


def _list(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _copy(connection: Connection, file: LandingFile, path: Path) -> tuple[int, str]:
    """Number of rows copied, and the SHA-256 of the file."""
    table, names = LANDING[file.entity].table(), columns(LANDING[file.entity])
    or_empty = [column.name for column in table.columns if OR_EMPTY in column.info]
    options = sql.SQL(", force_not_null ({})").format(_list(or_empty)) if or_empty else sql.SQL("")
    statement = sql.SQL("copy {} ({}) from stdin with (format csv, header{})").format(
        sql.Identifier(table.schema or "", table.name), _list(names), options
    )
    digest = sha256()
    cursor = connection.connection.cursor()
    cursor.execute("set local datestyle = 'ISO, YMD'")  # refuses 07/31/2026, whatever the server's setting
    with path.open("rb") as source:
        header = source.readline().decode("utf-8-sig", "replace").rstrip("\r\n")
        if header != ",".join(names):
            # never quote the header: without one, the first line is a row
            missing = [name for name in names if name not in header.split(",")]
            found = f"lacks {', '.join(missing)}" if missing else "has other columns too, or in another order"
            raise BadFile(f"{file.path}: its header {found}; it should be {','.join(names)}")
        source.seek(0)
        try:
            with cursor.copy(statement) as copy:
                while part := source.read(READ_SIZE):
                    digest.update(part)
                    copy.write(part)
        except (psycopg.errors.DataError, psycopg.errors.IntegrityError) as error:
            raise BadFile(f"{file.path}, {describe(error)}") from None
    return cursor.rowcount, digest.hexdigest()
