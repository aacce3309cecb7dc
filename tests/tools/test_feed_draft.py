"""Feeds drafted from files that nobody described."""

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from shop_export import store
from sqlalchemy import Engine, text

from client360 import folders
from client360.days import DayRange
from client360.ingest import contract, feed_spec
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.feed_spec import BadFeed
from client360.ingest.raw_load import load_raw_file
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files
from client360.warehouse.models import LANDING, columns
from client360.warehouse.ownership import claim_warehouse
from tools.feed_draft import draft_feed
from tools.feed_draft.entities import assign_entities
from tools.feed_draft.file_kinds import group_files
from tools.feed_draft.file_sample import NoTable, read_sample
from tools.feed_draft.tables import Table, describe_table
from tools.feed_draft.vocabulary import header_words

Draft = Callable[[dict[str, str | bytes]], Path]


def accept(entrada: Path, feeds: Path, warehouse: Engine) -> feed_spec.Feed:
    """Draft a feed of files and bring them to the contract as they are; fails if a row is rejected."""
    draft_feed("ajeno", str(entrada), feeds)
    feed = feed_spec.read_feed("ajeno", feeds / "ajeno")
    with warehouse.begin() as connection:
        claim_warehouse(connection, feed.owner, replace=False)
    for delivery in changed_deliveries(warehouse, feed, entrada):
        load_raw_file(warehouse, feed, entrada, delivery, "corrida")
    contract.apply_contract(warehouse, feed, "corrida", 0)
    with warehouse.connect() as connection:
        assert connection.execute(text("select count(*) from control.rechazos")).scalar() == 0
    return feed


@pytest.fixture
def files(tmp_path: Path) -> Draft:
    """Write files, as UTF-8 where they are text, into a folder."""

    def write(contents: dict[str, str | bytes]) -> Path:
        for name, content in contents.items():
            path = tmp_path / "entrada" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "entrada"

    return write


@pytest.fixture
def draft(files: Draft, tmp_path: Path) -> Draft:
    """Draft a feed for files; returns its folder."""

    def make(contents: dict[str, str | bytes]) -> Path:
        feeds = tmp_path / "feeds"
        feeds.mkdir(exist_ok=True)
        draft_feed("ajeno", str(files(contents)), feeds)
        return feeds / "ajeno"

    return make


def described(path: Path, content: bytes) -> Table:
    path.write_bytes(content)
    return describe_table([read_sample(path)])


def lines(row: str, count: int = 40) -> str:
    """`row` as often, with {i} in it as the number of the line and {d:02} as a day of the month."""
    return "".join(row.format(i=i, d=i % 28 + 1) + "\n" for i in range(1, count))


UGLY = {
    "a spreadsheet's export": ("id;nombre;monto\n" + lines("{i};José Núñez;1.{i:03},50"), "cp1252", ";", '"', ","),
    "with a byte order mark": ("id,nombre,monto\n" + lines("{i},Ana Peña,{i}.50"), "utf-8-sig", ",", '"', "."),
    "with tabs, and all else in the text": (
        "Id\tNombre\n" + lines("{i}\tCurso, de; todo | {i}"),
        "utf-8",
        "\t",
        '"',
        ".",
    ),
    "with bars": ("id|nota|fecha\n" + lines("{i}|x;y,z|2025-01-{d:02}"), "utf-8", "|", '"', "."),
    "with semicolons in quotes": (
        "id;nota;monto\n" + lines('{i};"a;b; ""c"" d";"1.234,{d:02}"'),
        "utf-8",
        ";",
        '"',
        ",",
    ),
    "commas for both": ("id,monto\n" + lines('{i},"{i},50"'), "utf-8", ",", '"', ","),
    "thousands in English": ("id,monto\n" + lines('{i},"1,234,{i:03}.5"'), "utf-8", ",", '"', "."),
    "with apostrophes for quotes": ("id,nombre\n" + lines("{i},'Perez, Juan {i}'"), "utf-8", ",", "'", "."),
    "with apostrophes in names": ("id,nombre\n" + lines("{i},O'Higgins {i}"), "utf-8", ",", '"', "."),
    "addresses full of commas": (
        "nombre;direccion\n" + lines("Ana {i};Calle {i}, piso {i}, CABA"),
        "utf-8",
        ";",
        '"',
        ".",
    ),
    "only decimal commas": ("fecha;monto\n" + lines("2025-01-{d:02};{i},50"), "utf-8", ";", '"', ","),
    "times full of colons": ("id,cuando\n" + lines("{i},2025-01-{d:02} 10:20:30"), "utf-8", ",", '"', "."),
    "euros": ("id;precio\n" + lines("{i};€ {i},50"), "cp1252", ";", '"', ","),
    "every ninth line too short": (
        "id,nombre\n" + lines("{i},N{i}") + "7\n8\n" + lines("{i},M{i}"),
        "utf-8",
        ",",
        '"',
        ".",
    ),
    "one row": ("id,nombre\n1,Ana\n", "utf-8", ",", '"', "."),
    "a header alone": ("id,nombre\n", "utf-8", ",", '"', "."),
    "one column": ("Nombre\nElectrónica\nHogar\n", "utf-8", ",", '"', "."),
    "the lines of an old Macintosh": ("id;nombre\r1;Ana\r2;Eva\r", "utf-8", ";", '"', "."),
    "no line break at the end": ("id;nombre\r\n1;Ana", "utf-8", ";", '"', "."),
}

ABOVE = {
    "two lines of names": ("Venta,,Cliente,\nventa_id,fecha,cliente_id,total\n" + lines("{i},x,y,9"), 1, ","),
    "a NUL at the end": ("id,nombre\n" + lines("{i},Ana") + "\0", 0, ","),
    "a separator": ("sep=;\nid;nombre\n" + lines("{i};Ana, Eva"), 1, ";"),
    "a title": ("Clientes al 31/12/2025\nid,nombre\n" + lines("{i},Ana"), 1, ","),
    "a title with another delimiter": ("Clientes, activos\n\nid;nombre;email\n" + lines("{i};Ana;a@b.example"), 2, ";"),
    "a title as a spreadsheet has it": ("Clientes,,\n,,\nid,nombre,email\n" + lines("{i},Ana,a@b.example"), 2, ","),
    "lines of delimiters": (",,\n,,\nfoo,bar,baz\n" + lines("{i},x,y"), 2, ","),
    "a title above unknown names": ("Lista\nfoo;bar;baz\n" + lines("{i};x;y"), 1, ";"),
    "blank lines, which are never read": ("\n\nid,nombre\n" + lines("{i},Ana"), 0, ","),
    "a column of addresses": ("Direccion\n" + lines("Calle {i}, piso {i}, CABA"), 0, ","),
    "names that nobody knows above values that are known": ("foo,bar\n" + lines("cliente,compra"), 0, ","),
    "only blank rows below": ("id,nombre,monto\n" + lines("{i},Ana,5") + ",,\n" * 300, 0, ","),
}


@pytest.mark.parametrize("name", ABOVE)
def test_lines_above_a_header_are_counted(name: str, tmp_path: Path) -> None:
    content, skip, delimiter = ABOVE[name]
    found = described(tmp_path / "x.csv", content.encode())
    assert (found.skip, found.dialect.delimiter) == (skip, delimiter)
    assert found.blank_rows == content.split("\n", 3)[-1].count("\n,,")


@pytest.mark.parametrize("name", UGLY)
def test_dialects_are_found(name: str, tmp_path: Path) -> None:
    content, encoding, delimiter, quote, decimal = UGLY[name]
    found = described(tmp_path / "x.csv", content.encode(encoding))
    dialect = found.dialect
    assert (dialect.encoding, dialect.delimiter, dialect.quote, dialect.decimal) == (
        encoding,
        delimiter,
        quote,
        decimal,
    )
    assert found.header
    assert not dialect.multiline


def test_the_encoding_is_that_of_the_whole_file(tmp_path: Path) -> None:
    found = described(
        tmp_path / "x.csv", b"id,nombre\n" + b"1,Juan\n" * 400_000 + "2,Núñez\n".encode("cp1252") + b"3,Eva\n" * 400_000
    )
    assert found.dialect.encoding == "cp1252"


def test_bytes_that_cp1252_lacks_are_latin_1(tmp_path: Path) -> None:
    assert described(tmp_path / "x.csv", b"id,nombre\n1,\x81\xf1\n").dialect.encoding == "latin-1"


def test_line_breaks_within_quotes_are_distinguished_from_an_unclosed_quote(tmp_path: Path) -> None:
    broken = "id,nota,monto\n" + lines('{i},"una\nnota, larga",{i}')
    assert described(tmp_path / "x.csv", broken.encode()).dialect.multiline
    left_open = "id,nota,monto\n" + lines("{i},una nota,{i}") + '99,"abierta,5\n' + lines("{i},otra,{i}")
    found = described(tmp_path / "y.csv", left_open.encode())
    assert not found.dialect.multiline
    assert found.odd_rows == 1


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (lines("{i},100,2025-01-{d:02}"), False),
        ("nombre,provincia\nAna,Salta\nEva,Jujuy\n", True),
        ("x,Salta\ny,Salta\n", False),
        ("1;2,5\n2;3,5\n3;4,5\n", False),
        ("producto,2023,2024\nmesa,5,6\nsilla,7,8\n", True),
        ("ID,FECHA,compra\n1,2025-01-01,compra\n2,2025-01-02,venta\n", True),
    ],
)
def test_headers_are_distinguished_from_rows(content: str, header: bool, tmp_path: Path) -> None:
    assert described(tmp_path / "x.csv", content.encode()).header is header


