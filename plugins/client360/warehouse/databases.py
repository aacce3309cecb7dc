"""Databases of the warehouse's server: the warehouse itself, and the one in which a run builds its replacement.

A run with `reemplazar` builds in a database of its own beside the warehouse, which takes the warehouse's place, and its name,
once the checks have passed. Until then readers and other runs see nothing of it, and a run that fails changes nothing.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import cast

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from client360.warehouse import distribution
from client360.warehouse.migrate import READER
from client360.warehouse.models import SCHEMAS

log = logging.getLogger(__name__)

MAINTENANCE = "postgres"
"""The database from which others are created and renamed."""
TEMPLATE = "client360_template"
"""The empty database in which a superuser has reserved functions for owners: docker/roles.sql."""
ATTEMPTS = 30
"""How often sessions are ended before the warehouse counts as one that can not be renamed."""
SET_UP = "alter role client360 createdb; grant client360_reader to client360; grant connect on database postgres to client360"
END_SESSIONS = """
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = any(%s) and pg_has_role(usesysid, 'usage')
"""
DIGITS = 10
"""Hexadecimal digits that end the names of databases that a run builds."""
LONGEST = 30
"""Characters of the warehouse's name that the names beside it begin with: PostgreSQL cuts names off after 63 bytes."""


class CannotReplace(ValueError):
    """The warehouse cannot be replaced as it is; the message says what is in the way."""


class ReplacementGone(ValueError):
    """The database in which a run built was removed."""


class SessionsStay(RuntimeError):
    """Sessions keep the warehouse open, and this role may not end them."""


