"""The tasks of `make run` in processes of their own."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

import psutil
import psycopg
import pytest
from checkout import Checkout

from tools.local.server import embedded

WORLD = ("FECHA=2026-10-15", "CLIENTES=400", "INICIO=2026-01-01", "SEMILLA=9")
OVERLAPS = """
    select count(*)
    from task_instance as one
    inner join task_instance as other
        on one.task_id < other.task_id and one.start_date < other.end_date and other.start_date < one.end_date
    where one.task_id like 'transform.%' and other.task_id like 'transform.%'
"""


@pytest.fixture
def checkout(open_folders: Callable[[], Path]) -> Iterator[Checkout]:
    made = Checkout(open_folders())
    yield made
    made.stop()


def tasks_of(process: Popen) -> list[psutil.Process]:
    """The processes of tasks of a running `make run`: forks of its Python."""
    tasks = []
    for child in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has just ended
            if child.cmdline() == child.parent().cmdline() and "tools.local" in child.cmdline():
                tasks.append(child)
    return tasks


def wait_for_task(process: Popen, after: str) -> psutil.Process:
    for line in process.stdout:
        if line.startswith("done ") and f" {after} " in line:
            break
    while True:
        if tasks := tasks_of(process):
            return tasks[0]
        assert process.poll() is None
        time.sleep(0.01)


def test_a_task_whose_process_is_killed_is_tried_again_while_others_go_on(checkout: Checkout) -> None:
    process = checkout.start("run", *WORLD)
    wait_for_task(process, "days").kill()
    output, _ = process.communicate()
    assert process.returncode == 0, output
    assert "its process ended early: SIGKILL" in output
    killed = [line.split()[2] for line in output.splitlines() if line.startswith("fail ")]
    assert [line.split()[2] for line in output.splitlines() if line.startswith("done ")].count(killed[0]) == 1
    with embedded(checkout.local / "postgres") as server, psycopg.connect(server.url("airflow")) as connection:
        assert connection.execute(OVERLAPS).fetchone() > (0,), "no two tasks ran at once"


def test_ctrl_c_ends_the_tasks_too(checkout: Checkout) -> None:
    process = checkout.start("run", *WORLD)
    task = wait_for_task(process, "days")
    os.kill(task.ppid(), signal.SIGINT)  # not to the tasks, as a terminal would too
    output, _ = process.communicate()
    assert process.returncode != 0
    assert "client360: interrupted" in output
    assert "Traceback" not in output
    assert not task.is_running()
    with embedded(checkout.local / "postgres") as server, psycopg.connect(server.url("client360")) as connection:
        assert connection.execute("select count(*) from dw.hecho_ventas").fetchone() == (0,)