@pytest.mark.parametrize(
    ("value", "formats", "before_time"),
    [
        ("2025-03-{d:02}", ("YYYY-MM-DD",), ""),
        ("{d:02}/03/2025", ("DD/MM/YYYY",), ""),
        ("{d}/3/2025", ("DD/MM/YYYY",), ""),
        ("03/{d:02}/2025", ("MM/DD/YYYY",), ""),
        ("03/04/2025", ("DD/MM/YYYY", "MM/DD/YYYY"), ""),
        ("{d:02}.03.2025", ("DD.MM.YYYY",), ""),
        ("202503{d:02}", ("YYYYMMDD",), ""),
        ("{d:02}/03/25", ("DD/MM/YY",), ""),
        ("2025-03-{d:02} 10:20:30", ("YYYY-MM-DD",), " "),
        ("2025-03-{d:02}T10:20:30.123Z", ("YYYY-MM-DD",), "T"),
        ("{d:02}/03/2025 9:05 p.m.", ("DD/MM/YYYY",), " "),
        ("{d:02}-Mar-2025", ("DD-Mon-YYYY",), ""),
    ],
)
def test_formats_of_dates_are_found_despite_errors(
    value: str, formats: tuple, before_time: str, tmp_path: Path
) -> None:
    column = described(tmp_path / "x.csv", ("id,fecha\n" + lines("{i}," + value) + "99,ayer\n").encode()).columns[1]
    assert (column.kind, column.formats, column.before_time) == ("date", formats, before_time)


@pytest.mark.parametrize("value", ["3012345{d}", "20.123.4{d:02}", "1.2.3", "12-5", "2025{d:04}9"])
def test_document_numbers_are_not_dates(value: str, tmp_path: Path) -> None:
    content = "id,dni\n" + lines("{i}," + value)
    assert described(tmp_path / "x.csv", content.encode()).columns[1].kind != "date"


def test_words_for_no_value_are_found_and_ordinary_words_are_not(tmp_path: Path) -> None:
    content = "id,monto,apellido\n" + lines("{i},{i}.5,Na") + "97,-,Na\n98,NULL,Na\n99,s/d,Na\n"
    assert described(tmp_path / "x.csv", content.encode()).dialect.nulls == ("", "NULL", "s/d", "-")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (b"PK\x03\x04\0\0", "binary"),
        ("id;x".encode("utf-16"), "UTF-16"),
    ],
)
def test_files_that_are_no_table_are_refused_with_the_reason(content: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(NoTable, match=message):
        described(tmp_path / "x.csv", content)


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("ClienteID", {"cliente", "id"}),
        ("cliente_id", {"cliente", "id"}),
        ("clienteid", {"cliente", "id"}),
        ("ID del Cliente", {"cliente", "id"}),
        ("CustomerNumber", {"cliente", "id"}),
        ("Fecha de Nacimiento", {"fecha", "nacimiento"}),
        ("birth_date", {"fecha", "nacimiento"}),
        ("ordenes_metodospago", {"venta", "metodo", "pago"}),
        ("OrderItems", {"venta", "item"}),
        ("Año", {"ano"}),
    ],
)
def test_headers_are_split_into_words_of_the_contract(header: str, meant: set[str]) -> None:
    assert header_words(header) == meant


ROW = "id,nombre\n1,Ana\n"


@pytest.mark.parametrize(
    ("paths", "patterns"),
    [
        (["ventas_2025-01-01.csv", "ventas_2025-01-02.csv"], {"ventas": "ventas_{%Y-%m-%d}.csv"}),
        (["ventas_20250131.csv"], {"ventas": "ventas_{%Y%m%d}.csv"}),
        (["31012025_ventas.csv", "01022025_ventas.csv"], {"ventas": "{%d%m%Y}_ventas.csv"}),
        (["ventas 01-02-2025.csv", "ventas 31-02-2025.csv"], {"ventas_02_2025": "ventas [0-9]*-02-2025.csv"}),
        (["ventas_01-13-2025.csv", "ventas_02-01-2025.csv"], {"ventas": "ventas_{%m-%d-%Y}.csv"}),
        (["ventas_2025-01.csv", "ventas_2025-02.csv"], {"ventas": "ventas_{%Y-%m}.csv"}),
        (["ventas_2025-01-01_2025-01-31.csv"], {"ventas": "ventas_*.csv"}),
        (["2025-01-01/ventas.csv", "2025-01-02/ventas.csv"], {"ventas": "{%Y-%m-%d}/ventas.csv"}),
        (["norte/ventas.csv", "sur/ventas.csv"], {"ventas": "ventas.csv"}),
        (["Ventas_2025-01-01.csv", "ventas_2025-01-02.CSV"], {"ventas": "ventas_{%Y-%m-%d}.csv"}),
        (["Ventas.csv", "sur/VENTAS.CSV"], {"ventas": "ventas.csv"}),
        (["ventas (1).csv"], {"ventas_1": "ventas (1).csv"}),
        (["ventas1.csv", "ventas2.csv"], {"ventas": "ventas[0-9]*.csv"}),
        (["ventas7.csv"], {"ventas7": "ventas7.csv"}),
        (["Ventas [1].csv"], {"ventas_1": "Ventas [[]1].csv"}),
        (["ventas{x}.csv"], {"ventasx": "ventas?x?.csv"}),
        (
            ["ventas_20250101.csv", "ventas_detalle_20250101.csv"],
            {"ventas": "ventas_{%Y%m%d}.csv", "ventas_detalle": "ventas_detalle_{%Y%m%d}.csv"},
        ),
    ],
)
def test_files_of_a_kind_are_found_by_their_names(paths: list[str], patterns: dict[str, str], files: Draft) -> None:
    found, left_out = group_files(files(dict.fromkeys(paths, ROW)))
    assert not left_out
    assert {kind.name: kind.pattern for kind in found} == patterns
    for path in paths:
        assert sum(kind.to_raw_file().matches(path) for kind in found) == 1
    for kind in found:
        assert [kind.to_raw_file().date_of(path) is not None for path in kind.paths] == [
            kind.to_raw_file().dated
        ] * len(kind.paths)


def test_names_of_tables_are_short_and_avoid_those_of_the_tables_behind_views(draft: Draft) -> None:
    feed = feed_spec.read_feed(
        "ajeno", draft({f"{'muy_' * 30}largo.csv": ROW, "clientes_filas.csv": ROW, "clientes.csv": ROW})
    )
    assert all(len(name) <= 50 and not name.endswith("_filas") for name in feed.files)
    assert len(feed.files) == 3


def test_files_of_similar_names_with_different_columns_are_different_kinds(files: Draft) -> None:
    found, _ = group_files(files({"tabla1.csv": "id,nombre\n1,Ana\n", "tabla2.csv": "sku;precio;costo\nA;2;1\n"}))
    assert {kind.pattern for kind in found} == {"tabla1.csv", "tabla2.csv"}


def test_unreadable_files_are_left_out_and_reported(files: Draft) -> None:
    found, left_out = group_files(
        files(
            {
                "clientes.csv": ROW,
                "Clientes (1).csv": ROW,
                "clientes - copia.csv": ROW,
                "ventas.xlsx": b"PK\0",
                "ventas.csv.GZ": b"\x1f\x8b\0",
                "nada.csv": "",
                ".oculto.csv": ROW,
            }
        )
    )
    assert [kind.name for kind in found] == ["clientes"]
    assert left_out == [
        "Clientes (1).csv is left out: another download of Clientes.csv: name it so, or remove it",
        "clientes - copia.csv is left out: another download of clientes.csv: name it so, or remove it",
        "ventas.xlsx is left out: it is no workbook that can be read: it was cut off, has a password, or is "
        "something else; save it anew, or as CSV",
        "nada.csv is left out: it is empty",
        "ventas.csv.GZ is left out: it can not be unpacked, since it was cut off: deliver it again, as a whole .zip or .gz",
    ]


def test_other_downloads_and_unfinished_files_are_no_kinds(files: Draft) -> None:
    others = (
        "movimientos_2025-01 (1).csv",
        "movimientos_2025-09 (2).csv",
        "movimientos_2025-02 - copia.csv",
        "Movimientos_2025-01 copy.csv",
        "clientes_copia.csv",
        "sub/clientes(1).csv",
        "clientes.csv.part",
    )
    named = ("movimientos_2025-01.csv", "Movimientos_2025-01.csv", "clientes.csv", "productos (1).csv")
    found, left_out = group_files(files(dict.fromkeys((*named, *others), ROW)))
    assert {path for kind in found for path in kind.paths} == set(named)
    assert sorted(text.split(" is left out: ")[0] for text in left_out) == sorted(others)
    assert "clientes_copia.csv is left out: another download of clientes.csv: name it so, or remove it" in left_out


def test_one_unambiguous_date_decides_the_format_of_its_kind(draft: Draft) -> None:
    row = "{i},{d},compra_tarjeta,5\n"
    days = {
        f"transacciones_{i:02}.csv": "cliente_id,fecha,tipo,monto\n" + row.format(i=i, d=f"0{i}/02/2025")
        for i in (1, 2)
    }
    days["transacciones_03.csv"] = "cliente_id,fecha,tipo,monto\n" + row.format(i=3, d="25/02/2025")
    assert "fecha(fecha, 'DD/MM/YYYY') as fecha\n" in draft(days).joinpath("transacciones.sql").read_text()


def test_ambiguous_dates_are_left_to_a_person(draft: Draft) -> None:
    sql = draft({"transacciones.csv": "cliente_id,fecha,tipo,monto\n1,03/04/2025,compra_tarjeta,5\n"})
    assert "TODO: DD/MM/YYYY or MM/DD/YYYY? All dates seen fit both" in sql.joinpath("transacciones.sql").read_text()


