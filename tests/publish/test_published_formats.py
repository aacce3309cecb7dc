"""A day in other formats than CSV: the same cells with their types, and files that are published and removed like those."""

import hmac
import io
import time
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from publishing import DAY, HARMLESS, HOSTILE, KEY, WORLD, content, publish, read
from pyarrow import parquet
from sqlalchemy import Engine
from xlsxwriter.worksheet import Worksheet

from client360 import manifest
from client360.publish import formats, made_files, workbook
from client360.publish.export import export
from client360.publish.leftovers import leftovers
from client360.publish.retention import remove_published_days
from client360.warehouse.models import EXPORTED

ALL = formats.CHOICES
SHEETS = [*EXPORTED, "diccionario_de_datos"]
CSV_FILES = {*(f"{name}.csv" for name in EXPORTED), "diccionario_de_datos.csv"}
REGIONAL_FILES = {name.replace(".csv", "_regional.csv") for name in CSV_FILES}
PARQUET_FILES = {f"{name}.parquet" for name in EXPORTED}

CAMPAIGNS = [
    {
        "campania_id": "007",
        "nombre": 'Otoño; "2x1", 50 %',
        "canal": "e-mail",
        "fecha_inicio": date(2026, 4, 3),
        "fecha_fin": date(2026, 4, 30),
        "contactados": 1200,
        "control": 0,
        "conversion_contactados_pct": Decimal("12.5"),
        "pedidos_incrementales": Decimal("-3.25"),
        "ingresos_incrementales": Decimal("-1234.50"),
        "presupuesto": 0,
        "exito": False,
    },
    {
        "campania_id": "=1+1",
        "nombre": "+54 11",
        "canal": "a;-1",
        "categoria": "",
        "fecha_inicio": DAY,
        "fecha_fin": DAY,
        "contactados": -7,
        "control": 1,
        "presupuesto": Decimal("999999999999.99"),
        "roi": Decimal("-0.0001"),
        "exito": True,
    },
]
NULLS = dict.fromkeys(key for campaign in CAMPAIGNS for key in campaign)
CAMPAIGNS = [NULLS | campaign for campaign in CAMPAIGNS]
HEADER = (
    "campania_id,nombre,canal,categoria,fecha_inicio,fecha_fin,contactados,control,conversion_contactados_pct,"
    "conversion_control_pct,pedidos_incrementales,pedidos_incrementales_desde,pedidos_incrementales_hasta,"
    "ingresos_incrementales,ingresos_incrementales_desde,ingresos_incrementales_hasta,presupuesto,roi,exito,fecha_corte,"
    "devoluciones_incrementales,ingresos_netos_incrementales,ingresos_netos_incrementales_desde,"
    "ingresos_netos_incrementales_hasta,margen_incremental,margen_incremental_desde,margen_incremental_hasta,"
    "roi_margen,roi_margen_desde,roi_margen_hasta\n"
)
CSV = (
    HEADER
    + '007,"Otoño; ""2x1"", 50 %",e-mail,,2026-04-03,2026-04-30,1200,0,12.50,,-3.25,,,-1234.50,,,0.00,,f,2026-09-20,,,,,,,,,,\n'
    "'=1+1,'+54 11,a;'-1,\"\",2026-09-20,2026-09-20,-7,1,,,,,,,,,999999999999.99,-0.0001,t,2026-09-20,,,,,,,,,,\n"
)
REGIONAL_CSV = (
    HEADER.replace(",", ";")
    + '007;"Otoño; ""2x1"", 50 %";e-mail;;2026-04-03;2026-04-30;1200;0;12,50;;-3,25;;;-1234,50;;;0,00;;f;2026-09-20;;;;;;;;;;\n'
    '\'=1+1;\'+54 11;"a;\'-1";"";2026-09-20;2026-09-20;-7;1;;;;;;;;;999999999999,99;-0,0001;t;2026-09-20;;;;;;;;;;\n'
)


def sheets(folder: Path) -> dict[str, list[tuple]]:
    """The cells of the workbook by sheet, header first."""
    book = load_workbook(folder / "cliente_360.xlsx")
    return {sheet.title: [tuple(map(value, row)) for row in sheet.iter_rows()] for sheet in book}


