"""The landing file `transacciones`: all movements of a block, in the order in which the warehouse loads them fastest."""

import numpy as np
import pyarrow as pa

from client360.simulate import calendar
from client360.simulate.arrays import Codes
from client360.simulate.bank.bills import bills
from client360.simulate.bank.cash_and_transfers import transfers, withdrawals
from client360.simulate.bank.movements import (
    KINDS,
    MACHINES,
    MAX_PER_KIND,
    Movements,
    Payments,
    Window,
    column,
    concatenated,
    directions,
    rubros,
)
from client360.simulate.bank.purchases import in_shop, purchases
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.salaries import salaries
from client360.simulate.columns import dates, ids, ids_or_null, moments, money, names
from client360.warehouse.models.base import SENTIDOS


def transacciones(roster: Roster, bought: Payments, refunded: Payments, first: int, last: int) -> pa.Table:
    """Rows of the landing file of a block, from day `first` to day `last`, which lie in the month of the roster.

    `bought` and `refunded` are the card's payments in the shop and what it got back, of the whole month.
    Ordered by customer, day, kind and number within the kind: the order of the fact's key. Raises ValueError for days of
    another month.
    """
    month_first = calendar.day_number(calendar.month_start(roster.month))
    if not month_first <= first <= last < month_first + calendar.month_days(roster.month):
        raise ValueError(f"{calendar.date_of(first)} and {calendar.date_of(last)} are not in one month")
    until = np.where(roster.shown, np.minimum(roster.until, last - month_first), -1)
    plan = _plan(roster, Window(np.maximum(roster.since, first - month_first), until), bought, refunded)
    kind = np.repeat(np.arange(len(plan)), [len(movements) for movements in plan])
    rows, second, sold = concatenated(plan), column(plan, "second"), column(plan, "order")
    key = ((rows.person * 32 + rows.day) * len(KINDS) + kind) * MAX_PER_KIND + rows.number
    # numbers are sorted several times as fast as their order is found, so each takes its row with it
    key, sort = _quotients(np.sort(key * len(key) + np.arange(len(key))), max(len(key), 1))
    place, within = _quotients(key, len(KINDS) * MAX_PER_KIND)
    person, day = _quotients(place, 32)
    kind, rubro = within // MAX_PER_KIND, rows.rubro[sort]
    first_id = (roster.numbers * 10**4 + calendar.yymm(roster.month)) * 10**4
    return pa.table(
        {
            "transaccion_id": ids("T", first_id[person] + within, 17),
            "fecha": dates(month_first + day),
            "cliente_id": roster.cliente_id.take(pa.array(person)),
            "tipo_transaccion": names(kind, KINDS),
            "monto": money(rows.cents[sort]),
            "rubro": names(rubro, rubros()),
            "venta_id": ids_or_null("V", sold[sort], 16),
            "momento": moments(month_first + day, second[sort]),
            "sentido": names(directions()[rubro], SENTIDOS),
            "tarjeta_id": pa.nulls(len(key), pa.string()),
            "cuotas": pa.nulls(len(key), pa.int32()),
            "contraparte": pa.nulls(len(key), pa.string()),
            "comercio": pa.nulls(len(key), pa.string()),
            "canal": names((kind == MACHINES).astype(np.int64), [None, "cajero"]),
            "cuenta_id": roster.cuenta_id.take(pa.array(person)),
            "moneda": pa.nulls(len(key), pa.string()),
        }
    )


def _plan(roster: Roster, window: Window, bought: Payments, refunded: Payments) -> list[Movements]:
    """The movements of a window of the month: entry k holds those of KINDS[k], the last one those of the kinds after it too."""
    return [
        purchases(roster, window, bought),
        transfers(roster, window),
        bills(roster, window, "debito_automatico"),
        withdrawals(roster, window),
        bills(roster, window, "pago_servicio"),
        salaries(roster, window),
        in_shop(roster, window, bought, "tienda"),
        in_shop(roster, window, refunded, "reintegro"),
    ]


def _quotients(numbers: Codes, divisor: int) -> tuple[Codes, Codes]:
    """Quotients and remainders, faster than numpy's divmod; same shape."""
    quotients = numbers // divisor
    return quotients, numbers - quotients * divisor