@pytest.mark.parametrize(
    ("written", "day", "moment"),
    [
        ("2025-03-{d:02}T02:30:00Z", "fecha_de(fecha)", "fecha as momento"),
        ("2025-03-{d:02} 10:20", "fecha_de(fecha)", "fecha as momento"),
        # an export of days, and one in a format of its own
        ("2025-03-{d:02} 00:00:00", "split_part(fecha, ' ', 1)", "null as momento"),
        ("{d:02}/03/2025 10:20", "fecha(split_part(fecha, ' ', 1), 'DD/MM/YYYY')", "null as momento"),
    ],
)
def test_times_of_day_are_moments_and_days_that_are_written_as_midnight_are_none(
    draft: Draft, written: str, day: str, moment: str
) -> None:
    folder = draft(
        {
            "clientes.csv": "id,alta\n" + lines("{i},2025-01-01"),
            "movimientos.csv": "id,fecha,cliente,tipo,monto\n" + lines("{i}," + written + ",{i},x,5"),
        }
    )
    sql = folder.joinpath("transacciones.sql").read_text()
    assert f"{day} as fecha,\n" in sql
    assert moment in sql


SHOP: dict[str, str | bytes] = {
    "Usuarios.csv": "UsuarioID;Nombre;Apellido;Email;Edad;Provincia\n" + lines("U{i};Ana;Peña;a@b.example;{d};CABA"),
    "Productos.csv": "ProductoID,Nombre,Categoria,Precio,Costo\nP1,Mesa,Hogar,10,5\nP2,Silla,Hogar,20,15\n",
    "Ordenes.csv": "OrdenID,Fecha Orden,UsuarioID,Metodo de Pago,Provincia,Estado,Total\n"
    + lines("O{i},{d:02}/03/2025 10:20,U{i},Efectivo,Cordoba,Completado,30.5"),
    "order_items.csv": "order_id,product_id,quantity,unit_price\n" + lines("O{i},P1,1,10") + lines("O{i},P2,1,20.5"),
    "rubros.csv": "id,nombre\n1,Hogar\n2,Otros\n",
}


def test_entities_are_recognised_by_file_and_column_names(draft: Draft) -> None:
    folder = draft(SHOP)
    feed = feed_spec.read_feed("ajeno", folder)
    assert list(feed.mapping) == ["clientes", "productos", "ventas", "detalle_ventas"]
    assert {name for name, file in feed.files.items() if file.lookup} == {"rubros"}
    assert feed.files["usuarios"].dialect.delimiter == ";"
    assert feed.files["ordenes"].required == (
        "ordenid",
        "fecha_orden",
        "usuarioid",
        "provincia",
        "total",
    )
    ventas = feed.mapping["ventas"]
    assert "    fecha(split_part(fecha_orden, ' ', 1), 'DD/MM/YYYY') as fecha_venta,\n" in ventas
    assert "        when 'Completado' then 'completada'\n" in ventas
    assert "        when 'Efectivo' then 'efectivo'\n" in ventas
    assert "null as campania_id,  -- TODO optional: campaign to which the shop attributes the order\n" in ventas
    lines_of_orders = feed.mapping["detalle_ventas"]
    assert "    venta.cliente_id,\n" in lines_of_orders
    assert "left join venta on order_items.order_id = venta.venta_id" in lines_of_orders
    clientes = feed.mapping["clientes"]
    assert "date '2025-03-01' as fecha,  -- TODO:" in clientes
    assert "make_interval(years => edad::integer)" in clientes
    assert "    provincia,\n" in clientes


HEADERS = {
    "people without an id": ("1.Usuarios.csv", "Nombre,Apellido,DNI,Email", "Ana,Paz,301,a@b.example", "clientes"),
    "people under another name": ("x.csv", "Nombre,Apellido,DNI,Email", "Ana,Paz,301,a@b.example", "clientes"),
    "orders without an id": (
        "4.Ordenes.csv",
        "UsuarioID,FechaOrden,Total,Estado",
        "1,2025-01-{d:02},5,Pagado",
        "ventas",
    ),
    "orders of a marketplace": (
        "shop_orders_dataset.csv",
        "order_id,customer_id,order_status,order_purchase_timestamp",
        "O{i},C{i},shipped,2025-01-{d:02} 10:00:00",
        "ventas",
    ),
    "standing orders of a bank": (
        "order.csv",
        "order_id,account_id,bank_to,account_to,amount",
        "{i},1,AB,{i},5.5",
        None,
    ),
    "standing orders with a day": (
        "standing_orders.csv",
        "order_id,customer_id,amount,date",
        "{i},{i},5.5,2025-01-{d:02}",
        "ordenes_permanentes",
    ),
    "purchases from suppliers": ("compras.csv", "CompraID,ProveedorID,Fecha,Total", "{i},7,2025-01-{d:02},5", None),
    "payments of orders": ("pagos.csv", "OrdenID,MetodoPagoID,Monto,FechaPago", "{i},1,5,2025-01-{d:02}", None),
    "movements with the day of a month": (
        "transacciones.csv",
        "cliente_id,day,tipo,monto",
        "{i},{d},compra_tarjeta,5",
        "transacciones",
    ),
}


@pytest.mark.parametrize("case", HEADERS)
def test_what_a_file_holds_is_told_by_its_header(case: str, files: Draft) -> None:
    name, header, row, entity = HEADERS[case]
    found, _ = group_files(files({name: f"{header}\n{lines(row)}", "productos.csv": ROW}))
    assign_entities(found)
    kind = next(kind for kind in found if kind.pattern == name)
    assert kind.entity == entity
    assert case != "movements with the day of a month" or "fecha" not in kind.found


def test_files_with_the_same_header_are_of_one_entity_and_a_person_is_asked(draft: Draft) -> None:
    content = "venta_id,fecha,cliente_id,total,estado\n" + lines("V{i},2025-01-{d:02},{i},5,pagada")
    folder = draft({"ventas.csv": content, "productos_web.csv": content, "otros.csv": content})
    assert [path.name for path in folder.glob("*.sql")] == ["ventas.sql"]
    sql = folder.joinpath("ventas.sql").read_text()
    assert sql.count("union all") == 2
    assert sql.count("-- TODO: ") - sql.count("-- TODO: same") >= 2
    assert "TODO: otros: the same columns as ventas: if it is something else, remove its SELECT" in sql


CONVERTED = {
    "thousands in English": ("total", '"1,234.56"', "numero(total, '.') as total"),
    "fractions of units": ("cantidad", "2.0", ", cantidad,"),
    "a share as a discount": (
        "descuento",
        "0.15",
        "round(numero(cantidad, '.') * numero(precio, '.') * numero(descuento, '.'), 2) as descuento",
    ),
    "per cents as a discount": (
        "descuento",
        "15%",
        "round(numero(cantidad, '.') * numero(precio, '.') * numero(translate(descuento, '%', ''), '.') / 100, 2)",
    ),
    "per cents by the header": (
        '"Dto %"',
        "10",
        "round(numero(cantidad, '.') * numero(precio, '.') * numero(dto, '.') / 100, 2) as descuento",
    ),
    "whole pesos as a discount": ("descuento", "1", "precio as precio_unitario, descuento, row_number"),
    "an amount as a discount": ("descuento", "1.5", "precio as precio_unitario, descuento, row_number"),
    "ids as numbers with a fraction": ("producto_id", "{i}.0", "split_part(producto_id, '.', 1) as producto_id"),
    "an ambiguous word for a group": ("rubro", "Factura {i}", "-- TODO: many different values: is it a name"),
    "a name for a group": (
        "concepto",
        "Agua",
        "-- TODO: taken for this by the name of the column: category of a purchase",
    ),
}


@pytest.mark.parametrize("case", CONVERTED)
def test_values_are_converted_as_they_are_written(case: str, draft: Draft) -> None:
    column, value, expected = CONVERTED[case]
    row = {"venta_id": "V{i}", "cliente_id": "C{i}", "fecha": "2025-01-{d:02}", "producto_id": "P1", "cantidad": "2"}
    row |= {"precio": "10.5"} | {column: value}
    entity = "detalle_ventas"
    if column in ("rubro", "concepto", "total"):
        entity = "ventas" if column == "total" else "transacciones"
        row = {
            "id": "{i}",
            "cliente_id": "C{i}",
            "fecha": "2025-01-{d:02}",
            "tipo": "compra",
            "monto": "5",
            column: value,
        }
    sql = draft({f"{entity}.csv": ",".join(row) + "\n" + lines(",".join(row.values()))}) / f"{entity}.sql"
    assert expected in " ".join(sql.read_text().split()).replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize("day", ["fecha", "registro_fecha"])
def test_no_cast_stops_a_run_at_a_day_that_is_none(day: str, draft: Draft) -> None:
    sql = draft({"clientes.csv": f"id,nombre,{day},edad\n" + lines("{i},Ana,2025-01-{d:02},{d}")}) / "clientes.sql"
    assert f"and pg_input_is_valid({day}, 'date')\n" in sql.read_text()


def test_the_day_of_a_dated_list_is_its_own_where_files_are_joined(draft: Draft) -> None:
    sql = draft(
        {
            "clientes_20250301.csv": "id,nombre,email\n" + lines("{i},Ana,a@b.example"),
            "direcciones.csv": "cliente_id,provincia\n" + lines("{i},Salta"),
        }
    ).joinpath("clientes.sql")
    assert "    clientes._fecha as fecha,\n" in sql.read_text()


