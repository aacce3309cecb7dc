"""Whose an account is, as the answer key counts it. Amounts are cents."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from proof.exact import cents
from proof.rates import Rates

Rows = Iterable[dict[str, Any]]


class Holders:
    """Who holds each account, by the rows of the landing file `titulares_cuenta`."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._of: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        self._having_parts: dict[date, set[str]] = {}
        for row in sorted(rows, key=lambda row: row["fecha"]):
            self._of[row["cuenta_id"]][row["cliente_id"]].append(row)
        self.known = bool(self._of)
        """Whether any are."""

    def on(self, account: str, day: date) -> list[dict[str, Any]]:
        """The versions of that day of all who hold it, the main holder first: titulares before others, then by cliente_id."""
        found = []
        for versions in self._of[account].values():
            known = [version for version in versions if version["fecha"] <= day]
            if not known:
                continue
            since, until = known[-1]["desde"] or known[-1]["fecha"], known[-1]["hasta"]
            if since <= day and (until is None or day < until):
                found.append(known[-1])
        return sorted(found, key=lambda version: (version["rol"] != "titular", version["cliente_id"]))

    def parts(self, account: str, day: date) -> dict[str, Fraction]:
        """The part of each holder who has one, the main one of them first."""
        holders = self.on(account, day)
        said = {each["cliente_id"]: Fraction(each["participacion"] or Decimal(0)) for each in holders}
        whole = sum(said.values())
        if whole:
            return {customer: part / whole for customer, part in said.items() if part}
        return {each["cliente_id"]: Fraction(1) for each in holders[:1]}

    def divided(self, amount: int, account: str, day: date) -> dict[str, int]:
        """An amount of the account, in whole cents: what is left over is the main holder's. Nobody's without a holder."""
        parts = self.parts(account, day)
        found = {customer: _towards_zero(amount * part) for customer, part in parts.items()}
        for main in list(parts)[:1]:
            found[main] += amount - sum(found.values())
        return found

    def having_parts(self, day: date) -> set[str]:
        """Who has a part of any account."""
        if day not in self._having_parts:
            self._having_parts[day] = {customer for account in list(self._of) for customer in self.parts(account, day)}
        return self._having_parts[day]


class Balances:
    """What accounts hold at the end of a day, by the rows of `cuentas`, `saldos` and `transacciones`: added up in the currency of
    the account, then what that is worth on the day."""

    def __init__(self, accounts: Rows, balances: Rows, movements: Rows | None, rates: Rates) -> None:
        self._rates = rates
        self._versions: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._told: dict[str, list[tuple[date, int]]] = defaultdict(list)
        self._moved: dict[str, list[tuple[date, str | None, int | None]]] = defaultdict(list)
        for row in sorted(accounts, key=lambda row: row["fecha"]):
            self._versions[row["cuenta_id"]].append(row)
        for row in sorted(balances, key=lambda row: row["fecha"]):
            self._told[row["cuenta_id"]].append((row["fecha"], cents(row["saldo"])))
        self.known = bool(self._told) or any(
            version["saldo_inicial"] is not None for versions in self._versions.values() for version in versions
        )
        self._moves = movements is not None
        for row in movements or () if self.known else ():
            on_credit = row["tarjeta_id"] is not None and row["tipo_transaccion"] != "pago_tarjeta"
            if row["cuenta_id"] is not None and not on_credit:
                sign = {"credito": 1, "debito": -1}.get(row["sentido"])
                amount = sign and sign * cents(row["monto"])
                self._moved[row["cuenta_id"]].append((row["fecha"], row["moneda"], amount))

    def totals(self, customer: str, days: list[date], holders: Holders) -> list[int | None]:
        """On each of the days, the last one first, what the accounts hold that are open on the last and of which a part is the
        customer's then, in that part: None where it is not known of one that is open. Days on which none is are left out."""
        if not self.known:
            return []
        valid = {
            account: [v for v in versions if v["fecha"] <= days[0]][-1:] for account, versions in self._versions.items()
        }
        held = {
            account: version
            for account, versions in valid.items()
            for version in versions
            if customer in holders.parts(account, days[0])
            and (version["fecha_cierre"] is None or version["fecha_cierre"] > days[0])
            and (version["fecha_apertura"] or version["fecha"]) <= days[0]
        }
        found: list[int | None] = []
        for day in days:
            there = [
                (account, self._rates.worth(self._on(account, version, day), version["moneda"], day))
                for account, version in held.items()
                if (version["fecha_apertura"] or version["fecha"]) <= day
            ]
            if there:
                parts = [
                    None if amount is None else holders.divided(amount, account, days[0])[customer]
                    for account, amount in there
                ]
                found.append(None if None in parts else sum(part for part in parts if part is not None))
        return found

    def _on(self, account: str, version: dict[str, Any], day: date) -> int | None:
        """What it holds in its currency: unknown once something moved in another, and where it is not known what moved."""
        told = [amount for when, amount in self._told[account] if when <= day]
        if told:
            return told[-1]
        initial = version["saldo_inicial"]
        moved = [
            amount if currency == version["moneda"] else None
            for when, currency, amount in self._moved[account]
            if when <= day
        ]
        if initial is None or not self._moves or None in moved:
            return None
        return cents(initial) + sum(amount for amount in moved if amount is not None)


def _towards_zero(number: Fraction) -> int:
    return int(number)
