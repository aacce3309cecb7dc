"""Statistics are made where rows were made."""

from datetime import date

import pytest
from sqlalchemy import Engine, text

from client360.run.step_runner import run_step
from client360.run.steps import BY_NAME
from client360.warehouse.partitions import create_partitions
from client360.warehouse.statistics import refresh_statistics

STALE = text("select cast(tabla as text) from control.stale_statistics() as tabla")
ANALYZED = text("select reltuples from pg_class where oid = cast(:table as regclass)")
NOTED = text(
    "insert into control.cargas select 'clientes', date '2025-01-01' + n, 0, 0, '', '', '', '', 'dw', 'dw' "
    "from generate_series(cast(:first as integer), cast(:last as integer)) as n"
)
STAGED = text(
    "insert into staging.clientes (cliente_id, fecha, fecha_alta) "
    "select 'C' || n, date '2025-01-01', date '2025-01-01' from generate_series(1, 1000) as n"
)


@pytest.fixture
def quiet(warehouse: Engine) -> Engine:
    """A warehouse that nothing but itself analyses."""
    with warehouse.begin() as connection:
        create_partitions(connection, [date(2025, 1, 1)])
        for table in ("control.cargas", "staging.clientes_202501"):
            connection.execute(text(f"alter table {table} set (autovacuum_enabled = off)"))
    refresh_statistics(warehouse)
    return warehouse


def write(engine: Engine, statement: object, **values: int) -> None:
    with engine.begin() as connection:
        connection.execute(statement, values)


def stale(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(STALE))


def rows_known(engine: Engine, table: str) -> float:
    with engine.connect() as connection:
        return connection.scalar(ANALYZED, {"table": table})


def test_what_was_filled_is_analysed_and_nothing_else(quiet: Engine) -> None:
    write(quiet, NOTED, first=1, last=1000)
    write(quiet, STAGED)
    refresh_statistics(quiet)
    assert rows_known(quiet, "control.cargas") == 1000
    assert rows_known(quiet, "staging.clientes_202501") == 1000
    assert rows_known(quiet, "staging.ventas_202501") <= 0
    assert stale(quiet) == set()


@pytest.mark.parametrize(
    ("statement", "again"),
    [
        ("update control.cargas set capa = 'staging' where fecha < '2025-10-01'", True),
        ("delete from control.cargas where fecha < '2026-01-01'", True),
        ("update control.cargas set capa = 'staging' where fecha < '2025-02-01'", False),
    ],
)
def test_rows_that_change_count_too_where_they_are_many(statement: str, again: bool, quiet: Engine) -> None:
    write(quiet, NOTED, first=1, last=1000)
    refresh_statistics(quiet)
    with quiet.connect() as connection, connection.begin():
        connection.execute(text(statement))
        connection.execute(text("select pg_stat_force_next_flush()"))
    assert stale(quiet) == ({"control.cargas"} if again else set())


def test_half_of_a_table_that_was_analysed_is_not_taken_for_all_of_it(quiet: Engine) -> None:
    write(quiet, NOTED, first=1, last=500)
    refresh_statistics(quiet)
    assert rows_known(quiet, "control.cargas") == 500
    write(quiet, NOTED, first=501, last=1500)
    refresh_statistics(quiet)
    assert rows_known(quiet, "control.cargas") == 1500


def test_a_transaction_sees_what_it_has_filled_itself(quiet: Engine) -> None:
    with quiet.begin() as connection:
        connection.execute(NOTED, {"first": 1, "last": 1000})
        connection.execute(text("select control.analyze_grown('control.cargas')"))
        assert connection.scalar(ANALYZED, {"table": "control.cargas"}) == 1000


def test_a_table_that_another_run_analyses_is_not_waited_for(quiet: Engine) -> None:
    write(quiet, NOTED, first=1, last=1000)
    write(quiet, text("alter database warehouse set lock_timeout = '1s'"))  # whoever waits fails
    with quiet.begin() as connection:
        connection.execute(text("lock table control.cargas in share update exclusive mode"))
        refresh_statistics(quiet)
    assert rows_known(quiet, "control.cargas") <= 0


def test_what_others_are_writing_is_left_to_them(quiet: Engine) -> None:
    """Of their rows nobody else sees any yet: the table would be known for pages without rows."""
    write(quiet, STAGED)
    refresh_statistics(quiet)
    with quiet.begin() as connection:
        connection.execute(text("update staging.clientes set nombre = 'Ada'"))
        refresh_statistics(quiet)
        assert connection.scalar(
            text("select relpages from pg_class where relname = 'clientes_202501'")
        ) == connection.scalar(text("select pg_relation_size('staging.clientes_202501') / 8192 / 2"))
        connection.execute(NOTED, {"first": 1, "last": 1000})
    refresh_statistics(quiet)
    assert stale(quiet) == set()
    assert rows_known(quiet, "control.cargas") == 1000


@pytest.mark.parametrize("filled_before", [True, False])
def test_a_dimension_whose_pages_are_known_for_empty_is_read_a_few_times(quiet: Engine, filled_before: bool) -> None:
    """Somebody analysed it while it was filled; or all its rows were deleted, and come again."""
    number = 3000
    with quiet.begin() as connection:
        connection.execute(
            text(
                "insert into staging.clientes (cliente_id, fecha, fecha_alta, provincia) "
                "select 'C' || n, date '2025-01-01' + day, date '2025-01-01', day "
                "from generate_series(1, :number) as n, generate_series(0, 1) as day"
            ),
            {"number": number},
        )
        for day in (1, 2):
            connection.execute(
                text(
                    "insert into control.cargas values "
                    "('clientes', cast(:day as date), :number, 0, '', '', '', '', 'staging', 'staging')"
                ),
                {"day": f"2025-01-0{day}", "number": number},
            )
        if filled_before:
            connection.execute(text("alter table dw.dim_cliente set (autovacuum_enabled = off)"))
            connection.execute(
                text(
                    "insert into dw.dim_cliente (cliente_id, vigente_desde, vigente_hasta, fecha_alta) "
                    "select 'X' || n, date '2025-01-01', date '2025-02-01', date '2025-01-01' "
                    "from generate_series(1, :number) as n"
                ),
                {"number": number},
            )
            connection.execute(text("delete from dw.dim_cliente"))
    refresh_statistics(quiet)
    read = text(
        "select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname = 'dim_cliente'"
    )
    with quiet.connect() as connection:
        before = connection.scalar(read)
        connection.commit()
        run_step(connection, BY_NAME["transform/dim_cliente"], {"desde": date(2025, 1, 1), "hasta": date(2025, 1, 2)})
        connection.commit()
        connection.execute(text("select pg_stat_force_next_flush()"))
        connection.commit()
        assert connection.scalar(read) - before < 20 * number
        ended = "select count(*) from dw.dim_cliente where vigente_hasta = date '2025-01-02'"
        assert connection.scalar(text(ended)) == number
