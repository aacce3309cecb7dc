"""`make bench`: measure each step beside its bare minimum. It compares with goals, and fails on none.

make bench                 everything without Docker (more than an hour, 30 GB of disk)
make bench ONLY=generate   one of generate, coherence, load, steps, months, plans, feeds, daily, growth, newest, whole, dashboard,
                           docker
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
from rich.console import Console

from bench import (
    coherence,
    daily,
    dashboard,
    docker,
    feeds,
    generation,
    growth,
    history,
    months,
    newest,
    plans,
    steps,
    whole,
)
from bench.report import Line, show

TOPICS: dict[str, tuple[Callable[[Path], list[Line]], ...]] = {
    "generate": (generation.measure,),
    "coherence": (coherence.measure,),
    "load": (steps.measure_load,),
    "steps": (steps.measure_steps,),
    "months": (months.measure,),
    "plans": (plans.measure,),
    "feeds": (history.measure, feeds.measure),
    "daily": (daily.measure,),
    "growth": (growth.measure,),
    "newest": (newest.measure,),
    "whole": (whole.measure,),
    "dashboard": (dashboard.measure,),
    "docker": (docker.measure,),
}
"""Parts of a topic are shown as they end."""
ONLY_WHERE_NAMED = ("docker",)
"""Topics that need a Docker engine."""


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("only", nargs="?", choices=["", *TOPICS], default="")
    only = parser.parse_args().only
    console = Console(width=max(Console().width, 160))  # wide enough for the names where the output is no terminal
    console.print(machine(), highlight=False)
    named = [only] if only else [name for name in TOPICS if name not in ONLY_WHERE_NAMED]
    for name in named:
        for measure in TOPICS[name]:
            folder = Path(tempfile.mkdtemp(prefix=f"client360-bench-{name}-"))
            folder.chmod(0o755)  # for the user who runs PostgreSQL for root
            try:
                show(console, name, measure(folder))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
