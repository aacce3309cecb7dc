"""Monthly partitions of the big tables, created when a run first needs a month."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, Table, inspect, text

from client360.warehouse import locks
from client360.warehouse.models import tables


def create_partitions(connection: Connection, months: Iterable[date], of: Sequence[Table] = tuple(tables())) -> None:
    """Create the missing partitions of those tables that are partitioned, for the given months (their first days)."""
    locks.schema(connection)
    wanted = sorted(months)
    for table in of:
        if not table.dialect_options["postgresql"]["partition_by"]:
            continue
        there = set(inspect(connection).get_table_names(schema=table.schema))
        for month in wanted:
            name = f"{table.name}_{month:%Y%m}"
            if name not in there:
                following = (month + timedelta(days=31)).replace(day=1)
                connection.execute(
                    text(
                        f"create table {table.schema}.{name} partition of {table.fullname} "
                        f"for values from ('{month}') to ('{following}')"
                    )
                )
