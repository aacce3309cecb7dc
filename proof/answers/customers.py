"""The rows of `cliente_360`."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

from client360.simulate.world import World
from client360.warehouse.models import LANDING
from proof.exact import cents, median, percentage, pesos, quintile, ratio
from proof.history import History, Order, Row

SPENT = ("compra_tarjeta", "pago_servicio", "debito_automatico", "extraccion_cajero")
FIXED = ("pago_servicio", "debito_automatico")
MAX_OBSERVED = 12
"""Complete months in which a customer is observed, at most."""
NEW_FOR = timedelta(days=90)
"""For how long a buyer is new after the first purchase."""
COLUMNS = [
    "cliente_id",
    "nombre",
    "edad",
    "provincia",
    "ingresos_mensuales",
    "gasto_mensual_promedio",
    "score_endeudamiento",
    "origen_ingresos",
    "meses_observados",
    "ocupacion",
    "antiguedad_meses",
    "segmento_ingresos",
    "compras_12m",
    "monto_compras_12m",
    "ticket_promedio",
    "primera_compra",
    "ultima_compra",
    "dias_sin_comprar",
    "tipo_comprador",
    "segmento_rfm",
    "categoria_favorita",
    "entregas_demoradas_pct",
    "contactos_campania_12m",
    "fecha_corte",
]


def cliente_360(world: World, day: date, entities: Collection[str] = tuple(LANDING)) -> pd.DataFrame:
    """The rows of `cliente_360` as of `day`, of a source that provides these entities, in the order of cliente_id: COLUMNS, with
    int, Decimal, date, str or None."""
    history = History.read(world, day, entities)
    rows = {customer: {"cliente_id": customer, "fecha_corte": day} for customer in history.customers(day)}
    for columns in (_bank(history), _shop(history), _shipments_and_contacts(history)):
        for customer, found in columns.items():
            rows[customer] |= found
    income = _quintiles(rows, _column(rows, "ingresos_mensuales"))
    buyers = [customer for customer in rows if rows[customer]["primera_compra"]]
    scores = [_quintiles(buyers, _column(rows, name)) for name in ("ultima_compra", "compras_12m", "monto_compras_12m")]
    for customer, row in rows.items():
        row["segmento_ingresos"] = income[customer]
        row["segmento_rfm"] = "".join(str(score[customer]) for score in scores) if row["primera_compra"] else None
    return pd.DataFrame(list(rows.values()), columns=COLUMNS, dtype=object)


def _bank(history: History) -> dict[str, Row]:
    """The columns of the bank, by cliente_id."""
    months = [month for month in history.months if month.whole][-MAX_OBSERVED:]
    books = _books(history, {month.name for month in months})
    found = {}
    known = history.provides("transacciones")
    for customer, version in history.customers(history.day).items():
        observed = [books[customer, month.name] for month in months if history.customer_throughout(customer, month)]
        salaries = [book["sueldo"] for book in observed[-6:] if book["sueldo"]]
        income = pesos(median(salaries)) if salaries else version["ingresos_mensuales"]
        spent, fixed = (sum(book[kind] for book in observed for kind in kinds) for kinds in (SPENT, FIXED))
        found[customer] = {
            "nombre": f"{version['nombre']} {version['apellido']}",
            "edad": _whole_years(version["fecha_nacimiento"], history.day),
            "provincia": version["provincia"],
            "ingresos_mensuales": income,
            "gasto_mensual_promedio": pesos(Fraction(spent, len(observed))) if observed and known else None,
            "score_endeudamiento": ratio(fixed, len(observed) * cents(income), 4) if known else None,
            "origen_ingresos": "observado" if salaries else "declarado",
            "meses_observados": len(observed) if known else None,
            "ocupacion": version["ocupacion"],
            "antiguedad_meses": _whole_months(version["fecha_alta"], history.day),
        }
    return found


def _books(history: History, months: set[date]) -> dict[tuple[str, date], Counter[str]]:
    """Cents by kind of movement of each customer in each of the months; the regular salary as `sueldo`."""
    books: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    for movement in history.rows("transacciones"):
        month = movement["fecha"].replace(day=1)
        if month in months:
            kind = movement["tipo_transaccion"]
            if kind == "ingreso_sueldo" and movement["rubro"] != "aguinaldo":
                kind = "sueldo"
            books[movement["cliente_id"], month][kind] += cents(movement["monto"])
    return books


def _shop(history: History) -> dict[str, Row]:
    """The columns of the shop, by cliente_id."""
    found = {}
    for customer in history.customers(history.day):
        days = [order.day for order in history.orders_of.get(customer, [])]
        recent = history.recent_orders(customer)
        amount = sum(order.amount for order in recent)
        found[customer] = {
            "compras_12m": len(recent) if history.sells else None,
            "monto_compras_12m": pesos(amount) if history.sells else None,
            "ticket_promedio": pesos(Fraction(amount, len(recent))) if recent else None,
            "primera_compra": min(days, default=None),
            "ultima_compra": max(days, default=None),
            "dias_sin_comprar": (history.day - max(days)).days if days else None,
            "tipo_comprador": _kind_of_buyer(days, len(recent), history.day) if history.sells else None,
            "categoria_favorita": _favourite(recent) if history.provides("productos") else None,
        }
    return found


def _kind_of_buyer(days: list[date], recent: int, day: date) -> str:
    if not days:
        return "sin_compras"
    if min(days) > day - NEW_FOR:
        return "nuevo"
    if recent >= 2:
        return "recurrente"
    return "ocasional" if recent else "inactivo"


def _favourite(orders: list[Order]) -> str | None:
    """The category on which most is spent; the alphabetically first of several."""
    spent: Counter[str] = Counter()
    for order in orders:
        for line in order.lines:
            spent[line.category] += line.amount
    return min(spent, key=lambda category: (-spent[category], category), default=None)


def _shipments_and_contacts(history: History) -> dict[str, Row]:
    """The columns of deliveries and contacts in the last 365 days, by cliente_id."""
    delivered = [delivery for delivery in history.deliveries if history.recent(delivery.day)]
    shipments = Counter(delivery.customer for delivery in delivered)
    delayed = Counter(delivery.customer for delivery in delivered if delivery.delay)
    contacts = Counter(
        row["cliente_id"]
        for row in history.rows("contactos_campania")
        if row["grupo"] == "tratamiento" and history.recent(row["fecha"])
    )
    return {
        customer: {
            "entregas_demoradas_pct": percentage(delayed[customer], shipments[customer]),
            "contactos_campania_12m": contacts[customer] if history.provides("contactos_campania") else None,
        }
        for customer in history.customers(history.day)
    }


def _column(rows: dict[str, Row], name: str) -> Callable[[str], Any]:
    return lambda customer: rows[customer][name]


def _quintiles(customers: Iterable[str], measure: Callable[[str], Any]) -> dict[str, int]:
    """The fifth of each customer, 1 to 5 by rising measure. How many have less decides; equal ones are in the same."""
    measures = {customer: measure(customer) for customer in customers}
    ranked = sorted(measures.values())
    return {customer: quintile(bisect_left(ranked, value), len(ranked)) for customer, value in measures.items()}


def _whole_months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)


def _whole_years(since: date, until: date) -> int:
    return _whole_months(since, until) // 12
