"""A twin differs from its original in one declared fact, in what follows from it, and in nothing else."""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from client360.days import DayRange, day_ranges
from client360.simulate import BLOCK, World, calendar
from client360.simulate.arrays import NEVER
from client360.simulate.corrupt import CorruptedWorld
from client360.simulate.facts import world_facts
from client360.simulate.landing_files import path_of, write_landing_files
from client360.simulate.people import Population
from client360.simulate.shop.catalog import catalog
from client360.simulate.shop.prices import log_prices
from client360.simulate.simulation import Block, parts
from client360.simulate.truths import OF_COMPANY, OF_CUSTOMERS
from client360.simulate.twins import twin
from client360.warehouse.models import LANDING

INICIO = date(2025, 1, 1)
SMALL, LARGE = World(7, 300, INICIO), World(7, 4 * BLOCK, INICIO)
SPRING = DayRange(date(2025, 4, 1), date(2025, 6, 30))
ORDERS = {"ventas", "detalle_ventas", "envios", "devoluciones", "pagos_venta", "movimientos_stock"}
BANK = {"transacciones", "resumenes"}  # orders paid with the card, and what is then left for other purchases
FOLLOWS = {
    "campania:K25050": (date(2025, 5, 1), ORDERS | BANK | {"campanias", "contactos_campania"}),
    "precio:hogar:2025-05": (date(2025, 5, 1), ORDERS | BANK | {"productos"}),
    "deposito:deposito_este:2025-05-05..2025-05-20": (date(2025, 5, 5), ORDERS | BANK),
    "demoras": (INICIO, ORDERS | BANK),
}
"""By intervention: the day from which something may differ, and the entities in which."""
every_kind = pytest.mark.parametrize("text", FOLLOWS)


@cache
def rows(world: World, days: DayRange = SPRING) -> dict[str, pa.Table]:
    found: dict[str, list[pa.Table]] = {}
    for part in parts(world):
        for month in day_ranges(days.days()):
            for entity, table in part.rows(month.first, month.last).items():
                found.setdefault(entity, []).append(table)
    return {entity: pa.concat_tables(tables) for entity, tables in found.items()}


