"""The answer key against sums that must agree in every world."""

import statistics
from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from client360.simulate import World
from proof.answers import RELATIONS, answers, cliente_360
from proof.history import History

WORLD = World(seed=11, customers=150, first_day=date(2025, 3, 12))
FECHA = date(2026, 3, 18)
"""A year and some days later, in the thirteenth month."""

Row = dict[str, Any]


@pytest.fixture(scope="module")
def history() -> History:
    return History.read(WORLD, FECHA)


@pytest.fixture(scope="module")
def people() -> list[Row]:
    return cliente_360(WORLD, FECHA).to_dict("records")


@pytest.fixture(scope="module")
def relations() -> dict[str, list[Row]]:
    return {name: frame.to_dict("records") for name, frame in answers(WORLD, FECHA).items()}


def kept_sales(history: History) -> list[Row]:
    """The first state of each order that was neither cancelled nor returned; its total does not come from its lines."""
    undone = {row["venta_id"] for row in history.rows("ventas") if row["estado"] in ("cancelada", "devuelta")}
    first = {row["venta_id"]: row for row in history.rows("ventas") if row["estado"] in ("completada", "creada")}
    return [row for key, row in first.items() if key not in undone]


def _by_rank(row: Row) -> tuple:
    return row["unidades_devueltas"] - row["unidades"], -row["ingresos_netos"], row["producto_id"]


def test_every_relation_has_its_columns_and_months(relations: dict[str, list[Row]]) -> None:
    months = {date(2025, month, 1) for month in range(3, 13)} | {date(2026, month, 1) for month in range(1, 4)}
    for name, rows in relations.items():
        assert list(rows[0]) == RELATIONS[name][1]
        if "mes" in rows[0]:
            assert {row["mes"] for row in rows} == months, name


def test_the_answers_earn_what_the_orders_cost(relations: dict[str, list[Row]], history: History) -> None:
    # thirteen months are the whole history
    sales = kept_sales(history)
    total = sum(sale["total"] for sale in sales)
    charged = sum(sale["cargo_envio"] for sale in sales)
    assert sum(row["ingresos"] for row in relations["rentabilidad_mensual"]) == total + charged > total
    assert sum(row["ingresos"] for row in relations["ventas_por_canal"]) == total
    assert sum(row["cargo_envio"] or 0 for row in relations["ventas_por_canal"]) == charged
    buyers = relations["clientes_nuevos_recurrentes"]
    parts = ("ingresos_nuevos", "ingresos_recurrentes", "ingresos_sin_cliente")
    assert sum(row[part] for row in buyers for part in parts) == total
    assert sum(row["nuevos"] for row in buyers) == len({sale["cliente_id"] for sale in sales} - {None})
    nobody = sum(sale["total"] for sale in sales if sale["cliente_id"] is None)
    assert sum(row["ingresos_sin_cliente"] for row in buyers) == nobody > 0
    # of what came back, too
    undone = {row["venta_id"] for row in history.rows("ventas") if row["estado"] in ("cancelada", "devuelta")}
    back = sum(row["monto"] for row in history.rows("devoluciones") if row["venta_id"] not in undone)
    assert sum(row["devoluciones"] for row in relations["rentabilidad_mensual"]) == back > 0
    assert sum(row["ingresos_netos"] for row in relations["rentabilidad_mensual"]) == total + charged - back
    assert sum(row["ingresos_netos"] for row in relations["ventas_por_canal"]) == total - back


def test_a_category_with_few_products_sold_lists_all_that_it_earned(relations: dict[str, list[Row]]) -> None:
    listed = defaultdict(list)
    for row in relations["productos_mas_vendidos"]:
        listed[row["categoria"], row["mes"]].append(row)
    earned = {(row["categoria"], row["mes"]): row for row in relations["rentabilidad_mensual"]}
    assert {len(rows) == 10 for rows in listed.values()} == {True, False}
    for key, rows in listed.items():
        assert [row["puesto"] for row in rows] == list(range(1, len(rows) + 1))
        assert rows == sorted(rows, key=_by_rank)
        if len(rows) < 10:
            assert sum(row["ingresos"] for row in rows) == earned[key]["ingresos"]
            # what nobody bought in the month can come back in it
            all_of_it = sum(row["devoluciones"] for row in rows) == earned[key]["devoluciones"]
            assert not all_of_it or sum(row["margen"] or 0 for row in rows) == (earned[key]["margen"] or 0)


