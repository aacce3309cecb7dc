"""What a day's file costs after more and more history: one new file, then the contract; and a run with nothing new."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bench.report import Line, seconds
from client360.ingest.contract import apply_contract
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.raw_load import load_raw_files
from client360.warehouse.databases import create_database
from client360.warehouse.migrate import migrate
from tools.local.server import Server, embedded

LAST = date(2025, 12, 31)
ROWS_OF_A_DAY = 10_000
DAYS_OF_HISTORY = (10, 100, 1000)
CUSTOMERS = 10_000
SHOPS = 200
NEW_DAYS = 11
"""New files one after the other; the first makes the indexes by which the others look rows up."""
CLIENTS = (
    "select _archivo, _linea, cliente as cliente_id, desde as fecha, desde as fecha_alta, provincia from crudo.personas"
)
MOVEMENTS = """
    select _archivo, _linea, numero as transaccion_id, dia as fecha, cliente as cliente_id, importe as monto,
        'compra_tarjeta' as tipo_transaccion
    from crudo.movimientos
"""
WITH_LOOKUP = """
    select m._archivo, m._linea, m.numero as transaccion_id, m.dia as fecha, m.cliente as cliente_id, m.importe as monto,
        c.tipo as tipo_transaccion
    from crudo.movimientos as m left join crudo.comercios as c on m.comercio = c.comercio
"""
WITH_WINDOW = """
    select _archivo, _linea, orden || '-' || row_number() over (partition by orden order by _archivo, _linea) as transaccion_id,
        dia as fecha, cliente as cliente_id, importe as monto, 'compra_tarjeta' as tipo_transaccion
    from crudo.movimientos
"""
FEED = Feed(
    "banco",
    "AR",
    "ARS",
    5,
    {
        "personas": RawFile(name="personas.csv", dialect=Dialect()),
        "comercios": RawFile(name="comercios.csv", dialect=Dialect(), lookup=True),
        "movimientos": RawFile(name="movimientos_{%Y%m%d}.csv", dialect=Dialect()),
    },
    {"clientes": CLIENTS, "transacciones": MOVEMENTS},
    "feed banco",
)
FEEDS = {
    "row by row": FEED,
    "with a lookup": replace(FEED, mapping=FEED.mapping | {"transacciones": WITH_LOOKUP}),
    "numbered within orders": replace(
        FEED,
        mapping=FEED.mapping | {"transacciones": WITH_WINDOW},
        together={"transacciones": {"movimientos": ("orden",)}},
    ),
}


@dataclass(frozen=True)
class Day:
    """Seconds of the contract for a day's file, and the rows that PostgreSQL read for it."""

    seconds: float
    read: int


def write_day(folder: Path, day: date) -> None:
    first = (LAST - day).days * ROWS_OF_A_DAY
    lines = (
        f"M{number},O{number // 3},{day},C{number % CUSTOMERS},K{number % SHOPS},{number % 900 + 1}.50\n"
        for number in range(first, first + ROWS_OF_A_DAY)
    )
    path = folder / f"movimientos_{day:%Y%m%d}.csv"
    path.write_text("numero,orden,dia,cliente,comercio,importe\n" + "".join(lines))


def write_history(folder: Path, days: int) -> None:
    folder.mkdir()
    people = (f"C{number},1990-01-01,Salta\n" for number in range(CUSTOMERS))
    (folder / "personas.csv").write_text("cliente,desde,provincia\n" + "".join(people))
    shops = (f"K{number},compra_tarjeta\n" for number in range(SHOPS))
    (folder / "comercios.csv").write_text("comercio,tipo\n" + "".join(shops))
    for back in range(NEW_DAYS, NEW_DAYS + days):
        write_day(folder, LAST - timedelta(back))


