"""Back up the embedded databases into a folder, and restore them from one: the scripts of tools/backup on the embedded server."""

import os
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from client360 import folders
from tools.local.server import Server, embedded
from tools.local.stack import PGDATA, exclusive

SCRIPTS = folders.ROOT / "tools" / "backup"
JOBS = max(2, min(8, os.cpu_count() or 1))


def backup(name: str) -> int:
    """Dump both databases into a new folder, and print its name; returns the exit code. Raises ValueError, InUse and
    ServerError."""
    folder = Path(name or f"backups/{datetime.now(timezone.utc):%Y%m%dT%H%M%SZ}").absolute()
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"backup is {name!r}: that folder can not be made ({error.strerror})") from None
    with exclusive("make backup"), embedded(PGDATA) as server:
        code = _run(server, "dump.sh", str(folder), str(JOBS))
    if code == 0:
        print(folder)
    return code


def restore(name: str, *, overwrite: bool) -> int:
    """Put the databases of a backup in the place of those there are; returns the exit code. Raises InUse and ServerError."""
    with exclusive("make restore"), embedded(PGDATA) as server:
        return _run(server, "restore.sh", str(Path(name).absolute()), str(JOBS), "1" if overwrite else "0")


def _run(server: Server, script: str, *arguments: str) -> int:
    environment = os.environ | {
        "PATH": f"{server.programs}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": str(server.socket),
        "PGUSER": "postgres",
    }
    return subprocess.run(["/bin/sh", SCRIPTS / script, *arguments], env=environment, check=False).returncode
