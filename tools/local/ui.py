"""Airflow in a browser on the embedded PostgreSQL: `airflow standalone`, and what it leaves to the person."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tools.local.stack import HOME, alone, stack

USER = "admin"
START_SECONDS = 300


def serve(port: int) -> int:
    """Serve Airflow's user interface on 127.0.0.1:`port` until interrupted; returns its exit code.

    Raises ValueError where the port is not to be had, ServerProblem and InUse.
    """
    check_port(port, "ui")
    passwords = HOME / "airflow" / "passwords.json"
    log = HOME / "logs" / "ui.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with alone("make ui"), stack(), log.open("a") as output:
        password = _password(passwords)
        address = f"http://127.0.0.1:{port}"
        os.environ.update(
            {
                # standalone starts its parts by the name "airflow"
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "AIRFLOW__API__HOST": "127.0.0.1",
                "AIRFLOW__API__PORT": str(port),
                "AIRFLOW__API__BASE_URL": address,
                "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
                "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
                "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
                # each checkout serves its task logs on ports of its own
                "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(_any_free_port()),
                "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(_any_free_port()),
            }
        )
        # also where this process was started with SIGINT ignored, which Airflow would inherit
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, signal.default_int_handler)
        airflow = subprocess.Popen(
            [str(Path(sys.executable).with_name("airflow")), "standalone"],
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            print(f"Airflow starts; its log is {log}", flush=True)
            _wait_until_healthy(airflow, address)
            print(f"Airflow is at {address}: user {USER}, password {password}. Ctrl-C ends it.", flush=True)
            return airflow.wait()
        except KeyboardInterrupt:
            print("Airflow stops", flush=True)
            return 0
        finally:
            airflow.send_signal(signal.SIGINT)  # it ends its own children on this signal only
            airflow.wait(60)


def check_port(port: int, target: str) -> None:
    """Raise ValueError where `make target` can not serve on the port."""
    if not 1 <= port <= 65535:
        raise ValueError(f"port is {port}: give a number from 1 to 65535")
    if not _free(port):
        raise ValueError(
            f"port {port} is in use, by another checkout perhaps: choose another one, make {target} PORT={port + 1}"
        )


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _password(path: Path) -> str:
    """The password of this checkout, drawn when first asked for and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps({USER: secrets.token_urlsafe(12)}))
    return str(json.loads(path.read_text())[USER])


def _wait_until_healthy(airflow: subprocess.Popen, address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if airflow.poll() is not None:
            raise ValueError("Airflow ended at once; its log says why")
        try:
            with urllib.request.urlopen(f"{address}/api/v2/monitor/health", timeout=5) as answer:  # noqa: S310 (our own)
                health = json.load(answer)
            if all(health[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "dag_processor")):
                return
        except OSError:
            pass
        time.sleep(1)
    raise ValueError(f"Airflow is not healthy after {START_SECONDS} s; its log says why")
