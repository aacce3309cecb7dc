"""Keeps erased people out of the raw tables: their lines go, or stay without them where sums of the shop are made of them."""

import re
from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    and_,
    case,
    cast,
    delete,
    func,
    inspect,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from client360.ingest.feed_spec import Feed
from client360.warehouse.erased import OF_THE_SHOP, Erased, normal
from client360.warehouse.models import Entregas, Rechazos
from client360.warehouse.raw_schema import SCHEMA

KEY, OF_A_LINE = "key:", "line:"
"""How the name of a column of files begins in control.olvidados that holds the key of a customer, or what identifies nobody but
is removed from their lines. Of other columns, a document or an e-mail address is known."""
LEAST = 4
"""Characters from which on a key is looked for within the text of a rejected line."""


def raw_table(connection: Connection, kind: str) -> Table | None:
    """The raw table of a kind of file, if there is one."""
    if not inspect(connection).has_table(f"{kind}_filas", SCHEMA):
        return None
    return Table(f"{kind}_filas", MetaData(), schema=SCHEMA, autoload_with=connection)


def keep_out(
    connection: Connection, feed: Feed, kind: str, erased: Erased, delivery: int | None = None
) -> Counter[int]:
    """Take erased people out of the lines of a kind of file, or of one delivery; returns how many were theirs, by delivery."""
    table = raw_table(connection, kind)
    if table is None:
        return Counter()
    mine = [] if delivery is None else [table.c._entrega == delivery]
    columns = [column for column in table.columns if column.name not in ("_linea", "_entrega")]
    keys = {column: _theirs(connection, column, KEY, erased, mine) for column in columns}
    others = {column: _theirs(connection, column, "", erased, mine) for column in columns}
    matched = [column.in_(values) for known in (keys, others) for column, values in known.items() if values]
    if not matched:
        return Counter()
    theirs = and_(or_(*matched), *mine)
    counted = select(table.c._entrega, func.count()).where(theirs).group_by(table.c._entrega)
    found = Counter[int]()
    for number, lines in connection.execute(counted):
        found[number] = lines
    if not stays(feed, kind):
        connection.execute(delete(table).where(theirs))
        for number, gone in found.items():
            fewer = {"lineas": Entregas.lineas - gone, "leidas": Entregas.leidas - gone}
            connection.execute(update(Entregas).where(Entregas.entrega == number).values(fewer))
        return found
    said = " ".join(feed.mapping.values())
    left: dict[str, Any] = {}
    for column in columns:
        if not re.search(rf"\b{re.escape(column.name)}\b", said, re.IGNORECASE):  # no SELECT needs it
            left[column.name] = None
            continue
        words = others[column] + _theirs(connection, column, OF_A_LINE, erased, [theirs])
        if keys[column] or words:
            marks = cast({value: erased.mark(value) for value in keys[column]}, JSONB)
            left[column.name] = case((column.in_(words), None), else_=func.coalesce(marks[column].astext, column))
    if left:
        connection.execute(update(table).where(theirs).values(left))
    return found


def keep_out_broken(connection: Connection, erased: Erased, path: str) -> None:
    """Remove the broken lines of a file in which the key, the document or the address of an erased person is a value."""
    known = [name for name in erased.columns if not name.startswith(OF_A_LINE)]
    broken = (Rechazos.archivo == path) & (Rechazos.entidad == "")
    for line, text in connection.execute(select(Rechazos.linea, Rechazos.texto).where(broken)).all():
        values = [value for value in re.split(r"[,;|\t\"]", text) if len(normal(value)) >= LEAST]
        if any(erased.among(name, values) for name in known):
            connection.execute(delete(Rechazos).where(broken, Rechazos.linea == line))
            fewer = {"lineas": Entregas.lineas - 1}
            connection.execute(update(Entregas).where(Entregas.archivo == path).values(fewer))


def stays(feed: Feed, kind: str) -> bool:
    """Whether rows of the shop are made of the lines of a kind of file, which therefore stay, without the person."""
    return bool(set(feed.readers(kind)) & set(OF_THE_SHOP))


def _theirs(
    connection: Connection, column: Column, known_as: str, erased: Erased, where: Collection[ColumnElement[bool]]
) -> list[str]:
    """The values of a column that were of erased people."""
    if f"{known_as}{column.name}" not in erased.columns:
        return []
    found = connection.scalars(select(column).where(column.is_not(None), *where).distinct())
    return erased.among(f"{known_as}{column.name}", found)
