"""The landing file `transacciones`: all movements of a block, in the order in which the warehouse loads them fastest."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from client360.simulate import calendar
from client360.simulate.arrays import Codes, Flags
from client360.simulate.bank.accounts import account_ids
from client360.simulate.bank.month import Month
from client360.simulate.bank.movements import MAX_PER_KIND, NONE, WORDS, Kind, Movements
from client360.simulate.bank.words import channels, merchants, parties, party_code, rubros
from client360.simulate.columns import dates, ids, ids_or_null, moments, money, names
from client360.warehouse.models.base import SENTIDOS, TIPOS_TRANSACCION

KINDS = 100
"""Numbers that transaccion_id has for kinds."""


def transacciones(month: Month, first: int, last: int) -> pa.Table:
    """Rows of the landing file of a block, from day `first` to day `last`, which lie in the month.

    Ordered by customer, day, kind and number within the kind: the order of the fact's key. Raises ValueError for days of
    another month.
    """
    roster = month.roster
    month_first = calendar.day_number(calendar.month_start(roster.month))
    if not month_first <= first <= last < month_first + calendar.month_days(roster.month):
        raise ValueError(f"{calendar.date_of(first)} and {calendar.date_of(last)} are not in one month")
    parts = [_within(roster.shown, part, first - month_first, last - month_first) for part in month.movements]
    person, day, amount, number = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("person", "day", "cents", "number")
    )
    kind = np.repeat([int(part.kind) for part in parts], [len(part) for part in parts])
    key = ((person * 32 + day) * KINDS + kind) * MAX_PER_KIND + number
    # numbers are sorted several times as fast as their order is found, so each takes its row with it
    key, sort = _quotients(np.sort(key * len(key) + np.arange(len(key))), max(len(key), 1))
    place, within = _quotients(key, KINDS * MAX_PER_KIND)
    person, day = _quotients(place, 32)
    kind = kind[sort]
    tipo, sentido = (np.array(codes)[kind] for codes in _codes())
    second, order, instalments, merchant = (
        _column(parts, name)[sort] for name in ("second", "order", "instalments", "merchant")
    )
    rubro, channel = (
        _column(parts, name, words)[sort] for name, words in (("rubro", rubros()), ("channel", channels()))
    )
    first_id = (roster.numbers * 10**4 + calendar.yymm(roster.month)) * KINDS * MAX_PER_KIND
    charged = instalments > 0
    return pa.table(
        {
            "transaccion_id": ids("T", first_id[person] + within, 18),
            "fecha": dates(month_first + day),
            "cliente_id": roster.cliente_id.take(pa.array(person)),
            "tipo_transaccion": names(tipo, TIPOS_TRANSACCION),
            "monto": money(amount[sort]),
            "rubro": names(rubro, rubros()),
            "venta_id": ids_or_null("V", order, 16),
            "momento": moments(month_first + day, second),
            "sentido": names(sentido, SENTIDOS),
            "tarjeta_id": ids_or_null(
                "TC", np.where(charged | (kind == Kind.CARD_PAYMENT), roster.numbers[person], NONE), 9
            ),
            "cuotas": pa.array(instalments.astype(np.int32), mask=~(charged & (kind != Kind.CARD_INTEREST))),
            "contraparte": _parties(np.concatenate([_party(part) for part in parts])[sort]),
            "comercio": merchants().take(pa.array(merchant, mask=merchant < 0)),
            "canal": names(channel, channels()),
            "cuenta_id": account_ids(roster.numbers).take(pa.array(person)),
            "moneda": pa.nulls(len(key), pa.string()),
        }
    )


def _within(shown: Flags, part: Movements, since: int, until: int) -> Movements:
    """The movements of persons that the world holds, on days of the month from `since` to `until`."""
    kept = np.flatnonzero(shown[part.person] & (part.day >= since) & (part.day <= until))
    return part if len(kept) == len(part) else part.of(kept)


def _column(parts: list[Movements], name: str, words: Sequence[str | None] = ()) -> Codes:
    """A column of all movements, one part after another: for one word for all its position among the words, NONE for none."""
    found = []
    for part in parts:
        value = getattr(part, name)
        if value is None:
            value = words.index(None) if words else NONE
        elif isinstance(value, str):
            value = words.index(value)
        found.append(np.broadcast_to(value, len(part)))
    return np.concatenate(found)


def _party(part: Movements) -> Codes:
    code = NONE if part.party is None else party_code(part.party) if isinstance(part.party, str) else part.party
    return np.broadcast_to(code, len(part))


def _parties(codes: Codes) -> pa.Array:
    """Names of those outside the bank, accounts of customers."""
    named = parties().take(pa.array(np.maximum(-2 - codes, 0), mask=codes >= NONE))
    inside = np.flatnonzero(codes > NONE)
    if not len(inside):
        return named
    return pc.replace_with_mask(named, pa.array(codes > NONE), account_ids(codes[inside]))


@lru_cache
def _codes() -> tuple[list[int], list[int]]:
    """Position of tipo_transaccion and of sentido, for each kind; those between two kinds are of the one before."""
    tipos, sentidos = [], []
    word = WORDS[Kind.DEBIT_PURCHASE]
    for number in range(max(Kind) + 3):
        word = WORDS.get(Kind(number), word) if number in set(Kind) else word
        tipos.append(TIPOS_TRANSACCION.index(word[0]))
        sentidos.append(SENTIDOS.index(word[1]))
    return tipos, sentidos


def _quotients(numbers: Codes, divisor: int) -> tuple[Codes, Codes]:
    """Quotients and remainders, faster than numpy's divmod; same shape."""
    quotients = numbers // divisor
    return quotients, numbers - quotients * divisor
