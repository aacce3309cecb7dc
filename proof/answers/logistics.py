"""Stock turnover and delays of deliveries: the rows of two answers."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from proof.exact import percentage, percentile, ratio, rounded
from proof.history import History, Month, Row, month_of


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
        category = {key: version["categoria"] for key, version in history.products.valid(month.last).items()}
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
                    "unidades_vendidas": units_sold[categoria],
                    "stock_promedio": rounded(mean_level, 2),
                    "rotacion": ratio(units_sold[categoria], mean_level, 4) if mean_level > 0 else None,
                    "dias_de_stock": ratio(mean_level * month.days, units_sold[categoria], 1)
                    if mean_level >= 0
                    else None,
                }
            )
    yield from sorted(rows, key=lambda row: (row["categoria"], row["mes"]))


def demoras_logisticas(history: History) -> Iterator[Row]:
    """How late deliveries are, by province and depot, month by month."""
    delays: dict[tuple[str, str, date], list[int]] = defaultdict(list)
    reported = {month.name for month in history.reported}
    for delivery in history.deliveries:
        mes = month_of(delivery.day)
        if mes in reported:
            delays[delivery.province, delivery.depot, mes].append(delivery.delay)
    for (province, depot, month), days in sorted(delays.items()):
        delayed = sum(delay > 0 for delay in days)
        yield {
            "provincia": province,
            "deposito": depot,
            "mes": month,
            "entregas": len(days),
            "demoradas": delayed,
            "demoradas_pct": percentage(delayed, len(days)),
            "demora_media_dias": ratio(sum(days), len(days), 2),
            "demora_p90_dias": percentile(days, 90),
        }
