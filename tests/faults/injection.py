"""How faults are injected. Each is undone when its time is over; whatever it breaks meanwhile is left to the stack."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from plan import Fault
from shaken import Shaken

PATIENCE = 10
"""Seconds that a process may be awaited: those of tasks come and go."""


class NotThere(LookupError):
    """No process matched in time."""


def inject(stack: Shaken, fault: Fault) -> tuple[float, float]:
    """Returns when it began and when it was over. Raises NotThere."""
    with KINDS[fault.target.kind](stack, fault):
        begun = time.time()
        time.sleep(fault.seconds)
    return begun, time.time()


@contextmanager
def killed(stack: Shaken, fault: Fault) -> Iterator[None]:
    """A process of one of the service's containers, by a signal from outside of them: the engine takes it for a crash."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = [
            number
            for container in stack.containers(fault.target.service)
            for number, _, arguments in stack.processes(container)
            if re.search(fault.target.detail, arguments)
        ]
        if found and not stack.saboteur(f"kill -9 {_one(found, fault)}", check=False):
            yield
            return
    raise NotThere


@contextmanager
def paused(stack: Shaken, fault: Fault) -> Iterator[None]:
    """All processes of a container. Its connections stay open."""
    container = _one(stack.containers(fault.target.service), fault)
    stack.command("docker", "pause", container)
    try:
        yield
    finally:
        stack.command("docker", "unpause", container)


@contextmanager
def cut_off(stack: Shaken, fault: Fault) -> Iterator[None]:
    """A container leaves the network, and comes back at another address: who was connected to it is told nothing."""
    network, container = f"{stack.project}_default", _one(stack.containers(fault.target.service), fault)
    stack.command("docker", "network", "disconnect", network, container)
    try:
        yield
    finally:
        (other,) = stack.containers("saboteur")
        stack.command("docker", "network", "connect", network, other)  # at the address that became free
        stack.command("docker", "network", "connect", "--alias", fault.target.service, network, container)
        stack.command("docker", "network", "disconnect", network, other)


@contextmanager
def filled(stack: Shaken, fault: Fault) -> Iterator[None]:
    """A volume, to its last byte."""
    filler = f"/{fault.target.service}/filler"
    shown = stack.saboteur(f"cat /dev/zero > {filler}", check=False)
    assert "No space left" in shown, shown
    try:
        yield
    finally:
        stack.saboteur(f"rm {filler}")


@contextmanager
def clock_off(stack: Shaken, fault: Fault) -> Iterator[None]:
    """The clock of PostgreSQL jumps, and later jumps back."""
    stack.saboteur(f"echo {fault.target.detail} > /database/clock")
    time.sleep(2)
    off = float(stack.sql("select extract(epoch from clock_timestamp())")) - time.time()
    try:
        assert round(off / 3600) == int(fault.target.detail[:-1])
        yield
    finally:
        stack.saboteur("echo +0 > /database/clock")


KINDS: dict[str, Callable[[Shaken, Fault], AbstractContextManager[None]]] = {
    "SIGKILL": killed,
    "paused": paused,
    "off the network": cut_off,
    "disk full": filled,
    "clock off": clock_off,
}


def _one(found: list[str], fault: Fault) -> str:
    return found[int(fault.pick * len(found))]
