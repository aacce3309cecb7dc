"""Orders, their lines, and how the bank's card pays them."""

from decimal import Decimal

import pandas as pd
import pyarrow as pa
from shop_rows import INICIO, frame

from client360.simulate.facts import world_facts


def test_nothing_is_sold_before_product_and_customer_are_there(
    year: dict[str, pa.Table], orders: pd.DataFrame, lines: pd.DataFrame
) -> None:
    people = frame(year["clientes"]).groupby("cliente_id")
    since, left = people.fecha.min(), people.fecha_baja.max()
    assert (orders.fecha >= orders.cliente_id.map(since)).all()
    known = frame(year["ventas"])
    gone = known.cliente_id.map(left)
    assert gone.notna().any()
    assert (gone.isna() | (known.fecha < gone)).all()  # returns and cancellations too
    products = frame(year["productos"]).groupby("producto_id")
    assert (lines.fecha >= lines.producto_id.map(products.fecha_alta.min())).all()
    assert (lines.fecha >= lines.producto_id.map(products.fecha.min())).all()
    contacts = frame(year["contactos_campania"])
    gone = contacts.cliente_id.map(left)
    assert (contacts.fecha >= contacts.cliente_id.map(since)).all()
    assert (gone.isna() | (contacts.fecha < gone)).all()


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
    assert (moved.costo_unitario == moved.costo).all()
    assert (versions.costo < versions.precio * Decimal("1.05")).all()


def test_card_purchases_in_the_shop_are_movements_of_the_bank(year: dict[str, pa.Table], orders: pd.DataFrame) -> None:
    moved = frame(year["transacciones"])
    paid = moved[moved.rubro == "tienda"].set_index("venta_id")
    card = orders[orders.metodo_pago == "tarjeta"]
    assert paid.index.is_unique
    assert set(paid.index) == set(card.index)
    paid = paid.loc[card.index]
    assert (paid.tipo_transaccion == "compra_tarjeta").all()
    for column, same in (("cliente_id", card.cliente_id), ("fecha", card.fecha), ("monto", card.total)):
        assert (paid[column] == same).all()


def test_what_is_cancelled_or_returned_is_refunded_on_its_day(year: dict[str, pa.Table], orders: pd.DataFrame) -> None:
    moved = frame(year["transacciones"])
    refunded = moved[moved.rubro == "reintegro"].set_index("venta_id")
    undone = orders[(orders.metodo_pago == "tarjeta") & (orders.cancelled.notna() | orders.returned.notna())]
    assert refunded.index.is_unique
    assert set(refunded.index) == set(undone.index)
    refunded = refunded.loc[undone.index]
    assert (refunded.tipo_transaccion == "transferencia").all()
    day = undone.cancelled.fillna(undone.returned)
    for column, same in (("cliente_id", undone.cliente_id), ("fecha", day), ("monto", undone.total)):
        assert (refunded[column] == same).all()
    assert set(moved[moved.venta_id.notna()].rubro) == {"tienda", "reintegro"}


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
    assert set(versions.categoria) == set(world_facts().shop.catalog.categories)


def test_popularity_is_heavy_tailed(lines: pd.DataFrame) -> None:
    sold = lines.producto_id.value_counts()
    assert sold.iloc[: len(sold) // 10].sum() / sold.sum() > 0.3
