"""The values of files in their raw tables, and arbitrary bytes against a model."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from school import counts, feed, people, query, rejected, with_dialect
from sqlalchemy import Engine, text
from test_csv_scanner import csv_like, dialects, modelled

from client360.files import BadFile
from client360.ingest.csv_file import OTHER_FORMATS
from client360.ingest.csv_scanner import ENCODING, QUOTES
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.raw_load import load_raw_file
from client360.warehouse.raw_schema import drop_raw_tables


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
def test_values_are_loaded_unaltered(
    warehouse: Engine, deliver: Callable[..., int], dialect: dict, content: str, expected: tuple | None
) -> None:
    codec = str(dialect.get("encoding", "utf-8")).replace("-sig", "")
    encoded = content.encode("latin-1" if codec == "latin-1" else codec)
    read = deliver(encoded, to=with_dialect(**dialect, nulls=()))
    if expected is None:  # four values
        assert read == 0
        assert rejected(warehouse) == [(2, "columnas_de_mas", "3 columns, 4 found", "1\t\ta\\\tb")]
    else:
        names = "id, name, ci_ty" if "ci\nty" in content else "id, name, city"
        assert (read, people(warehouse, names)) == (1, [expected])


def test_a_file_of_one_column(warehouse: Engine, deliver: Callable[..., int]) -> None:
    assert deliver(b'id\n\\.\n\n""\n"\n1,2\n', to=with_dialect(nulls=())) == 2
    assert people(warehouse, "_linea, id") == [(2, "\\."), (4, "")]
    assert rejected(warehouse, "linea, motivo") == [(5, "comillas"), (6, "columnas_de_mas")]


def test_a_row_that_postgresql_has_no_room_for_refuses_the_file_and_is_not_shown(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    names = ",".join(f"c{number}" for number in range(1000)).encode()
    with pytest.raises(
        BadFile, match=r"^people.csv: PostgreSQL refuses a row: row is too big: size \d+, maximum size \d+$"
    ):
        deliver(names + b"\n" + b",".join([b"secret of hers"] * 1000) + b"\n")
    assert counts(warehouse) == {}


def expected_of(content: bytes, dialect: Dialect) -> tuple[list, list] | None:
    """Line and values of the good rows, line and reason of the broken ones, or None where the file has to be refused."""
    codec = dialect.encoding.replace("-sig", "")
    marked = content.startswith(b"\xef\xbb\xbf")
    found = modelled(content[3:] if marked else content, dialect)
    if content.startswith(tuple(OTHER_FORMATS)) or (marked and codec != "utf-8") or not found or found[0][2]:
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
@example(b"", b"i\xf1", Dialect(encoding="latin-1"))
@example(b"a\n", b'1\r"\r\n"\r\n', Dialect(multiline=True))
def test_any_bytes_are_loaded_quarantined_or_refused_and_no_row_is_lost(
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
    columns = query(
        warehouse,
        "select string_agg(quote_ident(name), ', ') from control.entregas, unnest(string_to_array(columnas, ',')) as name",
    )[0][0]
    assert query(warehouse, f"select _linea, {columns} from crudo.people_filas order by 1") == good
    assert rejected(warehouse, "linea, motivo") == broken
    assert counts(warehouse) == {"people.csv": (len(good) + len(broken), read)}
    assert read == len(good)
