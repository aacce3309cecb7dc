"""Lines that are no row of their file."""

from collections.abc import Callable

import pytest
from school import HEADER, counts, people, rejected, with_dialect
from sqlalchemy import Engine

from client360.ingest import csv_file, raw_copy
from client360.ingest.csv_scanner import LONG_KEPT, MAX_RECORD

QUOTES_EXPECTED = "quotes around whole values, two for one inside"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"2,x", ("columnas_de_menos", "3 columns, 2 found", "2,x")),
        (b" ", ("columnas_de_menos", "3 columns, 1 found", " ")),
        (b'2,"a,b"', ("columnas_de_menos", "3 columns, 2 found", '2,"a,b"')),
        (b"2,x,y,", ("columnas_de_mas", "3 columns, 4 found", "2,x,y,")),
        (b'2,"a,b",c,d\r', ("columnas_de_mas", "3 columns, 4 found", '2,"a,b",c,d')),
        (b'2,"x,y', ("comillas", QUOTES_EXPECTED, '2,"x,y')),
        (b'2,x"y,z', ("comillas", QUOTES_EXPECTED, '2,x"y,z')),
        (b'2,x"y"z,z', ("comillas", QUOTES_EXPECTED, '2,x"y"z,z')),
        (b'2,"x"y,z', ("comillas", QUOTES_EXPECTED, '2,"x"y,z')),
        (b'2,"x" ,z', ("comillas", QUOTES_EXPECTED, '2,"x" ,z')),
        (b'2, "x",z', ("comillas", QUOTES_EXPECTED, '2, "x",z')),
        (b'2,""x"",z', ("comillas", QUOTES_EXPECTED, '2,""x"",z')),
        (b'"2,x,z', ("comillas", QUOTES_EXPECTED, '"2,x,z')),
        (b'2,x,z"', ("comillas", QUOTES_EXPECTED, '2,x,z"')),
        (b"2,\xf1,z", ("codificacion", "utf-8", "2,\\xf1,z")),
        (b"2,\xed\xa0\x80,z", ("codificacion", "utf-8", "2,\\xed\\xa0\\x80,z")),
        (b"2,\xc3\xb1\xc3,z", ("codificacion", "utf-8", "2,ñ\\xc3,z")),
        (b"2,\xc0\x80,\xf5", ("codificacion", "utf-8", "2,\\xc0\\x80,\\xf5")),
        (b"2,\0,z", ("codificacion", "no NUL", "2,\\x00,z")),
        (b'2,"\xff', ("codificacion", "utf-8", '2,"\\xff')),
    ],
)
def test_a_broken_line_is_quarantined_unaltered_and_the_others_keep_their_line_numbers(
    warehouse: Engine, deliver: Callable[..., int], line: bytes, expected: tuple[str, str, str]
) -> None:
    assert deliver(HEADER + b'1,"a",b\n\n' + line + b"\n3,\xc3\xb1,d\n" + line + b"\n") == 2
    assert people(warehouse) == [(2, "1", "a", "b"), (5, "3", "ñ", "d")]
    assert rejected(warehouse) == [(4, *expected), (6, *expected)]
    assert set(rejected(warehouse, "archivo, entidad, columna, corrida")) == {("people.csv", "", None, "run 1")}
    assert counts(warehouse) == {"people.csv": (4, 2)}


def test_bytes_that_are_no_character_of_cp1252_break_their_line(warehouse: Engine, deliver: Callable[..., int]) -> None:
    lines = [b"%d,%c,z\n" % (byte, byte) for byte in range(0x80, 0x100)]
    assert deliver(HEADER + b"".join(lines), to=with_dialect(encoding="cp1252")) == 123
    assert rejected(warehouse, "linea, motivo, texto") == [
        (byte - 0x80 + 2, "codificacion", f"{byte},\\x{byte:x},z") for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    ]


def test_where_values_may_hold_line_breaks_an_open_quote_breaks_one_line(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    content = b'1,"a\nb",c\n2,"open,x\n3,"d\r\n\ne",f\n4,"g\nh",i,j\n5,"k\n\xff",l\n6,m,n\n7,"open\n'
    assert deliver(HEADER + content, to=with_dialect(multiline=True)) == 3
    assert people(warehouse) == [(2, "1", "a\nb", "c"), (5, "3", "d\r\n\ne", "f"), (12, "6", "m", "n")]
    assert rejected(warehouse, "linea, motivo, texto") == [
        (4, "comillas", '2,"open,x'),
        (8, "columnas_de_mas", '4,"g\nh",i,j'),
        (10, "codificacion", '5,"k\n\\xff",l'),
        (13, "comillas", '7,"open'),
    ]
    assert counts(warehouse) == {"people.csv": (7, 3)}


def test_of_a_line_that_is_too_long_the_beginning_is_quarantined(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    for line_end in (b"\n", b"\r\n", b"\r"):
        lines = [
            HEADER.strip(),
            b"1,a,b",
            b"2,%s,c" % (b"x" * 5 * MAX_RECORD),
            b"3,d,e",
            b"4,%s," % (b"y" * (MAX_RECORD - 2)),
            b"5,f,g",
        ]
        lines += [b"6," + b'"' * MAX_RECORD, b"7,%s," % (b"z" * (MAX_RECORD - 3)), b"8," + b"," * 2 * MAX_RECORD]
        assert deliver(line_end.join(lines)) == 4
        assert people(warehouse, "_linea, id, length(name)") == [
            (2, "1", 1),
            (4, "3", 1),
            (6, "5", 1),
            (8, "7", MAX_RECORD - 3),
        ]
        assert rejected(warehouse, "linea, motivo, left(texto, 3), length(texto)") == [
            (3, "linea_larga", "2,x", LONG_KEPT),
            (5, "linea_larga", "4,y", LONG_KEPT),
            (7, "linea_larga", '6,"', LONG_KEPT),
            (9, "linea_larga", "8,,", LONG_KEPT),
        ]


def test_broken_lines_are_written_in_batches(
    warehouse: Engine, deliver: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_copy, "MAX_HELD", 1000)
    monkeypatch.setattr(csv_file.scan_records, "__defaults__", (100, MAX_RECORD))
    assert deliver(HEADER + b"1,a,b\nbroken\n" * 500) == 500
    assert [row[0] for row in people(warehouse)] == list(range(2, 1002, 2))
    assert rejected(warehouse) == [
        (line, "columnas_de_menos", "3 columns, 1 found", "broken") for line in range(3, 1003, 2)
    ]
