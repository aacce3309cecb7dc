"""Where orders are sold, and how long they take: the rows of two answers."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from proof.exact import percentage, percentile, pesos, ratio, rounded
from proof.history import NO_DATA, History, Row
from proof.months import days_between, month_of
from proof.trade import Order

STEPS = ("creada", "aprobada", "facturada", "despachada", "entregada")
"""The states of an order's way."""
Place = tuple[str, str, str, date]
"""Channel, branch, seller and month."""


def ventas_por_canal(history: History) -> Iterator[Row]:
    """What each channel, branch and seller sold, month by month."""
    if not history.sells:
        return
    reported = {month.name for month in history.reported}
    sold: dict[Place, list[Order]] = defaultdict(list)
    for order in history.orders:
        if month_of(order.day) in reported:
            sold[(*order.place, month_of(order.day))].append(order)
    if all(place[:3] == (NO_DATA,) * 3 for place in sold):
        return
    back: Counter[Place] = Counter()
    for each in history.returns:
        if month_of(each.day) in reported:
            back[(*history.place(each.order), month_of(each.day))] += each.amount
    net = {place: sum(order.amount for order in sold[place]) - back[place] for place in {*sold, *back}}
    of_month: Counter[date] = Counter()
    for (*_, mes), amount in net.items():
        of_month[mes] += amount
    for place in sorted(net):
        orders, mes = sold[place], place[3]
        income = sum(order.amount for order in orders)
        charges = [order.charge for order in orders if order.charge is not None]
        yield {
            **dict(zip(("canal", "sucursal", "vendedor", "mes"), place, strict=True)),
            "pedidos": len(orders),
            "ingresos": pesos(income),
            "ticket_promedio": pesos(Fraction(income, len(orders))) if orders else None,
            "cargo_envio": pesos(sum(charges)) if charges else None,
            "devoluciones": pesos(back[place]) if history.returns_known else None,
            "ingresos_netos": pesos(net[place]) if history.returns_known else None,
            "participacion_pct": percentage(net[place], max(of_month[mes], 0)),
        }


def tiempos_pedidos(history: History) -> Iterator[Row]:
    """How many days orders are in each state before they reach a later one, by month of the order."""
    days: dict[tuple[str, date], list[Decimal]] = defaultdict(list)
    reported = {month.name for month in history.reported}
    for states in history.states.values():
        made = states[0]["fecha_venta"]
        if month_of(made) not in reported:
            continue
        reached = {state["estado"]: (state["fecha"], state["momento"]) for state in reversed(states)}
        reached["creada"] = (made, states[0]["momento"])
        for step, following in pairwise(step for step in STEPS if step in reached):
            taken = days_between(reached[step], reached[following])
            if taken >= 0:
                days[step, month_of(made)].append(taken)
    for (step, mes), times in sorted(days.items()):
        yield {
            "estado": step,
            "mes": mes,
            "pedidos": len(times),
            "dias_media": ratio(Fraction(sum(times)), len(times), 1),
            "dias_p90": rounded(Fraction(percentile(times, 90)), 1),
        }
