"""What a run that replaces the warehouse means to others, and what stops one, as tasks of the DAG meet it."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from client360 import folders
from client360.load import dimensions
from tools.local.server import Server

WORLD = {"clientes": 20, "inicio": "2026-09-01", "semilla": 3}
FIRST, NEXT = date(2026, 9, 10), date(2026, 9, 12)


def test_a_run_never_goes_on_in_a_warehouse_that_was_replaced_even_by_one_of_the_same_source(
    run: Callable[..., str], data: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(FIRST, **WORLD) == "success"
    fill_dimensions = dimensions.fill_dimensions

    def replaced_meanwhile(*args: Any, **options: Any) -> int:
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            # as the replacement of another run would, if it had loaded the same days
            admin.execute("create database warehouse_built template warehouse")
            admin.execute("drop database warehouse")
            admin.execute("alter database warehouse_built rename to warehouse")
        return fill_dimensions(*args, **options)

    monkeypatch.setattr(dimensions, "fill_dimensions", replaced_meanwhile)
    assert run(NEXT, **WORLD) == "failed"
    assert not (data / "processed" / f"fecha={NEXT}").exists()
    monkeypatch.undo()


def held(server: Server) -> tuple[list, list]:
    """The sources that the warehouse holds, and the databases beside it."""
    with psycopg.connect(server.url("warehouse")) as connection:
        sources = connection.execute("select distinct mundo from control.cargas").fetchall()
        return sources, connection.execute("select 1 from pg_database where datname like 'warehouse\\__%'").fetchall()


@pytest.mark.parametrize("name", ["raw", "processed"])
def test_a_folder_that_can_not_be_written_to_stops_a_run_before_it_replaces_anything(
    run: Callable[..., str], data: Path, server: Server, name: str
) -> None:
    assert run(FIRST, **WORLD) == "success"
    before = held(server)
    (data / name).rename(data / "elsewhere")
    (data / name).symlink_to("/nonexistent/mount")
    assert run(FIRST, **{**WORLD, "clientes": 10}, reemplazar=True) == "failed"
    assert held(server) == before


def test_a_feed_of_which_too_much_is_rejected_replaces_nothing(
    run: Callable[..., str], data: Path, server: Server
) -> None:
    assert run(FIRST, **WORLD) == "success"
    before = held(server)[0]
    files = sorted((data / "processed").iterdir())
    shutil.copytree(folders.ROOT / "docs" / "examples" / "banco", data / "mine")
    with (data / "mine" / "transacciones.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"nobody,2025-01-{day},compra_tarjeta,1\n" for day in range(10, 28))
    asked = {"fuente": "banco_ejemplo", "entrada": "mine", "inicio": None, "reemplazar": True}
    assert run(date(2025, 6, 30), **asked, umbral=5) == "failed"
    assert held(server)[0] == before
    assert sorted((data / "processed").iterdir()) == files
    assert run(date(2025, 6, 30), **asked, umbral=100) == "success"
    assert held(server)[0] != before
