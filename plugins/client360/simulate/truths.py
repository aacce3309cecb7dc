"""What is true in a world and no landing file tells: who is about to leave, what moves whom, what prices do.

For grading what is learnt from the published files; never loaded. Columns are listed in docs/truths.md.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from client360.simulate import calendar
from client360.simulate.arrays import Codes, Days
from client360.simulate.bank.default import default_day, default_probability
from client360.simulate.bank.roster import draw_roster
from client360.simulate.columns import dates, ids, money, names
from client360.simulate.facts import world_facts
from client360.simulate.people import Generation, Population
from client360.simulate.people.stay import leaving_probability
from client360.simulate.shop.buyers import buyers, response_at
from client360.simulate.shop.campaigns import GROUPS, campaigns
from client360.simulate.shop.catalog import catalog, producto_ids
from client360.simulate.shop.demand import assigned, uplifts, usual_orders
from client360.simulate.shop.depots import depots
from client360.simulate.shop.orders import Orders
from client360.simulate.simulation import Block
from client360.simulate.world import World

HORIZON = 90
"""Days within which somebody leaves or stays."""


def clientes(population: Population, last: int) -> pa.Table:
    """Traits and leanings of all who have been customers by day `last`, a row each."""
    return _of_generations(population, last, _leanings)


def _leanings(generation: Generation, rows: Codes, last: int) -> pa.Table:
    leanings = generation.leanings
    age = (last - generation.birth[rows]) / 365.2425
    return pa.table(
        {
            "cliente_id": generation.cliente_id.take(pa.array(rows)),
            **{f"rasgo_{TRAITS[name]}": generation.traits[name][rows] for name in TRAITS},
            "pedidos_relativos": leanings.orders[rows],
            "sensibilidad_precio": leanings.sensitivity[rows],
            "respuesta_campanias": leanings.response[rows] * response_at(age),
            "perdida_por_demora": leanings.loss[rows],
        }
    )


TRAITS = {
    "income": "ingreso",
    "thrift": "ahorro",
    "stress": "estres",
    "appetite": "consumo",
    "price_sensitivity": "precio",
    "patience": "paciencia",
    "restlessness": "inquietud",
    "digital": "digital",
    "credit": "credito",
    "response": "respuesta",
}
"""What each trait of world.yaml is called in a file."""


def gustos(population: Population, last: int) -> pa.Table:
    """Demand for each category relative to the mean customer's, a row for each customer by day `last` and category."""
    return _of_generations(population, last, _tastes)


def _tastes(generation: Generation, rows: Codes, last: int) -> pa.Table:
    categories = list(world_facts().shop.catalog.categories)
    code = np.tile(np.arange(len(categories)), len(rows))
    return pa.table(
        {
            "cliente_id": generation.cliente_id.take(pa.array(np.repeat(rows, len(categories)))),
            "categoria": names(code, categories),
            "gusto": generation.leanings.tastes[:, rows].T.ravel(),
        }
    )


def bajas(population: Population, last: int) -> pa.Table:
    """Probability to leave within HORIZON days, for each customer and spell of days up to `last` on which it is the same."""
    return _of_generations(population, last, _leaving)


def _leaving(generation: Generation, rows: Codes, last: int) -> pa.Table:
    start, fading = generation.start[rows], np.minimum(generation.fading[rows], generation.left[rows])
    end = np.minimum(generation.left[rows] - 1, last)
    spells = [(np.zeros(len(rows), bool), start, np.minimum(fading - 1, end)), (np.ones(len(rows), bool), fading, end)]
    restlessness = generation.traits["restlessness"][rows]
    tables = []
    for about_to_leave, since, until in spells:
        holds = np.flatnonzero(since <= until)
        tables.append(
            pa.table(
                {
                    "cliente_id": generation.cliente_id.take(pa.array(rows[holds])),
                    "desde": dates(since[holds]),
                    "hasta": dates(until[holds]),
                    "por_irse": about_to_leave[holds],
                    "probabilidad_baja_90d": leaving_probability(restlessness, about_to_leave, HORIZON)[holds],
                }
            )
        )
    return pa.concat_tables(tables)


def moras(population: Population, last: int) -> pa.Table:
    """Probability of customers of day `last` to stop paying within HORIZON days, and since when they have, a row each."""
    return _of_generations(population, last, _defaulting)


def _defaulting(generation: Generation, rows: Codes, last: int) -> pa.Table:
    rows = rows[generation.left[rows] > last]
    since = default_day(generation.books)[rows]
    likely = default_probability(generation.books, last, HORIZON)[rows]
    return pa.table(
        {
            "cliente_id": generation.cliente_id.take(pa.array(rows)),
            "en_mora_desde": _known(since, last),
            "probabilidad_mora_90d": np.where(since <= last, 1.0, likely),
        }
    )


RESPUESTAS = pa.schema(
    {
        **dict.fromkeys(("campania_id", "cliente_id", "grupo"), pa.string()),
        **dict.fromkeys(("pedidos_usuales", "aumento", "pedidos_adicionales"), pa.float64()),
    }
)


