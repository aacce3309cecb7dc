"""Shipments, and the later states of an order."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from shop_rows import INICIO, JUNE, WORLD, buyer, frame, month, rows

from client360.simulate import World, calendar
from client360.simulate.facts import world_facts
from client360.simulate.facts.people import Position
from client360.simulate.shop.depots import depots, great_circle_km
from client360.simulate.shop.orders import MAX_DAYS
from client360.simulate.simulation import simulate


def test_an_order_has_one_shipment_which_follows_its_states(year: dict[str, pa.Table], orders: pd.DataFrame) -> None:
    shipments = frame(year["envios"])
    prepared = shipments[shipments.estado == "preparacion"].set_index("venta_id")
    assert prepared.index.is_unique
    assert set(prepared.index) == set(orders.index)
    assert prepared.fecha.equals(orders.fecha.loc[prepared.index])
    assert (orders.despachado.dropna() > orders.fecha[orders.despachado.notna()]).all()
    delivered = orders[orders.entregado.notna()]
    assert (delivered.entregado > delivered.despachado).all()
    cancelled = orders[orders.cancelled.notna()]
    assert len(cancelled) > 0
    assert cancelled.despachado.isna().all()
    assert (cancelled.cancelled > cancelled.fecha).all()
    stopped = shipments[shipments.estado == "cancelado"].set_index("venta_id").fecha
    assert stopped.sort_index().equals(cancelled.cancelled.sort_index().rename("fecha"))
    returned = orders[orders.returned.notna()]
    assert len(returned) > 0
    assert (returned.returned > returned.entregado).all()
    assert returned.cancelled.isna().all()


def test_a_state_knows_only_the_dates_reached_by_its_day(year: dict[str, pa.Table]) -> None:
    shipments = frame(year["envios"])
    for column, states in (("fecha_despacho", ["despachado", "entregado"]), ("fecha_entrega", ["entregado"])):
        assert shipments[column].notna().equals(shipments.estado.isin(states))
        known = shipments[shipments[column].notna()]
        assert (known[column] <= known.fecha).all()
    for state, column in (("despachado", "fecha_despacho"), ("entregado", "fecha_entrega")):
        reached = shipments[shipments.estado == state]
        assert (reached[column] == reached.fecha).all()


def test_later_states_fall_on_their_own_days_across_month_ends(orders: pd.DataFrame) -> None:
    for state in ("despachado", "entregado", "returned"):
        later = orders[orders[state].notna()]
        assert (later[state].dt.month != later.fecha.dt.month).any(), state
    # by the end of the year, all that was ordered until October has ended
    old = orders[orders.fecha < "2025-11-01"]
    assert (old.entregado.notna() | old.cancelled.notna()).all()


def test_a_state_may_fall_two_months_after_the_order(world_yaml: dict, use_facts: Callable[[dict], None]) -> None:
    world_yaml["shop"]["orders"].update(partly_returned=2.0, return_days=[27, 27])
    for category in world_yaml["shop"]["catalog"]["categories"].values():
        category["returned"] = 0.3
    world_yaml["shop"]["shipping"]["delay_most_days"] = 14
    use_facts(world_yaml)
    march = rows(WORLD, month(3))
    known = frame(march["ventas"])
    assert {1, 2} <= set(known[known.estado == "devuelta"].fecha_venta.dt.month)
    # the digits of venta_id: customer, year, month and number
    assert {"01", "02"} <= set(frame(march["devoluciones"]).venta_id.str[12:14])
    walked = frame(rows(WORLD, month(1), month(2), month(3))["movimientos_stock"])
    alone = frame(rows(WORLD, month(3))["movimientos_stock"])
    walked = walked[walked.fecha >= "2025-03-01"].set_index("movimiento_id").sort_index()
    assert walked.equals(alone.set_index("movimiento_id").sort_index())
    assert (alone.tipo == "ajuste").any()


def test_nothing_is_dispatched_promised_or_delivered_on_a_public_holiday(year: dict[str, pa.Table]) -> None:
    shipments = frame(year["envios"])
    for column in ("fecha_despacho", "fecha_prometida", "fecha_entrega"):
        days = shipments[column].dropna().dt.strftime("%m-%d")
        assert not days.isin(["05-01", "05-25", "07-09", "12-08", "12-25"]).any(), column
        assert days.isin(["12-24", "12-26"]).any(), column


def test_shipments_leave_from_the_nearest_depot(year: dict[str, pa.Table], orders: pd.DataFrame) -> None:
    provinces = world_facts().provinces
    shipments = frame(year["envios"])
    used = orders.join(shipments[shipments.estado == "preparacion"].set_index("venta_id").deposito)
    homes = world_facts().shop.shipping.depots
    for province, group in used.groupby("provincia_envio"):
        km = {
            depot: great_circle_km(provinces[home].capital, [provinces[province].capital])[0]
            for depot, home in homes.items()
        }
        assert set(group.deposito) == {min(km, key=km.get)}, province
    assert set(used.deposito) == set(homes)


def test_the_great_circle_is_measured_in_km() -> None:
    degree = great_circle_km(Position(latitude=0, longitude=0), [Position(latitude=0, longitude=1)])[0]
    assert degree == pytest.approx(111.195, abs=0.001)
    buenos_aires, ushuaia = Position(latitude=-34.60, longitude=-58.38), Position(latitude=-54.80, longitude=-68.30)
    assert great_circle_km(buenos_aires, [ushuaia])[0] == pytest.approx(2373, abs=10)


def test_orders_ship_to_where_the_customer_lives(year: dict[str, pa.Table], orders: pd.DataFrame) -> None:
    versions = frame(year["clientes"])[["cliente_id", "fecha", "provincia"]].sort_values("fecha")
    placed = orders.reset_index().assign(cliente_id=buyer).sort_values("fecha")
    placed = pd.merge_asof(placed, versions, on="fecha", by="cliente_id")
    assert (placed.provincia == placed.provincia_envio).all()


def test_no_order_can_outlive_the_two_months_after_it() -> None:
    shortest = min(calendar.month_days(at + 1) + calendar.month_days(at + 2) for at in range(2025 * 12, 2027 * 12))
    assert shortest == MAX_DAYS
    for block in simulate(WORLD):
        for at in range(2025 * 12, 2025 * 12 + 12):
            orders = block.plan(at).orders
            last = np.where(orders.undone < 10**6, orders.undone, orders.delivered)
            last = np.where(orders.partly < 10**6, orders.partly, last)
            assert (last - orders.day).max() <= MAX_DAYS


def test_a_world_whose_orders_could_last_longer_is_refused(world_yaml: dict, use_facts: Callable[[dict], None]) -> None:
    world_yaml["shop"]["orders"]["return_days"] = [2, 60]
    use_facts(world_yaml)
    with pytest.raises(ValueError, match="59 is the most"):
        rows(World(seed=7, customers=10, first_day=INICIO), JUNE)


def test_the_depots_serve_everybody() -> None:
    assert depots().served.sum() == pytest.approx(1)
    assert (depots().served > 0).all()
