"""Movements of the bank as arrays, and the vocabulary of their kinds."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from client360.simulate.arrays import Codes, Days, Flags
from client360.simulate.facts import world_facts

KINDS = [
    "compra_tarjeta",
    "transferencia",
    "debito_automatico",
    "extraccion_cajero",
    "pago_servicio",
    "ingreso_sueldo",
    "compra_tarjeta",
    "transferencia",
    "transferencia",
    "transferencia",
]
"""tipo_transaccion; the position is the digit in transaccion_id. The last four are the shop's: purchases, and refunds of
orders of the same month, of the month before and of the one before that."""
MAX_PER_KIND = 1000
"""Numbers that transaccion_id has for the movements of one kind of a customer in a month."""


@lru_cache
def rubros() -> list[str | None]:
    """All values of rubro; the position is the code."""
    table = world_facts()
    return [
        None,
        "haberes",
        "aguinaldo",
        "enviada",
        "recibida",
        *table.card.categories,
        *table.bills,
        "tienda",
        "reintegro",
    ]


def same_rubro(rubro: str | None, rows: Codes) -> Codes:
    """The code of one rubro for each of the rows."""
    return np.full(len(rows), rubros().index(rubro))


@dataclass(frozen=True)
class Movements:
    """Movements of one kind in a month; every array has the shape (movements,)."""

    person: Codes
    """Row of the roster."""
    day: Days
    """Counted from the first of the month."""
    cents: Codes
    rubro: Codes
    number: Codes
    """Number of the movement within the person."""
    order: Codes | None = None
    """The digits of venta_id, of movements in the shop."""

    def __len__(self) -> int:
        return len(self.person)


def concatenated(parts: list[Movements]) -> Movements:
    """The movements of several parts, one part after another, without their orders."""
    columns = ("person", "day", "cents", "rubro", "number")
    return Movements(*(np.concatenate([getattr(part, column) for part in parts]) for column in columns))


@dataclass(frozen=True)
class Payments:
    """What the bank's card pays in the shop, or gets back from it, on days of a month; every array has the shape (payments,)."""

    customer: Codes
    """The digits of cliente_id."""
    day: Days
    """Counted from the first of the month."""
    cents: Codes
    order: Codes
    """The digits of venta_id; the last three tell a customer's orders of a month apart."""


@dataclass(frozen=True)
class Window:
    """The days of a month that are asked for: the first and the last one of each person of the roster, from 0; (persons,)."""

    since: Days
    until: Days

    def holds(self, person: Codes, day: Days) -> Flags:
        """Whether each movement lies in the window; all of shape (movements,)."""
        return (day >= self.since[person]) & (day <= self.until[person])


def owners_and_numbers(counts: Codes) -> tuple[Codes, Codes]:
    """Owner of each event, and its number within the owner, from 0; both of shape (counts.sum(),).

    `counts` holds the events of each owner, of which at most MAX_PER_KIND - 1 are kept.
    """
    counts = np.minimum(counts, MAX_PER_KIND - 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]
