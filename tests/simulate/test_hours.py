"""Times of day in a world: what has one, of which day it is, and that a purchase has that of its order."""

from datetime import date

import pandas as pd
import pytest

from client360.simulate import World
from client360.simulate.simulation import parts

ZONE = "America/Argentina/Buenos_Aires"
WORLD = World(seed=5, customers=1000, first_day=date(2025, 1, 1))
MONTHS = [
    (date(2025, 1, 1), date(2025, 1, 31)),
    (date(2025, 2, 1), date(2025, 2, 28)),
    (date(2025, 3, 1), date(2025, 3, 31)),
]
TIMELESS = [
    *("debito_automatico", "pago_servicio", "ingreso_sueldo", "beneficio"),
    *("pago_tarjeta", "cuota_prestamo", "interes", "prestamo_otorgado"),
]


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    """The rows of three months."""
    found: dict[str, list[pd.DataFrame]] = {}
    for part in parts(WORLD):
        for first, last in MONTHS:
            for entity, table in part.rows(first, last).items():
                found.setdefault(entity, []).append(table.to_pandas(date_as_object=False))
    return {entity: pd.concat(rows) for entity, rows in found.items()}


def day(moments: pd.Series) -> pd.Series:
    return moments.dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()


def test_what_people_do_has_a_time_of_day_and_what_the_bank_books_has_none(frames: dict[str, pd.DataFrame]) -> None:
    moved = frames["transacciones"]
    timeless = moved.tipo_transaccion.isin(TIMELESS)
    assert set(moved.tipo_transaccion) > set(TIMELESS)
    assert moved[timeless].momento.isna().all()
    without = moved[~timeless & moved.momento.isna()]
    assert set(without.contraparte) <= {"Cuenta propia en otro banco"}, "which takes over a loan"
    assert len(without) < 10
    assert frames["ventas"].momento.notna().all()


def test_every_moment_is_of_its_own_day(frames: dict[str, pd.DataFrame]) -> None:
    for entity, moment, own in (
        ("transacciones", "momento", "fecha"),
        ("ventas", "momento", "fecha"),
        ("envios", "momento_despacho", "fecha_despacho"),
        ("envios", "momento_entrega", "fecha_entrega"),
    ):
        rows = frames[entity]
        known = rows[rows[moment].notna()]
        assert len(known) > 100
        assert (day(known[moment]) == known[own]).all(), (entity, moment)
    shipments = frames["envios"]
    assert (shipments.momento_despacho.isna() == shipments.fecha_despacho.isna()).all()
    assert (shipments.momento_entrega.isna() == shipments.fecha_entrega.isna()).all()


def test_the_card_pays_and_gets_back_at_the_moment_of_the_order(frames: dict[str, pd.DataFrame]) -> None:
    moved, orders = frames["transacciones"], frames["ventas"]
    for rubro, placed in (("tienda", True), ("reintegro", False)):
        movements = moved[moved.rubro == rubro].merge(
            orders[orders.estado.isin(["completada", "creada"]) == placed],
            on=["venta_id", "fecha"],
            suffixes=("", "_del_pedido"),
        )
        assert len(movements) > 10
        assert (movements.momento == movements.momento_del_pedido).all()


def test_steps_of_an_order_follow_each_other(frames: dict[str, pd.DataFrame]) -> None:
    orders, shipments = frames["ventas"], frames["envios"]
    steps = orders.pivot(index="venta_id", columns="estado", values="momento")
    shipped = shipments[shipments.estado == "entregado"].set_index("venta_id")
    for earlier, later in (("creada", "aprobada"), ("aprobada", "facturada"), ("despachada", "entregada")):
        both = steps[[earlier, later]].dropna()
        assert len(both) > 10
        assert (both[earlier] <= both[later]).all(), (earlier, later)
    arrived = steps[["despachada", "entregada"]].dropna().join(shipped)
    assert (arrived.despachada == arrived.momento_despacho).all()
    assert (arrived.entregada == arrived.momento_entrega).all()


def test_depots_rest_at_night_and_people_order_after_dinner(frames: dict[str, pd.DataFrame]) -> None:
    dispatched = frames["envios"].momento_despacho.dropna().dt.tz_convert(ZONE).dt.hour
    assert dispatched.between(6, 19).all()
    ordered = frames["ventas"].momento.dt.tz_convert(ZONE).dt.hour
    assert set(ordered) == set(range(24))
    assert (ordered == 21).sum() > 5 * (ordered == 3).sum()
