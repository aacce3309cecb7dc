"""A small world in a warehouse of its own, the dashboard on it as `make dashboard` serves it, and a person's browser."""

import os
import re
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import psycopg
import pytest
from airflow_ui import free_port
from browser import chromium
from checkout import Checkout
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tools.local.server import embedded

EARLIER, LATER = date(2026, 10, 31), date(2026, 11, 20)
WORLD = ("CLIENTES=200", "INICIO=2025-09-15")
PATIENCE = 30_000


@dataclass(frozen=True)
class Served:
    """A dashboard and the warehouse it reads, which the tests read and spoil as its owner."""

    address: str
    token: str
    checkout: Checkout
    owner: psycopg.Connection

    def rows(self, query: str, **parameters: object) -> list[tuple]:
        return self.owner.execute(query, parameters).fetchall()

    def row(self, query: str, **parameters: object) -> tuple:
        (found,) = self.rows(query, **parameters)
        return found


@contextmanager
def serve(checkout: Checkout, *settings: str, port: int = 0, path: str = "") -> Iterator[Served]:
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    process = checkout.start("dashboard", f"PORT={port}", *settings)
    said: list[str] = []
    reading = threading.Thread(target=lambda: said.extend(process.stdout))
    reading.start()
    try:
        wait_for(f"{address}{path}/_stcore/health")
        with (
            embedded(checkout.local / "postgres") as server,
            psycopg.connect(server.url("client360"), autocommit=True) as owner,
        ):
            wait_until(lambda: any(line.startswith("The dashboard is at") for line in said))
            (token,) = re.findall(rf"The dashboard is at {address}/\?token=(\S+)\. Ctrl-C ends it\.\n", "".join(said))
            yield Served(address, token, checkout, owner)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
        reading.join(60)
        process.stdout.close()
        assert "The dashboard stops\n" in said


def wait_for(address: str) -> None:
    def answers() -> bool:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (our own)
        except OSError:
            return False
        return True

    wait_until(answers)


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)


@pytest.fixture(scope="session")
def world(open_folders: Callable[[], object]) -> Checkout:
    """Two days of a small world."""
    checkout = Checkout(open_folders())
    for fecha in (EARLIER, LATER):
        code, output = checkout.make("run", f"FECHA={fecha}", *WORLD)
        assert code == 0, output
    return checkout


@pytest.fixture(scope="session")
def dashboard(world: Checkout) -> Iterator[Served]:
    with serve(world) as served:
        yield served
    world.stop()


@pytest.fixture(scope="session")
def empty(open_folders: Callable[[], object]) -> Iterator[Served]:
    """A dashboard of a warehouse in which nothing was run yet."""
    checkout = Checkout(open_folders())
    with serve(checkout) as served:
        yield served
    checkout.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of a reader whose browser speaks English. Nothing may go wrong in it, and it may talk to nobody else."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en-US")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    with nothing_wrong(opened):
        yield opened
    context.close()


@contextmanager
def nothing_wrong(opened: Page) -> Iterator[None]:
    """No error on the console, and no request to anybody else."""
    wrong: list[str] = []
    opened.on("console", lambda message: wrong.append(message.text) if _is_error(message) else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda request: wrong.append(request.url) if _elsewhere(request.url) else None)
    yield
    assert wrong == []


def _is_error(message: ConsoleMessage) -> bool:
    # somebody's container that starts or stops on this machine changes the network, and Airflow's page asks again
    return message.type == "error" and "net::ERR_NETWORK_CHANGED" not in message.text


def _elsewhere(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
