"""Airflow as `make ui` serves it, on a port of its own."""

import os
import re
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from checkout import Checkout


@dataclass(frozen=True)
class Served:
    address: str
    password: str
    """The password of the user admin."""
    environment: dict[str, str]
    """The environment of Airflow's processes."""


@contextmanager
def serve(checkout: Checkout, *settings: str) -> Iterator[Served]:
    process = checkout.start("ui", f"PORT={free_port()}", *settings)
    try:
        for line in process.stdout:
            if found := re.match(r"Airflow is at (\S+): user admin, password (\S+)\. Ctrl-C ends it", line):
                break
        else:
            raise AssertionError("make ui ended at once")
        threading.Thread(target=process.stdout.read, daemon=True).start()
        standalone = next(
            child for child in psutil.Process(process.pid).children(recursive=True) if "standalone" in child.cmdline()
        )
        yield Served(found[1], found[2], standalone.environ())
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(90)
        process.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
