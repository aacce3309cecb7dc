"""Feeds drafted from files that are no plain CSV, and from tables with other lines around them."""

import gzip
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from sqlalchemy import Engine, text

from client360.ingest import contract, feed_spec
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.raw_load import load_raw_files
from client360.warehouse.ownership import claim_warehouse
from tools.feed_draft import draft_feed
from tools.feed_draft.file_kinds import group_files

CUSTOMERS = "Nro;Nombre;Apellido;Provincia;Alta\n" + "".join(
    f"{i};Ana;Paz;Salta;{i % 28 + 1:02}/01/2025\n" for i in range(1, 31)
)
MOVEMENTS = [
    ("Id", "Fecha", "Cliente", "Tipo", "Importe"),
    *((f"M{i}", date(2025, 3, i % 28 + 1), i, "compra", i + 0.5) for i in range(1, 31)),
]


def book(**sheets: list[tuple]) -> bytes:
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as made:
        days = made.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, value, days)
                    else:
                        sheet.write(at, column, value)
    return written.getvalue()


def archive(**members: str) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, content in members.items():
            made.writestr(f"{name}.csv", content)
    return written.getvalue()


def parquet(rows: list[tuple]) -> bytes:
    written = BytesIO()
    columns = zip(*rows[1:], strict=True)
    pq.write_table(pa.table(dict(zip(rows[0], map(list, columns), strict=True))), written)
    return written.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    def write(contents: dict[str, bytes]) -> Path:
        for name, content in contents.items():
            path = tmp_path / "entrada" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return tmp_path / "entrada"

    return write


