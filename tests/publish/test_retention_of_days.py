"""Retention: of old months the last published day stays, and landing files that are loaded go. Nothing else does."""

import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, delete, insert, text, update

from client360 import folders, manifest
from client360.days import DayRange
from client360.publish.export import export
from client360.publish.retention import first_daily, overdue, remove_landing_files, remove_published_days
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files
from client360.warehouse.models import EXPORTED, LANDING, Cortes, Verificaciones
from client360.warehouse.partitions import create_partitions
from reading import published
from reading import warehouse as warehouse_reader

OWNER, MONTHS = "feed x", 2
NEWEST = date(2026, 9, 20)
OLD = [date(2026, 5, 7), date(2026, 5, 20), date(2026, 6, 1), date(2026, 6, 12), date(2026, 6, 30)]
LAST = [date(2026, 5, 20), date(2026, 6, 30)]
"""Of their months."""
DAILY = [date(2026, 7, 1), date(2026, 8, 31), date(2026, 9, 19), NEWEST]
DAYS = [*OLD, *DAILY]
LONG_AGO = timedelta(days=2)
RECORDS = 200
"""Customers of a day."""


def row(model: Any, **values: Any) -> dict[str, Any]:
    """A row of the relation; what is required and not given is the least there can be."""
    least = {str: "x", int: 0, Decimal: 0, date: NEWEST, bool: False}
    required = {column.name: least[column.type.python_type] for column in model.table().columns if not column.nullable}
    return required | {name: value for name, value in values.items() if name in model.table().columns}


def check(connection: Connection, day: date, *, correct: bool = True, age: timedelta | None = LONG_AGO) -> None:
    """Have the day checked so long ago; None, by a version that did not note when."""
    connection.execute(delete(Verificaciones).where(Verificaciones.fecha_corte == day))
    checked = row(Verificaciones, fecha_corte=day, correcta=correct, detiene=True)
    connection.execute(insert(Verificaciones), checked)
    momento = None if age is None else text("now() - cast(:age as interval)").bindparams(age=age)
    connection.execute(update(Verificaciones).where(Verificaciones.fecha_corte == day).values(momento=momento))


def fill(connection: Connection, day: date) -> None:
    for name, model in EXPORTED.items():
        for number in range(RECORDS if name == "cliente_360" else 1):
            values = {"cliente_id": f"C{number:04}", "edad": day.day, "fecha_corte": day}
            connection.execute(insert(model), row(model, **values))


def publish(warehouse: Engine, data: Path, *days: date, owner: str = OWNER) -> None:
    with warehouse.begin() as connection:
        create_partitions(connection, {day.replace(day=1) for day in days})
        for day in days:
            fill(connection, day)
            connection.execute(delete(Cortes).where(Cortes.fecha_corte == day))
            connection.execute(insert(Cortes).values(fecha_corte=day, inicio=NEWEST, pais="AR", entidades=[]))
            check(connection, day)
    for day in days:
        export(warehouse, day, owner, data)


@pytest.fixture
def full(warehouse: Engine, data: Path) -> Engine:
    """A warehouse with published days, and their files."""
    publish(warehouse, data, *DAYS)
    return warehouse


def content(warehouse: Engine, data: Path) -> dict[str, dict[str, Any]]:
    """What there is of each day, by day: rows of each relation, and bytes of each file; what is of no day, under ''."""
    found: dict[str, dict[str, Any]] = {}
    with warehouse.connect() as connection:
        for model in EXPORTED.values():
            name = model.table().fullname
            for each in connection.execute(text(f"select * from {name} order by 1, fecha_corte")).mappings():
                found.setdefault(str(each["fecha_corte"]), {}).setdefault(name, []).append(dict(each))
        for day in connection.scalars(text("select fecha_corte from control.verificaciones")):
            found.setdefault(str(day), {})["checked"] = True
        for day in connection.scalars(text("select fecha_corte from control.cortes")):
            found.setdefault(str(day), {})["computed"] = True
    for path in (path for path in data.rglob("*") if path.is_file()):
        day = path.parent.name.partition("fecha=")[2]
        found.setdefault(day, {})[path.relative_to(data).as_posix()] = path.read_bytes()
    return found