@pytest.mark.parametrize(("second", "asked"), [(range(8, 48), True), (range(32, 72), False)], ids=["a list", "changes"])
def test_a_person_is_asked_who_left_where_most_customers_are_in_the_next_file_again(
    second: range, asked: bool, draft: Draft
) -> None:
    text = "id,nombre,email\n{}".format
    rows = [text("\n".join(f"{i},Ana,a{i}@b.example" for i in numbers)) for numbers in (range(40), second)]
    folder = draft({"clientes_20250301.csv": rows[0] + "\n", "clientes_20250302.csv": rows[1] + "\n"})
    declared = folder.joinpath("feed.yaml").read_text()
    assert ("    # absent: closed  # TODO: most customers are in the next file again: " in declared) is asked
    folder.joinpath("feed.yaml").write_text(declared.replace("# absent: closed ", "absent: closed "))
    assert feed_spec.read_feed("ajeno", folder).full_list == ("clientes" if asked else None)


def test_lines_of_delimiters_are_not_read_and_that_is_said(files: Draft, tmp_path: Path) -> None:
    entrada = files(
        {"clientes.csv": "id,nombre,email\n1,Ana,a@b.example\n" + ",,\n" * 90, "notas.csv": "a,b\n,\nx,y\n"}
    )
    report = "\n".join(draft_feed("ajeno", str(entrada), tmp_path))
    assert report.count("    feed.yaml has blank: skip, for lines of nothing but delimiters\n") == 2
    feed = feed_spec.read_feed("ajeno", tmp_path / "ajeno")
    assert [kind.blank for kind in feed.files.values()] == ["skip", "skip"]
    assert feed.left_out is None


@pytest.mark.parametrize(
    ("header", "row", "id_column"),
    [
        ("Cod;Fecha;Cliente;Importe", "A{i};2025-01-{d:02};C{i};5", "cod as"),
        ("Cod;Fecha;Cliente;Importe", "020;2025-01-{d:02};C{i};5", "_archivo || ':' || _linea as"),
        ("Cod;Nº Op.;Fecha;Cliente;Importe", "020;{i};2025-01-{d:02};C{i};5", "no_op as"),
    ],
)
def test_a_code_that_occurs_again_and_again_is_no_id(header: str, row: str, id_column: str, draft: Draft) -> None:
    mapping = draft({"movimientos.csv": f"{header}\n" + lines(row)})
    assert f"    {id_column} transaccion_id" in mapping.joinpath("transacciones.sql").read_text(encoding="utf-8")


def test_columns_of_a_cooperative_are_recognised(draft: Draft) -> None:
    header = "Nº Socio;Apellido y Nombre;Fecha Ingreso;Fecha Egreso;Ingreso Declarado"
    campaigns = "Campaña;Nombre;Medio;Desde;Hasta;Costo\nA;Otoño;Correo;01/04/2025;30/04/2025;150,00\n"
    mapping = draft(
        {
            "socios.csv": f"{header}\n" + lines("{i};Paz, Ana;{d:02}/01/2025;{d:02}/05/2025;300,50"),
            "campanias.csv": campaigns,
            "contactos.csv": "Campaña;Nº Socio;Grupo;Fecha\nA;1;Contactado;01/04/2025\nA;2;Testigo;01/04/2025\n",
        }
    )
    drafted = "".join(path.read_text(encoding="utf-8") for path in sorted(mapping.glob("*.sql")))
    for expected in (
        "apellido_y_nombre as apellido",
        "ingreso_declarado as ingresos_mensuales",
        "fecha(fecha_ingreso, 'DD/MM/YYYY') as fecha,",
        "fecha(fecha_ingreso, 'DD/MM/YYYY') as fecha_alta",
        "fecha(fecha_egreso, 'DD/MM/YYYY') as fecha_baja",
        "medio as canal",
        "costo as presupuesto",
        "when 'Testigo' then 'control'\n",
    ):
        assert expected in drafted


def test_lines_of_totals_are_left_out(files: Draft, tmp_path: Path, warehouse: Engine) -> None:
    members = "Nro;Nombre;Apellido;Provincia;Alta\n1;Ana;Paz;Salta;05/01/2025\n2;Total;Rey;Salta;15/01/2025\n"
    movements = "Id;Fecha;Cliente;Tipo;Importe\nM{0}1;13/0{0}/2025;1;compra;15,00\nM{0}2;14/0{0}/2025;2;compra;5,00\n"
    contents = {
        "clientes.csv": members + "Total de clientes: 2;;;;\n",
        "movimientos_2025-02.csv": movements.format(2) + ";;;TOTALES;20,00\n",
        "movimientos_2025-03.csv": movements.format(3) + ";;;;\n;;;Total;20,00\n",
    }
    entrada = files(contents)
    (tmp_path / "feeds").mkdir()
    accept(entrada, tmp_path / "feeds", warehouse)
    with warehouse.connect() as connection:
        counted = connection.execute(
            text("select entidad, sum(filas)::integer from control.lecturas group by entidad order by entidad")
        ).fetchall()
    assert [tuple(row) for row in counted] == [("clientes", 2), ("descartes", 3), ("transacciones", 4)]


@pytest.mark.parametrize(
    ("last", "total"),
    [
        ("Total;;\n", (0,)),
        ("  SUBTOTALES: 2;;\n", (0,)),
        (";total;\n", (1,)),
        ("Total;Ana;5\n", ()),
        ("Totalidad;;\n", ()),
        ("Otro;;\n", ()),
        ("", ()),
    ],
)
def test_a_total_is_a_line_that_says_so_and_lacks_values(last: str, total: tuple[int, ...], tmp_path: Path) -> None:
    assert described(tmp_path / "x.csv", f"id;nombre;monto\n1;Ana;2\n2;Eva;3\n{last}".encode()).totals_in == total


SALES = "venta_id,fecha,cliente_id,provincia,total\n"
SALE = "V{i},2025-01-{d:02},C1,Salta,9\n"
SOLD: dict[str, str | bytes] = {
    "clientes.csv": "id,nombre,email,alta\nC1,Ana,a@b.example,2024-01-01\n",
    "pagos.csv": "venta_id,metodo_pago\n" + lines("V{i},efectivo", 100),
}
NO_ROWS = {
    "a total": ("Total,,,,115.50\n", "1 of the lines seen seem to be totals", "(ventas.venta_id ~* '^", True),
    "totals in the middle": (
        "Subtotal,x,,,9\n" + SALE + "TOTAL,x,,,9\n",
        "2 of the lines seen seem to be",
        "(venta",
        True,
    ),
    "a total in another column": (
        ",x,Total general,,9\n",
        "1 of the lines seen seem to be",
        "(ventas.cliente_id ~* '^",
        True,
    ),
    "a total without a word": (
        ",,,,115.50\n",
        "1 of the lines seen hold one value alone",
        "num_nonnulls(ventas.venta_id, ",
        True,
    ),
    "a note with its delimiters": (
        "Emitido el 31/01/2025,,,,\n",
        "1 of the lines seen hold one",
        "num_nonnulls(",
        True,
    ),
    "the header once more": (
        SALES + SALE,
        "1 of the lines seen are the header",
        "venta_id is distinct from 'venta",
        False,
    ),
}


@pytest.mark.parametrize("case", NO_ROWS)
def test_rows_that_are_none_of_the_table_are_left_out_and_said(
    case: str, files: Draft, tmp_path: Path, warehouse: Engine
) -> None:
    added, said, kept, asked = NO_ROWS[case]
    entrada = files({"ventas.csv": SALES + lines(SALE.strip(), 9) + added.format(i=90, d=1), **SOLD})
    report = "\n".join(draft_feed("dicho", str(entrada), tmp_path))
    assert f"    {said}" in report
    accept(entrada, tmp_path, warehouse)
    assert kept in tmp_path.joinpath("ajeno", "ventas.sql").read_text()
    assert ("TODO: are " in tmp_path.joinpath("ajeno", "descartes.sql").read_text()) is asked


@pytest.mark.parametrize("value", ["Total Gas SA", "Totalmente {i}"])
def test_names_that_begin_with_total_are_rows(value: str, draft: Draft) -> None:
    folder = draft({"clientes.csv": f"id,nombre,email\n{lines('{i},' + value + ',a@b.example')}99,{value},\n"})
    assert not folder.joinpath("descartes.sql").exists()


def test_ids_of_which_nothing_else_is_known_are_rows(draft: Draft) -> None:
    folder = draft({"clientes.csv": "id,nombre,apellido,email\n" + lines("{i},Ana,Paz,a@b.example") + "99,,,\n"})
    assert not folder.joinpath("descartes.sql").exists()


def test_tables_of_text_are_read_whatever_their_names_end_in(files: Draft) -> None:
    found, left_out = group_files(
        files({"trans.asc": ROW, "ventas.export": "id;fecha;total\n1;2025-01-01;5\n", "leeme.md": "Hola, mundo\n"})
    )
    assert {kind.pattern for kind in found} == {"trans.asc", "ventas.export"}
    assert left_out == ["leeme.md is left out: save it as CSV, or name it .csv if it is one"]


def test_a_file_without_an_entity_gets_the_drafts_of_those_it_could_be(draft: Draft) -> None:
    folder = draft(
        {"clientes.csv": ROW, "compras.csv": "CompraID,ProveedorID,Fecha,Total\n" + lines("{i},7,2025-01-{d:02},5")}
    )
    page = folder.joinpath("not_mapped.md").read_text()
    assert "## compras: ventas.sql\n" in page
    assert "    compraid as venta_id,\n" in page
    assert "TODO" not in page