def frame(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas(date_as_object=False)


def truth(world: World, name: str, last: date = SPRING.last) -> pd.DataFrame:
    day = calendar.day_number(last)
    if name in OF_COMPANY:
        return frame(OF_COMPANY[name](world, day))
    return frame(pa.concat_tables([OF_CUSTOMERS[name](Population(world, block), day) for block in world.blocks]))


@every_kind
def test_what_does_not_depend_on_the_fact_has_the_same_bytes(text: str, tmp_path: Path) -> None:
    since, differ = FOLLOWS[text]
    worlds = {"original": SMALL, "twin": twin(SMALL, text)}
    for name, world in worlds.items():
        write_landing_files(world, day_ranges(SPRING.days()), tmp_path / name)
    found = set()
    for month in day_ranges(SPRING.days()):
        for entity in LANDING:
            one, other = ((tmp_path / name / path_of(entity, month)).read_bytes() for name in worlds)
            if one != other:
                found.add(entity)
                assert month.last >= since, (entity, month)
    assert {"ventas", "detalle_ventas", "transacciones"} <= found <= differ
    early = DayRange(since.replace(day=1), since - timedelta(days=1))
    for entity, table in rows(SMALL, early).items():
        # purchases of a month divide what all its orders leave
        assert entity == "transacciones" or rows(worlds["twin"], early)[entity] == table


@every_kind
def test_any_day_of_a_twin_drawn_alone_equals_its_slice_of_the_month(text: str) -> None:
    world, may = twin(SMALL, text), DayRange(date(2025, 5, 1), date(2025, 5, 31))
    whole = rows(world, may)
    for day in (1, 5, 12, 20, 31):
        at = date(2025, 5, day)
        for entity, table in rows(world, DayRange(at, at)).items():
            key = [(name, "ascending") for name in LANDING[entity].natural_key]
            same_day = whole[entity].filter(pc.equal(whole[entity]["fecha"], pa.scalar(at)))
            assert table.sort_by(key).equals(same_day.sort_by(key)), (entity, at)


def test_without_a_campaign_only_the_orders_that_it_adds_are_missing() -> None:
    other = twin(SMALL, "campania:K25050")
    named = ["campania_id"]
    one, two = (frame(rows(world)["ventas"]) for world in (SMALL, other))
    missing = one[~one.venta_id.isin(two.venta_id)]
    assert len(missing) > 0
    assert set(missing.campania_id) == {"K25050"}
    kept = one[one.venta_id.isin(two.venta_id)].reset_index(drop=True)
    assert kept.drop(columns=named).equals(two.drop(columns=named))
    assert set(two.campania_id.dropna()).isdisjoint({"K25050"})


def test_a_campaign_adds_what_its_responses_say_in_all_and_by_customer() -> None:
    other = twin(LARGE, "campania:K25050")
    effect = -truth(other, "efectos").groupby("cliente_id").pedidos.sum()
    responses = truth(LARGE, "respuestas").query("campania_id == 'K25050'")
    treated = responses[responses.grupo == "tratamiento"].set_index("cliente_id").pedidos_adicionales
    assert effect.index.isin(treated.index).all()
    assert (effect > 0).all()
    assert treated.sum() > 50
    # offers add a little, late deliveries take a little away
    assert abs(effect.sum() - treated.sum()) < 4 * np.sqrt(treated.sum()) + 0.1 * treated.sum()
    # and those of whom more was expected order more
    by_expectation = effect.reindex(treated.index, fill_value=0).groupby(treated > treated.median()).sum()
    assert by_expectation[True] > 2 * by_expectation[False]
    assert set(truth(other, "respuestas").campania_id) == set(truth(LARGE, "respuestas").campania_id) - {"K25050"}


def test_a_price_that_is_not_raised_sells_what_the_elasticity_says() -> None:
    world = World(7, 10 * BLOCK, INICIO)
    other = twin(world, "precio:hogar:2025-05")
    lower = {
        month: log_prices(other, month) - log_prices(world, month) for month in range(2025 * 12 + 4, 2025 * 12 + 7)
    }
    touched = np.add.reduce([abs(each).sum(axis=0) for each in lower.values()]) > 0
    assert set(catalog(world).category[touched]) == {list(world_facts().shop.catalog.categories).index("hogar")}
    known = truth(LARGE, "productos").set_index("producto_id").elasticidad
    elasticity = known.reindex(f"P{slot + 1:05}" for slot in range(len(touched))).to_numpy()
    expected, sold = 0.0, {world: 0, other: 0}
    for each in sold:
        for number in each.blocks:
            block = Block(Population(each, number))
            for month, change in lower.items():
                orders = block.plan(month).orders
                day = orders.day[orders.line_order] - calendar.day_number(calendar.month_start(month))
                lines = np.flatnonzero(change[day, orders.product])
                sold[each] += orders.units[lines].sum()
                if each == world:
                    more = np.exp(elasticity[orders.product] * change[day, orders.product]) - 1
                    expected += (orders.units * more)[lines].sum()
    assert expected > 200
    # a line has 1.3 units in the mean
    assert abs(sold[other] - sold[world] - expected) < 4 * np.sqrt(1.5 * expected)


def test_a_closed_depot_ships_nothing_and_the_next_one_does_at_its_distance() -> None:
    text = "deposito:deposito_este:2025-05-05..2025-05-20"
    one, two = (frame(rows(world)["envios"]).query("estado == 'preparacion'") for world in (SMALL, twin(SMALL, text)))
    closed = two.fecha.between("2025-05-05", "2025-05-20")
    assert (two[closed].deposito != "deposito_este").all()
    assert (two[~closed].deposito == "deposito_este").any()
    both = two.merge(one, on="venta_id", suffixes=("", "_antes"))
    moved = both.deposito != both.deposito_antes
    assert set(both[moved].deposito_antes) == {"deposito_este"}
    assert both[moved].fecha.between("2025-05-05", "2025-05-20").all()
    assert moved.sum() > 20
    assert (both[moved].costo_envio > both[moved].costo_envio_antes).all()
    assert (both[moved].fecha_prometida >= both[moved].fecha_prometida_antes).all()
    assert both[~moved].costo_envio.equals(both[~moved].costo_envio_antes)


def test_without_late_deliveries_those_are_made_that_customers_stayed_away_from() -> None:
    other = twin(LARGE, "demoras")
    late, made = [], {LARGE: [], other: []}
    for world, found in made.items():
        for number in world.blocks:
            block = Block(Population(world, number))
            for month in range(2025 * 12, 2025 * 12 + 6):
                orders = block.plan(month).orders
                came = orders.delivered < NEVER
                assert (orders.dispatched < orders.delivered)[came].all()
                behind = came & (orders.delivered > orders.promised)
                found.append(pd.DataFrame({"customer": orders.customer, "day": orders.day}, index=orders.number))
                if world == other:
                    assert not behind.any()
                    assert (
                        orders.dispatched[came].tolist() == calendar.next_working_days(orders.dispatched[came]).tolist()
                    )
                else:
                    waited = behind & ~orders.additional
                    late.append(pd.DataFrame({"customer": orders.customer, "delivered": orders.delivered})[waited])
    with_, without = (pd.concat(found) for found in made.values())
    assert with_.index.isin(without.index).all()
    after = without.reset_index(names="number").merge(pd.concat(late), on="customer")
    after = after[after.delivered.lt(after.day) & (after.day - after.delivered).le(world_facts().shop.orders.late_days)]
    after = after.drop_duplicates("number")
    loss = truth(LARGE, "clientes").set_index("cliente_id").perdida_por_demora
    chance = loss.loc["C" + after.customer.map("{:09}".format)].to_numpy()
    stayed_away = ~after.number.isin(with_.index)
    assert stayed_away.sum() > 200
    assert abs(stayed_away.sum() - chance.sum()) < 4 * np.sqrt((chance * (1 - chance)).sum())
    elsewhere = without[~without.index.isin(with_.index) & ~without.index.isin(after.number)]
    assert len(elsewhere) < 0.2 * stayed_away.sum()  # after a late delivery of an order that was not made


def test_the_effects_are_the_difference_of_the_files() -> None:
    other = twin(SMALL, "demoras")
    found = truth(other, "efectos")
    assert truth(SMALL, "efectos").empty
    before, after = (
        frame(rows(world, DayRange(INICIO, SPRING.last))["ventas"]).drop_duplicates("venta_id")
        for world in (SMALL, other)
    )
    added = after[~after.venta_id.isin(before.venta_id)]
    assert found.pedidos.sum() == len(after) - len(before) == len(added) > 0
    assert found.monto.sum() == after.total.sum() - before.total.sum()
    expected = ("C" + added.venta_id.str[1:10]).value_counts()
    assert found.groupby("cliente_id").pedidos.sum().loc[expected.index].eq(expected).all()


def test_a_twin_has_a_name_of_its_own_and_may_corrupt_its_files() -> None:
    twins = {text: twin(SMALL, text) for text in (*FOLLOWS, "precio:P00002:2025-06-08")}
    assert len({world.name for world in twins.values()} | {SMALL.name}) == len(twins) + 1
    for text, world in twins.items():
        assert world.parameters == SMALL.parameters | {"intervencion": text}
        assert twin(SMALL, f" {text.replace(':', ' : ')} ") == world
    corrupted = CorruptedWorld(7, 300, INICIO, 0.1)
    other = twin(corrupted, "demoras")
    assert (other.share, other.folder != corrupted.folder) == (0.1, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sale", "intervencion is 'sale': give campania:<id>, precio:<product or category>:<month or day>, deposito:"),
        ("campania", "intervencion is 'campania': give campania:<id>"),
        ("campania:", "intervencion is 'campania:': give campania:<id>"),
        ("demoras:all", "intervencion is 'demoras:all': give campania:<id>"),
        ("precio:hogar", "intervencion is 'precio:hogar': give campania:<id>"),
        ("campania:25050", "intervencion names the campaign '25050': give an id such as K26010"),
        ("campania:K25130", "intervencion names the campaign 'K25130': give an id such as K26010"),
        ("campania:K25059", "intervencion names the campaign K25059: in 2025-05 this world has K25050"),
        ("campania:K24050", "intervencion names the campaign K24050: in 2024-05 this world has none"),
        (
            "precio:casa:2025-05",
            "intervencion names 'casa', no product or category: give one from P00001 to P00420, or of ",
        ),
        ("precio:P00421:2025-05", "intervencion names 'P00421', no product or category"),
        ("precio:hogar:2025-13", "intervencion is '2025-13-01': give a day that exists, as YYYY-MM-DD"),
        ("precio:hogar:may", "intervencion is 'may': give a day that exists, as YYYY-MM-DD"),
        ("precio:hogar:2024-12", "intervencion is over on 2024-12-31: the world begins on 2025-01-01"),
        (
            "precio:P00001:2025-05",
            "intervencion is precio:P00001:2025-05: the price of P00001 does not change then; it would on 2025-03-24 and "
            "2025-07-24, while it is on sale",
        ),
        (
            "precio:P00001:2025-03-25",
            "intervencion is precio:P00001:2025-03-25: the price of P00001 does not change then",
        ),
        ("deposito:este:2025-05-01..2025-05-02", "intervencion names the depot 'este': there are deposito_centro, "),
        (
            "deposito:deposito_este:2025-05-01",
            "intervencion is 'deposito:deposito_este:2025-05-01': give campania:<id>",
        ),
        ("deposito:deposito_este:2025-05-02..2025-05-01", "intervencion ends on 2025-05-01, before it begins"),
        ("deposito:deposito_este:2025-05-02..", "intervencion is '': give a day that exists, as YYYY-MM-DD"),
        ("deposito:deposito_este:2024-05-02..2024-05-03", "intervencion is over on 2024-05-03: the world begins on"),
    ],
)
def test_what_would_change_nothing_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}") as refused:
        twin(SMALL, text)
    assert "\n" not in str(refused.value)


def test_a_day_names_the_products_that_change_their_price_on_it() -> None:
    slot = 0
    other = twin(SMALL, "precio:P00001:2025-03-24")
    known = frame(rows(other, DayRange(date(2025, 3, 1), date(2025, 3, 31)))["productos"])
    raised = frame(rows(SMALL, DayRange(date(2025, 3, 1), date(2025, 3, 31)))["productos"])
    differ = known.precio != raised.precio
    assert known[differ].producto_id.tolist() == ["P00001"]
    assert known.drop(columns="precio").equals(raised.drop(columns="precio"))  # costs rise all the same
    before, after = date(2025, 3, 23), date(2025, 7, 24)
    price = [
        catalog(world).valid(np.array([slot]), np.array([calendar.day_number(day)]), calendar.month_number(day))[0][0]
        for world, day in ((SMALL, before), (other, date(2025, 6, 30)), (SMALL, after), (other, after))
    ]
    assert price[0] == price[1]
    assert price[2] == price[3]
