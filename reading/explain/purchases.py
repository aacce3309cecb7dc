"""Orders, what came back of them, and by which method they were paid."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from reading.explain import exact
from reading.explain.evidence import Answer, Explain, Facts, Record, Rows, unknown

ORDERS = ("ventas", "detalle_ventas")
NEW = timedelta(days=90)


def _sum(rows: Rows, column: str) -> Decimal:
    return sum((row[column] for row in rows.records), Decimal(0))


def _orders(facts: Facts) -> Answer:
    lines = facts.rows("lineas")
    by_order: dict[str, Record] = {}
    for row in lines.records:
        step = by_order.setdefault(row["venta_id"], {"venta_id": row["venta_id"], "fecha": row["fecha"], "importe": 0})
        step["importe"] += row["importe"]
    return Answer(len(by_order), "number of orders", steps=list(by_order.values()), rows=(lines,))


def _amount(facts: Facts) -> Answer:
    lines = facts.rows("lineas")
    return Answer(_sum(lines, "importe"), "sum of importe", steps=_orders(facts).steps, rows=(lines,))


def _returned(facts: Facts) -> Answer:
    if not facts.provides("devoluciones"):
        return unknown("devoluciones")
    returns = facts.rows("devoluciones")
    return Answer(_sum(returns, "monto"), "sum of monto", rows=(returns,))


def _net(facts: Facts) -> Answer:
    if not facts.provides("devoluciones"):
        return unknown("devoluciones")
    bought, returned = _amount(facts), _returned(facts)
    figures = {"monto_compras_12m": bought.value, "monto_devuelto_12m": returned.value}
    formula = "monto_compras_12m - monto_devuelto_12m"
    return Answer(bought.value - returned.value, formula, figures, rows=bought.rows + returned.rows)


def _ticket(facts: Facts) -> Answer:
    orders = _orders(facts).value
    net = _net(facts) if facts.provides("devoluciones") else _amount(facts)
    figures = {"neto": net.value, "compras_12m": orders, **net.figures}
    return Answer(exact.ratio(net.value, orders, 2), "neto / compras_12m", figures, rows=net.rows)


def _days(facts: Facts) -> list[date]:
    """The days of all orders that count, in order."""
    return [row["fecha"] for row in facts.rows("pedidos").records]


def _first(facts: Facts) -> Answer:
    day = min(_days(facts), default=None)
    orders = facts.rows("pedidos").where(lambda row: row["fecha"] == day)
    return Answer(day, "the first fecha", {"pedidos": len(_days(facts))}, rows=(orders,))


def _last(facts: Facts) -> Answer:
    day = max(_days(facts), default=None)
    orders = facts.rows("pedidos").where(lambda row: row["fecha"] == day)
    return Answer(day, "the last fecha", {"pedidos": len(_days(facts))}, rows=(orders,))


def _since(facts: Facts) -> Answer:
    last = _last(facts)
    days = (facts.fecha - last.value).days if last.value else None
    return Answer(days, "fecha_corte - ultima_compra", {"ultima_compra": last.value}, rows=last.rows)


def _kind(facts: Facts) -> Answer:
    orders, first = _orders(facts), _first(facts)
    if first.value is None:
        kind = "sin_compras"
    elif first.value > facts.fecha - NEW:
        kind = "nuevo"
    else:
        kind = "recurrente" if orders.value >= 2 else "ocasional" if orders.value else "inactivo"
    figures = {"primera_compra": first.value, "compras_12m": orders.value}
    return Answer(kind, "by primera_compra and compras_12m", figures, orders.steps, first.rows + orders.rows)


def _favourite(facts: Facts) -> Answer:
    if not facts.provides("productos"):
        return unknown("productos")
    lines, returns = facts.rows("lineas"), facts.rows("devoluciones")
    bought, net = set[str](), defaultdict[str, Decimal](Decimal)
    for row in lines.records:
        bought.add(row["categoria"])
        net[row["categoria"]] += row["importe"]
    for row in returns.records:
        net[row["categoria"]] -= row["monto"]
    steps = [
        {"categoria": name, "neto": net[name]} for name in sorted(bought - {None}, key=lambda name: (-net[name], name))
    ]
    favourite = steps[0]["categoria"] if steps else None
    of_it = tuple(rows.where(lambda row: row["categoria"] == favourite) for rows in (lines, returns))
    return Answer(favourite, "the categoria of the largest neto", steps=steps, rows=of_it)


def _method(facts: Facts) -> Answer:
    payments = facts.rows("pagos")
    signs = {"aprobado": 1, "reembolsado": -1}
    net, approved = defaultdict[Any, Decimal](Decimal), set[Any]()
    for row in payments.records:
        net[row["metodo_pago"]] += signs.get(row["estado"], 0) * row["monto"]
        if row["estado"] == "aprobado":
            approved.add(row["metodo_pago"])
    order = sorted(approved, key=lambda name: (-net[name], name is None, name or ""))
    steps = [{"metodo_pago": name, "neto": net[name]} for name in order]
    preferred = order[0] if order else None
    counted = payments.where(lambda row: row["metodo_pago"] == preferred and row["estado"] in signs)
    return Answer(preferred, "the metodo_pago of the largest neto", steps=steps, rows=(counted,))


def _of_orders(explain: Explain) -> Explain:
    """Unknown where the source provides no orders, or no lines of them."""
    return lambda facts: explain(facts) if facts.provides(*ORDERS) else unknown(*ORDERS)


COLUMNS: dict[str, Explain] = {
    "compras_12m": _of_orders(_orders),
    "monto_compras_12m": _of_orders(_amount),
    "monto_devuelto_12m": _returned,
    "monto_neto_12m": _of_orders(_net),
    "ticket_promedio": _of_orders(_ticket),
    "primera_compra": _of_orders(_first),
    "ultima_compra": _of_orders(_last),
    "dias_sin_comprar": _of_orders(_since),
    "tipo_comprador": _of_orders(_kind),
    "categoria_favorita": _of_orders(_favourite),
    "medio_pago_preferido": _method,
}
