"""What sells, to whom, and what it earns: the rows of three answers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from proof.exact import cents, percentage, pesos
from proof.history import NO_DATA, History, Row
from proof.months import ONE_DAY, month_of
from proof.trade import Line, Return

SHIPPING = "envio"
"""The category of what is charged and paid for shipments."""
MAX_RANK = 10
"""Products that are listed of each category and month."""


def productos_mas_vendidos(history: History) -> Iterator[Row]:
    """The products that sold most in each category and month."""
    if not history.provides("productos"):
        return
    back: dict[tuple[str, date, str | None], list[Return]] = defaultdict(list)
    for each in history.returns:
        back[each.category or NO_DATA, month_of(each.day), each.product].append(each)
    sold: dict[tuple[str, date], dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    reported = {month.name for month in history.reported}
    for order in history.orders:
        if month_of(order.day) in reported:
            for line in order.lines:
                sold[line.category or NO_DATA, month_of(order.day)][line.product].append(line)
    for (categoria, mes), products in sorted(sold.items()):
        sums = []
        for product, lines in products.items():
            returned = back[categoria, mes, product]
            units, amount = (sum(getattr(each, name) for each in returned) for name in ("units", "amount"))
            unidades, ingresos = sum(line.units for line in lines), sum(line.amount for line in lines)
            sums.append((units - unidades, amount - ingresos, product, unidades, ingresos, units, amount))
        for puesto, found in enumerate(sorted(sums)[:MAX_RANK], start=1):
            _, _, product, unidades, ingresos, units, amount = found
            _, margin = _cost_and_margin(products[product], back[categoria, mes, product])
            yield {
                "categoria": categoria,
                "mes": mes,
                "puesto": puesto,
                "producto_id": product,
                "nombre": history.products.on(product, history.day)["nombre"],
                "unidades": Decimal(unidades),
                "ingresos": pesos(ingresos),
                "margen": None if margin is None else pesos(margin),
                "unidades_devueltas": Decimal(units) if history.returns_known else None,
                **_net(history, ("devoluciones", amount), ("ingresos_netos", ingresos - amount)),
                "tasa_devolucion_pct": percentage(amount, ingresos) if history.returns_known else None,
            }


def clientes_nuevos_recurrentes(history: History) -> Iterator[Row]:
    """New and returning buyers, month by month."""
    if not history.sells:
        return
    first_month = {customer: month_of(orders[0].day) for customer, orders in history.orders_of.items()}
    for month in history.reported:
        spent: Counter[str] = Counter()
        of_nobody = 0
        for order in history.orders:
            if month_of(order.day) != month.name:
                continue
            if order.customer is None:
                of_nobody += order.amount
            else:
                spent[order.customer] += order.amount
        new = {customer for customer in spent if first_month[customer] == month.name}
        returned: Counter[bool | None] = Counter()
        for back in history.returns:
            if month_of(back.day) == month.name:
                returned[None if back.customer is None else back.customer in new] += back.amount
        of_new = sum(spent[customer] for customer in new)
        of_others = spent.total() - of_new
        again = [
            customer for customer in spent if sum(order.day <= month.last for order in history.orders_of[customer]) >= 2
        ]
        yield {
            "mes": month.name,
            "compradores": len(spent),
            "nuevos": len(new),
            "recurrentes": len(spent) - len(new),
            "ingresos_nuevos": pesos(of_new),
            "ingresos_recurrentes": pesos(of_others),
            "tasa_recompra_pct": percentage(len(again), len(spent)),
            **_net(
                history,
                ("devoluciones_nuevos", returned[True]),
                ("devoluciones_recurrentes", returned[False]),
                ("ingresos_netos_nuevos", of_new - returned[True]),
                ("ingresos_netos_recurrentes", of_others - returned[False]),
                ("devoluciones_sin_cliente", returned[None]),
            ),
            "ingresos_sin_cliente": pesos(of_nobody),
            "sin_cliente_pct": percentage(of_nobody, spent.total() + of_nobody),
        }


def _net(history: History, *amounts: tuple[str, int]) -> Row:
    """Amounts that are made of what comes back, in pesos, by column; None where that is not known."""
    return {name: pesos(amount) if history.returns_known else None for name, amount in amounts}


def _add_shipping(history: History, income: Counter[tuple[str, date]], cost: Counter[tuple[str, date]]) -> date | None:
    """Add what customers were charged for shipments, and what these cost, as a category; returns its first month."""
    since = min((month_of(order.day) for order in history.orders if order.charge is not None), default=None)
    if since is None:
        return None
    for order in history.orders:
        income[SHIPPING, month_of(order.day)] += order.charge or 0
    shipments: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in history.rows("envios"):
        shipments[row["venta_id"], row["deposito"]].append(row)
    for states in shipments.values():
        if all(state["estado"] != "cancelado" for state in states):
            first = min(states, key=lambda state: state["fecha"])
            known = [state for state in states if state["costo_envio"] is not None]
            if known:
                amount = min(known, key=lambda state: (state["fecha"], state["estado"]))["costo_envio"]
                cost[SHIPPING, month_of(first["fecha"])] += cents(amount)
    return since


def rentabilidad_mensual(history: History) -> Iterator[Row]:
    """What each category earns, month by month."""
    if not (history.sells and history.provides("productos")):
        return
    sold: dict[tuple[str, date], list[Line]] = defaultdict(list)
    for order in history.orders:
        for line in order.lines:
            sold[line.category or NO_DATA, month_of(order.day)].append(line)
    back: dict[tuple[str, date], list[Return]] = defaultdict(list)
    for each in history.returns:
        back[each.category or NO_DATA, month_of(each.day)].append(each)
    income: Counter[tuple[str, date]] = Counter()
    cost_of_shipping: Counter[tuple[str, date]] = Counter()
    shipped_since = _add_shipping(history, income, cost_of_shipping)
    for key in income.keys() | cost_of_shipping.keys():
        paid = cost_of_shipping[key] if history.provides("envios") else None
        sold[key].append(Line("", SHIPPING, 0, income[key], paid))
    whole = {month.name for month in history.months if month.whole}
    rows: list[Row] = []
    for month in history.reported:
        before = month_of(month.name - ONE_DAY)
        shipping = [SHIPPING] if shipped_since and month.name >= shipped_since else []
        categories = history.categories(month) + shipping
        of_all = sum(_amount(sold[categoria, month.name]) for categoria in categories)
        for categoria in categories:
            lines, returns = sold[categoria, month.name], back[categoria, month.name]
            gross, returned = _amount(lines), _amount(returns)
            earned = gross - returned
            earned_before = _amount(sold[categoria, before]) - _amount(back[categoria, before])
            cost, margin = _cost_and_margin(lines, returns)
            costless, costless_back = ([each for each in rows_of if each.cost is None] for rows_of in (lines, returns))
            earned_at_cost = earned - _amount(costless) + _amount(costless_back)
            rows.append(
                {
                    "categoria": categoria,
                    "mes": month.name,
                    "ingresos": pesos(gross),
                    "costo": None if cost is None else pesos(cost),
                    "margen": None if margin is None else pesos(margin),
                    "margen_pct": None if margin is None else percentage(margin, max(earned_at_cost, 0)),
                    "ingresos_sin_costo": pesos(_amount(costless)),
                    "variacion_ingresos_pct": percentage(earned - earned_before, max(earned_before, 0))
                    if {before, month.name} <= whole
                    else None,
                    **_net(history, ("devoluciones", returned), ("ingresos_netos", earned)),
                    "tasa_devolucion_pct": percentage(returned, gross) if history.returns_known else None,
                    "participacion_pct": percentage(gross, of_all),
                    "costo_conocido_pct": percentage(gross - _amount(costless), gross),
                }
            )
    yield from sorted(rows, key=lambda row: (row["categoria"], row["mes"]))


def _amount(rows: Iterable[Line | Return]) -> int:
    return sum(each.amount for each in rows)


def _cost_and_margin(lines: list[Line], returns: list[Return]) -> tuple[int | None, int | None]:
    """Of the lines whose cost is known, less those of what came back; None where something was sold and no cost is known."""
    of_lines, of_returns = (
        [(each.cost, each.amount - each.cost) for each in rows if each.cost is not None] for rows in (lines, returns)
    )
    if lines and not of_lines:
        return None, None
    cost, margin = (sum(column) for column in zip((0, 0), *of_lines, strict=True))
    cost_back, margin_back = (sum(column) for column in zip((0, 0), *of_returns, strict=True))
    return cost - cost_back, margin - margin_back
