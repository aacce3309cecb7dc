"""The answer key of the six business questions: the rows of each relation from the history of a world."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from client360.simulate.facts import world_facts
from proof.exact import Number, cents, increment, percentage, percentile, pesos, ratio, rounded
from proof.history import ONE_DAY, YEAR, History, Line, Month, Row, month_of

BEST = 10
"""Products that are listed of each category and month."""


def productos_mas_vendidos(history: History) -> Iterator[Row]:
    """What sold most in each category and month."""
    sold: dict[tuple[str, date], dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    reported = {month.mes for month in history.reported}
    for order in history.orders:
        if month_of(order.fecha_venta) in reported:
            for line in order.lines:
                sold[line.categoria, month_of(order.fecha_venta)][line.producto_id].append(line)
    for (categoria, mes), products in sorted(sold.items()):
        sums = [
            (sum(line.unidades for line in lines), sum(line.importe for line in lines), product)
            for product, lines in products.items()
        ]
        best = sorted(sums, key=lambda found: (-found[0], -found[1], found[2]))[:BEST]
        for puesto, (unidades, ingresos, product) in enumerate(best, start=1):
            yield {
                "categoria": categoria,
                "mes": mes,
                "puesto": puesto,
                "producto_id": product,
                "nombre": history.products.on(product, history.fecha)["nombre"],
                "unidades": unidades,
                "ingresos": pesos(ingresos),
                "margen": pesos(sum(line.margen for line in products[product])),
            }


def clientes_nuevos_recurrentes(history: History) -> Iterator[Row]:
    """Who buys for the first time and who comes back, month by month."""
    first_month = {customer: month_of(orders[0].fecha_venta) for customer, orders in history.orders_of.items()}
    for month in history.reported:
        spent: Counter[str] = Counter()
        for order in history.orders:
            if month_of(order.fecha_venta) == month.mes:
                spent[order.cliente_id] += order.importe
        new = {customer for customer in spent if first_month[customer] == month.mes}
        again = [
            customer
            for customer in spent
            if sum(order.fecha_venta <= month.last for order in history.orders_of[customer]) >= 2
        ]
        yield {
            "mes": month.mes,
            "compradores": len(spent),
            "nuevos": len(new),
            "recurrentes": len(spent) - len(new),
            "ingresos_nuevos": pesos(sum(spent[customer] for customer in new)),
            "ingresos_recurrentes": pesos(sum(spent[customer] for customer in spent if customer not in new)),
            "tasa_recompra_pct": percentage(len(again), len(spent)),
        }


def rotacion_stock(history: History) -> Iterator[Row]:
    """How fast the stock of each category turns over, month by month."""
    moved: Counter[tuple[str, date]] = Counter()
    sold: Counter[tuple[str, date]] = Counter()
    for row in history.rows("movimientos_stock"):
        moved[row["producto_id"], row["fecha"]] += row["cantidad"]
        if row["tipo"] == "venta":
            sold[row["producto_id"], month_of(row["fecha"])] -= row["cantidad"]
    rows: list[Row] = []
    for month in history.reported:
        category = {key: version["categoria"] for key, version in history.products.valid(month.last).items()}
        level_days: Counter[str] = Counter()
        for (product, day), units in moved.items():
            if day <= month.last:
                # units stand in the level of every day of the month from that of their movement on
                level_days[category[product]] += units * Month(max(day, month.first), month.last).days
        units_sold: Counter[str] = Counter()
        for (product, mes), units in sold.items():
            if mes == month.mes:
                units_sold[category[product]] += units
        for categoria in history.categories(month):
            mean_level = Fraction(level_days[categoria], month.days)
            rows.append(
                {
                    "categoria": categoria,
                    "mes": month.mes,
                    "unidades_vendidas": units_sold[categoria],
                    "stock_promedio": rounded(mean_level, 2),
                    "rotacion": ratio(units_sold[categoria], mean_level, 4),
                    "dias_de_stock": ratio(mean_level * month.days, units_sold[categoria], 1),
                }
            )
    yield from sorted(rows, key=lambda row: (row["categoria"], row["mes"]))


def demoras_logisticas(history: History) -> Iterator[Row]:
    """How late deliveries are, by province and depot, month by month."""
    delays: dict[tuple[str, str, date], list[int]] = defaultdict(list)
    reported = {month.mes for month in history.reported}
    for delivery in history.deliveries:
        mes = month_of(delivery.fecha_entrega)
        if mes in reported:
            delays[delivery.provincia, delivery.deposito, mes].append(delivery.delay)
    for (provincia, deposito, mes), days in sorted(delays.items()):
        delayed = sum(delay > 0 for delay in days)
        yield {
            "provincia": provincia,
            "deposito": deposito,
            "mes": mes,
            "entregas": len(days),
            "demoradas": delayed,
            "demoradas_pct": percentage(delayed, len(days)),
            "demora_media_dias": ratio(sum(days), len(days), 2),
            "demora_p90_dias": percentile(days, 90),
        }


def impacto_campanias(history: History) -> Iterator[Row]:
    """What each campaign added: those it contacted against the control group drawn with them."""
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in history.rows("contactos_campania"):
        groups[row["campania_id"], row["grupo"]].add(row["cliente_id"])
    reported = {month.mes for month in history.reported}
    for key, campaign in sorted(history.campaigns.items()):
        if campaign["fecha_inicio"] > history.fecha or month_of(campaign["fecha_inicio"]) not in reported:
            continue
        treated, control = (_bought(history, campaign, groups[key, group]) for group in ("tratamiento", "control"))
        orders = increment([count for count, _ in treated], [count for count, _ in control])
        revenue = increment([amount for _, amount in treated], [amount for _, amount in control])
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
            "conversion_contactados_pct": percentage(sum(count > 0 for count, _ in treated), len(treated)),
            "conversion_control_pct": percentage(sum(count > 0 for count, _ in control), len(control)),
            **_estimate("pedidos_incrementales", orders, lambda count: rounded(count, 2)),
            **_estimate("ingresos_incrementales", revenue, pesos),
            "presupuesto": campaign["presupuesto"],
            "roi": None if revenue[0] is None else ratio(revenue[0] - budget, budget, 4),
            "exito": None if orders[1] is None else orders[1] > 0,
        }


def _bought(history: History, campaign: Row, customers: set[str]) -> list[tuple[int, int]]:
    """How many orders each of the customers made during the campaign, and for how many cents."""
    found = []
    for customer in customers:
        amounts = [
            order.importe
            for order in history.orders_of.get(customer, [])
            if campaign["fecha_inicio"] <= order.fecha_venta <= campaign["fecha_fin"]
        ]
        found.append((len(amounts), sum(amounts)))
    return found


def _estimate(
    name: str, values: tuple[Fraction | None, Fraction | None, Fraction | None], shown: Callable[[Number], Decimal]
) -> Row:
    """The columns of an estimate and of the bounds of its interval."""
    columns = (name, f"{name}_desde", f"{name}_hasta")
    return {column: None if value is None else shown(value) for column, value in zip(columns, values, strict=True)}


def rentabilidad_mensual(history: History) -> Iterator[Row]:
    """What each category earns, month by month."""
    income: Counter[tuple[str, date]] = Counter()
    cost: Counter[tuple[str, date]] = Counter()
    for order in history.orders:
        for line in order.lines:
            income[line.categoria, month_of(order.fecha_venta)] += line.importe
            cost[line.categoria, month_of(order.fecha_venta)] += line.costo
    whole = {month.mes for month in history.months if month.whole}
    rows: list[Row] = []
    for month in history.reported:
        before = month_of(month.mes - ONE_DAY)
        for categoria in history.categories(month):
            earned, earned_before = income[categoria, month.mes], income[categoria, before]
            margin = earned - cost[categoria, month.mes]
            rows.append(
                {
                    "categoria": categoria,
                    "mes": month.mes,
                    "ingresos": pesos(earned),
                    "costo": pesos(cost[categoria, month.mes]),
                    "margen": pesos(margin),
                    "margen_pct": percentage(margin, earned),
                    "ingresos_sin_costo": pesos(0),  # everything in a simulated world has a cost
                    "variacion_ingresos_pct": percentage(earned - earned_before, earned_before)
                    if {before, month.mes} <= whole
                    else None,
                }
            )
    yield from sorted(rows, key=lambda row: (row["categoria"], row["mes"]))


def distribucion_geografica(history: History) -> Iterator[Row]:
    """Where the customers live, and where more of them could be won."""
    provinces = world_facts().provinces
    customers = history.customers(history.fecha)
    living = Counter(version["provincia"] for version in customers.values())
    past_day = history.fecha - YEAR
    past = Counter(version["provincia"] for version in history.customers(past_day).values())
    spent: Counter[str] = Counter()
    for customer, version in customers.items():
        spent[version["provincia"]] += sum(order.importe for order in history.recent_orders(customer))
    total, total_spent = living.total(), spent.total()
    population = sum(province.population for province in provinces.values())
    rows: list[Row] = []
    for name, province in provinces.items():
        here, here_spent, here_past = living[name], spent[name], past[name] if past_day >= history.inicio else None
        fair = Fraction(total * province.population, population)
        potential = max(0, floor(fair - here))
        each = Fraction(here_spent, here) if here else Fraction(total_spent, total) if total else 0
        rows.append(
            {
                "provincia": name,
                "region": province.region,
                "poblacion": province.population,
                "clientes": here,
                "clientes_por_1000_hab": ratio(here * 1000, province.population, 4),
                "clientes_hace_12m": here_past,
                "crecimiento_pct": percentage(here - here_past, here_past) if here_past else None,
                "ingresos_por_cliente": pesos(each) if here else None,
                "clientes_potenciales": potential,
                "ingresos_potenciales": pesos(potential * each),
                "motivo": _reason(few=here < fair, good=here > 0 and each >= Fraction(total_spent, total)),
            }
        )
    ranked = sorted(
        rows, key=lambda row: (-row["ingresos_potenciales"], row["clientes_por_1000_hab"], row["provincia"])
    )
    for puesto, row in enumerate(ranked, start=1):
        row["puesto"] = puesto
    yield from sorted(rows, key=lambda row: row["provincia"])


def _reason(*, few: bool, good: bool) -> str:
    if few:
        return "poca_penetracion_y_buen_gasto" if good else "poca_penetracion"
    return "buen_gasto" if good else "mercado_cubierto"


RELATIONS: dict[str, tuple[Callable[[History], Iterator[Row]], list[str]]] = {
    "productos_mas_vendidos": (
        productos_mas_vendidos,
        ["categoria", "mes", "puesto", "producto_id", "nombre", "unidades", "ingresos", "margen"],
    ),
    "clientes_nuevos_recurrentes": (
        clientes_nuevos_recurrentes,
        [
            "mes",
            "compradores",
            "nuevos",
            "recurrentes",
            "ingresos_nuevos",
            "ingresos_recurrentes",
            "tasa_recompra_pct",
        ],
    ),
    "rotacion_stock": (
        rotacion_stock,
        ["categoria", "mes", "unidades_vendidas", "stock_promedio", "rotacion", "dias_de_stock"],
    ),
    "demoras_logisticas": (
        demoras_logisticas,
        [
            "provincia",
            "deposito",
            "mes",
            "entregas",
            "demoradas",
            "demoradas_pct",
            "demora_media_dias",
            "demora_p90_dias",
        ],
    ),
    "impacto_campanias": (
        impacto_campanias,
        [
            "campania_id",
            "nombre",
            "canal",
            "categoria",
            "fecha_inicio",
            "fecha_fin",
            "contactados",
            "control",
            "conversion_contactados_pct",
            "conversion_control_pct",
            "pedidos_incrementales",
            "pedidos_incrementales_desde",
            "pedidos_incrementales_hasta",
            "ingresos_incrementales",
            "ingresos_incrementales_desde",
            "ingresos_incrementales_hasta",
            "presupuesto",
            "roi",
            "exito",
        ],
    ),
    "rentabilidad_mensual": (
        rentabilidad_mensual,
        [
            "categoria",
            "mes",
            "ingresos",
            "costo",
            "margen",
            "margen_pct",
            "ingresos_sin_costo",
            "variacion_ingresos_pct",
        ],
    ),
    "distribucion_geografica": (
        distribucion_geografica,
        [
            "provincia",
            "region",
            "poblacion",
            "clientes",
            "clientes_por_1000_hab",
            "clientes_hace_12m",
            "crecimiento_pct",
            "ingresos_por_cliente",
            "clientes_potenciales",
            "ingresos_potenciales",
            "puesto",
            "motivo",
        ],
    ),
}
"""What makes the rows of each relation, and its columns."""
