"""A whole `make run`, with the memory of its processes."""

import os
import re
import subprocess
import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil

from bench.report import Line
from client360 import folders

CUSTOMERS, INICIO, LAST = 100_000, date(2025, 1, 1), date(2025, 12, 31)
BYTES = (
    f"select round(sum(pg_total_relation_size(oid)) / {CUSTOMERS} / 12) from pg_class where relkind in ('r', 'm') "
    "and relnamespace::regnamespace::text in ('dw', 'mart', 'staging', 'control')"
)
STEP = re.compile(r"^done (\w+) +(\w+).*?([\d.]+) s\s*$")


@dataclass
class Result:
    seconds: float
    steps: dict[str, float]
    """Seconds by task, all mapped instances together: tasks run side by side, so they add up to more than `seconds`."""
    peaks: dict[str, float]
    """Largest memory in GiB by kind of process, all its processes together."""


class Stack:
    """A `.local` and a `data` of its own for the make targets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "CLIENT360_LOCAL": str(folder / "local"),
            "CLIENT360_DATA": str(folder / "data"),
            "COLUMNS": "200",
        }

    def run(self, **variables: object) -> Result:
        """`make run` with these variables. Raises RuntimeError with its output."""
        command = ["make", "run", *(f"{name}={value}" for name, value in variables.items())]
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folders.ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        watch = Watch(process.pid, self.folder)
        output: list[str] = []
        steps: dict[str, float] = {}
        for line in process.stdout or ():
            output.append(line)
            if found := STEP.match(line):
                name = f"{found[1]}.{found[2]}"
                steps[name] = steps.get(name, 0) + float(found[3])
        watch.stop()
        if process.wait():
            raise RuntimeError(f"{command} ended with {process.returncode}:\n{''.join(output)}")
        return Result(time.perf_counter() - started, steps, watch.peaks)

    def sql(self, statement: str) -> str:
        """The one value that a statement returns in the warehouse, as text."""
        command = ["make", "psql", f"SQL={statement}"]
        shown = subprocess.run(
            command, cwd=folders.ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        value, _ = shown.stdout.split("\n(1 row)")  # a make within a make prints lines of its own
        return value.splitlines()[-1].strip()


class Watch(threading.Thread):
    """Samples the memory of a run's Python processes and of its PostgreSQL; shared pages count once."""

    def __init__(self, pid: int, folder: Path) -> None:
        super().__init__(daemon=True)
        self.pid, self.folder = pid, folder
        self.peaks: dict[str, float] = {}
        self.over = threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(0.2):
            for kind, processes in self._processes().items():
                total = sum(self._memory(process) for process in processes) / 2**30
                self.peaks[kind] = max(self.peaks.get(kind, 0), total)

    def _processes(self) -> dict[str, list[psutil.Process]]:
        try:
            python = [p for p in psutil.Process(self.pid).children(recursive=True) if "python" in p.name()]
            pid_file = self.folder / "local" / "postgres" / "postmaster.pid"
            server = psutil.Process(int(pid_file.read_text().split()[0]))
            return {"Python": python, "PostgreSQL": [server, *server.children(recursive=True)]}
        except (psutil.Error, OSError, ValueError, IndexError):
            return {}

    @staticmethod
    def _memory(process: psutil.Process) -> int:
        try:
            found = process.memory_full_info()
            return int(getattr(found, "pss", found.uss))
        except psutil.Error:
            return 0

    def stop(self) -> None:
        self.over.set()
        self.join()


def measure(folder: Path) -> list[Line]:
    stack = Stack(folder)
    result = stack.run(FECHA=LAST, CLIENTES=CUSTOMERS, INICIO=INICIO)
    total = sum(result.steps.values())
    movements = int(stack.sql("select count(*) from dw.hecho_transacciones"))
    return [
        Line(f"make run, {CUSTOMERS:,} customers x 12 months", f"{result.seconds:.0f} s"),
        Line("  movements", f"{movements:,}"),
        *(
            Line(
                f"  {name}",
                f"{time:.1f} s",
                "a million movements",
                f"{time / movements * 1e6:.2f} s",
                f"{time / total:.0%}",
            )
            for name, time in result.steps.items()
        ),
        Line("slowest task", max(result.steps, key=lambda name: result.steps[name])),
        *(
            Line(f"peak memory of {kind}", f"{peak:.2f} GiB", goal="< 1 GiB" if kind == "Python" else "")
            for kind, peak in sorted(result.peaks.items())
        ),
        Line("bytes of the warehouse for a customer and month", stack.sql(BYTES), goal="<= 5,500"),
        Line("  of these, movements and their index", stack.sql(f"{BYTES} and relname like 'hecho_transacciones%'")),
        Line("bytes of landing files for a customer and month", f"{_landed(folder) / CUSTOMERS / 12:,.0f}"),
    ]


def _landed(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "data" / "raw").rglob("*") if path.is_file())
