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
from sqlalchemy import Engine

from client360 import folders
from client360.ingest import feed_spec
from client360.ingest.feed_spec import ENTITIES, PROVINCES
from client360.ingest.raw_file import Dialect, RawFile
from client360.warehouse.models import LANDING, MOTIVOS, columns
from client360.warehouse.models.dw import DimProvincia

GUIDE = (folders.ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
RAW_COLUMNS = {
    "personas": ("cliente_id", "edad"),
    "usuarios": ("registro",),
    "movimientos": ("cliente", "dia", "importe"),
    "pagos": ("orden", "metodo", "importe"),
    "renglones": ("orden", "cantidad", "precio"),
    "ordenes": ("orden", "cliente", "dia"),
    "tickets": ("orden", "cliente", "dia", "importe", "producto", "cantidad"),
    "envios": ("orden", "deposito", "despacho", "prometida", "entrega", "costo"),
    "titulares": ("cuenta", "cliente", "rol"),
    "extractos": ("operacion", "cuenta", "dia", "importe", "monto"),
    "pedidos": ("orden", "cliente", "dia", "dia_de_devolucion", "importe"),
    "sueldos": ("cliente", "enero", "febrero"),
    "clientes": ("cliente_id", "alta", "nacimiento", "provincia"),
    "cobros": ("pago", "cliente", "dia", "moneda", "importe", "estado"),
    "socios": ("socio", "ingreso", "egreso"),
    "libro": ("operacion", "dia", "socio", "codigo", "debito", "credito", "estado"),
    "eventos": ("evento", "cliente", "momento", "importe"),
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
        required = [column.name for column in model.table().columns if not column.nullable]
        assert said[entity][1].split(", ") == required, entity


def create_raw_tables(connection: psycopg.Connection) -> None:
    connection.execute("create schema if not exists crudo")
    connection.execute((feed_spec.FEEDS / "functions.sql").read_text(encoding="utf-8"))
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
        and {column.name for column in model.table().columns if not column.nullable} <= names
    ]
    assert len(entities) == 1 or names == {"_archivo", "_linea"}  # the rows to leave out
    assert set(RAW_COLUMNS) & set(re.findall(r"crudo\.(\w+)", recipe))


GIVEN: dict[str, list[tuple[str | None, ...]]] = {
    "pedidos": [("P1", "C1", "2025-03-01", None, "30"), ("P2", None, "2025-03-02", None, "20")],
    "clientes": [("C1", "2025-01-01", None, None)],
    "tickets": [("T1", "C1", "03/03/2025", "30,50", "PAN", "2"), ("T1", "C1", "03/03/2025", "9,50", "TOR", "1")],
    "envios": [("P1", "N", "2025-03-03", "2025-03-05", "2025-03-04", "5"), ("P9", "N", None, "2025-03-05", None, "5")],
    "titulares": [("A1", "C2", "AUTORIZADO"), ("A1", "C1", "TITULAR")],
    "renglones": [("P1", "2", "15")],
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
    "extractos": [("M1", "A1", "2025-03-01", "7", None), ("M2", "A2", "2025-03-01", None, "8")],
}
"""Rows of the files that the recipes below read, from line 2 on."""
GIVES = {
    ") as linea\nfrom crudo.tickets\n": (
        "linea, _linea, venta_id, fecha, producto_id, round(precio_unitario, 2)::text",
        [(1, 2, "T1", "2025-03-03", "PAN", "15.25"), (2, 3, "T1", "2025-03-03", "TOR", "9.50")],
    ),
    "from crudo.tickets\norder": ("_linea, venta_id, total::text", [(2, "T1", "40.00")]),
    "from crudo.envios": (
        "venta_id, estado, fecha, cliente_id, fecha_despacho, fecha_entrega",
        [
            ("P1", "preparacion", "2025-03-01", "C1", None, None),
            ("P1", "despachado", "2025-03-03", "C1", "2025-03-03", None),
            ("P1", "entregado", "2025-03-04", "C1", "2025-03-03", "2025-03-04"),
            ("P9", "preparacion", None, None, None, None),
        ],
    ),
    "not exists": ("_linea, venta_id, linea, producto_id, precio_unitario", [(3, "P2", "1", "sin_detalle", "20")]),
    "'sin_detalle' as categoria": ("_linea, producto_id, fecha", [(2, "sin_detalle", "2025-03-01")]),
    "'mostrador'": ("cliente_id, _linea, fecha", [("C1", 2, "2025-01-01"), ("mostrador", 3, "2025-01-01")]),
    "from crudo.socios": (
        "cliente_id, fecha, fecha_alta, fecha_baja",
        [("7", "2020-01-05", "2020-01-05", "2025-02-10"), ("7", "2025-04-05", "2025-04-05", None)],
    ),
    "coalesce(debito, credito)": (
        "transaccion_id, fecha, tipo_transaccion, rubro, monto",
        [("M1", "2025-03-03", "ingreso_sueldo", "aguinaldo", "9,50"), ("M2", "2025-03-04", "77", None, "8,00")],
    ),
    "operacion = 'TOTALES'": ("_linea", [(4,), (5,)]),
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
        assert connection.execute(f"select {selected} from ({recipe}) as given").fetchall() == expected


def test_a_feed_can_begin_as_a_copy_of_another(tmp_path: Path) -> None:
    shutil.copytree(feed_spec.FEEDS, tmp_path / "include" / "sql" / "feeds")
    (copy,) = (block.text for block in blocks(section("Begin from another feed")))
    subprocess.run(["bash", "-euc", copy], cwd=tmp_path, check=True)
    assert feed_spec.read_feed("mi_tienda", tmp_path / "include" / "sql" / "feeds" / "mi_tienda").mapping
