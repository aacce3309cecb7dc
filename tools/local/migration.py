"""`make migration`: draft the next revision of the warehouse from the difference between the newest one and the models."""

from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from client360.warehouse.databases import create_database
from client360.warehouse.migrate import alembic_config, replace_functions, revisions, upgrade
from tools.local.server import Server

SCRATCH = "client360_migration"


def draft(server: Server, message: str) -> Path | None:
    """Write the revision that migrates from the newest one to the models; return None where they do not differ."""
    from alembic import command
    from alembic.script import Script

    def unless_empty(_context: Any, _revision: Any, directives: list) -> None:
        if directives[0].upgrade_ops.is_empty():
            directives.clear()

    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(SCRATCH))
        admin.execute(drop)
        create_database(admin, SCRATCH)
        try:
            engine = create_engine(server.url(SCRATCH, "postgresql+psycopg"), poolclass=NullPool)
            with engine.begin() as connection:
                replace_functions(connection)
                upgrade(connection, None)
                written = command.revision(
                    alembic_config(connection),
                    message,
                    autogenerate=True,
                    rev_id=f"{len(revisions()) + 1:04}",
                    process_revision_directives=unless_empty,
                )
        finally:
            admin.execute(drop)
    return Path(written.path) if isinstance(written, Script) else None
