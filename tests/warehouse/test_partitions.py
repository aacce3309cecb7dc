"""A month that is new is filled first, then gets its key and is attached; one that is there gets its rows day by day."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text

from client360.run.step_runner import run_step
from client360.run.steps import BY_NAME
from client360.warehouse.models import dw
from client360.warehouse.partitions import AHEAD, create_partitions

STEP = BY_NAME["transform/hecho_transacciones"]
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
BOTH = {"desde": JANUARY, "hasta": date(2026, 2, 28)}
PARTS = text(
    "select inhrelid::regclass::text from pg_inherits where inhparent = 'dw.hecho_transacciones'::regclass order by 1"
)
FACTS = text("select fecha, transaccion_id, monto from dw.hecho_transacciones order by fecha, transaccion_id")


@pytest.fixture(autouse=True)
def ahead(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        create_partitions(connection, [JANUARY, FEBRUARY], AHEAD)


def deliver(warehouse: Engine, *days: date, amount: int = 1) -> None:
    """One movement for each day, as a load leaves it."""
    with warehouse.begin() as connection:
        for day in days:
            connection.execute(
                text(
                    "insert into staging.transacciones (transaccion_id, fecha, cliente_id, tipo_transaccion, monto) "
                    "values ('T' || cast(:day as date), :day, 'C', 'compra_tarjeta', :amount)"
                ),
                {"day": day, "amount": amount},
            )
            connection.execute(
                text(
                    "insert into control.cargas values ('transacciones', :day, 1, :amount, '', '', '', '', 'staging', 'staging') "
                    "on conflict (entidad, fecha) do update set capa = 'staging', suma = excluded.suma"
                ),
                {"day": day, "amount": amount},
            )


def move(warehouse: Engine, patience: str = "20s", **days: date) -> None:
    with warehouse.begin() as connection:
        connection.execute(text(f"set local statement_timeout = '{patience}'"))
        run_step(connection, STEP, BOTH | days)


def scalars(warehouse: Engine, statement: str) -> list:
    with warehouse.connect() as connection:
        return list(connection.scalars(text(statement)))


def parts(warehouse: Engine) -> list[str]:
    with warehouse.connect() as connection:
        return list(connection.scalars(PARTS))


def facts(warehouse: Engine) -> list[tuple]:
    with warehouse.connect() as connection:
        return [tuple(row) for row in connection.execute(FACTS)]


def test_only_months_with_days_that_wait_are_made(warehouse: Engine) -> None:
    move(warehouse)
    assert parts(warehouse) == []
    deliver(warehouse, date(2026, 2, 3))
    move(warehouse)
    assert parts(warehouse) == ["dw.hecho_transacciones_202602"]
    assert facts(warehouse) == [(date(2026, 2, 3), "T2026-02-03", 1)]


def test_a_month_that_was_filled_is_as_one_that_was_made_ahead(warehouse: Engine) -> None:
    deliver(warehouse, JANUARY)
    move(warehouse)
    with warehouse.begin() as connection:
        create_partitions(connection, [FEBRUARY], [dw.HechoTransacciones.table()])
    described = {
        month: scalars(
            warehouse,
            "select replace(concat_ws(' ', pg_get_indexdef(indexrelid), inhparent::regclass), "
            f"'{month}', '') from pg_index left join pg_inherits on indexrelid = inhrelid "
            f"where indrelid = 'dw.hecho_transacciones_{month}'::regclass order by 1",
        )
        for month in ("202601", "202602")
    }
    assert described["202601"] == described["202602"]
    (index,) = described["202601"]
    assert index.endswith("USING btree (cliente_id) dw.hecho_transacciones_cliente")


def test_days_that_come_later_or_again_join_the_month_that_is_there(warehouse: Engine) -> None:
    first, second = date(2026, 1, 10), date(2026, 1, 20)
    deliver(warehouse, second)
    move(warehouse)
    deliver(warehouse, first, FEBRUARY)
    deliver(warehouse, second, amount=7)
    move(warehouse)
    assert facts(warehouse) == [
        (first, f"T{first}", 1),
        (second, f"T{second}", 7),
        (FEBRUARY, f"T{FEBRUARY}", 1),
    ]
    assert scalars(warehouse, "select count(*) from staging.transacciones") == [0]
    assert scalars(warehouse, "select distinct capa from control.cargas") == ["dw"]


def test_a_step_that_fails_leaves_neither_month_nor_rows(warehouse: Engine) -> None:
    deliver(warehouse, JANUARY, FEBRUARY)
    with warehouse.connect() as other, other.begin():
        other.execute(
            text("lock table dw.hecho_transacciones in share update exclusive mode")
        )  # so nothing is attached
        with pytest.raises(Exception, match="statement timeout"):
            move(warehouse, patience="1s")
    assert (parts(warehouse), facts(warehouse)) == ([], [])
    assert scalars(warehouse, "select to_regclass('dw.hecho_transacciones_202601')") == [None]
    assert scalars(warehouse, "select count(*) from staging.transacciones") == [2]
    move(warehouse, hasta=date(2026, 1, 31))
    assert facts(warehouse) == [(JANUARY, f"T{JANUARY}", 1)]
    assert scalars(warehouse, "select count(*) from staging.transacciones") == [1]


@pytest.mark.parametrize("table", ["dw.hecho_transacciones", "staging.transacciones"])
def test_who_reads_all_of_a_table_holds_no_month_up(warehouse: Engine, table: str) -> None:
    deliver(warehouse, JANUARY)
    with psycopg.connect(warehouse.url.render_as_string().replace("+psycopg", "")) as reader:
        reader.execute(f"select count(*) from {table}".encode())
        move(warehouse)
        assert reader.execute(f"select count(*) from {table}".encode()).fetchone() == (1 if "dw" in table else 0,)
    assert len(facts(warehouse)) == 1


def test_a_month_of_staging_is_emptied_at_once_where_it_holds_no_other_day(warehouse: Engine) -> None:
    file = "select pg_relation_filenode('staging.transacciones_202601')"
    deliver(warehouse, JANUARY, date(2026, 1, 9))
    before = scalars(warehouse, file)
    move(warehouse, hasta=date(2026, 1, 5))
    assert scalars(warehouse, file) == before
    assert scalars(warehouse, "select fecha from staging.transacciones") == [date(2026, 1, 9)]
    move(warehouse)
    assert scalars(warehouse, file) != before
    assert scalars(warehouse, "select fecha from staging.transacciones") == []


def test_runs_that_fill_the_same_months_at_once_move_each_row_once(warehouse: Engine) -> None:
    deliver(warehouse, JANUARY, date(2026, 1, 9), FEBRUARY)
    days: list[Callable[[Connection], object]] = [
        lambda connection: run_step(connection, STEP, BOTH),
        lambda connection: run_step(connection, STEP, BOTH | {"desde": FEBRUARY}),
        lambda connection: run_step(connection, STEP, BOTH | {"hasta": date(2026, 1, 31)}),
    ]

    def run(step: Callable[[Connection], object]) -> None:
        with warehouse.begin() as connection:
            connection.execute(text("set local lock_timeout = '20s'"))
            step(connection)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, days * 2))
    assert [row[0] for row in facts(warehouse)] == [JANUARY, date(2026, 1, 9), FEBRUARY]
    assert parts(warehouse) == ["dw.hecho_transacciones_202601", "dw.hecho_transacciones_202602"]
