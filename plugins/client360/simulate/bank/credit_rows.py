"""The landing files `tarjetas`, `resumenes`, `prestamos` and `cuotas`."""

from decimal import Decimal

import numpy as np
import pyarrow as pa

from client360.simulate import calendar
from client360.simulate.arrays import NEVER, Codes, Days, Flags
from client360.simulate.bank import credit
from client360.simulate.bank.accounts import account_ids
from client360.simulate.bank.default import default_month
from client360.simulate.bank.loans import GIVEN_UP, GRANTED, MAX_LOANS, PAID_OFF, of_roster, schedule
from client360.simulate.bank.month import Month
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.statements import due_day, minimum, paid_day
from client360.simulate.columns import dates, dates_or_null, ids, money, money_or_null
from client360.simulate.facts import world_facts
from client360.simulate.people import Generation
from client360.simulate.world import BLOCK

LIMIT_MULTIPLE = 50_000
"""Pesos; limits are whole multiples."""
LAST_DAY = 31
"""dia_cierre of statements that close on the last day of every month."""
PAID, PAID_EARLY = 1, 2


def tarjetas(generation: Generation, first: int, last: int) -> pa.Table:
    """Rows of `tarjetas` of a generation from day `first` to day `last`, which lie in one month: when a customer joins, when the
    limit changes, and when the card is closed, on the day its holder leaves or a month after they stopped paying."""
    books, month = generation.books, calendar.month_number(calendar.date_of(first))
    month_first = calendar.day_number(calendar.month_start(month))
    here = credit.holder(books) & (generation.start <= last) & (generation.left >= first)
    here &= (generation.left > generation.start) & (generation.slots <= generation.world.customers)
    rows = np.flatnonzero(here)
    start, left, default = generation.start[rows], generation.left[rows], default_month(books)[rows]
    closes = np.where(default == month - 1, np.minimum(left, month_first), left)
    limit, every = _limits(generation, rows, month), world_facts().credit.limit_every_months
    phase = books.stream("limite").integers(0, 10**6, BLOCK)[rows]
    renewed = ((month - phase) % every == 0) & (limit != _limits(generation, rows, month - every))
    renewed &= (default >= month) & (start < month_first) & (left > month_first)
    found, days = _between(
        *_events(
            (np.full(len(rows), True), start),
            (renewed, np.full(len(rows), month_first)),
            (default >= month - 1, closes),
        ),
        first,
        last,
    )
    persons = rows[found]
    return pa.table(
        {
            "tarjeta_id": ids("TC", generation.numbers[persons], 9),
            "fecha": dates(days),
            "cliente_id": generation.cliente_id.take(pa.array(persons)),
            "cuenta_id": account_ids(generation.numbers[persons]),
            "moneda": pa.nulls(len(persons), pa.string()),
            "limite": money(limit[found]),
            "dia_cierre": pa.repeat(pa.scalar(LAST_DAY, pa.int32()), len(persons)),
            "dia_vencimiento": pa.array((credit.due_day(books)[persons] + 1).astype(np.int32)),
            "fecha_alta": dates(generation.joined[persons]),
            "fecha_baja": dates_or_null(days, closes[found] <= days),
        }
    )


def _limits(generation: Generation, persons: Codes, month: int) -> Codes:
    """The limit of each person's card by the income of a month, or of that in which their history begins; cents."""
    start = np.maximum(generation.start[persons], calendar.day_number(calendar.month_start(month)))
    _, income = generation.work(persons, start)
    multiples = np.rint(income * world_facts().credit.limit_incomes / LIMIT_MULTIPLE)
    return np.maximum(multiples, 1).astype(np.int64) * LIMIT_MULTIPLE * 100


