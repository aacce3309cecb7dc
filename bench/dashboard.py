"""The pages of the dashboard in a browser, on a warehouse of 100,000 customers and a month of days."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import psycopg
from browser import chromium
from playwright.sync_api import Page

from bench.report import Line, seconds
from bench.whole import Stack
from client360 import folders
from client360.warehouse.models import EXPORTED, Verificaciones
from tools.local.server import embedded

CUSTOMERS, INICIO, LAST = 100_000, date(2025, 1, 1), date(2025, 2, 28)
DAYS = [LAST - timedelta(days=back) for back in range(28)]
"""The days of a month of daily runs, which share a partition."""
ROUNDS = 3
TOKEN = "of the bench"  # noqa: S105
SETTLED = """() => document.querySelector('[data-testid=stMetric]') && document.querySelector('.marks')
    && !document.querySelector('[data-testid=stStatusWidget], [data-testid=stSkeleton]')"""


def measure(folder: Path) -> list[Line]:
    folder.chmod(0o755)  # root's PostgreSQL runs as another user
    stack = Stack(folder)
    stack.run(FECHA=LAST, CLIENTES=CUSTOMERS, INICIO=INICIO)
    with embedded(folder / "local" / "postgres") as server, psycopg.connect(server.url("client360")) as owner:
        _repeat(owner)
        ((cliente_id,),) = owner.execute("select min(cliente_id) from mart.cliente_360").fetchall()
        owner.commit()
        with _served(stack) as address, chromium() as browser:
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            _open(
                page, f"{address}/banca?{urlencode({'token': TOKEN})}"
            )  # what the server and the browser do only once
            lines = []
            for name, options in (
                ("", {"cliente": cliente_id}),
                ("banca", {}),
                ("comercio", {}),
                ("calidad", {}),
            ):
                unseen, seen = [], []
                for day in DAYS[1 : ROUNDS + 1]:
                    query = urlencode(options | {"fecha": f"{day:%d/%m/%Y}"})
                    for times in (unseen, seen):
                        times.append(seconds(lambda query=query, name=name: _open(page, f"{address}/{name}?{query}")))
                lines.append(
                    Line(
                        f"page {name or 'clientes'}, {CUSTOMERS:,} customers x {len(DAYS)} days, of a day not seen before",
                        f"{median(unseen):.2f} s",
                        "of a day seen before",
                        f"{median(seen):.2f} s",
                        f"{median(unseen) / median(seen):.1f}",
                        "< 2 s",
                    )
                )
    return lines


def _repeat(owner: psycopg.Connection) -> None:
    """Give the rows of the last day to all days of the month, as if each had been run."""
    for model in (*EXPORTED.values(), Verificaciones):
        table = model.table()
        names = ", ".join(column.name for column in table.columns if column.name != "fecha_corte")
        owner.execute(
            f"insert into {table.fullname} (fecha_corte, {names}) select day, {names} from {table.fullname}, "
            "unnest(%(days)s::date[]) as day where fecha_corte = %(last)s",
            {"days": DAYS[1:], "last": LAST},
        )
    owner.commit()
    owner.autocommit = True
    owner.execute("vacuum analyze")
    owner.autocommit = False


@contextmanager
def _served(stack: Stack) -> Iterator[str]:
    """The address of a dashboard that `make dashboard` serves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = ["make", "--no-print-directory", "dashboard", f"PORT={port}"]
    environment = stack.environment | {"CLIENT360_DASHBOARD_TOKEN": TOKEN}
    process = subprocess.Popen(
        command, cwd=folders.ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health").close()  # noqa: S310 (our own)
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def _open(page: Page, address: str) -> None:
    """Load a page and wait until its figures and charts are drawn and the server is done."""
    page.goto(address)
    page.wait_for_function(SETTLED, timeout=60_000)
