"""Migrations: `python -m client360.warehouse.migrate` migrates the warehouse that AIRFLOW_CONN_CLIENT360 names.

migrations/versions holds a file for each revision of the models. Alembic runs them and records the revision in
control.alembic_version. Every migration, whatever the revision, replaces the functions of include/sql/functions, distributes on a
cluster the tables that are not (client360.warehouse.distribution), and grants the reader role its privileges.
"""

import logging
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateSchema

from client360.folders import SQL
from client360.warehouse import distribution, locks
from client360.warehouse.models import SCHEMAS, tables
from client360.warehouse.redaction import describe

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("migrations")
FUNCTIONS = SQL / "functions"
LOCK = text("select pg_advisory_xact_lock(hashtext('client360 migration'))")
"""Lets one process migrate at a time. The functions that take all other locks are made under it."""
UNRECORDED = {"69dce2b285f4b598": "0001", "f2b4cd177937babb": "0002"}
"""The revisions of warehouses from before revisions were recorded, by the fingerprint of their tables."""
PATIENCE = "10s"
"""How long a migration waits for a table that somebody reads."""
READER = "client360_reader"
"""The read-only role for people, if the warehouse has one."""
START_OVER = "make clean and run again, or use an empty database; a simulated world is made anew"
COLUMNS = text(
    """
    select
        pg_namespace.nspname || '.' || pg_class.relname as relation,
        pg_attribute.attname as name,
        format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as type,
        pg_collation.collname as collation,
        pg_attribute.attnotnull as required
    from pg_attribute
    inner join pg_class on pg_class.oid = pg_attribute.attrelid
    inner join pg_namespace on pg_namespace.oid = pg_class.relnamespace
    left join pg_collation on pg_collation.oid = pg_attribute.attcollation
    where
        pg_namespace.nspname = any(:schemas)
        and pg_class.relkind in ('r', 'p')
        and not pg_class.relispartition
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
    order by pg_class.oid, pg_attribute.attnum
    """
)


class OtherVersion(ValueError):
    """The warehouse was made by a version of client360 that this one cannot migrate."""


class MigrationFailed(RuntimeError):
    """A migration failed and was rolled back."""


def revisions() -> list[str]:
    """The numbers of the revisions, oldest first."""
    return sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Migrate to the newest revision in one transaction, replace the functions, and grant the reader role; returns the revision
    before, if any, and the newest.

    Waits for running transactions on the warehouse only if it has to migrate. Safe to call from several processes at once.
    Raises OtherVersion and MigrationFailed.
    """
    newest = revisions()[-1]
    with engine.begin() as connection:
        connection.execute(LOCK)
        before = _recorded(connection)
        replace_functions(connection)
        if before != newest:
            locks.warehouse(connection, shared=False)
            locks.schema(connection)
            # a reader who forgot a transaction would hold it up, and it in turn every other reader
            connection.execute(select(func.set_config("lock_timeout", PATIENCE, True)))
            before = upgrade(connection, before)
        _compare(connection)
        distribution.distribute(connection)
        _grant(connection)
    return before, newest


def replace_functions(connection: Connection) -> None:
    """Create or replace the functions of include/sql/functions, and create missing schemas. Tables may still be missing."""
    there = inspect(connection).get_schema_names()
    for schema in SCHEMAS:
        if schema not in there:
            connection.execute(CreateSchema(schema))
    cursor = connection.connection.cursor()
    cursor.execute("set local check_function_bodies = off")
    for file in sorted(FUNCTIONS.glob("*/*.sql")):
        cursor.execute(file.read_text(encoding="utf-8"))


def upgrade(connection: Connection, recorded: str | None) -> str | None:
    """Run the missing revisions; returns the one that the warehouse had, recorded or recognised.

    Raises OtherVersion and MigrationFailed, and leaves it to the caller to roll back.
    """
    from alembic import command

    before = recorded or _recognised(connection)
    config = alembic_config(connection)
    try:
        if before and not recorded:
            command.stamp(config, before)
        command.upgrade(config, "head")
    except Exception as error:
        raise MigrationFailed(
            f"the warehouse could not be migrated from {origin(before)} and is as it was: {reason(error)}"
        ) from error
    return before


def alembic_config(connection: Connection) -> "Config":
    """The configuration with which Alembic's commands work on a connection, within its transaction."""
    from alembic.config import Config  # half a second, which a warehouse that is up to date does without

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def fingerprint(connection: Connection) -> str | None:
    """A hash that identifies the version of the warehouse's tables; None where there are no tables."""
    found = _columns(connection)
    known = [(name, found[name]) for name in sorted(table.fullname for table in tables()) if name in found]
    return sha256(repr(known).encode()).hexdigest()[:16] if known else None


