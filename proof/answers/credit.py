"""What is made of loans, cards and standing orders."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from proof.credit import Credit, Credits, added
from proof.exact import cents, percentage, pesos, ratio
from proof.history import History, Row


def add_credit(history: History, rows: dict[str, Row]) -> None:
    """Add to rows of `cliente_360`, by cliente_id, the columns of what the customers owe and hold."""
    known = Credits(history.rows, history.holders)
    today, ordering = known.on(history.day), known.ordering(history.day)
    owing = bool(known.loans or known.statements)
    billed = bool(known.instalments or known.statements)
    accounts = _accounts(history)
    holding = bool(
        known.loans or known.cards or known.orders or (any(history.rows("cuentas")) and history.holders.known)
    )
    for customer, row in rows.items():
        credit, income = today.get(customer, Credit()), row["ingresos_mensuales"]
        debt, due, used, limit = credit.debt, added(credit.due), added(credit.card_debts), added(credit.limits)
        held = {
            "orden_permanente": customer in ordering,
            "prestamo": credit.owing,
            "tarjeta_credito": bool(credit.limits),
        }
        words = sorted(accounts[customer] | {name for name in held if held[name]})
        row |= {
            "deuda_total": pesos(debt) if owing and debt is not None else None,
            "cuota_sobre_ingreso": ratio(due, cents(income), 4)
            if billed and credit.planned and income is not None and due is not None
            else None,
            "uso_de_limite": ratio(used, limit or 0, 4) if known.statements and used is not None else None,
            "dias_mora_max": credit.days_late,
            "situacion": credit.situation,
            "productos": (", ".join(words) or "ninguno") if holding else None,
        }


def _accounts(history: History) -> dict[str, set[str]]:
    """The kinds of accounts that each customer holds, by cliente_id."""
    newest: dict[str, Row] = {}
    for version in sorted(history.rows("cuentas"), key=lambda row: row["fecha"]):
        newest[version["cuenta_id"]] = version
    kinds: dict[str, set[str]] = defaultdict(set)
    for account, version in newest.items():
        opened, closed = version["fecha_apertura"] or version["fecha"], version["fecha_cierre"]
        if opened <= history.day and (closed is None or history.day < closed):
            for holder in history.holders.on(account, history.day):
                if holder["rol"] != "autorizado" or holder["cliente_id"] in history.holders.parts(account, history.day):
                    kinds[holder["cliente_id"]].add(version["tipo"] or "cuenta")
    return kinds


def riesgo_crediticio(history: History) -> Iterator[Row]:
    """Who is how late at each month's end, and at the next one's."""
    known = Credits(history.rows, history.holders)
    months: dict[date, dict[str, Credit]] = {}
    for month in history.reported:
        credit = known.on(month.last)
        months[month.name] = {
            customer: credit[customer]
            for customer in history.customers(month.last)
            if customer in credit and credit[customer].situation is not None
        }
    names = list(months)
    for mes, following in zip(names, [*names[1:], None], strict=True):
        groups: dict[int, list[str]] = defaultdict(list)
        for customer, credit_of_month in months[mes].items():
            groups[credit_of_month.situation or 0].append(customer)
        for situation, customers in sorted(groups.items()):
            debts = [months[mes][customer].debt for customer in customers]
            late = [customer for customer in customers if months[mes][customer].days_late]
            then = (
                [months[following][customer].situation for customer in customers if customer in months[following]]
                if following
                else []
            )
            yield {
                "mes": mes,
                "situacion": situation,
                "clientes": len(customers),
                "deuda": pesos(sum(debt for debt in debts if debt is not None)) if None not in debts else None,
                "en_mora": len(late),
                "en_mora_pct": percentage(len(late), len(customers)),
                **{
                    f"pasan_a_{to}_pct": percentage(then.count(to), len(customers)) if following else None
                    for to in range(1, 6)
                },
            }