def test_orders_without_a_total_have_that_of_their_lines(draft: Draft) -> None:
    orders = "order_id,customer_id,order_status,order_purchase_timestamp\n"
    folder = draft(
        {
            "orders.csv": orders + lines("O{i},C{i},delivered,2025-01-{d:02} 10:00:00"),
            "order_items.csv": "order_id,product_id,price\n" + lines("O{i},P1,58.90"),
        }
    )
    sql = folder.joinpath("ventas.sql").read_text()
    assert "        sum(numero(price, '.')) as total\n    from crudo.order_items\n    group by order_id\n" in sql
    assert "    lineas.total,  -- TODO: the sum of order_items\n" in sql
    assert (
        "1 as cantidad,  -- TODO: no quantities: each line is a unit\n"
        in folder.joinpath("detalle_ventas.sql").read_text()
    )


def test_rows_of_an_order_belong_together_where_selects_compare_them(draft: Draft) -> None:
    orders = "order_id,customer_id,order_status,order_purchase_timestamp\n"
    folder = draft(
        {
            "customers.csv": "customer_id,name,created_at\n" + lines("C{i},Ana,2025-01-{d:02}"),
            "orders.csv": orders + lines("O{i},C{i},delivered,2025-01-{d:02} 10:00:00"),
            "order_items.csv": "order_id,product_id,price\n" + lines("O{i},P1,58.90"),
        }
    )
    by_order = {"orders": ("order_id",), "order_items": ("order_id",)}
    assert feed_spec.read_feed("ajeno", folder).together == {"ventas": by_order, "detalle_ventas": by_order}


@pytest.mark.parametrize("order", ["O{i}", "{i}.0"])
def test_rows_belong_together_by_ids_as_they_are_written_only(order: str, draft: Draft) -> None:
    folder = draft(
        {
            "pedidos.csv": "pedido,cliente,fecha,total\n" + lines(f"{order},C{{i}},2025-01-{{d:02}},5"),
            "lineas.csv": "pedido,producto,cantidad,precio\n" + lines(f"{order},P1,1,5"),
        }
    )
    together = feed_spec.read_feed("ajeno", folder).together
    assert ("detalle_ventas" in together) is (order == "O{i}")


def test_the_total_of_lines_counts_their_units(draft: Draft) -> None:
    folder = draft(
        {
            "ventas.csv": "venta_id,cliente_id,fecha,estado\n" + lines("O{i},C{i},2025-01-{d:02},pag'o"),
            "detalle_ventas.csv": "venta_id,producto_id,cantidad,precio\n" + lines("O{i},P1,2,58.90"),
        }
    )
    sql = folder.joinpath("ventas.sql").read_text(encoding="utf-8")
    assert "        sum(round(numero(cantidad, '.') * numero(precio, '.'), 2)) as total\n" in sql
    assert "when 'pag''o' then 'pag''o'  -- TODO" in sql


def test_the_method_of_an_order_is_that_of_its_largest_payment(draft: Draft) -> None:
    folder = draft(
        {
            "ventas.csv": "venta_id,cliente_id,fecha,total,estado\n" + lines("O{i},C{i},2025-01-{d:02},5,completada"),
            "pagos.csv": "pago_id,venta_id,metodo_pago,monto\n" + lines("P{i},O{i},Tarjeta de credito Visa,5.50"),
        }
    )
    sql = folder.joinpath("ventas.sql").read_text(encoding="utf-8")
    assert "nullif(numero(pagos.monto, '.'), 'NaN') desc nulls last" in sql
    assert "when 'Tarjeta de credito Visa' then 'otra_tarjeta'" in sql


ORDERS = "venta_id,cliente_id,fecha,provincia,metodo_pago,total\n" + lines("V{i},C{d},2025-01-{d:02},Salta,efectivo,9")
LINES = "venta_id,producto_id,cantidad,precio\n"


@pytest.mark.parametrize(
    ("others", "by_total"),
    [
        ({}, True),
        ({"detalle_ventas.csv": LINES + "V1,P1,1,9\nV1,P2,1,9\nV2,P1,1,9\n"}, True),
        ({"detalle_ventas.csv": LINES + lines("V{i},P1,1,9", 30)}, False),
        # what lies between the beginning and the end of a large file is not known
        ({"detalle_ventas.csv": LINES + lines("V1,P1,1,9", 250_000)}, False),
    ],
)
def test_orders_count_by_their_total_where_most_have_no_line(
    others: dict[str, str | bytes], by_total: bool, draft: Draft
) -> None:
    folder = draft({"ventas.csv": ORDERS, **others})
    assert folder.joinpath("productos.sql").exists() is by_total
    assert folder.joinpath("detalle_ventas.sql").exists() is (by_total or bool(others))
    if by_total:
        sql = folder.joinpath("detalle_ventas.sql").read_text()
        assert "'sin_detalle' as producto_id,\n" in sql
        assert ("where detalle_ventas.venta_id = ventas.venta_id\n" in sql) is bool(others)


def test_names_that_yaml_takes_for_something_else_are_quoted(draft: Draft) -> None:
    folder = draft({"null.csv": "Nº;Nombre;Email\n1;Ana;a@b.example\n"})
    assert feed_spec.read_feed("ajeno", folder).files["null"].required == ("no",)


def test_a_file_of_lines_that_repeat_their_orders_gets_drafts_of_what_it_holds_too(draft: Draft) -> None:
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
    folder = draft({"retail.csv": header + lines("{i},S{d},Lamp {i},6,12/{d:02}/2010 8:26,2.55,178{d:02}")})
    assert sorted(path.name for path in folder.glob("*.sql")) == ["detalle_ventas.sql", "ventas.sql"]
    page = folder.joinpath("not_mapped.md").read_text()
    assert "## retail: productos.sql\n\n```sql\nselect distinct on (stockcode)\n" in page
    assert "from crudo.retail\norder by stockcode, _archivo, _linea\n" in page
    assert "## retail: ventas.sql\n" not in page
    assert "## retail: clientes.sql\n" in page


TICKETS: dict[str, str | bytes] = {
    "clientes.csv": "cliente,nombre,email,alta\nA,Ana,a@b.example,2025-01-01\nB,Eva,e@b.example,2025-01-01\n",
    "productos.csv": "producto,nombre,categoria,precio\nP,Mesa,Hogar,10\nQ,Silla,Hogar,2.5\n",
    "envios.csv": "ticket,estado,prometida\nV,despachado,2025-03-28\n",
}
WEB_ORDERS: dict[str, str | bytes] = {
    "pedidos_web.csv": "nro,dia,cliente,provincia,metodo_pago,monto\nX,27/03/2025,B,Salta,efectivo,5\n"
}
SOLD_TICKET = "V{i},2025-03-{d:02},A,P,2,10,Salta,efectivo,20"
TICKET = "ticket,fecha,cliente,producto,cantidad,precio,provincia,metodo de pago,total\n"


def test_payments_of_orders_are_drafted_with_day_and_customer_of_the_order(draft: Draft) -> None:
    folder = draft(
        {
            "orders.csv": "order_id,customer_id,date,province,total\n" + lines("V{i},C{i},2025-01-{d:02},Salta,9"),
            "order_payments.csv": "order_id,payment_type,installments,amount\n" + lines("V{i},efectivo,1,9"),
            "customers.csv": "customer_id,name,email\n" + lines("C{i},Ana,a{i}@x.org"),
        }
    )
    sql = feed_spec.read_feed("ajeno", folder).mapping["pagos_venta"]
    assert "    venta.cliente_id,\n" in sql
    assert "    venta.fecha,\n" in sql
    assert "    'aprobado' as estado" in sql
    assert "order_payments.installments as cuotas" in sql
    assert "left join venta on order_payments.order_id = venta.venta_id" in sql


def test_orders_of_lines_that_repeat_them_are_drafted_by_their_first_lines(
    files: Draft, tmp_path: Path, warehouse: Engine
) -> None:
    sold = "V,2025-03-25,A,P,2,10,Salta,efectivo,20\nV,2025-03-25,A,Q,1,2.5,Salta,efectivo,2.5\n"
    entrada = files(TICKETS | {"ventas.csv": TICKET + sold + "W,2025-03-26,B,Q,4,2.5,Salta,efectivo,10\n"})
    feed = accept(entrada, tmp_path, warehouse)
    assert feed.files["ventas"].required == (
        "ticket",
        "producto",
        "precio",
        "fecha",
        "cliente",
        "provincia",
    )
    with warehouse.connect() as connection:
        orders = connection.execute(text("select venta_id, cliente_id, total::text from staging.ventas order by 1"))
        assert list(map(tuple, orders)) == [("V", "A", "22.50"), ("W", "B", "10.00")]
        assert connection.execute(text("select count(*) from staging.detalle_ventas")).scalar() == 3
        assert connection.execute(text("select fecha::text from staging.envios")).scalar() == "2025-03-25"


def test_orders_of_lines_in_two_kinds_of_files_are_those_of_both(
    files: Draft, tmp_path: Path, warehouse: Engine
) -> None:
    north = {"local_norte.csv": TICKET + "V,2025-03-25,A,P,2,10,Salta,efectivo,20\n"}
    south = "venta_id;dia;cliente_id;producto;unidades;precio;estado;provincia;medio de pago\n"
    entrada = files(TICKETS | north | {"ventas_sur.csv": south + "W;25/03/2025;B;Q;2;2,50;pagada;Salta;efectivo\n"})
    accept(entrada, tmp_path, warehouse)
    with warehouse.connect() as connection:
        orders = connection.execute(text("select venta_id, cliente_id, total::text from staging.ventas order by 1"))
        assert list(map(tuple, orders)) == [("V", "A", "20.00"), ("W", "B", "5.00")]
        assert connection.execute(text("select count(*) from staging.detalle_ventas")).scalar() == 2


