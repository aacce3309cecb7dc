"""What people open in a browser to read the embedded warehouse, as the role that only reads."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import create_engine

from client360.warehouse.migrate import READER, migrate
from tools.local.server import embedded
from tools.local.stack import PGDATA


def serve(name: str, address: str, module: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Run a Python module with its arguments, which serves `name` at the address, until interrupted; returns its exit code.

    libpq's variables lead it to the warehouse. Raises ServerProblem, OtherVersion and MigrationFailed.
    """
    with embedded(PGDATA) as server:
        warehouse = create_engine(server.url("client360", "postgresql+psycopg"))
        migrate(warehouse)
        warehouse.dispose()
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, signal.default_int_handler)
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            env=os.environ
            | {"PGHOST": str(server.socket), "PGDATABASE": "client360", "PGUSER": READER}
            | dict(environment),
            start_new_session=True,
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