def value(cell: Any) -> Any:
    """What Excel shows: a control character is written as _xHHHH_, and a day is a number with a format."""
    assert cell.data_type != "f", cell.value
    if isinstance(cell.value, str):
        return unescape(cell.value)
    return cell.value.date() if isinstance(cell.value, datetime) else cell.value


def table(folder: Path, relation: str) -> pa.Table:
    return parquet.read_table(folder / f"{relation}.parquet")


def typed(column: Any, cell: str) -> Any:
    """The value of a cell of a CSV file, in which a null and an empty text are the same."""
    kind = column.type.python_type
    if cell == "" or kind is str:
        return cell or None
    return {bool: "t".__eq__, date: date.fromisoformat}.get(kind, kind)(cell)


def test_csv_files_are_those_of_ever_and_regional_ones_have_semicolons_and_decimal_commas(
    warehouse: Engine, data: Path
) -> None:
    publish(warehouse, DAY, impacto_campanias=CAMPAIGNS)
    export(warehouse, DAY, WORLD, data, formats=["csv_regional"])
    for folder in (data / "processed", data / "processed" / f"fecha={DAY}"):
        assert (folder / "impacto_campanias.csv").read_bytes() == b"\xef\xbb\xbf" + CSV.encode()
        assert (folder / "impacto_campanias_regional.csv").read_bytes() == b"\xef\xbb\xbf" + REGIONAL_CSV.encode()
        texts = [(folder / f"diccionario_de_datos{end}").read_text("utf-8-sig") for end in (".csv", "_regional.csv")]
        assert [text.splitlines()[0].count(mark) for text, mark in zip(texts, ",;", strict=True)] == [6, 6]
        assert "numeric(14, 2)" in texts[1]


def test_cells_of_a_workbook_have_the_types_of_their_columns(warehouse: Engine, data: Path) -> None:
    publish(warehouse, DAY, impacto_campanias=CAMPAIGNS)
    export(warehouse, DAY, WORLD, data, formats=["excel"])
    book = load_workbook(data / "processed" / "cliente_360.xlsx")
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert (sheet.freeze_panes, sheet["A1"].font.bold, sheet["A1"].data_type) == ("A2", True, "s")
    header, *rows = book["impacto_campanias"].iter_rows()
    names = [cell.value for cell in header]
    assert names == HEADER.strip().split(",")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    expected = {
        "campania_id": ("007", "s", "@"),
        "nombre": ('Otoño; "2x1", 50 %', "s", "@"),
        "categoria": (None, "n", "General"),  # a null has no cell
        "fecha_inicio": (date(2026, 4, 3), "d", "yyyy-mm-dd"),
        "contactados": (1200, "n", "#,##0"),
        "control": (0, "n", "#,##0"),
        "conversion_contactados_pct": (12.5, "n", "#,##0.00"),
        "conversion_control_pct": (None, "n", "General"),
        "ingresos_incrementales": (-1234.5, "n", "#,##0.00"),
        "presupuesto": (0, "n", "#,##0.00"),
        "exito": (False, "b", "General"),
    }
    cells = {name: (value(cell), cell.data_type, cell.number_format) for name, cell in found[0].items()}
    assert {name: cells[name] for name in expected} == expected
    assert {name: (value(cell), cell.data_type) for name, cell in found[1].items() if cell.value is not None} == {
        "campania_id": ("=1+1", "s"),
        "nombre": ("+54 11", "s"),
        "canal": ("a;-1", "s"),
        "categoria": ("", "s"),
        "fecha_inicio": (DAY, "d"),
        "fecha_fin": (DAY, "d"),
        "contactados": (-7, "n"),
        "control": (1, "n"),
        "presupuesto": (999999999999.99, "n"),
        "roi": (-0.0001, "n"),
        "exito": (True, "b"),
        "fecha_corte": (DAY, "d"),
    }


