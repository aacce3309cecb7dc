"""`make monitors`: worlds measured day by day, clean and then corrupted; the exit code is 1 beyond the promised rates."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from client360.days import DayRange
from client360.load.dimensions import fill_dimensions
from client360.load.staging import load_file
from client360.run.planning import plan_generation
from client360.run.request import RunRequest
from client360.run.sources import SimulatedSource
from client360.run.step_runner import measure
from client360.simulate import World
from client360.simulate.corrupt import CorruptedWorld, days
from client360.simulate.corrupt.days import CorruptedDay
from client360.simulate.landing_files import LandingFile, write_landing_files
from client360.warehouse.migrate import migrate
from client360.warehouse.statistics import refresh_statistics
from proof.corruption.warned import EntityDay, WarningGrade, grade_days, judged_days, noticed_days, table
from tools.local.server import embedded

WORLDS = tuple(World(seed=seed, customers=600, first_day=date(2025, 1, 1)) for seed in (7, 8, 9))
"""Not those on which the margins were chosen: they were of other seeds."""
LAST = date(2026, 2, 28)
DAYS = list(DayRange(WORLDS[0].first_day, LAST).days())
FALSE_ALARMS, RECALL = 1 / 200, 0.9
"""The most false alarms, as a share of the entity-days that are judged, and the least recall."""


@contextmanager
def loaded(world: World, data: Path) -> Iterator[tuple[Engine, list[LandingFile]]]:
    """A warehouse with the measures of a world, and the world's files."""
    with embedded(data / "postgres") as server:
        engine = create_engine(server.url("client360", "postgresql+psycopg"), poolclass=NullPool)
        migrate(engine)
        batches = plan_generation(engine, RunRequest(LAST, SimulatedSource(world)))
        files = [file for batch in batches for file in write_landing_files(world, batch.ranges, data)]
        for file in files:
            load(engine, file, data, world)
        fill_dimensions(engine, DayRange(world.first_day, LAST), world.name)
        refresh_statistics(engine)
        yield engine, files


def load(engine: Engine, file: LandingFile, data: Path, world: World) -> None:
    """Load a file into staging and measure its days, as the steps do that move them on."""
    load_file(engine, file, data, world.name, "monitors")
    with engine.begin() as connection:
        measure(connection, file.entity, {"desde": file.first, "hasta": file.last})


def corrupt(world: World, file: LandingFile, data: Path) -> tuple[LandingFile, list[CorruptedDay]]:
    """Corrupt days of a file in its place; returns it and the days."""
    drawn = days.drawn_days(CorruptedWorld(world.seed, world.customers, world.first_day), file)
    header, *lines = (data / file.path).read_bytes().splitlines(keepends=True)
    after = list(days.corrupt_days(file.entity, drawn, lines))
    (data / file.path).write_bytes(header + b"".join(after))
    return replace(file, rows=len(after)), [
        CorruptedDay(file.entity, day, defect.kind, defect.column) for day, defect in drawn.items()
    ]


def measured(world: World, data: Path) -> tuple[set[EntityDay], set[EntityDay], list[WarningGrade]]:
    """The entity-days of the clean world that are judged, those that are warned of, and the grades of the corrupted one."""
    with loaded(world, data) as (engine, files):
        with engine.connect() as connection:
            judged, alarms = judged_days(connection, DAYS), noticed_days(connection, DAYS)
        corrupted: list[CorruptedDay] = []
        for file in files:
            other, found = corrupt(world, file, data)
            corrupted += found
            if found:
                load(engine, other, data, world)
        with engine.connect() as connection:
            return judged, alarms, grade_days(connection, corrupted, DAYS)


def main() -> int:
    judged, alarms, totals = 0, Counter[str](), dict[str, WarningGrade]()
    for world in WORLDS:
        with TemporaryDirectory(prefix="client360-monitors-") as folder:
            Path(folder).chmod(0o755)  # the user who runs PostgreSQL for root enters it
            of_world, false, grades = measured(world, Path(folder))
        print(f"{world.name}: {len(false)} false alarms of {len(of_world):,} entity-days: {sorted(false)}")
        judged += len(of_world)
        alarms.update(entity for entity, _ in false)
        for grade in grades:
            total = totals.setdefault(grade.kind, WarningGrade(grade.kind))
            total.injected += grade.injected
            total.judged += grade.judged
            total.noticed += grade.noticed
            total.missed += grade.missed
    every = WarningGrade(
        "all", *(sum(getattr(each, name) for each in totals.values()) for name in ("injected", "judged", "noticed"))
    )
    Console().print(table([*totals.values(), every]))
    print(
        "missed:",
        "; ".join(f"{one.kind} {entity} {day}" for one in totals.values() for entity, day in one.missed) or "none",
    )
    print(f"false alarms: {alarms.total()} of {judged:,} entity-days ({alarms.total() / judged:.2%}): {dict(alarms)}")
    return int(alarms.total() > FALSE_ALARMS * judged or (every.recall or 0) < RECALL)


if __name__ == "__main__":
    sys.exit(main())
