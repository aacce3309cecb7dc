"""What the customer owes on loans and cards on the day, how late it is, and what the customer holds."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any

from reading.explain import exact, flows
from reading.explain.evidence import Answer, Explain, Facts, Record, Rows, unknown

OVER = ("cancelado", "refinanciado")
SITUATIONS = (31, 90, 180, 365)
"""The most days past due of each situation but the last."""
NOTHING = Decimal("0.00")
NO_CARD: Record = {"cliente_id": None, "cuenta_id": None, "moneda": None}
"""What is known of the card of a statement that came before it."""


@dataclass(frozen=True)
class Part:
    """What is owed on a loan, an open card or a statement, of the customer's part of it; null where it is not known."""

    credito: str
    codigo: str
    deuda: Decimal | None
    dias_mora: int | None
    vence_en_el_mes: Decimal | None
    deuda_tarjetas: Decimal | None = NOTHING
    limite: Decimal | None = None
    prestamo: bool = False
    tarjeta: bool = False


@dataclass(frozen=True)
class Credit:
    parts: list[Part]
    rows: tuple[Rows, ...]

    @property
    def steps(self) -> list[Record]:
        return [asdict(part) for part in self.parts]

    def total(self, name: str) -> Decimal | None:
        """The sum over all parts; null where one is not known."""
        values = [getattr(part, name) for part in self.parts]
        return None if None in values else sum(values, NOTHING)

    def days_past_due(self) -> int | None:
        days = [part.dias_mora for part in self.parts]
        return None if None in days else max((day for day in days if day is not None), default=None)

    def there_is(self) -> bool:
        """Whether there is anything to be late with."""
        return any(
            part.prestamo or part.tarjeta or part.deuda is None or part.deuda > 0 or (part.dias_mora or 0) > 0
            for part in self.parts
        )


def look(facts: Facts) -> Credit:
    """All credit of the customer on the day."""
    holdings = facts.rows("titularidad")
    held = facts.holder_of(holdings.records)
    accounts = list(held)
    rates = facts.rows("cotizaciones")
    worth = {
        row["moneda"]: row["cotizacion"] for row in rates.records if row["fecha"] <= facts.fecha < row["vigente_hasta"]
    }
    loans = facts.rows("prestamos", cuentas=accounts)
    instalments = facts.rows("cuotas", prestamos=[row["prestamo_id"] for row in loans.records])
    cards = facts.rows("tarjetas", cuentas=accounts)
    statements = facts.rows("resumenes", tarjetas=[row["tarjeta_id"] for row in cards.records])

    known = {card["tarjeta_id"]: card for card in cards.records}

    def whose(row: Record, named: str | None) -> Record | None:
        """The customer's part, all of what names the customer; None of what is somebody else's."""
        if named == facts.cliente_id:
            return {"participacion": 1, "de": 1}
        return held.get(row["cuenta_id"]) if named == "" else None

    def of_statement(row: Record) -> Record | None:
        """The same, of a statement: one that names nobody is of who has its card."""
        card = known.get(row["tarjeta_id"], NO_CARD)
        return whose(card, row["cliente_id"] or card["cliente_id"])

    parts = []
    for loan in loans.records:
        due = [row for row in instalments.records if row["prestamo_id"] == loan["prestamo_id"]]
        holder = whose(loan, loan["cliente_id"])
        if holder and loan["estado"] not in OVER and loan["fecha_otorgamiento"] <= facts.fecha:
            parts.append(_loan(loan, due, worth.get(loan["moneda"]), holder, facts.fecha))
    for card in cards.records:
        holder = whose(card, card["cliente_id"])
        if holder and _is_open(card, facts.fecha):
            limit = exact.converted(card["limite"], card["moneda"], worth.get(card["moneda"]))
            said = NOTHING if "resumenes" in facts.delivered else None
            late = 0 if "resumenes" in facts.delivered else None
            part = exact.share(limit, holder)
            parts.append(Part("tarjeta", card["tarjeta_id"], said, late, said, said, part, tarjeta=True))
    for card_id, of_card in groupby(statements.records, key=lambda row: row["tarjeta_id"]):
        card = known.get(card_id, NO_CARD)
        settled = False
        for place, row in enumerate(of_card):
            settled = settled or _is_covered(row, facts.fecha)
            holder = of_statement(row)
            if holder:
                rate = worth.get(card["moneda"])
                parts.append(_statement(row, card, rate, holder, facts.fecha, newest=place == 0, settled=settled))
    # a card that names somebody else may be on an account that the customer holds too: it is not theirs, nor what is said of it
    statements = statements.where(of_statement)
    stated = {row["tarjeta_id"] for row in statements.records}
    cards = cards.where(lambda row: whose(row, row["cliente_id"]) or row["tarjeta_id"] in stated)
    credited = (*loans.records, *cards.records)
    of_accounts = {row["cuenta_id"] for row in credited if row["cliente_id"] == ""}
    divided = holdings.where(lambda row: row in held.values() and row["cuenta_id"] in of_accounts)
    used = rates.where(
        lambda row: (
            row["fecha"] <= facts.fecha < row["vigente_hasta"]
            and any(each["moneda"] == row["moneda"] for each in credited)
        )
    )
    return Credit(parts, (loans, instalments, cards, statements, divided, used))


