"""Orders, their lines, and what comes back of them."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from shop_rows import INICIO, WORLD, buyer, frame

from client360.simulate import calendar
from client360.simulate.facts import world_facts
from client360.simulate.shop.catalog import catalog


def test_nothing_is_sold_before_product_and_customer_are_there(
    year: dict[str, pa.Table], orders: pd.DataFrame, lines: pd.DataFrame
) -> None:
    people = frame(year["clientes"]).groupby("cliente_id")
    since, left = people.fecha.min(), people.fecha_baja.max()
    assert (orders.fecha >= buyer(orders.reset_index()).map(since).to_numpy()).all()
    known = frame(year["ventas"])
    known = known[~known.estado.isin(["aprobada", "facturada", "despachada", "entregada"])]
    gone = buyer(known).map(left)
    assert gone.notna().any()
    assert (gone.isna() | (known.fecha < gone)).all()  # returns and cancellations too
    products = frame(year["productos"]).groupby("producto_id")
    assert (lines.fecha >= lines.producto_id.map(products.fecha_alta.min())).all()
    assert (lines.fecha >= lines.producto_id.map(products.fecha.min())).all()
    contacts = frame(year["contactos_campania"])
    gone = contacts.cliente_id.map(left)
    assert (contacts.fecha >= contacts.cliente_id.map(since)).all()
    assert (gone.isna() | (contacts.fecha < gone)).all()


def test_some_orders_in_cash_name_no_customer_and_neither_does_what_belongs_to_them(
    year: dict[str, pa.Table], orders: pd.DataFrame
) -> None:
    nobody = orders[orders.cliente_id.isna()]
    assert (nobody.metodo_pago == "efectivo").all()
    assert 0.2 < len(nobody) / (orders.metodo_pago == "efectivo").sum() < 0.6
    assert nobody.campania_id.isna().all()
    for entity in ("ventas", "detalle_ventas", "envios", "devoluciones", "pagos_venta"):
        rows = frame(year[entity])
        named = rows.cliente_id.notna()
        assert (rows.cliente_id[named] == buyer(rows)[named]).all()
        assert set(rows.venta_id[~named]) <= set(nobody.index)
        assert not rows.venta_id[named].isin(nobody.index).any()


def test_order_totals_equal_their_lines(year: dict[str, pa.Table], lines: pd.DataFrame) -> None:
    total = {venta: Decimal(int(cents)).scaleb(-2) for venta, cents in lines.groupby("venta_id").cents.sum().items()}
    known = frame(year["ventas"])
    assert (known.total == known.venta_id.map(total)).all()
    assert set(known.venta_id) == set(total)
    assert (lines.cents > 0).all()
    assert (lines.descuento > 0).any()
    numbered = lines.groupby("venta_id").linea.agg(["min", "max", "size"])
    assert (numbered["min"] == 1).all()
    assert (numbered["max"] == numbered["size"]).all()


def test_lines_carry_the_price_and_movements_the_cost_of_the_day(
    year: dict[str, pa.Table], lines: pd.DataFrame
) -> None:
    versions = frame(year["productos"]).sort_values("fecha")
    sold = pd.merge_asof(lines.sort_values("fecha"), versions, on="fecha", by="producto_id")
    assert (sold.precio_unitario == sold.precio).all()
    moved = frame(year["movimientos_stock"]).sort_values("fecha")
    moved = pd.merge_asof(moved, versions, on="fecha", by="producto_id")
    assert moved.costo_unitario.equals(moved.costo)
    known = versions.dropna(subset="costo")
    assert (known.costo < known.precio * Decimal("1.15")).all()


def test_a_part_of_a_line_comes_back_of_orders_that_are_delivered_and_kept(
    year: dict[str, pa.Table], orders: pd.DataFrame, lines: pd.DataFrame
) -> None:
    back = frame(year["devoluciones"])
    assert len(back) > 30
    assert back.devolucion_id.is_unique
    assert back.venta_id.is_unique
    order = orders.reindex(back.venta_id).reset_index()
    assert order[["cancelled", "returned"]].isna().all(axis=None)
    assert (back.fecha > order.entregado).all()
    assert back.cliente_id.equals(order.cliente_id)
    line = lines.set_index(["venta_id", "linea"]).loc[list(zip(back.venta_id, back.linea, strict=True))].reset_index()
    assert (back.producto_id == line.producto_id).all()
    units = back.cantidad.dropna()
    assert 0 < back.cantidad.isna().mean() < 0.5
    assert (units >= 1).all()
    assert (units <= line.cantidad[units.index]).all()
    assert (units < line.cantidad[units.index]).any()
    assert (line.linea > 1).any()
    cents = back.monto.map(lambda amount: int(amount * 100))
    share = back.cantidad.fillna(world_facts().shop.orders.amount_share * line.cantidad) / line.cantidad
    assert ((cents - line.cents * share).abs() <= 0.5).all()


def test_products_change_price_every_few_months_on_their_own_day(year: dict[str, pa.Table]) -> None:
    versions = frame(year["productos"])
    changes = versions[versions.fecha > versions.groupby("producto_id").fecha.transform("min")]
    assert changes.groupby("producto_id").fecha.agg(lambda days: days.dt.day.nunique()).max() == 1
    assert changes.fecha.dt.day.nunique() == 28
    gaps = versions.sort_values(["producto_id", "fecha"]).groupby("producto_id").fecha.diff().dropna().dt.days
    assert gaps.max() <= 31 * world_facts().shop.catalog.change_months[1]
    assert 3 < len(versions) / versions.producto_id.nunique() < 7
    later = versions.groupby("producto_id").fecha.min() > pd.Timestamp(INICIO)
    assert 0.05 < later.mean() < 0.4
    assert set(versions.categoria) - {None} == set(world_facts().shop.catalog.categories)


def test_of_a_few_products_the_shop_has_no_category_or_no_cost_whatever_the_version(year: dict[str, pa.Table]) -> None:
    products = frame(year["productos"]).groupby("producto_id")[["categoria", "costo"]]
    for column, known in products.count().items():
        versions = products.size()
        assert ((known == 0) | (known == versions)).all()
        assert 0 < (known == 0).mean() < 0.05, column


def test_popularity_is_heavy_tailed(lines: pd.DataFrame) -> None:
    sold = lines.producto_id.value_counts()
    assert sold.iloc[: len(sold) // 10].sum() / sold.sum() > 0.3


def test_orders_are_sold_somewhere_and_charge_for_their_shipment_unless_they_are_large(
    orders: pd.DataFrame, year: dict[str, pa.Table]
) -> None:
    facts = world_facts().shop
    for name, share in facts.orders.channels.items():
        assert (orders.canal == name).mean() == pytest.approx(share, abs=0.02)
    in_branch = orders.canal == "local"
    assert (orders.sucursal.notna() == in_branch).all()
    assert (orders.vendedor.notna() == in_branch).all()
    assert set(orders.sucursal.dropna()) == set(facts.shipping.depots.values())
    assert orders.vendedor.nunique() == len(facts.shipping.depots) * facts.orders.sellers
    cost = frame(year["envios"]).groupby("venta_id").costo_envio.first().reindex(orders.index).astype(float)
    charge, total = orders.cargo_envio.astype(float), orders.total.astype(float)
    month = orders.fecha.dt.year * 12 + orders.fecha.dt.month - 1
    free = total >= facts.shipping.free_from * month.map(calendar.price_index)
    assert (charge[free] == 0).all()
    assert ((charge - cost * facts.shipping.charged_share)[~free].abs() <= 0.5).all()
    assert 0.05 < free.mean() < 0.95


def test_steps_of_an_order_that_waits_for_a_transfer_follow_each_other(year: dict[str, pa.Table]) -> None:
    states = frame(year["ventas"])
    steps = states.pivot_table(index="venta_id", columns="estado", values="fecha", aggfunc="min")
    waits = states.groupby("venta_id").metodo_pago.first() == "transferencia"
    whole = waits & (states.groupby("venta_id").fecha_venta.first() < pd.Timestamp("2025-10-01"))
    assert (steps.creada.notna() == (waits & steps.completada.isna()))[whole].all()
    done = steps[whole & steps.cancelada.isna()]
    assert done[["creada", "aprobada", "facturada", "despachada", "entregada"]].notna().all(axis=None)
    assert ((done.creada <= done.aprobada) & (done.aprobada <= done.facturada)).all()
    assert ((done.facturada == done.despachada) & (done.despachada < done.entregada)).all()
    gone = steps[whole & steps.cancelada.notna()]
    assert gone.facturada.isna().all()
    assert (gone.aprobada.isna() | (gone.aprobada < gone.cancelada)).all()


def test_no_product_is_on_two_lines_of_an_order(lines: pd.DataFrame) -> None:
    assert not lines.duplicated(["venta_id", "producto_id"]).any()


def test_new_products_sell_little_at_first_and_withdrawn_ones_no_more(lines: pd.DataFrame) -> None:
    products = catalog(WORLD)
    slot = lines.producto_id.str[1:].astype(int) - 1
    day = lines.fecha.to_numpy().astype("datetime64[D]").astype(int)
    assert (day < products.withdrawn[slot]).all()
    year = calendar.day_number(INICIO) + np.arange(365)
    gone = (products.withdrawn > year[90]) & (products.withdrawn < year[-90])
    assert gone.sum() > 10
    age = day - products.launched[slot]
    new = (products.launched > year[0]) & (products.launched < year[-200])
    ramp = world_facts().shop.catalog.ramp_days
    mine = age[new[slot]]
    assert (mine < ramp // 2).sum() < ((mine >= ramp) & (mine < ramp * 3 // 2)).sum() * 0.6


def test_who_is_about_to_leave_orders_less_than_before(orders: pd.DataFrame, year: dict[str, pa.Table]) -> None:
    versions = frame(year["clientes"])
    left = versions.dropna(subset="fecha_baja").set_index("cliente_id").fecha_baja
    days = (buyer(orders.reset_index()).map(left) - orders.fecha.to_numpy()).dt.days.dropna()
    # those who were customers for as long as that
    here = left[left > pd.Timestamp(INICIO) + pd.Timedelta(days=260)].index
    mine = days[buyer(orders.reset_index()).loc[days.index].isin(here)]
    assert (mine <= 60).sum() < ((mine > 200) & (mine <= 260)).sum() * 0.8
