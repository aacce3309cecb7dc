"""The files of a feed, from their folder into staging, beside a bare \\copy of the same files into tables of text, beside casts
and inserts without any check, and beside what people use instead.
"""

import multiprocessing
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import psutil
from sqlalchemy import Connection, Engine, Table, create_engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.pool import NullPool

from bench import alternatives
from bench.report import Line, seconds
from client360.days import DayRange, day_ranges
from client360.ingest.contract import apply_contract
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.feed_spec import Feed, read_feed
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.raw_load import load_raw_files
from client360.simulate import World
from client360.simulate.landing_files import LandingFile, write_landing_files
from client360.warehouse.migrate import migrate
from client360.warehouse.models import LANDING, columns, tables
from client360.warehouse.models.entity import OR_EMPTY
from client360.warehouse.partitions import PARTITIONED, create_partitions
from client360.warehouse.raw_schema import drop_raw_tables
from tools.local.server import Server, embedded

WORLD = World(customers=21_500, first_day=date(2025, 1, 1))
"""Ten million rows in a year."""
YEAR = DayRange(date(2025, 1, 1), date(2025, 12, 31))
JANUARY = DayRange(date(2025, 1, 1), date(2025, 1, 31))
"""The part that is read by what takes minutes for each million rows."""
FEED = "simulador"
ROUNDS = 3
SMALL_FILES, SMALL_ROWS = 10_000, 20
"""Small files, and the rows of each."""
BROKEN_EVERY = 100
"""One line in so many is broken in the broken files."""


@dataclass(frozen=True)
class Reading:
    """Seconds to read the files and to apply the contract, peak memory of the process in MiB, and rows read."""

    seconds: float
    applying: float
    memory: float
    rows: int

    @property
    def whole(self) -> float:
        return self.seconds + self.applying


@dataclass(frozen=True)
class Bench:
    server: Server
    engine: Engine
    folder: Path
    files: list[LandingFile]

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    def bare(self) -> float:
        """Seconds of a \\copy of each file."""
        with self.engine.begin() as connection:
            connection.execute(text("drop schema if exists bare cascade"))
            connection.execute(text("create schema bare"))
            for entity, model in LANDING.items():
                connection.execute(text(f"create table bare.{entity} ({' text, '.join(columns(model))} text)"))
        script = "\n".join(
            f"\\copy bare.{file.entity} from {self.folder / 'clean' / file.path} with (format csv, header)"
            for file in self.files
        )
        psql = [self.server.programs / "psql", "--quiet", self.server.url("client360")]
        return seconds(lambda: subprocess.run(psql, input=script, text=True, check=True))

    def trusting(self) -> float:
        """Seconds to cast those tables of text into staging without any check."""
        with self.engine.begin() as connection:
            landing = [table for table in PARTITIONED if table.schema == "staging"]
            create_partitions(connection, {day.replace(day=1) for day in YEAR.days()}, landing)
            self._clear(connection)
        with self.engine.begin() as connection:
            return seconds(lambda: [connection.execute(text(_cast(model.table()))) for model in LANDING.values()])

    def instead(self, name: str) -> float:
        """Seconds in which another way brings the files of January into typed tables."""
        return alternatives.taken(alternatives.WAYS[name], self.server.url("client360"), self.folder / "january")

    def small(self, which: str) -> float:
        """Seconds to find and load the files of a folder of small ones, or their rows in one."""
        feed = Feed("small", "AR", "ARS", 5, {"small": RawFile(name="small*.csv", dialect=Dialect())}, {}, "feed small")
        with self.engine.begin() as connection:
            drop_raw_tables(connection)
            self._clear(connection)
        pooled = create_engine(self.engine.url)  # keeps its connection, as in a task

        def load() -> None:
            deliveries = changed_deliveries(pooled, feed, self.folder / which)
            load_raw_files(pooled, feed, self.folder / which, deliveries, "bench")

        return seconds(load)

    def _clear(self, connection: Connection) -> None:
        for table in tables():
            if table.schema in ("staging", "control"):
                connection.execute(text(f"truncate {table.fullname}"))

    def read(self, which: str) -> Reading:
        """Load the files of a folder into an empty warehouse, one after the other, and apply the contract, in a new process."""
        with self.engine.begin() as connection:
            drop_raw_tables(connection)
            self._clear(connection)
        url = self.server.url("client360", "postgresql+psycopg")
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            return pool.submit(read_files, url, self.folder / which).result()


def _cast(table: Table) -> str:
    dialect = postgresql.dialect()
    casts = ", ".join(
        f"coalesce({column.name}, '')" if OR_EMPTY in column.info else f"{column.name}::{column.type.compile(dialect)}"
        for column in table.columns
    )
    return f"insert into {table.fullname} ({', '.join(table.columns.keys())}) select {casts} from bare.{table.name}"


