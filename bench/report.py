"""Take measurements and show them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Line:
    """One measurement; `ratio` compares it with the line it refers to."""

    what: str
    value: str
    compared_to: str = ""
    reference: str = ""
    ratio: str = ""
    goal: str = ""


Clock = Callable[[], float]


def seconds(work: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    started = clock()
    work()
    return clock() - started


def alternate(*works: Callable[[], object], rounds: int = 5, clock: Clock = time.perf_counter) -> list[float]:
    """Median seconds of each work, taken in turns, so that a busy minute of a shared machine slows all of them."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(taken, works, strict=True):
            times.append(seconds(work, clock))
    return [median(times) for times in taken]


def show(console: Console, title: str, lines: list[Line]) -> None:
    table = Table("", "", "beside", "", "ratio", "goal", title=title, title_justify="left", box=None)
    for line in lines:
        table.add_row(line.what, line.value, line.compared_to, line.reference, line.ratio, line.goal)
    console.print(table)
    console.print()
