"""The landing files of the shop's customers: orders, their lines and shipments, and the contacts of campaigns.

Rows are ordered by customer and day: the order of the facts' keys, in which they load fastest.
"""

import numpy as np
import pyarrow as pa

from client360.simulate.arrays import Codes, Days
from client360.simulate.columns import dates, dates_or_null, ids, ids_or_null, money, names
from client360.simulate.facts import world_facts
from client360.simulate.people.geography import geography
from client360.simulate.shop.campaigns import GROUPS
from client360.simulate.shop.catalog import producto_ids
from client360.simulate.shop.depots import depots
from client360.simulate.shop.orders import Orders
from client360.simulate.shop.plan import Plan

ORDER_STATES = ["completada", "cancelada", "devuelta"]
SHIPMENT_STATES = ["preparacion", "despachado", "entregado", "cancelado"]


def _on(days: Days, first: int, last: int) -> Codes:
    """Indices of the rows dated between the two days, both included."""
    return np.flatnonzero((days >= first) & (days <= last))


def _by_customer_and_day(customer: Codes, day: Days, first: int) -> Codes:
    """Rows by customer and day; all days lie within a month of day `first`."""
    return np.argsort(customer * 32 + day - first, kind="stable")


def _states(orders: Orders, reached: list[Days], first: int, last: int) -> tuple[Codes, Days, Codes]:
    """Order, day and state of what became known from `first` to `last`; all of shape (rows,).

    `reached` holds the day on which each order reaches each state: arrays of shape (orders,).
    """
    rows = [_on(days, first, last) for days in reached]
    row = np.concatenate(rows)
    day = np.concatenate([days[which] for days, which in zip(reached, rows, strict=True)])
    state = np.repeat(np.arange(len(reached)), [len(which) for which in rows])
    order = _by_customer_and_day(orders.customer[row], day, first)
    return row[order], day[order], state[order]


def ventas(orders: Orders, first: int, last: int) -> pa.Table:
    """Rows of the landing file `ventas` from day `first` to day `last`, which lie in one month."""
    row, day, state = _states(orders, [orders.day, orders.cancelled, orders.returned], first, last)
    return pa.table(
        {
            "venta_id": ids("V", orders.number[row], 16),
            "fecha": dates(day),
            "fecha_venta": dates(orders.day[row]),
            "cliente_id": ids("C", orders.customer[row], 9),
            "metodo_pago": names(orders.payment[row], list(world_facts().shop.orders.payment_methods)),
            "provincia_envio": names(orders.province[row], geography().provinces),
            "campania_id": ids_or_null("K", orders.campaign[row], 5),
            "estado": names(state, ORDER_STATES),
            "total": money(orders.total[row]),
        }
    )


def detalle_ventas(orders: Orders, first: int, last: int) -> pa.Table:
    """Rows of the landing file `detalle_ventas` from day `first` to day `last`, which lie in one month."""
    rows = _on(orders.day[orders.line_order], first, last)
    row = orders.line_order[rows]
    rows = rows[_by_customer_and_day(orders.customer[row], orders.day[row], first)]
    row = orders.line_order[rows]
    return pa.table(
        {
            "venta_id": ids("V", orders.number[row], 16),
            "linea": pa.array(orders.line[rows]),
            "fecha": dates(orders.day[row]),
            "cliente_id": ids("C", orders.customer[row], 9),
            "producto_id": producto_ids(orders.product[rows]),
            "cantidad": pa.array(orders.units[rows]),
            "precio_unitario": money(orders.price[rows]),
            "descuento": money(orders.discount[rows]),
        }
    )


def envios(orders: Orders, first: int, last: int) -> pa.Table:
    """Rows of the landing file `envios` from day `first` to day `last`, which lie in one month."""
    reached = [orders.day, orders.dispatched, orders.delivered, orders.cancelled]
    row, day, state = _states(orders, reached, first, last)
    dispatched, delivered = orders.dispatched[row], orders.delivered[row]
    return pa.table(
        {
            "venta_id": ids("V", orders.number[row], 16),
            "fecha": dates(day),
            "cliente_id": ids("C", orders.customer[row], 9),
            "deposito": names(orders.depot[row], depots().names),
            "estado": names(state, SHIPMENT_STATES),
            "fecha_despacho": dates_or_null(dispatched, dispatched <= day),
            "fecha_prometida": dates(orders.promised[row]),
            "fecha_entrega": dates_or_null(delivered, delivered <= day),
            "costo_envio": money(orders.shipping[row]),
        }
    )


def contactos_campania(plan: Plan, first: int, last: int) -> pa.Table:
    """Rows of the landing file `contactos_campania` from day `first` to day `last`, which lie in the month of the plan."""
    rows = [
        np.stack([persons, np.full_like(persons, campaign.code), np.full_like(persons, campaign.first), group[persons]])
        for campaign, group in plan.groups.items()
        if first <= campaign.first <= last
        for persons in [np.flatnonzero((group >= 0) & plan.roster.shown)]
    ]
    person, code, day, group = np.concatenate([np.empty((4, 0), dtype=np.int64), *rows], axis=1)
    order = _by_customer_and_day(person, day, first)
    return pa.table(
        {
            "campania_id": ids("K", code[order], 5),
            "fecha": dates(day[order]),
            "cliente_id": plan.roster.cliente_id.take(pa.array(person[order])),
            "grupo": names(group[order], GROUPS),
        }
    )
