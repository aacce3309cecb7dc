import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from io import StringIO
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from test_csv_scanner import csv_like, dialects, modelled

from client360 import folders
from client360.files import BadFile
from client360.ingest import raw_tables
from client360.ingest.csv_scanner import ENCODING, LIMIT, QUOTES, SHOWN
from client360.ingest.feed_spec import BadFeed, Dialect, Feed, RawFile
from client360.ingest.raw_tables import Delivery, changed_deliveries, find_deliveries, identifiers, load_raw_file
from client360.warehouse.ownership import OwnerReplaced
from client360.warehouse.raw_schema import drop_raw_tables

PEOPLE = RawFile(name="people*.csv", dialect=Dialect())
HEADER = b"id,name,city\n"
WHERE_QUOTES_STAND = "quotes around whole values, two for one inside"


def feed(**files: RawFile) -> Feed:
    return Feed("school", "AR", "ARS", 5, files or {"people": PEOPLE}, {}, "feed school")


def of(**dialect: object) -> Feed:
    return feed(people=RawFile(name="people*.csv", dialect=Dialect(**dialect)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def deliver(warehouse: Engine, folder: Path) -> Callable[..., int]:
    """Writes people.csv, or another file, and takes in whatever has changed; returns the number of rows."""

    def deliver(content: bytes, name: str = "people.csv", to: Feed | None = None, run: str = "run 1") -> int:
        (folder / name).write_bytes(content)
        to = to or feed()
        return sum(
            load_raw_file(warehouse, to, folder, delivery, run)
            for delivery in changed_deliveries(warehouse, to, folder)
        )

    return deliver


def query(warehouse: Engine, statement: str) -> list[tuple]:
    with warehouse.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def people(warehouse: Engine, columns: str = "_linea, id, name, city") -> list[tuple]:
    return query(warehouse, f"select {columns} from crudo.people order by _archivo, _linea")


def rejected(warehouse: Engine, columns: str = "linea, motivo, detalle, texto") -> list[tuple]:
    return query(warehouse, f"select {columns} from control.rechazos order by archivo, linea")


def counts(warehouse: Engine) -> dict[str, tuple[int, int]]:
    return {row[0]: row[1:] for row in query(warehouse, "select archivo, lineas, leidas from control.entregas")}


def everything(warehouse: Engine) -> list:
    there = query(warehouse, "select relname from pg_class where relnamespace = 'crudo'::regnamespace order by 1")
    tables = ["control.entregas", "control.rechazos", *(f"crudo.{name}" for (name,) in there)]
    return [there, *(sorted(query(warehouse, f"select * from {name}"), key=str) for name in tables)]


# which files there are


def test_the_files_of_a_feed_are_found_wherever_they_lie_with_kind_date_and_size(folder: Path) -> None:
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


def test_a_file_of_two_kinds_a_date_that_is_none_and_a_folder_that_is_missing_are_told_in_one_line(
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


# how files are written


@pytest.mark.parametrize(
    ("dialect", "content", "expected"),
    [
        ({}, "id,name,city\n1,Ñandú,\n", ("1", "Ñandú", "")),
        ({}, "\ufeffid,name,city\n1,Ñandú,\n", ("1", "Ñandú", "")),
        ({"encoding": "utf-8-sig"}, "\ufeffid,name,city\n1,\ufeffÑandú,\n", ("1", "\ufeffÑandú", "")),
        ({"encoding": "latin-1"}, "id,name,city\n1,Ñandú,\x81\n", ("1", "Ñandú", "\x81")),
        ({"encoding": "cp1252"}, "id,name,city\n1,€ Ñandú,“q”\n", ("1", "€ Ñandú", "“q”")),
        ({"delimiter": ";"}, "id;name;city\n1;a,b;\n", ("1", "a,b", "")),
        ({"delimiter": "\t"}, "id\tname\tcity\n1\t\ta\\\tb\n", None),
        ({"delimiter": "|", "quote": "'"}, "id|name|city\n1|'it''s | \"'|\"\n", ("1", "it's | \"", '"')),
        ({}, '"id","name",city\n"1","a ""b"", c",""\n', ("1", 'a "b", c', "")),
        ({}, '"id",name,city\n"","""",""""""\n', ("", '"', '""')),
        ({}, "id,name,city\r\n1,a,b\r\n", ("1", "a", "b")),
        ({}, "id,name,city\r1,a,b\r", ("1", "a", "b")),
        ({}, "id,name,city\n1,\\.,\\N", ("1", "\\.", "\\N")),
        ({"multiline": True}, 'id,name,"city"\r\n1,"a\r\n\\.\n\r\rb","\n"\r\n', ("1", "a\r\n\\.\n\r\rb", "\n")),
        ({"multiline": True}, '"id",name,"ci\nty"\n1,a,b\n', ("1", "a", "b")),
    ],
)
def test_values_arrive_as_they_stand_in_the_file(
    warehouse: Engine, deliver: Callable[..., int], dialect: dict, content: str, expected: tuple | None
) -> None:
    codec = str(dialect.get("encoding", "utf-8")).replace("-sig", "")
    encoded = content.encode("latin-1" if codec == "latin-1" else codec)
    read = deliver(encoded, to=of(**dialect, nulls=()))
    if expected is None:  # four values
        assert read == 0
        assert rejected(warehouse) == [(2, "columnas_de_mas", "3 columns, 4 found", "1\t\ta\\\tb")]
    else:
        names = "id, name, ci_ty" if "ci\nty" in content else "id, name, city"
        assert (read, people(warehouse, names)) == (1, [expected])


def test_a_file_without_header_has_the_columns_that_are_declared(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    declared = feed(people=RawFile(name="people*.csv", dialect=Dialect(), columns=("id", "name", "ctid")))
    assert deliver(b"\n1,a,x\n2,b\n", to=declared) == 1
    assert people(warehouse, "_linea, id, name, c_ctid") == [(2, "1", "a", "x")]
    assert rejected(warehouse, "linea, motivo") == [(3, "columnas_de_menos")]


def test_a_file_of_one_column(warehouse: Engine, deliver: Callable[..., int]) -> None:
    assert deliver(b'id\n\\.\n\n""\n"\n1,2\n', to=of(nulls=())) == 2
    assert people(warehouse, "_linea, id") == [(2, "\\."), (4, "")]
    assert rejected(warehouse, "linea, motivo") == [(5, "comillas"), (6, "columnas_de_mas")]


def test_the_view_shows_file_line_and_date_and_nothing_for_null_words(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    kind = RawFile(name="people_{%Y-%m-%d}.csv", dialect=Dialect(nulls=("", "it's \\N", "NULL")))
    deliver(HEADER + b'1,NULL,""\nit\'s \\N,null,x\n', "people_2026-02-03.csv", feed(people=kind))
    assert query(warehouse, "select * from crudo.people order by 2") == [
        ("people_2026-02-03.csv", 2, date(2026, 2, 3), "1", None, None),
        ("people_2026-02-03.csv", 3, date(2026, 2, 3), None, "null", "x"),
    ]
    assert query(warehouse, "select id, name, city from crudo.people_filas where _linea = 2") == [("1", "NULL", "")]


def test_columns_get_names_that_need_no_quotes() -> None:
    header = [
        "ID",
        "Año de Alta",
        " Precio ($)",
        "Precio (%)",
        "2nd",
        "日付",
        "_linea",
        "xmin",
        "x" * 99,
        "x" * 98,
        "ÉCOLE",
    ]
    assert identifiers(header) == (
        "id",
        "ano_de_alta",
        "precio",
        "precio_2",
        "c_2nd",
        "c",
        "linea",
        "c_xmin",
        "x" * 57,
        "x" * 57 + "_2",
        "ecole",
    )


# broken lines


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"2,x", ("columnas_de_menos", "3 columns, 2 found", "2,x")),
        (b" ", ("columnas_de_menos", "3 columns, 1 found", " ")),
        (b'2,"a,b"', ("columnas_de_menos", "3 columns, 2 found", '2,"a,b"')),
        (b"2,x,y,", ("columnas_de_mas", "3 columns, 4 found", "2,x,y,")),
        (b'2,"a,b",c,d\r', ("columnas_de_mas", "3 columns, 4 found", '2,"a,b",c,d')),
        (b'2,"x,y', ("comillas", WHERE_QUOTES_STAND, '2,"x,y')),
        (b'2,x"y,z', ("comillas", WHERE_QUOTES_STAND, '2,x"y,z')),
        (b'2,x"y"z,z', ("comillas", WHERE_QUOTES_STAND, '2,x"y"z,z')),
        (b'2,"x"y,z', ("comillas", WHERE_QUOTES_STAND, '2,"x"y,z')),
        (b'2,"x" ,z', ("comillas", WHERE_QUOTES_STAND, '2,"x" ,z')),
        (b'2, "x",z', ("comillas", WHERE_QUOTES_STAND, '2, "x",z')),
        (b'2,""x"",z', ("comillas", WHERE_QUOTES_STAND, '2,""x"",z')),
        (b'"2,x,z', ("comillas", WHERE_QUOTES_STAND, '"2,x,z')),
        (b'2,x,z"', ("comillas", WHERE_QUOTES_STAND, '2,x,z"')),
        (b"2,\xf1,z", ("codificacion", "utf-8", "2,\\xf1,z")),
        (b"2,\xed\xa0\x80,z", ("codificacion", "utf-8", "2,\\xed\\xa0\\x80,z")),
        (b"2,\xc3\xb1\xc3,z", ("codificacion", "utf-8", "2,ñ\\xc3,z")),
        (b"2,\xc0\x80,\xf5", ("codificacion", "utf-8", "2,\\xc0\\x80,\\xf5")),
        (b"2,\0,z", ("codificacion", "no NUL", "2,\\x00,z")),
        (b'2,"\xff', ("codificacion", "utf-8", '2,"\\xff')),
    ],
)
def test_a_broken_line_is_rejected_as_it_stands_and_the_others_keep_their_lines(
    warehouse: Engine, deliver: Callable[..., int], line: bytes, expected: tuple[str, str, str]
) -> None:
    assert deliver(HEADER + b'1,"a",b\n\n' + line + b"\n3,\xc3\xb1,d\n" + line + b"\n") == 2
    assert people(warehouse) == [(2, "1", "a", "b"), (5, "3", "ñ", "d")]
    assert rejected(warehouse) == [(4, *expected), (6, *expected)]
    assert set(rejected(warehouse, "archivo, entidad, columna, corrida")) == {("people.csv", "", None, "run 1")}
    assert counts(warehouse) == {"people.csv": (4, 2)}


def test_bytes_that_cp1252_does_not_know(warehouse: Engine, deliver: Callable[..., int]) -> None:
    lines = [b"%d,%c,z\n" % (byte, byte) for byte in range(0x80, 0x100)]
    assert deliver(HEADER + b"".join(lines), to=of(encoding="cp1252")) == 123
    assert rejected(warehouse, "linea, motivo, texto") == [
        (byte - 0x80 + 2, "codificacion", f"{byte},\\x{byte:x},z") for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    ]


def test_where_values_may_hold_line_breaks_a_quote_left_open_spoils_one_line(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    content = b'1,"a\nb",c\n2,"open,x\n3,"d\r\n\ne",f\n4,"g\nh",i,j\n5,"k\n\xff",l\n6,m,n\n7,"open\n'
    assert deliver(HEADER + content, to=of(multiline=True)) == 3
    assert people(warehouse) == [(2, "1", "a\nb", "c"), (5, "3", "d\r\n\ne", "f"), (12, "6", "m", "n")]
    assert rejected(warehouse, "linea, motivo, texto") == [
        (4, "comillas", '2,"open,x'),
        (8, "columnas_de_mas", '4,"g\nh",i,j'),
        (10, "codificacion", '5,"k\n\\xff",l'),
        (13, "comillas", '7,"open'),
    ]
    assert counts(warehouse) == {"people.csv": (7, 3)}


@pytest.mark.parametrize("end", [b"2,c", b'2,"c,d', b'2,c,"'])
def test_a_file_that_was_cut_off_is_refused(warehouse: Engine, deliver: Callable[..., int], end: bytes) -> None:
    with pytest.raises(BadFile, match=r"people.csv ends in the middle of line 3"):
        deliver(HEADER + b"1,a,b\n" + end)
    assert deliver(HEADER + b"1,a,b\n" + end + b"\n") == 1
    assert [line for line, *_ in rejected(warehouse)] == [3]


def test_a_line_that_is_too_long_is_rejected_by_its_beginning(warehouse: Engine, deliver: Callable[..., int]) -> None:
    for line_end in (b"\n", b"\r\n", b"\r"):
        lines = [
            HEADER.strip(),
            b"1,a,b",
            b"2,%s,c" % (b"x" * 5 * LIMIT),
            b"3,d,e",
            b"4,%s," % (b"y" * (LIMIT - 2)),
            b"5,f,g",
        ]
        lines += [b"6," + b'"' * LIMIT, b"7,%s," % (b"z" * (LIMIT - 3)), b"8," + b"," * 2 * LIMIT]
        assert deliver(line_end.join(lines)) == 4
        assert people(warehouse, "_linea, id, length(name)") == [
            (2, "1", 1),
            (4, "3", 1),
            (6, "5", 1),
            (8, "7", LIMIT - 3),
        ]
        assert rejected(warehouse, "linea, motivo, left(texto, 3), length(texto)") == [
            (3, "linea_larga", "2,x", SHOWN),
            (5, "linea_larga", "4,y", SHOWN),
            (7, "linea_larga", '6,"', SHOWN),
            (9, "linea_larga", "8,,", SHOWN),
        ]


def test_broken_lines_are_written_batch_by_batch(
    warehouse: Engine, deliver: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_tables, "BATCH", 1000)
    monkeypatch.setattr(raw_tables.records, "__defaults__", (100, LIMIT))
    assert deliver(HEADER + b"1,a,b\nbroken\n" * 500) == 500
    assert [row[0] for row in people(warehouse)] == list(range(2, 1002, 2))
    assert rejected(warehouse) == [
        (line, "columnas_de_menos", "3 columns, 1 found", "broken") for line in range(3, 1003, 2)
    ]


# files that are refused whole


@pytest.mark.parametrize(
    ("content", "dialect", "message"),
    [
        (b"", {}, "people.csv is empty"),
        (b"\xef\xbb\xbf", {}, "people.csv is empty"),
        (b"\n\r\n\n", {}, "people.csv is empty"),
        (b"PK\x03\x04\x14\x00", {}, "people.csv is no CSV file: it is a zip archive or a workbook"),
        (b"\x1f\x8b\x08rest", {}, "people.csv is no CSV file: it is compressed"),
        ("id,name\n".encode("utf-16"), {}, "people.csv is no CSV file: it is UTF-16"),
        ("id,name\n".encode("utf-16-le"), {}, "people.csv is no CSV file: there is a NUL in its header"),
        (b"\x7fELF\x02\x01\x00\x00", {}, "people.csv is no CSV file: there is a NUL in its header"),
        ("id,año\n".encode("latin-1"), {}, "people.csv: its header is not utf-8"),
        (b"id,\x81\n", {"encoding": "cp1252"}, "people.csv: its header is not cp1252"),
        (
            b"\xef\xbb\xbfid,name\n",
            {"encoding": "latin-1"},
            "people.csv begins with the byte order mark of utf-8, the feed says latin-1",
        ),
        (b'id,"name\n1,2\n', {}, "people.csv: its header has a quote inside a name, or one that is left open"),
        (b"x" * 2 * LIMIT, {}, "people.csv: its header is too long"),
        (b"x" * (LIMIT // 2), {}, "people.csv: its header has a name that is too long"),
        (b",".join(b"%d" % n for n in range(1501)), {}, "people.csv: its header has 1501 columns, more than 1500"),
        (b"id,city\n1,Lima\n", {}, "people.csv: its header lacks the column name: it has id, city"),
        (b"1,Ana,Lima\n2,Eva,Lima\n", {}, "people.csv: its header lacks the column id: none of its 3 names is known"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_whole_in_one_line(
    warehouse: Engine, deliver: Callable[..., int], content: bytes, dialect: dict, message: str
) -> None:
    declared = feed(people=RawFile(name="people*.csv", dialect=Dialect(**dialect), required=("id", "Name")))
    deliver(HEADER.replace(b",", dialect.get("delimiter", ",").encode()) + b"1,a,b\nbroken\n", to=declared)
    before = everything(warehouse)
    with pytest.raises(BadFile) as refused:
        deliver(content, to=declared, run="run 2")
    assert str(refused.value) == message
    assert everything(warehouse) == before


def test_a_header_alone_is_a_file_without_rows(warehouse: Engine, deliver: Callable[..., int]) -> None:
    assert deliver(HEADER) == 0
    assert (people(warehouse), counts(warehouse)) == ([], {"people.csv": (0, 0)})


def test_a_row_that_postgresql_has_no_room_for_refuses_the_file_without_being_shown(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    names = ",".join(f"c{number}" for number in range(1000)).encode()
    with pytest.raises(
        BadFile, match=r"^people.csv: PostgreSQL refuses a row: row is too big: size \d+, maximum size \d+$"
    ):
        deliver(names + b"\n" + b",".join([b"secret of hers"] * 1000) + b"\n")
    assert counts(warehouse) == {}


# delivered again


def test_what_has_not_changed_is_not_read_again(warehouse: Engine, folder: Path, deliver: Callable[..., int]) -> None:
    assert deliver(b"\xef\xbb\xbf" + HEADER + b"1,a,b\n") == 1
    assert changed_deliveries(warehouse, feed(), folder) == []
    noted = query(warehouse, "select archivo, tabla, fecha_archivo, sha256, mundo, corrida from control.entregas")
    digest = sha256((folder / "people.csv").read_bytes()).hexdigest()
    assert noted == [("people.csv", "people", None, digest, "feed school", "run 1")]
    (folder / "people.csv").touch()
    assert changed_deliveries(warehouse, feed(), folder) == []


def test_reading_twice_is_reading_once(warehouse: Engine, folder: Path, deliver: Callable[..., int]) -> None:
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


def test_rejections_of_the_contract_are_not_those_of_the_file(warehouse: Engine, deliver: Callable[..., int]) -> None:
    deliver(HEADER + b"1,a,b\n")
    with warehouse.begin() as connection:
        connection.execute(
            text(
                "insert into control.rechazos values ('people.csv', 2, 'clientes', null, 'falta_valor', null, '', 'run 1')"
            )
        )
    deliver(HEADER + b"2,a,b\n")
    assert rejected(warehouse, "entidad") == [("clientes",)]


def test_a_file_is_read_again_when_the_feed_declares_it_otherwise(
    warehouse: Engine, folder: Path, deliver: Callable[..., int]
) -> None:
    wrong = of(delimiter="|")
    assert deliver(b"id;name;city\n1;a;NULL\n", to=wrong) == 1
    right = of(delimiter=";", nulls=("NULL",))
    assert [delivery.archivo for delivery in changed_deliveries(warehouse, right, folder)] == ["people.csv"]
    assert deliver(b"id;name;city\n1;a;NULL\n", to=right) == 1
    assert people(warehouse) == [(2, "1", "a", None)]
    assert deliver(b"id;name;city\n1;a;NULL\n", to=of(delimiter=";", nulls=("a",))) == 1
    assert people(warehouse) == [(2, "1", None, "NULL")]
    renamed = feed(persons=right.files["people"])
    assert deliver(b"id;name;city\n1;a;NULL\n", to=renamed) == 1
    assert people(warehouse) == []
    assert query(warehouse, "select id from crudo.persons") == [("1",)]


def test_a_later_file_may_bring_columns_and_lack_those_that_are_not_required(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    declared = feed(people=RawFile(name="people*.csv", dialect=Dialect(), required=("id",)))
    deliver(HEADER + b"1,a,b\n", to=declared)
    deliver(b"phone,id,name\n5,2,c\n", "people_2.csv", declared)
    assert people(warehouse, "_archivo, id, name, city, phone") == [
        ("people.csv", "1", "a", "b", None),
        ("people_2.csv", "2", "c", None, "5"),
    ]


def test_without_a_list_the_columns_of_the_first_file_are_required(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    deliver(HEADER + b"1,a,b\n")
    deliver(b"city,phone,id,name\nd,5,2,c\n", "people_2.csv")
    assert people(warehouse, "id, name, city, phone") == [("1", "a", "b", None), ("2", "c", "d", "5")]
    deliver(HEADER + b"3,e,f\n", "people_3.csv")
    before = everything(warehouse)
    with pytest.raises(BadFile, match=r"^people_4.csv: its header lacks the column city: it has id, name, height$"):
        deliver(b"id,name,height\n1,2,3\n", "people_4.csv")
    assert everything(warehouse) == before
    assert "height" not in query(warehouse, "select string_agg(attname, ' ') from pg_attribute")[0][0]


def test_a_warehouse_that_another_world_holds_is_left_alone(warehouse: Engine, deliver: Callable[..., int]) -> None:
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


def test_raw_tables_are_forgotten_with_their_views(warehouse: Engine, deliver: Callable[..., int]) -> None:
    deliver(HEADER + b"1,a,b\n")
    with warehouse.begin() as connection:
        connection.execute(text("create view public.mine as select id from crudo.people"))
        drop_raw_tables(connection)
        connection.execute(text("truncate control.entregas"))
    assert query(warehouse, "select * from pg_class where relnamespace = 'crudo'::regnamespace") == []
    assert deliver(b"other\n1\n") == 1


# together, and killed


def test_files_that_are_taken_in_together_arrive_as_one_after_the_other(warehouse: Engine, folder: Path) -> None:
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


def test_a_file_that_is_taken_in_twice_at_once_arrives_once(warehouse: Engine, folder: Path) -> None:
    (folder / "people.csv").write_bytes(HEADER + b"1,a,b\n" * 20_000 + b"broken\n")
    (delivery,) = find_deliveries(feed(), folder)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda run: load_raw_file(warehouse, feed(), folder, delivery, run), ["1", "2", "3"]))
    assert query(warehouse, "select count(*), count(distinct _linea) from crudo.people") == [(20_000, 20_000)]
    assert query(warehouse, "select count(*) from crudo.people_filas") == [(20_000,)]
    assert len(rejected(warehouse)) == 1


def test_files_that_have_waited_for_the_first_of_their_kind_do_not_wait_for_one_another(warehouse: Engine) -> None:
    ready = Barrier(3, timeout=60)

    def make() -> None:
        with warehouse.begin() as connection:
            raw_tables._make(connection, "people", ["id"], [""])
            ready.wait()

    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with ThreadPoolExecutor(3) as pool:
        with warehouse.begin() as first:
            raw_tables._make(first, "people", ["id"], [""])
            made = [pool.submit(make) for _ in range(3)]
            while query(warehouse, waiting) != [(3,)]:
                time.sleep(0.01)
        for one in made:
            one.result()


PROGRAM = r"""
import re, sys
from pathlib import Path
from sqlalchemy import create_engine
from client360.ingest.feed_spec import Dialect, Feed, RawFile
from client360.ingest.raw_tables import find_deliveries, load_raw_file
feed = Feed("school", "AR", "ARS", 5, {"people": RawFile(name="people*.csv", dialect=Dialect())}, {}, "feed school")
(delivery,) = find_deliveries(feed, Path(sys.argv[2]))
print(load_raw_file(create_engine(sys.argv[1]), feed, Path(sys.argv[2]), delivery, "run 2"))
if (status := Path("/proc/self/status")).exists():
    print(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1])
"""


def program(warehouse: Engine, folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, warehouse.url.render_as_string(), str(folder)],
        env=os.environ | {"PYTHONPATH": str(folders.ROOT / "plugins")},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_nothing_is_left_of_a_reading_that_is_killed(
    warehouse: Engine, folder: Path, deliver: Callable[..., int]
) -> None:
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
    assert [delivery.archivo for delivery in changed_deliveries(warehouse, feed(), folder)] == ["people.csv"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
def test_memory_does_not_grow_with_the_file_or_its_lines(warehouse: Engine, folder: Path) -> None:
    with (folder / "people.csv").open("wb") as file:
        file.write(HEADER)
        for _ in range(8):
            file.write(b"1,a,b\n" * 200_000)
            file.write(b"broken\n" * 20_000)
            file.write(b"," * (32 << 20) + b"\n")
            file.write(b'"' * (LIMIT - 1) + b"\n" + b"," * (LIMIT - 1) + b"\n" * LIMIT)
    with program(warehouse, folder) as process:
        output, _ = process.communicate()
    rows, memory = map(int, output.split())
    assert rows == 1_600_000
    assert memory / 1024 < 250
    assert counts(warehouse)["people.csv"] == (1_600_000 + 8 * 20_003, 1_600_000)


# any bytes


def expected_of(content: bytes, dialect: Dialect) -> tuple[list, list] | None:
    """Line and values of the good rows, line and reason of the broken ones, or None where the file has to be refused."""
    codec = dialect.encoding.replace("-sig", "")
    marked = content.startswith(b"\xef\xbb\xbf")
    found = modelled(content[3:] if marked else content, dialect)
    if content.startswith(tuple(raw_tables.NO_CSV)) or (marked and codec != "utf-8") or not found or found[0][2]:
        return None
    header = [" ".join(name.split()) for name in values_of(found[0][1].decode(codec), dialect)]
    good, broken = [], []
    for line, record, flaw, values in found[1:]:
        if flaw:
            broken.append((line, {ENCODING: "codificacion", QUOTES: "comillas"}[flaw]))
        elif values != len(header):
            broken.append((line, "columnas_de_menos" if (values or 0) < len(header) else "columnas_de_mas"))
        else:
            good.append((line, *values_of(record.decode(codec), dialect)))
    cut_off = content[-1:] not in (b"\r", b"\n") and (found[-1][2] == QUOTES or (found[-1][3] or 99) < len(header))
    return None if cut_off and len(found) > 1 else (good, broken)


def values_of(record: str, dialect: Dialect) -> list[str]:
    (row,) = csv.reader(StringIO(record, newline=""), delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    return row


headers = st.sampled_from([b"a", b"a,b", b"a,b,c", b"a;b;c", b"a\tb", b"'a','b'", b'"a";"b"']).map(
    lambda line: line + b"\n"
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.just(b"") | headers, csv_like | st.binary(max_size=200), dialects)
@example(b"", b"PK\x03\x04", Dialect())
@example(b"a\n", b'1\r"\r\n"\r\n', Dialect(multiline=True))
def test_no_bytes_crash_the_reading_or_lose_a_row(
    warehouse: Engine, folder: Path, header: bytes, content: bytes, dialect: Dialect
) -> None:
    declared = feed(people=RawFile(name="people*.csv", dialect=dialect))
    (folder / "people.csv").write_bytes(header + content)
    with warehouse.begin() as connection:
        drop_raw_tables(connection)
        connection.execute(text("truncate control.entregas, control.rechazos"))
    (delivery,) = changed_deliveries(warehouse, declared, folder)
    expected = expected_of(header + content, dialect)
    if expected is None:
        with pytest.raises(BadFile, match=r"^people\.csv(:| is| begins| ends)[^\n]*$"):
            load_raw_file(warehouse, declared, folder, delivery, "run 1")
        assert (counts(warehouse), rejected(warehouse)) == ({}, [])
        return
    read = load_raw_file(warehouse, declared, folder, delivery, "run 1")
    good, broken = expected
    columns = query(warehouse, "select columnas from control.entregas")[0][0]
    assert query(warehouse, f"select _linea, {columns} from crudo.people_filas order by 1") == good
    assert rejected(warehouse, "linea, motivo") == broken
    assert counts(warehouse) == {"people.csv": (len(good) + len(broken), read)}
    assert read == len(good)