def resumenes(month: Month, first: int, last: int) -> pa.Table:
    """Rows of `resumenes` of a block from day `first` to day `last`, which lie in the month: the statements that close on its
    last day, and those of the month before when they are paid."""
    roster, statements = month.roster, month.statements
    month_first = calendar.day_number(calendar.month_start(roster.month))
    end = month_first + calendar.month_days(roster.month) - 1
    paid_on = month_first + paid_day(roster, month.window)
    size = len(roster)
    persons, days = _events(
        (roster.shown & (statements.paid > 0), paid_on),
        (roster.shown & (statements.closing > 0), np.full(size, end + 1)),  # after payments of the same day
    )
    closes = days > end
    days = np.minimum(days, end)
    inside = np.flatnonzero((days >= first) & (days <= last))
    persons, days, closes = persons[inside], days[inside], closes[inside]
    total = np.where(closes, statements.closing[persons], statements.owed[persons])
    paid = np.where(closes, 0, statements.paid[persons])
    closing_month = np.where(closes, calendar.yymm(roster.month), calendar.yymm(roster.month - 1))
    due = np.where(
        closes,
        end + 1 + due_day(roster)[persons],
        month_first + due_day(roster)[persons],
    )
    least = minimum(total)
    return pa.table(
        {
            "resumen_id": ids("RS", roster.numbers[persons] * 10**4 + closing_month, 13),
            "fecha": dates(days),
            "cliente_id": roster.cliente_id.take(pa.array(persons)),
            "tarjeta_id": ids("TC", roster.numbers[persons], 9),
            "fecha_cierre": dates(np.where(closes, end, month_first - 1)),
            "fecha_vencimiento": dates(due),
            "total": money(total),
            "minimo": money(least),
            "pagado": money_or_null(paid, ~closes),
            "pagado_el": dates_or_null(days, ~closes & (paid >= least)),
        }
    )


def prestamos(month: Month, first: int, last: int) -> pa.Table:
    """Rows of `prestamos` of a block from day `first` to day `last`, which lie in the month: loans that are granted, paid off,
    also by who leaves, or given up."""
    roster, of = month.roster, of_roster(month.roster)
    month_first = calendar.day_number(calendar.month_start(roster.month))
    default = month.statements.default_month
    given_up = (roster.month - default == world_facts().default.written_off_months) & (roster.since == 0)
    leaves = ~month.statements.stays & (default > roster.month) & of.runs(roster.month)
    ends = (roster.month - of.month == of.term) & (default > roster.month)
    lives = (of.day < NEVER) & (default > of.month) & (default <= of.month + of.term)
    pays, last_day = (
        np.broadcast_to(month_first + day, ends.shape) for day in (paid_day(roster, month.window), roster.until)
    )
    place, days = _events(
        ((of.month == roster.month).ravel(), of.day.ravel()),
        (ends.ravel(), pays.ravel()),
        (leaves.ravel(), last_day.ravel()),
        ((lives & given_up).ravel(), np.full(ends.size, month_first)),
    )
    loan, person = np.divmod(place, len(roster))
    inside = np.flatnonzero((days >= first) & (days <= last) & roster.shown[person])
    loan, person, days = loan[inside], person[inside], days[inside]
    state = np.where(of.day[loan, person] == days, GRANTED, np.where(given_up[person], GIVEN_UP, PAID_OFF))
    rate = pa.scalar(
        (Decimal(str(world_facts().loans.yearly_rate)) * 100).quantize(Decimal("0.01")), pa.decimal128(14, 2)
    )
    return pa.table(
        {
            "prestamo_id": _loan_ids(roster, loan, person),
            "fecha": dates(days),
            "cliente_id": roster.cliente_id.take(pa.array(person)),
            "cuenta_id": account_ids(roster.numbers[person]),
            "moneda": pa.nulls(len(person), pa.string()),
            "fecha_otorgamiento": dates(of.day[loan, person]),
            "monto": money(of.cents[loan, person]),
            "tasa": pa.repeat(rate, len(person)),
            "plazo": pa.array(of.term[loan, person].astype(np.int32)),
            "estado": pa.array(state.astype(object), pa.string()),
            "saldo": pa.nulls(len(person), pa.decimal128(14, 2)),
        }
    )


