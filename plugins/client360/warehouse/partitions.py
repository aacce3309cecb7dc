"""Monthly partitions of the big tables, created when a run first needs a month.

The functions of the schema `control` that make them: include/sql/functions/control/partitions.sql.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from psycopg import sql
from sqlalchemy import Connection, Table, text

from client360.warehouse import locks
from client360.warehouse.distribution import on_cluster
from client360.warehouse.models import tables
from client360.warehouse.models.base import FILLED

PARTITIONED = tuple(table for table in tables() if table.dialect_options["postgresql"]["partition_by"])
AHEAD = tuple(table for table in PARTITIONED if FILLED not in table.info)
"""Those whose months are there before their first row. A step makes the others' as it fills them."""
MAKE = text("select control.make_month(cast(:table as regclass), :month)")
ATTACH = text("select control.attach_month(cast(:table as regclass), :month)")


def create_partitions(connection: Connection, months: Iterable[date], of: Sequence[Table] = PARTITIONED) -> None:
    """Create the missing partitions of those tables, for the given months (their first days)."""
    locks.schema(connection)
    wanted = sorted(months)
    for table in of:
        for month in wanted:
            if connection.scalar(MAKE, {"table": table.fullname, "month": month}):
                _attach(connection, table, [month])


@contextmanager
def months_to_fill(
    connection: Connection, table: Table, months: Iterable[date]
) -> Iterator[dict[date, sql.Identifier]]:
    """Where to write the rows of each month (its first day), under the locks of these months: into the table or, where a month
    has no partition yet, into one that gets its key and is attached at the end. On a cluster it is attached at once, and so
    distributed while it is empty."""
    new = [month for month in months if connection.scalar(MAKE, {"table": table.fullname, "month": month})]
    attached_first = new if on_cluster(connection) else []
    _attach(connection, table, attached_first)
    last = [month for month in new if month not in attached_first]
    yield {
        month: sql.Identifier(table.schema or "", f"{table.name}_{month:%Y%m}" if month in last else table.name)
        for month in months
    }
    _attach(connection, table, last)


def _attach(connection: Connection, table: Table, months: Iterable[date]) -> None:
    for month in months:
        connection.execute(ATTACH, {"table": table.fullname, "month": month})
