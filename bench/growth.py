"""A run that is doubled: customers, months, and tasks at a time; by step, and what share of the work does not scale."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.report import Line
from bench.whole import Result, Stack

LAST = date(2026, 10, 31)


@dataclass(frozen=True)
class Size:
    customers: int = 5_000
    inicio: date = date(2026, 5, 1)
    tasks: int = 1

    def __str__(self) -> str:
        months = LAST.month - self.inicio.month + 1 + 12 * (LAST.year - self.inicio.year)
        return f"{self.customers:,} customers x {months} months, {self.tasks} at a time"


SMALL = Size()
DOUBLED = {
    "customers": Size(customers=2 * SMALL.customers),
    "months": Size(inicio=date(2025, 11, 1)),
    "tasks at a time": Size(tasks=2),
}


def measure(folder: Path) -> list[Line]:
    small = _run(folder / "small", SMALL)
    lines = []
    for what, size in DOUBLED.items():
        doubled = _run(folder / what.split()[0], size)
        lines.append(
            Line(
                f"make run, {size}",
                f"{doubled.seconds:.1f} s",
                str(SMALL),
                f"{small.seconds:.1f} s",
                f"{doubled.seconds / small.seconds:.2f}",
                "" if size.tasks == SMALL.tasks else f">= {SMALL.tasks / size.tasks:.2f}",
            )
        )
        lines += [
            Line(
                f"  {step}", f"{seconds:.1f} s", "", f"{small.steps[step]:.1f} s", f"{seconds / small.steps[step]:.2f}"
            )
            for step, seconds in doubled.steps.items()
            if small.steps.get(step, 0) >= 0.5
        ]
        if size.tasks != SMALL.tasks:
            lines += _amdahl(small, doubled, size.tasks)
        else:
            lines.append(_fixed(small, doubled, what))
    return lines


def _run(folder: Path, size: Size) -> Result:
    stack = Stack(folder)
    stack.environment["PARALLELISM"] = str(size.tasks)
    return stack.run(FECHA=LAST, CLIENTES=size.customers, INICIO=size.inicio)


def _fixed(small: Result, doubled: Result, what: str) -> Line:
    """Of time = fixed + size * variable, the fixed part."""
    fixed = max(0.0, 2 * small.seconds - doubled.seconds)
    return Line(
        f"  part of the small run that does not grow with {what}",
        f"{fixed:.1f} s",
        ratio=f"{fixed / small.seconds:.0%}",
    )


def _amdahl(small: Result, doubled: Result, tasks: int) -> list[Line]:
    """Of time = serial + parallel / tasks, the serial part; and what is in no task at all: the start of Airflow and of processes,
    and its decisions between tasks."""
    serial = max(0.0, (tasks * doubled.seconds - small.seconds) / (tasks - 1))
    between = small.seconds - sum(small.steps.values())
    return [
        Line("  part that does not scale, by Amdahl", f"{serial:.1f} s", ratio=f"{serial / small.seconds:.0%}"),
        Line("  of a run one at a time, in no task", f"{between:.1f} s", ratio=f"{between / small.seconds:.0%}"),
    ]
