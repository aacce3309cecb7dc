"""Files delivered again, by several workers at once, and by one that is killed."""

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from school import HEADER, PEOPLE, counts, everything, feed, people, query, rejected
from sqlalchemy import Connection, Engine, event, text

from client360 import folders
from client360.files import BadFile
from client360.ingest.contract import apply_contract
from client360.ingest.csv_scanner import MAX_RECORD
from client360.ingest.deliveries import changed_deliveries, find_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.raw_load import load_raw_file, load_raw_files
from client360.warehouse import locks
from client360.warehouse.ownership import OwnerReplaced


def test_loading_a_file_is_idempotent(warehouse: Engine, folder: Path, deliver: Callable[..., int]) -> None:
    deliver(b"\xef\xbb\xbf" + HEADER + b"1,a,b\nbroken\n")
    once = everything(warehouse)
    (delivery,) = find_deliveries(feed(), folder)
    assert load_raw_file(warehouse, feed(), folder, delivery, "run 1") == 1
    assert everything(warehouse) == once


def test_a_corrected_file_replaces_its_own_rows_and_no_others(warehouse: Engine, deliver: Callable[..., int]) -> None:
    deliver(HEADER + b"9,z,\nbroken\n", "people_2.csv")
    deliver(HEADER + b"1,a,b\n2,c,d\nbroken,x\n3,e,f\n")
    deliver(HEADER + b"2,c,CHANGED\nbroken\n", run="run 2")
    assert people(warehouse, "_archivo, _linea, id, city") == [
        ("people.csv", 2, "2", "CHANGED"),
        ("people_2.csv", 2, "9", None),
    ]
    assert rejected(warehouse, "archivo, linea, texto, corrida") == [
        ("people.csv", 3, "broken", "run 2"),
        ("people_2.csv", 3, "broken", "run 1"),
    ]
    assert counts(warehouse) == {"people.csv": (2, 1), "people_2.csv": (2, 1)}
    assert query(warehouse, "select count(*) from crudo.people_filas") == [(2,)]


def test_a_new_delivery_leaves_the_rejections_of_the_contract(warehouse: Engine, deliver: Callable[..., int]) -> None:
    deliver(HEADER + b"1,a,b\n")
    with warehouse.begin() as connection:
        connection.execute(
            text(
                "insert into control.rechazos values ('people.csv', 2, 'clientes', null, 'falta_valor', null, '', 'run 1')"
            )
        )
    deliver(HEADER + b"2,a,b\n")
    assert rejected(warehouse, "entidad") == [("clientes",)]


def test_a_warehouse_of_another_owner_is_left_unchanged(warehouse: Engine, deliver: Callable[..., int]) -> None:
    deliver(HEADER + b"1,a,b\n")
    before = everything(warehouse)
    other = Feed("college", "AR", "ARS", 5, {"people": PEOPLE}, {}, "feed college")
    with pytest.raises(OwnerReplaced, match="the warehouse now holds files of feed school, not of feed college"):
        deliver(HEADER + b"2,a,b\n", to=other)
    assert everything(warehouse) == before
    with warehouse.begin() as connection:
        connection.execute(
            text(
                "insert into control.cargas values "
                "('clientes', '2026-01-01', 0, 0, '', '', 'simulador 1', 'run', 'staging', 'staging')"
            )
        )
    with pytest.raises(OwnerReplaced, match="the warehouse now holds simulador 1"):
        deliver(HEADER + b"2,a,b\n")
    assert everything(warehouse) == before


