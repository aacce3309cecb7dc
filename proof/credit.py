"""What customers owe on a day of a history, and how late they are, as it is known at the end of the history."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from proof.accounts import Holders
from proof.exact import cents
from proof.months import month_of
from proof.rates import Rates

Row = dict[str, Any]
Divided = Callable[[int], int]
"""What of an amount is somebody's; both are cents."""
ENDED = ("cancelado", "refinanciado")
"""The states of a loan in which nothing is owed on it."""
STEPS = ((31, 1), (90, 2), (180, 3), (365, 4))
"""The most days past due of each situation but the last."""
WORST = 5


@dataclass
class Credit:
    """What a customer owes; amounts are cents, and None where they are not known, as in a currency without a rate."""

    loans: list[int | None] = field(default_factory=list)
    """Debt on each loan that is not over; None where it is not known."""
    limits: list[int | None] = field(default_factory=list)
    """Of each open card; None where it is not known."""
    card_debts: list[int | None] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    """Days past due of all that is due and not paid."""
    due: list[int | None] = field(default_factory=list)
    """What is due in the month of the day."""
    planned: bool = True
    """Whether the instalments of all loans, and the statements of all cards, are known."""
    billed: bool = True
    """Whether the statements of all cards are known."""
    owing: bool = False
    """Whether there is a loan on which something is owed, or may be, or is late."""

    @property
    def debt(self) -> int | None:
        """None where a part of it is not known."""
        return added([*self.loans, *self.card_debts]) if self.billed else None

    @property
    def days_late(self) -> int | None:
        """None without credit, and where it is not known what is late."""
        has_credit = self.owing or self.limits or self.late or any(debt != 0 for debt in self.card_debts)
        return max(self.late, default=0) if has_credit and self.planned else None

    @property
    def situation(self) -> int | None:
        late = self.days_late
        return None if late is None else next((situation for most, situation in STEPS if late <= most), WORST)