def test_rows_of_products_are_orders_where_other_files_hold_lines(draft: Draft) -> None:
    folder = draft(
        TICKETS
        | {
            "ventas.csv": TICKET + lines(SOLD_TICKET),
            "detalle_ventas.csv": LINES + lines("V{i},P,2,10"),
        }
    )
    assert "from crudo.detalle_ventas" in folder.joinpath("detalle_ventas.sql").read_text()
    assert "distinct on" not in folder.joinpath("ventas.sql").read_text()


@pytest.mark.parametrize("name", ["items.csv", "itens.csv"])
def test_items_that_name_their_order_are_lines(name: str, draft: Draft) -> None:
    folder = draft({"ventas.csv": ORDERS, name: LINES + lines("V{i},P1,1,9")})
    assert "left join venta on" in folder.joinpath("detalle_ventas.sql").read_text()
    assert not folder.joinpath("productos.sql").exists()


def test_lines_are_of_orders_of_all_kinds_of_files(files: Draft, tmp_path: Path, warehouse: Engine) -> None:
    items = {"detalle_ventas_1.csv": MIXED["detalle_ventas_1.csv"] + "X,P,1,5,0\n"}
    accept(files(MIXED | WEB_ORDERS | items), tmp_path, warehouse)
    with warehouse.connect() as connection:
        found = connection.execute(
            text("select fecha::text, cliente_id from staging.detalle_ventas where venta_id = 'X'")
        )
        assert found.one() == ("2025-03-27", "B")


@pytest.mark.parametrize(
    "header", ["Precio Lista", "Precio de lista", "P. Unit.", "Preço", "Valor unitário", "P. Venta"]
)
def test_a_price_is_known_by_what_shops_call_it(header: str, draft: Draft) -> None:
    folder = draft({"itens.csv": f"pedido;produto;quantidade;{header}\n" + lines("{i};P1;2;1.500,50")})
    assert "as precio_unitario," in folder.joinpath("detalle_ventas.sql").read_text()
    assert "TODO required: price" not in folder.joinpath("detalle_ventas.sql").read_text()


@pytest.mark.parametrize(
    ("cost", "price"),
    [
        ("Precio compra", "Precio venta"),
        ("preciocompra", "precioventa"),
        ("Precio de compra", "Precio"),
        ("Precio costo", "Precio lista"),
        ("P. Compra", "P. Venta"),
        ("Precio mayorista", "Precio minorista"),
        ("Precio proveedor", "Precio venta público"),
        ("cost price", "selling price"),
        ("Purchase price", "Sale price"),
        ("wholesale price", "retail price"),
        ("buying_price", "price"),
        ("Wholesale", "PVP"),
        ("preço de custo", "preço de venda"),
        ("Preço de compra", "Preço"),
    ],
)
def test_what_a_shop_pays_is_the_cost_of_a_product_and_not_its_price(cost: str, price: str, files: Draft) -> None:
    for order in (f"{cost};{price}", f"{price};{cost}"):
        header = f"codigo;nombre;categoria;{order}"
        (kind,), _ = group_files(files({"productos.csv": f"{header}\n" + lines("P{i};Mesa;Hogar;5,50;9,25")}))
        assign_entities([kind])
        found = {name: header.split(";")[position] for name, position in kind.found.items()}
        assert (found["costo"], found["precio"]) == (cost, price)


@pytest.mark.parametrize("header", ["precio_compra", "Purchase price"])
def test_the_price_of_a_purchase_is_that_of_a_line_without_another(header: str, draft: Draft) -> None:
    folder = draft({"detalle_compras.csv": f"compra;producto;cantidad;{header}\n" + lines("{i};P1;2;500,50")})
    written = folder.joinpath("detalle_ventas.sql").read_text()
    assert f"{header.lower().replace(' ', '_')} as precio_unitario" in written


def test_files_in_portuguese_are_recognised(draft: Draft) -> None:
    folder = draft(
        {
            "clientes.csv": "código;nome;sobrenome;UF;data de cadastro\n" + lines("C{i};Ana;Souza;SP;{d:02}/03/2024"),
            "produtos.csv": "código;produto;categoria;preço;custo\n" + lines("P{i};Mesa;Casa;10,50;5,00"),
            "pedidos.csv": "pedido;data;cliente;forma de pagamento;UF;situação;valor\n"
            + lines("{i};{d:02}/03/2025;C{d};Cartão de crédito;SP;Entregue;10,50"),
            "itens.csv": "pedido;produto;qtd;preço unitário;desconto\n" + lines("{i};P1;2;10,50;0,00"),
        }
    )
    feed = feed_spec.read_feed("ajeno", folder)
    assert list(feed.mapping) == ["clientes", "productos", "ventas", "detalle_ventas"]
    assert "TODO required" not in "".join(feed.mapping.values())
    assert "when 'Cartão de crédito' then 'otra_tarjeta'" in feed.mapping["ventas"]


@pytest.mark.parametrize("row", ["-----;----------;-----", "nro;dd/mm/aaaa;$", ";;kg"])
def test_a_row_of_units_or_dashes_under_a_header_is_named_and_left_out(
    row: str, files: Draft, tmp_path: Path, warehouse: Engine
) -> None:
    entrada = files(
        {
            "clientes.csv": f"id;alta;sueldo\n{row}\n" + lines("{i};{d:02}/03/2025;10,50"),
            "clientes_otros.csv": "id;alta;sueldo\n" + lines("B{i};{d:02}/03/2025;"),
        }
    )
    (tmp_path / "otro").mkdir()
    report = draft_feed("ajeno", str(entrada), tmp_path / "otro")
    assert "    feed.yaml has skip_below: 1, for lines right below the header, of units or dashes" in report
    accept(entrada, tmp_path, warehouse)


def test_a_first_row_without_a_digit_is_a_row_where_its_id_alone_lacks_one(draft: Draft) -> None:
    assert not draft({"clientes.csv": "id,nombre\nA,Ana\n" + lines("B{i},Eva")}).joinpath("descartes.sql").exists()


def test_the_state_of_deliveries_with_their_days_is_told_by_a_recipe(draft: Draft) -> None:
    header = "pedido,prometida,fecha despacho,fecha entrega\n"
    folder = draft({"envios.csv": header + lines("{i},2025-01-{d:02},2025-01-{d:02},2025-01-{d:02}")})
    assert "see the recipe Shipments in docs/feeds.md" in " ".join(folder.joinpath("envios.sql").read_text().split())


def test_the_delimiter_is_the_one_that_the_first_line_names(tmp_path: Path) -> None:
    content = "sep=|\nid;nombre|monto;pesos\n" + lines("{i};Ana|{i};5")
    assert described(tmp_path / "x.csv", content.encode()).dialect.delimiter == "|"


@pytest.mark.parametrize(
    ("method", "meant"),
    [("transferencia bancaria o efectivo", "transferencia"), ("Tarjeta Lider", "otra_tarjeta")],
)
def test_a_text_means_what_the_longest_known_one_in_it_does_and_no_card_is_the_banks(
    method: str, meant: str, draft: Draft
) -> None:
    header = "venta_id,fecha,cliente_id,total,estado,metodo de pago\n"
    folder = draft({"ventas.csv": header + lines(f"V{{i}},2025-01-{{d:02}},C,5,pagada,{method}")})
    assert f"        when '{method}' then '{meant}'  -- TODO\n" in folder.joinpath("ventas.sql").read_text()


def test_rows_of_several_files_have_no_number_that_others_could_refer_to(draft: Draft) -> None:
    content = "nombre,apellido,dni,email\n" + lines("Ana,Paz,3{i},a@b.example")
    folder = draft({"clientes_2024.csv": content, "clientes_2025.csv": content})
    assert "null as cliente_id,  -- TODO required: customer" in folder.joinpath("clientes.sql").read_text()


@pytest.mark.parametrize(("day", "earlier"), [("2025-01-31", True), ("2025-02-01", False)])
def test_movements_before_the_first_customer_of_an_undated_list_are_told(day: str, earlier: bool, draft: Draft) -> None:
    folder = draft(
        {
            "clientes.csv": "id,nombre,alta\n" + lines("{i},Ana,2025-02-{d:02}"),
            "transacciones.csv": f"id,cliente_id,fecha,tipo,monto\n1,5,{day},compra,5\n",
        }
    )
    sql = " ".join(folder.joinpath("clientes.sql").read_text().replace("--", "").split())
    assert (f"movements or orders begin earlier, on {day}: they would be rejected" in sql) is earlier


def test_files_with_their_headers_in_different_lines_are_of_different_kinds(files: Draft) -> None:
    content = "id;nombre;monto\n" + lines("{i};Ana;5,50")
    found, _ = group_files(files({"caja_1.csv": content, "caja_2.csv": f"Listado de caja\n{content}"}))
    assert {kind.pattern: kind.table.skip for kind in found} == {"caja_1.csv": 0, "caja_2.csv": 1}


def test_movements_of_accounts_are_those_of_their_first_owners(draft: Draft) -> None:
    folder = draft(
        {
            "client.asc": '"client_id";"birth_number"\n' + lines('{i};"7062{d:02}"'),
            "disp.asc": '"disp_id";"client_id";"account_id";"type"\n'
            + lines('{i};{i};{i};"DISPONENT"')
            + '99;9;9;"OWNER"\n',
            "trans.asc": '"trans_id";"account_id";"date";"type";"amount"\n' + lines('{i};1;9301{d:02};"PRIJEM";700.00'),
        }
    )
    sql = folder.joinpath("transacciones.sql").read_text()
    assert "    order by account_id asc, (type = 'OWNER') desc nulls last, _archivo asc, _linea asc\n" in sql
    assert "    titular.cliente_id,  -- TODO: the first owner of the account in disp\n" in sql
    assert "left join titular on trans.account_id = titular.cuenta\n" in sql
    assert "fecha(trans.date, 'YYMMDD') as fecha" in sql