def test_change_is_computed_between_whole_months_only(relations: dict[str, list[Row]]) -> None:
    changes = {row["mes"] for row in relations["rentabilidad_mensual"] if row["variacion_ingresos_pct"] is not None}
    # March 2025 begins on the 12th, March 2026 ends on the 18th
    assert changes == {date(2025, month, 1) for month in range(5, 13)} | {date(2026, month, 1) for month in (1, 2)}


def test_what_left_the_depots_was_ordered_and_what_was_delivered_is_counted(
    relations: dict[str, list[Row]], history: History
) -> None:
    ordered = sum(line["cantidad"] for line in history.rows("detalle_ventas"))
    assert sum(row["unidades_vendidas"] for row in relations["rotacion_stock"]) == ordered
    delivered = sum(row["estado"] == "entregado" for row in history.rows("envios"))
    assert sum(row["entregas"] for row in relations["demoras_logisticas"]) == delivered


def test_campaigns_agree_with_another_way_to_count(relations: dict[str, list[Row]], history: History) -> None:
    contacts = list(history.rows("contactos_campania"))
    for row in relations["impacto_campanias"]:
        orders = Counter(
            sale["cliente_id"]
            for sale in kept_sales(history)
            if row["fecha_inicio"] <= sale["fecha_venta"] <= row["fecha_fin"]
        )
        mine = [contact for contact in contacts if contact["campania_id"] == row["campania_id"]]
        treated, control = (
            [float(orders[contact["cliente_id"]]) for contact in mine if contact["grupo"] == group]
            for group in ("tratamiento", "control")
        )
        assert (row["contactados"], row["control"]) == (len(treated), len(control))
        difference = statistics.mean(treated) - statistics.mean(control)
        error = (
            1.96 * (statistics.variance(treated) / len(treated) + statistics.variance(control) / len(control)) ** 0.5
        )
        low, high = (len(treated) * (difference + sign * error) for sign in (-1, 1))
        assert float(row["pedidos_incrementales_desde"]) == pytest.approx(low, abs=0.006)
        assert float(row["pedidos_incrementales_hasta"]) == pytest.approx(high, abs=0.006)
        assert row["exito"] == (low > 0)


def test_customers_have_spent_what_their_orders_cost(people: list[Row], history: History) -> None:
    spent: Counter[str] = Counter()
    for sale in kept_sales(history):
        if sale["fecha_venta"] > date(2025, 3, 18):
            spent[sale["cliente_id"]] += sale["total"]
    assert [row["monto_compras_12m"] for row in people] == [spent[row["cliente_id"]] for row in people]
    assert any(sale["fecha_venta"] <= date(2025, 3, 18) for sale in kept_sales(history)), "nothing lies before the year"


def test_provinces_hold_the_customers_of_today_and_of_a_year_ago(
    people: list[Row], relations: dict[str, list[Row]]
) -> None:
    for name, rows in (
        ("clientes", people),
        ("clientes_hace_12m", cliente_360(WORLD, FECHA - timedelta(days=365)).to_dict("records")),
    ):
        living = Counter(row["provincia"] for row in rows)
        assert {row["provincia"]: row[name] for row in relations["distribucion_geografica"] if row[name]} == living
    ranked = sorted(relations["distribucion_geografica"], key=lambda row: row["puesto"])
    assert [row["puesto"] for row in ranked] == list(range(1, 25))
    potential = [row["ingresos_potenciales"] for row in ranked]
    assert potential == sorted(potential, reverse=True)
    assert len(set(potential)) > 3
    earlier = World(WORLD.seed, 20, FECHA - timedelta(days=364))
    assert set(answers(earlier, FECHA)["distribucion_geografica"]["clientes_hace_12m"]) == {None}


def test_an_order_counts_until_the_day_on_which_it_is_undone(history: History) -> None:
    before = FECHA - timedelta(days=20)
    undone = [
        row for row in history.rows("ventas") if row["estado"] in ("cancelada", "devuelta") and row["fecha"] > before
    ]
    lost = [row for row in undone if row["fecha_venta"] <= before]
    earlier = [order for order in history.orders if order.day <= before]
    assert lost
    assert len(History.read(WORLD, before).orders) == len(earlier) + len(lost)