def kept(before: dict[str, Any], days: Collection[date]) -> dict[str, Any]:
    return {day: what for day, what in before.items() if day in {"", *map(str, days)}}


def test_the_months_before_those_that_are_daily_keep_their_last_published_day_and_what_stays_stays_as_it_was(
    full: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = content(full, data)
    assert {len(of_day) for day, of_day in before.items() if day} == {len(EXPORTED) * 2 + 4}
    removed = remove_published_days(full, OWNER, data, MONTHS)
    assert removed == [day for day in OLD if day not in LAST]
    assert content(full, data) == kept(before, [*LAST, *DAILY])
    rows = RECORDS + len(EXPORTED) - 1
    assert f"removed: mart: 2026-05-07 to 2026-05-07, 1 days, {rows:,} rows, " in caplog.text
    assert f"removed: mart: 2026-06-01 to 2026-06-12, 2 days, {2 * rows:,} rows, " in caplog.text
    files = len(EXPORTED) + 2
    assert f"removed: processed: {OWNER}, 2026-05-07 to 2026-06-12, {3 * files} files, " in caplog.text
    caplog.clear()
    with caplog.at_level(logging.INFO):
        assert remove_published_days(full, OWNER, data, MONTHS) == []
    assert "No published day is to be removed: from 2026-07-01 on all are kept" in caplog.text
    assert "removed: " not in caplog.text.replace("be removed: from", "")


def test_readers_are_offered_the_days_that_are_left(full: Engine, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_published_days(full, OWNER, data, MONTHS)
    with session(full) as connection:
        assert [day.fecha for day in warehouse_reader.days(connection)] == sorted([*LAST, *DAILY], reverse=True)
    monkeypatch.delenv("PGHOST", raising=False)
    assert published.files(None).fecha == NEWEST
    assert len(published.files(LAST[0]).read("cliente_360")) == RECORDS
    with pytest.raises(published.NotPublished, match=f"{OLD[0]} is not published: make run FECHA={OLD[0]}"):
        published.files(OLD[0])


def test_it_is_off_unless_it_is_asked_for(full: Engine, data: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = content(full, data)
    with caplog.at_level(logging.INFO):
        assert remove_published_days(full, OWNER, data, 0) == []
    assert content(full, data) == before
    assert "No published day is removed: conservar is 0" in caplog.text


@pytest.mark.parametrize(
    ("newest", "months", "since"),
    [
        ("2026-11-20", 13, "2025-10-01"),
        ("2026-12-31", 13, "2025-11-01"),
        ("2027-01-01", 13, "2025-12-01"),
        ("2027-01-31", 1, "2026-12-01"),
        ("2099-12-31", 1320, "1989-12-01"),
    ],
)
def test_so_many_whole_months_before_that_of_the_newest_day_are_daily(newest: str, months: int, since: str) -> None:
    assert first_daily(date.fromisoformat(newest), months) == date.fromisoformat(since)


def test_a_day_goes_only_for_a_later_one_of_its_month_that_stays() -> None:
    first, mid, last = date(2026, 5, 1), date(2026, 5, 15), date(2026, 5, 31)
    since = date(2026, 6, 1)
    assert overdue([last, first, mid], [mid, last, first], since) == [first, mid]
    assert overdue([first, mid, last], [mid], since) == [first]
    assert overdue([first, mid], [], since) == []
    assert overdue([first], [first, date(2026, 6, 30)], since) == []
    assert overdue([first, mid], [first, mid], first) == []


def test_the_place_on_the_disk_is_given_back(full: Engine, data: Path) -> None:
    size = text("select pg_relation_size('mart.cliente_360_historico_202606')")
    with full.connect() as connection:
        before = connection.scalar(size)
        connection.rollback()
        remove_published_days(full, OWNER, data, MONTHS)
        assert connection.scalar(size) < before / 2


def test_a_day_that_was_just_run_stays_for_a_day_and_that_is_said(
    full: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked = OLD[0]
    before = content(full, data)
    with full.begin() as connection:
        check(connection, asked, age=timedelta(hours=23))
    remove_published_days(full, OWNER, data, MONTHS)
    assert content(full, data) == kept(before, [asked, *LAST, *DAILY])
    assert f"{asked} to {asked}: 1 days from before 2026-07-01 were run within a day" in caplog.text
    with full.begin() as connection:
        check(connection, asked, age=timedelta(hours=25))
    assert remove_published_days(full, OWNER, data, MONTHS) == [asked]
    assert content(full, data) == kept(before, [*LAST, *DAILY])


def test_a_day_that_no_version_noted_the_time_of_is_an_old_one(full: Engine, data: Path) -> None:
    with full.begin() as connection:
        check(connection, OLD[0], age=None)
    assert OLD[0] in remove_published_days(full, OWNER, data, MONTHS)


def test_the_last_day_that_failed_is_no_reason_to_remove_the_last_that_is_published(full: Engine, data: Path) -> None:
    with full.begin() as connection:
        check(connection, date(2026, 5, 20), correct=False)
    before = content(full, data)
    remove_published_days(full, OWNER, data, MONTHS)
    assert content(full, data) == kept(before, [date(2026, 5, 7), *LAST, *DAILY])


def test_a_later_day_of_the_month_takes_the_place_of_the_last_one(full: Engine, data: Path) -> None:
    remove_published_days(full, OWNER, data, MONTHS)
    publish(full, data, date(2026, 5, 31))
    assert remove_published_days(full, OWNER, data, MONTHS) == [date(2026, 5, 20)]


def test_rows_of_a_day_that_is_being_computed_stay(full: Engine, data: Path) -> None:
    """Its step has ended, and deleted its checks."""
    with full.begin() as connection:
        connection.execute(delete(Verificaciones).where(Verificaciones.fecha_corte.in_([OLD[0], LAST[1]])))
    before = content(full, data)
    remove_published_days(full, OWNER, data, MONTHS)
    after = content(full, data)
    of_day = {
        name: what for name, what in before[str(OLD[0])].items() if name.startswith("mart.") or name == "computed"
    }
    assert after.pop(str(OLD[0])) == of_day
    assert after == kept(before, [*LAST, *DAILY, date(2026, 6, 12)]), "the last one is not published at the moment"


@contextmanager
def session(warehouse: Engine) -> Iterator[psycopg.Connection]:
    with psycopg.connect(warehouse.url.render_as_string().replace("+psycopg", "")) as connection:
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "select 1 from mart.cliente_360_historico where fecha_corte = '2026-06-30' limit 1",
        "delete from control.verificaciones where fecha_corte = '2026-06-12'",
    ],
    ids=["read", "computed"],
)
def test_a_month_that_somebody_is_at_stays_whole_until_the_next_run(
    full: Engine, data: Path, caplog: pytest.LogCaptureFixture, statement: str
) -> None:
    before = content(full, data)
    with session(full) as other:
        other.execute(statement.encode())
        started = time.monotonic()
        assert remove_published_days(full, OWNER, data, MONTHS) == [date(2026, 5, 7)]
        assert time.monotonic() - started < 20, "it waits for whoever is at it"
        other.rollback()
    assert content(full, data) == kept(before, [*OLD[1:], *DAILY])
    assert "2026-06-01 to 2026-06-12: 2 days stay for now" in caplog.text
    assert remove_published_days(full, OWNER, data, MONTHS) == [date(2026, 6, 1), date(2026, 6, 12)]
    assert content(full, data) == kept(before, [*LAST, *DAILY])


def test_runs_that_remove_at_once_remove_each_day_once(
    full: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = content(full, data)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: remove_published_days(full, OWNER, data, MONTHS), range(4)))
    # one may remove the rows of a day, and another one its files
    assert {day for days in found for day in days} == {day for day in OLD if day not in LAST}
    assert sorted(re.findall(r"removed: mart: (\S+) to (\S+), (\d)", caplog.text)) == [
        ("2026-05-07", "2026-05-07", "1"),
        ("2026-06-01", "2026-06-12", "2"),
    ]
    files = [int(number) for number in re.findall(r"removed: processed: .* (\d+) files", caplog.text)]
    assert sum(files) == 3 * (len(EXPORTED) + 2)
    assert content(full, data) == kept(before, [*LAST, *DAILY])


def test_a_day_that_another_run_has_computed_meanwhile_stays(full: Engine, data: Path) -> None:
    before = content(full, data)
    waiting = b"select 1 from pg_locks where locktype = 'advisory' and not granted"
    with session(full) as other, session(full) as watching, ThreadPoolExecutor(1) as pool:
        watching.autocommit = True
        other.execute("select control.lock_export()")
        removing = pool.submit(remove_published_days, full, OWNER, data, MONTHS)
        while not watching.execute(waiting).fetchall():
            time.sleep(0.05)
        other.execute("update control.verificaciones set momento = now() where fecha_corte = '2026-06-12'")
        other.commit()
        assert removing.result() == [date(2026, 5, 7), date(2026, 6, 1)]
    assert content(full, data) == kept(before, [date(2026, 6, 12), *LAST, *DAILY])


def test_files_of_others_and_files_with_other_names_stay(full: Engine, data: Path, warehouse: Engine) -> None:
    processed = data / "processed"
    export(full, OLD[0], OWNER, data, b"a key that is long enough")
    mine = processed / f"fecha={OLD[0]}" / "notes.txt"
    mine.write_text("x")
    other = processed / "fecha=2026-05-05"
    other.mkdir()
    made = manifest.describe(other, "feed other", {}, DayRange(OLD[0], OLD[0]), {})
    manifest.write(other / manifest.NAME, made)
    unknown = processed / "fecha=2026-05-06"
    unknown.mkdir()
    (unknown / "cliente_360.csv").write_text("x\n")
    (processed / "fecha=2026-05-99").mkdir()
    manifest.write(processed / "fecha=2026-05-99" / manifest.NAME, manifest.read(processed / manifest.NAME))
    before = content(full, data)
    remove_published_days(full, OWNER, data, MONTHS)
    after = content(full, data)
    name = f"processed/fecha={OLD[0]}/notes.txt"
    anonymous = {key: what for key, what in before[str(OLD[0])].items() if key.startswith("processed/anonimo/")}
    assert after.pop(str(OLD[0])) == {name: b"x"} | anonymous, "the only anonymous day of a month is its last one"
    assert after == kept(before, [*LAST, *DAILY, date(2026, 5, 5), date(2026, 5, 6)]) | {
        "2026-05-99": before["2026-05-99"]
    }


def test_files_from_before_the_warehouse_was_made_anew_are_thinned_by_the_same_rule(full: Engine, data: Path) -> None:
    with full.begin() as connection:
        connection.execute(delete(Verificaciones).where(Verificaciones.fecha_corte != NEWEST))
    assert remove_published_days(full, OWNER, data, MONTHS) == [day for day in OLD if day not in LAST]
    there = sorted(path.name for path in (data / "processed").glob("fecha=*"))
    assert there == [f"fecha={day}" for day in (*LAST, *DAILY)]


KILLED = """
import os, sys
from datetime import date
from pathlib import Path
from sqlalchemy import create_engine
from client360.publish.retention import remove_landing_files, remove_published_days

removals = 0
def die(event, arguments):
    global removals
    removals += event == "os.remove" and str(arguments[0]).endswith((".csv", ".json"))
    if removals == int(sys.argv[4]):
        os._exit(9)
engine, data = create_engine(sys.argv[1]), Path(sys.argv[2])
sys.addaudithook(die)
if sys.argv[5] == "published":
    remove_published_days(engine, sys.argv[3], data, 2)
else:
    remove_landing_files(engine, sys.argv[3], data, [date(2026, 9, 1)])
"""


def killed(warehouse: Engine, data: Path, owner: str, files: int, what: str) -> int:
    """Remove in a process that dies before it removes that file."""
    arguments = [warehouse.url.render_as_string(), str(data), owner, str(files), what]
    environment = os.environ | {"PYTHONPATH": str(folders.ROOT / "plugins")}
    return subprocess.run([sys.executable, "-c", KILLED, *arguments], env=environment, check=False).returncode


@pytest.mark.parametrize("files", [1, 2, 15, 30])
def test_a_run_that_is_killed_while_it_removes_is_completed_by_the_next(full: Engine, data: Path, files: int) -> None:
    before = content(full, data)
    assert killed(full, data, OWNER, files, "published") == 9
    for path in (data / "processed").rglob(manifest.NAME):
        found = manifest.read(path)
        assert found is not None
        assert found.complete(path.parent), "a manifest lists files that are gone"
    assert remove_published_days(full, OWNER, data, MONTHS)[-1] == date(2026, 6, 12)
    assert content(full, data) == kept(before, [*LAST, *DAILY])


WORLD = World(3, 5, date(2026, 9, 1))
MONTH, DAY = DayRange(date(2026, 8, 1), date(2026, 8, 31)), DayRange(date(2026, 9, 1), date(2026, 9, 1))


def aged(data: Path, by: timedelta = LONG_AGO) -> None:
    for path in (path for path in (data / "raw").rglob("*") if path.is_file()):
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - by.total_seconds()))