class History:
    """A warehouse of its own, in which so many days were read before."""

    def __init__(self, server: Server, folder: Path, days: int) -> None:
        write_history(folder, days)
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            create_database(connection, f"history_{days}")
        self.folder = folder
        self.engine = create_engine(server.url(f"history_{days}", "postgresql+psycopg"), poolclass=NullPool)
        migrate(self.engine)
        self._load()

    def rewind(self, feed: Feed) -> None:
        """Let the feed judge the history, without the new days of another."""
        for back in range(NEW_DAYS):
            (self.folder / f"movimientos_{LAST - timedelta(back):%Y%m%d}.csv").unlink(missing_ok=True)
        with self.engine.begin() as connection:
            for table in ("entregas", "lecturas"):
                connection.execute(
                    text(f"delete from control.{table} where archivo like 'mov%' and archivo > :last"),
                    {"last": f"movimientos_{LAST - timedelta(NEW_DAYS):%Y%m%d}.csv"},
                )
        apply_contract(self.engine, feed, "bench", threshold=5)
        self._publish()
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # what autovacuum does for long after so many new rows, and not once a day
            connection.execute(text("vacuum"))

    def day(self, feed: Feed, back: int) -> Day:
        """What a new day costs, `back` days before the last one."""
        write_day(self.folder, LAST - timedelta(back))
        self._load()
        before = self._rows_read()
        taken = seconds(lambda: apply_contract(self.engine, feed, "bench", threshold=5))
        read = self._rows_read() - before
        self._publish()
        return Day(taken, read)

    def nothing(self, feed: Feed) -> float:
        """Seconds of a run without a new file."""
        return seconds(lambda: apply_contract(self.engine, feed, "bench", threshold=5))

    def sizes(self) -> tuple[int, int]:
        """Bytes on disk of raw rows, and of judged rows, with their indexes."""
        query = """
            select
                sum(pg_total_relation_size(oid)) filter (where relname !~ '^_'),
                sum(pg_total_relation_size(oid)) filter (where relname ~ '^_')
            from pg_class
            where relnamespace = 'crudo'::regnamespace and relkind = 'r'
        """
        with self.engine.connect() as connection:
            raw, judged = connection.execute(text(query)).one()
        return int(raw), int(judged)

    def _load(self) -> None:
        load_raw_files(self.engine, FEED, self.folder, changed_deliveries(self.engine, FEED, self.folder), "bench")

    def _publish(self) -> None:
        """Empty staging, as the transform step does."""
        with self.engine.begin() as connection:
            connection.execute(text("truncate staging.clientes, staging.transacciones"))

    def _rows_read(self) -> int:
        with self.engine.connect() as connection:
            connection.execute(text("select pg_stat_force_next_flush()"))
        with self.engine.connect() as connection:
            query = "select tup_returned + tup_fetched from pg_stat_database where datname = current_database()"
            return int(connection.scalar(text(query)) or 0)


def _megabytes(size: int) -> str:
    return f"{size / (DAYS_OF_HISTORY[-1] + NEW_DAYS) / ROWS_OF_A_DAY:.0f} MB"


def measure(folder: Path) -> list[Line]:
    lines: list[Line] = []
    with embedded(folder / "postgres") as server:
        histories = [History(server, folder / str(days), days) for days in DAYS_OF_HISTORY]
        for name, feed in FEEDS.items():
            for history in histories:
                history.rewind(feed)
            # in turns, so that a busy minute slows all of them
            days = [[history.day(feed, back) for history in histories] for back in reversed(range(NEW_DAYS))]
            lines += _compared(name, days[1:], histories[-1].nothing(feed), *histories[-1].sizes())
    return lines


def _compared(name: str, days: list[list[Day]], nothing: float, raw: int, judged: int) -> list[Line]:
    """The days after the longest history beside those after the shortest."""
    least, most = (f"{days * ROWS_OF_A_DAY:,}" for days in (DAYS_OF_HISTORY[0], DAYS_OF_HISTORY[-1]))
    shortest, longest = ([of_a_day[which] for of_a_day in days] for which in (0, -1))
    times = [median(day.seconds for day in found) for found in (shortest, longest)]
    ratio = median(long.seconds / short.seconds for short, long in zip(shortest, longest, strict=True))
    reads = [median(day.read for day in found) for found in (shortest, longest)]
    return [
        Line(
            f"a day of {ROWS_OF_A_DAY:,} rows, {name}, after {most} rows",
            f"{times[1]:.2f} s",
            f"after {least}",
            f"{times[0]:.2f} s",
            f"{ratio:.2f}",
            "<= 1.3",
        ),
        Line(
            "rows that PostgreSQL reads for it",
            f"{reads[1]:,.0f}",
            f"after {least}",
            f"{reads[0]:,.0f}",
            f"{reads[1] / reads[0]:.2f}",
            "<= 1.3",
        ),
        Line(f"a run with nothing new after {most} rows", f"{nothing:.2f} s", goal="< 2 s"),
        Line(
            "judged rows on disk, with indexes, for a million rows",
            _megabytes(judged),
            "raw rows",
            _megabytes(raw),
            f"{judged / raw:.2f}",
        ),
    ]
