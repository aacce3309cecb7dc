"""The dashboard in a browser, on the embedded PostgreSQL and as the role that only reads."""

from client360 import folders
from tools.local import reader
from tools.local.ui import check_port

APP = folders.ROOT / "dashboard" / "app.py"


def serve(port: int) -> int:
    """Serve the dashboard on 127.0.0.1:`port` until interrupted; returns its exit code.

    Raises ValueError where the port is not to be had, ServerProblem, OtherVersion and MigrationFailed.
    """
    check_port(port, "dashboard")
    return reader.serve(
        "The dashboard",
        f"http://127.0.0.1:{port}",
        ["streamlit", "run", APP, "--server.address=127.0.0.1", f"--server.port={port}"],
        {"PYTHONPATH": str(folders.ROOT)},
    )
