"""The export of a shop's database, from its files to what is published, by the draft as it is and the whole DAG."""

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from shop_export import store
from sqlalchemy import Engine, text

from client360.ingest import feed_spec
from tools.feed_draft import draft_feed

PEOPLE = {
    "cliente_id": ("1", "2"),
    "nombre": ("Ana Paz", "Luis Rey"),
    "provincia": ("Córdoba", "Santa Fe"),
    "compras_12m": ("5", "4"),  # order 4, of Luis, is cancelled
    # order 1 by its line, the others by their totals: 4500.50 + 3000.50 + 5000.50 + 7000.50 + 9000.50, and
    # 2000.50 + 6000.50 + 8000.50 + 10000.50
    "monto_compras_12m": ("28502.50", "26002.00"),
    "ticket_promedio": ("5700.50", "6500.50"),
    "primera_compra": ("2024-02-01", "2024-02-02"),
    "ultima_compra": ("2024-02-09", "2024-02-10"),
    "dias_sin_comprar": ("51", "50"),
    "tipo_comprador": ("nuevo", "nuevo"),
    "categoria_favorita": ("sin_detalle", "sin_detalle"),
    "gasto_mensual_promedio": ("", ""),
}
"""Of `cliente_360` as of 2024-03-31, worked out by hand."""
ANSWERS = {
    "productos_mas_vendidos": [
        ("categoria", "mes", "producto_id", "unidades", "ingresos", "margen"),
        ("Electrónica", "2024-02-01", "1", "1", "4500.50", ""),
        ("sin_detalle", "2024-02-01", "sin_detalle", "8", "50004.00", ""),
    ],
    "rentabilidad_mensual": [
        ("categoria", "mes", "ingresos", "costo", "ingresos_sin_costo"),
        ("Electrónica", "2024-02-01", "4500.50", "", "4500.50"),
        ("sin_detalle", "2024-02-01", "50004.00", "", "50004.00"),
    ],
    "clientes_nuevos_recurrentes": [
        ("mes", "compradores", "nuevos", "recurrentes", "ingresos_nuevos"),
        ("2024-02-01", "2", "2", "0", "54504.50"),
    ],
    "distribucion_geografica": [
        ("provincia", "clientes", "ingresos_por_cliente"),
        ("Córdoba", "1", "28502.50"),
        ("Santa Fe", "1", "26002.00"),
    ],
}
"""Columns of each answer, and its rows about what was sold."""
METHODS = ("otra_tarjeta", "efectivo", "transferencia", "billetera_virtual")


@pytest.fixture
def feeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The feeds, of which `simulador` is to be drafted: Airflow keeps the names that are in the DAG's form."""
    folder = tmp_path / "feeds"
    shutil.copytree(feed_spec.FEEDS, folder)
    shutil.rmtree(folder / "simulador")
    monkeypatch.setattr(feed_spec, "FEEDS", folder)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("form", [{"delimiter": ",", "with_ids": False}, {"delimiter": ";", "with_ids": True}])
def test_a_shops_export_is_published_as_it_is_drafted(
    form: dict, run: Callable[..., str], feeds: Path, data: Path, warehouse: Engine
) -> None:
    folder = data / "exportado"
    folder.mkdir()
    for name, content in store(**form).items():
        folder.joinpath(name).write_text(str(content), encoding="utf-8")
    report = draft_feed("simulador", str(folder), feeds)
    assert (
        "    most of its orders have no line: detalle_ventas.sql and productos.sql count those by their total" in report
    )
    assert "required columns: 0, " in "\n".join(report)
    assert run(date(2024, 3, 31), entrada="exportado") == "success"
    with warehouse.connect() as connection:
        assert connection.execute(text("select count(*) from control.rechazos")).scalar() == 0
        wrong = connection.execute(text("select verificacion from control.verificaciones where not correcta"))
        # and after the first orders none has a line
        assert set(wrong.scalars()) == {"respuestas_con_datos", "frescura_habitual"}
        orders = connection.execute(
            text("select venta_id, cliente_id, fecha, metodo_pago, provincia_envio from dw.historia_ventas")
        )
        assert sorted((int(order), *map(str, rest)) for order, *rest in orders) == [
            (i + 1, str(1 + i % 2), f"2024-02-{i + 1:02}", METHODS[i % 4], ("Cordoba", "Santa Fe")[i % 2])
            for i in range(10)
        ]
    processed = data / "processed"
    people = rows(processed / "cliente_360.csv")
    assert {name: tuple(row[name] for row in people) for name in PEOPLE} == PEOPLE
    for relation, expected in ANSWERS.items():
        answer = rows(processed / f"{relation}.csv")
        assert [row for row in (tuple(row[name] for name in expected[0]) for row in answer) if row in expected] == (
            expected[1:]
        )