def landed(data: Path) -> list[str]:
    return sorted(path.relative_to(data).as_posix() for path in (data / "raw").rglob("*") if path.is_file())


def test_landing_files_go_once_all_of_their_days_are_loaded(
    warehouse: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_landing_files(World(3, 5, MONTH.first), [MONTH], data)
    write_landing_files(WORLD, [DAY], data)
    (data / "raw" / "clientes" / "mine.csv").write_text("x")
    aged(data)
    before = landed(data)
    with caplog.at_level(logging.INFO):
        remove_landing_files(warehouse, WORLD.name, data, [])
        remove_landing_files(warehouse, World(3, 5, MONTH.first).name, data, MONTH.days()[:-1])
    assert landed(data) == before
    assert caplog.text.count("No landing file is to be removed") == 2
    remove_landing_files(warehouse, WORLD.name, data, [*MONTH.days(), *DAY.days()])
    assert landed(data) == [name for name in before if f"{DAY.first}." not in name]
    assert f"removed: raw: {WORLD.name}, 2026-09-01 to 2026-09-01, {len(LANDING) + 1} files, " in caplog.text


def test_landing_files_that_a_run_may_be_about_to_load_stay(warehouse: Engine, data: Path) -> None:
    write_landing_files(WORLD, [DAY], data)
    aged(data, timedelta(hours=23))
    before = landed(data)
    remove_landing_files(warehouse, WORLD.name, data, DAY.days())
    assert landed(data) == before
    aged(data, timedelta(hours=2))
    remove_landing_files(warehouse, WORLD.name, data, DAY.days())
    assert landed(data) == []


def test_landing_files_go_at_an_age_that_is_asked_for_and_dry_none_does(
    warehouse: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_landing_files(WORLD, [DAY], data)
    aged(data, timedelta(days=29))
    before = landed(data)
    remove_landing_files(warehouse, WORLD.name, data, DAY.days(), timedelta(days=30))
    aged(data, timedelta(days=2))
    remove_landing_files(warehouse, WORLD.name, data, DAY.days(), timedelta(days=30), apply=False)
    assert landed(data) == before
    assert f"would be removed: raw: {WORLD.name}, 2026-09-01 to 2026-09-01, {len(before)} files, " in caplog.text
    remove_landing_files(warehouse, WORLD.name, data, DAY.days(), timedelta(days=30))
    assert landed(data) == []


def test_no_age_that_is_asked_for_is_less_than_a_day(warehouse: Engine, data: Path) -> None:
    write_landing_files(WORLD, [DAY], data)
    aged(data, timedelta(hours=23))
    before = landed(data)
    remove_landing_files(warehouse, WORLD.name, data, DAY.days(), timedelta(0))
    assert landed(data) == before


def test_a_run_that_is_killed_while_it_removes_landing_files_leaves_none_of_unknown_origin(
    warehouse: Engine, data: Path
) -> None:
    write_landing_files(WORLD, [DAY], data)
    aged(data)
    assert killed(warehouse, data, WORLD.name, 4, "landed") == 9
    assert len(landed(data)) == len(LANDING) - 2  # of them and a manifest, three are gone
    aged(data)
    remove_landing_files(warehouse, WORLD.name, data, DAY.days())
    assert landed(data) == []
