"""Orders around midnight, with times in UTC, through the whole DAG: each counts on its day in Buenos Aires."""

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, text

FECHA = date(2025, 4, 30)
ORDERS = """pedido,cliente,creado,importe
P1,1,2025-04-01T02:30:00Z,100
P2,1,2025-04-01T03:00:00Z,200
P3,2,2025-03-01T02:59:59Z,400
P4,2,2025-03-31T12:00:00-03:00,800
P5,2,2025-03-31 23:59,1600
P6,2,2025-03-31,3200
"""
"""P1 is of the 31st of March at 23:30, P2 of the 1st of April at 00:00, P3 of the 28th of February; P5 is a time in the feed's
time zone; P6 has no time of day that is known, so its moment is none."""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_orders_around_midnight_count_on_their_day(
    own_feed: Path, run: Callable[..., str], data: Path, warehouse: Engine
) -> None:
    shutil.copytree(Path(__file__).parent / "feeds" / "trasnoche", own_feed, dirs_exist_ok=True)
    folder = data / "mine"
    folder.mkdir()
    (folder / "clientes.csv").write_text("cliente\n1\n2\n")
    (folder / "articulos.csv").write_text("articulo,precio\nA1,100\n")
    (folder / "pedidos.csv").write_text(ORDERS)
    assert run(FECHA, fuente="simulador", entrada="mine", umbral=50) == "success"
    with warehouse.connect() as connection:
        rejected = connection.execute(
            text("select linea, entidad, columna, motivo from control.rechazos order by 1, 2")
        )
        assert [tuple(row) for row in rejected] == [
            (7, "detalle_ventas", "venta_id", "padre_rechazado"),
            (7, "ventas", "momento", "tipo_invalido"),
        ]
        told = "select venta_id, fecha::text, momento at time zone 'UTC' from dw.historia_ventas order by 1"
        assert [(order, day, f"{moment:%m-%d %H:%M:%S}") for order, day, moment in connection.execute(text(told))] == [
            ("P1", "2025-03-31", "04-01 02:30:00"),
            ("P2", "2025-04-01", "04-01 03:00:00"),
            ("P3", "2025-02-28", "03-01 02:59:59"),
            ("P4", "2025-03-31", "03-31 15:00:00"),
            ("P5", "2025-03-31", "04-01 02:59:00"),
        ]
        zones = connection.execute(text("select mundo, zona from control.fuentes")).all()
        assert [tuple(zone) for zone in zones] == [("feed simulador", "America/Argentina/Buenos_Aires")]
    # March: 100 + 800 + 1600; in UTC, P1 and P5 would be of April, and P3 of March
    assert [(row["mes"], row["ingresos"]) for row in rows(data / "processed" / "rentabilidad_mensual.csv")] == [
        ("2025-02-01", "400.00"),
        ("2025-03-01", "2500.00"),
        ("2025-04-01", "200.00"),
    ]
    assert [
        (row["cliente_id"], row["primera_compra"], row["ultima_compra"], row["compras_12m"], row["monto_compras_12m"])
        for row in rows(data / "processed" / "cliente_360.csv")
    ] == [("1", "2025-03-31", "2025-04-01", "2", "300.00"), ("2", "2025-02-28", "2025-03-31", "3", "2800.00")]
