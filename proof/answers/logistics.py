"""Stock turnover and delays of deliveries: the rows of two answers."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from proof.exact import percentage, percentile, ratio, rounded
from proof.history import NO_DATA, History, Row
from proof.months import Month, month_of
from proof.trade import Delivery


def rotacion_stock(history: History) -> Iterator[Row]:
    """How fast the stock of each category turns over, month by month."""
    if not history.provides("productos", "movimientos_stock"):
        return
    moved: Counter[tuple[str, date]] = Counter()
    sold: Counter[tuple[str, date]] = Counter()
    for row in history.rows("movimientos_stock"):
        moved[row["producto_id"], row["fecha"]] += row["cantidad"]
        if row["tipo"] == "venta":
            sold[row["producto_id"], month_of(row["fecha"])] -= row["cantidad"]
    rows: list[Row] = []
    for month in history.reported:
        category = {key: version["categoria"] or NO_DATA for key, version in history.products.valid(month.last).items()}
        level_days: Counter[str] = Counter()
        for (product, day), units in moved.items():
            if day <= month.last:
                # units count in the level of every day of the month from that of their movement on
                level_days[category[product]] += units * Month(max(day, month.first), month.last).days
        units_sold: Counter[str] = Counter()
        for (product, mes), units in sold.items():
            if mes == month.name:
                units_sold[category[product]] += units
        for categoria in history.categories(month):
            mean_level = Fraction(level_days[categoria], month.days)
            rows.append(
                {
                    "categoria": categoria,
                    "mes": month.name,
                    "unidades_vendidas": Decimal(units_sold[categoria]),
                    "stock_promedio": rounded(mean_level, 2),
                    "rotacion": ratio(units_sold[categoria], mean_level, 4) if mean_level > 0 else None,
                    "dias_de_stock": ratio(mean_level * month.days, units_sold[categoria], 1)
                    if mean_level >= 0
                    else None,
                }
            )
    yield from sorted(rows, key=lambda row: (row["categoria"], row["mes"]))


def demoras_logisticas(history: History) -> Iterator[Row]:
    """How late, how early and how long after their orders deliveries are, by province and depot, month by month."""
    found: dict[tuple[str, str, date], list[Delivery]] = defaultdict(list)
    reported = {month.name for month in history.reported}
    for delivery in history.deliveries:
        mes = month_of(delivery.day)
        if mes in reported:
            found[delivery.province, delivery.depot, mes].append(delivery)
    for (province, depot, month), deliveries in sorted(found.items()):
        beyond = [delivery.beyond for delivery in deliveries if delivery.beyond is not None]
        late, early = [max(days, 0) for days in beyond], [max(-days, 0) for days in beyond]
        taken = [delivery.taken for delivery in deliveries if delivery.taken is not None]
        yield {
            "provincia": province,
            "deposito": depot,
            "mes": month,
            "entregas": len(deliveries),
            "demoradas": sum(days > 0 for days in late) if beyond else None,
            "demoradas_pct": percentage(sum(days > 0 for days in late), len(beyond)),
            "demora_media_dias": ratio(sum(late), len(beyond), 2),
            "demora_p90_dias": percentile(late, 90) if beyond else None,
            "con_promesa": len(beyond),
            "anticipadas": sum(days > 0 for days in early) if beyond else None,
            "anticipadas_pct": percentage(sum(days > 0 for days in early), len(beyond)),
            "anticipo_medio_dias": ratio(sum(early), len(beyond), 2),
            "dias_hasta_entrega": ratio(Fraction(sum(taken)), len(taken), 1),
            "dias_hasta_entrega_p90": rounded(Fraction(percentile(taken, 90)), 1) if taken else None,
        }