@dataclass(frozen=True)
class Replacement:
    """The replacement of a warehouse, `database`, that a run builds."""

    database: str
    run: str

    @property
    def building(self) -> str:
        """The name of the database until it takes over."""
        return f"{self._prefixes[0]}{self._mark}"

    @property
    def previous(self) -> str:
        """The name of the warehouse that gave way, until it is dropped."""
        return f"{self._prefixes[1]}{self._mark}"

    @property
    def comment(self) -> str:
        """What the database says of itself, under whichever name."""
        return f"client360: built by the run {self.run}"

    @property
    def _mark(self) -> str:
        return _hash(self.run)

    @property
    def _prefixes(self) -> tuple[str, str]:
        name = self.database
        if len(name) > LONGEST:
            name = f"{name[:LONGEST]}_{_hash(name)}"
        return f"{name}_next_", f"{name}_previous_"

    def place(self, server: Engine) -> str:
        """The database in which the run works now. Raises ReplacementGone."""
        with _session(server) as session:
            if _is_there(session, self.building):
                return self.building
            if self._has_taken_over(session):
                return self.database
            raise self._gone()

    def create(self, server: Engine, warehouse: Engine) -> None:
        """Create the database, empty, with the privileges on the warehouse's; drop those that earlier runs left.

        Raises CannotReplace.
        """
        _refuse_cluster(warehouse)
        _require_privileges(warehouse)
        _refuse_foreign_objects(warehouse)
        with _session(server) as session:
            self._drop(session, *self._prefixes)
            create_database(session, self.building)
            _copy_privileges(session, self.database, self.building)
            note = sql.SQL("comment on database {} is {}")
            session.execute(note.format(sql.Identifier(self.building), sql.Literal(self.comment)))

    def take_over(self, server: Engine) -> None:
        """Give the database the warehouse's name, end the sessions of both, and drop the warehouse that was there.

        Does nothing where that is done. Where the old one cannot be dropped it stays until the next replacement, with a warning.
        Raises ReplacementGone and SessionsStay, and leaves the warehouse as it is.
        """
        with _session(server) as session:
            if _is_there(session, self.building):
                self._drop(session, self._prefixes[1])
                self._rename(session)
                log.warning("The warehouse is now what this run built.")
            elif not self._has_taken_over(session):
                raise self._gone()
            try:
                self._drop(session, self._prefixes[1])
            except psycopg.Error as error:
                log.warning(
                    "What the warehouse held before could not be dropped, and takes room until the next run with reemplazar "
                    "drops it: %s",
                    error.diag.message_primary,
                )

    def _rename(self, session: psycopg.Connection) -> None:
        rename = sql.SQL("alter database {} rename to {}")
        gives_way = rename.format(sql.Identifier(self.database), sql.Identifier(self.previous))
        takes_over = rename.format(sql.Identifier(self.building), sql.Identifier(self.database))
        for _ in range(ATTEMPTS):
            session.execute(END_SESSIONS, [[self.database, self.building]])
            try:
                with session.transaction():
                    session.execute(gives_way)
                    session.execute(takes_over)
            except psycopg.errors.ObjectInUse:
                continue  # somebody has connected since, or leaves slowly
            return
        who = "select distinct usename from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
        roles = ", ".join(str(name) for (name,) in session.execute(who, [self.database]))
        raise SessionsStay(
            f"{self.database} is kept open by sessions of {roles or 'others'}, which this role may not end, so what the "
            "run built could not take its place: close them and clear this task"
        )

    def _gone(self) -> ReplacementGone:
        return ReplacementGone(
            f"the database {self.building}, in which this run builds, is gone: a later run with reemplazar removed it; "
            "trigger a new run"
        )

    def _has_taken_over(self, session: psycopg.Connection) -> bool:
        found = session.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = %s", [self.database]
        ).fetchone()
        return found is not None and found[0] == self.comment

    def left_behind(self, warehouse: Engine) -> int:
        """The bytes of the databases beside the warehouse that `create` would drop."""
        sizes = "select datname, pg_database_size(oid) from pg_database where has_database_privilege(oid, 'connect')"
        ours = _names_with(*self._prefixes)
        with warehouse.connect() as connection:
            return sum(size for name, size in connection.exec_driver_sql(sizes) if ours.fullmatch(name))

    def _drop(self, session: psycopg.Connection, *prefixes: str) -> None:
        there = session.execute("select datname from pg_database").fetchall()
        ours = _names_with(*prefixes)
        for name in (name for (name,) in there if ours.fullmatch(name)):
            session.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def create_database(session: psycopg.Connection, name: str) -> None:
    """Create a database with a builtin locale, which sorts in the same order on every machine: a copy of the server's TEMPLATE
    where there is one."""
    template = TEMPLATE if _is_there(session, TEMPLATE) else "template0"
    session.execute(
        sql.SQL("create database {} template {} locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


@contextmanager
def _session(server: Engine) -> Iterator[psycopg.Connection]:
    """A session on the server, outside any transaction; one at a time creates or renames databases."""
    with server.connect() as connection:
        session = cast(psycopg.Connection, connection.connection.driver_connection)
        session.autocommit = True
        session.execute("select pg_advisory_lock(hashtext('client360 replacement'))")
        try:
            yield session
        finally:
            session.execute("select pg_advisory_unlock(hashtext('client360 replacement'))")
            session.autocommit = False


def _is_there(session: psycopg.Connection, database: str) -> bool:
    return session.execute("select 1 from pg_database where datname = %s", [database]).fetchone() is not None


def _refuse_cluster(warehouse: Engine) -> None:
    """Raises CannotReplace where the warehouse is on a cluster, whose databases cannot be renamed."""
    with warehouse.connect() as connection:
        if distribution.on_cluster(connection):
            raise CannotReplace(
                "the warehouse is on a cluster of Citus, where reemplazar can not build beside it: drop the schemas staging, "
                "dw, mart, control and crudo, or name another database, and migrate it"
            )


def _require_privileges(warehouse: Engine) -> None:
    """Raises CannotReplace where the role of the warehouse may not create, rename or end what it has to."""
    query = """
        select
            rolsuper
            or (
                rolcreatedb
                and has_database_privilege(%s::text, 'connect')
                and not exists (
                    select 1 from pg_roles as reader where reader.rolname = %s and not pg_has_role(reader.oid, 'usage')
                )
            )
        from pg_roles
        where rolname = current_user
    """
    with warehouse.connect() as connection:
        able = connection.exec_driver_sql(query, (MAINTENANCE, READER)).scalar()
    if not able:
        raise CannotReplace(
            "reemplazar builds in a database of its own, which this role may not create, rename, or end the sessions of: "
            f"run once, as a superuser of the server: {SET_UP}"
        )


def _names_with(*prefixes: str) -> re.Pattern[str]:
    """The names of databases beside a warehouse."""
    return re.compile(f"({'|'.join(map(re.escape, prefixes))})[0-9a-f]{{{DIGITS}}}")


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:DIGITS]


def _refuse_foreign_objects(warehouse: Engine) -> None:
    """Raises CannotReplace where the database has schemas with tables or views that are not client360's: they would be lost."""
    query = """
        select distinct nspname
        from pg_class
        inner join pg_namespace on pg_namespace.oid = pg_class.relnamespace
        where
            relkind in ('r', 'p', 'v', 'm', 'f')
            and nspname <> all(%s)
            and nspname <> 'information_schema'
            and nspname !~ '^pg_'
            and not exists (select 1 from pg_depend where objid = pg_class.oid and deptype = 'e')
        order by nspname
    """
    with warehouse.connect() as connection:
        found = connection.exec_driver_sql(query, ([*SCHEMAS, "crudo"],)).scalars().all()
    if found:
        raise CannotReplace(
            f"the database of the warehouse also has tables or views in {', '.join(found)}, which reemplazar would drop: "
            "move them to another database"
        )


def _copy_privileges(session: psycopg.Connection, source: str, target: str) -> None:
    """Grant on the target what is granted on the source, and nothing else."""
    query = """
        select
            case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
            privilege_type
        from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
        where datname = %s and grantee <> datdba
    """
    session.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(target)))
    for grantee, privilege in session.execute(query, [source]).fetchall():
        grant = sql.SQL("grant {} on database {} to {}")
        session.execute(grant.format(sql.SQL(privilege), sql.Identifier(target), sql.SQL(grantee)))
