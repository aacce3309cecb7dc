"""The newest published day, which people read all day: through its view, and as a materialized view would hold it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from bench.report import Line, alternate, seconds
from bench.whole import Stack
from tools.local.server import embedded

CUSTOMERS, INICIO, LAST = 20_000, date(2026, 10, 1), date(2026, 10, 31)
QUESTIONS = {
    "customers by province": "select provincia, count(*), avg(gasto_mensual_promedio) from {} group by provincia",
    "one customer": "select * from {} where cliente_id = 'C000000777'",
    "all customers": "select * from {}",
}


def measure(folder: Path) -> list[Line]:
    stack = Stack(folder)
    stack.run(FECHA=LAST, CLIENTES=CUSTOMERS, INICIO=INICIO)
    with embedded(folder / "local" / "postgres") as server:
        engine = create_engine(server.url("client360", "postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            _publish_all_days(connection)
            connection.execute(text("create materialized view mart.guardada as select * from mart.cliente_360"))
            connection.execute(text("create unique index on mart.guardada (cliente_id)"))
            connection.execute(text("vacuum analyze"))
            lines = list(_beside(connection))
            refresh = text("refresh materialized view concurrently mart.guardada")
            taken = seconds(lambda: connection.execute(refresh))
            lines.append(Line("refresh concurrently, where nothing has changed", f"{taken * 1000:.0f} ms"))
    return lines


def _publish_all_days(connection: Connection) -> None:
    """Each day of the month before the newest one has the same customers, one day after the other, as runs write them."""
    columns = connection.scalar(
        text(
            "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute where attnum > 0 "
            "and attrelid = 'mart.cliente_360_historico'::regclass and attname <> 'fecha_corte'"
        )
    )
    first = INICIO
    while first < LAST:
        connection.execute(
            text(
                f"insert into mart.cliente_360_historico ({columns}, fecha_corte) "
                f"select {columns}, :day from mart.cliente_360_historico where fecha_corte = :last"
            ),
            {"day": first, "last": LAST},
        )
        first += timedelta(days=1)


def _beside(connection: Connection) -> list[Line]:
    def reads(question: str, relation: str) -> Callable[[], object]:
        return lambda: connection.execute(text(question.format(relation))).all()

    lines = []
    for what, question in QUESTIONS.items():
        view, kept = alternate(reads(question, "mart.cliente_360"), reads(question, "mart.guardada"), rounds=9)
        lines.append(
            Line(
                f"{what}, of {CUSTOMERS:,}, 31 days published",
                f"{view * 1000:.1f} ms",
                "as a materialized view",
                f"{kept * 1000:.1f} ms",
                f"{view / kept:.2f}",
            )
        )
    return lines
