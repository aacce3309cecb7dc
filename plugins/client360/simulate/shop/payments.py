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


@dataclass(frozen=True)
class Terms:
    """How orders are paid, as drawn; every array has the shape (orders,)."""

    instalments: Codes
    rejected: Flags
    second: Codes
    second_instalments: Codes
    second_paid: Codes


def draw_terms(first: Codes, due: Codes, alone: Flags, on_credit: Flags, draws: Floats) -> Terms:
    """How orders are paid of which this is due (cents), and whose first method is given; those that are `alone` have no second
    one, and the bank's card of those that are not `on_credit` pays at once. All of shape (orders,), `draws` of shape
    (PAYMENT_DRAWS, orders)."""
    facts = world_facts().shop.orders
    drawn = dict(zip(PAYMENT_DRAWS, draws, strict=True))
    methods = len(facts.payment_methods)
    # any of the other methods
    second = (first + 1 + (drawn["second"] * (methods - 1)).astype(np.int64)) % methods
    least, most = facts.second_part
    part = np.where(~alone & (drawn["split"] < facts.split), least + (most - least) * drawn["part"], 0)
    return Terms(
        instalments=_instalments(first, on_credit, drawn["instalments"]),
        rejected=drawn["rejected"] < _rejection()[first],
        second=second,
        second_instalments=_instalments(second, on_credit, drawn["second_instalments"]),
        second_paid=np.rint(due * part).astype(np.int64),
    )


def _instalments(method: Codes, on_credit: Flags, draws: Floats) -> Codes:
    """Instalments of payments by each method, 0 where it has none; all of shape (orders,)."""
    facts = world_facts().shop.orders
    own = np.where(on_credit, pick(facts.own_instalments, draws), 0)
    other = np.where(method == _code("otra_tarjeta"), pick(facts.instalments, draws), 0)
    return np.where(method == _code("tarjeta"), own, other)


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


def bought(orders: Orders, month: int, method: str) -> Payments:
    """What is paid by a method in a month: orders pay once by each."""
    first, second = payments(orders)
    return _in_month(orders, month, method, [(part, part.day, part.time, part.paid) for part in (first, second)])


def refunded(orders: Orders, month: int, method: str) -> Payments:
    """What is given back by a method in a month."""
    days, times = orders.refund_day, orders.refund_second
    return _in_month(orders, month, method, [(part, days, times, part.refunded) for part in payments(orders)])


def _in_month(orders: Orders, month: int, method: str, parts: list[tuple[Payment, Days, Codes, Codes]]) -> Payments:
    """The payments by a method on days of a month: of each part when, at which second, and how much."""
    month_first = calendar.day_number(calendar.month_start(month))
    found = []
    for part, day, second, amount in parts:
        here = (part.method == _code(method)) & (amount > 0)
        rows = np.flatnonzero(here & (day >= month_first) & (day < month_first + calendar.month_days(month)))
        columns = (orders.customer, day - month_first, amount, second, orders.number, part.instalments)
        found.append([column[rows] for column in columns])
    return Payments(*(np.concatenate(column) for column in zip(*found, strict=True)))
