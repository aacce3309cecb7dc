"""How orders are paid and refunded, and what the bank's card has to do with it."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from shop_rows import frame

from client360.simulate import World, calendar
from client360.simulate.arrays import NEVER
from client360.simulate.facts import world_facts
from client360.simulate.people import Population
from client360.simulate.simulation import Block


@pytest.fixture(scope="module")
def payments(year: dict[str, pa.Table]) -> pd.DataFrame:
    found = frame(year["pagos_venta"])
    return found.assign(cents=found.monto.map(lambda amount: int(amount * 100)))


@pytest.fixture(scope="module")
def approved(payments: pd.DataFrame) -> pd.DataFrame:
    return payments[payments.estado == "aprobado"]


@pytest.fixture(scope="module")
def refunded(payments: pd.DataFrame) -> pd.DataFrame:
    return payments[payments.estado == "reembolsado"]


def cents(amounts: pd.Series) -> pd.Series:
    return amounts.map(lambda amount: int(amount * 100))


def due(orders: pd.DataFrame) -> pd.Series:
    """Cents, with the shipment."""
    return cents(orders.total) + cents(orders.cargo_envio)


def test_every_order_is_paid_whole_with_its_shipment_on_its_day_or_when_it_is_approved(
    year: dict[str, pa.Table], orders: pd.DataFrame, approved: pd.DataFrame
) -> None:
    assert (approved.cents > 0).all()
    known = frame(year["ventas"])
    waits = orders.estado == "creada"
    by_then = orders.assign(paid=known[known.estado == "aprobada"].set_index("venta_id").fecha)
    whole = by_then[~waits | by_then.paid.notna()]
    sums = approved.groupby("venta_id").cents.sum()
    assert (sums.loc[whole.index] == due(whole)).all()
    # of the rest, nothing or, by another method, a part
    assert (sums.reindex(orders.index).fillna(0) <= due(orders)).all()
    order = by_then.loc[approved.venta_id].reset_index()
    made = approved.reset_index(drop=True)
    assert made.cliente_id.equals(order.cliente_id)
    waited = (order.estado == "creada") & made.pago_id.str.endswith("1")
    assert waited.any()
    assert (made.metodo_pago[waited] == "transferencia").all()
    assert (made.fecha == order.paid.where(waited, order.fecha)).all()


def test_some_orders_are_paid_by_two_methods_and_have_none_of_their_own(
    orders: pd.DataFrame, approved: pd.DataFrame
) -> None:
    # orders that wait for a transfer may be cancelled before any
    methods = approved.groupby("venta_id").metodo_pago.agg(["size", "nunique", "first"])
    orders = orders.loc[methods.index][lambda found: found.estado == "completada"]
    methods = methods.loc[orders.index]
    assert methods["size"].isin([1, 2]).all()
    assert (methods["size"] == methods["nunique"]).all()
    two = methods["size"] == 2
    assert abs(two.mean() - world_facts().shop.orders.split) < 0.02
    assert orders.metodo_pago[two].isna().all()
    assert (orders.metodo_pago[~two] == methods["first"][~two]).all()
    assert orders.cliente_id[two].notna().all()


def test_cards_are_paid_in_instalments_and_nothing_else_is(payments: pd.DataFrame) -> None:
    facts = world_facts().shop.orders
    own, other = (payments.metodo_pago == method for method in ("tarjeta", "otra_tarjeta"))
    # the bank's card pays at once where it is one of debit
    assert set(payments.cuotas[own].dropna()) == set(facts.own_instalments)
    assert payments.cuotas[own].isna().any()
    assert set(payments.cuotas[other]) == set(facts.instalments)
    assert payments.cuotas[~own & ~other].isna().all()
    of_a_payment = payments.groupby("pago_id")[["cuotas", "metodo_pago", "venta_id", "cliente_id"]].nunique()
    assert (of_a_payment <= 1).all(axis=None)


def test_a_payment_that_is_refused_is_made_again(payments: pd.DataFrame, approved: pd.DataFrame) -> None:
    refused = payments[payments.estado == "rechazado"]
    assert len(refused)
    assert refused.venta_id.is_unique
    assert not refused.pago_id.isin(approved.pago_id).any()
    again = refused.merge(approved, on=["venta_id", "fecha", "metodo_pago", "monto"])
    assert set(again.venta_id) == set(refused.venta_id)
    assert set(refused.metodo_pago) <= set(world_facts().shop.orders.rejected)


def test_what_is_cancelled_returned_or_comes_back_is_refunded_as_it_was_paid(
    year: dict[str, pa.Table], orders: pd.DataFrame, approved: pd.DataFrame, refunded: pd.DataFrame
) -> None:
    back = frame(year["devoluciones"]).set_index("venta_id")
    day = orders.cancelled.fillna(orders.returned).fillna(back.fecha).dropna()
    whole = orders.cancelled.notna() | orders.returned.notna()
    paid_whole = approved.groupby("venta_id").cents.sum().reindex(orders.index)
    amount = paid_whole.where(whole, cents(back.monto).reindex(orders.index)).dropna()
    given = refunded.groupby("venta_id")
    assert (given.cents.sum() == amount.loc[list(given.groups)]).all()
    assert set(refunded.venta_id) == set(amount.index)
    assert (refunded.fecha.to_numpy() == day.loc[refunded.venta_id].to_numpy()).all()
    paid = refunded.merge(approved, on=["pago_id", "venta_id", "cliente_id", "metodo_pago"], suffixes=("", "_paid"))
    assert len(paid) == len(refunded)
    assert (paid.cents <= paid.cents_paid).all()
    assert (paid.cents < paid.cents_paid).any()
    # of a part, each method gives back its share, to the cent
    share = paid.cents_paid / paid_whole.loc[paid.venta_id].to_numpy()
    exact = amount.loc[paid.venta_id].to_numpy() * share
    assert ((paid.cents - exact).abs() <= 0.5 + 1e-6).all()


def test_what_card_and_account_pay_and_get_back_in_the_shop_are_movements_of_the_bank(
    year: dict[str, pa.Table], approved: pd.DataFrame, refunded: pd.DataFrame
) -> None:
    moved = frame(year["transacciones"])
    moved = moved[moved.venta_id.notna()]
    assert set(moved.rubro) == {"tienda", "reintegro", "enviada", "recibida"}
    for rubro, kind, payments, method in (
        ("tienda", "compra_tarjeta", approved, "tarjeta"),
        ("reintegro", "transferencia", refunded, "tarjeta"),
        ("enviada", "transferencia", approved, "transferencia"),
        ("recibida", "transferencia", refunded, "transferencia"),
    ):
        of_bank = moved[moved.rubro == rubro].set_index("venta_id")
        by_card = payments[payments.metodo_pago == method].set_index("venta_id")
        assert of_bank.index.is_unique
        assert by_card.index.is_unique
        assert set(of_bank.index) == set(by_card.index)
        of_bank = of_bank.loc[by_card.index]
        assert (of_bank.tipo_transaccion == kind).all()
        for column in ("cliente_id", "fecha", "monto"):
            assert (of_bank[column] == by_card[column]).all()


def test_whoever_leaves_pays_before() -> None:
    world, june = World(seed=3, customers=4000, first_day=date(2025, 1, 1)), calendar.month_number(date(2025, 6, 1))
    plan = Block(Population(world, 1)).plan(june)  # somebody orders on their last day
    left = plan.roster.left[np.searchsorted(plan.roster.numbers, plan.orders.customer)]
    waits = plan.orders.waits & (plan.orders.cancelled == NEVER)
    assert (plan.orders.day[waits] == left[waits] - 1).any()
    assert (plan.orders.approved[waits] < left[waits]).all()
