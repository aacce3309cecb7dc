"""The dashboard in a browser, on the embedded warehouse."""

import os
import secrets

from client360 import folders
from tools.local.web import check_language, check_port, serve_readonly

TOKEN = "CLIENT360_DASHBOARD_TOKEN"  # noqa: S105 (its variable)
APP = folders.ROOT / "dashboard" / "app.py"


def serve(port: int) -> int:
    """Serve the dashboard on 127.0.0.1:`port` until interrupted; return its exit code.

    Raises ValueError where the port or the language can not be used, ServerError, OtherVersion and MigrationFailed.
    """
    check_port(port, "dashboard")
    check_language()
    token = os.environ.get(TOKEN) or secrets.token_urlsafe(24)
    return serve_readonly(
        "The dashboard",
        f"http://127.0.0.1:{port}/?token={token}",
        ["streamlit", "run", APP, "--server.address=127.0.0.1", f"--server.port={port}"],
        {"PYTHONPATH": str(folders.ROOT), TOKEN: token},
    )
