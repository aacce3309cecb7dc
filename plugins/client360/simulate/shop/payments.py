"""How orders are paid: by one method or two, at once or in instalments, and refunded as they were paid.

Payments have random streams of their own, so that nothing else of an order depends on how it is paid.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from client360.simulate import calendar
from client360.simulate.arrays import NEVER, Codes, Days, Flags, Floats
from client360.simulate.bank.movements import Payments
from client360.simulate.facts import world_facts
from client360.simulate.shop.draws import PAYMENT_DRAWS, pick
from client360.simulate.shop.orders import Orders

CARDS = ("tarjeta", "otra_tarjeta")
"""The methods that are paid in instalments."""


@dataclass(frozen=True)
class Terms:
    """How orders are paid, as drawn; every array has the shape (orders,)."""

    instalments: Codes
    rejected: Flags
    second: Codes
    second_instalments: Codes
    second_paid: Codes


def draw_terms(first: Codes, due: Codes, alone: Flags, draws: Floats) -> Terms:
    """How orders are paid of which this is due (cents), and whose first method is given; those that are `alone` have no second
    one. All of shape (orders,), `draws` of shape (PAYMENT_DRAWS, orders)."""
    facts = world_facts().shop.orders
    drawn = dict(zip(PAYMENT_DRAWS, draws, strict=True))
    methods = len(facts.payment_methods)
    # any of the other methods
    second = (first + 1 + (drawn["second"] * (methods - 1)).astype(np.int64)) % methods
    least, most = facts.second_part
    part = np.where(~alone & (drawn["split"] < facts.split), least + (most - least) * drawn["part"], 0)
    return Terms(
        instalments=_instalments(first, drawn["instalments"]),
        rejected=drawn["rejected"] < _rejection()[first],
        second=second,
        second_instalments=_instalments(second, drawn["second_instalments"]),
        second_paid=np.rint(due * part).astype(np.int64),
    )


def _instalments(method: Codes, draws: Floats) -> Codes:
    """Instalments of payments by each method, 0 where it has none; all of shape (orders,)."""
    by_card = np.isin(method, [_code(card) for card in CARDS])
    return np.where(by_card, pick(world_facts().shop.orders.instalments, draws), 0)


@lru_cache
def _rejection() -> Floats:
    """The share of first attempts that are refused, by method; shape (methods,)."""
    facts = world_facts().shop.orders
    return np.array([facts.rejected.get(method, 0.0) for method in facts.payment_methods])


def _code(method: str) -> int:
    return list(world_facts().shop.orders.payment_methods).index(method)


@dataclass(frozen=True)
class Payment:
    """What each order pays by one of its methods; arrays have the shape (orders,), amounts are cents."""

    method: Codes
    instalments: Codes
    """0 where there are none."""
    day: Days
    """NEVER for orders that are cancelled before they are paid."""
    time: Codes
    """Second of that day."""
    paid: Codes
    """0 for orders that have no such payment."""
    refunded: Codes
    """Given back on the day of the refund."""


def payments(orders: Orders) -> tuple[Payment, Payment]:
    """The payments of each order by its first and by its second method: on its day, but for a transfer that it waits for. What
    comes back is refunded as it was paid: of a part, in proportion."""
    first_day = np.where(orders.waits, orders.approved, orders.day)
    first_time = np.where(orders.waits, orders.approved_second, orders.ordered_second)
    back = np.where(orders.undone < NEVER, orders.due, np.where(orders.partly < NEVER, orders.back_amount, 0))
    second_back = np.rint(back * orders.second_paid / np.maximum(orders.due, 1)).astype(np.int64)
    first_back = np.where(first_day < NEVER, back - second_back, 0)
    return (
        Payment(orders.payment, orders.instalments, first_day, first_time, orders.due - orders.second_paid, first_back),
        Payment(
            orders.second, orders.second_instalments, orders.day, orders.ordered_second, orders.second_paid, second_back
        ),
    )


def card_payments(orders: Orders, month: int) -> tuple[Payments, Payments]:
    """What the bank's card paid in the shop in a month, and what it got back."""
    month_first = calendar.day_number(calendar.month_start(month))
    month_last = month_first + calendar.month_days(month) - 1
    first, second = payments(orders)

    def by_card(days: Days, times: Codes, of_first: Codes, of_second: Codes) -> Payments:
        # an order pays once by card, if at all: its methods are not the same
        amounts = np.where(first.method == _code("tarjeta"), of_first, 0)
        amounts = np.where(second.method == _code("tarjeta"), of_second, amounts)
        rows = np.flatnonzero((days >= month_first) & (days <= month_last) & (amounts > 0))
        return Payments(
            orders.customer[rows], days[rows] - month_first, amounts[rows], times[rows], orders.number[rows]
        )

    return (
        by_card(orders.day, orders.ordered_second, first.paid, second.paid),
        by_card(orders.refund_day, orders.refund_second, first.refunded, second.refunded),
    )