def test_columns_of_parquet_files_have_the_types_of_the_models(warehouse: Engine, data: Path) -> None:
    publish(warehouse, DAY, impacto_campanias=CAMPAIGNS)
    export(warehouse, DAY, WORLD, data, formats=["parquet"])
    found = table(data / "processed", "impacto_campanias")
    types = {"campania_id": pa.string(), "fecha_inicio": pa.date32(), "contactados": pa.int32(), "exito": pa.bool_()}
    types |= {"presupuesto": pa.decimal128(14, 2), "pedidos_incrementales": pa.decimal128(30, 2)}
    types |= {"roi": pa.decimal128(36, 4)}
    assert {name: found.schema.field(name).type for name in types} == types
    assert table(data / "processed", "productos_mas_vendidos").schema.field("unidades").type == pa.decimal128(38, 3)
    assert not found.schema.field("campania_id").nullable
    assert found.schema.field("roi").nullable
    for row, given in zip(found.to_pylist(), CAMPAIGNS, strict=True):
        assert row == dict.fromkeys(found.column_names) | given | {"fecha_corte": DAY}


def rows_of(model: Any) -> Iterator[dict[str, Any]]:
    """Rows with every kind of text, and numbers at their limits."""
    columns = model.table().columns
    texts = [column.name for column in columns if column.type.python_type is str]
    for number, text in enumerate((*HOSTILE, *HARMLESS, "<r>", "<r>x</r>", "<r><t>x</t></r>", "_x0041_", " a ", "é😀")):
        values: dict[str, Any] = {"mes": DAY - timedelta(days=number), **dict.fromkeys(texts, text)}
        for column in columns:
            kind = column.type.python_type
            if kind is Decimal:
                values[column.name] = Decimal(number - 9).scaleb(-(column.type.scale or 3))
            elif kind in (int, bool):
                values[column.name] = kind(number - 9)
            if column.nullable and number % 5 == 4:
                values[column.name] = None
        yield values


@pytest.mark.parametrize("relation", EXPORTED)
def test_every_cell_is_that_of_the_csv_file(relation: str, warehouse: Engine, data: Path) -> None:
    model = EXPORTED[relation]
    columns = {column.name: column for column in model.table().columns}
    given = list(rows_of(model))
    publish(warehouse, DAY, **{relation: given})
    export(warehouse, DAY, WORLD, data, formats=ALL)
    folder = data / "processed"
    plain = [
        {name: typed(columns[name], cell) for name, cell in row.items()} for row in read(folder / f"{relation}.csv")
    ]
    assert len(plain) == len(given)
    header, *cells = sheets(folder)[relation]
    assert list(header) == list(columns)
    in_workbook = [dict(zip(header, row, strict=True)) for row in cells]
    in_parquet = table(folder, relation).to_pylist()
    regional = read(folder / f"{relation}_regional.csv", ";")
    for row, *others in zip(plain, in_workbook, in_parquet, regional, strict=True):
        for name, column in columns.items():
            excel, exact, comma = (other[name] for other in others)
            if column.type.python_type is str:
                assert comma == (row[name] or "")
                assert (exact or "").replace("'", "") == (row[name] or "").replace("'", "")
                assert (excel or "") == (exact or "")
            else:
                assert exact == row[name]
                assert excel == (float(exact) if isinstance(exact, Decimal) else exact)
                assert typed(column, comma.replace(",", ".")) == row[name]
    texts = [name for name, column in columns.items() if column.type.python_type is str]
    for name in texts:
        assert sorted(row[name] or "" for row in in_parquet) == sorted(row.get(name) or "" for row in given)


def test_excel_keeps_15_digits_of_a_number_and_the_others_all(warehouse: Engine, data: Path) -> None:
    most = Decimal("123456789012345678.91")
    publish(warehouse, DAY, rentabilidad_mensual=[{"ingresos": most}])
    export(warehouse, DAY, WORLD, data, formats=ALL)
    folder = data / "processed"
    header, cells = sheets(folder)["rentabilidad_mensual"]
    assert dict(zip(header, cells, strict=True))["ingresos"] == pytest.approx(123456789012345678, rel=1e-15)
    assert table(folder, "rentabilidad_mensual")["ingresos"][0].as_py() == most
    assert read(folder / "rentabilidad_mensual_regional.csv", ";")[0]["ingresos"] == "123456789012345678,91"


def test_a_text_that_no_cell_holds_is_cut_in_the_workbook_only(warehouse: Engine, data: Path) -> None:
    long = "=" + "ñ" * 40_000
    publish(warehouse, DAY, cliente_360=[{"cliente_id": "C1", "nombre": long}])
    export(warehouse, DAY, WORLD, data, formats=ALL)
    assert sheets(data / "processed")["cliente_360"][1][1] == long[:32_767]
    assert table(data / "processed", "cliente_360")["nombre"][0].as_py() == long