def respuestas(population: Population, last: int) -> pa.Table:
    """What each campaign that began by day `last` adds, or would have added, to the orders of each of its customers."""
    tables = [RESPUESTAS.empty_table()]  # a history may begin after the campaigns of its month
    for month in _months(population.world, last):
        roster = draw_roster(population, month)
        shop = buyers(roster)
        for campaign, group in assigned(roster).items():
            rows = np.flatnonzero((group >= 0) & roster.shown & (campaign.first <= last))
            slows = np.where(campaign.first >= roster.fading, world_facts().shop.orders.fading, 1.0)
            usual = usual_orders(shop, campaign) * slows
            tables.append(
                pa.table(
                    {
                        "campania_id": ids("K", np.full(len(rows), campaign.code), 5),
                        "cliente_id": roster.cliente_id.take(pa.array(rows)),
                        "grupo": names(group[rows], GROUPS),
                        "pedidos_usuales": usual[rows],
                        "aumento": uplifts(shop, campaign)[rows],
                        "pedidos_adicionales": (usual * uplifts(shop, campaign))[rows],
                    }
                )
            )
    return pa.concat_tables(tables)


def ventas_perdidas(population: Population, last: int) -> pa.Table:
    """Lines that customers would have bought by day `last`, had there been stock, a row each."""
    block, tables = Block(population), []
    for month in _months(population.world, last):
        lost = block.plan(month).lost
        rows = np.flatnonzero(lost.day <= last)
        tables.append(
            pa.table(
                {
                    "fecha": dates(lost.day[rows]),
                    "cliente_id": ids("C", lost.customer[rows], 9),
                    "producto_id": producto_ids(lost.product[rows]),
                    "deposito": names(lost.depot[rows], depots().names),
                    "cantidad": lost.units[rows],
                }
            )
        )
    return pa.concat_tables(tables)


def efectos(population: Population, last: int) -> pa.Table:
    """What the customers of a twin ordered by day `last` beyond what those of its original did, a row for each customer and month
    in which that differs; without rows where the world is no twin."""
    found: list[Codes] = [np.empty((6, 0), dtype=np.int64)]
    if population.world.intervention:
        original = replace(population.world, intervention=None)
        blocks = Block(population), Block(Population(original, population.block))
        for month in _months(population.world, last):
            made, before = (_ordered(block.plan(month).orders, last) for block in blocks)
            before[1:] *= -1
            customer, *figures = np.concatenate([made, before], axis=1)
            customers, row = np.unique(customer, return_inverse=True)
            # sums of cents, which a float holds exactly
            sums = np.array([np.bincount(row, figure, len(customers)) for figure in figures]).astype(np.int64)
            first = np.full_like(customers, calendar.day_number(calendar.month_start(month)))
            found.append(np.stack([customers, first, *sums])[:, sums.any(axis=0)])
    customer, first, orders, units, amount, kept = np.concatenate(found, axis=1)
    return pa.table(
        {
            "cliente_id": ids("C", customer, 9),
            "mes": dates(first),
            "pedidos": pa.array(orders),
            "unidades": pa.array(units),
            "monto": money(amount),
            "monto_conservado": money(kept),
        }
    )


def _ordered(orders: Orders, last: int) -> Codes:
    """Customer, 1, units, total and what is kept of it, in cents, of each order by day `last`; shape (5, orders)."""
    units = np.bincount(orders.line_order, orders.units, len(orders.day)).astype(np.int64)
    kept = np.where(orders.undone > last, orders.total, 0)
    return np.stack([orders.customer, np.ones_like(units), units, orders.total, kept])[:, orders.day <= last]


def productos(world: World, last: int) -> pa.Table:
    """Elasticity and days of sale of the products that have been on sale by day `last`."""
    products = catalog(world)
    rows = np.flatnonzero(products.launched <= last)
    withdrawn = products.withdrawn[rows]
    return pa.table(
        {
            "producto_id": producto_ids(rows),
            "categoria": names(products.category[rows], list(world_facts().shop.catalog.categories)),
            "elasticidad": -products.elasticity[rows],
            "retirado": _known(withdrawn, last),
        }
    )


def campanias(world: World, last: int) -> pa.Table:
    """The declared uplift of the campaigns that began by day `last`."""
    known = [each for month in _months(world, last) for each in campaigns(world, month) if each.first <= last]
    return pa.table(
        {
            "campania_id": ids("K", np.array([each.code for each in known], dtype=np.int64), 5),
            "aumento": pa.array([each.uplift for each in known], pa.float64()),
        }
    )


OF_CUSTOMERS: dict[str, Callable[[Population, int], pa.Table]] = {
    "clientes": clientes,
    "gustos": gustos,
    "bajas": bajas,
    "moras": moras,
    "respuestas": respuestas,
    "ventas_perdidas": ventas_perdidas,
    "efectos": efectos,
}
"""The truths about customers, by the name of their file: functions of the population of a block and the last day."""
OF_COMPANY: dict[str, Callable[[World, int], pa.Table]] = {"productos": productos, "campanias": campanias}
"""The truths that belong to no customer: functions of the world and the last day."""


def _months(world: World, last: int) -> range:
    return range(calendar.month_number(world.first_day), calendar.month_number(calendar.date_of(last)) + 1)


def _known(days: Days, last: int) -> pa.Array:
    """Dates of those of the days that are past by day `last`, null for the others."""
    return pa.array(np.where(days <= last, days, 0).astype(np.int32), mask=days > last).view(pa.date32())


def _of_generations(population: Population, last: int, table: Callable[[Generation, Codes, int], pa.Table]) -> pa.Table:
    """The tables of the persons of each generation that the world holds and who have joined by day `last`."""
    found = []
    for generation in population.generations(last):
        stays = (generation.start <= last) & (generation.left > generation.start)
        rows = np.flatnonzero(stays & (generation.slots <= population.world.customers))
        found.append(table(generation, rows, last))
    return pa.concat_tables(found)
