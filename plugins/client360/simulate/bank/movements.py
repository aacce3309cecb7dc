"""Movements of the bank as arrays, their kinds, and how a total is divided among them."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import numpy as np

from client360.simulate.arrays import Codes, Days, Flags, Floats

MAX_PER_KIND = 1000
"""Numbers that transaccion_id has for the movements of one kind of a customer in a month."""
NONE = -1
"""What a movement has where it has none: no time of day, order, party, merchant or channel."""


class Kind(IntEnum):
    """What a movement is; the number is two digits of transaccion_id."""

    DEBIT_PURCHASE = 0
    SENT = 1
    DIRECT_DEBIT = 2
    WITHDRAWAL = 3
    BILL = 4
    SALARY = 5
    SHOP_PURCHASE = 6
    SHOP_REFUND = 7  # of an order of the same month, the next numbers of the month before and of the one before that
    CREDIT_PURCHASE = 10
    RECEIVED = 11
    FROM_CUSTOMER = 12
    COLLECTION = 13
    BENEFIT = 14
    ALLOWANCE = 15
    HELP = 16
    HELP_RETURNED = 17
    CARD_PAYMENT = 18
    CARD_INTEREST = 19
    LOAN_GRANTED = 20
    LOAN_SPENT = 21
    LOAN_INSTALMENT = 22
    SAVED = 23
    DOLLARS = 24
    CLOSING = 25
    TAKEN_OVER = 26
    SHOP_TRANSFER = 30  # and the next numbers, as above
    SHOP_TRANSFER_REFUND = 33  # and the next numbers, as above


CREDITS = "credito"
"""sentido of what comes in."""
DEBITS = "debito"
WORDS = {
    Kind.DEBIT_PURCHASE: ("compra_tarjeta", DEBITS),
    Kind.SENT: ("transferencia", DEBITS),
    Kind.DIRECT_DEBIT: ("debito_automatico", DEBITS),
    Kind.WITHDRAWAL: ("extraccion_cajero", DEBITS),
    Kind.BILL: ("pago_servicio", DEBITS),
    Kind.SALARY: ("ingreso_sueldo", CREDITS),
    Kind.SHOP_PURCHASE: ("compra_tarjeta", DEBITS),
    Kind.SHOP_REFUND: ("transferencia", CREDITS),
    Kind.CREDIT_PURCHASE: ("compra_tarjeta", DEBITS),
    Kind.RECEIVED: ("transferencia", CREDITS),
    Kind.FROM_CUSTOMER: ("transferencia", CREDITS),
    Kind.COLLECTION: ("cobro", CREDITS),
    Kind.BENEFIT: ("beneficio", CREDITS),
    Kind.ALLOWANCE: ("transferencia", CREDITS),
    Kind.HELP: ("transferencia", CREDITS),
    Kind.HELP_RETURNED: ("transferencia", DEBITS),
    Kind.CARD_PAYMENT: ("pago_tarjeta", DEBITS),
    Kind.CARD_INTEREST: ("interes", DEBITS),
    Kind.LOAN_GRANTED: ("prestamo_otorgado", CREDITS),
    Kind.LOAN_SPENT: ("transferencia", DEBITS),
    Kind.LOAN_INSTALMENT: ("cuota_prestamo", DEBITS),
    Kind.SAVED: ("ahorro", DEBITS),
    Kind.DOLLARS: ("moneda_extranjera", DEBITS),
    Kind.CLOSING: ("transferencia", DEBITS),
    Kind.TAKEN_OVER: ("transferencia", CREDITS),
    Kind.SHOP_TRANSFER: ("transferencia", DEBITS),
    Kind.SHOP_TRANSFER_REFUND: ("transferencia", CREDITS),
}
"""tipo_transaccion and sentido of each kind."""


@dataclass(frozen=True)
class Movements:
    """Movements of one kind in a month; every array has the shape (movements,)."""

    kind: Kind
    person: Codes
    """Row of the roster."""
    day: Days
    """Counted from the first of the month."""
    cents: Codes
    number: Codes
    """Number of the movement within the person; from MAX_PER_KIND on, of the next kinds."""
    rubro: str | Codes | None = None
    """One word for all, or the code of each."""
    second: Codes | None = None
    """Of the day, of movements that have a time of day."""
    order: Codes | None = None
    """The digits of venta_id, of movements in the shop."""
    instalments: Codes | None = None
    """Of what is charged to a credit card, 0 where it moves the account."""
    party: str | Codes | None = None
    """Who is at the other end: one for all, or the digits of the cliente_id of customers, or a code of a name, negative."""
    merchant: Codes | None = None
    """Position among the merchants."""
    channel: str | Codes | None = None
    """One for all, or a position among the channels of purchases."""

    def __len__(self) -> int:
        return len(self.person)

    def of(self, rows: Codes) -> "Movements":
        """Those of some rows."""
        columns: dict[str, Any] = {name: v[rows] for name, v in vars(self).items() if isinstance(v, np.ndarray)}
        return replace(self, **columns)

    @property
    def signed(self) -> Codes:
        """What the account gets by each, cents: less than 0 where it pays, nothing by what is charged to a credit card."""
        if self.kind is Kind.CARD_INTEREST:
            return np.zeros_like(self.cents)
        amounts = self.cents if WORDS[self.kind][1] == CREDITS else -self.cents
        return amounts if self.instalments is None else np.where(self.instalments > 0, 0, amounts)


@dataclass(frozen=True)
class Payments:
    """What orders of the shop pay, or get back, by one method on days of a month; every array has the shape (payments,)."""

    customer: Codes
    """The digits of cliente_id."""
    day: Days
    """Counted from the first of the month."""
    cents: Codes
    second: Codes
    """Of the day."""
    order: Codes
    """The digits of venta_id; the last three tell a customer's orders of a month apart."""
    instalments: Codes
    """0 where the account pays."""


