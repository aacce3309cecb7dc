"""The files of a feed in its folder, and which of them have to be loaded."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from school import HEADER, PEOPLE, feed, people, query, with_dialect
from sqlalchemy import Engine

from client360.ingest.deliveries import Delivery, changed_deliveries, find_deliveries
from client360.ingest.feed_spec import BadFeed, Dialect, RawFile


def test_files_of_a_feed_are_found_at_any_depth_with_kind_date_and_size(folder: Path) -> None:
    for name in ("b/people_20260102.csv", "people_20260101.csv", "sales.csv", "deep/er/sales.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"12345")
    for name in ("other.csv", ".people_20260103.csv", "people_20260104.csv.part", ".hidden/sales.csv"):
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
