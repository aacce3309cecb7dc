"""What sells, to whom, and what it earns: the rows of three answers."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from proof.exact import percentage, pesos
from proof.history import ONE_DAY, History, Line, Row, month_of

MAX_RANK = 10
"""Products that are listed of each category and month."""


def productos_mas_vendidos(history: History) -> Iterator[Row]:
    """The products that sold most in each category and month."""
    if not history.provides("productos"):
        return
    sold: dict[tuple[str, date], dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    reported = {month.name for month in history.reported}
    for order in history.orders:
        if month_of(order.day) in reported:
            for line in order.lines:
                sold[line.category, month_of(order.day)][line.product].append(line)
    for (categoria, mes), products in sorted(sold.items()):
        sums = [
            (sum(line.units for line in lines), sum(line.amount for line in lines), product)
            for product, lines in products.items()
        ]
        best = sorted(sums, key=lambda found: (-found[0], -found[1], found[2]))[:MAX_RANK]
        for puesto, (unidades, ingresos, product) in enumerate(best, start=1):
            yield {
                "categoria": categoria,
                "mes": mes,
                "puesto": puesto,
                "producto_id": product,
                "nombre": history.products.on(product, history.day)["nombre"],
                "unidades": unidades,
                "ingresos": pesos(ingresos),
                "margen": pesos(sum(line.margin for line in products[product])),
            }


def clientes_nuevos_recurrentes(history: History) -> Iterator[Row]:
    """New and returning buyers, month by month."""
    if not history.sells:
        return
    first_month = {customer: month_of(orders[0].day) for customer, orders in history.orders_of.items()}
    for month in history.reported:
        spent: Counter[str] = Counter()
        for order in history.orders:
            if month_of(order.day) == month.name:
                spent[order.customer] += order.amount
        new = {customer for customer in spent if first_month[customer] == month.name}
        again = [
            customer for customer in spent if sum(order.day <= month.last for order in history.orders_of[customer]) >= 2
        ]
        yield {
            "mes": month.name,
            "compradores": len(spent),
            "nuevos": len(new),
            "recurrentes": len(spent) - len(new),
            "ingresos_nuevos": pesos(sum(spent[customer] for customer in new)),
            "ingresos_recurrentes": pesos(sum(spent[customer] for customer in spent if customer not in new)),
            "tasa_recompra_pct": percentage(len(again), len(spent)),
        }


def rentabilidad_mensual(history: History) -> Iterator[Row]:
    """What each category earns, month by month."""
    if not (history.sells and history.provides("productos")):
        return
    income: Counter[tuple[str, date]] = Counter()
    cost: Counter[tuple[str, date]] = Counter()
    for order in history.orders:
        for line in order.lines:
            income[line.category, month_of(order.day)] += line.amount
            cost[line.category, month_of(order.day)] += line.cost
    whole = {month.name for month in history.months if month.whole}
    rows: list[Row] = []
    for month in history.reported:
        before = month_of(month.name - ONE_DAY)
        for categoria in history.categories(month):
            earned, earned_before = income[categoria, month.name], income[categoria, before]
            margin = earned - cost[categoria, month.name]
            rows.append(
                {
                    "categoria": categoria,
                    "mes": month.name,
                    "ingresos": pesos(earned),
                    "costo": pesos(cost[categoria, month.name]),
                    "margen": pesos(margin),
                    "margen_pct": percentage(margin, earned),
                    "ingresos_sin_costo": pesos(0),  # everything in a simulated world has a cost
                    "variacion_ingresos_pct": percentage(earned - earned_before, earned_before)
                    if {before, month.name} <= whole
                    else None,
                }
            )
    yield from sorted(rows, key=lambda row: (row["categoria"], row["mes"]))
