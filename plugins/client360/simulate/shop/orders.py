"""Orders and their lines as arrays."""

from dataclasses import dataclass, fields

import numpy as np

from client360.simulate import calendar
from client360.simulate.arrays import NEVER, Codes, Days, Flags
from client360.simulate.bank.movements import Payments
from client360.simulate.facts import world_facts
from client360.simulate.shop.depots import depots

MAX_DAYS = 59
"""Days from an order to its last event: the two shortest months in a row, so that it ends in the two months that follow."""


@dataclass(frozen=True)
class Orders:
    """Orders and their lines. Days are day numbers, NEVER for what does not happen; amounts are cents.

    Arrays have the shape (orders,) up to `lines`, and the shape (lines,) after it.
    """

    number: Codes
    """The digits of venta_id: customer, year, month and number within them."""
    customer: Codes
    """The digits of cliente_id."""
    day: Days
    payment: Codes
    province: Codes
    campaign: Codes
    """The digits of the campania_id to which the shop attributes the order, -1 for none."""
    additional: Flags
    """Whether the order exists because of its campaign."""
    dispatched: Days
    promised: Days
    delivered: Days
    cancelled: Days
    returned: Days
    shipping: Codes
    total: Codes
    lines: Codes
    """Lines of each order."""
    line_order: Codes
    """Row of the order of each line; lines are in the order of their orders."""
    line: Codes
    """Number of the line within its order, from 1."""
    product: Codes
    units: Codes
    price: Codes
    discount: Codes
    """Of the whole line."""

    @property
    def depot(self) -> Codes:
        """Depot that ships each order; shape (orders,)."""
        return depots().nearest[self.province]

    @property
    def undone(self) -> Days:
        """Day on which each order is cancelled or returned; shape (orders,)."""
        return np.minimum(self.cancelled, self.returned)


def concatenated(parts: list[Orders]) -> Orders:
    """The orders of several plans, one plan after another."""
    starts = np.cumsum([0] + [len(part.number) for part in parts[:-1]])
    columns = {f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Orders)}
    columns["line_order"] = np.concatenate([part.line_order + start for part, start in zip(parts, starts, strict=True)])
    return Orders(**columns)


def card_payments(orders: Orders, month: int) -> tuple[Payments, Payments]:
    """What the bank's card paid in the shop in a month, and what it got back."""
    month_first = calendar.day_number(calendar.month_start(month))
    month_last = month_first + calendar.month_days(month) - 1
    by_card = orders.payment == list(world_facts().shop.orders.payment_methods).index("tarjeta")

    def payments(days: Days) -> Payments:
        days = np.where(by_card, days, NEVER)
        rows = np.flatnonzero((days >= month_first) & (days <= month_last))
        return Payments(orders.customer[rows], days[rows] - month_first, orders.total[rows], orders.number[rows])

    return payments(orders.day), payments(orders.undone)