@dataclass(frozen=True)
class Window:
    """The days of a month on which each person of a roster is a customer: the first and the last one, from 0; (persons,)."""

    since: Days
    until: Days

    def holds(self, person: Codes, day: Days) -> Flags:
        """Whether each movement lies in the window; all of shape (movements,)."""
        return (day >= self.since[person]) & (day <= self.until[person])

    def fit(self, person: Codes, day: Days, draws: Floats) -> Days:
        """The days, those outside the window moved to any day in it by uniform draws; all of shape (movements,)."""
        since, until = self.since[person], self.until[person]
        return np.where(self.holds(person, day), day, since + (draws * (until - since + 1)).astype(np.int64))


def owners_and_numbers(counts: Codes) -> tuple[Codes, Codes]:
    """Owner of each event, and its number within the owner, from 0; both of shape (counts.sum(),).

    `counts` holds the events of each owner, of which at most MAX_PER_KIND - 1 are kept.
    """
    counts = np.minimum(counts, MAX_PER_KIND - 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]


def summed(owner: Codes, amounts: Codes, owners: int) -> Codes:
    """What each owner's amounts, in cents, come to; shape (owners,). Exact below 2**53."""
    return np.rint(np.bincount(owner, amounts, minlength=owners)).astype(np.int64)


def divided(totals: Codes, owner: Codes, weights: Floats, least: int) -> Codes:
    """The totals, in cents, divided by weight among what each owner has, none less than `least`; shape (owner,).

    `owner` ascends; a total is at least `least` for each part. What is left over goes to the owner's last one.
    """
    counts = np.bincount(owner, minlength=len(totals))
    rest = totals - least * counts
    share = weights / np.bincount(owner, weights, minlength=len(totals))[owner]
    parts = np.floor(rest[owner] * share).astype(np.int64)
    some = np.flatnonzero(counts)
    left = rest - summed(owner, parts, len(totals))
    parts[np.cumsum(counts)[some] - 1] += left[some]
    return parts + least
