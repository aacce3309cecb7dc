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
from proof.accounts import Balances
from proof.answers.credit import add_credit
from proof.books import flows, income_of, is_observed, keep_books
from proof.exact import cents, percentage, pesos, quintile, ratio
from proof.history import History, Row
from proof.rates import Rates
from proof.trade import Order, Return

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
    "monto_devuelto_12m",
    "monto_neto_12m",
    "posible_duplicado_de",
    "medio_pago_preferido",
    "pais",
    "ingresos_totales_promedio",
    "egresos_totales_promedio",
    "ahorro_promedio",
    "deuda_total",
    "cuota_sobre_ingreso",
    "uso_de_limite",
    "dias_mora_max",
    "situacion",
    "productos",
    "saldo_total",
    "saldo_minimo_90d",
]


def cliente_360(world: World, day: date, entities: Collection[str] = tuple(LANDING)) -> pd.DataFrame:
    """The rows of `cliente_360` as of `day`, of a source that provides these entities, in the order of cliente_id: COLUMNS, with
    int, Decimal, date, str or None."""
    history = History.read(world, day, entities)
    rows = {customer: {"cliente_id": customer, "fecha_corte": day} for customer in history.customers(day)}
    parts = (
        _bank(history),
        _shop(history),
        _shipments_and_contacts(history),
        _duplicates(history),
        _payments(history),
        _balances(history),
    )
    for columns in parts:
        for customer, found in columns.items():
            rows[customer] |= found
    add_credit(history, rows)
    income = _quintiles(rows, _column(rows, "ingresos_mensuales"))
    buyers = [customer for customer in rows if rows[customer]["primera_compra"]]
    spent = "monto_neto_12m" if history.returns_known else "monto_compras_12m"
    scores = [_quintiles(buyers, _column(rows, name)) for name in ("ultima_compra", "compras_12m", spent)]
    for customer, row in rows.items():
        row["segmento_ingresos"] = income[customer]
        row["segmento_rfm"] = "".join(str(score[customer]) for score in scores) if row["primera_compra"] else None
    return pd.DataFrame(list(rows.values()), columns=COLUMNS, dtype=object)


def _bank(history: History) -> dict[str, Row]:
    """The columns of the bank, by cliente_id."""
    months = [month for month in history.months if month.whole][-MAX_OBSERVED:]
    rates = Rates(history.rows("cotizaciones"))
    books = keep_books(history.rows("transacciones"), {month.name for month in months}, history.holders, rates)
    found, books_of = {}, {}
    known = history.provides("transacciones")
    for customer, version in history.customers(history.day).items():
        observed = [
            books[customer, month.name]
            for month in months
            if history.customer_throughout(customer, month)
            and is_observed(customer, month, books[customer, month.name], history.holders)
        ]
        income, origin = income_of(observed[-6:], version["ingresos_mensuales"])
        spent, fixed = (sum(book[kind] for book in observed for kind in kinds) for kinds in (SPENT, FIXED))
        found[customer] = {
            "nombre": f"{version['nombre']} {version['apellido']}",
            "edad": _whole_years(version["fecha_nacimiento"], history.day),
            "provincia": version["provincia"],
            "pais": version["pais"],
            "ingresos_mensuales": income,
            "gasto_mensual_promedio": pesos(Fraction(spent, len(observed))) if observed and known else None,
            "score_endeudamiento": ratio(fixed, len(observed) * cents(income), 4) if known and income else None,
            "origen_ingresos": origin,
            "meses_observados": len(observed) if known else None,
            "ocupacion": version["ocupacion"],
            "antiguedad_meses": _whole_months(version["fecha_alta"], history.day),
        }
        books_of[customer] = observed
    for customer, columns in flows(books_of).items():
        found[customer] |= columns
    return found


