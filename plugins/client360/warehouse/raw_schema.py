"""The schema of raw tables: a table and a view for each kind of file of a feed, made when its first file comes."""

from typing import cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

SCHEMA = "crudo"


def drop_raw_tables(connection: Connection) -> None:
    """Drop all raw tables and their views. The caller holds the exclusive lock on the warehouse."""
    kinds = {"r": sql.SQL("table"), "v": sql.SQL("view")}
    query = (
        "select relkind, relname from pg_class where relnamespace = to_regnamespace(:schema) and relkind in ('r', 'v')"
    )
    cursor = cast("psycopg.Cursor", connection.connection.cursor())
    for kind, name in connection.execute(text(query), {"schema": SCHEMA}).all():
        cursor.execute(sql.SQL("drop {} if exists {} cascade").format(kinds[kind], sql.Identifier(SCHEMA, name)))
