"""A SELECT of a feed over the files that have changed: its text, with temporary views in the place of the views of files."""

import re

from psycopg import sql

from client360.ingest.contract.changes import Changes
from client360.ingest.contract.statements import Context
from client360.ingest.raw_tables import index_of_deliveries, show_deliveries

ASIDE = r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/"
"""Texts and comments of a SELECT, in which names are none."""


def make_views(context: Context, changes: Changes) -> None:
    """Make the temporary views, which show the deliveries that have changed."""
    for name in context.raw_tables():
        context.execute("rangos", indice=index_of_deliveries(name))
        if not context.feed.files[name].lookup:
            show_deliveries(context.connection, name, context.feed.files[name].dialect.nulls, changes.deliveries)


def drop_views(context: Context) -> None:
    for name in context.raw_tables():
        context.cursor.execute(sql.SQL("drop view if exists {}").format(sql.Identifier("pg_temp", name)))


def in_part(context: Context, mapping: sql.SQL) -> sql.SQL:
    """The SELECT over these views; lookups are read whole."""
    kinds = "|".join(name for name, kind in context.feed.files.items() if not kind.lookup)
    named = re.compile(rf'{ASIDE}|\bcrudo\s*\.\s*(?P<kind>"(?:{kinds})"|(?:{kinds})\b)', re.IGNORECASE | re.DOTALL)
    return sql.SQL(
        named.sub(lambda found: f"pg_temp.{found['kind']}" if found["kind"] else found[0], mapping.as_string())
    )
