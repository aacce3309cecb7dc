"""The landing files of the shop's customers: orders, their lines and shipments, what comes back,
their payments, and the contacts of campaigns.

Rows are ordered by customer and day: the order of the facts' keys, in which they load fastest.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from client360.simulate.arrays import NEVER, Codes, Days
from client360.simulate.columns import dates, dates_or_null, ids, ids_or_null, moments, money, names
from client360.simulate.facts import world_facts
from client360.simulate.people.geography import geography
from client360.simulate.shop.campaigns import GROUPS
from client360.simulate.shop.catalog import producto_ids
from client360.simulate.shop.depots import depots
from client360.simulate.shop.orders import Orders
from client360.simulate.shop.payments import Payment, payments
from client360.simulate.shop.plan import Plan

ORDER_STATES = [
    *("completada", "creada", "aprobada", "facturada", "despachada", "entregada"),
    *("cancelada", "devuelta"),
]
PAYMENT_STATES = ["rechazado", "aprobado", "reembolsado"]
REJECTED, APPROVED, REFUNDED = range(len(PAYMENT_STATES))
SHIPMENT_STATES = ["preparacion", "despachado", "entregado", "cancelado"]


class Stage(NamedTuple):
    """What becomes of one of the payments of each order; arrays of shape (orders,)."""

    digit: int
    """The last one of pago_id."""
    state: int
    payment: Payment
    day: Days
    time: Codes
    """Second of that day."""
    amount: Codes
    """Cents; 0 where nothing becomes of it."""


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
    # of the others, no steps are told; all are invoiced when dispatched
    steps = (orders.day, orders.approved, orders.dispatched, orders.dispatched, orders.delivered)
    told = [np.where(orders.waits, days, NEVER) for days in steps]
    reached = [np.where(orders.waits, NEVER, orders.day), *told, orders.cancelled, orders.returned]
    row, day, state = _states(orders, reached, first, last)
    ordered, dispatched, undone = orders.ordered_second, orders.dispatched_second, orders.undone_second
    seconds = np.stack(
        [ordered, ordered, orders.approved_second, dispatched, dispatched, orders.delivered_second, undone, undone]
    )
    in_branch = orders.seller[row] >= 0
    branches = list(world_facts().shop.shipping.depots.values())
    # a branch is where it is, whatever depot ships
    branch = depots().nearest[orders.province[row]]
    employee = (branch + 1) * 100 + orders.seller[row] + 1
    return pa.table(
        {
            "venta_id": ids("V", orders.number[row], 16),
            "fecha": dates(day),
            "fecha_venta": dates(orders.day[row]),
            "cliente_id": ids_or_null("C", orders.known_customer[row], 9),
            # an order paid by two methods has none of its own
            "metodo_pago": names(np.where(orders.second_paid > 0, 0, orders.payment + 1)[row], [None, *_methods()]),
            "provincia_envio": names(orders.province[row], geography().provinces),
            "campania_id": ids_or_null("K", orders.campaign[row], 5),
            "estado": names(state, ORDER_STATES),
            "total": money(orders.total[row]),
            "momento": moments(day, seconds[state, row]),
            "canal": names(orders.channel[row], list(world_facts().shop.orders.channels)),
            "sucursal": names(np.where(in_branch, branch, len(branches)), [*branches, None]),
            "vendedor": ids_or_null("E", np.where(in_branch, employee, -1), 3),
            "cargo_envio": money(orders.charge[row]),
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
            "cliente_id": ids_or_null("C", orders.known_customer[row], 9),
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
            "cliente_id": ids_or_null("C", orders.known_customer[row], 9),
            "deposito": names(orders.depot[row], depots().names),
            "estado": names(state, SHIPMENT_STATES),
            "fecha_despacho": dates_or_null(dispatched, dispatched <= day),
            "fecha_prometida": dates(orders.promised[row]),
            "fecha_entrega": dates_or_null(delivered, delivered <= day),
            "costo_envio": money(orders.shipping[row]),
            "momento_despacho": moments(dispatched, np.where(dispatched <= day, orders.dispatched_second[row], -1)),
            "momento_entrega": moments(delivered, np.where(delivered <= day, orders.delivered_second[row], -1)),
        }
    )


def devoluciones(orders: Orders, first: int, last: int) -> pa.Table:
    """Rows of the landing file `devoluciones` from day `first` to day `last`, which lie in one month."""
    row = _on(orders.partly, first, last)
    row = row[_by_customer_and_day(orders.customer[row], orders.partly[row], first)]
    line = orders.back_row[row]
    units = orders.back_units[row]
    return pa.table(
        {
            "devolucion_id": ids("D", orders.number[row], 16),
            "fecha": dates(orders.partly[row]),
            "cliente_id": ids_or_null("C", orders.known_customer[row], 9),
            "venta_id": ids("V", orders.number[row], 16),
            "linea": pa.array(orders.line[line]),
            "producto_id": producto_ids(orders.product[line]),
            "cantidad": pa.array(units, mask=units == 0),
            "monto": money(orders.back_amount[row]),
        }
    )


def pagos_venta(orders: Orders, first: int, last: int) -> pa.Table:
    """Rows of the landing file `pagos_venta` from day `first` to day `last`, which lie in one month.

    Of an order, pago_id ends in 0 for a refused attempt, and in 1 and 2 for what is paid by the first and the second method.
    """
    main, other = payments(orders)
    stages = [
        Stage(0, REJECTED, main, main.day, main.time, np.where(orders.rejected, main.paid, 0)),
        Stage(1, APPROVED, main, main.day, main.time, main.paid),
        Stage(2, APPROVED, other, other.day, other.time, other.paid),
        Stage(1, REFUNDED, main, orders.refund_day, orders.refund_second, main.refunded),
        Stage(2, REFUNDED, other, orders.refund_day, orders.refund_second, other.refunded),
    ]
    day, time, amount = (
        np.concatenate([getattr(stage, name) for stage in stages]) for name in ("day", "time", "amount")
    )
    method, instalments = (
        np.concatenate([getattr(stage.payment, name) for stage in stages]) for name in ("method", "instalments")
    )
    digit, state = (np.array([getattr(stage, name) for stage in stages]) for name in ("digit", "state"))
    rows = _on(np.where(amount > 0, day, NEVER), first, last)
    rows = rows[_by_customer_and_day(np.tile(orders.customer, len(stages))[rows], day[rows], first)]
    stage, row = np.divmod(rows, max(len(orders.number), 1))
    return pa.table(
        {
            "pago_id": ids("PG", orders.number[row] * 10 + digit[stage], 17),
            "fecha": dates(day[rows]),
            "cliente_id": ids_or_null("C", orders.known_customer[row], 9),
            "venta_id": ids("V", orders.number[row], 16),
            "metodo_pago": names(method[rows], _methods()),
            "cuotas": pa.array(instalments[rows], mask=instalments[rows] == 0),
            "monto": money(amount[rows]),
            "estado": names(state[stage], PAYMENT_STATES),
            "momento": moments(day[rows], time[rows]),
        }
    )


def _methods() -> list[str]:
    return list(world_facts().shop.orders.payment_methods)


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
