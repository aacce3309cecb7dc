"""Income, spending and all that comes in and leaves, of the observed months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any

from reading.explain import exact
from reading.explain.evidence import Answer, Explain, Facts, Record, Rows, unknown

FIXED = ("pago_servicio", "debito_automatico")
SPENDING = ("compra_tarjeta", *FIXED, "extraccion_cajero")
DEPOSITS = ("deposito", "cobro", "beneficio")
NO_FLOW = ("ahorro", "moneda_extranjera")
RECENT, MONTHS = 6, 12
MOVEMENTS = "transacciones"
NO_END = date(9999, 12, 31)


@dataclass(frozen=True)
class Month:
    """An observed month, and what its movements come to: null where it has none, or none says so."""

    first: date
    last: date
    seen: bool
    sums: dict[str, Decimal | None]
    recent: bool
    """Whether it is one of the last months, which tell the income."""

    def sum(self, *names: str) -> Decimal:
        return exact.added(self.sums[name] for name in names) or Decimal(0)


@dataclass(frozen=True)
class Observed:
    months: list[Month]
    """The newest first."""
    movements: Rows
    """Those of the months."""
    holdings: Rows

    def of_months(self, *kinds: str, recent: bool = False) -> Rows:
        """The movements of some kinds, of all months or of the recent ones."""
        days = [(month.first, month.last) for month in self.months if month.recent or not recent]
        return self.movements.where(
            lambda row: _kind(row) in kinds and any(first <= row["fecha"] <= last for first, last in days)
        )

    def step(self, *names: str) -> list[Record]:
        return [{"mes": month.first, **{name: month.sums[name] for name in names}} for month in reversed(self.months)]


@dataclass(frozen=True)
class Income:
    value: Decimal | None
    origin: str | None
    answer: Answer


def observe(facts: Facts) -> Observed:
    """The complete months, of the last twelve, on all days of which the person was a customer and, where the source tells who
    holds accounts, held one at the end or moved money."""
    complete = list(_complete_months(facts))
    desde, hasta = (complete[-1][0], complete[0][1]) if complete else (facts.fecha, facts.fecha)
    movements = facts.rows("movimientos", desde=desde, hasta=hasta)
    if not facts.provides("titulares_cuenta"):
        movements = movements.where(lambda row: row["cliente_id"])
    holdings = facts.rows("titularidad")
    told = bool(facts.table("titulares").rows[0][0]) and facts.provides("titulares_cuenta")
    stays = [_stay(row) for row in facts.rows("versiones").records]
    months: list[Month] = []
    for first, last in complete if facts.provides(MOVEMENTS) else []:
        rows = [row for row in movements.records if first <= row["fecha"] <= last]
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        customer = all(any(since <= day < until for since, until in stays) for day in days)
        holds = any(row["participacion"] and row["desde"] <= last < row["hasta"] for row in holdings.records)
        named = any(row["cliente_id"] for row in rows)
        if customer and (not told or holds or named):
            months.append(Month(first, last, bool(rows), _sums(rows), len(months) < RECENT))
    within = movements.where(lambda row: any(month.first <= row["fecha"] <= month.last for month in months))
    return Observed(months, within, holdings)


def income(facts: Facts) -> Income:
    """The median of the recent months' salaries, else of their deposits if enough have some, else what was declared."""
    seen = observe(facts)
    recent = [month for month in seen.months if month.recent]
    salaries, deposits = (
        [value for month in recent if (value := month.sums[name]) is not None] for name in ("ingresos", "depositos")
    )
    if salaries:
        rows = seen.of_months("ingresos", recent=True)
        steps = [step for step in seen.step("ingresos")[-len(recent) :] if step["ingresos"] is not None]
        return Income(
            exact.median(salaries), "observado", Answer(None, "median of ingresos by month", steps=steps, rows=(rows,))
        )
    if len(deposits) >= 3 and 3 * len(deposits) >= 2 * len(recent):
        rows = seen.of_months("depositos", recent=True)
        steps = [step for step in seen.step("depositos")[-len(recent) :] if step["depositos"] is not None]
        return Income(
            exact.median(deposits), "depositos", Answer(None, "median of depositos by month", steps=steps, rows=(rows,))
        )
    version = facts.rows("versiones")
    newest = version.records[-1]
    declared = newest["ingresos_mensuales"]
    answer = Answer(None, "ingresos_mensuales, as declared", rows=(version.where(lambda row: row is newest),))
    return Income(declared, None if declared is None else "declarado", answer)


def _income(facts: Facts) -> Answer:
    found = income(facts)
    return Answer(found.value, found.answer.formula, steps=found.answer.steps, rows=found.answer.rows)


def _origin(facts: Facts) -> Answer:
    found = income(facts)
    return Answer(found.origin, found.answer.formula, steps=found.answer.steps, rows=found.answer.rows)


def _months(facts: Facts) -> Answer:
    if not facts.provides(MOVEMENTS):
        return unknown(MOVEMENTS)
    seen = observe(facts)
    steps = [{"mes": month.first, "movimientos": month.seen} for month in reversed(seen.months)]
    rows = (facts.rows("versiones"), seen.holdings)
    return Answer(len(seen.months), "number of observed months", {"inicio": facts.inicio}, steps, rows)