def test_signs_are_stripped_from_amounts_and_negative_amounts_are_left_to_a_person(draft: Draft) -> None:
    folder = draft(
        {"transacciones.csv": "cliente_id;fecha;tipo;monto\n" + lines("{i};2025-01-{d:02};compra_tarjeta;$ -{i},50")}
    )
    assert (
        "translate(monto, '$ ', '') as monto,  -- TODO: some are negative"
        in folder.joinpath("transacciones.sql").read_text()
    )
    assert "case when monto like '%-%' then 'debito' else 'credito' end as sentido" in (
        folder.joinpath("transacciones.sql").read_text()
    )
    assert feed_spec.read_feed("ajeno", folder).files["transacciones"].dialect.decimal == ","


def test_invoices_with_credit_notes_among_their_lines_are_sales_and_no_movements_of_a_bank(draft: Draft) -> None:
    folder = draft(
        {
            "comprobantes_2025-03.csv": "Comprobante;Tipo;Emision;Cliente;Articulo;Unidades;Precio;Importe\n"
            + lines("F{i};FA;{d:02}/03/2025;{i};P{i};2;1,50;3,00")
            + "N1;NC;31/03/2025;1;P1;-1;1,50;-1,50\n",
            "cobranzas_2025-03.csv": "Recibo;Comprobante;Fecha;Medio;Importe\n"
            + lines("R{i};F{i};{d:02}/03/2025;Efectivo;3,00"),
        }
    )
    lines_of_orders, orders = (folder.joinpath(f"{name}.sql").read_text() for name in ("detalle_ventas", "ventas"))
    assert "comprobantes.comprobante as venta_id" in orders
    assert "give them in" in lines_of_orders
    assert "devoluciones.sql (docs/feeds.md, Recipes)" in lines_of_orders
    assert "emision" in orders
    assert {path.stem for path in folder.glob("*.sql")} == {"ventas", "detalle_ventas"}


def test_what_banks_write_of_direction_cards_and_kinds_is_recognised(draft: Draft) -> None:
    folder = draft(
        {
            "movimientos.csv": "id;cliente;fecha;tipo;D/C;importe;tarjeta;cuotas;contraparte;comercio;canal;rubro\n"
            + lines("{i};{i};2025-01-{d:02};Plazo fijo;C;{i},50;;;;;web;")
            + lines("9{i};{i};2025-01-{d:02};Refund;D;{i},50;;;;;web;")
        }
    )
    sql = folder.joinpath("transacciones.sql").read_text()
    for drafted in (
        "when 'Plazo fijo' then 'ahorro'",
        "when 'Refund' then 'reintegro'",
        "when 'C' then 'credito'",
        "when 'D' then 'debito'",
        "end as sentido",
        "tarjeta as tarjeta_id",
        "cuotas",
        "contraparte,",
        "comercio",
        "canal",
    ):
        assert drafted in sql
    for absent in ("venta_id", "momento", "cuenta_id", "moneda"):
        sql = sql.replace(f"null as {absent}", "")
    assert "null as" not in sql


def test_a_type_that_is_debit_or_credit_is_the_direction(draft: Draft) -> None:
    folder = draft(
        {
            "transactions.csv": "transaction_id,customer_id,date,type,amount\n"
            + lines("{i},{i},2025-01-{d:02},debit,5")
            + lines("9{i},{i},2025-01-{d:02},credit,5")
        }
    )
    sql = folder.joinpath("transacciones.sql").read_text()
    assert "when 'credit' then 'credito'" in sql
    assert "end as sentido" in sql
    assert "null as tipo_transaccion" in sql


def test_debits_and_credits_in_two_columns_are_directions(draft: Draft) -> None:
    folder = draft(
        {"movimientos.csv": "id,cliente,fecha,tipo,debe,haber\n" + lines("{i},{i},2025-01-{d:02},ahorro,5,")}
    )
    sql = folder.joinpath("transacciones.sql").read_text()
    assert "coalesce(nullif(numero(debe, '.'), 0), nullif(numero(haber, '.'), 0)) as monto" in sql
    assert "case when nullif(numero(debe, '.'), 0) is not null then 'debito' else 'credito' end as sentido" in sql


def test_of_debit_and_credit_the_one_that_is_zero_does_not_count(
    files: Draft, tmp_path: Path, warehouse: Engine
) -> None:
    entrada = files(
        {
            "clientes.csv": "nro_cliente;nombre;fecha_alta\n" + lines("{i};Ana;01/02/2020"),
            "movimientos.csv": "nro_movimiento;nro_cliente;fecha;tipo;debe;haber\n"
            + lines("{i};{i};{d:02}/01/2025;compra;1.005,50;0,00", 30)
            + lines("9{i};{i};{d:02}/01/2025;sueldo;0,00;7,25", 30),
        }
    )
    (tmp_path / "feeds").mkdir()
    accept(entrada, tmp_path / "feeds", warehouse)
    with warehouse.connect() as connection:
        found = connection.execute(
            text("select sentido, monto::text, count(*) from staging.transacciones group by 1, 2")
        )
        assert {tuple(row) for row in found} == {("debito", "1005.50", 29), ("credito", "7.25", 29)}


def test_a_list_of_holders_is_none_of_customers(draft: Draft) -> None:
    folder = draft(
        {
            "clientes.csv": "nro_cliente;nombre;fecha_alta\n" + lines("{i};Ana;01/02/2020"),
            "cuentas.csv": "nro_cuenta;tipo_cuenta;fecha_apertura\n" + lines("10/{i};Caja de ahorro;01/02/2020"),
            "titulares.csv": "nro_cuenta;nro_cliente;tipo_titular;porcentaje;fecha_desde;fecha_hasta\n"
            + lines("10/{i};{i};Titular;60;01/02/2020;"),
        }
    )
    assert "union all" not in folder.joinpath("clientes.sql").read_text()
    sql = folder.joinpath("titulares_cuenta.sql").read_text()
    for drafted in ("nro_cuenta as cuenta_id", "nro_cliente as cliente_id", "porcentaje as participacion", "as desde"):
        assert drafted in sql


def test_customers_with_the_number_of_their_account_are_customers(draft: Draft) -> None:
    folder = draft({"clientes.csv": "nro_cliente;nombre;nro_cuenta\n" + lines("{i};Ana;10/{i}")})
    assert not folder.joinpath("titulares_cuenta.sql").exists()
    assert "nombre" in folder.joinpath("clientes.sql").read_text()


def test_a_balance_may_be_negative(draft: Draft) -> None:
    folder = draft(
        {
            "clientes.csv": "nro_cliente;nombre\n" + lines("{i};Ana"),
            "cuentas.csv": "nro_cuenta;saldo_inicial\n" + lines("10/{i};-5"),
            "saldos.csv": "nro_cuenta;fecha;saldo\n" + lines("10/{i};2025-01-31;-3.50"),
        }
    )
    for name in ("cuentas", "saldos"):
        assert "negative" not in folder.joinpath(f"{name}.sql").read_text()


def test_the_number_of_an_instalment_within_its_loan_is_no_id(draft: Draft) -> None:
    folder = draft(
        {
            "prestamos.csv": "nro_prestamo;nro_cliente;fecha_otorgamiento;capital\n"
            + lines("50{i};{i};2025-01-05;100"),
            "cuotas.csv": "nro_prestamo;nro_cuota;fecha_vencimiento;total;fecha_pago\n"
            + lines("50{i};1;2025-02-{d:02};13;2025-02-01")
            + lines("50{i};2;2025-03-{d:02};13;"),
        }
    )
    sql = folder.joinpath("cuotas.sql").read_text()
    assert "nro_prestamo || '-' || " in sql
    assert "nro_cuota as numero" in sql
    assert "needs another version" in " ".join(sql.replace("--", "").split())


def test_files_without_a_header_get_columns_to_name(draft: Draft) -> None:
    folder = draft({"transacciones.csv": lines("{i},100.5,2025-01-{d:02}")})
    assert feed_spec.read_feed("ajeno", folder).files["transacciones"].columns == (
        "columna_1",
        "columna_2",
        "columna_3",
    )
    assert "- columna_3  # date, YYYY-MM-DD\n" in folder.joinpath("feed.yaml").read_text()
    assert (
        "null as monto,  -- TODO required: amount in pesos, always positive\n"
        in folder.joinpath("transacciones.sql").read_text()
    )


MIXED: dict[str, str | bytes] = {
    "clientes_norte.csv": "id,nombre,email,alta\nA,Ana,a@b.example,2025-01-01\n",
    "clientes_sur.csv": "id,nombre,email,edad\nB,Eva,e@b.example,30\n",
    "movimientos_caja.csv": "cliente_id,fecha,tipo,monto\nA,25/03/2025,compra,5.50\n",
    "movimientos_tarjeta.csv": 'cliente_id,fecha,tipo,monto\nB,2025-03-26,compra,"1,205.50"\n',
    "productos.csv": "producto_id,nombre,categoria,precio\nP,Mesa,Hogar,10\n",
    "ventas.csv": "venta_id,fecha,cliente_id,provincia,metodo_pago,total\nV,2025-03-25,A,Salta,efectivo,20\n"
    "W,2025-03-26,B,Salta,efectivo,30\n",
    "detalle_ventas_1.csv": "venta_id,producto_id,cantidad,precio_unitario,descuento\nV,P,2,10,0\n",
    "detalle_ventas_b.csv": 'venta_id,producto_id,precio_unitario\nW,P,"1,030.50"\n',
}


