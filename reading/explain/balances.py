"""What is in the accounts of the customer on the day, and at least was of late."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from reading.explain import exact
from reading.explain.evidence import Answer, Explain, Facts, Record, Rows, unknown

DAYS = 90
HELD = ("cuentas", "titulares_cuenta")


def _balances(name: str, facts: Facts) -> Answer:
    if not facts.provides(*HELD):
        return unknown(*HELD)
    accounts = facts.rows("cuentas").where(lambda row: row["participacion"])
    names = [row["cuenta_id"] for row in accounts.records]
    delivered = facts.rows("saldos", cuentas=names)
    first = facts.fecha - timedelta(days=DAYS - 1)
    moving = [
        row["cuenta_id"]
        for row in accounts.records
        if row["saldo_inicial"] is not None
        and _delivered(delivered, row["cuenta_id"], max(_opened(row), first)) is None
    ]
    movements = facts.rows("movimientos_de_cuentas", cuentas=moving)
    rates = facts.rows("cotizaciones")
    days = [first + timedelta(days=number) for number in range(DAYS)]
    if not facts.provides("transacciones"):
        accounts = replace(accounts, records=[row | {"saldo_inicial": None} for row in accounts.records])
    totals = {day: _total(day, accounts, delivered, movements, rates) for day in days}
    if name == "saldo_total":
        value, formula = totals[facts.fecha], "sum of saldo on fecha_corte, in the customer's part"
    else:
        known = [total for total in totals.values() if total is not None]
        value, formula = min(known, default=None), "the lowest sum of saldo at the end of one of the 90 days"
    changes = [day for day in days if day == first or totals[day] != totals[day - timedelta(days=1)]]
    currencies = {row["moneda"] for row in accounts.records}
    used = rates.where(lambda row: row["moneda"] in currencies)
    steps: list[Record] = [{"dia": day, "saldo": totals[day]} for day in changes]
    return Answer(value, formula, steps=steps, rows=(accounts, delivered, movements, used))


def _opened(account: Record) -> date:
    opened: date = account["fecha_apertura"] or account["fecha"]
    return opened


def _delivered(balances: Rows, account: str, day: date) -> Decimal | None:
    """The last balance that was delivered by the day."""
    told = [row for row in balances.records if row["cuenta_id"] == account and row["fecha"] <= day]
    return told[-1]["saldo"] if told else None


def _total(day: date, accounts: Rows, delivered: Rows, movements: Rows, rates: Rows) -> Decimal | None:
    """The sum of the accounts that were open on the day; null where there is none, or one is not known."""
    worth = {row["moneda"]: row["cotizacion"] for row in rates.records if row["fecha"] <= day < row["vigente_hasta"]}
    parts = []
    for account in accounts.records:
        if _opened(account) <= day:
            balance = _delivered(delivered, account["cuenta_id"], day)
            if balance is None:
                balance = _moved(account, day, movements)
            parts.append(_part(account, balance, worth))
    return None if None in parts or not parts else exact.added(parts)


def _moved(account: Record, day: date, movements: Rows) -> Decimal | None:
    """saldo_inicial and what has moved since; null where a movement has no direction, or is in another currency."""
    balance = account["saldo_inicial"]
    for row in movements.records:
        if balance is None or row["cuenta_id"] != account["cuenta_id"] or row["fecha"] > day:
            continue
        sign = {"credito": 1, "debito": -1}.get(row["sentido"])
        if sign is None or row["moneda"] != account["moneda"]:
            return None
        balance += sign * (row["monto"] if row["monto_original"] is None else row["monto_original"])
    return balance


def _part(account: Record, balance: Decimal | None, worth: Mapping[str, Decimal]) -> Decimal | None:
    return exact.share(exact.converted(balance, account["moneda"], worth.get(account["moneda"])), account)


COLUMNS: dict[str, Explain] = {
    "saldo_total": partial(_balances, "saldo_total"),
    "saldo_minimo_90d": partial(_balances, "saldo_minimo_90d"),
}
