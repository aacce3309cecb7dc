"""What people read goes on when a replacement takes the warehouse's place in the middle of a query."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from client360.warehouse.databases import Replacement
from reading import frames, warehouse
from tools.local.server import Server

SLOW = "select count(cast(pg_sleep(3600) as text)) as filas from dw.dim_provincia"


@pytest.fixture
def slow_then_replaced(
    server: Server, warehouse: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> threading.Thread:
    """A query that never ends in the warehouse that is there and has no rows to wait for in its replacement, which takes over
    meanwhile."""
    (tmp_path / "lenta.sql").write_text(SLOW)
    monkeypatch.setattr("reading.warehouse.SQL", tmp_path)
    for name, value in {"PGHOST": str(server.socket), "PGUSER": "postgres", "PGDATABASE": "warehouse"}.items():
        monkeypatch.setenv(name, value)
    with warehouse.begin() as connection:
        connection.exec_driver_sql(
            'insert into dw.dim_provincia select * from json_populate_record(null::dw.dim_provincia, \'{"provincia": "x"}\')'
        )
    maintenance = create_engine(server.url("postgres", "postgresql+psycopg"), poolclass=NullPool)
    new = Replacement("warehouse", "run")
    new.create(maintenance, warehouse)
    with psycopg.connect(server.url(new.building)) as building:
        building.execute("create schema dw; create table dw.dim_provincia ()")

    def take_over() -> None:
        reading = "select 1 from pg_stat_activity where datname = 'warehouse' and query like '%pg_sleep(3600)%'"
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            while not admin.execute(reading).fetchone():
                time.sleep(0.05)
        new.take_over(maintenance)

    thread = threading.Thread(target=take_over, daemon=True)
    thread.start()
    return thread


def test_a_reader_whose_query_is_interrupted_by_a_replacement_reads_that(slow_then_replaced: threading.Thread) -> None:
    assert frames.read("lenta")["filas"].tolist() == [0]
    slow_then_replaced.join()


def test_without_another_try_the_reader_is_told(slow_then_replaced: threading.Thread) -> None:
    with pytest.raises(warehouse.Interrupted), warehouse.connect() as connection:
        warehouse.read(connection, "lenta")
    slow_then_replaced.join()


@pytest.fixture
def renamed(server: Server, warehouse: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The warehouse between two names, until a reader has paused once; the list gets the pauses."""
    pauses: list[int] = []

    def rename(old: str, new: str) -> None:
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            admin.execute(f"alter database {old} rename to {new}".encode())

    def pause(seconds: int) -> None:
        pauses.append(seconds)
        if len(pauses) == 1:
            rename("between", "warehouse")

    monkeypatch.setattr("reading.warehouse.time.sleep", pause)
    for name, value in {"PGHOST": str(server.socket), "PGUSER": "postgres", "PGDATABASE": "warehouse"}.items():
        monkeypatch.setenv(name, value)
    rename("warehouse", "between")
    yield pauses
    if not pauses:
        rename("between", "warehouse")


def test_a_reader_who_connects_while_the_name_changes_hands_is_let_in_a_moment_later(renamed: list[int]) -> None:
    assert frames.read("calidad").empty
    assert len(renamed) == 1


def test_a_server_that_is_not_there_is_not_tried_again(renamed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "/nonexistent")
    with pytest.raises(warehouse.Unreachable):
        frames.read("calidad")
    assert not renamed
