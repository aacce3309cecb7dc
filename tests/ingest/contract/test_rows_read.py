"""What a small file makes PostgreSQL read, however many customers and codes there are."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from raw_feed import CLIENTES, CONTRACT, PRODUCTOS, TRANSACCIONES, Raw
from sqlalchemy import Connection, Engine, text

from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import RawFile

KNOWN, OF_THE_DAY = 4000, 400
MOVEMENTS = """
    select t._archivo, t._linea, transaccion_id, t.fecha, cliente_id, 'transferencia' as tipo_transaccion, 10.50 as monto
    from crudo.transacciones as t
"""
WITH_LOOKUP = f"{MOVEMENTS.replace('10.50', 'p.precio')} left join crudo.productos as p on t.monto = p.producto_id"
THAT_A_LOOKUP_HAS = f"{MOVEMENTS} where exists (select from crudo.productos as p where t.monto = p.producto_id)"
READ = "select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relid = to_regclass(:t)"
NUMBERS = "generate_series((:first)::integer, :last) as n"
REFERRED_TO = ("crudo._conocidos_clientes", "crudo._conocidos_ventas", "crudo.productos_filas")
LINES = {
    "clientes": (
        CLIENTES,
        f"select n, 'C' || n, '2025-01-01', 'Salta', '2025-01-01', '' from {NUMBERS}",
    ),
    "productos": (
        PRODUCTOS,
        f"select n, 'P' || n, '2025-01-01', 'hogar', '10.50', '2025-01-01' from {NUMBERS}",
    ),
    "transacciones": (
        TRANSACCIONES,
        f"select n, 'T' || n, '2025-01-05', 'C' || n % {KNOWN}, 'x', 'P' || n % {KNOWN}, '' from {NUMBERS}",
    ),
}


def bank() -> Feed:
    files: dict[str, RawFile] = {**CONTRACT.files}
    files["productos"] = files["productos"].model_copy(update={"lookup": True})
    mapping = {name: select for name, select in CONTRACT.mapping.items() if name != "productos"}
    return replace(CONTRACT, files=files, mapping=mapping)


@pytest.fixture
def deliver(warehouse: Engine) -> Callable[..., Raw]:
    raw = Raw(warehouse, bank())

    def lines(kind: str, first: int, last: int) -> Raw:
        header, select = LINES[kind]
        name = raw.deliver(kind, header, "", name=f"{kind}_{first}.csv")
        into = f"insert into crudo.{kind}_filas (_linea, {header}, _entrega)"
        number = "(select entrega from control.entregas where archivo = :name)"
        with warehouse.begin() as connection:
            connection.execute(
                text(f"{into} select rows.*, {number} from ({select}) as rows"),
                {"first": first, "last": last, "name": name},
            )
            counts = "update control.entregas set lineas = :n, leidas = :n, sha256 = :name where archivo = :name"
            connection.execute(text(counts), {"n": last - first + 1, "name": name})
        return raw

    return lines


@pytest.mark.parametrize(
    "select", [MOVEMENTS, WITH_LOOKUP, THAT_A_LOOKUP_HAS], ids=["plain", "with a lookup", "that a lookup has"]
)
def test_a_file_that_came_after_the_statistics_reads_what_it_refers_to_once(
    deliver: Callable[..., Raw], select: str
) -> None:
    """PostgreSQL takes the rows of a delivery that no statistics have seen for one, for which it may read the other side of a
    join whole. It does so where the pages of the file cost so much that the joins make no difference."""
    deliver("clientes", 0, KNOWN - 1)
    deliver("productos", 0, KNOWN - 1)
    deliver("transacciones", 1, KNOWN)
    raw = deliver("transacciones", KNOWN + 1, 2 * KNOWN)
    raw.feed = replace(raw.feed, mapping=raw.feed.mapping | {"transacciones": select})
    raw.apply_contract(rebuild=False)
    with raw.engine.begin() as connection:
        for setting in ("seq_page_cost", "random_page_cost"):
            connection.execute(text(f"alter database {raw.engine.url.database} set {setting} = 1000"))
    deliver("transacciones", 2 * KNOWN + 1, 2 * KNOWN + OF_THE_DAY)
    with raw.engine.connect() as connection:
        before = rows_read(connection)
        raw.apply_contract(rebuild=False)
        read = {table: count - before[table] for table, count in rows_read(connection).items()}
    assert max(read.values()) <= 4 * KNOWN, read
    assert raw.query("select count(*) from staging.transacciones where monto = 10.50") == [(2 * KNOWN + OF_THE_DAY,)]


def rows_read(connection: Connection) -> dict[str, int]:
    """Of the tables that movements refer to, so far."""
    connection.execute(text("select pg_stat_force_next_flush()"))
    connection.commit()
    return {table: int(connection.scalar(text(READ), {"t": table}) or 0) for table in REFERRED_TO}