CUSTOMERS = [{"cliente_id": f"C{number}", "nombre": f"Name of {number}"} for number in range(5)]


@pytest.mark.parametrize(("most", "parts"), [(5, [5]), (4, [4, 1]), (2, [2, 2, 1]), (1, [1] * 5)])
def test_what_a_sheet_can_not_hold_is_in_a_second_one(
    most: int, parts: list[int], warehouse: Engine, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Worksheet().xls_rowmax == workbook.ROWS + 1
    monkeypatch.setattr(workbook, "ROWS", most)
    publish(warehouse, DAY, cliente_360=CUSTOMERS)
    export(warehouse, DAY, WORLD, data, formats=["excel"])
    found = {name: rows for name, rows in sheets(data / "processed").items() if name.startswith("cliente_360")}
    assert list(found) == ["cliente_360", *(f"cliente_360_{number}" for number in range(2, len(parts) + 1))]
    assert [len(rows) - 1 for rows in found.values()] == parts
    assert {rows[0][:2] for rows in found.values()} == {("cliente_id", "nombre")}
    assert [row[0] for rows in found.values() for row in rows[1:]] == [row["cliente_id"] for row in CUSTOMERS]


def test_relations_without_rows_have_headers_and_types(warehouse: Engine, data: Path) -> None:
    publish(warehouse, DAY)
    export(warehouse, DAY, WORLD, data, formats=ALL)
    found = sheets(data / "processed")
    for relation, model in EXPORTED.items():
        names = [column.name for column in model.table().columns]
        assert found[relation] == [tuple(names)]
        empty = table(data / "processed", relation)
        assert (empty.column_names, empty.num_rows) == (names, 0)


def test_equal_rows_make_equal_bytes_at_any_time_in_any_zone(
    warehouse: Engine, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(warehouse, DAY, cliente_360=CUSTOMERS, impacto_campanias=CAMPAIGNS)
    export(warehouse, DAY, WORLD, data, formats=ALL)
    before = content(data)
    time.sleep(2.1)  # an archive knows every other second
    monkeypatch.setenv("TZ", "America/Argentina/Buenos_Aires")
    time.tzset()
    try:
        export(warehouse, DAY, WORLD, data, formats=list(reversed(ALL)))
    finally:
        monkeypatch.undo()
        time.tzset()
    again = content(data)
    manifests = [name for name in before if name.endswith(".json")]  # which list the files in the order asked for
    assert {name: it for name, it in again.items() if name not in manifests} == {
        name: it for name, it in before.items() if name not in manifests
    }
    with zipfile.ZipFile(io.BytesIO(before["processed/cliente_360.xlsx"])) as archive:
        assert b"2026-09-20T00:00:00Z" in archive.read("docProps/core.xml")


def test_anonymous_files_of_all_formats_have_keyed_hashes_and_no_names(warehouse: Engine, data: Path) -> None:
    publish(warehouse, DAY, cliente_360=CUSTOMERS)
    export(warehouse, DAY, WORLD, data, KEY, formats=ALL)
    folder = data / "processed" / "anonimo"
    hashes = sorted(hmac.digest(KEY, row["cliente_id"].encode(), "sha256").hex() for row in CUSTOMERS)
    found = sheets(folder)
    exact = table(folder, "cliente_360")
    assert [row[:2] for row in found["cliente_360"][1:]] == [(each, None) for each in hashes]
    assert exact["cliente_id"].to_pylist() == hashes
    assert set(exact["nombre"].to_pylist()) == {None}
    assert [row["cliente_id"] for row in read(folder / "cliente_360_regional.csv", ";")] == hashes
    described = {row[:4]: row[-1] for row in found["diccionario_de_datos"]}
    assert "HMAC-SHA256" in described["mart.cliente_360_historico", "cliente_360", 1, "cliente_id"]
    everything = [str(cell) for rows in found.values() for row in rows for cell in row]
    for name, written in content(folder).items():
        everything += [written.decode("utf-8", "ignore")] if name.endswith((".csv", ".json", ".parquet")) else []
    assert not [text for text in everything if "Name of" in text or KEY.decode() in text]


def test_a_folder_has_the_formats_of_its_last_run_and_the_manifest_lists_them(
    warehouse: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(warehouse, DAY, cliente_360=CUSTOMERS)
    folder = data / "processed" / f"fecha={DAY}"
    export(warehouse, DAY, WORLD, data)
    (folder / "exploracion_banca.html").write_text("made of the CSV files")
    plain = content(data)
    for chosen, extra in (
        (["excel"], {"cliente_360.xlsx"}),
        (["csv_regional", "parquet"], REGIONAL_FILES | PARQUET_FILES),
        (ALL, {"cliente_360.xlsx"} | REGIONAL_FILES | PARQUET_FILES),
    ):
        export(warehouse, DAY, WORLD, data, formats=chosen)
        assert set(content(folder)) == CSV_FILES | extra | {"manifiesto.json", "exploracion_banca.html"}
        described = manifest.read(folder / "manifiesto.json")
        assert {file.archivo for file in described.archivos} == CSV_FILES | extra
        assert described.complete(folder)
        rows = {file.archivo: file.filas for file in described.archivos}
        if "cliente_360.xlsx" in rows:
            assert rows["cliente_360.xlsx"] == len(CUSTOMERS) + rows["diccionario_de_datos.csv"]
        if "cliente_360.parquet" in rows:
            assert rows["cliente_360.parquet"] == rows["cliente_360_regional.csv"] == len(CUSTOMERS)
        assert {name: content(data)[name] for name in plain if name.endswith(".csv")} == {
            name: it for name, it in plain.items() if name.endswith(".csv")
        }
    caplog.clear()
    export(warehouse, DAY, WORLD, data)
    assert content(data) == plain
    assert f"{folder / 'cliente_360.xlsx'} is removed: it was made of earlier files of this folder." in caplog.text


def test_a_workbook_that_could_not_be_written_leaves_no_manifest_and_what_a_broken_run_left_is_told(
    warehouse: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(warehouse, DAY, cliente_360=CUSTOMERS)
    folder = data / "processed" / f"fecha={DAY}"
    (folder / "cliente_360.xlsx").mkdir(parents=True)  # which no file can replace
    with pytest.raises(OSError, match=r"cliente_360\.xlsx"):
        export(warehouse, DAY, WORLD, data, formats=["parquet", "excel"])
    assert not (folder / "manifiesto.json").exists()
    assert not [path for path in folder.iterdir() if path.name.endswith(".part")]
    assert {path.name for path in folder.glob("*.parquet")} == PARQUET_FILES
    (folder / "cliente_360.xlsx").rmdir()
    export(warehouse, DAY, WORLD, data)
    assert f"{folder / 'cliente_360.parquet'} is not of {WORLD}, whose files now lie beside it." in caplog.text
    assert manifest.read(folder / "manifiesto.json").complete(folder)


def test_leftovers_and_retention_know_the_files_of_all_formats(warehouse: Engine, data: Path) -> None:
    old = [date(2026, 5, 7), date(2026, 5, 20)]
    publish(warehouse, *old, DAY, cliente_360=CUSTOMERS)
    for day in (*old, DAY):
        export(warehouse, day, WORLD, data, formats=ALL)
    found = {each.days: {path.name for path in each.files} for each in made_files.published(data)}
    assert found[str(DAY)] == {*formats.NAMES, "manifiesto.json"}
    (left,) = [each for each in leftovers(data, ["another"]) if each.days == str(DAY)]
    assert {path.name for path in left.files} == found[str(DAY)]
    assert remove_published_days(warehouse, WORLD, data, 1) == old[:1]
    assert not (data / "processed" / f"fecha={old[0]}").exists()
    assert set(content(data / "processed" / f"fecha={old[1]}")) == found[str(DAY)]


@pytest.mark.parametrize("names", [["xls"], ["excel", "csv"], ["Excel"], [""], [None], [{}], [["excel"]]])
def test_a_format_that_there_is_not_is_refused(names: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"^formatos has .*: give any of excel, csv_regional, parquet, with spaces"):
        formats.require_known(names)


def test_formats_are_in_one_order_and_each_once() -> None:
    assert formats.require_known(["parquet", "excel", "parquet"]) == ["excel", "parquet"]
    assert formats.require_known([]) == []
