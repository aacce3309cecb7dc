"""The steps inside PostgreSQL, each beside its bare minimum on the same rows and server."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import sqlparse
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from bench.report import Line, alternate, seconds
from client360 import folders, models
from client360.export import export
from client360.landing import LandingFile, generate
from client360.load import load
from client360.local.server import Server, embedded
from client360.migrate import migrate
from client360.planning import Chunk, Request, prepare
from client360.world import World

WORLD = World(clientes=20_000, inicio=date(2025, 1, 1))
MONTH = Chunk(date(2025, 1, 1), date(2025, 1, 31))
TRANSFORM = (
    "transform/dim_cliente",
    "transform/dim_producto",
    "transform/dim_campania",
    "transform/hecho_transacciones",
    "transform/hecho_ventas",
    "transform/hecho_contactos",
    "transform/hecho_stock",
    "transform/hecho_envios",
)
BUILD_VIEW = (
    "build_view/gasto_mensual",
    "build_view/stock_mensual",
    "build_view/cliente_360_historico",
    "build_view/productos_mas_vendidos",
    "build_view/clientes_nuevos_recurrentes",
    "build_view/rotacion_stock",
    "build_view/demoras_logisticas",
    "build_view/impacto_campanias",
    "build_view/rentabilidad_mensual",
    "build_view/distribucion_geografica",
)
PARTITION = "staging.transacciones_202501"


@dataclass(frozen=True)
class Bench:
    server: Server
    engine: Engine
    folder: Path
    files: list[LandingFile]

    @property
    def movements(self) -> LandingFile:
        return next(file for file in self.files if file.entidad == "transacciones")

    def sql(self, text: str, parameters: dict[str, object] | None = None) -> None:
        """Run statements in one transaction, as the DAG's operator does."""
        with psycopg.connect(self.server.url("client360")) as connection:
            for statement in sqlparse.split(text):
                connection.execute(statement, parameters)

    def file(self, name: str) -> None:
        days = {
            "desde": MONTH.desde,
            "hasta": MONTH.hasta,
            "fecha": MONTH.hasta,
            "inicio": MONTH.desde,
            "mundo": WORLD.name,
            "entidades": list(models.LANDING),
        }
        self.sql((folders.SQL / f"{name}.sql").read_text(), days)

    def psql(self, command: str) -> None:
        subprocess.run(
            [self.server.programs / "psql", "--quiet", "--command", command, self.server.url("client360")], check=True
        )

    def load(self) -> None:
        for file in self.files:
            load(self.engine, file, self.folder, WORLD.name, "bench")


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    files = generate(WORLD, [MONTH], folder)
    with embedded(folder / "postgres") as server:
        engine = create_engine(server.url("client360", "postgresql+psycopg"), poolclass=NullPool)
        migrate(engine)
        prepare(engine, Request(MONTH.hasta, WORLD))
        yield Bench(server, engine, folder, files)


def measure_load(folder: Path) -> list[Line]:
    with bench(folder) as on:
        path = folder / on.movements.archivo

        def ours() -> None:
            load(on.engine, on.movements, folder, WORLD.name, "bench")

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
        rows = on.movements.filas
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
        f"where fecha between '{MONTH.desde}' and '{MONTH.hasta}'"
    )
    with bench(folder) as on:
        on.load()
        first = {name: seconds(lambda name=name: on.file(name)) for name in TRANSFORM}
        *taken, bare_scan = alternate(
            *(lambda name=name: on.file(name) for name in BUILD_VIEW), lambda: on.sql(scan), rounds=3
        )
        with on.engine.begin() as connection:
            connection.exec_driver_sql(
                "insert into control.verificaciones values (%s, 'bench', true, 0, null, 'bench')", (MONTH.hasta,)
            )
        bare_copy = (
            f"\\copy (select * from mart.cliente_360_historico where fecha_corte = '{MONTH.hasta}' order by cliente_id) "
            f"to {folder / 'bare.csv'} with (format csv, header)"
        )
        exported, copied = alternate(
            lambda: export(on.engine, MONTH.hasta, WORLD.name, folder), lambda: on.psql(bare_copy), rounds=3
        )
        lines = [
            Line(
                name,
                f"{time:.2f} s",
                "one sequential scan of the same rows",
                f"{bare_scan:.2f} s",
                f"{time / bare_scan:.1f}",
            )
            for name, time in [*first.items(), *zip(BUILD_VIEW, taken, strict=True)]
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
