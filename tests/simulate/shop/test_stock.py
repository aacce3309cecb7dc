"""Stock movements agree with the orders."""

import pandas as pd
import pyarrow as pa
from shop_rows import INICIO, frame

from client360.simulate.facts import world_facts
from client360.warehouse.models import base


def test_stock_is_never_negative_at_the_end_of_any_day(year: dict[str, pa.Table]) -> None:
    moved = frame(year["movimientos_stock"])
    daily = moved.groupby(["producto_id", "deposito", "fecha"]).cantidad.sum()
    stock = daily.groupby(level=[0, 1]).cumsum()
    assert stock.min() >= 0
    assert set(moved.tipo) == set(base.TIPOS_STOCK)
    assert (moved.cantidad[moved.tipo == "venta"] < 0).all()
    assert (moved.cantidad[moved.tipo.isin(["recepcion", "devolucion"])] > 0).all()
    assert (moved.cantidad[moved.tipo == "ajuste"] < 0).all()


def test_each_line_moves_stock_at_the_depot_that_ships_it(
    year: dict[str, pa.Table], orders: pd.DataFrame, lines: pd.DataFrame
) -> None:
    moved = frame(year["movimientos_stock"])
    depot = frame(year["envios"]).drop_duplicates("venta_id").set_index("venta_id").deposito
    undone = orders.cancelled.fillna(orders.returned).dropna()
    back = lines[lines.venta_id.isin(undone.index)].assign(dia=lambda rows: rows.venta_id.map(undone))
    part = frame(year["devoluciones"]).dropna(subset="cantidad").assign(dia=lambda rows: rows.fecha)
    back = pd.concat([back, part.astype({"cantidad": "int64"})])
    for kind, sign, which, days in (
        ("venta", -1, lines, lines.fecha),
        ("devolucion", 1, back, back.dia),
    ):
        expected = pd.DataFrame(
            {
                "fecha": days,
                "producto_id": which.producto_id,
                "deposito": which.venta_id.map(depot),
                "cantidad": sign * which.cantidad,
            }
        )
        columns = list(expected)
        found = moved[moved.tipo == kind][columns].sort_values(columns).reset_index(drop=True)
        assert found.equals(expected.sort_values(columns).reset_index(drop=True)), kind


def test_a_week_receives_on_its_monday_what_it_will_sell(year: dict[str, pa.Table]) -> None:
    moved = frame(year["movimientos_stock"])
    received = moved[moved.movimiento_id.str.startswith("MR")]
    start = frame(year["productos"]).groupby("producto_id").fecha.min()
    begins = (received.fecha == pd.Timestamp(INICIO)) | (received.fecha == received.producto_id.map(start))
    assert (begins | (received.fecha.dt.day_of_week == 0)).all()
    weekly = {}
    for name, found in (("in", received), ("out", moved[moved.tipo == "venta"])):
        whole = found[found.fecha < "2025-12-29"]  # the last week ends in the next year
        week = whole.fecha - pd.to_timedelta(whole.fecha.dt.day_of_week, unit="D")
        weekly[name] = whole.groupby([week, whole.producto_id, whole.deposito]).cantidad.sum()
    assert (weekly["in"] + weekly["out"] == 0).all()
    assert weekly["in"].index.equals(weekly["out"].index)


def test_what_came_back_is_written_off_on_the_first_of_the_next_month(year: dict[str, pa.Table]) -> None:
    moved = frame(year["movimientos_stock"])
    written, back = moved[moved.tipo == "ajuste"], moved[moved.tipo == "devolucion"]
    assert (written.fecha.dt.day == 1).all()
    keys = ["mes", "producto_id", "deposito"]
    gone = written.assign(mes=written.fecha.dt.month - 1).groupby(keys).cantidad.sum()
    came = back[back.fecha.dt.month < 12].assign(mes=lambda rows: rows.fecha.dt.month).groupby(keys).cantidad.sum()
    assert (gone + came == 0).all()
    assert gone.index.equals(came.index)


def test_a_product_begins_with_some_weeks_of_expected_demand(year: dict[str, pa.Table]) -> None:
    moved = frame(year["movimientos_stock"])
    initial = moved[moved.movimiento_id.str.startswith("MI")]
    start = frame(year["productos"]).groupby("producto_id").fecha.min()
    assert (initial.fecha == initial.producto_id.map(start)).all()
    assert (initial.fecha == pd.Timestamp(INICIO)).any()
    weekly = -moved[moved.tipo == "venta"].cantidad.sum() / 52
    assert initial.cantidad.sum() / weekly > world_facts().shop.stock.safety_weeks * 0.7
