"""What the bank's movements of a customer come to in a month: by kind, and what came in and left."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from proof.accounts import Holders
from proof.exact import cents, median, pesos
from proof.months import Month
from proof.rates import Rates

Book = Counter[str]
"""Cents of a month by kind of movement, the regular salary as `sueldo`; what came in as IN, what left as OUT; movements as ALL,
those that say in which direction they go as TOLD,
those that name the customer as NAMED."""
IN, OUT, ALL, TOLD, NAMED = "credito", "debito", "movimientos", "con sentido", "con cliente"
DEPOSITS = ("deposito", "cobro", "beneficio")
STILL_THEIRS = ("ahorro", "moneda_extranjera")
"""Kinds of movements after which the money is the customer's as before."""


def keep_books(
    movements: Iterable[dict[str, Any]], months: set[date], holders: Holders | None = None, rates: Rates | None = None
) -> dict[tuple[str, date], Book]:
    """The book of each customer in each of the months, by cliente_id and first day, of what movements were worth. What
    those that name only an account come to is divided among its holders at the end of the month."""
    rates = rates or Rates([])
    books: dict[tuple[str, date], Book] = defaultdict(Counter)
    of_accounts: dict[tuple[str, date], Book] = defaultdict(Counter)
    for movement in movements:
        month = movement["fecha"].replace(day=1)
        if month in months:
            kind = movement["tipo_transaccion"]
            amount = rates.worth(cents(movement["monto"]), movement.get("moneda"), movement["fecha"]) or 0
            if movement["cliente_id"] is None:
                book = of_accounts[movement["cuenta_id"], month]
                kind = "deposito" if kind in DEPOSITS else kind  # divided together
            else:
                book = books[movement["cliente_id"], month]
                book[NAMED] += 1
            if kind == "ingreso_sueldo" and movement["rubro"] != "aguinaldo":
                kind = "sueldo"
            book[kind or ""] += amount
            book[ALL] += 1
            direction = movement.get("sentido")
            if direction:
                book[TOLD] += 1
                on_credit = movement["tarjeta_id"] is not None and kind != "pago_tarjeta"
                if kind not in STILL_THEIRS and not on_credit:
                    book[direction] += amount
    for (account, month), book in of_accounts.items() if holders else ():
        last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        for kind, number in book.items():
            for customer, part in holders.divided(number, account, last).items() if holders else ():
                books[customer, month][kind] += number if kind in (ALL, TOLD) else part
    return books


def is_observed(customer: str, month: Month, book: Book, holders: Holders) -> bool:
    """Whether a customer of a month has a part of an account at its end, or is named by a movement, where that is known of
    anybody."""
    return not holders.known or bool(book[NAMED]) or customer in holders.having_parts(month.last)


def income_of(last_months: list[Book], declared: Decimal | None) -> tuple[Decimal | None, str | None]:
    """The income of a customer with these books, of six observed months at most, and where it is known from."""
    salaries = [book["sueldo"] for book in last_months if book["sueldo"]]
    if salaries:
        return pesos(median(salaries)), "observado"
    deposits = [amount for book in last_months if (amount := sum(book[kind] for kind in DEPOSITS))]
    if len(deposits) >= 3 and Fraction(len(deposits), len(last_months)) >= Fraction(2, 3):
        return pesos(median(deposits)), "depositos"
    return declared, None if declared is None else "declarado"


def flows(books: dict[str, list[Book]]) -> dict[str, dict[str, Decimal | None]]:
    """The columns of what came in and left, by cliente_id, from the books of each customer's observed months."""
    told = any(book[TOLD] for observed in books.values() for book in observed)
    found = {}
    for customer, observed in books.items():
        known = [book for book in observed if book[TOLD] or not book[ALL]] if told else []
        came, left = (sum(book[direction] for book in known) for direction in (IN, OUT))
        found[customer] = {
            "ingresos_totales_promedio": _mean(came, known),
            "egresos_totales_promedio": _mean(left, known),
            "ahorro_promedio": _mean(came - left, known),
        }
    return found


def _mean(amount: int, months: list[Book]) -> Decimal | None:
    return pesos(Fraction(amount, len(months))) if months else None