def test_files_loaded_at_once_end_as_if_loaded_one_after_the_other(warehouse: Engine, folder: Path) -> None:
    count = 12
    for number in range(count):
        header = HEADER.strip() + b",extra_%d" % (number % 3)
        rows = b"".join(b"%d-%d,a,b,c\n" % (number, row) for row in range(number * 100))
        (folder / f"people_{number}.csv").write_bytes(header + b"\n" + rows + b"broken\n")
        (folder / f"sales_{number}.csv").write_bytes(b"id\n%d\n" % number)
    declared = feed(
        people=RawFile(name="people*.csv", dialect=Dialect(), required=("id",)),
        sales=RawFile(name="sales*.csv", dialect=Dialect()),
    )
    deliveries = changed_deliveries(warehouse, declared, folder)
    assert len(deliveries) == 2 * count
    with ThreadPoolExecutor(6) as pool:
        read = list(
            pool.map(lambda delivery: load_raw_file(warehouse, declared, folder, delivery, "run 1"), deliveries)
        )
    assert sum(read) == sum(number * 100 for number in range(count)) + count
    assert changed_deliveries(warehouse, declared, folder) == []
    found = query(
        warehouse,
        "select _archivo, count(*), count(distinct id), min(_linea), max(_linea) from crudo.people group by 1",
    )
    assert {row[0]: row[1:] for row in found} == {
        f"people_{number}.csv": (number * 100, number * 100, 2, number * 100 + 1) for number in range(1, count)
    }
    assert query(warehouse, "select count(*), count(distinct id) from crudo.sales") == [(count, count)]
    assert len(rejected(warehouse)) == count


def test_small_files_share_transactions_and_are_each_whole_or_not_at_all(warehouse: Engine, folder: Path) -> None:
    for number in range(60):
        header = HEADER.strip() + b",extra\n" if number >= 50 else HEADER
        (folder / f"people_{number:02}.csv").write_bytes(header + b"%d,a,b%s\n" % (number, b",c" * (number >= 50)))
    (folder / "people_20.csv").write_bytes(HEADER + b"20,a,b\n20,a")
    deliveries = find_deliveries(feed(), folder)
    committed: list[Connection] = []

    def note(connection: Connection) -> None:
        committed.append(connection)

    event.listen(warehouse, "commit", note)
    with pytest.raises(BadFile, match=r"people_20.csv ends in the middle of line 3"):
        load_raw_files(warehouse, feed(), folder, deliveries, "run 1")
    event.remove(warehouse, "commit", note)
    assert len(committed) < 5, "of both kinds of headers one each"
    assert set(counts(warehouse)) == {delivery.path for delivery in deliveries} - {"people_20.csv"}
    assert query(warehouse, "select count(*), count(distinct id) from crudo.people") == [(59, 59)]


def test_many_small_files_loaded_at_once_wait_for_each_other_and_no_longer(warehouse: Engine, folder: Path) -> None:
    for number in range(40):
        extra = b",extra_%d" % (number % 5)
        (folder / f"people_{number:02}.csv").write_bytes(HEADER.strip() + extra + b"\n%d,a,b,c\n" % number)
        (folder / f"sales_{number:02}.csv").write_bytes(b"id" + extra + b"\n%d,x\n" % number)
    declared = feed(
        people=RawFile(name="people*.csv", dialect=Dialect(), required=("id",)),
        sales=RawFile(name="sales*.csv", dialect=Dialect(), required=("id",)),
    )
    deliveries = find_deliveries(declared, folder)
    with ThreadPoolExecutor(4) as pool:
        parts = [deliveries[::2], deliveries[1::2], deliveries[::-3], deliveries]
        list(pool.map(lambda part: load_raw_files(warehouse, declared, folder, part, f"run {len(part)}"), parts))
    for kind in ("people", "sales"):
        assert query(warehouse, f"select count(*), count(distinct id) from crudo.{kind}") == [(40, 40)]


def test_a_file_loaded_three_times_at_once_is_there_once(warehouse: Engine, folder: Path) -> None:
    (folder / "people.csv").write_bytes(HEADER + b"1,a,b\n" * 20_000 + b"broken\n")
    (delivery,) = find_deliveries(feed(), folder)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda run: load_raw_file(warehouse, feed(), folder, delivery, run), ["1", "2", "3"]))
    assert query(warehouse, "select count(*), count(distinct _linea) from crudo.people") == [(20_000, 20_000)]
    assert query(warehouse, "select count(*) from crudo.people_filas") == [(20_000,)]
    assert len(rejected(warehouse)) == 1


