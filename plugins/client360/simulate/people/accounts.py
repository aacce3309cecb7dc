"""The landing files `cuentas` and `titulares_cuenta`: one account for each customer, for as long as they are one."""

import numpy as np
import pyarrow as pa

from client360.simulate.arrays import Codes, Days
from client360.simulate.columns import dates, dates_or_null, ids, money_or_null
from client360.simulate.people.generation import Generation
from client360.simulate.world import BLOCK

PREFIX = "CA"
DIGITS = 9
"""Of cuenta_id: those of the cliente_id."""


def account_ids(numbers: Codes) -> pa.Array:
    """cuenta_id of the customers with these digits of cliente_id."""
    return ids(PREFIX, numbers, DIGITS)


def cuentas(generation: Generation, first: int, last: int) -> pa.Table:
    """Rows of `cuentas` of a generation that became known from day `first` to day `last`, by day and customer."""
    persons, days = _versions(generation, first, last)
    left = generation.left[persons]
    nothing = np.zeros(len(persons), dtype=np.int64)
    return pa.table(
        {
            "cuenta_id": account_ids(generation.numbers[persons]),
            "fecha": dates(days),
            "tipo": pa.repeat("caja_ahorro", len(persons)),
            "moneda": pa.nulls(len(persons), pa.string()),
            "sucursal": pa.nulls(len(persons), pa.string()),
            "fecha_apertura": dates(generation.joined[persons]),
            "fecha_cierre": dates_or_null(left, left <= days),
            "saldo_inicial": money_or_null(nothing, nothing > 0),
        }
    )


def titulares_cuenta(generation: Generation, first: int, last: int) -> pa.Table:
    """Rows of `titulares_cuenta` of a generation that became known from day `first` to day `last`, by day and customer."""
    persons, days = _versions(generation, first, last)
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


def _versions(generation: Generation, first: int, last: int) -> tuple[Codes, Days]:
    """Person (row of the generation) and day of each opening and closing from day `first` to day `last`; both (n,)."""
    stays = (generation.left > generation.start) & (generation.slots <= generation.world.customers)
    found = [
        day[rows] * BLOCK + rows
        for day in (generation.start, generation.left)
        for rows in [np.flatnonzero(stays & (day >= first) & (day <= last))]
    ]
    day, person = np.divmod(np.sort(np.concatenate(found)), BLOCK)
    return person, day
