"""Make, start and stop a PostgreSQL, as the user who may, whatever the environment says of languages and other servers."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from tools.local import places
from tools.local.places import ServerError

START_SECONDS = 300
"""How long a server may take to recover what a killed one left."""
USERS = ".handle_pids.json"
"""The processes that use a server, in its folder of data."""


def forget_other_servers() -> None:
    """Remove libpq's variables, such as PGSERVICE or PGDATESTYLE, from the environment: they are of another server."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def make(pgdata: Path, programs: Path) -> None:
    """Make the folder of data, whole or not at all. Its language is C, which every machine has. Raises ServerError."""
    part = pgdata.with_name(f"{pgdata.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    user = places.owner()
    if user is not None:
        os.chown(part, user.pw_uid, user.pw_gid)
    if pgdata.exists():
        pgdata.rmdir()
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync", f"--pgdata={part}"]
    if places.plain(programs):
        _initdb(programs, options)
    else:  # initdb starts others by a shell, in which their path has to be plain
        with tempfile.TemporaryDirectory(prefix="client360-", dir=places.SHORT) as folder:
            Path(folder).chmod(0o711)
            copy = Path(folder) / "programs"
            places.copy_programs(copy)
            _initdb(copy / places.WHEEL / places.VERSION / "bin", options)
    part.rename(pgdata)


def _initdb(programs: Path, options: Sequence[str]) -> None:
    made = subprocess.run(
        [programs / "initdb", *options], capture_output=True, text=True, errors="replace", check=False, **_as_owner()
    )
    if made.returncode != 0:
        reasons = [line for line in made.stderr.splitlines() if "error:" in line or "FATAL:" in line]
        raise ServerError(f"the embedded PostgreSQL can not make its database: {(reasons or [made.stderr.strip()])[0]}")


def start(pgdata: Path, programs: Path) -> Path:
    """Start the server unless it runs; returns the folder of its socket. Raises ServerError."""
    if running(pgdata) is None:
        log = pgdata / "log"
        with log.open("ab") as output:
            begins = output.tell()
            options = ["-D", str(pgdata), "-k", str(places.socket(pgdata)), "-h", ""]
            # its own session, so that Ctrl-C does not reach it; the shell, which sees paths as parameters only, lets go of it
            server = ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", str(programs / "postgres"), *options]
            begun = subprocess.run(
                server,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=output,
                start_new_session=True,
                **_as_owner(),
            )
        _wait_until_ready(pgdata, int(begun.stdout), log, begins)
    return Path(_pid_file(pgdata).read_text(encoding="utf-8").splitlines()[4])


def _wait_until_ready(pgdata: Path, pid: int, log: Path, begins: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        lines = _pid_file(pgdata).read_text(encoding="utf-8").splitlines() if _pid_file(pgdata).exists() else []
        if len(lines) > 7 and lines[7].strip() == "ready":
            return
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.02)
    said = log.read_bytes()[begins:].decode(errors="replace").splitlines()
    reason = next((line for line in said if "FATAL:" in line), f"it does not answer after {START_SECONDS} s")
    raise ServerError(f"the embedded PostgreSQL does not start: {reason}; see {log}")


def running(pgdata: Path) -> psutil.Process | None:
    """The server that runs on the folder of data, if any. Raises ServerError where the folder is a copy."""
    if not _pid_file(pgdata).exists():
        return None
    pid, home, *_ = _pid_file(pgdata).read_text(encoding="utf-8").splitlines()
    if Path(home) != pgdata:
        raise ServerError(
            f"{pgdata} was copied from {home} while that database was in use: remove {pgdata}, the run makes a new one"
        )
    try:
        process = psutil.Process(int(pid))
        if "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE:
            return process
    except psutil.NoSuchProcess:
        pass
    _pid_file(pgdata).unlink()  # of a server that was killed
    return None


def stop(pgdata: Path) -> None:
    """Stop the server, if it runs; open transactions are rolled back."""
    process = running(pgdata)
    if process is None:
        return
    process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + START_SECONDS
    while _pid_file(pgdata).exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def join(pgdata: Path) -> None:
    """Record this process as a user of the server, and forget those that were killed."""
    _record(pgdata, [*_users(pgdata), os.getpid()])


def leave(pgdata: Path) -> bool:
    """Forget this process as a user of the server; returns whether it was the last."""
    others = [pid for pid in _users(pgdata) if pid != os.getpid()]
    _record(pgdata, others)
    return not others


def _users(pgdata: Path) -> list[int]:
    path = pgdata / USERS
    recorded = json.loads(path.read_text(encoding="utf-8") or "[]") if path.exists() else []
    return [pid for pid in recorded if psutil.pid_exists(pid)]


def _record(pgdata: Path, pids: list[int]) -> None:
    (pgdata / USERS).write_text(json.dumps(pids), encoding="utf-8")


def _pid_file(pgdata: Path) -> Path:
    return pgdata / "postmaster.pid"


def _as_owner() -> dict[str, Any]:
    """How subprocess starts a program of PostgreSQL: as its owner, in a folder that is there, in the language C."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    user: pwd.struct_passwd | None = places.owner()
    owner = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return {"env": kept | {"LC_ALL": "C"}, "cwd": "/", "umask": 0o077} | owner