WAITING = "select count(*) from pg_locks where not granted"


def test_two_files_that_come_again_with_new_columns_may_be_loaded_at_once(
    warehouse: Engine, folder: Path, deliver: Callable[..., int]
) -> None:
    for name in ("people_1.csv", "people_2.csv"):
        deliver(HEADER + b"1,a,b\n", name)
    for name in ("people_1.csv", "people_2.csv"):
        (folder / name).write_bytes(b"id,%s\n1,new\n" % name.removesuffix(".csv").encode())
    declared = feed(people=RawFile(name="people*.csv", dialect=Dialect(), required=("id",)))
    with ThreadPoolExecutor(2) as pool:
        with warehouse.begin() as first:
            locks.raw(first, "people")
            loads = [
                pool.submit(load_raw_file, warehouse, declared, folder, delivery, "run 2")
                for delivery in find_deliveries(declared, folder)
            ]
            while query(warehouse, WAITING) != [(2,)]:
                assert not any(load.done() for load in loads)
                time.sleep(0.01)
        assert [load.result() for load in loads] == [1, 1]
    assert people(warehouse, "people_1, people_2") == [("new", None), (None, "new")]


def test_a_load_beside_a_run_that_judges_neither_stops_it_nor_is_stopped(
    warehouse: Engine, folder: Path, deliver: Callable[..., int]
) -> None:
    deliver(HEADER + b"1,a,b\n")
    apply_contract(warehouse, feed(), "run 1", 100)
    assert rejected(warehouse, "motivo") == [("sin_mapear",)]
    with warehouse.begin() as connection:
        # left by a mapping of before: the run that judges takes it away after it has read the file's rows
        connection.execute(text("insert into control.lecturas values ('people.csv', 'clientes', 1, 1, 0, 0, 0, 0)"))
    (folder / "people.csv").write_bytes(b"new," + HEADER + b"0,1,a,b\n")
    (delivery,) = find_deliveries(feed(), folder)
    with ThreadPoolExecutor(2) as pool:
        with warehouse.begin() as holder:
            holder.execute(text("select from control.lecturas for update"))
            judging = pool.submit(apply_contract, warehouse, feed(), "run 2", 100, rebuild=True)
            while query(warehouse, WAITING) != [(1,)]:
                assert not judging.done()
                time.sleep(0.01)
            # it adds a column, and takes away the rejected line that the other one rejects again
            loading = pool.submit(load_raw_file, warehouse, feed(), folder, delivery, "run 3")
            while query(warehouse, WAITING) != [(2,)]:
                assert not loading.done()
                time.sleep(0.01)
        assert (judging.result(), loading.result()) == ([], 1)
    assert people(warehouse, "new, id") == [("0", "1")]


PROGRAM = r"""
import re, sys
from pathlib import Path
from sqlalchemy import create_engine
from client360.ingest.deliveries import find_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.raw_load import load_raw_file
feed = Feed("school", "AR", "ARS", 5, {"people": RawFile(name="people*.csv*", dialect=Dialect())}, {}, "feed school")
(delivery,) = find_deliveries(feed, Path(sys.argv[2]))
def peak():
    status = Path("/proc/self/status")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) if status.exists() else 0
before = peak()
print(load_raw_file(create_engine(sys.argv[1]), feed, Path(sys.argv[2]), delivery, "run 2"))
print(before, peak())
"""


