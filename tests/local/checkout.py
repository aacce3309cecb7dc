"""The make targets of this checkout, on a stack of their own."""

import os
import signal
import subprocess
from hashlib import sha256
from pathlib import Path

import psutil

from client360 import folders


class Checkout:
    """A `.local` and a `data` of its own."""

    def __init__(self, folder: Path) -> None:
        self.local, self.data = folder / "local", folder / "data"
        # not those of the make that runs the tests
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "MAKE", "MFLAGS"))}
        self.environment = kept | {
            "CLIENT360_LOCAL": str(self.local),
            "CLIENT360_DATA": str(self.data),
            "COLUMNS": "100",
        }

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            ["make", "--no-print-directory", *arguments],
            cwd=folders.ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def make(self, *arguments: str) -> tuple[int, str]:
        process = self.start(*arguments)
        output, _ = process.communicate()
        return process.returncode, output

    def sql(self, query: str) -> str:
        code, output = self.make("psql", f"SQL={query}")
        assert code == 0, output
        return output

    def published(self) -> dict[str, str]:
        """SHA-256 of every published file."""
        processed = self.data / "processed"
        files = sorted(path for path in processed.rglob("*") if path.is_file())
        return {str(path.relative_to(processed)): sha256(path.read_bytes()).hexdigest() for path in files}

    def postmaster(self) -> psutil.Process | None:
        pid_file = self.local / "postgres" / "postmaster.pid"
        return psutil.Process(int(pid_file.read_text().split()[0])) if pid_file.exists() else None

    def stop(self) -> None:
        server = self.postmaster()
        if server is not None and server.is_running():
            server.send_signal(signal.SIGINT)
            server.wait(30)
