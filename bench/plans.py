"""Every step under adverse statistics, beside the same step with every table just analysed.

Autovacuum is off, so the statistics are those that the run makes itself, and those that a scenario leaves behind.
"""

from collections import defaultdict
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bench.report import Line, seconds
from client360.days import DayRange, day_ranges
from client360.load.dimensions import fill_dimensions
from client360.load.staging import load_file
from client360.publish.checks import CheckedRun, run_checks
from client360.run import steps
from client360.run.planning import plan_generation
from client360.run.request import RunRequest
from client360.run.sources import SimulatedSource
from client360.run.step_runner import run_step
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files
from client360.warehouse import models
from client360.warehouse.migrate import migrate
from client360.warehouse.statistics import refresh_statistics
from tools.local.server import Server, embedded

WORLD = World(customers=1_500, first_day=date(2025, 1, 1))
SMALL = DayRange(date(2025, 1, 1), date(2025, 1, 1))
LARGE = DayRange(date(2025, 1, 2), date(2025, 2, 28))
FRESH = "always"
ADVERSE = {
    "never": "never analysed",
    "empty": "analysed while empty",
    "half": "analysed when half of the large load was there",
    "loaded": "analysed between the large load and the first step",
    "small": "analysed after a small load, before a large one",
}
"""When somebody else's analyze comes by."""
ROUNDS = 3
"""Of which the fastest counts: others have had to wait for the machine."""
TABLES = "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace::regnamespace::text in "
TABLES += "('control', 'staging', 'dw', 'mart')"
CHECKS = "build_view/checks"


def measure(folder: Path) -> list[Line]:
    """A day is loaded, and then two months; the steps of the second run are timed."""
    taken: dict[str, dict[str, list[float]]] = {when: defaultdict(list) for when in (FRESH, *ADVERSE)}
    with embedded(folder / "postgres") as server:
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            admin.execute("alter system set autovacuum = off")
            admin.execute("select pg_reload_conf()")
        for _ in range(ROUNDS):
            for when in taken:
                run = Run(server, folder, when)
                run.load_and_build(SMALL)
                run.analyze("small")
                for step, time in run.load_and_build(LARGE).items():
                    taken[when][step].append(time)
    lines = []
    for step, times in taken[FRESH].items():
        fresh = min(times)
        worst = max(ADVERSE, key=lambda when, step=step: min(taken[when][step]))
        adverse = min(taken[worst][step])
        lines.append(
            Line(
                f"{step}, {ADVERSE[worst]}",
                f"{adverse:.3f} s",
                "always analysed",
                f"{fresh:.3f} s",
                f"{adverse / fresh:.2f}",
                "<= 1.5",
            )
        )
    return lines


class Run:
    """An empty warehouse, which is analysed at one moment, or at each."""

    def __init__(self, server: Server, folder: Path, when: str) -> None:
        self.folder, self.when = folder, when
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            admin.execute("drop database if exists plans with (force)")
            admin.execute("create database plans")
        self.url = server.url("plans")
        self.engine = create_engine(server.url("plans", "postgresql+psycopg"), poolclass=NullPool)
        migrate(self.engine)

    def analyze(self, moment: str) -> None:
        """Analyse every table, if this is the moment."""
        if self.when in (moment, FRESH):
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("analyze")

    def read(self) -> None:
        """Read every table once, whenever it is analysed: the first to read new rows has more to do, whatever its plan."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for (table,) in connection.execute(TABLES).fetchall():
                connection.execute(sql.SQL("select count(*) from {}").format(sql.SQL(table)))

    def load_and_build(self, days: DayRange) -> dict[str, float]:
        """Load the files of these days, run all steps and the checks; returns the seconds of each."""
        request = RunRequest(days.last, SimulatedSource(WORLD))
        plan_generation(self.engine, request)
        fill_dimensions(self.engine, DayRange(WORLD.first_day, days.last), WORLD.name)
        self.analyze("empty" if days == SMALL else "")
        files = write_landing_files(WORLD, day_ranges(days.days()), self.folder)
        for number, file in enumerate(files):
            load_file(self.engine, file, self.folder, WORLD.name, "bench")
            self.analyze("half" if number == len(files) // 2 and days == LARGE else "")
        refresh_statistics(self.engine)
        self.read()
        self.analyze("loaded" if days == LARGE else "")
        parameters = {"desde": days.first, "hasta": days.last, "fecha": days.last, "inicio": WORLD.first_day}
        parameters |= {"mundo": WORLD.name, "pais": "AR", "entidades": list(models.LANDING)}
        taken = {}
        for step in steps.IN_ORDER:
            taken[step.name] = seconds(lambda step=step: self._run(step, parameters))
            refresh_statistics(self.engine)
            self.read()
            self.analyze("")
        checked = CheckedRun(days.last, WORLD.first_day, WORLD.name, "bench", days.days())
        taken[CHECKS] = seconds(lambda: run_checks(self.engine, checked))
        return taken

    def _run(self, step: steps.Step, parameters: dict[str, object]) -> None:
        with self.engine.begin() as connection:
            run_step(connection, step, parameters)
