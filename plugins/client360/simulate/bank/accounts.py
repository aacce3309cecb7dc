"""The landing files `cuentas`, `titulares_cuenta` and `saldos`: one account for each customer, for as long as they are one."""

import numpy as np
import pyarrow as pa

from client360.simulate import calendar
from client360.simulate.arrays import Codes, Days
from client360.simulate.bank.month import Month
from client360.simulate.columns import dates, dates_or_null, ids, money, names
from client360.simulate.people.generation import Generation
from client360.simulate.people.occupations import occupations
from client360.simulate.world import BLOCK

PREFIX = "CA"
DIGITS = 9
"""Of cuenta_id: those of the cliente_id."""
KINDS = ("cuenta_sueldo", "caja_ahorro")
"""tipo of the accounts of those who get a salary or pension when the history begins, and of the others."""


def account_ids(numbers: Codes) -> pa.Array:
    """cuenta_id of the customers with these digits of cliente_id."""
    return ids(PREFIX, numbers, DIGITS)


def cuentas(generation: Generation, first: int, last: int) -> pa.Table:
    """Rows of `cuentas` of a generation that became known from day `first` to day `last`, by day and customer."""
    persons, days = openings_and_closings(generation, first, last)
    left, start = generation.left[persons], generation.start[persons]
    occupation, _ = generation.work(persons, start)
    began = calendar.month_of_days(start)
    opening = np.zeros(len(persons), dtype=np.int64)
    for month in np.unique(began):
        here = began == month
        opening[here] = generation.books.balance(int(month) - 1)[persons[here]]
    return pa.table(
        {
            "cuenta_id": account_ids(generation.numbers[persons]),
            "fecha": dates(days),
            "tipo": names(np.where(occupations().payroll[occupation], 0, 1), KINDS),
            "moneda": pa.nulls(len(persons), pa.string()),
            "sucursal": pa.nulls(len(persons), pa.string()),
            "fecha_apertura": dates(generation.joined[persons]),
            "fecha_cierre": dates_or_null(left, left <= days),
            "saldo_inicial": money(opening),
        }
    )


def titulares_cuenta(generation: Generation, first: int, last: int) -> pa.Table:
    """Rows of `titulares_cuenta` of a generation that became known from day `first` to day `last`, by day and customer."""
    persons, days = openings_and_closings(generation, first, last)
    left = generation.left[persons]
    return pa.table(
        {
            "cuenta_id": account_ids(generation.numbers[persons]),
            "cliente_id": generation.cliente_id.take(pa.array(persons)),
            "fecha": dates(days),
            "rol": pa.repeat("titular", len(persons)),
            "participacion": pa.nulls(len(persons), pa.decimal128(16, 4)),
            "desde": dates(generation.joined[persons]),
            "hasta": dates_or_null(left, left <= days),
        }
    )


def saldos(month: Month, first: int, last: int) -> pa.Table:
    """Rows of `saldos` of a block: the balances at the end of the month, if its last day is one of those."""
    roster = month.roster
    end = calendar.day_number(calendar.month_start(roster.month + 1)) - 1
    rows = np.flatnonzero(roster.shown & (roster.left > end) & (first <= end <= last))
    return pa.table(
        {
            "cuenta_id": account_ids(roster.numbers[rows]),
            "fecha": dates(np.full_like(rows, end)),
            "saldo": money(month.balance[rows]),
        }
    )


def openings_and_closings(generation: Generation, first: int, last: int) -> tuple[Codes, Days]:
    """Person (row of the generation) and day of each opening and closing from day `first` to day `last`; both (n,)."""
    stays = (generation.left > generation.start) & (generation.slots <= generation.world.customers)
    found = [
        day[rows] * BLOCK + rows
        for day in (generation.start, generation.left)
        for rows in [np.flatnonzero(stays & (day >= first) & (day <= last))]
    ]
    day, person = np.divmod(np.sort(np.concatenate(found)), BLOCK)
    return person, day
