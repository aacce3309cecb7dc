"""What a run that replaces the warehouse means to others, and what stops one, as tasks of the DAG meet it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

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
