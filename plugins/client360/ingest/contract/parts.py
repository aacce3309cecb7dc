"""A SELECT of a feed over some of its rows: its text, with views of the same names that show only those."""

import re
from hashlib import sha256

from psycopg import sql

from client360.ingest.contract.changes import Changes
from client360.ingest.contract.extent import Extent
from client360.ingest.contract.statements import PART, Context, name_of_index, now
from client360.ingest.feed_spec import BadFeed
from client360.ingest.raw_tables import (
    columns_of,
    delete_rows_aside,
    group,
    index_of_deliveries,
    rows_table,
    show_deliveries,
    show_groups,
)

ASIDE = r"\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|--[^\n]*|/\*.*?\*/"
"""Texts and comments of a SELECT, in which names are none."""


class DependsOnOthers(ValueError):
    """The rows that a SELECT gives of a part of its lines depend on others, or are of others."""


def prepare(context: Context, changes: Changes) -> None:
    """Let rows be found by their delivery."""
    for kind in context.raw_tables():
        if changes.everything:
            delete_rows_aside(context.connection, kind)
        context.execute("rangos", indice=index_of_deliveries(kind))


def tidy_up(context: Context, changes: Changes) -> None:
    """Drop the views, and the rows of changed and withdrawn files as they were before. Those of a file that another run has read
    in the meantime stay for the next run. Drop the indexes by groups that feed.yaml does not name any more."""
    context.cursor.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(PART)))
    for kind in changes.kinds & set(context.raw_tables()):
        delete_rows_aside(context.connection, kind, changes.deliveries)
    if changes.everything:  # at the end: nobody reads the table while its index is dropped
        hashes = [_hashes(context, name) for name in context.feed.together]
        context.drop_indexes_of_groups(but={name_of_index(*each) for one in hashes for each in one.items()})


def require_columns(context: Context) -> None:
    """Raises BadFeed where rows are to belong together by a column that their files do not have."""
    for name, kinds in context.feed.together.items():
        for kind in kinds.keys() & set(context.raw_tables()):
            there = ("_archivo", *columns_of(context.connection, kind))
            unknown = [column for column in kinds[kind] if column not in there]
            if unknown:
                raise BadFeed(
                    f"feeds/{context.feed.name}/feed.yaml: together, {name}, {kind}: there is no column {unknown[0]!r}; there "
                    f"are {', '.join(there)}"
                )


def in_part(context: Context, name: str, mapping: sql.SQL, extent: Extent, changes: Changes) -> sql.SQL:
    """The SELECT over the files, or groups of rows, that have changed; lookups are read whole."""
    context.cursor.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(PART)))
    if extent is Extent.FILES:
        kinds = [kind for kind in context.raw_tables() if not context.feed.files[kind].lookup]
        for kind in kinds:
            show_deliveries(context.connection, PART, kind, context.feed.files[kind].dialect.nulls, changes.deliveries)
    else:
        kinds = list(_choose_groups(context, name, changes))
    return _over_views(mapping, kinds)


def require_own_rows(context: Context, name: str, extent: Extent) -> None:
    """Raises DependsOnOthers where a SELECT over a part gave rows of other files, or groups."""
    statement = "ajenas_a_archivos" if extent is Extent.FILES else "ajenas_a_grupos"
    (found,) = context.execute(statement, ahora=now(name)).fetchone() or (False,)
    if found:
        raise DependsOnOthers(
            f"{context.mapping_file(name)} gives rows of files or groups in which nothing has changed"
        )


def _hashes(context: Context, name: str) -> dict[str, sql.SQL]:
    """By kind of file that has come, the hash of the columns by which the rows of a SELECT belong together."""
    columns, files = context.feed.together[name], context.feed.files
    return {
        kind: group(kind, files[kind].dialect.nulls, columns[kind]) for kind in context.raw_tables() if kind in columns
    }


def _choose_groups(context: Context, name: str, changes: Changes) -> dict[str, sql.SQL]:
    """Those of the rows of changed files, as they were and as they are; and some others, whose rows must come out as before.
    Returns the hashes of the kinds of files."""
    context.execute("grupos")
    both = [number for delivery in changes.deliveries for number in (delivery, -delivery)]
    hashes = _hashes(context, name)
    for kind, hash_of_row in hashes.items():
        context.index_of_groups(kind, hash_of_row)
        context.execute("grupos_tocados", crudas=rows_table(kind), huella=hash_of_row, entregas=both)
    for kind, hash_of_row in hashes.items():
        context.execute("grupos_de_muestra", crudas=rows_table(kind), huella=hash_of_row, desde=_anywhere(changes))
    for kind, hash_of_row in hashes.items():
        context.execute("muestra_acotada", crudas=rows_table(kind), huella=hash_of_row)
    for kind, hash_of_row in hashes.items():
        context.execute("lineas_de_grupos", crudas=rows_table(kind), huella=hash_of_row)
        nulls, columns = context.feed.files[kind].dialect.nulls, context.feed.together[name][kind]
        show_groups(context.connection, PART, kind, nulls, columns)
    return hashes


def _anywhere(changes: Changes) -> int:
    """A hash that is another one for other changes."""
    return int.from_bytes(sha256(repr(changes.deliveries).encode()).digest()[:8], "big", signed=True)


def _over_views(mapping: sql.SQL, kinds: list[str]) -> sql.SQL:
    names = "|".join(kinds)
    view = rf'(?<![\w"])(?:crudo|"crudo")\s*\.\s*(?P<kind>"(?:{names})"|(?:{names})\b)(?!\s*\()'
    named = re.compile(rf'{ASIDE}|{view}|"(?:[^"]|"")*"', re.IGNORECASE | re.DOTALL)
    return sql.SQL(
        named.sub(lambda found: f"{PART}.{found['kind']}" if found["kind"] else found[0], mapping.as_string())
    )
