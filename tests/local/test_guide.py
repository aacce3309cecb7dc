"""docs/feeds.md: its worked example is run, its recipes are executed, and its tables are compared with the code."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from checkout import Checkout
from psycopg import sql
from sqlalchemy import Engine

from client360 import folders
from client360.days import ARGENTINA
from client360.ingest import feed_spec
from client360.ingest.feed_spec import ENTITIES, PROVINCES
from client360.ingest.raw_file import Dialect, RawFile
from client360.warehouse.models import LANDING, MOTIVOS, columns
from client360.warehouse.models.dw import DimProvincia
from client360.warehouse.models.entity import required
from client360.warehouse.templates import compose

GUIDE = (folders.ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
RAW_COLUMNS = {
    "personas": ("cliente_id", "edad"),
    "usuarios": ("registro",),
    "movimientos": ("cliente", "dia", "importe"),
    "pagos": ("orden", "numero", "metodo", "cuotas", "importe", "resultado"),
    "renglones": ("orden", "articulo", "cantidad", "precio", "bonificacion"),
    "ordenes": ("orden", "cliente", "dia"),
    "devueltos": ("comprobante", "dia", "orden", "articulo", "unidades", "importe"),
    "comprobantes": ("tipo", "dia", "cliente", "aplica_a", "articulo", "unidades", "importe"),
    "tickets": ("orden", "cliente", "dia", "importe", "producto", "cantidad"),
    "balanza": ("ticket", "dia", "cliente", "articulo", "gramos", "precio_kilo"),
    "envios": ("orden", "deposito", "despacho", "prometida", "entrega", "costo"),
    "titulares": ("cuenta", "cliente", "rol"),
    "extractos": ("operacion", "cuenta", "dia", "importe", "monto"),
    "pedidos": ("orden", "cliente", "dia", "dia_de_devolucion", "importe"),
    "sueldos": ("cliente", "enero", "febrero"),
    "clientes": ("cliente_id", "alta", "nacimiento", "provincia", "pais"),
    "cobros": ("pago", "cliente", "dia", "moneda", "importe", "estado"),
    "cambios": ("dia", "divisa", "compra", "venta"),
    "socios": ("socio", "ingreso", "egreso"),
    "libro": ("operacion", "dia", "socio", "codigo", "debito", "credito", "estado"),
    "vinculos": ("cuenta", "cliente", "rol", "porcentaje", "desde", "hasta"),
    "apuntes": ("cuenta", "dia", "importe"),
    "posiciones": ("cuenta", "dia", "hora", "saldo"),
    "cierres": ("cuenta", "al", "saldo"),
    "lotes": ("operacion", "dia", "cliente", "centavos"),
    "eventos": ("evento", "cliente", "segundos", "importe"),
    "acreditaciones": (
        "comprobante",
        "dia",
        "cliente",
        "signo",
        "concepto",
        "importe",
        "tarjeta",
        "cuotas",
        "comercio",
    ),
    "compras": (
        *("orden", "cliente", "creada", "cambiada", "estado", "total", "aprobada", "despachada", "entregada"),
        *("canal", "sucursal", "vendedor", "flete"),
    ),
    "plan": ("prestamo", "cuota", "vence", "importe", "capital", "pagada"),
    "creditos": ("prestamo", "socio", "otorgado"),
    "resumenes": ("resumen", "tarjeta", "cierre", "interes", "mantenimiento", "sellos"),
    "tarjetas": ("tarjeta", "socio"),
}
"""Of the files that the recipes read."""


@dataclass(frozen=True)
class Block:
    kind: str
    text: str


def blocks(text: str) -> list[Block]:
    return [Block(*found) for found in re.findall(r"^```(\w[^\n]*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)]


def section(title: str) -> str:
    (found,) = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", GUIDE, flags=re.MULTILINE | re.DOTALL)
    return found


def table(text: str) -> dict[str, list[str]]:
    """The rows of all tables in a text, by the word in their first cell."""
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("| `")
    ]
    return {first.strip("`"): rest for first, *rest in rows}


def test_the_worked_example_gives_the_output_it_shows(open_folders: Callable[[], Path]) -> None:
    folder = open_folders()
    copy = folder / "checkout"
    left = shutil.ignore_patterns(
        ".git", ".venv", ".local", ".env", ".*_cache", ".hypothesis", "data", "tests", "__pycache__"
    )
    shutil.copytree(folders.ROOT, copy, ignore=left)
    copy.joinpath(".venv").symlink_to(folders.ROOT.joinpath(".venv").resolve())
    stack = Checkout(folder)
    environment = {name: value for name, value in stack.environment.items() if name != "CLIENT360_DATA"}
    output = ""
    try:
        for block in blocks(section("A worked example")):
            if block.kind == "text":
                said = [line.rstrip() for line in output.splitlines()]
                assert [line for line in block.text.splitlines() if line not in said] == [], output
                continue
            ended = subprocess.run(
                ["bash", "-euc", block.text],
                cwd=copy,
                env=environment | {"PSQL_PAGER": "cat"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            output = ended.stdout
            assert (ended.returncode != 0) is (block.kind == "sh fails"), output
            if block.kind == "sh fails":
                assert "1 of 5 detalle_ventas" in output
                assert "1 of 4 ventas" in output
                assert " accepted, 0 repeated, 2 rejected" in output
                assert "Nothing of it is loaded." in output
    finally:
        stack.stop()
    assert copy.joinpath("data", "processed", "fecha=2025-03-31", "cliente_360.csv").exists()


def test_the_example_of_a_feed_yaml_is_valid(tmp_path: Path) -> None:
    (example,) = (block.text for block in blocks(section("feed.yaml")))
    tmp_path.joinpath("feed.yaml").write_text(example)
    tmp_path.joinpath("clientes.sql").write_text("select 1")
    feed = feed_spec.read_feed("x", tmp_path)
    assert feed.files["rubros"].dialect == Dialect(delimiter=";", nulls=("", "NULL", "s/d"))
    assert feed.files["caja"].matches("sucursales/norte/caja.txt")
    assert feed.together == {"clientes": {"pedidos": ("cliente",)}}


def test_every_key_of_feed_yaml_is_explained_with_its_default() -> None:
    said = table(section("feed.yaml"))
    models = (feed_spec._FeedYaml, Dialect, RawFile)
    assert set(said) == {key for model in models for key in model.model_fields}
    for model in models:
        for key, field in model.model_fields.items():
            default = field.get_default(call_default_factory=True)
            if isinstance(default, str | int | float) and not field.is_required():
                written = (
                    str(default).lower() if isinstance(default, bool) else f"{default:g}" if default == 5 else default
                )
                assert said[key][0] == f"`{written}`", key


def test_every_reason_is_explained() -> None:
    assert list(table(section("Rejected rows"))) == list(MOTIVOS)


def test_every_entity_is_listed_with_its_required_columns() -> None:
    said = table(section("The contract"))
    assert list(said) == list(ENTITIES)
    for entity in ENTITIES:
        model = DimProvincia if entity == PROVINCES else LANDING[entity]
        found = [column.name for column in model.table().columns if required(column)]
        assert said[entity][1].split(", ") == found, entity


def create_raw_tables(connection: psycopg.Connection) -> None:
    connection.execute("create schema if not exists crudo")
    for file in feed_spec.FUNCTIONS:
        connection.execute(compose(file.read_text(encoding="utf-8"), {"zona": sql.Literal(ARGENTINA)}))
    connection.execute("set search_path to crudo")
    for name, its_columns in RAW_COLUMNS.items():
        declared_columns = ", ".join(f"{column} text" for column in its_columns)
        connection.execute(f"create table {name} (_archivo text, _linea bigint, _fecha date, {declared_columns})")


@pytest.mark.parametrize(
    "recipe", [block.text for block in blocks(section("Recipes"))], ids=lambda recipe: str(len(recipe))
)
def test_recipes_return_rows_of_the_contract_whatever_the_text(recipe: str, warehouse: Engine) -> None:
    with psycopg.connect(
        warehouse.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        create_raw_tables(connection)
        for name, its_columns in RAW_COLUMNS.items():
            for line, value in enumerate(
                ("7", "-1.234,5", "31/02/2025", "05/03/2025 10:20", "", "ñ'\\", "DECLINED", "ANULADO", None), start=2
            ):
                values = ["x.csv", line, None, *([value] * len(its_columns))]
                connection.execute(f"insert into {name} values ({', '.join(['%s'] * len(values))})", values)
        found = connection.execute(recipe)
        names = {column.name for column in found.description or ()}
        assert found.fetchall()
    assert {"_archivo", "_linea"} <= names
    entities = [
        entity
        for entity, model in LANDING.items()
        if names - {"_archivo", "_linea"} <= set(columns(model))
        and {column.name for column in model.table().columns if required(column)} <= names
    ]
    assert len(entities) == 1 or names == {"_archivo", "_linea"}  # the rows to leave out
    assert set(RAW_COLUMNS) & set(re.findall(r"crudo\.(\w+)", recipe))


GIVEN: dict[str, list[tuple[str | None, ...]]] = {
    "resumenes": [
        ("R1", "T1", "2025-03-25", "1.204,50", "900", None),
        ("R2", "T1", "2025-04-25", "0,00", None, "s/d"),
    ],
    "tarjetas": [("T1", "C1")],
    "pedidos": [("P1", "C1", "2025-03-01", None, "30"), ("P2", None, "2025-03-02", None, "20")],
    "clientes": [("C1", "2025-01-01", None, None, None)],
    "compras": [
        (
            *("P1", "C1", "2025-03-02T01:00:00Z", None, None, "30", None, None, "2025-03-04T12:00:00Z"),
            *("web", None, None, "9.50"),
        ),
        ("P2", *[None] * 12),
    ],
    "tickets": [("T1", "C1", "03/03/2025", "30,50", "PAN", "2"), ("T1", "C1", "03/03/2025", "9,50", "TOR", "1")],
    "envios": [("P1", "N", "2025-03-03", "2025-03-05", "2025-03-04", "5"), ("P9", "N", None, "2025-03-05", None, "5")],
    "devueltos": [("D1", "2025-03-10", "P1", "PAN", "1", "5"), ("D2", "2025-03-11", "P7", None, None, "3")],
    "comprobantes": [
        ("NC", "2025-03-10", "C1", "P1", "PAN", "-2", "-2.50"),
        ("FA", "2025-03-10", "C1", None, "PAN", "-2", "-3"),
    ],
    "balanza": [
        ("T1", "04/03/2025", "C1", "QUE", "1.335", "4.999,90"),
        ("T2", "03/03/2025", None, "QUE", "12,5", "4.999,90"),
    ],
    "titulares": [("A1", "C2", "AUTORIZADO"), ("A1", "C1", "TITULAR")],
    "renglones": [("P1", "PAN", "2", "15", "12,5")],
    "ordenes": [("P1", "C1", "03/03/2025")],
    "pagos": [
        ("P1", "1", "Tarjeta", "3", "20", None),
        ("P1", "2", "Efectivo", None, "10", "OK"),
        ("P1", "3", "Tarjeta", "3", "-5", "OK"),
        ("P7", "1", "trueque", None, "4", "DECLINED"),
    ],
    "socios": [
        ("7", "05/01/2020", "10/02/2025"),
        ("7", "05/04/2025", None),
        ("TOTAL DE SOCIOS: 2", None, None),
    ],
    "libro": [
        ("M1", "03/03/2025", "7", "12", None, "9,50", None),
        ("M2", "04/03/2025", "7", "77", "8,00", None, None),
        ("M3", "04/03/2025", "7", "20", "8,00", None, "ANULADO"),
        ("TOTALES", None, None, None, "8,00", "9,50", None),
    ],
    "vinculos": [
        ("A1", "C1", "T", "60", "2024-05-01", None),
        ("A1", "C2", "C", "40", "2024-05-01", "2025-03-10"),
        ("A2", "C1", "T", "60", "2024-05-01", "2024-08-01"),
        ("A2", "C1", "T", "100", "2024-08-01", None),
    ],
    "cobros": [
        ("M1", "C1", "2025-03-03", "U$S", "9,50", None),
        ("M2", "C1", "2025-03-03", None, "7", "DECLINED"),
        ("M3", "C1", "2025-03-04", "EUR", "8", "OK"),
    ],
    "cambios": [("03/03/2025", "USD", "39,8", "41,25"), ("ayer", "EUR", None, "43")],
    "posiciones": [
        ("A1", "2025-03-01", "09:00", "10.00"),
        ("A1", "2025-03-01", "17:30", "-2.50"),
        ("A1", "2025-03-02", None, "3.00"),
    ],
    "cierres": [("A1", "31/05/2026", "1.234,56-"), ("A2", "31/05/2026", "7,50"), ("A3", "ayer", None)],
    "lotes": [("M1", "2025-03-01", "C1", "000001696204"), ("M2", "2025-03-01", "C1", "uno")],
    "apuntes": [("A1", "2025-03-01", "-7.50"), ("A1", "2025-03-02", "8")],
    "extractos": [("M1", "A1", "2025-03-01", "7", None), ("M2", "A2", "2025-03-01", None, "8")],
    "movimientos": [("C1", "05/03/2025", "-7,50"), ("C1", "20250306", "9")],
    "acreditaciones": [
        ("M1", "03/03/2025", "C1", "C", "DEPOSITO", "9,50", None, None, None),
        ("M2", "04/03/2025", "C1", "D", "CONSUMO", "30", "K1", "3", "Librería Sur"),
        ("M3", "05/03/2025", "C1", "D", "VARIOS", "1", None, None, None),
        ("M4", "05/03/2025", "C1", "X", "PAGO VISA", "30", "K1", None, None),
    ],
    "plan": [
        ("L1", "1", "10/03/2025", "110", "95", "09/03/2025"),
        ("L1", "2", "10/04/2025", "110", "100", None),
        ("L9", "1", "10/04/2025", "5", None, None),
    ],
    "creditos": [("L1", "C1", "10/02/2025")],
}
"""Rows of the files that the recipes below read, from line 2 on."""
GIVES = {
    ") as linea\nfrom crudo.tickets\n": (
        "linea, _linea, venta_id, fecha, producto_id, round(precio_unitario, 2)::text",
        [(1, 2, "T1", "2025-03-03", "PAN", "15.25"), (2, 3, "T1", "2025-03-03", "TOR", "9.50")],
    ),
    "from crudo.tickets\norder": ("_linea, venta_id, total::text", [(2, "T1", "40.00")]),
    "'entregado' as estado": (
        "venta_id, estado, fecha, fecha_entrega, cliente_id, deposito",
        [("P1", "entregado", "2025-03-04", "2025-03-04", "C1", "N"), ("P9", "entregado", None, None, None, "N")],
    ),
    "compras.flete as cargo_envio": (
        "venta_id, estado, fecha_venta, fecha, momento, canal, cargo_envio",
        [
            ("P1", "creada", "2025-03-01", "2025-03-01", "2025-03-02T01:00:00Z", "web", "9.50"),
            ("P1", "entregada", "2025-03-01", "2025-03-04", "2025-03-04T12:00:00Z", "web", "9.50"),
            ("P2", "creada", None, None, None, None, None),
        ],
    ),
    "cross join lateral (\n    values ('preparacion'": (
        "venta_id, estado, fecha, cliente_id, fecha_despacho, fecha_entrega",
        [
            ("P1", "preparacion", "2025-03-01", "C1", None, None),
            ("P1", "despachado", "2025-03-03", "C1", "2025-03-03", None),
            ("P1", "entregado", "2025-03-04", "C1", "2025-03-03", "2025-03-04"),
            ("P9", "preparacion", None, None, None, None),
        ],
    ),
    "'1' as linea": ("_linea, venta_id, linea, producto_id, precio_unitario", [(3, "P2", "1", "sin_detalle", "20")]),
    "'sin_detalle' as categoria": ("_linea, producto_id, fecha", [(2, "sin_detalle", "2025-03-01")]),
    "from crudo.pagos": (
        "pago_id, fecha, cliente_id, venta_id, metodo_pago, cuotas, monto, estado",
        [
            ("P1-1", "2025-03-03", "C1", "P1", "otra_tarjeta", "3", "20", "aprobado"),
            ("P1-2", "2025-03-03", "C1", "P1", "efectivo", None, "10", "aprobado"),
            ("P1-3", "2025-03-03", "C1", "P1", "otra_tarjeta", "3", "5", "reembolsado"),
            ("P7-1", None, None, "P7", "trueque", None, "4", "rechazado"),
        ],
    ),
    "left join lineas": ("_linea, venta_id, total::text, cliente_id", [(2, "P1", "30.00", "C1")]),
    "numero(gramos": (
        "venta_id, linea, cantidad::numeric(15, 3)::text, precio_unitario",
        [("T1", 1, "1.335", "4.999,90"), ("T2", 1, "0.013", "4.999,90")],
    ),
    "select distinct on (articulo)": ("_linea, producto_id, fecha", [(3, "QUE", "2025-03-03")]),
    "from crudo.devueltos": (
        "devolucion_id, fecha, cliente_id, venta_id, producto_id, cantidad, monto",
        [
            ("D1", "2025-03-10", "C1", "P1", "PAN", "1", "5"),
            ("D2", "2025-03-11", None, "P7", None, None, "3"),
        ],
    ),
    "renglones.bonificacion": (
        "venta_id, linea, cliente_id, descuento::text",
        [("P1", 1, "C1", "3.75")],
    ),
    "from crudo.comprobantes": (
        "devolucion_id, cliente_id, venta_id, producto_id, cantidad, monto",
        [("x.csv:2", "C1", "P1", "PAN", "2", "2.50")],
    ),
    "from crudo.socios": (
        "cliente_id, fecha, fecha_alta, fecha_baja",
        [("7", "2020-01-05", "2020-01-05", "2025-02-10"), ("7", "2025-04-05", "2025-04-05", None)],
    ),
    "coalesce(debito, credito)": (
        "transaccion_id, fecha, tipo_transaccion, rubro, sentido, monto",
        [
            ("M1", "2025-03-03", "ingreso_sueldo", "aguinaldo", "credito", "9,50"),
            ("M2", "2025-03-04", "77", None, "debito", "8,00"),
        ],
    ),
    "from crudo.movimientos": (
        "transaccion_id, fecha, sentido, monto",
        [("x.csv:2", "2025-03-05", "debito", "7,50"), ("x.csv:3", "2025-03-06", "credito", "9")],
    ),
    "from crudo.acreditaciones": (
        "transaccion_id, fecha, tipo_transaccion, sentido, monto, tarjeta_id, cuotas, comercio",
        [
            ("M1", "2025-03-03", "deposito", "credito", "9,50", None, None, None),
            ("M2", "2025-03-04", "compra_tarjeta", "debito", "30", "K1", "3", "Librería Sur"),
            ("M3", "2025-03-05", None, "debito", "1", None, None, None),
            ("M4", "2025-03-05", "pago_tarjeta", "X", "30", "K1", None, None),
        ],
    ),
    "operacion = 'TOTALES'": ("_linea", [(4,), (5,)]),
    "from crudo.vinculos": (
        "cuenta_id, cliente_id, fecha, rol, participacion, desde, hasta",
        [
            ("A1", "C1", "2024-05-01", "titular", "60", "2024-05-01", None),
            ("A1", "C2", "2024-05-01", "cotitular", "40", "2024-05-01", None),
            ("A1", "C2", "2025-03-10", "cotitular", "40", "2024-05-01", "2025-03-10"),
            ("A2", "C1", "2024-05-01", "titular", "60", "2024-05-01", None),
            ("A2", "C1", "2024-08-01", "titular", "100", "2024-08-01", None),
        ],
    ),
    "when 'U$S'": (
        "transaccion_id, fecha, monto, moneda",
        [("M1", "2025-03-03", "9,50", "USD"), ("M3", "2025-03-04", "8", "EUR")],
    ),
    "from crudo.cambios": (
        "moneda, fecha, cotizacion",
        [("USD", "2025-03-03", "41,25"), ("EUR", "ayer", "43")],
    ),
    "'40' as cotizacion": ("_linea, moneda, fecha, cotizacion", [(2, "USD", "1990-01-01", "40")]),
    "from crudo.posiciones": (
        "_linea, cuenta_id, fecha, saldo",
        [(3, "A1", "2025-03-01", "-2.50"), (4, "A1", "2025-03-02", "3.00")],
    ),
    "from crudo.cierres": (
        "cuenta_id, fecha, saldo",
        [("A1", "2026-05-31", "-1.234,56"), ("A2", "2026-05-31", "7,50"), ("A3", "ayer", None)],
    ),
    "from crudo.lotes": (
        "transaccion_id, monto::numeric(15, 2)::text",
        [("M1", "16962.04"), ("M2", "NaN")],
    ),
    "from crudo.apuntes": (
        "transaccion_id, fecha, cuenta_id, monto, sentido",
        [
            ("x.csv:2", "2025-03-01", "A1", "7.50", "debito"),
            ("x.csv:3", "2025-03-02", "A1", "8", "credito"),
        ],
    ),
    "from crudo.plan": (
        "cuota_id, fecha, cliente_id, vencimiento, monto, pagado_el",
        [
            ("L1-1", "2025-02-10", "C1", "2025-03-10", "110", None),
            ("L1-1", "2025-03-09", "C1", "2025-03-10", "110", "2025-03-09"),
            ("L1-2", "2025-02-10", "C1", "2025-04-10", "110", None),
            ("L9-1", None, None, "2025-04-10", "5", None),
        ],
    ),
    "from crudo.resumenes": (
        "transaccion_id, fecha, cliente_id, tarjeta_id, tipo_transaccion, sentido, monto",
        [
            ("interes:R1", "2025-03-25", "C1", "T1", "interes", "debito", "1.204,50"),
            ("comision:R1", "2025-03-25", "C1", "T1", "comision", "debito", "900"),
            # no number, to be rejected
            ("impuesto:R2", "2025-04-25", "C1", "T1", "impuesto", "debito", "s/d"),
        ],
    ),
    "from crudo.extractos": ("transaccion_id, cliente_id, monto", [("M1", "C1", "7"), ("M2", None, "8")]),
}


@pytest.mark.parametrize("words", GIVES)
def test_recipes_give_what_they_promise(words: str, warehouse: Engine) -> None:
    (recipe,) = (block.text for block in blocks(section("Recipes")) if words in block.text)
    selected, expected = GIVES[words]
    with psycopg.connect(
        warehouse.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        create_raw_tables(connection)
        for name, rows in GIVEN.items():
            for line, row in enumerate(rows, start=2):
                values = ["x.csv", line, None, *row]
                connection.execute(f"insert into {name} values ({', '.join(['%s'] * len(values))})", values)
        found = connection.execute(f"select {selected} from ({recipe}) as given").fetchall()
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_feed_can_begin_as_a_copy_of_another(tmp_path: Path) -> None:
    shutil.copytree(feed_spec.FEEDS, tmp_path / "include" / "sql" / "feeds")
    (copy,) = (block.text for block in blocks(section("Begin from another feed")))
    subprocess.run(["bash", "-euc", copy], cwd=tmp_path, check=True)
    assert feed_spec.read_feed("mi_tienda", tmp_path / "include" / "sql" / "feeds" / "mi_tienda").mapping
