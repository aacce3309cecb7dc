"""The steps inside PostgreSQL, each beside its bare minimum on the same rows and server."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from bench.report import Line, alternate, seconds
from client360.days import DayRange
from client360.load.staging import load_file
from client360.publish.export import export
from client360.run import steps
from client360.run.planning import plan_generation
from client360.run.request import RunRequest
from client360.run.sources import SimulatedSource
from client360.run.step_runner import run_step
from client360.run.steps import Step
from client360.simulate import World
from client360.simulate.landing_files import LandingFile, write_landing_files
from client360.warehouse import models
from client360.warehouse.migrate import migrate
from tools.local.server import Server, embedded

WORLD = World(customers=20_000, first_day=date(2025, 1, 1))
MONTH = DayRange(date(2025, 1, 1), date(2025, 1, 31))
PARTITION = "staging.transacciones_202501"


@dataclass(frozen=True)
class Bench:
    server: Server
    engine: Engine
    folder: Path
    files: list[LandingFile]

    @property
    def movements(self) -> LandingFile:
        return next(file for file in self.files if file.entity == "transacciones")

    def sql(self, text: str) -> None:
        """Run statements in one transaction."""
        with psycopg.connect(self.server.url("client360")) as connection:
            connection.execute(text.encode())

    def step(self, step: Step) -> None:
        days = {
            "desde": MONTH.first,
            "hasta": MONTH.last,
            "fecha": MONTH.last,
            "inicio": MONTH.first,
            "mundo": WORLD.name,
            "pais": "AR",
            "entidades": list(models.LANDING),
        }
        with self.engine.begin() as connection:
            run_step(connection, step, days)

    def psql(self, command: str) -> None:
        subprocess.run(
            [self.server.programs / "psql", "--quiet", "--command", command, self.server.url("client360")], check=True
        )

    def load(self) -> None:
        for file in self.files:
            load_file(self.engine, file, self.folder, WORLD.name, "bench")


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    files = write_landing_files(WORLD, [MONTH], folder)
    with embedded(folder / "postgres") as server:
        engine = create_engine(server.url("client360", "postgresql+psycopg"), poolclass=NullPool)
        migrate(engine)
        plan_generation(engine, RunRequest(MONTH.last, SimulatedSource(WORLD)))
        yield Bench(server, engine, folder, files)


def measure_load(folder: Path) -> list[Line]:
    with bench(folder) as on:
        path = folder / on.movements.path

        def ours() -> None:
            load_file(on.engine, on.movements, folder, WORLD.name, "bench")

        def bare() -> None:
            on.psql(f"\\copy {models.LANDING['transacciones'].table().fullname} from {path} with (format csv, header)")

        times: list[float] = []
        pair = [0.0, 0.0]
        rounds = []
        for _ in range(5):
            for which, work in enumerate((ours, bare)):
                on.sql(f"truncate {PARTITION}")
                pair[which] = seconds(work)
            rounds.append(tuple(pair))
        times = [sorted(values)[2] for values in zip(*rounds, strict=True)]
        rows = on.movements.rows
        return [
            Line(
                f"load {rows:,} rows into staging, checked and noted",
                f"{rows / times[0]:,.0f} rows/s",
                "bare \\copy of the file into the same table",
                f"{rows / times[1]:,.0f} rows/s",
                f"{times[1] / times[0]:.2f}",
                ">= 0.8",
            )
        ]


def measure_steps(folder: Path) -> list[Line]:
    scan = (
        "set max_parallel_workers_per_gather = 0; select count(*), sum(monto) from dw.hecho_transacciones "
        f"where fecha between '{MONTH.first}' and '{MONTH.last}'"
    )
    transform, build_view = (
        [step for step in steps.IN_ORDER if step.group == group and step is not steps.VIEWS]
        for group in ("transform", "build_view")
    )
    with bench(folder) as on:
        on.load()
        first = {step.name: seconds(lambda step=step: on.step(step)) for step in transform}
        *taken, bare_scan = alternate(
            *(lambda step=step: on.step(step) for step in build_view), lambda: on.sql(scan), rounds=3
        )
        with on.engine.begin() as connection:
            connection.exec_driver_sql(
                "insert into control.verificaciones values (%s, 'bench', true, 0, null, 'bench', true)", (MONTH.last,)
            )
        bare_copy = (
            f"\\copy (select * from mart.cliente_360_historico where fecha_corte = '{MONTH.last}' order by cliente_id) "
            f"to {folder / 'bare.csv'} with (format csv, header)"
        )
        exported, copied = alternate(
            lambda: export(on.engine, MONTH.last, WORLD.name, folder), lambda: on.psql(bare_copy), rounds=3
        )
        lines = [
            Line(
                name,
                f"{time:.2f} s",
                "one sequential scan of the same rows",
                f"{bare_scan:.2f} s",
                f"{time / bare_scan:.1f}",
            )
            for name, time in [*first.items(), *zip((step.name for step in build_view), taken, strict=True)]
        ]
        return [
            *lines,
            Line(
                "export of cliente_360 and the answers, twice, with dictionary",
                f"{exported:.2f} s",
                "bare \\copy (select ...) to of cliente_360",
                f"{copied:.2f} s",
                f"{exported / copied:.1f}",
            ),
        ]
