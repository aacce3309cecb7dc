"""The files of a feed in its folder, and which of them have to be loaded."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from school import HEADER, PEOPLE, feed, people, query, with_dialect
from sqlalchemy import Engine

from client360.ingest.arrival import FileMissing, require_input
from client360.ingest.deliveries import (
    BATCH_FILES,
    BATCH_SIZE,
    Delivery,
    changed_deliveries,
    find_deliveries,
    in_batches,
    survey,
)
from client360.ingest.feed_spec import BadFeed, Feed
from client360.ingest.inventory import record_input
from client360.ingest.raw_file import Dialect, RawFile


def test_files_of_a_feed_are_found_at_any_depth_with_kind_date_and_size(folder: Path) -> None:
    for name in ("b/people_20260102.csv", "people_20260101.csv", "sales.csv", "deep/er/sales.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"12345")
    for name in (
        "other.csv",
        ".people_20260103.csv",
        "people_20260104.csv.part",
        "people_20260105.csv.PART",
        ".hidden/sales.csv",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    (folder / "c" / "sales.csv").mkdir(parents=True)
    declared = feed(
        people=RawFile(name="people_{%Y%m%d}.csv*", dialect=Dialect()),
        sales=RawFile(name="sales.csv", dialect=Dialect()),
    )
    assert find_deliveries(declared, folder) == [
        Delivery("b/people_20260102.csv", "people", date(2026, 1, 2), 5),
        Delivery("deep/er/sales.csv", "sales", None, 5),
        Delivery("people_20260101.csv", "people", date(2026, 1, 1), 5),
        Delivery("sales.csv", "sales", None, 5),
    ]
    assert all(Delivery(**asdict(delivery)) == delivery for delivery in find_deliveries(declared, folder))


def test_a_file_of_two_kinds_an_invalid_date_and_a_missing_folder_are_errors_of_one_line(
    folder: Path,
) -> None:
    (folder / "people_1.csv").touch()
    twice = feed(people=PEOPLE, persons=RawFile(name="*_1.csv", dialect=Dialect()))
    with pytest.raises(
        BadFeed, match=r"^feeds/school/feed.yaml: people_1.csv is a file of people and of persons: narrow"
    ):
        find_deliveries(twice, folder)
    (folder / "people_20261340.csv").touch()
    with pytest.raises(ValueError, match=r"^people_20261340.csv has no date as in people_\{%Y%m%d\}.csv$"):
        find_deliveries(feed(people=RawFile(name="people_{%Y%m%d}.csv", dialect=Dialect())), folder)
    for place in (folder / "nowhere", folder / "people_1.csv"):
        with pytest.raises(ValueError, match=rf"^entrada is {place}: there is no such folder$"):
            find_deliveries(feed(), place)


def test_an_unchanged_file_is_not_loaded_again(warehouse: Engine, folder: Path, deliver: Callable[..., int]) -> None:
    assert deliver(b"\xef\xbb\xbf" + HEADER + b"1,a,b\n") == 1
    assert changed_deliveries(warehouse, feed(), folder) == []
    noted = query(warehouse, "select archivo, tabla, fecha_archivo, sha256, mundo, corrida from control.entregas")
    digest = sha256((folder / "people.csv").read_bytes()).hexdigest()
    assert noted == [("people.csv", "people", None, digest, "feed school", "run 1")]
    (folder / "people.csv").touch()
    assert changed_deliveries(warehouse, feed(), folder) == []


def test_a_file_is_loaded_again_when_the_feed_changes_how_it_is_read(
    warehouse: Engine, folder: Path, deliver: Callable[..., int]
) -> None:
    wrong = with_dialect(delimiter="|")
    assert deliver(b"id;name;city\n1;a;NULL\n", to=wrong) == 1
    right = with_dialect(delimiter=";", nulls=("NULL",))
    assert [delivery.path for delivery in changed_deliveries(warehouse, right, folder)] == ["people.csv"]
    assert deliver(b"id;name;city\n1;a;NULL\n", to=right) == 1
    assert people(warehouse) == [(2, "1", "a", None)]
    assert deliver(b"id;name;city\n1;a;NULL\n", to=with_dialect(delimiter=";", nulls=("a",))) == 1
    assert people(warehouse) == [(2, "1", None, "NULL")]
    renamed = feed(persons=right.files["people"])
    assert deliver(b"id;name;city\n1;a;NULL\n", to=renamed) == 1
    assert people(warehouse) == []
    assert query(warehouse, "select id from crudo.persons") == [("1",)]


ORDERS = RawFile(name="pedidos_{%Y%m%d}.csv", dialect=Dialect())


def bakery(**files: RawFile) -> Feed:
    mapping = {"clientes": "select 1 from crudo.clientes", "ventas": 'select 1 from crudo . "pedidos"'}
    clients = RawFile(name="clientes.csv", dialect=Dialect())
    return Feed("bakery", "AR", "ARS", 5, {"clientes": clients, "pedidos": ORDERS} | files, mapping, "feed bakery")


UNREAD = {
    "notas.txt": "",
    "clientes.csv.part": "unfinished",
    "pedidos_20250310.csv.Part": "unfinished",
    "pedidos_20250324 (1).csv": "another download of pedidos_20250324.csv: name it so, or remove it",
    "clientes - copia.csv": "another download of clientes.csv: name it so, or remove it",
    "pedidos_20250331.csv.gz": 'compressed: to read it, write name: "pedidos_{%Y%m%d}.csv*" in feed.yaml',
    "Clientes.XLSX": 'a workbook: to read it, write name: "clientes.xlsx" in feed.yaml',
    "clientes.csv.txt": "name it clientes.csv",
    "pedidos_2025.csv": "",
}


def test_files_that_are_not_read_are_listed_with_what_is_known_of_them(folder: Path) -> None:
    system = ("Thumbs.db", ".DS_Store", "~$clientes.csv", "desktop.ini", ".clientes.csv")
    for name in (*UNREAD, *system, "clientes.csv"):
        (folder / name).write_text("x")
    found = survey(bakery(), folder)
    assert {file.path: file.why for file in found.unread} == UNREAD
    assert [delivery.path for delivery in found.deliveries] == ["clientes.csv"]


def test_names_match_in_any_case_and_however_their_accents_are_written(folder: Path) -> None:
    for name in ("CLIENTES.Csv", "Pedidos_20250317.CSV", "Envi\u0301os.csv"):
        (folder / name).write_text("x")
    declared = bakery(envios=RawFile(name="env\u00edos.csv", dialect=Dialect()))
    assert [(each.kind, each.file_date) for each in find_deliveries(declared, folder)] == [
        ("clientes", None), ("envios", None), ("pedidos", date(2025, 3, 17)),
    ]  # fmt: skip
    # kinds whose names differ in case only: a file is of the one that is written so, and of two where none is
    told_apart = bakery(otros=RawFile(name="CLIENTES.csv", dialect=Dialect()))
    (folder / "CLIENTES.Csv").rename(folder / "CLIENTES.csv")
    (folder / "clientes.csv").write_text("x")
    found = {delivery.path: delivery.kind for delivery in find_deliveries(told_apart, folder)}
    assert (found["CLIENTES.csv"], found["clientes.csv"]) == ("otros", "clientes")
    (folder / "Clientes.csv").write_text("x")
    with pytest.raises(BadFeed, match=r"Clientes.csv is a file of clientes and of otros: narrow the names"):
        find_deliveries(told_apart, folder)


def test_links_are_followed_within_the_folders_for_input_and_no_folder_is_read_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, archive, elsewhere = (tmp_path / name for name in ("data/in", "data/archive", "data-elsewhere"))
    for place in (folder / "sub", archive, elsewhere):
        place.mkdir(parents=True)
    monkeypatch.setenv("CLIENT360_DATA", str(tmp_path / "data"))
    (folder / "sub" / "pedidos_20250301.csv").write_text("x")
    (archive / "pedidos_20250302.csv").write_text("x")
    (elsewhere / "pedidos_20250303.csv").write_text("x")
    for name, target in {
        "old": archive, "again": folder / "sub", "up": folder, "gone": folder / "nowhere", "out": elsewhere,
        "loop": folder / "loop", "pedidos_20250304.csv": archive / "pedidos_20250302.csv",
        "pedidos_20250305.csv": elsewhere / "pedidos_20250303.csv",
    }.items():  # fmt: skip
        (folder / name).symlink_to(target)
    found = survey(bakery(), folder)
    assert [delivery.path for delivery in found.deliveries] == [
        "old/pedidos_20250302.csv", "pedidos_20250304.csv", "sub/pedidos_20250301.csv",
    ]  # fmt: skip
    out, nowhere = "a link that leads out of the folder", "a link that leads nowhere"
    assert {file.path: file.why for file in found.unread} == {
        "gone": nowhere, "loop": nowhere, "out": out, "pedidos_20250305.csv": out,
    }  # fmt: skip
    monkeypatch.setenv("CLIENT360_FOLDERS", str(elsewhere))
    assert "out/pedidos_20250303.csv" in [delivery.path for delivery in find_deliveries(bakery(), folder)]


def test_a_folder_without_the_files_that_a_run_needs_stops_it(
    warehouse: Engine, folder: Path, deliver: Callable[..., int]
) -> None:
    def judge(declared: Feed, *, replace: bool = False) -> None:
        require_input(warehouse, declared, folder, date(2026, 1, 1), replace=replace)

    with pytest.raises(
        FileMissing,
        match=r"is of feed bakery, which looks for clientes \(clientes.csv\), pedidos .*: there is nothing$",
    ):
        judge(bakery())
    (folder / "clients.csv").write_text("x")
    (folder / "foto.jpg").write_text("x")
    with pytest.raises(FileMissing, match=r"there is clients.csv, foto.jpg$"):
        judge(bakery())
    (folder / "pedidos_20250301.csv").write_text("x")
    message = r"^there is no clientes \(clientes.csv\), so that clientes have no rows \(is it clients.csv\?\), in .*: without it"
    with pytest.raises(FileMissing, match=message):
        judge(bakery())
    awaited = bakery(clientes=RawFile(name="clientes.csv", dialect=Dialect(), missing="wait"))
    judge(awaited)
    (folder / "clientes.csv").write_text("x")
    judge(bakery())
    deliver(HEADER + b"1,a,b\n")
    (folder / "people.csv").unlink()
    judge(feed())  # its file was read before and has been moved away
    with pytest.raises(FileMissing):
        judge(feed(), replace=True)


def test_what_a_run_finds_in_the_folder_is_recorded(
    warehouse: Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("clientes.csv", "pedido_20250301.csv", *map(str, range(6))):
        (folder / name).write_text("x")
    (customers,) = find_deliveries(bakery(), folder)
    for changed in ([], [customers]):
        record_input(warehouse, bakery(), folder, date(2026, 1, 1), "run 1", changed=changed)
    unread = "0, 1, 2, 3, 4 and 2 more"
    absent = "pedidos (pedidos_{%Y%m%d}.csv), so that ventas have no rows (is it pedido_20250301.csv?)"
    what = "corrida, fecha_corte, mundo, carpeta, archivos, nuevos, sin_leer, sin_leer_primeros, tipos_sin_archivo"
    assert query(warehouse, f"select {what} from control.entradas") == [
        ("run 1", date(2026, 1, 1), "feed bakery", str(folder), 1, 1, 7, unread, absent)
    ]
    assert f"no name of feed bakery fits: 7, {unread}." in caplog.text
    assert absent in caplog.text


def test_files_that_the_run_has_read_in_an_earlier_try_are_still_new_or_changed(
    warehouse: Engine, folder: Path, deliver: Callable[..., int]
) -> None:
    def recorded(run: str) -> tuple:
        changed = changed_deliveries(warehouse, feed(), folder)
        record_input(warehouse, feed(), folder, date(2026, 1, 1), run, changed=changed)
        (found,) = query(warehouse, f"select archivos, nuevos, cambiados from control.entradas where corrida = '{run}'")
        return found

    for name in ("people1.csv", "people2.csv"):
        (folder / name).write_bytes(HEADER)
    assert recorded("run 1") == (2, 2, 0)
    deliver(HEADER + b"1,a,b\n", "people2.csv")
    assert recorded("run 1") == (2, 2, 0)
    assert recorded("run 2") == (2, 0, 0)
    (folder / "people1.csv").write_bytes(HEADER + b"2,a,b\n")
    (folder / "people3.csv").write_bytes(HEADER)
    assert recorded("run 2") == (3, 1, 1)
    deliver(HEADER + b"3,a,b\n", "people3.csv", run="run 2")
    (folder / "people1.csv").write_bytes(HEADER + b"4,a,b\n")
    assert recorded("run 2") == (3, 1, 1)
    assert recorded("run 3") == (3, 0, 1)


def test_batches_hold_so_many_files_and_bytes_in_order() -> None:
    def files(*sizes: int) -> list[Delivery]:
        return [Delivery(f"{number}.csv", "people", None, size) for number, size in enumerate(sizes)]

    def sizes(deliveries: list[Delivery]) -> list[list[int]]:
        batches = in_batches(deliveries)
        assert [delivery for batch in batches for delivery in batch] == deliveries
        return [[delivery.size for delivery in batch] for batch in batches]

    assert sizes([]) == []
    assert sizes(files(0)) == [[0]]
    assert [len(batch) for batch in sizes(files(*[10] * (2 * BATCH_FILES + 1)))] == [BATCH_FILES, BATCH_FILES, 1]
    assert sizes(files(1, BATCH_SIZE - 1, 1)) == [[1, BATCH_SIZE - 1], [1]]
    assert sizes(files(1, 2 * BATCH_SIZE, 1)) == [[1], [2 * BATCH_SIZE], [1]]
