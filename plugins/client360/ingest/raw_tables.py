"""The raw tables of the schema `crudo`, created and extended as files bring columns.

`crudo.<kind>_filas` holds the rows of all files of a kind: `_linea` (line in the file), `_entrega` (number of the delivery), and
the columns of the files as text, unaltered. The view `crudo.<kind>` is what the feed's SELECTs read, without the rows of copies:
`_archivo`, `_linea`, `_fecha`, then the columns with null words replaced by null.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from psycopg import sql
from sqlalchemy import ColumnElement, Connection, Select, column, delete, func, inspect, literal, select, table, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.expression import TableClause, quoted_name

from client360.folders import SQL
from client360.warehouse import locks
from client360.warehouse.models import Entregas
from client360.warehouse.raw_schema import SCHEMA


@dataclass(frozen=True)
class _TableState:
    columns: tuple[str, ...]
    """Those of the table, `_linea` and `_entrega` first; none if there is no table."""
    comment: str | None
    """That of the view; it records the null words."""

    def covers(self, columns: Sequence[str], nulls: Sequence[str]) -> bool:
        return self.comment == _comment(nulls) and set(columns) <= set(self.columns)


def rows_table(kind: str) -> sql.Identifier:
    """The table behind the view of a kind of file."""
    return sql.Identifier(SCHEMA, f"{kind}_filas")


def index_of_deliveries(kind: str) -> str:
    """The index of the raw table by delivery, as a name to look up."""
    return f"{SCHEMA}.{kind}_por_entrega"


def ensure_raw_table(connection: Connection, kind: str, columns: Sequence[str], nulls: Sequence[str]) -> None:
    """Create or extend the raw table so that it has these columns, and its view so that it shows them.

    Takes a lock on the table only if there is something to do, and holds it until the transaction ends.
    """
    if _state(connection, kind).covers(columns, nulls):
        return
    with connection.begin_nested() as savepoint:
        locks.raw(connection, kind)
        state = _state(connection, kind)
        if state.covers(columns, nulls):  # another file of the kind came first
            savepoint.rollback()  # releases the lock for others who wait
            return
        if not state.columns:
            _execute(
                connection, "create table {} (_linea bigint not null, _entrega integer not null)", rows_table(kind)
            )
        _execute(
            connection,
            # rows of a delivery lie together
            "create index if not exists {} on {} using brin (_entrega int4_minmax_multi_ops)",
            sql.Identifier(f"{kind}_por_entrega"),
            rows_table(kind),
        )
        for name in columns:
            if name not in state.columns:
                _execute(connection, "alter table {} add column {} text", rows_table(kind), sql.Identifier(name))
        _replace_view(connection, kind, nulls)


def delete_rows(connection: Connection, kind: str, delivery: int) -> None:
    """Delete what a delivery brought, if there is such a raw table."""
    if _state(connection, kind).columns:
        rows = _rows(kind, ())
        connection.execute(delete(rows).where(rows.c._entrega == delivery))


def set_rows_aside(connection: Connection, kind: str, delivery: int) -> None:
    """Let the rows of a delivery wait under the negative of its number, in no view, until the contract has seen that they are
    gone; only those that it has seen come, where the delivery changes more than once."""
    if not _state(connection, kind).columns:
        return
    rows = _rows(kind, ())
    if connection.scalar(select(rows.c._entrega).where(rows.c._entrega == -delivery).limit(1)) is None:
        connection.execute(update(rows).where(rows.c._entrega == delivery).values(_entrega=-delivery))
    else:
        connection.execute(delete(rows).where(rows.c._entrega == delivery))


def delete_rows_aside(connection: Connection, kind: str, deliveries: Sequence[int] | None = None) -> None:
    """Delete the rows of these deliveries that were set aside, or of all."""
    rows = _rows(kind, ())
    aside = rows.c._entrega < 0 if deliveries is None else rows.c._entrega.in_([-number for number in deliveries])
    connection.execute(delete(rows).where(aside))


def drop_raw_table(connection: Connection, kind: str) -> None:
    """Drop the raw table of a kind of file, and its view. The caller holds the exclusive lock on the warehouse."""
    _execute(connection, "drop table if exists {} cascade", rows_table(kind))


def _state(connection: Connection, kind: str) -> _TableState:
    statement = (SQL / "raw" / "table_state.sql").read_text(encoding="utf-8")
    state = connection.exec_driver_sql(statement, {"tabla": kind}).one()
    return _TableState(tuple(state.columnas), state.comentario)


def show_deliveries(
    connection: Connection, schema: str, kind: str, nulls: Sequence[str], deliveries: Sequence[int]
) -> None:
    """Make a view of the same name, in another schema, that shows the rows of these deliveries only, from a table of them that is
    made once: what statistics say of all deliveries, the planner takes a new one for one row, and joins it as such."""
    rows, query = _rows_shown(connection, kind, nulls)
    shown = sql.Identifier(schema, f"{kind}_filas")
    query = query.where(rows.c._entrega.in_(deliveries))
    if not inspect(connection).has_table(f"{kind}_filas", schema):
        _execute(connection, "create unlogged table {} as {}", shown, _text(query))
        _execute(connection, "analyze {}", shown)
    _execute(connection, "create or replace view {} as select * from {}", sql.Identifier(schema, kind), shown)


def show_groups(connection: Connection, schema: str, kind: str, nulls: Sequence[str], columns: Sequence[str]) -> None:
    """Make a view of the same name, in another schema, that shows the rows of the groups in its table `_grupos`."""
    rows, query = _rows_shown(connection, kind, nulls)
    chosen = select(table("_grupos", column("grupo"), schema=schema).c.grupo)
    view = sql.Identifier(schema, kind)
    _execute(
        connection,
        "create or replace view {} as {}",
        view,
        _text(query.where(_group(rows, nulls, columns).in_(chosen))),
    )


def group(kind: str, nulls: Sequence[str], columns: Sequence[str]) -> sql.SQL:
    """The hash of the values of these columns in the raw table of a kind of file, of which `_archivo` may be one."""
    return _text(_group(_rows(kind, columns), nulls, columns))


def _group(rows: TableClause, nulls: Sequence[str], columns: Sequence[str]) -> ColumnElement:
    hashes = [
        func.hashint4extended(func.abs(rows.c._entrega), seed)
        if name == "_archivo"
        else func.coalesce(func.hashtextextended(_null_words_replaced(rows.c[name], nulls), seed), seed)
        for seed, name in enumerate(columns, start=1)
    ]
    return reduce(lambda one, other: one.op("#")(other), hashes)


def columns_of(connection: Connection, kind: str) -> tuple[str, ...]:
    """The columns of the files of a kind that have come."""
    return _state(connection, kind).columns[2:]


def _replace_view(connection: Connection, kind: str, nulls: Sequence[str]) -> None:
    _, query = _rows_shown(connection, kind, nulls)
    view = sql.Identifier(SCHEMA, kind)
    _execute(connection, "create or replace view {} as {}", view, _text(query))
    _execute(connection, "comment on view {} is {}", view, sql.Literal(_comment(nulls)))


def _rows_shown(connection: Connection, kind: str, nulls: Sequence[str]) -> tuple[TableClause, Select]:
    """The raw table of a kind of file, and what its view shows of it."""
    columns = _state(connection, kind).columns[2:]
    rows = _rows(kind, columns)
    query = select(
        Entregas.archivo.label("_archivo"),
        rows.c._linea,
        Entregas.fecha_archivo.label("_fecha"),
        *(_null_words_replaced(rows.c[name], nulls).label(quoted_name(name, quote=True)) for name in columns),
    ).join_from(rows, Entregas.table(), rows.c._entrega == Entregas.entrega)
    return rows, query.where(Entregas.copia_de.is_(None))


def _text(query: ColumnElement | Select) -> sql.SQL:
    """A query or expression as a data definition takes it: without parameters, so that % is not doubled. The SQLAlchemy of
    Python 3.10 has no views."""
    return sql.SQL(
        str(query.compile(dialect=postgresql.dialect(paramstyle="named"), compile_kwargs={"literal_binds": True}))
    )


def _rows(kind: str, columns: Sequence[str]) -> TableClause:
    names = ("_linea", "_entrega", *(quoted_name(name, quote=True) for name in columns))
    return table(f"{kind}_filas", *map(column, names), schema=SCHEMA)


def _null_words_replaced(value: ColumnElement, nulls: Sequence[str]) -> ColumnElement:
    for word in nulls:
        value = func.nullif(value, literal(word))
    return value


def _comment(nulls: Sequence[str]) -> str:
    return f"no rows of copies, index of deliveries, null words: {json.dumps(nulls)}"


def _execute(connection: Connection, statement: str, *parts: sql.Composable) -> None:
    """Run a data definition, which takes no parameters, with identifiers and literals filled in."""
    connection.connection.cursor().execute(sql.SQL(statement).format(*parts))