def _loan(loan: Record, due: list[Record], rate: Decimal | None, holder: Record, day: date) -> Part:
    unpaid = [row for row in due if row["pagado_el"] is None or row["pagado_el"] > day]
    principal = sum((row["monto"] if row["capital"] is None else row["capital"] for row in unpaid), NOTHING)
    owed = loan["saldo"] if loan["saldo"] is not None else principal if due else None
    debt = exact.converted(owed, loan["moneda"], rate)
    late = max((max(0, (day - row["vencimiento"]).days) for row in unpaid), default=0) if due else None
    of_month = sum((row["monto"] for row in due if _month(row["vencimiento"]) == _month(day)), NOTHING)
    falls_due = exact.converted(of_month, loan["moneda"], rate) if due else None
    return Part(
        *("prestamo", loan["prestamo_id"], exact.share(debt, holder), late, exact.share(falls_due, holder)),
        prestamo=debt is None or debt > 0 or bool(late),
    )


def _statement(
    row: Record, card: Record, rate: Decimal | None, holder: Record, day: date, *, newest: bool, settled: bool
) -> Part:
    """The newest one says what is owed; one that is covered settles those before it."""
    owed = max(row["total"] - (row["pagado"] or 0), NOTHING) if newest else NOTHING
    minimum = row["minimo"] if _month(row["fecha_vencimiento"]) == _month(day) else NOTHING
    debt, falls_due = (exact.share(exact.converted(amount, card["moneda"], rate), holder) for amount in (owed, minimum))
    late = 0 if settled else max((day - row["fecha_vencimiento"]).days, 0)
    return Part("resumen", row["resumen_id"], debt, late, falls_due, deuda_tarjetas=debt)


def _is_covered(statement: Record, day: date) -> bool:
    paid_on = statement["pagado_el"]
    return (paid_on is not None and paid_on <= day) or (statement["pagado"] or 0) >= statement["minimo"]


def _is_open(card: Record, day: date) -> bool:
    return (card["fecha_alta"] or card["primera"]) <= day < (card["fecha_baja"] or flows.NO_END)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _debt(facts: Facts) -> Answer:
    if not facts.delivered & {"prestamos", "resumenes"}:
        return unknown("prestamos", "resumenes")
    found = look(facts)
    return Answer(found.total("deuda"), "sum of deuda", steps=found.steps, rows=found.rows)


def _burden(facts: Facts) -> Answer:
    if not facts.delivered & {"cuotas", "resumenes"}:
        return unknown("cuotas", "resumenes")
    found, income = look(facts), flows.income(facts)
    due = found.total("vence_en_el_mes")
    return Answer(
        exact.ratio(due, income.value, 4),
        "vence_en_el_mes / ingresos_mensuales",
        {"vence_en_el_mes": due, "ingresos_mensuales": income.value},
        found.steps,
        found.rows + income.answer.rows,
    )


def _use(facts: Facts) -> Answer:
    if "resumenes" not in facts.delivered:
        return unknown("resumenes")
    found = look(facts)
    limits = [part.limite for part in found.parts if part.tarjeta]
    limit = exact.added(limits) if None not in limits else None
    debt = found.total("deuda_tarjetas")
    figures = {"deuda_tarjetas": debt, "limite": limit}
    cards = [step for step in found.steps if not step["prestamo"]]
    return Answer(exact.ratio(debt, limit, 4), "deuda_tarjetas / limite", figures, cards, found.rows[2:])


def _late(name: str, facts: Facts) -> Answer:
    found = look(facts)
    days = found.days_past_due() if found.there_is() else None
    situation = None if days is None else 1 + sum(days > most for most in SITUATIONS)
    value, formula = {
        "dias_mora_max": (days, "largest dias_mora"),
        "situacion": (situation, "by dias_mora_max, up to 31, 90, 180, 365 and beyond"),
    }[name]
    return Answer(value, formula, {"dias_mora_max": days}, found.steps, found.rows)


def _holdings(facts: Facts) -> Answer:
    told = {"prestamos", "tarjetas", "ordenes_permanentes"} & facts.delivered
    if not told and not facts.delivered >= {"cuentas", "titulares_cuenta"}:
        return unknown("cuentas", "tarjetas", "prestamos", "ordenes_permanentes")
    found = look(facts)
    accounts = facts.rows("cuentas").where(lambda row: row["rol"] != "autorizado" or row["participacion"])
    if not facts.provides("cuentas", "titulares_cuenta"):
        accounts = accounts.where(lambda _: False)
    held = facts.holder_of(facts.rows("titularidad").records)
    orders = facts.rows("ordenes", cuentas=list(held)).where(
        lambda row: row["desde"] <= facts.fecha < (row["hasta"] or flows.NO_END)
    )
    words: set[Any] = {row["tipo"] or "cuenta" for row in accounts.records}
    words |= {"orden_permanente"} if orders.records else set()
    words |= {"prestamo"} if any(part.prestamo for part in found.parts) else set()
    words |= {"tarjeta_credito"} if any(part.tarjeta for part in found.parts) else set()
    return Answer(
        ", ".join(sorted(words)) or "ninguno",
        "kinds of what is held",
        steps=found.steps,
        rows=(accounts, orders, *found.rows),
    )


COLUMNS: dict[str, Explain] = {
    "deuda_total": _debt,
    "cuota_sobre_ingreso": _burden,
    "uso_de_limite": _use,
    "dias_mora_max": partial(_late, "dias_mora_max"),
    "situacion": partial(_late, "situacion"),
    "productos": _holdings,
}
