"""Properties of the shop in every world: design section 4."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from client360.simulate import BLOCK, World, calendar, shop
from client360.simulate.catalog import depots, great_circle_km
from client360.simulate.facts import Position, world_facts
from client360.simulate.people import Population
from client360.simulate.simulation import Block, Company, effects, parts, simulate
from client360.simulate.stock import Tally
from client360.warehouse import models
from client360.warehouse.models import base

INICIO = date(2025, 1, 1)
JUNE = date(2025, 6, 1), date(2025, 6, 30)
OF_CUSTOMERS = ("transacciones", "ventas", "detalle_ventas", "envios", "contactos_campania")
WORLD = World(seed=7, customers=BLOCK + 200, first_day=INICIO)


def month(number: int, year: int = 2025) -> tuple[date, date]:
    first = date(year, number, 1)
    return first, first.replace(day=calendar.month_days(calendar.month_number(first)))


def rows(world: World, *ranges: tuple[date, date]) -> dict[str, pa.Table]:
    """The rows of all entities, in the order in which they stand in a landing file."""
    found = defaultdict(list)
    for part in parts(world):
        for days in ranges:
            for entity, table in part.rows(*days).items():
                found[entity].append(table)
    return {entity: pa.concat_tables(tables) for entity, tables in found.items()}


def of_days(table: pa.Table, first: date, last: date) -> pa.Table:
    return table.filter(
        pc.and_(pc.greater_equal(table["fecha"], pa.scalar(first)), pc.less_equal(table["fecha"], pa.scalar(last)))
    )


def frame(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas(date_as_object=False)


@pytest.fixture(scope="module")
def year() -> dict[str, pa.Table]:
    """A year of a world of two blocks, the second one not full."""
    return rows(WORLD, *(month(number) for number in range(1, 13)))


@pytest.fixture(scope="module")
def orders(year: dict[str, pa.Table]) -> pd.DataFrame:
    """One row for each order of the year with the days of its later states, as far as they lie in the year."""
    known = frame(year["ventas"])
    found = known[known.estado == "completada"].set_index("venta_id")
    for state, day in (("cancelada", "cancelled"), ("devuelta", "returned")):
        found[day] = known[known.estado == state].set_index("venta_id").fecha
    shipments = frame(year["envios"])
    for state in ("despachado", "entregado"):
        found[state] = shipments[shipments.estado == state].set_index("venta_id").fecha
    return found


@pytest.fixture(scope="module")
def lines(year: dict[str, pa.Table]) -> pd.DataFrame:
    found = frame(year["detalle_ventas"])
    cents = found.precio_unitario.map(lambda amount: int(amount * 100)) * found.cantidad
    return found.assign(cents=cents - found.descuento.map(lambda amount: int(amount * 100)))


# --- the contract


def test_every_entity_has_the_columns_of_its_model(year: dict[str, pa.Table]) -> None:
    for entity, model in models.LANDING.items():
        assert year[entity].column_names == models.columns(model), entity
        assert year[entity].num_rows > 0
    assert set(year) == set(models.LANDING)


def test_no_word_needs_a_quote_in_a_csv_file(year: dict[str, pa.Table]) -> None:
    for entity, table in year.items():
        for name in table.column_names:
            if table[name].type == pa.string():
                assert not pc.any(pc.match_substring_regex(table[name], '[,"\n]')).as_py(), (entity, name)


@pytest.mark.parametrize("entity", models.LANDING)
def test_keys_are_unique(entity: str, year: dict[str, pa.Table]) -> None:
    key = list(models.LANDING[entity].__mapper_args__["primary_key"])
    assert year[entity].group_by(key).aggregate([]).num_rows == year[entity].num_rows


def test_ids_are_unique_and_built_from_what_they_belong_to(year: dict[str, pa.Table], orders: pd.DataFrame) -> None:
    for entity, column in (("transacciones", "transaccion_id"), ("movimientos_stock", "movimiento_id")):
        assert pc.count_distinct(year[entity][column]).as_py() == year[entity].num_rows
    assert orders.index.is_unique
    digits = orders.cliente_id.str[1:] + orders.fecha.dt.strftime("%y%m")
    assert (orders.index.str[1:14] == digits).all()
    assert orders.index.str.fullmatch(r"V\d{16}").all()
    assert frame(year["productos"]).producto_id.str.fullmatch(r"P\d{5}").all()
    campaigns = frame(year["campanias"])
    assert (campaigns.campania_id.str[1:5] == campaigns.fecha.dt.strftime("%y%m")).all()


def test_enumerations_are_those_of_the_models(year: dict[str, pa.Table]) -> None:
    for entity, column, words in (
        ("ventas", "metodo_pago", base.METODOS_PAGO),
        ("ventas", "estado", base.ESTADOS_VENTA),
        ("envios", "estado", base.ESTADOS_ENVIO),
        ("contactos_campania", "grupo", base.GRUPOS_CAMPANIA),
        ("movimientos_stock", "tipo", base.TIPOS_STOCK),
    ):
        assert set(year[entity][column].unique().to_pylist()) == set(words)


# --- random access


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
            key = list(models.LANDING[entity].__mapper_args__["primary_key"])
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
    whole, alone = rows(WORLD, JUNE), Block(Population(WORLD, 1)).rows(*JUNE)
    for entity in OF_CUSTOMERS:
        assert alone[entity].num_rows > 0
        assert whole[entity].slice(whole[entity].num_rows - alone[entity].num_rows).equals(alone[entity])


def test_what_belongs_to_no_customer_is_the_same_without_walking_the_blocks() -> None:
    company = Company(WORLD, Tally(WORLD)).rows(*JUNE)
    for entity, table in company.items():
        whole = rows(WORLD, JUNE)[entity]
        assert whole.slice(whole.num_rows - table.num_rows).equals(table)


def test_walking_month_by_month_draws_each_plan_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    draw = shop.plan
    monkeypatch.setattr(
        shop, "plan", lambda population, at: drawn.append((population.block, at)) or draw(population, at)
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


# --- one entity more


@pytest.mark.parametrize(("smaller", "larger"), [(300, 301), (BLOCK, BLOCK + 1)])
def test_one_more_customer_changes_no_row_of_the_others(smaller: int, larger: int) -> None:
    few, more = (rows(World(seed=7, customers=size, first_day=INICIO), JUNE) for size in (smaller, larger))
    for entity in OF_CUSTOMERS:
        # cliente_id: "C", two digits of the generation, seven of the place
        place = pc.cast(pc.utf8_slice_codeunits(more[entity]["cliente_id"], 3), pa.int64())
        assert more[entity].filter(pc.less_equal(place, smaller)).equals(few[entity])
    assert more["productos"].equals(few["productos"])
    # a budget is planned for the blocks that the world begins to fill
    columns = [name for name in few["campanias"].column_names if smaller < BLOCK or name != "presupuesto"]
    assert more["campanias"].select(columns).equals(few["campanias"].select(columns))
    mine = frame(few["movimientos_stock"]).set_index("movimiento_id")
    theirs = frame(more["movimientos_stock"]).set_index("movimiento_id")
    moved = mine[mine.tipo.isin(["venta", "devolucion"])]
    assert theirs.loc[moved.index].equals(moved)


def test_one_more_product_changes_only_the_lines_that_pick_it(facts: dict, declare: Callable[[dict], None]) -> None:
    before = rows(WORLD, JUNE)
    for _ in range(40):  # until one that is on sale and sells
        facts["shop"]["catalog"]["products"] += 1
        declare(facts)
        after = rows(WORLD, JUNE)
        new = f"P{facts['shop']['catalog']['products']:05}"
        if new in after["detalle_ventas"]["producto_id"].to_pylist():
            break
        before = after
    few, more = (frame(table["detalle_ventas"]).set_index(["venta_id", "linea"]) for table in (before, after))
    picked = more.producto_id == new
    assert 0 < picked.sum() < len(more) / 10
    assert few.index.equals(more.index)
    assert more[~picked].equals(few[~picked])
    touched = set(more[picked].index.get_level_values("venta_id"))
    for entity in ("ventas", "envios"):
        one, other = (frame(table[entity]) for table in (before, after))
        assert one[~one.venta_id.isin(touched)].equals(other[~other.venta_id.isin(touched)])
    one, other = (frame(table["productos"]) for table in (before, after))
    assert other[other.producto_id != new].reset_index(drop=True).equals(one)


def test_the_shop_changes_no_other_movement_of_the_bank(
    facts: dict, declare: Callable[[dict], None], year: dict[str, pa.Table]
) -> None:
    with_shop = frame(year["transacciones"])
    facts["shop"]["orders"]["per_month"] = 0
    declare(facts)
    without = frame(rows(WORLD, *(month(number) for number in range(1, 13)))["transacciones"])
    assert without.venta_id.isna().all()
    bank = with_shop[with_shop.venta_id.isna()]
    both = bank.merge(without, on="transaccion_id", suffixes=("", "_alone"))
    assert len(both) == len(bank)
    for column in ("fecha", "cliente_id", "tipo_transaccion", "monto", "rubro"):
        assert both[column].equals(both[f"{column}_alone"].rename(column)), column
    # what is bought in the shop stands in the place of another purchase, where there are any
    counts = {}
    for name, found in (("with", with_shop), ("without", without)):
        bought = found[found.tipo_transaccion == "compra_tarjeta"]
        counts[name] = bought.groupby(["cliente_id", bought.fecha.dt.month]).size()
    in_shop = with_shop[with_shop.rubro == "tienda"]
    in_shop = in_shop.groupby(["cliente_id", in_shop.fecha.dt.month]).size()
    joined = pd.concat({**counts, "in_shop": in_shop}, axis=1).fillna(0)
    assert (joined["with"] == joined[["without", "in_shop"]].max(axis=1)).all()
    other = [kind for kind in without.tipo_transaccion.unique() if kind != "compra_tarjeta"]
    assert len(bank[bank.tipo_transaccion.isin(other)]) == len(without[without.tipo_transaccion.isin(other)])


# --- coherent


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


def test_a_state_may_fall_two_months_after_the_order(facts: dict, declare: Callable[[dict], None]) -> None:
    facts["shop"]["orders"].update(returned=0.9, return_days=[28, 28])
    declare(facts)
    march = frame(rows(WORLD, month(3))["ventas"])
    back = march[march.estado == "devuelta"]
    assert {1, 2} <= set(back.fecha_venta.dt.month)
    walked = frame(rows(WORLD, month(1), month(2), month(3))["movimientos_stock"])
    alone = frame(rows(WORLD, month(3))["movimientos_stock"])
    walked = walked[walked.fecha >= "2025-03-01"].set_index("movimiento_id").sort_index()
    assert walked.equals(alone.set_index("movimiento_id").sort_index())
    assert (alone.tipo == "ajuste").any()


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
    placed = pd.merge_asof(orders.sort_values("fecha"), versions, on="fecha", by="cliente_id")
    assert (placed.provincia == placed.provincia_envio).all()


# --- one set of books


def test_card_purchases_in_the_shop_stand_in_the_bank(year: dict[str, pa.Table], orders: pd.DataFrame) -> None:
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


# --- campaigns


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
    facts: dict, declare: Callable[[dict], None], orders: pd.DataFrame
) -> None:
    for channel in facts["shop"]["campaigns"]["channels"].values():
        channel["uplift"] = 0
    declare(facts)
    found = frame(rows(WORLD, JUNE)["ventas"])
    found = found[found.estado == "completada"].set_index("venta_id")
    june = orders[(orders.fecha.dt.month == 6) & (orders.index.str[14].astype(int) < 5)]
    assert set(found.index) == set(june.index)
    assert (found.total.loc[june.index] == june.total).all()


# --- stock


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
    back = lines[lines.venta_id.isin(undone.index)]
    for kind, sign, which, days in (
        ("venta", -1, lines, lines.fecha),
        ("devolucion", 1, back, back.venta_id.map(undone)),
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


# --- products


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


def test_no_order_can_outlive_the_two_months_after_it() -> None:
    shortest = min(calendar.month_days(at + 1) + calendar.month_days(at + 2) for at in range(2025 * 12, 2027 * 12))
    assert shortest == shop.LONGEST
    for block in simulate(WORLD):
        for at in range(2025 * 12, 2025 * 12 + 12):
            orders = block.plan(at).orders
            last = np.where(orders.undone < 10**6, orders.undone, orders.delivered)
            assert (last - orders.day).max() <= shop.LONGEST


def test_a_world_whose_orders_could_last_longer_is_refused(facts: dict, declare: Callable[[dict], None]) -> None:
    facts["shop"]["orders"]["return_days"] = [2, 60]
    declare(facts)
    with pytest.raises(ValueError, match="59 is the most"):
        rows(World(seed=7, customers=10, first_day=INICIO), JUNE)


def test_the_depots_serve_everybody() -> None:
    assert depots().served.sum() == pytest.approx(1)
    assert (depots().served > 0).all()