def _shop(history: History) -> dict[str, Row]:
    """The columns of the shop, by cliente_id."""
    found = {}
    returns: dict[str | None, list[Return]] = defaultdict(list)
    for each in history.returns:
        returns[each.customer].append(each)
    for customer in history.customers(history.day):
        days = [order.day for order in history.orders_of.get(customer, [])]
        recent = history.recent_orders(customer)
        amount = sum(order.amount for order in recent)
        returned = [back for back in returns[customer] if history.recent(back.day)]
        back = sum(each.amount for each in returned)
        found[customer] = {
            "compras_12m": len(recent) if history.sells else None,
            "monto_compras_12m": pesos(amount) if history.sells else None,
            "monto_devuelto_12m": pesos(back) if history.returns_known else None,
            "monto_neto_12m": pesos(amount - back) if history.sells and history.returns_known else None,
            "ticket_promedio": pesos(Fraction(amount - back, len(recent))) if recent else None,
            "primera_compra": min(days, default=None),
            "ultima_compra": max(days, default=None),
            "dias_sin_comprar": (history.day - max(days)).days if days else None,
            "tipo_comprador": _kind_of_buyer(days, len(recent), history.day) if history.sells else None,
            "categoria_favorita": _favourite(recent, returned) if history.provides("productos") else None,
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


def _favourite(orders: list[Order], returns: list[Return]) -> str | None:
    """The category of which most is bought and kept; the alphabetically first of several."""
    spent: Counter[str] = Counter()
    for order in orders:
        for line in order.lines:
            if line.category is not None:
                spent[line.category] += line.amount
    for back in returns:
        if back.category is not None and back.category in spent:
            spent[back.category] -= back.amount
    return min(spent, key=lambda category: (-spent[category], category), default=None)


def _shipments_and_contacts(history: History) -> dict[str, Row]:
    """The columns of deliveries and contacts in the last 365 days, by cliente_id."""
    recent = [delivery for delivery in history.deliveries if history.recent(delivery.day)]
    shipments = Counter(delivery.customer for delivery in recent if delivery.beyond is not None)
    delayed = Counter(delivery.customer for delivery in recent if (delivery.beyond or 0) > 0)
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


def _duplicates(history: History) -> dict[str, Row]:
    """Who may be the same person as a customer with a smaller cliente_id, by cliente_id. Every person of a world has a document
    and an e-mail address."""
    customers = history.customers(history.day)
    found: dict[str, str] = {}
    for identify in (_document, _email_and_birth):
        first: dict[Any, str] = {}
        for customer in sorted(customers):
            same = first.setdefault(identify(customers[customer]), customer)
            found[customer] = min(found.get(customer, same), same)
    return {
        customer: {"posible_duplicado_de": other if other != customer else None} for customer, other in found.items()
    }


def _document(version: Row) -> Any:
    return version["dni"]


def _email_and_birth(version: Row) -> Any:
    return version["email"], version["fecha_nacimiento"]


def _payments(history: History) -> dict[str, Row]:
    """The method by which each customer pays most in the last 365 days, the alphabetically first of several, by cliente_id."""
    paid: dict[str | None, Counter[str]] = defaultdict(Counter)
    used: dict[str | None, set[str]] = defaultdict(set)
    for payment in history.payments:
        if history.recent(payment.day):
            paid[payment.customer][payment.method] += payment.net
            if payment.state == "aprobado":
                used[payment.customer].add(payment.method)
    found = {}
    for customer in history.customers(history.day):
        amounts = paid[customer]
        preferred = min(used[customer], key=lambda method: (-amounts[method], method), default=None)
        found[customer] = {"medio_pago_preferido": preferred}
    return found


def _balances(history: History) -> dict[str, Row]:
    """What the accounts of each customer hold, and held at least in the last 90 days, by cliente_id."""
    rates = Rates(history.rows("cotizaciones"))
    movements = history.rows("transacciones") if history.provides("transacciones") else None
    balances = Balances(history.rows("cuentas"), history.rows("saldos"), movements, rates)
    days = [history.day - timedelta(days=ago) for ago in range(90)]
    found = {}
    for customer in history.customers(history.day):
        totals = balances.totals(customer, days, history.holders)
        known = [total for total in totals if total is not None]
        found[customer] = {
            "saldo_total": None if not totals or totals[0] is None else pesos(totals[0]),
            "saldo_minimo_90d": pesos(min(known)) if known else None,
        }
    return found


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