def program(warehouse: Engine, folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, warehouse.url.render_as_string(), str(folder)],
        env=os.environ | {"PYTHONPATH": str(folders.ROOT / "plugins")},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_killed_load_leaves_nothing_behind(warehouse: Engine, folder: Path, deliver: Callable[..., int]) -> None:
    deliver(HEADER + b"1,a,b\nbroken\n")
    before = everything(warehouse)
    (folder / "people.csv").write_bytes(b"new," + HEADER + b"0,1,a,b\n" * 2_000_000)
    copying = "select count(*) from pg_stat_progress_copy where tuples_processed > 1000"
    with program(warehouse, folder) as process:
        while query(warehouse, copying) == [(0,)]:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    working = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    while query(warehouse, working) != [(0,)]:
        time.sleep(0.01)
    assert everything(warehouse) == before
    assert [delivery.path for delivery in changed_deliveries(warehouse, feed(), folder)] == ["people.csv"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
@pytest.mark.parametrize("name", ["people.csv", "people.csv.gz"])
def test_memory_does_not_grow_with_the_file_or_its_lines(warehouse: Engine, folder: Path, name: str) -> None:
    with gzip.open(folder / name, "wb", 1) if name.endswith(".gz") else (folder / name).open("wb") as file:
        file.write(HEADER)
        for _ in range(8):
            file.write(b"1,a,b\n" * 200_000)
            file.write(b"broken\n" * 20_000)
            file.write(b"," * (32 << 20) + b"\n")
            file.write(b'"' * (MAX_RECORD - 1) + b"\n" + b"," * (MAX_RECORD - 1) + b"\n" * MAX_RECORD)
    with program(warehouse, folder) as process:
        output, _ = process.communicate()
    rows, before, most = map(int, output.split())
    assert rows == 1_600_000
    # of 290 MiB, in lines of up to 32; what libraries take before is not the load's
    assert (most - before) / 1024 < 110
    assert most / 1024 < 270
    assert counts(warehouse)[name] == (1_600_000 + 8 * 20_003, 1_600_000)


def test_a_file_that_is_refused_keeps_no_other_one_from_being_loaded(warehouse: Engine, folder: Path) -> None:
    for name, content in (
        ("people_1.csv", HEADER + b"1,a,b\n"),
        ("people_2.csv", b"id,name\n2,a\n"),
        ("people_3.csv", HEADER + b"3,a,b\n"),
        ("people_4.csv", HEADER + b"4,a"),
    ):
        (folder / name).write_bytes(content)
    files = find_deliveries(feed(), folder)
    with pytest.raises(BadFile, match=r"^2 of 4 files are refused: people_2\.csv.*; people_4\.csv ends in the middle"):
        load_raw_files(warehouse, feed(), folder, files, "run 1")
    assert people(warehouse, "_archivo, id") == [("people_1.csv", "1"), ("people_3.csv", "3")]


def test_many_refused_files_make_a_message_of_one_line(warehouse: Engine, folder: Path) -> None:
    for number in range(1, 13):
        (folder / f"people_{number:02}.csv").write_bytes(HEADER + b"4,a")
    with pytest.raises(BadFile, match=r"^12 of 12 files are refused: people_01.*people_05\.csv .*; and 7 more$"):
        load_raw_files(warehouse, feed(), folder, find_deliveries(feed(), folder), "run 1")


def test_a_second_try_loads_what_the_first_did_not_and_what_was_mended(warehouse: Engine, folder: Path) -> None:
    (folder / "people_1.csv").write_bytes(HEADER + b"1,a,b\n")
    (folder / "people_2.csv").write_bytes(HEADER + b"2,a,b\n")
    (folder / "people_3.csv").write_bytes(HEADER + b"3,a")
    files = find_deliveries(feed(), folder)
    with pytest.raises(BadFile, match=r"^people_3\.csv ends in the middle"):
        load_raw_files(warehouse, feed(), folder, files, "run 1")
    (folder / "people_2.csv").write_bytes(HEADER + b"2,a,MENDED\n")
    (folder / "people_3.csv").write_bytes(HEADER + b"3,a,b\n")
    assert load_raw_files(warehouse, feed(), folder, files, "run 1") == 2, "people_1.csv was loaded"
    assert people(warehouse, "_archivo, city") == [
        ("people_1.csv", "b"),
        ("people_2.csv", "MENDED"),
        ("people_3.csv", "b"),
    ]
    assert load_raw_files(warehouse, feed(), folder, files, "run 2") == 3, "another run loads what it was given"
