"""The stack in Docker: seconds until it is healthy, seconds of a run, and memory."""

import subprocess
import time
from pathlib import Path

from stack import Stack, wait

from bench.report import Line, seconds

IDLE_SECONDS = 60
UNITS = {"B": 2**-30, "KiB": 2**-20, "MiB": 2**-10, "GiB": 1.0}


def measure(folder: Path) -> list[Line]:
    """Measure a stack made from a copy of this checkout in `folder`."""
    stack = Stack(folder)
    try:
        return _measure(stack)
    finally:
        stack.remove()


def _measure(stack: Stack) -> list[Line]:
    stack.make("up")
    stack.make("down", "VOLUMES=1", answer="yes\n")
    fresh = seconds(lambda: stack.make("up"))
    stack.make("down")
    again = seconds(lambda: stack.make("up"))
    time.sleep(IDLE_SECONDS)
    idle = memory(stack)
    wait("the DAGs", lambda: stack.api().call("GET", "/api/v2/dags")["total_entries"] == 2)
    stack.make("airflow", "ARGS=dags unpause client360 --yes")
    wait("a scheduled run", lambda: len(stack.api().runs()) == 1)
    (history,) = stack.api().runs()
    peak = watched(stack, history)
    day = stack.trigger()
    stack.wait_for_success(day)
    return [
        Line("make up on built images, empty volumes, to healthy", f"{fresh:.0f} s"),
        Line("make up on built images, with its data, to healthy", f"{again:.0f} s"),
        Line("memory of all containers, idle for a minute", f"{idle:.2f} GiB", goal="< 1.5 GiB"),
        Line("first run of 1,000 customers, all days since 2025-01-01", f"{duration(stack, history):.0f} s"),
        Line("memory of all containers meanwhile, at most", f"{peak:.2f} GiB"),
        Line("a day of 1,000 customers on that history", f"{duration(stack, day):.0f} s"),
    ]


def memory(stack: Stack) -> float:
    """GiB of all containers together, as the engine reports them."""
    containers = stack.compose("ps", "--quiet").split()
    shown = subprocess.check_output(
        ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", *containers],  # noqa: S607
        text=True,
    )
    used = [line.split(" / ")[0] for line in shown.splitlines()]
    return sum(float(amount.rstrip("BKMGi")) * UNITS[amount.lstrip("0123456789.")] for amount in used)


def watched(stack: Stack, run: str) -> float:
    """The most memory of all containers until the run succeeds."""
    most = 0.0

    def over() -> bool:
        nonlocal most
        most = max(most, memory(stack))
        state = stack.api().runs()[run]["state"]
        if state == "failed":
            raise RuntimeError(f"{run} failed")
        return state == "success"

    wait(f"success of {run}", over)
    return most


def duration(stack: Stack, run: str) -> float:
    return float(stack.api().runs()[run]["duration"])
