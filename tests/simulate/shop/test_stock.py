"""Stock movements agree with the orders."""

import numpy as np
import pandas as pd
import pyarrow as pa
from shop_rows import INICIO, WORLD, frame

from client360.simulate.arrays import Days
from client360.simulate.facts import world_facts
from client360.simulate.people import Population
from client360.simulate.shop.depots import depots
from client360.simulate.shop.plan import Lost
from client360.simulate.shop.shelves import first_day_without, monday
from client360.simulate.simulation import Block
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


def test_a_monday_fills_the_shelves_again_with_what_the_week_before_sold(year: dict[str, pa.Table]) -> None:
    moved = frame(year["movimientos_stock"])
    received = moved[moved.movimiento_id.str.startswith("MR")]
    start = frame(year["productos"]).groupby("producto_id").fecha.min()
    begins = (received.fecha == pd.Timestamp(INICIO)) | (received.fecha == received.producto_id.map(start))
    assert (begins | (received.fecha.dt.day_of_week == 0)).all()
    weekly = {}
    for name, found in (("in", received), ("out", moved[moved.tipo == "venta"])):
        week = found.fecha - pd.to_timedelta(found.fecha.dt.day_of_week, unit="D")
        weekly[name] = found.groupby([week, found.producto_id, found.deposito]).cantidad.sum()
    incoming, outgoing = (weekly[name].unstack(level=0).fillna(0) for name in ("in", "out"))
    incoming, outgoing = incoming.align(outgoing, fill_value=0)
    before = -outgoing.shift(1, axis=1).fillna(0)
    same = (incoming == -outgoing).to_numpy()[incoming.to_numpy() > 0].mean()
    last = (incoming == before).to_numpy()[incoming.to_numpy() > 0].mean()
    assert same < 0.5 < last


def test_shelves_are_empty_at_times_and_sell_nothing_then(year: dict[str, pa.Table]) -> None:
    moved = frame(year["movimientos_stock"])
    sold = moved[moved.tipo == "venta"]
    day = sold.fecha.to_numpy().astype("datetime64[D]").astype(int)
    slot = sold.producto_id.str[1:].astype(int).to_numpy() - 1
    depot = sold.deposito.map({name: code for code, name in enumerate(depots().names)}).to_numpy()
    mondays = range(monday(int(day.min())), int(day.max()) + 1, 7)
    without = {week: first_day_without(WORLD, week) for week in mondays}
    ends = np.array([without[monday(d)][s, p] for d, s, p in zip(day, slot, depot, strict=True)])
    assert (day < ends).all()
    counted = moved[moved.movimiento_id.str.startswith("MC")]
    assert len(counted) > 100
    # where the shelves are empty before Monday, the week has no more than it sold
    empty = np.mean([(first < week + 7).mean() for week, first in without.items()])
    assert 0.005 < empty < 0.15
    lost = [Block(Population(WORLD, block)).plan(2025 * 12 + 10).lost for block in WORLD.blocks]
    assert sum(len(each.units) for each in lost) > 10
    assert all((each.day >= first_days(each, without)).all() for each in lost)


def first_days(lost: Lost, without: dict[int, Days]) -> Days:
    """First day without stock of the week of each line that is lost; shape (lines,)."""
    rows = zip(lost.day, lost.product, lost.depot, strict=True)
    return np.array([without[monday(int(day))][product, depot] for day, product, depot in rows])


def test_what_came_back_is_written_off_on_the_first_of_the_next_month(year: dict[str, pa.Table]) -> None:
    moved = frame(year["movimientos_stock"])
    written, back = moved[moved.movimiento_id.str.startswith("MA")], moved[moved.tipo == "devolucion"]
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