def cuotas(month: Month, first: int, last: int) -> pa.Table:
    """Rows of `cuotas` of a block from day `first` to day `last`, which lie in the month: all instalments of a loan when it is
    granted, each when it is paid, and without interest those that are left when somebody leaves."""
    roster, of = month.roster, of_roster(month.roster)
    month_first = calendar.day_number(calendar.month_start(roster.month))
    rows: list[tuple[int, int, int, int, int]] = []  # day, loan, person, number, whether it is PAID or PAID_EARLY
    granted = (of.month == roster.month) & (of.day >= first) & (of.day <= last) & roster.shown
    for loan, person in zip(*np.nonzero(granted), strict=True):
        rows += [(int(of.day[loan, person]), loan, person, number, 0) for number in range(1, of.term[loan, person] + 1)]
    all_paid = (month.statements.default_month > roster.month) & roster.shown
    pays, last_day = month_first + paid_day(roster, month.window), month_first + roster.until
    paid = of.due(roster.month) & all_paid & (pays >= first) & (pays <= last)
    for loan, person in zip(*np.nonzero(paid), strict=True):
        rows.append((int(pays[person]), loan, person, int(roster.month - of.month[loan, person]), PAID))
    early = of.runs(roster.month) & all_paid & ~month.statements.stays & (last_day >= first) & (last_day <= last)
    for loan, person in zip(*np.nonzero(early), strict=True):
        left = range(int(roster.month - of.month[loan, person]) + 1, int(of.term[loan, person]) + 1)
        rows += [(int(last_day[person]), loan, person, number, PAID_EARLY) for number in left]
    day, loan, person, number, is_paid = np.array(sorted(rows), dtype=np.int64).reshape(-1, 5).T
    parts = [
        schedule(int(of.cents[n, p]), int(of.term[n, p]), int(of.instalment[n, p]))[k - 1]
        for n, p, k in zip(loan, person, number, strict=True)
    ]
    amount, principal = np.array(parts, dtype=np.int64).reshape(-1, 2).T
    return pa.table(
        {
            "cuota_id": ids("CU", (roster.numbers[person] * MAX_LOANS + loan) * 100 + number, 12),
            "fecha": dates(day),
            "cliente_id": roster.cliente_id.take(pa.array(person)),
            "prestamo_id": _loan_ids(roster, loan, person),
            "numero": pa.array(number.astype(np.int32)),
            "vencimiento": dates(_due_on(roster, of.month[loan, person] + number, person)),
            "monto": money(np.where(is_paid == PAID_EARLY, principal, amount)),
            "capital": money(principal),
            "pagado_el": dates_or_null(day, is_paid > 0),
        }
    )


def _loan_ids(roster: Roster, loan: Codes, person: Codes) -> pa.Array:
    return ids("PR", roster.numbers[person] * 10 + loan, 10)


def _due_on(roster: Roster, months: Codes, persons: Codes) -> Days:
    """Day number on which an instalment of each month is due; all of shape (n,)."""
    firsts = {int(month): calendar.day_number(calendar.month_start(int(month))) for month in np.unique(months)}
    return np.array([firsts[int(month)] for month in months], dtype=np.int64) + due_day(roster)[persons]


def _events(*kinds: tuple[Flags, Days]) -> tuple[Codes, Days]:
    """Who has an event on which day, by day and person, each pair once: of each kind whether each person has one, and when."""
    found = [np.stack([day[who], np.flatnonzero(who)], axis=1) for who, day in kinds]
    day, person = np.unique(np.concatenate(found), axis=0).T
    return person, day


def _between(persons: Codes, days: Days, first: int, last: int) -> tuple[Codes, Days]:
    inside = np.flatnonzero((days >= first) & (days <= last))
    return persons[inside], days[inside]
