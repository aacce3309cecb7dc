"""Retention as the DAG's last task: what stays has the bytes that it has without it, and what is gone can be run again."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from client360.warehouse.models import tables

WORLD = {"clientes": 40, "inicio": "2026-06-01", "semilla": 11}
OLD, LAST_OF_OLD, NEWEST = date(2026, 7, 9), date(2026, 7, 20), date(2026, 9, 10)
DAYS = [OLD, LAST_OF_OLD, NEWEST]
ALL = {"conservar": 1, "limpiar": True}
NONE = {"conservar": 0, "limpiar": False}
"""The DAG keeps what the run before it was given."""


def published(data: Path) -> dict[str, bytes]:
    processed = data / "processed"
    return {
        path.relative_to(processed).as_posix(): path.read_bytes() for path in processed.rglob("*") if path.is_file()
    }


def without(files: dict[str, bytes], day: date) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if not name.startswith(f"fecha={day}/")}


def landed(data: Path) -> set[Path]:
    return {path for path in (data / "raw").rglob("*") if path.is_file()}


def rows(warehouse: Engine) -> dict[str, list[dict]]:
    """The rows of all tables that say nothing of the run that wrote them."""
    with warehouse.connect() as connection:
        return {
            table.fullname: sorted(map(dict, connection.execute(table.select()).mappings()), key=repr)
            for table in tables()
            if table.schema in ("staging", "dw", "mart")
        }


def a_day_later(warehouse: Engine, data: Path) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("update control.verificaciones set momento = momento - interval '25 hours'"))
    for path in landed(data):
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - timedelta(hours=25).total_seconds()))


def test_what_is_kept_no_longer_goes_a_day_after_it_was_made_and_comes_again_when_it_is_run(
    run: Callable[..., str], data: Path, warehouse: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    for day in DAYS:
        assert run(day, **WORLD) == "success"
    files, everything, raw = published(data), rows(warehouse), landed(data)
    a_day_later(warehouse, data)
    assert run(NEWEST, **WORLD) == "success"
    assert (published(data), raw - landed(data)) == (files, set()), "something went, and nobody asked for that"

    a_day_later(warehouse, data)
    assert run(NEWEST, **WORLD, **ALL) == "success"
    kept = without(files, OLD)
    assert published(data) == kept
    assert not raw & landed(data)
    assert {path.name.partition("2026")[2] for path in landed(data)} == {"-09-10.csv", "-09-10.json"}
    now = rows(warehouse)
    for name, before in everything.items():
        assert now[name] == [each for each in before if each.get("fecha_corte") != OLD], name
    assert now["mart.cliente_360_historico"] != everything["mart.cliente_360_historico"]

    # what a later run needs is there: the day again, and the next one
    a_day_later(warehouse, data)
    caplog.clear()
    assert run(OLD, **WORLD, **ALL) == "success"
    assert published(data) == files, "the day that was asked for is not there as it was"
    assert rows(warehouse) == everything
    assert f"{OLD} to {OLD}: 1 days from before 2026-08-01 were run within a day, and stay so long" in caplog.text
    a_day_later(warehouse, data)
    following = NEWEST + timedelta(days=1)
    assert run(following, **WORLD, **ALL) == "success"
    with_following = published(data)
    assert with_following.keys() - kept.keys() == {name for name in with_following if f"fecha={following}/" in name}
    assert without(with_following, following).keys() == kept.keys()

    for path in (data / "processed").rglob("*.csv"):
        path.unlink()
    with warehouse.begin() as connection:
        connection.execute(text(f"truncate {', '.join(table.fullname for table in tables())}"))
    assert run(following, **WORLD, **NONE) == "success"
    of_following = {
        name: content for name, content in with_following.items() if f"{following}" in name or "/" not in name
    }
    assert {name: published(data)[name] for name in of_following} == of_following


def test_a_run_that_replaces_the_warehouse_thins_the_files_of_the_same_world(
    run: Callable[..., str], data: Path, warehouse: Engine
) -> None:
    for day in DAYS[:2]:
        assert run(day, **WORLD) == "success"
    assert run(NEWEST, **WORLD, **ALL, reemplazar=True) == "success"
    folders = sorted(path.name for path in (data / "processed").glob("fecha=*"))
    assert folders == [f"fecha={day}" for day in (LAST_OF_OLD, NEWEST)]


def test_files_of_a_feed_stay_whatever_is_asked(run: Callable[..., str], data: Path, warehouse: Engine) -> None:
    assert run(NEWEST, **{**WORLD, "suciedad": 0.02}, **ALL) == "success"
    written = sorted(path for path in data.rglob("*") if path.is_file())
    for path in written:
        os.utime(path, (0, 0))
    assert run(NEWEST, **{**WORLD, "suciedad": 0.02}, **ALL) == "success"
    assert sorted(path for path in data.rglob("*") if path.is_file()) == written
