"""What each campaign added, against its control group."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from proof.exact import Number, cents, increment, percentage, pesos, ratio, rounded
from proof.history import History, Row
from proof.months import month_of
from proof.trade import Order


def impacto_campanias(history: History) -> Iterator[Row]:
    """What each campaign added: those it contacted against the control group drawn with them."""
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in history.rows("contactos_campania"):
        groups[row["campania_id"], row["grupo"]].add(row["cliente_id"])
    reported = {month.name for month in history.reported}
    if not history.provides("campanias", "contactos_campania"):
        return
    for key, campaign in sorted(history.campaigns.items()):
        if campaign["fecha_inicio"] > history.day or month_of(campaign["fecha_inicio"]) not in reported:
            continue
        treated, control = (_bought(history, campaign, groups[key, group]) for group in ("tratamiento", "control"))
        orders = gross = net = margin = increment([], [])
        if history.sells:
            orders = increment([one.orders for one in treated], [one.orders for one in control])
            gross = increment([one.amount for one in treated], [one.amount for one in control])
            net = increment([one.kept for one in treated], [one.kept for one in control])
            if any(one.margin is not None for one in (*treated, *control)):
                margin = increment([one.margin or 0 for one in treated], [one.margin or 0 for one in control])
        returned = None if gross[0] is None or net[0] is None else gross[0] - net[0]
        known = history.returns_known
        budget = cents(campaign["presupuesto"])
        yield {
            "campania_id": key,
            "nombre": campaign["nombre"],
            "canal": campaign["canal"],
            "categoria": campaign["categoria"],
            "fecha_inicio": campaign["fecha_inicio"],
            "fecha_fin": campaign["fecha_fin"],
            "contactados": len(treated),
            "control": len(control),
            "conversion_contactados_pct": _conversion(history, treated),
            "conversion_control_pct": _conversion(history, control),
            **_estimate("pedidos_incrementales", orders, lambda count: rounded(count, 2)),
            **_estimate("ingresos_incrementales", gross, pesos),
            "presupuesto": campaign["presupuesto"],
            "roi": None if net[0] is None else ratio(net[0] - budget, budget, 4),
            "exito": None if orders[1] is None else orders[1] > 0,
            "devoluciones_incrementales": pesos(returned) if known and returned is not None else None,
            **_estimate("ingresos_netos_incrementales", net if known else increment([], []), pesos),
            **_estimate("margen_incremental", margin, pesos),
            **{
                name: None if bound is None else ratio(bound - budget, budget, 4)
                for name, bound in zip(("roi_margen", "roi_margen_desde", "roi_margen_hasta"), margin, strict=True)
            },
        }


class Bought(NamedTuple):
    """What a customer bought during a campaign; amounts are cents."""

    orders: int
    amount: int
    kept: int
    margin: int | None
    """None where no cost is known."""


def _bought(history: History, campaign: Row, customers: set[str]) -> list[Bought]:
    """What each of the customers bought during the campaign."""
    found = []
    for customer in customers:
        orders = [
            order
            for order in history.orders_of.get(customer, [])
            if campaign["fecha_inicio"] <= order.day <= campaign["fecha_fin"]
        ]
        amount = sum(order.amount for order in orders)
        margins = [margin for order in orders if (margin := _margin(history, order)) is not None]
        kept = amount - sum(history.returned_of[order.number] for order in orders)
        found.append(Bought(len(orders), amount, kept, sum(margins) if margins else None))
    return found


def _margin(history: History, order: Order) -> int | None:
    """Cents of margin of the lines of an order whose cost is known, less that of what came back; None where none is."""
    known = [line.amount - line.cost for line in order.lines if line.cost is not None]
    back = [each.amount - each.cost for each in history.returns_of[order.number] if each.cost is not None]
    return sum(known) - sum(back) if known else None


def _conversion(history: History, group: list[Bought]) -> Decimal | None:
    """The percentage of a group that bought; None where that is not known."""
    return percentage(sum(one.orders > 0 for one in group), len(group)) if history.sells else None


def _estimate(
    name: str, values: tuple[Fraction | None, Fraction | None, Fraction | None], shown: Callable[[Number], Decimal]
) -> Row:
    """The columns of an estimate and of the bounds of its interval."""
    columns = (name, f"{name}_desde", f"{name}_hasta")
    return {column: None if value is None else shown(value) for column, value in zip(columns, values, strict=True)}
