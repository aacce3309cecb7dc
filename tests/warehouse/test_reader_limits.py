"""What the role for people may take of the server: each limit as a session of that role meets it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import Engine

from client360.warehouse import databases
from client360.warehouse.migrate import MIGRATIONS, READER
from tools.local.server import Server

LIMITS = (MIGRATIONS / "reader_limits.sql").read_bytes()
FUNCTIONS = (MIGRATIONS / "reader_functions.sql").read_bytes()
Connect = Callable[[], psycopg.Connection]


@pytest.fixture
def connect(server: Server, warehouse: Engine) -> Iterator[Connect]:
    """Opens a session of the reader in the warehouse."""
    with ExitStack() as sessions:

        def reader() -> psycopg.Connection:
            address = server.url("warehouse").replace("postgres@", f"{READER}@")
            return sessions.enter_context(psycopg.connect(address, autocommit=True))

        yield reader


@pytest.fixture
def admin(server: Server) -> Iterator[psycopg.Connection]:
    """A superuser; the limits are afterwards what they were."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as session:
        yield session
        session.execute(LIMITS)


def test_thirty_sessions_are_all_that_readers_have_and_others_still_get_in(
    connect: Connect, admin: psycopg.Connection, server: Server
) -> None:
    others = admin.execute("select count(*) from pg_stat_activity where usename = %s", [READER]).fetchone()
    assert others == (0,)
    for _ in range(30):
        connect()
    with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
        connect()
    psycopg.connect(server.url("airflow")).close()


def test_a_statement_that_takes_too_long_is_cancelled(connect: Connect, admin: psycopg.Connection) -> None:
    assert connect().execute("show statement_timeout").fetchone() == ("10min",)
    admin.execute(f"alter role {READER} set statement_timeout = '50ms'".encode())
    with pytest.raises(errors.QueryCanceled, match="statement timeout"):
        connect().execute("select pg_sleep(600)")


def test_a_lock_that_does_not_come_is_given_up(connect: Connect, admin: psycopg.Connection, warehouse: Engine) -> None:
    assert connect().execute("show lock_timeout").fetchone() == ("10s",)
    admin.execute(f"alter role {READER} set lock_timeout = '50ms'".encode())
    with warehouse.begin() as migration:
        migration.exec_driver_sql("lock table dw.dim_cliente")
        with pytest.raises(errors.LockNotAvailable):
            connect().execute("select from dw.dim_cliente")


def test_a_transaction_that_is_left_open_ends(connect: Connect, admin: psycopg.Connection) -> None:
    assert connect().execute("show idle_in_transaction_session_timeout").fetchone() == ("10min",)
    admin.execute(f"alter role {READER} set idle_in_transaction_session_timeout = '50ms'".encode())
    session = connect()
    session.execute("begin")
    ended = session.notifies(timeout=60)
    with pytest.raises(psycopg.OperationalError):
        next(ended)


def test_temporary_files_end_at_their_limit_which_a_reader_can_not_lift(
    connect: Connect, admin: psycopg.Connection
) -> None:
    assert connect().execute("show temp_file_limit").fetchone() == ("2GB",)
    admin.execute(f"alter role {READER} set temp_file_limit = '1MB'".encode())
    session = connect()
    with pytest.raises(errors.InsufficientPrivilege):
        session.execute("set temp_file_limit = -1")
    session.execute("set work_mem = '64kB'")
    with pytest.raises(errors.ConfigurationLimitExceeded, match="temporary file size exceeds"):
        session.execute("select sha256(n::text::bytea) from generate_series(1, 200000) as n order by 1")


@pytest.mark.parametrize(
    "call",
    [
        "pg_advisory_lock(hashtext('client360 world'))",
        "pg_advisory_lock_shared(1)",
        "pg_advisory_xact_lock(1, 2)",
        "pg_advisory_xact_lock_shared(1)",
        "pg_try_advisory_lock(hashtext('client360 migration'))",
        "pg_try_advisory_xact_lock_shared(1, 2)",
        "lo_create(0)",
        "lo_from_bytea(0, 'x')",
        "lo_open(1, 131072)",
        "lowrite(0, 'x')",
    ],
)
def test_locks_and_large_objects_are_out_of_reach(connect: Connect, call: str) -> None:
    session = connect()
    session.execute("set default_transaction_read_only = off")
    with pytest.raises(errors.InsufficientPrivilege, match="permission denied for function"):
        session.execute(f"select {call}".encode())


def test_what_a_reader_changes_of_its_own_role_is_over_when_the_server_starts(
    connect: Connect, admin: psycopg.Connection
) -> None:
    session = connect()
    session.execute("set default_transaction_read_only = off")
    session.execute(f"alter role {READER} set statement_timeout = 0".encode())
    session.execute(f"alter role {READER} set search_path = mart".encode())
    admin.execute(LIMITS)
    session = connect()
    assert session.execute("show statement_timeout").fetchone() == ("10min",)
    assert session.execute("show default_transaction_read_only").fetchone() == ("on",)
    assert session.execute("show search_path").fetchone() == ('"$user", public',)
    for statement in ("connection limit 1000", "createdb", "superuser", "set temp_file_limit = -1"):
        session.execute("set default_transaction_read_only = off")
        with pytest.raises(errors.InsufficientPrivilege):
            session.execute(f"alter role {READER} {statement}".encode())


def test_a_database_that_a_run_creates_reserves_the_functions_for_its_owner(
    server: Server, admin: psycopg.Connection
) -> None:
    """Whose owner is no superuser, as in Docker."""
    admin.execute(
        f"create database {databases.TEMPLATE} template template0 locale_provider builtin builtin_locale 'C.UTF-8' "
        "locale 'C' is_template true".encode()
    )
    admin.execute("create role builder login createdb")
    try:
        with psycopg.connect(server.url(databases.TEMPLATE)) as template:
            template.execute(FUNCTIONS)
        as_builder = server.url("{}").replace("postgres@", "builder@")
        with psycopg.connect(as_builder.format("postgres"), autocommit=True) as builder:
            databases.create_database(builder, "of_a_run")
        with psycopg.connect(as_builder.format("of_a_run")) as builder:
            builder.execute("select pg_advisory_xact_lock(1)")
        address = server.url("of_a_run").replace("postgres@", f"{READER}@")
        with psycopg.connect(address) as reader, pytest.raises(errors.InsufficientPrivilege):
            reader.execute("select pg_advisory_xact_lock(1)")
    finally:
        admin.execute(f"alter database {databases.TEMPLATE} is_template false".encode())
        for name in ("of_a_run", databases.TEMPLATE):
            admin.execute(f"drop database if exists {name}".encode())
        admin.execute("drop role builder")