def _spending(facts: Facts) -> Answer:
    seen = observe(facts)
    total = sum((month.sum(*SPENDING) for month in seen.months), Decimal(0))
    return Answer(
        exact.ratio(total, len(seen.months), 2),
        "gasto / meses_observados",
        {"gasto": total, "meses_observados": len(seen.months)},
        seen.step(*SPENDING),
        (seen.of_months(*SPENDING),),
    )


def _indebtedness(facts: Facts) -> Answer:
    seen, found = observe(facts), income(facts)
    total = sum((month.sum(*FIXED) for month in seen.months), Decimal(0))
    base = None if found.value is None else len(seen.months) * found.value
    return Answer(
        exact.ratio(total, base, 4),
        "pagos_fijos / (meses_observados * ingresos_mensuales)",
        {"pagos_fijos": total, "meses_observados": len(seen.months), "ingresos_mensuales": found.value},
        seen.step(*FIXED),
        (seen.of_months(*FIXED), *found.answer.rows),
    )


def _flow(names: tuple[str, ...], formula: str, facts: Facts) -> Answer:
    """The mean, over the months of which the direction of money is known, of the first sum less the second."""
    seen = observe(facts)
    known = [month for month in seen.months if not month.seen or month.sums["ingresos_totales"] is not None]
    signed = [month.sum(name) * sign for month in seen.months for name, sign in zip(names, (1, -1), strict=False)]
    total = sum(signed, Decimal(0))
    told = facts.table("titulares").rows[0][1]
    return Answer(
        exact.ratio(total, len(known), 2) if told else None,
        formula if told else "unknown: no movement of anybody has a sentido",
        {**{name: sum((month.sum(name) for month in seen.months), Decimal(0)) for name in names}, "meses": len(known)},
        seen.step(*names),
        (seen.movements.where(lambda row: any(row["sentido"] and _measure(name, row) for name in names)),),
    )


def _complete_months(facts: Facts) -> Iterator[tuple[date, date]]:
    """The first and last days of the last twelve complete months of the history, the newest first."""
    first = (facts.fecha + timedelta(days=1)).replace(day=1)
    for _ in range(MONTHS):
        last = first - timedelta(days=1)
        first = last.replace(day=1)
        if first < facts.inicio:
            return
        yield first, last


def _stay(version: Record) -> tuple[date, date]:
    """The days, the second one excluded, on which a version says that the person is a customer."""
    since = max(version["fecha"], version["fecha_alta"])
    return since, min(version["vigente_hasta"], version["fecha_baja"] or NO_END)


def _kind(row: Record) -> str:
    """The measure that a movement counts in, if it is not one of all flows."""
    kind = row["tipo_transaccion"]
    if kind == "ingreso_sueldo":
        return "aguinaldo" if row["rubro"] == "aguinaldo" else "ingresos"
    return "depositos" if kind in DEPOSITS else str(kind)


def _measure(name: str, row: Record) -> bool:
    """Whether a movement counts in a measure."""
    if name not in ("ingresos_totales", "egresos_totales"):
        return _kind(row) == name
    flows = row["tipo_transaccion"] not in NO_FLOW and (
        row["tarjeta_id"] is None or row["tipo_transaccion"] == "pago_tarjeta"
    )
    return flows and row["sentido"] == ("credito" if name == "ingresos_totales" else "debito")


def _sums(rows: list[Record]) -> dict[str, Decimal | None]:
    """What movements of a month come to, the customer's own and, in the customer's part, those of each account."""
    parts = []
    for account, movements in groupby(sorted(rows, key=_account), key=_account):
        of_account = list(movements)
        sums = _of_one(of_account)
        parts.append({name: exact.share(value, of_account[0]) for name, value in sums.items()} if account else sums)
    names: Any = parts[0] if parts else _of_one([])
    return {name: exact.added(part[name] for part in parts) for name in names}


def _of_one(rows: list[Record]) -> dict[str, Decimal | None]:
    sums: dict[str, Decimal | None] = {
        name: exact.added(row["monto"] for row in rows if _measure(name, row)) for name in ("ingresos", "depositos")
    }
    sums |= {name: sum((row["monto"] for row in rows if _measure(name, row)), Decimal(0)) for name in SPENDING}
    directed = any(row["sentido"] for row in rows)
    for name in ("ingresos_totales", "egresos_totales"):
        total = sum((row["monto"] for row in rows if _measure(name, row)), Decimal(0))
        sums[name] = total if directed else None
    return sums


def _account(row: Record) -> str:
    """The account whose holders share a movement; empty of one that names the customer."""
    return "" if row["cliente_id"] else row["cuenta_id"]


COLUMNS: dict[str, Explain] = {
    "ingresos_mensuales": _income,
    "origen_ingresos": _origin,
    "meses_observados": _months,
    "gasto_mensual_promedio": _spending,
    "score_endeudamiento": _indebtedness,
    "ingresos_totales_promedio": partial(_flow, ("ingresos_totales",), "ingresos_totales / meses"),
    "egresos_totales_promedio": partial(_flow, ("egresos_totales",), "egresos_totales / meses"),
    "ahorro_promedio": partial(
        _flow, ("ingresos_totales", "egresos_totales"), "(ingresos_totales - egresos_totales) / meses"
    ),
}
