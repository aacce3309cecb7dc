"""Campaigns, whom they contact, and the orders that carry them."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pyarrow as pa
from shop_rows import INICIO, JUNE, WORLD, frame, rows

from client360.simulate.facts import world_facts
from client360.simulate.simulation import effects


def test_campaigns_lie_within_their_month_and_do_not_overlap(year: dict[str, pa.Table]) -> None:
    known = frame(year["campanias"])
    months = known.fecha_inicio.dt.month
    assert (known.fecha == known.fecha_inicio).all()
    assert (known.fecha_fin.dt.month == months).all()
    assert set(months) == set(range(1, 13))
    assert set(months.value_counts()) == {1, 2}
    ordered = known.sort_values("fecha_inicio")
    assert (ordered.fecha_inicio.iloc[1:].to_numpy() > ordered.fecha_fin.iloc[:-1].to_numpy()).all()


def test_half_of_the_assigned_are_treated_from_the_first_day_on(year: dict[str, pa.Table]) -> None:
    contacts = frame(year["contactos_campania"])
    start = frame(year["campanias"]).set_index("campania_id").fecha_inicio
    assert (contacts.fecha == contacts.campania_id.map(start)).all()
    share = world_facts().shop.campaigns.assigned / 2
    counts = contacts.groupby(["campania_id", "grupo"]).size() / WORLD.customers
    assert counts.between(share * 0.8, share * 1.2).all()
    assert len(counts) == 2 * len(start)


def test_only_treated_customers_carry_a_campaign_and_only_during_it(
    year: dict[str, pa.Table], orders: pd.DataFrame
) -> None:
    campaigns = frame(year["campanias"]).set_index("campania_id")
    contacts = frame(year["contactos_campania"]).set_index(["campania_id", "cliente_id"]).grupo
    carried = orders[orders.campania_id.notna()]
    assert len(carried) > 0
    groups = contacts.loc[pd.MultiIndex.from_frame(carried[["campania_id", "cliente_id"]])]
    assert set(groups) == {"tratamiento"}
    assert (carried.fecha >= carried.campania_id.map(campaigns.fecha_inicio)).all()
    assert (carried.fecha <= carried.campania_id.map(campaigns.fecha_fin)).all()


def test_attribution_overstates_what_a_campaign_truly_added(year: dict[str, pa.Table], orders: pd.DataFrame) -> None:
    campaigns = frame(year["campanias"]).set_index("campania_id")
    true = effects(WORLD, INICIO, date(2025, 12, 31))
    assert set(true) == set(campaigns.index)
    carried = orders[orders.campania_id.notna()]
    for campaign, effect in true.items():
        mine = carried[carried.campania_id == campaign]
        if campaigns.canal[campaign] == "prueba_aa":
            assert effect.orders == 0
            assert effect.revenue == 0
            continue
        assert 0 < effect.orders < len(mine)
        assert 0 < effect.revenue < mine.total.sum()
        assert effect.kept_orders <= effect.orders
        assert effect.kept_revenue <= effect.revenue
    assert "prueba_aa" in world_facts().shop.campaigns.channels
    additional = orders.index.str[14].astype(int) >= 5  # their numbers begin at 500
    assert additional.sum() == sum(effect.orders for effect in true.values())
    assert sum(e.revenue for e in true.values()) == orders.total[additional].sum()


def test_without_a_campaign_the_ordinary_orders_are_the_same(
    world_yaml: dict, use_facts: Callable[[dict], None], orders: pd.DataFrame
) -> None:
    for channel in world_yaml["shop"]["campaigns"]["channels"].values():
        channel["uplift"] = 0
    use_facts(world_yaml)
    found = frame(rows(WORLD, JUNE)["ventas"])
    found = found[found.estado.isin(["completada", "creada"])].set_index("venta_id")
    june = orders[(orders.fecha.dt.month == 6) & (orders.index.str[14].astype(int) < 5)]
    assert set(found.index) == set(june.index)
    assert (found.total.loc[june.index] == june.total).all()