def read_files(url: str, folder: Path) -> Reading:
    engine = create_engine(url)
    feed = read_feed(FEED)
    deliveries = changed_deliveries(engine, feed, folder)
    process, over, peak = psutil.Process(), threading.Event(), 0

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.02):
            peak = max(peak, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        started = time.perf_counter()
        rows = load_raw_files(engine, feed, folder, deliveries, "bench")
        read_in = time.perf_counter()
        apply_contract(engine, feed, "bench", threshold=100)
        applied = time.perf_counter()
    finally:
        over.set()
        watcher.join()
    return Reading(read_in - started, applied - read_in, peak / 2**20, rows)


def broken(line: bytes, number: int) -> bytes:
    """The line with one of the defects that the CSV scanner can find."""
    return (line.rpartition(b",")[0], line + b",", line.replace(b",", b',"', 1), line[:-1] + b"\xff")[number % 4]


def corrupt(source: Path, target: Path) -> None:
    """Copy a file and break one line in BROKEN_EVERY."""
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = source.read_bytes().split(b"\n")
    for number in range(BROKEN_EVERY // 2, len(lines) - 1, BROKEN_EVERY):
        lines[number] = broken(lines[number], number // BROKEN_EVERY)
    target.write_bytes(b"\n".join(lines))


def write_small_files(folder: Path) -> None:
    """The same rows in many files and in one."""
    header = b"id,day,amount\n"
    files = [
        b"".join(
            b"%d,2025-01-%02d,%d.50\n" % (number, number % 28 + 1, number)
            for number in range(first, first + SMALL_ROWS)
        )
        for first in range(0, SMALL_FILES * SMALL_ROWS, SMALL_ROWS)
    ]
    for name in ("many", "one"):
        (folder / name).mkdir()
    (folder / "one" / "small.csv").write_bytes(header + b"".join(files))
    for number, rows in enumerate(files):
        (folder / "many" / f"small_{number:05}.csv").write_bytes(header + rows)


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    files = write_landing_files(WORLD, day_ranges(list(YEAR.days())), folder / "clean")
    for file in files:
        corrupt(folder / "clean" / file.path, folder / "broken" / file.path)
    write_landing_files(WORLD, day_ranges(list(JANUARY.days())), folder / "january")
    write_small_files(folder)
    with embedded(folder / "postgres") as server:
        engine = create_engine(server.url("client360", "postgresql+psycopg"), poolclass=NullPool)
        migrate(engine)
        yield Bench(server, engine, folder, files)


def measure(folder: Path) -> list[Line]:
    with bench(folder) as on:
        rounds = [(on.bare(), on.trusting(), on.read("clean"), on.read("broken")) for _ in range(ROUNDS)]
        others = against_others(on)
        many, one = (median(on.small(name) for _ in range(ROUNDS)) for name in ("many", "one"))
        bare = median(round_[0] for round_ in rounds)
        trusting = median(round_[0] + round_[1] for round_ in rounds)
        reading = median(round_[2].seconds for round_ in rounds)
        clean, corrupted = (median(round_[which].whole for round_ in rounds) for which in (2, 3))
        lost = on.rows - rounds[0][3].rows
        return [
            Line(
                f"files into raw tables, {on.rows:,} rows in {len(on.files)} files",
                f"{on.rows / reading:,.0f} rows/s",
                "bare \\copy of the same files",
                f"{on.rows / bare:,.0f} rows/s",
                f"{bare / reading:.2f}",
                ">= 0.9",
            ),
            Line(
                "the same, then mapped, checked, counted and put into staging",
                f"{on.rows / clean:,.0f} rows/s",
                "\\copy, casts and inserts into staging, without any check",
                f"{on.rows / trusting:,.0f} rows/s",
                f"{trusting / clean:.2f}",
                ">= 0.5",
            ),
            Line(
                "the same",
                f"{on.rows / clean:,.0f} rows/s",
                "bare \\copy of the same files",
                f"{on.rows / bare:,.0f} rows/s",
                f"{bare / clean:.2f}",
                ">= 0.5",
            ),
            Line(
                f"the same with {lost:,} broken lines",
                f"{corrupted:.1f} s",
                "clean",
                f"{clean:.1f} s",
                f"{corrupted / clean:.2f}",
                "<= 1.2",
            ),
            Line(
                f"{SMALL_FILES:,} files of {SMALL_ROWS} rows into raw tables",
                f"{many:.1f} s",
                "their rows in one file",
                f"{one:.1f} s",
                f"{many - one:.1f} s more",
                "< 60 s more",
            ),
            *others,
            Line(
                "peak memory of Python",
                f"{max(r.memory for round_ in rounds for r in round_[2:]):.0f} MiB",
                goal="< 300 MiB",
            ),
        ]


def against_others(on: Bench) -> list[Line]:
    """In turns, so that a busy minute slows both; those that take minutes once."""
    ours, times = [], dict[str, list[float]]()
    for round_ in range(ROUNDS):
        ours.append(on.read("january"))
        for name in alternatives.WAYS if round_ == 0 else [alternatives.FASTEST]:
            times.setdefault(name, []).append(on.instead(name))
    rows, taken = ours[0].rows, median(reading.whole for reading in ours)
    return [
        Line(
            f"{rows:,} rows of a month, mapped, checked, counted and put into staging",
            f"{rows / taken:,.0f} rows/s",
            name,
            f"{rows / median(theirs):,.0f} rows/s",
            f"{median(theirs) / taken:.1f}",
            ">= 3" if name == alternatives.FASTEST else ">= 10",
        )
        for name, theirs in times.items()
    ]