def test_two_kinds_of_one_entity_are_united_column_by_column(files: Draft, tmp_path: Path, warehouse: Engine) -> None:
    accept(files(MIXED), tmp_path, warehouse)
    with warehouse.connect() as connection:
        for entity, expected in {
            "clientes": [("A", "Ana", "2025-01-01"), ("B", "Eva", "2025-03-01")],
            "transacciones": [("A", "2025-03-25", "5.50"), ("B", "2025-03-26", "1205.50")],
            "detalle_ventas": [
                ("A", "2025-03-25", "2.000", "10.000000"),
                ("B", "2025-03-26", "1.000", "1030.500000"),
            ],
        }.items():
            selected = {"clientes": "nombre, fecha", "transacciones": "fecha, monto"}
            columns_ = selected.get(entity, "fecha, cantidad, precio_unitario")
            found = connection.execute(text(f"select cliente_id, {columns_} from staging.{entity} order by 1"))
            assert [tuple(map(str, row)) for row in found] == expected


GROCER = {
    "clientes.csv": "cliente_id;nombre;provincia\nA;Ana;Salta\n",
    "productos.csv": "producto_id;nombre\nqueso;Queso\npan;Pan\n",
    "ventas.csv": "venta_id;cliente_id;fecha;estado;metodo_pago;provincia_envio\nV;A;2025-03-25;completada;efectivo;Salta\n",
    "detalle_ventas.csv": "venta_id;producto_id;Kilos;Precio por kg\nV;queso;0,335;4999,90\nV;pan;1,250;0,004599\n",
}


def test_weights_and_prices_of_a_kilo_are_read_and_products_need_no_price(
    files: Draft, tmp_path: Path, warehouse: Engine
) -> None:
    accept(files(GROCER), tmp_path, warehouse)
    with warehouse.connect() as connection:
        found = connection.execute(
            text("select producto_id, cantidad, precio_unitario from staging.detalle_ventas order by 1")
        )
        assert [tuple(map(str, row)) for row in found] == [
            ("pan", "1.250", "0.004599"),
            ("queso", "0.335", "4999.900000"),
        ]
        total = connection.scalar(text("select total from staging.ventas"))
        assert str(total) == "1674.98"  # 1674.9665 and 0.00574875, each rounded
        assert (
            connection.execute(text("select categoria, precio, costo from staging.productos")).all()
            == [(None, None, None)] * 2
        )


def test_reserved_words_are_quoted(draft: Draft) -> None:
    sql = (
        draft({"order.csv": "order,user,date,total\n" + lines("{i},{i},2025-01-{d:02},5")})
        .joinpath("ventas.sql")
        .read_text()
    )
    assert '    "order" as venta_id,\n' in sql
    assert '    "user" as cliente_id,\n' in sql
    assert 'from crudo."order"\n' in sql


def test_a_feed_is_drafted_even_where_nothing_is_recognised(draft: Draft) -> None:
    feed = feed_spec.read_feed("ajeno", draft({"x.csv": "a,b\nfoo,bar\n"}))
    assert list(feed.mapping) == ["clientes"]


def test_landing_files_are_mapped_completely(tmp_path: Path, data: Path) -> None:
    write_landing_files(
        World(customers=300),
        [DayRange(*([World.first_day] * 2)), DayRange(*([World.first_day.replace(month=2)] * 2))],
        data,
    )
    draft_feed("igual", str(data / "raw"), tmp_path)
    feed = feed_spec.read_feed("igual", tmp_path / "igual")
    assert set(feed.mapping) == set(LANDING)
    assert {file.name for file in feed.files.values()} == {f"{entity}_{{%Y-%m-%d}}.csv" for entity in LANDING}
    for entity, sql in feed.mapping.items():
        code = [line.split("--")[0].strip(" ,") for line in sql.splitlines()[2:]]
        assert code == ["select", "_archivo", "_linea", *columns(LANDING[entity]), f"from crudo.{entity}"], entity


@pytest.mark.parametrize(
    "which", ["shop", "export", "several kinds of files", "orders of several kinds", "rows that are none", "tickets"]
)
def test_drafts_pass_the_linters(which: str, draft: Draft, tmp_path: Path) -> None:
    blank = {"productos.csv": "id,nombre,precio,categoria\n1,Mesa,5,Hogar\n,,,\n"}
    contents = {
        "shop": SHOP | {"movimientos_caja.csv": "cliente_id,fecha,tipo,monto\n1,03/04/2025,compra,-5\n"},
        "export": store(",", with_ids=False) | blank,
        "several kinds of files": MIXED,
        "orders of several kinds": MIXED | WEB_ORDERS,
        "tickets": TICKETS | {"ventas.csv": f"{TICKET}dd;;;;;$;;;$\n".replace(";", ",") + lines(SOLD_TICKET)},
        "rows that are none": SOLD | {"ventas.csv": SALES + SALES + lines(SALE.strip()) + "Total,x,,,9\n,,,,9\n"},
    }
    folder = draft(contents[which])
    command = [Path(sys.executable).with_name("sqlfluff"), "lint", "--config", folders.ROOT / "pyproject.toml", folder]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
    assert len(list(folder.glob("*.sql"))) >= 4


@pytest.mark.parametrize(
    ("name", "entrada", "message"),
    [
        ("Mi feed", ".", "name is 'Mi feed': begin with a lower-case letter"),
        ("", ".", "name is '': begin"),
        ("../x", ".", "name is '../x': begin"),
        ("ajeno", "", "entrada is empty: name the folder that holds the files"),
        ("ajeno", "nada", "entrada is 'nada': there is no such folder"),
        ("ajeno", "na\nda", "entrada is 'na\\nda': that is no readable text"),
        ("ajeno", "rota/x.csv", "entrada is 'rota/x.csv': it is a file; name the folder that holds it"),
        ("ajeno", "vacia", "entrada is 'vacia': there is no CSV file in it"),
        ("ajeno", "rota", "entrada is 'rota': there is no CSV file in it; x.csv is left out: it is empty"),
        ("simulador", ".", "include/sql/feeds/simulador is there already"),
    ],
)
def test_bad_arguments_are_refused_in_one_line_and_nothing_is_written(
    name: str, entrada: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("vacia", "rota", "feeds/simulador"):
        tmp_path.joinpath(folder).mkdir(parents=True)
    tmp_path.joinpath("rota", "x.csv").touch()
    with pytest.raises(BadFeed) as raised:
        draft_feed(name, entrada, tmp_path / "feeds")
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert [path.name for path in tmp_path.joinpath("feeds").rglob("*")] == ["simulador"]


def test_the_next_command_can_be_copied_whatever_the_folder(tmp_path: Path) -> None:
    entrada = tmp_path / "it's $HOME [b]; ~ 100%"
    entrada.mkdir()
    entrada.joinpath("clientes.csv").write_text(ROW)
    (tmp_path / "feeds").mkdir()
    *_, command = draft_feed("ajeno", str(entrada), tmp_path / "feeds")
    assert shlex.split(command) == ["make", "run", "FUENTE=ajeno", f"ENTRADA={entrada}"]


def test_a_feed_is_never_overwritten(draft: Draft) -> None:
    folder = draft({"clientes.csv": ROW})
    folder.joinpath("clientes.sql").write_text("select 1")
    with pytest.raises(BadFeed, match="is there already"):
        draft({"clientes.csv": ROW})
    assert folder.joinpath("clientes.sql").read_text() == "select 1"


def test_a_status_of_customers_is_not_a_province(draft: Draft) -> None:
    folder = draft({"customers.csv": "Customer ID,Status,Departamento,E-mail\nC1,ACTIVE,Salto,a@b.example\n"})
    clientes = feed_spec.read_feed("ajeno", folder).mapping["clientes"]
    assert "    departamento as provincia,\n" in clientes
    assert "    e_mail as email,\n" in clientes
    assert "status" not in clientes


def test_headers_with_duplicate_or_missing_names_are_drafted(files: Draft, tmp_path: Path) -> None:
    report = draft_feed("ajeno", str(files({"clientes.csv": "id,nombre,nombre,\n1,Ana,Paz,\n2,Eva,Sol,\n"})), tmp_path)
    assert not any("refused" in line for line in report)


def test_the_command_of_the_report_can_be_copied(files: Draft, tmp_path: Path) -> None:
    entrada = files({"clientes.csv": ROW}).rename(tmp_path / "lo de $Ana's & cía")
    command = draft_feed("ajeno", str(entrada), tmp_path)[-1]
    assert shlex.split(command) == ["make", "run", "FUENTE=ajeno", f"ENTRADA={entrada}"]


def test_the_report_shows_no_value_of_a_file(files: Draft, tmp_path: Path) -> None:
    entrada = files({"clientes.csv": "Lista de Ana;;\nid;nombre;dni\n1;Secreta;30111222\n2;Oculta\n", "x.csv": "\0a\n"})
    report = "\n".join(draft_feed("ajeno", str(entrada), tmp_path))
    assert "its header is in line 2: feed.yaml has skip: 1" in report
    assert "x.csv is left out" in report
    assert not any(value in report for value in ("Ana", "Secreta", "Oculta", "30111222"))
    assert yaml.safe_load(tmp_path.joinpath("ajeno", "feed.yaml").read_text())["country"] == "AR"