def _recorded(connection: Connection) -> str | None:
    """The revision that the warehouse records, if any. Raises OtherVersion for an unknown one."""
    if connection.scalar(text("select to_regclass('control.alembic_version')")) is None:
        return None
    revision = connection.scalar(text("select version_num from control.alembic_version"))
    if revision is not None and revision not in revisions():
        raise OtherVersion(
            f"the warehouse has revision {revision}, which this version of client360 does not know: "
            "use the version that made it, or a newer one"
        )
    return revision


def _recognised(connection: Connection) -> str | None:
    """The revision of a warehouse that records none; None where it is empty. Raises OtherVersion."""
    mark = fingerprint(connection)
    if mark is None:
        return None
    if mark not in UNRECORDED:
        raise OtherVersion(
            "the warehouse records no revision, and its tables are of no version that this one can go on from: "
            f"{START_OVER}"
        )
    return UNRECORDED[mark]


def _compare(connection: Connection) -> None:
    """Raises OtherVersion where a table has other columns than its model."""
    found = _columns(connection)
    for table in tables():
        names = [column[0] for column in found.get(table.fullname, [])]
        if names != [column.name for column in table.columns]:
            raise OtherVersion(
                f"{table.fullname} has the columns {', '.join(names) or '(none)'}, not those of this version of "
                f"client360: {START_OVER}"
            )


def _grant(connection: Connection) -> None:
    if connection.scalar(text("select to_regrole(:reader)"), {"reader": READER}) is None:
        return
    locks.schema(connection)
    for name in ("grants.sql", "reader_functions.sql"):
        connection.execute(text((MIGRATIONS / name).read_text(encoding="utf-8")))
    if connection.scalar(text("select pg_has_role(:reader, 'pg_read_all_data', 'usage')"), {"reader": READER}):
        log.warning(
            "%s reads everything, rejected lines of files too: as a superuser, revoke pg_read_all_data from it", READER
        )


def _columns(connection: Connection) -> dict[str, list[tuple]]:
    """The columns of every table, in order: name, type, collation, and whether it is required."""
    found: dict[str, list[tuple]] = {}
    for relation, *column in connection.execute(COLUMNS, {"schemas": list(SCHEMAS)}):
        found.setdefault(relation, []).append(tuple(column))
    return found


def origin(revision: str | None) -> str:
    return f"revision {revision}" if revision else "an empty database"


def reason(error: BaseException) -> str:
    """The redacted error, in one line."""
    return describe(error) if isinstance(error, SQLAlchemyError) else str(error).strip().split("\n")[0]


def main() -> int:
    """Migrate the warehouse of Airflow's connection `client360`; prints one line, and on a cluster what is where, and returns
    the exit code."""
    from airflow.providers.postgres.hooks.postgres import PostgresHook
    from airflow.sdk.exceptions import AirflowException

    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        engine = PostgresHook("client360").get_sqlalchemy_engine()
        before, after = migrate(engine)
        with engine.connect() as connection:
            places = list(distribution.described()) if distribution.on_cluster(connection) else []
    except (OtherVersion, MigrationFailed, AirflowException) as error:
        print(f"client360: {error}", file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        print(f"client360: the warehouse can not be brought up to date: {reason(error)}", file=sys.stderr)
        return 1
    if before == after:
        print(f"client360: the warehouse is up to date, at revision {after}")
    else:
        print(f"client360: the warehouse was migrated from {origin(before)} to revision {after}")
    for line in places:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
