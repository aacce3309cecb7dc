"""Files that are no plain CSV: compressed, in archives, workbooks and Parquet."""

import gzip
import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from school import HEADER, counts, everything, feed, people, query, rejected
from sqlalchemy import Engine

from client360.files import BadFile
from client360.ingest import workbook
from client360.ingest.contract import apply_contract
from client360.ingest.deliveries import changed_deliveries, find_deliveries, survey
from client360.ingest.feed_spec import BadFeed, Feed
from client360.ingest.inventory import record_input
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.raw_load import load_raw_files
from client360.ingest.withdrawal import NotWithdrawn, withdraw

Cells = list[list[object]]
LOCAL = datetime.fromisoformat("2025-03-01T10:20:30")


def kind(name: str, dialect: Dialect | None = None, **keys: object) -> RawFile:
    return RawFile(name=name, dialect=dialect or Dialect(), **keys)


def book(*sheets: tuple[str, Cells] | tuple[str, Cells, Callable]) -> bytes:
    """A workbook of sheets, each with its rows and what else is to be done with it; None leaves a cell out."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as made:
        formats = {
            datetime: made.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
            date: made.add_format({"num_format": "dd/mm/yyyy"}),
            time: made.add_format({"num_format": "hh:mm"}),
            timedelta: made.add_format({"num_format": "[h]:mm:ss"}),
        }
        for name, rows, *more in sheets:
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if type(value) in formats:
                        sheet.write_datetime(at, column, value, formats[type(value)])
                    elif isinstance(value, str):
                        sheet.write_string(at, column, value)
                    elif value is not None:
                        sheet.write(at, column, value)
            for change in more:
                change(sheet)
    return written.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return written.getvalue()


def parquet(table: pa.Table, **options: object) -> bytes:
    written = BytesIO()
    pq.write_table(table, written, **options)
    return written.getvalue()


@pytest.fixture
def load(warehouse: Engine, folder: Path) -> Callable[..., int]:
    """Write files and load what has changed; returns the number of rows."""

    def load(files: dict[str, bytes], run: str = "run 1", **kinds: RawFile) -> int:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        declared = feed(**kinds)
        return load_raw_files(warehouse, declared, folder, changed_deliveries(warehouse, declared, folder), run)

    return load


CSV = """id,name,city,born,income,active
1,"José ""Pepe"" Núñez",Salta,2025-03-01,350000.55,true
2,"Paz, Ana; hija",,2024-12-31,0.3,false
-3,a\tb,Córdoba,,1200,
"""
ROWS = [
    (2, "1", 'José "Pepe" Núñez', "Salta", "2025-03-01", "350000.55", "true"),
    (3, "2", "Paz, Ana; hija", None, "2024-12-31", "0.3", "false"),
    (4, "-3", "a\tb", "Córdoba", None, "1200", None),
]
CELLS: Cells = [
    ["id", "name", "city", "born", "income", "active"],
    [1, 'José "Pepe" Núñez', "Salta", date(2025, 3, 1), 350000.55, True],
    [2, "Paz, Ana; hija", None, date(2024, 12, 31), 0.3, False],
    [-3, "a\tb", "Córdoba", None, 1200, None],
]
COLUMNS = list(zip(*CELLS[1:], strict=True))
PARQUET = pa.table(
    {
        "id": pa.array(COLUMNS[0], pa.int32()),
        "name": pa.array(COLUMNS[1], pa.string()).dictionary_encode(),
        "city": pa.array(COLUMNS[2], pa.large_string()),
        "born": pa.array(COLUMNS[3], pa.date32()),
        "income": pa.array(COLUMNS[4], pa.float64()),
        "active": pa.array(COLUMNS[5], pa.bool_()),
    }
)


def test_the_same_rows_in_any_format_give_the_same_raw_rows(warehouse: Engine, load: Callable[..., int]) -> None:
    semicolons = CSV.replace('"Paz, Ana; hija"', "P").replace(",", ";").replace("2;P;", '2;"Paz, Ana; hija";')
    western = Dialect(encoding="cp1252", delimiter=";")
    kinds = {
        "plain": kind("plain.csv"),
        "packed": kind("packed.csv.gz", western),
        "member": kind("*.zip/deep/inside.csv"),
        "member_sheet": kind("*.zip/inside.xlsx", western),
        "sheet": kind("book.xlsx", western),
        "columns": kind("rows.parquet"),
        "packed_columns": kind("rows.parquet.gz", western),
    }
    rows = load(
        {
            "plain.csv": CSV.encode(),
            "packed.csv.gz": gzip.compress(semicolons.encode("cp1252")),
            "sub/all.zip": archive({"deep/inside.csv": CSV.encode(), "inside.xlsx": book(("Hoja 1", CELLS))}),
            "book.XLSX": book(("Hoja 1", CELLS)),
            "rows.parquet": parquet(PARQUET),
            "rows.parquet.gz": gzip.compress(parquet(PARQUET)),
        },
        **kinds,
    )
    assert rows == 7 * 3
    raw = "select _linea, id, name, city, born, income, active from crudo.{} order by _linea"
    assert query(warehouse, raw.format("plain")) == ROWS
    for name in ("packed", "member", "member_sheet", "sheet"):
        assert query(warehouse, raw.format(name)) == ROWS, name
    for name in ("columns", "packed_columns"):  # the names of Parquet's columns are no row
        assert query(warehouse, raw.format(name)) == [(line - 1, *values) for line, *values in ROWS], name
    assert set(counts(warehouse).values()) == {(3, 3)}
    assert rejected(warehouse) == []
    assert load({}, **kinds) == 0


def cell(value: object) -> Callable:
    return lambda sheet: sheet.write_formula("B2", "=A1", None, value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (1234567.89, "1234567.89"),
        (4509953566233704, "4509953566233704"),
        (1e21, "1000000000000000000000"),
        (0.00000015, "0.00000015"),
        (-2.50, "-2.5"),
        (LOCAL, "2025-03-01T10:20:30"),
        (date(1999, 12, 31), "1999-12-31"),
        (time(9, 5), "09:05:00"),
        (timedelta(hours=26, minutes=30), "26:30:00"),
        ("007", "007"),
        (" 1,5 ", " 1,5 "),
        ("two\nlines, one\r\ncell", "two\nlines, one\r\ncell"),
        ("a\\b", "a\\b"),
        ("#N/A", "#N/A"),
        (cell(0.1 + 0.2), "0.3"),
        (cell(42), "42"),
        (cell("text"), "text"),
        (cell("#N/A"), None),
        (cell("#DIV/0!"), None),
        (lambda sheet: sheet.merge_range("B2:C2", "both"), "both"),
    ],
)
def test_cells_are_text_that_the_contract_reads(
    warehouse: Engine, load: Callable[..., int], value: object, text: str | None
) -> None:
    rows: Cells = [["id", "name", "city"], [1, None if callable(value) else value, None]]
    load({"people.xlsx": book(("Hoja1", rows, *([value] if callable(value) else [])))}, people=kind("*.xlsx"))
    assert people(warehouse) == [(2, "1", text, None)]


def test_numbers_of_cells_and_parquet_have_the_decimal_sign_of_the_dialect(
    warehouse: Engine, load: Callable[..., int]
) -> None:
    comma = Dialect(decimal=",")
    columns = {"id": [1], "name": ["1.234,5"], "city": [1234.5], "debt": [Decimal("1234.50")]}
    cells: Cells = [["id", "name", "city"], [1, "1.234,5", 1234.5]]
    load(
        {"people.xlsx": book(("Hoja1", cells)), "rows.parquet": parquet(pa.table(columns))},
        people=kind("*.xlsx", comma),
        rows=kind("*.parquet", comma),
    )
    assert people(warehouse) == [(2, "1", "1.234,5", "1234,5")]
    assert query(warehouse, "select id, name, city, debt from crudo.rows") == [("1", "1.234,5", "1234,5", "1234,50")]


def test_rows_of_a_sheet_are_numbered_as_it_shows_them_and_none_is_lost(
    warehouse: Engine, load: Callable[..., int]
) -> None:
    rows: Cells = [
        [None, "People of the school"],
        [],
        [None, "id", "name", "city"],
        [None, 1, "Ana", "Salta"],
        [],
        [None, 2],
        [None, 3, "Eva", "Salta", None, "a note"],
        [None, None, None, "Lima"],
        [],
    ]
    assert load({"people.xlsx": book(("Hoja1", rows))}, people=kind("people.xlsx", skip=2)) == 3
    assert people(warehouse) == [(4, "1", "Ana", "Salta"), (6, "2", None, None), (8, None, None, "Lima")]
    assert rejected(warehouse) == [(7, "columnas_de_mas", "3 columns, 5 found", "3,Eva,Salta,,a note")]
    assert counts(warehouse) == {"people.xlsx": (4, 3)}


def test_a_sheet_without_a_header_has_the_columns_that_are_declared(
    warehouse: Engine, load: Callable[..., int]
) -> None:
    declared = kind("people.xlsx", columns=("id", "name", "city"))
    load({"people.xlsx": book(("Hoja1", [[1, "Ana"], [2, "Eva", "Lima"]]))}, people=declared)
    assert people(warehouse) == [(1, "1", "Ana", None), (2, "2", "Eva", "Lima")]


def sheets() -> bytes:
    def of(name: str) -> Cells:
        return [["id", "name", "city"], [1, name, None]]

    return book(
        ("Secret", of("s"), lambda sheet: sheet.hide()),
        ("First", of("f"), lambda sheet: sheet.activate()),
        ("Año, total", of("a")),
    )


@pytest.mark.parametrize(
    ("sheet", "path", "name"),
    [
        (None, "people.xlsx", "f"),
        ("first", "people.xlsx/first", "f"),
        ("Secret", "people.xlsx/Secret", "s"),
        ("Año, total", "people.xlsx/Año, total", "a"),
    ],
)
def test_the_sheet_is_the_one_that_is_named_or_the_first_that_is_visible(
    warehouse: Engine, load: Callable[..., int], sheet: str | None, path: str, name: str
) -> None:
    load({"people.xlsx": sheets()}, people=kind("people.xlsx", sheet=sheet))
    assert people(warehouse, "_archivo, _linea, name") == [(path, 2, name)]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(load: Callable[..., int]) -> None:
    with pytest.raises(BadFile) as refused:
        load({"people.xlsx": sheets()}, people=kind("people.xlsx", sheet="People"))
    assert str(refused.value) == (
        "people.xlsx/People: the workbook has no such sheet but Secret, First, Año, total: correct sheet in feed.yaml"
    )


def test_each_sheet_of_a_workbook_may_be_of_a_kind_of_its_own(
    warehouse: Engine, folder: Path, load: Callable[..., int]
) -> None:
    kinds = {"people": kind("s_{%Y%m%d}.xlsx", sheet="First"), "years": kind("s_*.xlsx", sheet="Año, total")}
    assert load({"s_20250301.xlsx": sheets()}, **kinds) == 2
    assert people(warehouse, "_archivo, _fecha, name") == [("s_20250301.xlsx/First", date(2025, 3, 1), "f")]
    assert query(warehouse, "select name from crudo.years") == [("a",)]
    assert changed_deliveries(warehouse, feed(**kinds), folder) == []
    with pytest.raises(BadFeed, match=r"s_20250301.xlsx is a file of people and of years: narrow the names"):
        find_deliveries(feed(people=kind("s_*.xlsx"), years=kind("*.xlsx")), folder)


def test_the_types_of_parquet_are_text_exactly(warehouse: Engine, load: Callable[..., int]) -> None:
    moment = datetime(2025, 3, 1, 1, 20, 30, tzinfo=timezone.utc)
    columns = {
        "whole": pa.array([2**62, None], pa.int64()),
        "ids": pa.array([7.0, float("nan")], pa.float64()),
        "float": pa.array([0.1 + 0.2, 1e21], pa.float64()),
        "short": pa.array([0.1, 1.5e-7], pa.float32()),
        "money": pa.array([Decimal("10.50"), Decimal("0.0000000001")], pa.decimal128(20, 10)),
        "day": pa.array([date(2025, 3, 1), None], pa.date64()),
        "plain": pa.array([LOCAL, LOCAL.replace(hour=0, microsecond=250_000)], pa.timestamp("us")),
        "zoned": pa.array([moment, None], pa.timestamp("ns", "America/Argentina/Buenos_Aires")),
        "hour": pa.array([time(9, 5), time(9, 5, 0, 500_000)], pa.time64("us")),
        "yes": pa.array([True, None]),
        "nothing": pa.nulls(2),
        "bytes": pa.array(["ñ".encode(), b"x"], pa.binary()),
    }
    load({"rows.parquet": parquet(pa.table(columns))}, rows=kind("rows.parquet"))
    names = "whole, ids, float, short, money, day, plain, zoned, hour, yes, nothing, bytes"
    assert query(warehouse, f"select _linea, {names} from crudo.rows order by _linea") == [
        (
            1,
            "4611686018427387904",
            "7",
            "0.30000000000000004",
            "0.1",
            "10.5000000000",
            "2025-03-01",
            "2025-03-01T10:20:30",
            "2025-02-28T22:20:30-03:00",
            "09:05:00",
            "true",
            None,
            "ñ",
        ),
        (
            2,
            None,
            None,
            "1000000000000000000000",
            "0.00000015",
            "0.0000000001",
            None,
            "2025-03-01T00:20:30.250000",
            None,
            "09:05:00.500000",
            None,
            None,
            "x",
        ),
    ]


def test_rows_of_parquet_that_no_text_can_hold_are_quarantined(warehouse: Engine, load: Callable[..., int]) -> None:
    texts = ["a", "b\0c", "two\nlines", 'a "b"', "", "x" * (1 << 20)]
    columns = {
        "id": pa.array([1, 2, 3, 4, 5, 6]),
        "name": pa.array(texts),
        "city": pa.array([b"s"] * 4 + [b"\xff", b"s"]),
    }
    assert load({"people.parquet": parquet(pa.table(columns))}, people=kind("*.parquet")) == 3
    assert people(warehouse) == [(1, "1", "a", "s"), (3, "3", "two\nlines", "s"), (4, "4", 'a "b"', "s")]
    found = [(line, reason) for line, reason, *_ in rejected(warehouse)]
    assert found == [(2, "codificacion"), (5, "codificacion"), (6, "linea_larga")]


NO_WORKBOOK = "is no workbook that can be read: it was cut off, has a password, or is something else; save it anew"
NESTED = pa.table({"id": [1], "names": [["Ana", "Eva"]]})
TEXT = HEADER + b"1,a,b\n" * 1000
BROKEN = {
    "cut.csv.gz": (gzip.compress(os.urandom(5000))[:-1000], "can not be unpacked, since it was cut off: deliver it"),
    "text.csv.gz": (TEXT, "can not be unpacked, since it is broken, or packed in another way: deliver it"),
    "flipped.csv.gz": (gzip.compress(TEXT)[:-5] + b"12345", "can not be unpacked, since it is broken, or packed"),
    "empty.csv.gz": (gzip.compress(b""), "is empty"),
    "nothing.csv.gz": (b"", "is empty"),
    "cut.zip": (archive({"a.csv": TEXT})[:-40], "can not be unpacked, since it was cut off"),
    "text.xlsx": (TEXT, NO_WORKBOOK),
    "cut.xlsx": (book(("Hoja1", CELLS))[:3000], NO_WORKBOOK),
    "empty.xlsx": (b"", NO_WORKBOOK),
    "blank.xlsx": (book(("Hoja1", [])), "is empty"),
    "header.xlsx": (book(("Hoja1", [["x"], [1]])), "its header lacks the column id: none of its 1 names is known"),
    "below.xlsx": (
        book(("Hoja1", [["People"], [None, "x"], ["id", "name"], [1, "a"]])),
        "its header lacks the column id: none of its 1 names is known; with skip: 2 in feed.yaml it has id, name",
    ),
    "cut.parquet": (parquet(PARQUET)[:-20], "is no Parquet file without a password, or was cut off: deliver it again"),
    "text.parquet": (TEXT, "is no Parquet file without a password, or was cut off: deliver it again"),
    "nested.parquet": (parquet(NESTED), "its column names holds list<"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_and_the_others_are_read(
    warehouse: Engine, load: Callable[..., int], name: str
) -> None:
    content, message = BROKEN[name]
    names = {"people": kind("people.csv")} | {
        f"kind_{i}": kind(pattern, required=("id", "name"))
        for i, pattern in enumerate(("*.csv.gz", "*.zip/*.csv", "*.xlsx", "*.parquet"))
    }
    with pytest.raises(BadFile) as refused:
        load({name: content, "people.csv": HEADER + b"1,a,b\n", "zz.csv.gz": gzip.compress(b"id,name\n1,a\n")}, **names)
    assert str(refused.value).startswith(name)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    assert counts(warehouse) == {"people.csv": (1, 1), "zz.csv.gz": (1, 1)}


def test_a_broken_file_replaces_nothing(warehouse: Engine, load: Callable[..., int]) -> None:
    kinds = {"people": kind("people.csv.gz"), "rows": kind("*.parquet")}
    whole = gzip.compress(HEADER + b"1,a,b\n" * 100_000)
    batches = pa.table({"id": list(range(30_000)), "name": [f"n{i}" for i in range(30_000)]})
    rows = parquet(batches, row_group_size=10_000, compression="none")
    load({"people.csv.gz": whole, "rows.parquet": rows}, **kinds)
    before = everything(warehouse)
    late = rows.rfind(b"n25000")  # a page of which the beginning is sound
    damaged = rows[: late - 60_000] + b"\xff" * 50_000 + rows[late - 10_000 :]
    with pytest.raises(
        BadFile, match=r"^2 of 2 files are refused: people.csv.gz .* cut off.*; rows.parquet can not be read"
    ):
        load({"people.csv.gz": whole[:-50], "rows.parquet": damaged}, run="run 2", **kinds)
    assert everything(warehouse) == before


def test_a_workbook_that_unpacks_to_more_than_memory_should_hold_is_refused(
    load: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1 << 20)
    bomb = archive({"[Content_Types].xml": b"", "xl/worksheets/sheet1.xml": b"0" * (5 << 20)})
    with pytest.raises(
        BadFile, match=r"^people.xlsx takes 5 MiB when it is unpacked, more than 1: save its sheet as CSV$"
    ):
        load({"people.xlsx": bomb}, people=kind("people.xlsx"))


def test_a_sheet_with_a_cell_far_away_is_refused_and_takes_no_memory(load: Callable[..., int]) -> None:
    stray = book(("Hoja1", CELLS, lambda sheet: sheet.write("XFD1048576", "x")))
    with pytest.raises(BadFile) as refused:
        load({"people.xlsx": stray}, people=kind("people.xlsx"))
    assert str(refused.value) == (
        "people.xlsx has a sheet of 1,048,576 rows and 16,384 columns, most of them blank: delete what lies far from the "
        "table, or save that as CSV"
    )


PEOPLE_IN_ARCHIVES = kind("*.zip/*people_{%Y%m%d}.csv")


def test_members_of_an_archive_are_files_of_their_own(
    warehouse: Engine, folder: Path, load: Callable[..., int]
) -> None:
    one, two = HEADER + b"1,a,b\n", HEADER + b"2,c,d\n3,e\n"
    kinds = {"people": PEOPLE_IN_ARCHIVES, "sales": kind("sent_{%Y%m}.zip/sales.csv")}
    members = {"people_20250301.csv": one, "x/people_20250302.csv": two, "sales.csv": b"id\n9\n", "leeme.txt": b"x"}
    ignored = {"__MACOSX/people_20250301.csv": b"x", ".people_20250301.csv": b"x"}
    assert load({"sent_202503.zip": archive(members | ignored)}, **kinds) == 3
    assert people(warehouse, "_archivo, _linea, _fecha, id") == [
        ("sent_202503.zip/people_20250301.csv", 2, date(2025, 3, 1), "1"),
        ("sent_202503.zip/x/people_20250302.csv", 2, date(2025, 3, 2), "2"),
    ]
    assert query(warehouse, "select _fecha, id from crudo.sales") == [(date(2025, 3, 1), "9")]
    assert rejected(warehouse, "archivo, linea, texto") == [("sent_202503.zip/x/people_20250302.csv", 3, "3,e")]
    # packed anew with one member changed: only that one is read again
    members["people_20250301.csv"] = HEADER + b"1,a,CHANGED\n"
    (folder / "sent_202503.zip").write_bytes(archive(members))
    changed = changed_deliveries(warehouse, feed(**kinds), folder)
    assert [delivery.path for delivery in changed] == ["sent_202503.zip/people_20250301.csv"]
    assert [(file.path, file.why) for file in survey(feed(**kinds), folder).unread] == [
        ("sent_202503.zip/leeme.txt", "")
    ]


def test_a_file_counts_once_beside_the_same_one_compressed(warehouse: Engine, load: Callable[..., int]) -> None:
    content = HEADER + b"1,a,b\n"
    kinds = {"people": kind("people_{%Y%m%d}.csv*")}
    load({"people_20250301.csv": content, "people_20250301.csv.gz": gzip.compress(content)}, **kinds)
    apply_contract(warehouse, Feed("school", "AR", "ARS", 100, kinds, {}, "feed school"), "run 1", 100)
    assert people(warehouse, "_archivo, id") == [("people_20250301.csv", "1")]


def test_members_of_archives_are_read_where_feed_yaml_says_so(folder: Path, load: Callable[..., int]) -> None:
    packed = archive({"people_1.csv": HEADER, "notas.txt": b"x"})
    (folder / "old.zip").write_bytes(packed)
    (folder / "deep.zip").write_bytes(archive({"x/people_1.csv": HEADER}))
    (folder / "other.zip").write_bytes(archive({"notas.txt": b"x"}))
    (folder / "none.zip").write_bytes(archive({}))
    (folder / "cut.zip").write_bytes(packed[:-30])
    found = survey(feed(), folder)
    assert found.deliveries == []
    assert {file.path: file.why for file in found.unread} == {
        "old.zip": 'an archive with people_1.csv: to read that, write name: "*.zip/people*.csv" in feed.yaml',
        "deep.zip": 'an archive with people_1.csv: to read that, write name: "*.zip/*/people*.csv" in feed.yaml',
        "other.zip": 'an archive with notas.txt: to read that, write name: "*.zip/notas.txt" in feed.yaml',
        "none.zip": "an archive without a file",
        "cut.zip": "an archive that can not be opened: deliver it again",
    }


def test_a_compressed_file_that_is_packed_anew_is_unchanged(
    warehouse: Engine, folder: Path, load: Callable[..., int]
) -> None:
    kinds = {"people": kind("people.csv.gz")}
    load({"people.csv.gz": gzip.compress(TEXT, mtime=1)}, **kinds)
    (folder / "people.csv.gz").write_bytes(gzip.compress(TEXT, compresslevel=1, mtime=2))
    assert changed_deliveries(warehouse, feed(**kinds), folder) == []


def test_files_of_one_kind_may_be_written_in_different_ways(warehouse: Engine, load: Callable[..., int]) -> None:
    cells: Cells = [["id", "name", "city"], [3, "e", "f"]]
    files = {
        "people_1.csv": HEADER + b"1,a,b\n",
        "people_2.csv.gz": gzip.compress(HEADER + b"2,c,d\n"),
        "people_3.xlsx": book(("Hoja1", cells)),
        "people_4.parquet": parquet(pa.table({"id": [4], "name": ["g"], "city": ["h"]})),
    }
    assert load(files, people=kind("people_[0-9].*")) == 4
    assert people(warehouse, "id, name, city") == [("1", "a", "b"), ("2", "c", "d"), ("3", "e", "f"), ("4", "g", "h")]


@pytest.mark.parametrize("path", ["sent.zip/people_20250301.csv", "book.xlsx/First"])
def test_a_part_of_a_file_is_withdrawn_once_the_file_is_gone(
    warehouse: Engine, folder: Path, load: Callable[..., int], path: str
) -> None:
    kinds = {"people": PEOPLE_IN_ARCHIVES, "years": kind("book.xlsx", sheet="First")}
    load({"sent.zip": archive({"people_20250301.csv": HEADER + b"1,a,b\n"}), "book.xlsx": sheets()}, **kinds)
    record_input(warehouse, feed(**kinds), folder, date(2025, 3, 1), "run 1", changed=[])
    with pytest.raises(NotWithdrawn, match="is still in"):
        withdraw(warehouse, path)
    (folder / path.split("/", maxsplit=1)[0]).unlink()
    assert withdraw(warehouse, path).lines == 1
    assert path not in counts(warehouse)


UNREAD = {
    "people_2025.csv.gz": 'compressed: to read it, write name: "people*.csv*" in feed.yaml',
    "other.csv.gz": 'compressed: to read it, write name: "other.csv.gz" in feed.yaml',
    "People.XLSX": 'a workbook: to read it, write name: "people*.xlsx" in feed.yaml',
    "other.ods": 'a workbook: to read it, write name: "other.ods" in feed.yaml',
    "people.parquet": 'Parquet: to read it, write name: "people*.parquet" in feed.yaml',
    "people.7z": "compressed in a way that is not read: pack it as .gz or .zip, or unpack it",
    "people.tar.gz": "compressed in a way that is not read: pack it as .gz or .zip, or unpack it",
    "people.numbers": "a workbook of a kind that is not read: save it as .xlsx or CSV",
}


def test_files_that_no_kind_names_are_listed_with_what_to_write(folder: Path) -> None:
    for name in UNREAD:
        (folder / name).write_bytes(b"x")
    assert {file.path: file.why for file in survey(feed(), folder).unread} == UNREAD


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Hoja1">
<table:table-row><table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>name</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>city</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/></table:table-row>
<table:table-row><table:table-cell office:value-type="float" office:value="1"><text:p>1,00</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2025-03-01"><text:p>01/03/25</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="1234.5"><text:p>1.234,50</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def test_a_sheet_of_a_free_office_suite_is_read_as_one_of_excel(warehouse: Engine, load: Callable[..., int]) -> None:
    members = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": b'<?xml version="1.0"?><manifest:manifest '
        b'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": ODS.replace("\n", "").encode(),
    }
    load({"people.ods": archive(members)}, people=kind("people.ods"))
    assert people(warehouse) == [(4, "1", "2025-03-01", "1234.5")]
