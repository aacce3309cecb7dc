"""The dashboard in a browser, on the embedded warehouse."""

from client360 import folders
from tools.local.web import check_port, serve_readonly

APP = folders.ROOT / "dashboard" / "app.py"


def serve(port: int) -> int:
    """Serve the dashboard on 127.0.0.1:`port` until interrupted; return its exit code.

    Raises ValueError where the port can not be used, ServerError, OtherVersion and MigrationFailed.
    """
    check_port(port, "dashboard")
    return serve_readonly(
        "The dashboard",
        f"http://127.0.0.1:{port}",
        ["streamlit", "run", APP, "--server.address=127.0.0.1", f"--server.port={port}"],
        {"PYTHONPATH": str(folders.ROOT)},
    )
