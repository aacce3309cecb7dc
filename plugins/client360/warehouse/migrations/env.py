"""What Alembic runs for each command: its settings, on the connection and in the transaction of client360.warehouse.migrate."""

import re

from alembic import context

from client360.warehouse.models import SCHEMAS, Base

PARTITION = re.compile(r"_\d{6}$")
"""How the names of monthly partitions end: a run makes them, and they follow their table."""


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a schema or table belongs to the models."""
    if kind == "schema":
        return name in SCHEMAS
    return kind != "table" or not PARTITION.search(name or "")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table_schema="control",
    include_schemas=True,
    include_name=ours,
    # every check of the models has a name
    autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
)
context.run_migrations()
