"""What the beginning and the end of a file decide: its columns, or that it is refused whole."""

from collections.abc import Callable

import pytest
from school import HEADER, counts, everything, feed, people, query, rejected
from sqlalchemy import Engine

from client360.files import BadFile
from client360.ingest.csv_scanner import MAX_RECORD
from client360.ingest.raw_file import Dialect, RawFile


def test_a_file_without_header_has_the_columns_that_the_feed_declares(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    declared = feed(people=RawFile(name="people*.csv", dialect=Dialect(), columns=("id", "name", "ctid")))
    assert deliver(b"\n1,a,x\n2,b\n", to=declared) == 1
    assert people(warehouse, "_linea, id, name, c_ctid") == [(2, "1", "a", "x")]
    assert rejected(warehouse, "linea, motivo") == [(3, "columnas_de_menos")]


def test_a_file_of_which_nothing_is_left_below_the_lines_to_skip_is_refused(deliver: Callable[..., int]) -> None:
    declared = feed(people=RawFile(name="people*.csv", dialect=Dialect(), skip=2))
    with pytest.raises(BadFile, match="has nothing below line 2, which skip names"):
        deliver(b"People\n\n", to=declared)


@pytest.mark.parametrize(
    ("content", "dialect", "message"),
    [
        (b"", {}, "people.csv is empty"),
        (b"\xef\xbb\xbf", {}, "people.csv is empty"),
        (b"\n\r\n\n", {}, "people.csv is empty"),
        (
            b"PK\x03\x04\x14\x00",
            {},
            "people.csv is no CSV file: it is a zip archive or a workbook: name it so, as .zip or .xlsx",
        ),
        (b"\x1f\x8b\x08rest", {}, "people.csv is no CSV file: it is compressed: name it so, as .gz"),
        (b"PAR1\x15", {}, "people.csv is no CSV file: it is Parquet: name it so, as .parquet"),
        (b"\xd0\xcf\x11\xe0", {}, "people.csv is no CSV file: it is a workbook: name it so, as .xls"),
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
        (b"x" * 2 * MAX_RECORD, {}, "people.csv: its header is too long"),
        (b"x" * (MAX_RECORD // 2), {}, "people.csv: its header has a name that is too long"),
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


SEMICOLONS, FOUND = {"delimiter": ";"}, "in feed.yaml it has id, name"
LACKS = "its header lacks the column id: none of its {} names is known"
MISPLACED = "its header has a quote inside a name, or one that is left open"


@pytest.mark.parametrize(
    ("content", "declared", "message"),
    [
        ("id;name\n1;Ana\n", {}, f'{LACKS.format(1)}; with delimiter: ";" {FOUND}'),
        ("\ufeffid;name\n1;Ana\n", {}, f'{LACKS.format(1)}; with delimiter: ";" {FOUND}'),
        ("\u00cdD;N\u00c1ME;\n1;Ana;\n", {}, f'{LACKS.format(1)}; with delimiter: ";" {FOUND}'),
        ("id\tname\n1\tAna\n", {}, f'{LACKS.format(1)}; with delimiter: "\\t" {FOUND}'),
        ("id,name\n1,Ana\n", SEMICOLONS, f'{LACKS.format(1)}; with delimiter: "," {FOUND}'),
        ('"id";"name"\n1;Ana\n', {}, f'{MISPLACED}; with delimiter: ";" in feed.yaml it has 2 names'),
        ('12:30,"Ana"x\n', {}, MISPLACED),
        ('"id,name"\n"1,Ana"\n', {}, f"{LACKS.format(1)}; without the quotes around the whole line it has id, name"),
        ('"id,name"\n', SEMICOLONS, f"{LACKS.format(1)}; without the quotes around the whole line and with "
            f'delimiter: "," {FOUND}'),
        ("sep=;\nid;name\n1;Ana\n", SEMICOLONS, f"{LACKS.format(2)}; with skip: 1 {FOUND}"),
        ("sep=;\nid;name\n1;Ana\n", {}, f'{LACKS.format(1)}; with skip: 1, delimiter: ";" {FOUND}'),
        ("People\n\nid,name\n1,Ana\n", {}, f"{LACKS.format(1)}; with skip: 2 {FOUND}"),
        (",\nid,name\n1,Ana\n", {}, f"{LACKS.format(2)}; with skip: 1 {FOUND}"),
        ("id,name\n1,Ana\n2,Eva\n", {"skip": 1}, f"{LACKS.format(2)}; with skip: 0 {FOUND}"),
        ("1;Ana\n2;Eva\n", {}, LACKS.format(1)),
        ("1,Ana\n2,id\n", {}, LACKS.format(2)),
        ("x,name\n1,id\n", {}, "its header lacks the column id: it has x, name"),
    ],
)  # fmt: skip
def test_a_header_that_reads_well_in_another_way_is_told_how(
    deliver: Callable[..., int], content: str, declared: dict, message: str
) -> None:
    skip = declared.get("skip", 0)
    dialect = Dialect(**{name: value for name, value in declared.items() if name != "skip"})
    kind = RawFile(name="people*.csv", dialect=dialect, skip=skip, required=("id", "name"))
    with pytest.raises(BadFile) as refused:
        deliver(content.encode(), to=feed(people=kind))
    assert str(refused.value) == f"people.csv: {message}"


def test_a_header_in_another_encoding_is_told_it(deliver: Callable[..., int]) -> None:
    kind = RawFile(name="people*.csv", dialect=Dialect(encoding="cp1252"), required=("id", "ano"))
    with pytest.raises(BadFile, match=r"it has id, aa_o; with encoding: utf-8 in feed.yaml it has id, ano$"):
        deliver("id,a\u00f1o\n".encode(), to=feed(people=kind))


def test_a_header_alone_is_a_file_without_rows(warehouse: Engine, deliver: Callable[..., int]) -> None:
    assert deliver(HEADER) == 0
    assert (people(warehouse), counts(warehouse)) == ([], {"people.csv": (0, 0)})


@pytest.mark.parametrize("end", [b"2,c", b'2,"c,d', b'2,c,"'])
def test_a_file_that_was_cut_off_is_refused(warehouse: Engine, deliver: Callable[..., int], end: bytes) -> None:
    with pytest.raises(BadFile, match=r"people.csv ends in the middle of line 3"):
        deliver(HEADER + b"1,a,b\n" + end)
    assert deliver(HEADER + b"1,a,b\n" + end + b"\n") == 1
    assert [line for line, *_ in rejected(warehouse)] == [3]


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
