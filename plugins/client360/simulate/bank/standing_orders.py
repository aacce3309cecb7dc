"""The landing file `ordenes_permanentes`: the bills that a bank pays by itself, for as long as an account is open."""

import numpy as np
import pyarrow as pa

from client360.simulate.bank.accounts import account_ids, openings_and_closings
from client360.simulate.columns import dates, dates_or_null, ids, names
from client360.simulate.facts import world_facts
from client360.simulate.people.generation import Generation

PREFIX = "OP"
CODES = 100
"""Numbers that orden_id has for the bills of a customer."""


def ordenes_permanentes(generation: Generation, first: int, last: int) -> pa.Table:
    """Rows of a generation that became known from day `first` to day `last`, by day, customer and bill.

    What they pay follows prices, so they name no amount.
    """
    bills = list(world_facts().bills)
    automatic = np.array(
        [code for code, bill in enumerate(world_facts().bills.values()) if bill.kind == "debito_automatico"]
    )
    persons, days = openings_and_closings(generation, first, last)
    row, nth = np.nonzero(generation.habits.bill_share[np.ix_(automatic, persons)].T)
    person, day, bill = persons[row], days[row], automatic[nth]
    left = generation.left[person]
    return pa.table(
        {
            "orden_id": ids(PREFIX, generation.numbers[person] * CODES + bill, 11),
            "fecha": dates(day),
            "cliente_id": generation.cliente_id.take(pa.array(person)),
            "cuenta_id": account_ids(generation.numbers[person]),
            "monto": pa.nulls(len(person), pa.decimal128(16, 2)),
            "contraparte": pa.nulls(len(person), pa.string()),
            "rubro": names(bill, bills),
            "desde": dates(generation.joined[person]),
            "hasta": dates_or_null(left, left <= day),
        }
    )
