"""A transaction that a reader forgot holds up neither a run nor a migration for long."""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from sqlalchemy import Engine, text

from client360.run.step_runner import run_step
from client360.run.steps import VIEWS
from client360.warehouse import migrate
from client360.warehouse.migrate import MigrationFailed
from client360.warehouse.partitions import create_partitions

IMPATIENT = text("set local lock_timeout = '1s'")


@pytest.fixture
def forgotten(warehouse: Engine) -> Iterator[psycopg.Connection]:
    """A reader's transaction that stays open, once the views are there."""
    with warehouse.begin() as connection:
        run_step(connection, VIEWS, {})
    with psycopg.connect(warehouse.url.render_as_string().replace("+psycopg", "")) as reader:
        reader.execute("select count(*) from mart.cliente_360")
        reader.execute("select count(*) from dw.hecho_transacciones")
        yield reader


def test_the_views_wait_for_no_reader(warehouse: Engine, forgotten: psycopg.Connection) -> None:
    with warehouse.begin() as connection:
        connection.execute(IMPATIENT)
        run_step(connection, VIEWS, {})


def test_a_new_month_waits_for_no_reader(warehouse: Engine, forgotten: psycopg.Connection) -> None:
    with warehouse.begin() as connection:
        connection.execute(IMPATIENT)
        create_partitions(connection, [date(2031, 5, 1)])
        attached = "select inhrelid::regclass::text from pg_inherits where inhrelid = 'dw.hecho_transacciones_203105'::regclass"
        assert connection.execute(text(attached)).scalar() == "dw.hecho_transacciones_203105"


def test_a_migration_gives_up_before_it_holds_up_other_readers(
    warehouse: Engine, forgotten: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("update control.alembic_version set version_num = '0004'"))
    monkeypatch.setattr(migrate, "PATIENCE", "100ms")
    with pytest.raises(MigrationFailed, match="lock timeout"):
        migrate.migrate(warehouse)
