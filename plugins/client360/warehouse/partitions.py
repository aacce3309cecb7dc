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
                # made as a table of its own and attached, since "partition of" would wait for all who read the whole table
                part = f"{table.schema}.{name}"
                connection.execute(
                    text(f"create table {part} (like {table.fullname} including all excluding comments)")
                )
                connection.execute(
                    text(
                        f"alter table {table.fullname} attach partition {part} "
                        f"for values from ('{month}') to ('{following}')"
                    )
                )
