"""Any day, block or entity can be drawn alone, and one entity more changes no other: design section 4."""

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from shop_rows import INICIO, JUNE, OF_CUSTOMERS, WORLD, frame, month, of_days, rows

from client360.simulate import BLOCK, World, calendar, simulation
from client360.simulate.people import Population
from client360.simulate.shop.stock import Tally
from client360.simulate.simulation import Block, Company
from client360.warehouse import models


@pytest.mark.parametrize("first", [date(2025, 6, 1), date(2025, 3, 1)])
def test_any_day_drawn_alone_equals_its_slice_of_the_month(first: date) -> None:
    world = World(seed=7, customers=300, first_day=INICIO)
    last = first.replace(day=calendar.month_days(calendar.month_number(first)))
    whole = rows(world, (first, last))
    for i in range((last - first).days + 1):
        day = first + timedelta(days=i)
        alone = rows(world, (day, day))
        for entity, table in alone.items():
            expected = of_days(whole[entity], day, day)
            # a landing file of a month holds the receipts of all its days after the sales of all its days
            key = list(models.LANDING[entity].natural_key)
            ordered = [(name, "ascending") for name in key]
            assert table.sort_by(ordered).equals(expected.sort_by(ordered)), (entity, day)
            assert entity == "movimientos_stock" or table.equals(expected), (entity, day)


def test_a_day_is_the_same_whatever_was_drawn_before() -> None:
    world = World(seed=7, customers=300, first_day=INICIO)
    day = date(2026, 3, 2)
    walked = rows(world, *(month(n) for n in range(1, 13)), month(1, 2026), month(2, 2026), (day, day))
    alone = rows(world, (day, day))
    for entity, table in alone.items():
        assert of_days(walked[entity], day, day).equals(table), entity


def test_a_block_drawn_alone_equals_its_part_of_the_world() -> None:
    autumn = month(4), month(5), JUNE
    block = Block(Population(WORLD, 1))
    whole, parts = rows(WORLD, *autumn), [block.rows(*days) for days in autumn]
    for entity in OF_CUSTOMERS:
        alone = pa.concat_tables([part[entity] for part in parts])
        assert alone.num_rows > 0
        assert whole[entity].slice(whole[entity].num_rows - alone.num_rows).equals(alone)


def test_what_belongs_to_no_customer_is_the_same_without_walking_the_blocks() -> None:
    company = Company(WORLD, Tally(WORLD)).rows(*JUNE)
    for entity, table in company.items():
        whole = rows(WORLD, JUNE)[entity]
        assert whole.slice(whole.num_rows - table.num_rows).equals(table)


def test_walking_month_by_month_draws_each_demand_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    draw = simulation.draw_demand
    monkeypatch.setattr(
        simulation, "draw_demand", lambda population, at: drawn.append((population.block, at)) or draw(population, at)
    )
    rows(WORLD, *(month(number) for number in range(1, 13)))
    assert len(drawn) == len(set(drawn))


def test_the_history_may_begin_on_any_day() -> None:
    for inicio in (date(2025, 6, 17), date(2025, 6, 16), date(2025, 6, 30)):
        started = rows(World(seed=7, customers=BLOCK, first_day=inicio), JUNE, month(7))
        for table in started.values():
            assert pc.min(table["fecha"]).as_py() >= inicio
        stock = frame(started["movimientos_stock"])
        assert stock.fecha.min() == pd.Timestamp(inicio)
        daily = stock.groupby(["producto_id", "deposito", "fecha"]).cantidad.sum()
        assert (daily.groupby(level=[0, 1]).cumsum() >= 0).all()


