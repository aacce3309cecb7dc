"""Where the rows of each table are on a cluster of Citus. In a database without its extension nothing here does anything.

Tables of customers are distributed by the customer and those of stock by the product, each kind shard by shard on the same
machine. Small tables that are joined with them are copied to all machines. The rest stays on the coordinator. Partitions and
columns that come later follow their table: Citus distributes them as they are made.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, func, select, text

from client360.warehouse.models import Base, tables

SHARDS = 8
"""Of each distributed table; each of its monthly partitions has as many."""
KEYS = ("cliente_id", "producto_id")
"""The columns by which tables are distributed, the first that a table has."""
EVERYWHERE, HERE = "on every machine", "on the coordinator"
INSTALLED = text("select to_regclass('pg_catalog.pg_dist_partition') is not null")
UNDISTRIBUTED = text(
    "select not exists (select 1 from pg_catalog.pg_dist_partition where logicalrelid = cast(:table as regclass))"
)
FIRST = text("select create_distributed_table(:table, :key, shard_count => :shards, colocate_with => 'none')")
NEXT = text("select create_distributed_table(:table, :key, colocate_with => :beside)")


def place(table: Table) -> str:
    """The column by which a table is distributed, or EVERYWHERE, or HERE."""
    keys = [key for key in KEYS if key in table.columns]
    copied = {mapper.local_table for mapper in Base.registry.mappers if mapper.class_.copied}
    if table in copied and KEYS[0] not in keys:
        return EVERYWHERE
    return keys[0] if keys else HERE


def on_cluster(connection: Connection) -> bool:
    """Whether the database has the extension."""
    return bool(connection.scalar(INSTALLED))


def distribute(connection: Connection) -> None:
    """Distribute the tables that are not, with their rows if they have some."""
    if not on_cluster(connection):
        return
    first = dict[str, Table]()
    for table in tables():
        where = place(table)
        beside = first.setdefault(where, table)
        if where == HERE or not connection.scalar(UNDISTRIBUTED, {"table": table.fullname}):
            continue
        if where == EVERYWHERE:
            connection.execute(select(func.create_reference_table(table.fullname)))
        elif beside is table:
            connection.execute(FIRST, {"table": table.fullname, "key": where, "shards": SHARDS})
        else:
            connection.execute(NEXT, {"table": table.fullname, "key": where, "beside": beside.fullname})


def described() -> Iterator[str]:
    """A line for each place, with the tables that are there."""
    places = dict[str, list[str]]()
    for table in tables():
        places.setdefault(place(table), []).append(table.fullname)
    for where, there in sorted(places.items(), key=lambda found: (*KEYS, EVERYWHERE, HERE).index(found[0])):
        kind = f"distributed by {where}, in {SHARDS} shards" if where in KEYS else where
        yield f"{kind}: {', '.join(there)}"