class Credits:
    """The cards, statements, loans, instalments and standing orders of a history, each with its versions, oldest first."""

    def __init__(self, rows: Callable[[str], Iterable[Row]], holders: Holders) -> None:
        self.holders = holders
        self.rates = Rates(rows("cotizaciones"))
        self.cards = _versions(rows("tarjetas"), "tarjeta_id")
        self.statements = _versions(rows("resumenes"), "resumen_id")
        self.loans = _versions(rows("prestamos"), "prestamo_id")
        self.orders = _versions(rows("ordenes_permanentes"), "orden_id")
        self.instalments: dict[str, list[Row]] = defaultdict(list)
        for versions in _versions(rows("cuotas"), "cuota_id").values():
            self.instalments[versions[-1]["prestamo_id"]].append(versions[-1])

    def on(self, day: date) -> dict[str, Credit]:
        """The credit of each customer who has or had some by a day, by cliente_id."""
        found: dict[str, Credit] = defaultdict(Credit)
        for key, versions in self.loans.items():
            loan = _of(versions, day)
            if loan["fecha_otorgamiento"] <= day and loan["estado"] not in ENDED:
                for customer, part in self._of_whom(loan, day):
                    self._add_loan(found[customer], loan, self.instalments.get(key, []), day, part)
        for versions in self.cards.values():
            card = _of(versions, day)
            opened = card["fecha_alta"] or versions[0]["fecha"]
            if opened <= day and (card["fecha_baja"] is None or card["fecha_baja"] > day):
                limit = None if card["limite"] is None else cents(card["limite"])
                limit = self.rates.worth(limit, card["moneda"], day)
                for customer, part in self._of_whom(card, day):
                    credit = found[customer]
                    credit.limits.append(None if limit is None else part(limit))
                    credit.billed &= bool(self.statements)
                    credit.planned &= bool(self.statements)
        closed = sorted(self._closed(day), key=lambda pair: (pair[0]["fecha_cierre"], pair[0]["resumen_id"]))
        last = {statement["tarjeta_id"]: statement["resumen_id"] for statement, _ in closed}
        settled = {
            statement["tarjeta_id"]: place
            for place, (statement, paid) in enumerate(closed)
            if paid >= cents(statement["minimo"]) or not _unpaid(statement, day)
        }
        for place, (statement, paid) in enumerate(closed):
            late = (day - statement["fecha_vencimiento"]).days
            short = place > settled.get(statement["tarjeta_id"], -1)
            cards = self.cards.get(statement["tarjeta_id"])
            currency = _of(cards, day)["moneda"] if cards else None
            debt = self.rates.worth(max(cents(statement["total"]) - paid, 0), currency, day)
            least = self.rates.worth(cents(statement["minimo"]), currency, day)
            for customer, part in self._of_whom(self._named(statement, day), day):
                credit = found[customer]
                if last[statement["tarjeta_id"]] == statement["resumen_id"]:
                    credit.card_debts.append(None if debt is None else part(debt))
                if short and late > 0:
                    credit.late.append(late)
                if month_of(statement["fecha_vencimiento"]) == month_of(day):
                    credit.due.append(None if least is None else part(least))
        return dict(found)

    def _add_loan(self, credit: Credit, loan: Row, instalments: list[Row], day: date, part: Divided) -> None:
        unpaid = [row for row in instalments if _unpaid(row, day)]
        late = [(day - row["vencimiento"]).days for row in unpaid if row["vencimiento"] < day]
        principal = sum(cents(row["monto"] if row["capital"] is None else row["capital"]) for row in unpaid)
        debt = cents(loan["saldo"]) if loan["saldo"] is not None else principal if instalments else None
        due = sum(cents(row["monto"]) for row in instalments if month_of(row["vencimiento"]) == month_of(day))
        debt = self.rates.worth(debt, loan["moneda"], day)
        falls_due = self.rates.worth(due, loan["moneda"], day)
        credit.loans.append(None if debt is None else part(debt))
        credit.planned &= bool(instalments)
        credit.late += late
        credit.due.append(None if falls_due is None else part(falls_due))
        credit.owing |= debt != 0 or bool(late)

    def ordering(self, day: date) -> set[str]:
        """The customers with a standing order on a day, as known at the end of the history."""
        newest = [versions[-1] for versions in self.orders.values()]
        valid = [row for row in newest if row["desde"] <= day and (row["hasta"] is None or row["hasta"] > day)]
        return {customer for row in valid for customer, _ in self._of_whom(row, day)}

    def _of_whom(self, row: Row, day: date) -> Iterator[tuple[str, Divided]]:
        """The customers whose a loan, a card or an order is, each with what of an amount is theirs."""
        if row["cliente_id"] is not None:
            yield row["cliente_id"], int
        elif row["cuenta_id"] is not None:
            for customer in self.holders.parts(row["cuenta_id"], day):
                yield customer, partial(self._part, row["cuenta_id"], day, customer)

    def _part(self, account: str, day: date, customer: str, amount: int) -> int:
        return self.holders.divided(amount, account, day)[customer]

    def _named(self, statement: Row, day: date) -> Row:
        """What says whose a statement is: itself or, where it names nobody, its card."""
        return statement if statement["cliente_id"] is not None else _of(self.cards[statement["tarjeta_id"]], day)

    def _closed(self, day: date) -> Iterator[tuple[Row, int]]:
        """The statements closed by a day, and the cents paid of each by then."""
        for versions in self.statements.values():
            if versions[-1]["fecha_cierre"] <= day:
                yield versions[-1], cents(_of(versions, day)["pagado"] or Decimal(0))


def added(amounts: Iterable[int | None]) -> int | None:
    """Their sum; None where one is not known."""
    amounts = list(amounts)
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def _unpaid(row: Row, day: date) -> bool:
    return row["pagado_el"] is None or row["pagado_el"] > day


def _of(versions: list[Row], day: date) -> Row:
    """The version of a day; before the first one, that."""
    return ([row for row in versions if row["fecha"] <= day] or versions[:1])[-1]


def _versions(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["fecha"]):
        found[row[key]].append(row)
    return found