ROWS = CUSTOMERS.splitlines()
CELLS = [tuple(line.split(";")) for line in ROWS]
SHAPES = {
    "compressed": (
        {"clientes.csv.gz": gzip.compress(CUSTOMERS.encode()), "movimientos_20250331.parquet": parquet(MOVEMENTS)},
        {"clientes": ("clientes.csv.gz", None), "movimientos": ("movimientos_{%Y%m%d}.parquet", None)},
    ),
    "an archive": (
        {"envio_20250228.zip": archive(clientes=CUSTOMERS), "movimientos_20250331.xlsx": book(Hoja1=MOVEMENTS)},
        {"clientes": ("envio_{%Y%m%d}.zip/clientes.csv", None), "movimientos": ("movimientos_{%Y%m%d}.xlsx", None)},
    ),
    "archives of dated files": (
        {
            "a.zip": archive(clientes_20250301=CUSTOMERS),
            "sub/b.zip": archive(clientes_20250302=CUSTOMERS),
            "movimientos.parquet.gz": gzip.compress(parquet(MOVEMENTS)),
        },
        {"clientes": ("*.zip/clientes_{%Y%m%d}.csv", None), "movimientos": ("movimientos.parquet.gz", None)},
    ),
    "a workbook of two sheets": (
        {"libro.xlsx": book(Clientes=CELLS, Movimientos=MOVEMENTS, Vacia=[])},
        {"clientes": ("libro.xlsx", "Clientes"), "movimientos": ("libro.xlsx", "Movimientos")},
    ),
    "a workbook whose first sheet is empty": (
        {"libro.xlsx": book(Portada=[], Clientes=CELLS), "movimientos.xlsx": book(Hoja1=MOVEMENTS, Hoja2=[])},
        {"clientes": ("libro.xlsx", "Clientes"), "movimientos": ("movimientos.xlsx", None)},
    ),
    "sheets with titles and blank rows": (
        {
            "clientes.xlsx": book(Hoja1=[("Clientes al 31/03/2025",), (), *CELLS, (), ()]),
            "movimientos.xlsx": book(Hoja1=[(), ("", *MOVEMENTS[0]), *(("", *row) for row in MOVEMENTS[1:])]),
        },
        {"clientes": ("clientes.xlsx", None), "movimientos": ("movimientos.xlsx", None)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_a_draft_of_any_format_runs(
    name: str, files: Callable[[dict[str, bytes]], Path], tmp_path: Path, warehouse: Engine
) -> None:
    contents, expected = SHAPES[name]
    entrada, feeds = files(contents), tmp_path / "feeds"
    feeds.mkdir()
    report = draft_feed("ajeno", str(entrada), feeds)
    assert not [line for line in report if "left out" in line]
    feed = feed_spec.read_feed("ajeno", feeds / "ajeno")
    assert {name: (file.name, file.sheet) for name, file in feed.files.items()} == expected
    assert list(feed.mapping) == ["clientes", "transacciones"]
    with warehouse.begin() as connection:
        claim_warehouse(connection, feed.owner, replace=False)
    changed = changed_deliveries(warehouse, feed, entrada)
    load_raw_files(warehouse, feed, entrada, changed, "corrida")
    contract.apply_contract(warehouse, feed, "corrida", 0)
    with warehouse.connect() as connection:
        assert connection.execute(text("select archivo, linea, motivo from control.rechazos")).all() == []
        customers = connection.execute(text("select count(distinct cliente_id) from staging.clientes")).scalar()
        # 1.5 + 2.5 + ... + 30.5
        spent = connection.execute(text("select count(*), sum(monto)::text from staging.transacciones")).one()
    assert customers == 30
    assert tuple(spent) == (30, "480.00")


REPORT = (
    "# listado de clientes\nClientes al 31/03/2025\n"
    + ROWS[0]
    + "\n-----;-----;-----;-----;-----\n"
    + "\n".join(ROWS[1:])
    + "\n# fin de la pagina\n;;;;\n31 registros exportados\n"
)


def test_lines_around_a_table_are_said_in_feed_yaml(
    files: Callable[[dict[str, bytes]], Path], tmp_path: Path, warehouse: Engine
) -> None:
    entrada = files({"clientes_1.csv": REPORT.encode(), "clientes_2.csv": REPORT.replace("Ana", "Eva").encode()})
    report = "\n".join(draft_feed("ajeno", str(entrada), tmp_path))
    feed = feed_spec.read_feed("ajeno", tmp_path / "ajeno")
    (kind,) = feed.files.values()
    assert (kind.skip, kind.skip_below, kind.footer, kind.comment, kind.blank) == (2, 1, 1, "#", "skip")
    assert "feed.yaml has footer: 1, for lines at the end" in report
    assert feed.left_out is None
    with warehouse.begin() as connection:
        claim_warehouse(connection, feed.owner, replace=False)
    load_raw_files(warehouse, feed, entrada, changed_deliveries(warehouse, feed, entrada), "corrida")
    contract.apply_contract(warehouse, feed, "corrida", 100)
    with warehouse.connect() as connection:
        read = connection.execute(text("select lineas, leidas from control.entregas")).all()
        (first, last) = connection.execute(
            text(f"select min(_linea), max(_linea) from crudo.{next(iter(feed.files))}")
        ).one()
    assert [tuple(row) for row in read] == [(30, 30)] * 2
    assert (first, last) == (5, 34)


@pytest.mark.parametrize(
    "content",
    [
        CUSTOMERS.replace("Nro", "#Nro"),
        CUSTOMERS + "#1;Eva;Sol;Salta;05/01/2025\n",
        CUSTOMERS + "31;Eva",
        "Nro;Nombre\n1;Ana\n2;Eva\nFin\n",
        CUSTOMERS.replace("\n2;Ana;Paz;Salta;03/01/2025", "\nsin datos") + "fin\n",
    ],
)
def test_rows_are_no_comments_and_no_footer(content: str, files: Callable[[dict[str, bytes]], Path]) -> None:
    ((kind,), left_out) = group_files(files({"clientes.csv": content.encode()}))
    assert (kind.table.comment, kind.table.footer, left_out) == (None, 0, [])


def test_what_can_not_be_read_is_left_out_with_the_reason(files: Callable[[dict[str, bytes]], Path]) -> None:
    found, left_out = group_files(
        files(
            {
                "clientes.csv": CUSTOMERS.encode(),
                "a.csv.gz": CUSTOMERS.encode(),
                "b.zip": b"PK\x03\x04",
                "c.xlsx": CUSTOMERS.encode(),
                "d.xlsx": book(Hoja1=[]),
                "e.parquet": b"PAR1",
                "f.rar": b"Rar!",
            }
        )
    )
    assert [kind.name for kind in found] == ["clientes"]
    assert sorted(left_out) == [
        "a.csv.gz is left out: it can not be unpacked, since it is broken, or packed in another way: deliver it again, as a "
        "whole .zip or .gz",
        "b.zip is left out: an archive that can not be opened: deliver it again",
        "c.xlsx is left out: it is no workbook that can be read: it was cut off, has a password, or is "
        "something else; save it anew, or as CSV",
        "d.xlsx is left out: it is empty",
        "e.parquet is left out: it is no Parquet file without a password, or was cut off: deliver it again",
        "f.rar is left out: compressed in a way that is not read: pack it as .gz or .zip, or unpack it",
    ]
