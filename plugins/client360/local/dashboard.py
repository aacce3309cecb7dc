"""The dashboard in a browser, on the embedded PostgreSQL and as the role that only reads."""

import os
import signal
import subprocess
import sys

from sqlalchemy import create_engine

from client360 import folders
from client360.local.server import embedded
from client360.local.stack import PGDATA
from client360.local.ui import check_port
from client360.migrate import READER, migrate

APP = folders.ROOT / "dashboard" / "app.py"


def serve(port: int) -> int:
    """Serve the dashboard on 127.0.0.1:`port` until interrupted; returns its exit code.

    Raises ValueError where the port is not to be had, ServerProblem, OtherVersion and MigrationFailed.
    """
    check_port(port, "dashboard")
    with embedded(PGDATA) as server:
        warehouse = create_engine(server.url("client360", "postgresql+psycopg"))
        migrate(warehouse)
        warehouse.dispose()
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, signal.default_int_handler)
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", APP, "--server.address=127.0.0.1", f"--server.port={port}"],
            env=os.environ
            | {
                "PGHOST": str(server.socket),
                "PGDATABASE": "client360",
                "PGUSER": READER,
                "PYTHONPATH": str(folders.ROOT),
            },
            start_new_session=True,
        )
        try:
            print(f"The dashboard is at http://127.0.0.1:{port}. Ctrl-C ends it.", flush=True)
            return process.wait()
        except KeyboardInterrupt:
            print("The dashboard stops", flush=True)
            return 0
        finally:
            process.terminate()
            process.wait(30)
