"""A month of movements that is new, beside the same month where it is there; and the proof that their ids are unique."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import psutil

from bench.report import Clock, Line, alternate, seconds
from bench.steps import MONTH, WORLD, Bench, bench
from client360.days import DayRange, day_ranges
from client360.folders import SQL
from client360.load.staging import load_file
from client360.run import steps
from client360.run.planning import plan_generation
from client360.run.request import RunRequest
from client360.run.sources import SimulatedSource
from client360.run.step_runner import run_step
from client360.simulate.landing_files import write_landing_files
from client360.warehouse.models import dw
from client360.warehouse.partitions import create_partitions
from client360.warehouse.statistics import refresh_statistics

STEP = steps.BY_NAME["transform/hecho_transacciones"]
MORE = day_ranges(DayRange(date(2025, 2, 1), date(2025, 6, 30)).days())
ROUNDS = 3
BY_NAME = """
with repetida as (
    select transaccion_id from dw.hecho_transacciones where fecha = any(%(dias)s::date[])
    group by transaccion_id having count(*) > 1
)
select count(*), min(transaccion_id) from repetida
"""


def measure(folder: Path) -> list[Line]:
    with bench(folder) as on:
        return [*_filled(on), *_proven(on)]


def _filled(on: Bench) -> list[Line]:
    taken: dict[str, list[float]] = {"new": [], "there": []}
    for _ in range(ROUNDS):
        for which, times in taken.items():
            on.sql(f"drop table if exists dw.hecho_transacciones_{MONTH.first:%Y%m}")
            if which == "there":
                with on.engine.begin() as connection:
                    create_partitions(connection, [MONTH.first], [dw.HechoTransacciones.table()])
            load_file(on.engine, on.movements, on.folder, WORLD.name, "bench")
            on.sql("checkpoint")
            times.append(seconds(lambda: on.step(STEP)))
    new, there = (median(times) for times in taken.values())
    return [
        Line(
            f"transform/hecho_transacciones, {on.movements.rows:,} rows of a new month",
            f"{new:.2f} s",
            "the same where the month is there, empty",
            f"{there:.2f} s",
            f"{new / there:.2f}",
        )
    ]


def _proven(on: Bench) -> list[Line]:
    plan_generation(on.engine, RunRequest(MORE[-1].last, SimulatedSource(WORLD)))
    rows = on.movements.rows
    for file in write_landing_files(WORLD, MORE, on.folder):
        if file.entity == "transacciones":
            rows += load_file(on.engine, file, on.folder, WORLD.name, "bench")
            with on.engine.begin() as connection:
                run_step(connection, STEP, {"desde": file.first, "hasta": file.last})
    refresh_statistics(on.engine)  # as a run does: of each month, and of the whole table none
    months = [MONTH.days(), *(month.days() for month in MORE)]
    days = [day for month in months for day in month]
    within, between = (
        (SQL / "check" / "pipeline" / f"{name}.sql").read_text(encoding="utf-8")
        for name in ("transaccion_unica", "transaccion_de_un_mes")
    )

    def run(*statements: tuple[str, dict[str, list[date]]]) -> Callable[[], None]:
        def execute() -> None:
            with on.engine.begin() as connection:
                for statement, bound in statements:
                    connection.connection.cursor().execute(statement, bound)

        return execute

    ours = run(*((within, {"dias_del_mes": month}) for month in months), (between, {"dias": days}))
    clock = _processor_seconds(on.folder)
    proven, grouped = alternate(ours, run((BY_NAME, {"dias": days})), rounds=ROUNDS, clock=clock)
    return [
        Line(
            f"transaccion_unica and transaccion_de_un_mes, {rows:,} movements of 6 months",
            f"{proven:.2f} s of processors",
            "all ids, grouped by name",
            f"{grouped:.2f} s of processors",
            f"{proven / grouped:.2f}",
        )
    ]


def _processor_seconds(folder: Path) -> Clock:
    """A clock of what the server's processes have used whose connection has ended."""
    server = psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))

    def read() -> float:
        time.sleep(0.3)  # until the server has noticed that they ended
        used = server.cpu_times()
        return float(used.children_user + used.children_system)

    return read
