"""`make metrics`: how long the code is, whether packages import each other in a circle, and what the images hold.

Some figures have limits, which `tests/test_house.py` asserts.
"""

import ast
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import grimp
from rich.console import Console
from rich.table import Table

from client360.folders import ROOT

PACKAGE = ROOT / "plugins" / "client360"
REVISIONS = PACKAGE / "warehouse" / "migrations" / "versions"
PYTHON_FOLDERS = (PACKAGE, ROOT / "proof", ROOT / "tools", ROOT / "reading")
SQL_FOLDERS = ("include/sql/*", "reading/sql")
NOT_IN_IMAGES = ("proof", "tools")
LONG_FILE = 300


@dataclass(frozen=True)
class Lengths:
    """Lines of some pieces of code, and the most that their median and the longest may have."""

    name: str
    lines: tuple[int, ...]
    median_limit: int | None = None
    limit: int | None = None

    @property
    def median(self) -> float:
        return median(self.lines)

    @property
    def p90(self) -> float:
        return quantiles(self.lines, n=10, method="inclusive")[-1] if len(self.lines) > 1 else self.lines[0]

    @property
    def longest(self) -> int:
        return max(self.lines)

    def excesses(self) -> list[str]:
        """One line for each limit that is exceeded."""
        found = []
        if self.median_limit is not None and self.median > self.median_limit:
            found.append(f"{self.name}: the median is {self.median:g} lines, the limit {self.median_limit}")
        if self.limit is not None and self.longest > self.limit:
            found.append(f"{self.name}: the longest has {self.longest} lines, the limit is {self.limit}")
        return found


def measure() -> list[Lengths]:
    """The lengths of the DAG files, of the package's functions and files, and of the SQL files of each folder."""
    return [
        Lengths("the DAG files", tuple(map(_count_lines, _python_files(ROOT / "dags"))), limit=120),
        Lengths("functions of the package", tuple(_function_lengths(PACKAGE))),
        Lengths("files of the package", tuple(map(_count_lines, _python_files(PACKAGE))), limit=LONG_FILE),
        *map(_sql_lengths, _sql_folders()),
    ]


def long_files() -> dict[str, int]:
    """The Python files over LONG_FILE lines, the longest first."""
    found = {
        path.relative_to(ROOT).as_posix(): _count_lines(path)
        for folder in PYTHON_FOLDERS
        for path in _python_files(folder)
    }
    return {name: length for name, length in sorted(found.items(), key=lambda file: -file[1]) if length > LONG_FILE}


def circular_imports() -> list[str]:
    """The imports that would have to go for no package of client360 to depend on itself by way of another."""
    graph = grimp.build_graph("client360", cache_dir=None)
    return [f"{importer} imports {imported}" for importer, imported in graph.nominate_cycle_breakers("client360")]


def copied_by_images() -> dict[str, list[str]]:
    """What the Dockerfile copies from the working copy, by stage."""
    found: dict[str, list[str]] = {}
    stage = ""
    for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if started := re.match(r"FROM \S+ AS (\S+)", line):
            stage = started[1]
        elif line.startswith("COPY ") and "--from=" not in line:
            *sources, _target = [word for word in line.split()[1:] if not word.startswith("--")]
            found.setdefault(stage, []).extend(sources)
    return found


def sent_to_the_engine() -> list[str]:
    """What .dockerignore leaves of the working copy to build images from. It excludes everything, then lists exceptions.

    Raises ValueError where it does not.
    """
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    first, *others = [rule for rule in rules if rule and not rule.startswith("#")]
    if first != "*":
        raise ValueError(f".dockerignore begins with {first}: it has to exclude everything, *, before its exceptions")
    return [rule.removeprefix("!") for rule in others if rule.startswith("!")]


def unwanted(paths: Iterable[str]) -> list[str]:
    """Those paths, relative to the working copy or to the folder of Airflow in an image, that lie in `proof` or `tools`."""
    return [path for path in paths if path.removeprefix("/opt/airflow/").split("/")[0] in NOT_IN_IMAGES]


def files_in(image: str) -> list[str] | None:
    """The project's files in a built image; None where no engine answers that has it."""
    command = ["docker", "run", "--rm", "--entrypoint", "find", image, "/opt/airflow", "-type", "f"]
    try:
        if subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode != 0:  # noqa: S607
            return None
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    except FileNotFoundError:
        return None


def excesses() -> list[str]:
    """One line for each limit that the working copy exceeds."""
    return [
        *(excess for lengths in measure() for excess in lengths.excesses()),
        *circular_imports(),
        *(f"images are built from {path}" for path in unwanted(sent_to_the_engine())),
    ]


def _sql_folders() -> list[Path]:
    return [folder for pattern in SQL_FOLDERS for folder in sorted(ROOT.glob(pattern)) if any(folder.rglob("*.sql"))]


def _sql_lengths(folder: Path) -> Lengths:
    lines = tuple(map(_count_lines, sorted(folder.rglob("*.sql"))))
    median_limit = 60 if folder.name in ("transform", "build_view") else None
    return Lengths(folder.relative_to(ROOT).as_posix(), lines, median_limit, limit=150)


def _count_lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _python_files(folder: Path) -> list[Path]:
    """The Python files in a folder, but for the revisions: they are drafted by Alembic and never change."""
    return [path for path in sorted(folder.rglob("*.py")) if REVISIONS not in path.parents]


def _function_lengths(folder: Path) -> list[int]:
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in _python_files(folder)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _image() -> str:
    """The image that `make up` builds: Compose calls its project by the folder's name."""
    return os.environ.get("COMPOSE_PROJECT_NAME") or re.sub(r"[^a-z0-9_-]", "", ROOT.name.lower())


def _table(found: list[Lengths]) -> Table:
    table = Table("lines of", box=None, pad_edge=False)
    for heading in ("median", "limit", "p90", "max", "limit"):
        table.add_column(heading, justify="right")
    for lengths in found:
        limits = ["" if limit is None else f"{limit}" for limit in (lengths.median_limit, lengths.limit)]
        row = (f"{lengths.median:g}", limits[0], f"{lengths.p90:.0f}", f"{lengths.longest}", limits[1])
        table.add_row(lengths.name, *row, style="red" if lengths.excesses() else None)
    return table


def main() -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(_table(measure()))
    long = [f"{name} ({length})" for name, length in long_files().items()]
    copied = [f"{stage}: {', '.join(sources)}" for stage, sources in copied_by_images().items()]
    image = _image()
    built = files_in(image)
    for title, entries in (
        (f"Python files over {LONG_FILE} lines", long),
        ("Circular imports", circular_imports()),
        ("The images copy", copied),
        ("Of proof and tools, images can be built from", unwanted(sent_to_the_engine())),
        (
            f"Of proof and tools, the built image {image} holds",
            ["not built here"] if built is None else unwanted(built),
        ),
    ):
        console.print(f"\n{title}:", *(entries or ["none"]), sep="\n  ")
    console.print("\nLimits exceeded:", *(excesses() or ["none"]), sep="\n  ")


if __name__ == "__main__":
    main()
