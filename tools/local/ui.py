"""Airflow in a browser, on the embedded PostgreSQL: `airflow standalone`, with a password and ports of this checkout."""

import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from client360 import permissions
from tools.local.stack import HOME, exclusive, stack
from tools.local.web import accept_interrupts, any_free_port, check_language, check_port

USER = "admin"
PASSWORDS = HOME / "airflow" / "passwords.json"
LOG = HOME / "logs" / "ui.log"
COMMANDS = HOME / "bin"
START_SECONDS = 300


def serve(port: int) -> int:
    """Serve Airflow's user interface on 127.0.0.1:`port` until interrupted; return its exit code.

    Raises ValueError where the port or the language can not be used or Airflow does not start, ServerError and InUse.
    """
    check_port(port, "ui")
    check_language()
    address = f"http://127.0.0.1:{port}"
    with exclusive("make ui"), stack():
        password = _password()
        os.environ.update(_environment(port, address))
        accept_interrupts()
        with _airflow_standalone() as airflow:
            try:
                print(f"Airflow starts; its log is {LOG}", flush=True)
                _wait_until_healthy(airflow, address)
                print(f"Airflow is at {address}: user {USER}, password {password}. Ctrl-C ends it.", flush=True)
                return airflow.wait()
            except KeyboardInterrupt:
                print("Airflow stops", flush=True)
                return 0


def _environment(port: int, address: str) -> dict[str, str]:
    return {
        # standalone starts its parts by the name "airflow"
        "PATH": f"{COMMANDS}{os.pathsep}{os.environ['PATH']}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(PASSWORDS),
        # the standard ports may be taken by another checkout
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(any_free_port()),
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(any_free_port()),
    }


@contextmanager
def _airflow_standalone() -> Iterator[subprocess.Popen]:
    permissions.restrict_folder(LOG.parent)
    COMMANDS.mkdir(exist_ok=True)
    # the script that was installed names the Python of the folder in which it was
    command = COMMANDS / "airflow"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m airflow "$@"\n')
    command.chmod(0o755)
    with LOG.open("a") as log:
        airflow = subprocess.Popen(
            [sys.executable, "-m", "airflow", "standalone"],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield airflow
        finally:
            airflow.send_signal(signal.SIGINT)  # the only signal on which it ends its children
            airflow.wait(60)


def _password() -> str:
    """The password of this checkout, drawn at the first use and readable by its owner only."""
    if not PASSWORDS.exists():
        PASSWORDS.touch(mode=0o600)
        PASSWORDS.write_text(json.dumps({USER: secrets.token_urlsafe(12)}))
    return str(json.loads(PASSWORDS.read_text())[USER])


def _wait_until_healthy(airflow: subprocess.Popen, address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if airflow.poll() is not None:
            raise ValueError(f"Airflow ended at once; {LOG} has the reason")
        try:
            with urllib.request.urlopen(f"{address}/api/v2/monitor/health", timeout=5) as answer:  # noqa: S310 (our own)
                health = json.load(answer)
            if all(health[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "dag_processor")):
                return
        except OSError:
            pass
        time.sleep(1)
    raise ValueError(f"Airflow is not healthy after {START_SECONDS} s; {LOG} has the reason")
