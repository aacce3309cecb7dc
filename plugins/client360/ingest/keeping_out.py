"""Keeps erased people out of the raw tables: their lines go, or stay without them where sums of the shop are made of them."""

import re
from collections import Counter
from collections.abc import Collection

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    delete,
    inspect,
    or_,
    select,
    tuple_,
    update,
)

from client360.ingest.feed_spec import Feed
from client360.warehouse.erased import OF_THE_SHOP, Erased
from client360.warehouse.models import Entregas
from client360.warehouse.raw_schema import SCHEMA

KEY, OF_A_LINE = "key:", "line:"
"""How the name of a column of files begins in control.olvidados that holds the key of a customer, or what identifies nobody but
is removed from their lines. Of other columns, a document or an e-mail address is known."""


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
    lines = [
        tuple(row) for row in connection.execute(select(table.c._entrega, table.c._linea).where(or_(*matched), *mine))
    ]
    these = tuple_(table.c._entrega, table.c._linea).in_(lines)
    found = Counter(number for number, _ in lines)
    if not stays(feed, kind):
        connection.execute(delete(table).where(these))
        for number, gone in found.items():
            fewer = {"lineas": Entregas.lineas - gone, "leidas": Entregas.leidas - gone}
            connection.execute(update(Entregas).where(Entregas.entrega == number).values(fewer))
        return found
    said = " ".join(feed.mapping.values())
    for column in columns:
        if not re.search(rf"\b{re.escape(column.name)}\b", said, re.IGNORECASE):  # no SELECT needs it
            connection.execute(update(table).where(these).values({column.name: None}))
            continue
        for value in keys[column]:
            connection.execute(update(table).where(these, column == value).values({column.name: erased.mark(value)}))
        words = others[column] + _theirs(connection, column, OF_A_LINE, erased, [these])
        connection.execute(update(table).where(these, column.in_(words)).values({column.name: None}))
    return found


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
