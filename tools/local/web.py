"""Serve a web page on this machine: the port, and programs that read the embedded warehouse."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine

from client360.warehouse.migrate import READER, migrate
from tools.local.server import embedded
from tools.local.stack import PGDATA


def serve_readonly(name: str, address: str, module: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Run a Python module with its arguments, which serves `name` at the address, until interrupted; return its exit code.

    It connects to the embedded warehouse by libpq's variables, as the role that only reads. Raises ServerError, OtherVersion and
    MigrationFailed.
    """
    with reader() as connection:
        accept_interrupts()
        process = subprocess.Popen(
            [sys.executable, "-m", *module], env=os.environ | connection | dict(environment), start_new_session=True
        )
        try:
            print(f"{name} is at {address}. Ctrl-C ends it.", flush=True)
            return process.wait()
        except KeyboardInterrupt:
            print(f"{name} stops", flush=True)
            return 0
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def reader() -> Iterator[dict[str, str]]:
    """libpq's variables for the embedded warehouse, which is migrated, and the role that only reads. Raises ServerError,
    OtherVersion and MigrationFailed."""
    with embedded(PGDATA) as server:
        warehouse = create_engine(server.url("client360", "postgresql+psycopg"))
        migrate(warehouse)
        warehouse.dispose()
        yield {"PGHOST": str(server.socket), "PGDATABASE": "client360", "PGUSER": READER}


def accept_interrupts() -> None:
    """Raise KeyboardInterrupt on Ctrl-C and on SIGTERM, also where this process was started with SIGINT ignored.

    Call it before a child is started, which would inherit that.
    """
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)


def check_port(port: int, target: str) -> None:
    """Raise ValueError where `make target` can not serve on the port."""
    if not 1 <= port <= 65535:
        raise ValueError(f"port is {port}: give a number from 1 to 65535")
    if not _is_free(port):
        raise ValueError(
            f"port {port} is in use, by another checkout perhaps: choose another one, make {target} PORT={port + 1}"
        )


def any_free_port() -> int:
    """A port of 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def check_language() -> None:
    """Raise ValueError where CLIENT360_LANGUAGE names none, before a server does in its log."""
    from reading import language  # noqa: F401 (which judges it as it is imported)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
