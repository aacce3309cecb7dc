"""Movements of the bank as arrays, and the vocabulary of their kinds."""

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from client360.simulate.arrays import Codes, Days, Flags
from client360.simulate.facts import world_facts
from client360.warehouse.models.base import SENTIDOS

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


CREDITED = ("haberes", "aguinaldo", "recibida", "reintegro")
"""rubro of the movements that come in; the others leave the account."""
MACHINES = KINDS.index("extraccion_cajero")
"""The kind whose channel is plain: a cash machine."""


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


@lru_cache
def directions() -> Codes:
    """Position in SENTIDOS, for each code of rubro."""
    return np.array([SENTIDOS.index("credito" if rubro in CREDITED else "debito") for rubro in rubros()])


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
    second: Codes | None = None
    """Of the day, of movements that have a time of day."""
    order: Codes | None = None
    """The digits of venta_id, of movements in the shop."""

    def __len__(self) -> int:
        return len(self.person)


def concatenated(parts: list[Movements]) -> Movements:
    """The movements of several parts, one part after another; second and order are -1 for those that have none."""
    return Movements(*(column(parts, field.name) for field in fields(Movements)))


def column(parts: list[Movements], name: str) -> Codes:
    """The column of several parts, one part after another, -1 for those that do not have it; shape (movements,)."""
    values = [getattr(part, name) for part in parts]
    return np.concatenate(
        [np.full(len(part), -1) if value is None else value for part, value in zip(parts, values, strict=True)]
    )


@dataclass(frozen=True)
class Payments:
    """What the bank's card pays in the shop, or gets back from it, on days of a month; every array has the shape (payments,)."""

    customer: Codes
    """The digits of cliente_id."""
    day: Days
    """Counted from the first of the month."""
    cents: Codes
    second: Codes
    """Of the day."""
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
