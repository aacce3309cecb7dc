"""Monthly partitions of the big tables, created when a run first needs a month."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Connection, inspect, text

from client360 import locks
from client360.models import tables


def create_partitions(connection: Connection, months: Iterable[date]) -> None:
    """Create the missing partitions of every partitioned table for the given months (their first days)."""
    locks.schema(connection)
    wanted = sorted(months)
    for table in tables():
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
