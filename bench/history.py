"""What a day's file costs after more and more history: one new file, then the contract; and a run with nothing new."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from bench.report import Line, seconds
from client360.ingest.contract import apply_contract
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.raw_load import load_raw_files
from client360.warehouse.migrate import migrate
from client360.warehouse.models import tables
from client360.warehouse.raw_schema import drop_raw_tables
from tools.local.server import embedded

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
class Cost:
    """Seconds of the contract for a day's file, rows that PostgreSQL read for it, seconds with nothing new, and bytes on disk of
    raw and of judged rows, with their indexes."""

    day: float
    read: int
    nothing: float
    raw: int
    judged: int


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


def costs(engine: Engine, folder: Path, days: int) -> Iterator[tuple[str, Cost]]:
    write_history(folder, days)
    with engine.begin() as connection:
        drop_raw_tables(connection)
        for table in tables():
            if table.schema in ("staging", "control"):
                connection.execute(text(f"truncate {table.fullname}"))
    _load(engine, folder)
    for name, feed in FEEDS.items():
        for back in range(NEW_DAYS):
            (folder / f"movimientos_{LAST - timedelta(back):%Y%m%d}.csv").unlink(missing_ok=True)
        with engine.begin() as connection:
            for table in ("entregas", "lecturas"):
                connection.execute(
                    text(f"delete from control.{table} where archivo like 'mov%' and archivo > :last"),
                    {"last": f"movimientos_{LAST - timedelta(NEW_DAYS):%Y%m%d}.csv"},
                )
        apply_contract(engine, feed, "bench", threshold=5)
        _publish(engine)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(
                text("vacuum")
            )  # what autovacuum does for long after so many new rows, and not once a day
        taken, read = [], []
        for back in reversed(range(NEW_DAYS)):
            write_day(folder, LAST - timedelta(back))
            _load(engine, folder)
            before = _rows_read(engine)
            taken.append(seconds(lambda feed=feed: apply_contract(engine, feed, "bench", threshold=5)))
            read.append(_rows_read(engine) - before)
            _publish(engine)
        nothing = seconds(lambda feed=feed: apply_contract(engine, feed, "bench", threshold=5))
        yield name, Cost(median(taken[1:]), int(median(read[1:])), nothing, *_bytes(engine))


def _load(engine: Engine, folder: Path) -> None:
    load_raw_files(engine, FEED, folder, changed_deliveries(engine, FEED, folder), "bench")


def _publish(engine: Engine) -> None:
    """Empty staging, as the transform step does."""
    with engine.begin() as connection:
        connection.execute(text("truncate staging.clientes, staging.transacciones"))


def _bytes(engine: Engine) -> tuple[int, int]:
    """Of raw rows, and of judged rows."""
    query = """
        select
            sum(pg_total_relation_size(oid)) filter (where relname !~ '^_'),
            sum(pg_total_relation_size(oid)) filter (where relname ~ '^_')
        from pg_class
        where relnamespace = 'crudo'::regnamespace and relkind = 'r'
    """
    with engine.connect() as connection:
        raw, judged = connection.execute(text(query)).one()
    return int(raw), int(judged)


def _rows_read(engine: Engine) -> int:
    with engine.connect() as connection:
        connection.execute(text("select pg_stat_force_next_flush()"))
    with engine.connect() as connection:
        query = "select tup_returned + tup_fetched from pg_stat_database where datname = current_database()"
        return int(connection.scalar(text(query)) or 0)


def _megabytes(size: int) -> str:
    return f"{size / (DAYS_OF_HISTORY[-1] + NEW_DAYS) / ROWS_OF_A_DAY:.0f} MB"


def measure(folder: Path) -> list[Line]:
    folder.mkdir()
    folder.chmod(0o755)  # for the user who runs PostgreSQL for root
    found: dict[str, list[Cost]] = {}
    with embedded(folder / "postgres") as server:
        engine = create_engine(server.url("client360", "postgresql+psycopg"), poolclass=NullPool)
        migrate(engine)
        for days in DAYS_OF_HISTORY:
            for name, cost in costs(engine, folder / str(days), days):
                found.setdefault(name, []).append(cost)
    least, most = (f"{days * ROWS_OF_A_DAY:,}" for days in (DAYS_OF_HISTORY[0], DAYS_OF_HISTORY[-1]))
    lines = []
    for name, at in found.items():
        lines += [
            Line(
                f"a day of {ROWS_OF_A_DAY:,} rows, {name}, after {most} rows",
                f"{at[-1].day:.2f} s",
                f"after {least}",
                f"{at[0].day:.2f} s",
                f"{at[-1].day / at[0].day:.2f}",
                "<= 1.3",
            ),
            Line(
                "rows that PostgreSQL reads for it",
                f"{at[-1].read:,}",
                f"after {least}",
                f"{at[0].read:,}",
                f"{at[-1].read / at[0].read:.2f}",
                "<= 1.3",
            ),
            Line(f"a run with nothing new after {most} rows", f"{at[-1].nothing:.2f} s", goal="< 2 s"),
            Line(
                "judged rows on disk, with indexes, for a million rows",
                _megabytes(at[-1].judged),
                "raw rows",
                _megabytes(at[-1].raw),
                f"{at[-1].judged / at[-1].raw:.2f}",
            ),
        ]
    return lines