@pytest.mark.parametrize(("smaller", "larger"), [(300, 301), (BLOCK, BLOCK + 1)])
def test_one_more_customer_changes_no_row_of_the_others(smaller: int, larger: int) -> None:
    few, more = (rows(World(seed=7, customers=size, first_day=INICIO), JUNE) for size in (smaller, larger))
    for entity in OF_CUSTOMERS:
        # a letter, two digits of the generation, seven of the place: also of venta_id, where an order names nobody
        naming = [name for name in ("cliente_id", "venta_id") if name in more[entity].column_names]
        owner = pc.coalesce(*(more[entity][name] for name in naming))
        place = pc.cast(pc.utf8_slice_codeunits(owner, 3, 10), pa.int64())
        # whom a transfer goes to is outside a smaller world
        columns = [name for name in few[entity].column_names if name != "contraparte"]
        assert more[entity].filter(pc.less_equal(place, smaller)).select(columns).equals(few[entity].select(columns))
    assert more["productos"].equals(few["productos"])
    # a budget is planned for the size of the world
    columns = [name for name in few["campanias"].column_names if name != "presupuesto"]
    assert more["campanias"].select(columns).equals(few["campanias"].select(columns))
    mine = frame(few["movimientos_stock"]).set_index("movimiento_id")
    theirs = frame(more["movimientos_stock"]).set_index("movimiento_id")
    moved = mine[mine.tipo.isin(["venta", "devolucion"])]
    assert theirs.loc[moved.index].equals(moved)


def test_one_more_product_changes_only_the_lines_that_pick_it(
    world_yaml: dict, use_facts: Callable[[dict], None]
) -> None:
    # so that whether an order is made depends on no product
    world_yaml["shop"]["catalog"]["elasticity"] = 0
    world_yaml["shop"]["orders"]["late_loss"] = 0
    use_facts(world_yaml)
    before = rows(WORLD, JUNE)
    for _ in range(40):  # until one that is on sale and sells
        world_yaml["shop"]["catalog"]["products"] += 1
        use_facts(world_yaml)
        after = rows(WORLD, JUNE)
        new = f"P{world_yaml['shop']['catalog']['products']:05}"
        if new in after["detalle_ventas"]["producto_id"].to_pylist():
            break
        before = after
    lines = [frame(table["detalle_ventas"]).set_index(["venta_id", "producto_id"]) for table in (before, after)]
    few, more = (found.drop(columns="linea") for found in lines)
    picked = more.index.get_level_values("producto_id") == new
    assert 0 < picked.sum() < len(more) / 10
    # a line that picks it may have repeated another product, and was left out
    assert 0 <= len(more) - len(few) < picked.sum()
    assert more[~picked].equals(few.loc[more[~picked].index])
    touched = set(more[picked].index.get_level_values("venta_id"))
    for entity in ("ventas", "envios"):
        one, other = (frame(table[entity]) for table in (before, after))
        assert one[~one.venta_id.isin(touched)].equals(other[~other.venta_id.isin(touched)])
    one, other = (frame(table["productos"]) for table in (before, after))
    assert other[other.producto_id != new].reset_index(drop=True).equals(one)


def test_the_shop_changes_no_other_movement_of_the_bank(
    world_yaml: dict, use_facts: Callable[[dict], None], year: dict[str, pa.Table]
) -> None:
    with_shop = frame(year["transacciones"])
    world_yaml["shop"]["orders"]["per_month"] = 0
    use_facts(world_yaml)
    without = frame(rows(WORLD, *(month(number) for number in range(1, 13)))["transacciones"])
    assert without.venta_id.isna().all()
    # purchases by debit, cash, savings and statements close the month: these follow from what the shop takes
    fixed = ["01", "02", "04", "05", "10", "11", "12", "13", "14", "15", "20", "22"]
    bank, alone = (found[found.transaccion_id.str[14:16].isin(fixed)] for found in (with_shop, without))
    assert set(bank.transaccion_id.str[14:16]) == set(fixed)
    both = bank.merge(alone, on="transaccion_id", suffixes=("", "_alone"))
    assert len(both) == len(bank) == len(alone)
    for column in ("fecha", "cliente_id", "tipo_transaccion", "monto", "rubro", "tarjeta_id", "contraparte"):
        assert both[column].equals(both[f"{column}_alone"].rename(column)), column
