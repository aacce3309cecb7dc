"""Orders and their lines as arrays."""

from dataclasses import dataclass, fields

import numpy as np

from client360.simulate.arrays import Codes, Days, Flags
from client360.simulate.facts import world_facts

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
    anonymous: Flags
    """Whether the shop does not know whose order it is."""
    day: Days
    payment: Codes
    """Method of the first or only payment."""
    instalments: Codes
    """Of that payment, 0 where there are none."""
    rejected: Flags
    """Whether a first attempt to pay by that method is refused."""
    second: Codes
    """Method of the second payment, for orders that have one."""
    second_instalments: Codes
    second_paid: Codes
    """Cents paid by the second method, 0 for orders without one."""
    province: Codes
    depot: Codes
    """Depot that ships the order."""
    campaign: Codes
    """The digits of the campania_id to which the shop attributes the order, -1 for none."""
    additional: Flags
    """Whether the order exists because of its campaign."""
    dispatched: Days
    promised: Days
    delivered: Days
    cancelled: Days
    returned: Days
    partly: Days
    """Day on which a part of one line comes back."""
    back: Codes
    """Row of that line among the order's lines, from 0."""
    back_units: Codes
    """Units of it that come back, 0 where only an amount is given back."""
    back_amount: Codes
    """Given back for it; cents."""
    ordered_second: Codes
    """Second of the day of the order; those that follow are of what became of it, where something did."""
    dispatched_second: Codes
    delivered_second: Codes
    undone_second: Codes
    partly_second: Codes
    approved_second: Codes
    shipping: Codes
    """What the carrier is paid..."""
    charge: Codes
    """...and what the customer is charged for it."""
    channel: Codes
    seller: Codes
    """Number of who sold it in the branch, -1 where nobody did."""
    approved: Days
    """Day on which the money of an order that waits for a transfer has come."""
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
    def known_customer(self) -> Codes:
        """The digits of cliente_id, -1 where the shop does not know it; shape (orders,)."""
        return np.where(self.anonymous, -1, self.customer)

    @property
    def waits(self) -> Flags:
        """Whether the order waits for a transfer, and its steps are told; shape (orders,)."""
        return self.payment == list(world_facts().shop.orders.payment_methods).index("transferencia")

    @property
    def back_row(self) -> Codes:
        """Row of the line of which a part comes back, for orders where one does; shape (orders,)."""
        return np.cumsum(self.lines) - self.lines + self.back

    @property
    def undone(self) -> Days:
        """Day on which each order is cancelled or returned; shape (orders,)."""
        return np.minimum(self.cancelled, self.returned)

    @property
    def due(self) -> Codes:
        """What each order is charged with its shipment; cents, shape (orders,)."""
        return self.total + self.charge

    @property
    def refund_day(self) -> Days:
        """Day on which each order, or a part of it, is given back; shape (orders,)."""
        return np.minimum(self.undone, self.partly)

    @property
    def refund_second(self) -> Codes:
        """Second of that day; shape (orders,)."""
        return np.where(self.undone <= self.partly, self.undone_second, self.partly_second)


def concatenated(parts: list[Orders]) -> Orders:
    """The orders of several plans, one plan after another."""
    starts = np.cumsum([0] + [len(part.number) for part in parts[:-1]])
    columns = {f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Orders)}
    columns["line_order"] = np.concatenate([part.line_order + start for part, start in zip(parts, starts, strict=True)])
    return Orders(**columns)
