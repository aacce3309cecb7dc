"""The random draws of a month's orders, for each cause of an order: ordinary demand, and each campaign."""

from dataclasses import dataclass, fields

import numpy as np

from client360.simulate import exact, hours
from client360.simulate.arrays import Codes, Days, Floats
from client360.simulate.bank.movements import owners_and_numbers
from client360.simulate.bank.roster import Roster
from client360.simulate.facts import world_facts
from client360.simulate.shop.campaigns import Campaign

MAX_ORDERS = 1000
"""Numbers that venta_id has for the orders of a customer in a month; the ordinary ones have the first..."""
ORDINARY = 500
ADDITIONAL = 250
"""...and each campaign this many of the rest."""
ALTERNATIVES = 8
"""Products drawn for a line; the first of them that is on sale is bought."""

# uniform draws of an order, of a line and of the payments of an order, each in this order
ORDER_DRAWS = (
    "lines",
    "payment",
    "attributed",
    "cancelled",
    "cancel_days",
    "dispatch",
    "delay",
    "returned",
    "return_days",
    "partly",
    "partly_days",
    "back_line",
    "back_units",
    "anonymous",
    "channel",
    "seller",
    "approval",
)
TIME_DRAWS = ("ordered", "dispatched", "delivered", "undone", "partly", "approved")
"""Times of day of an order, in this order."""
LINE_DRAWS = ("category", "units", "discounted", "discount")
PAYMENT_DRAWS = ("split", "second", "part", "rejected", "instalments", "second_instalments")


@dataclass(frozen=True)
class Draws:
    """Orders and everything that is drawn for them; arrays have the shape (orders,) unless their docstring gives another."""

    owner: Codes
    """Row of the roster."""
    number: Codes
    """Number of the order within its owner."""
    day: Days
    """Counted from the first of the month."""
    lines: Codes
    """Lines of each order."""
    order: Floats
    """Uniform draws; shape (ORDER_DRAWS, orders)."""
    line: Floats
    """Uniform draws; shape (LINE_DRAWS + ALTERNATIVES, lines)."""
    payment: Floats
    """Uniform draws; shape (PAYMENT_DRAWS, orders)."""
    time: hours.Draws
    """Times of day; shape (TIME_DRAWS, orders)."""


def draw_orders(roster: Roster, campaign: Campaign | None, rate: Floats, factors: Floats) -> Draws:
    """The ordinary orders of a month, or those that a campaign adds.

    `rate` is the expected number of orders of each person on a day of factor 1, shape (persons,); `factors` of shape (days,).
    """
    if campaign is None:
        cause, start, room = "ordinaria", 0, ORDINARY
    else:
        cause, start, room = f"campania {campaign.number}", ORDINARY + campaign.number * ADDITIONAL, ADDITIONAL
    random = roster.stream(f"venta {cause}")
    owner, number = owners_and_numbers(
        np.minimum(exact.poisson(random.random(len(rate)), rate * factors.sum()), room - 1)
    )
    bounds = np.cumsum(factors)
    day = np.searchsorted(bounds / bounds[-1], random.random(len(owner)), side="right")
    order = roster.stream(f"pedido {cause}").random((len(ORDER_DRAWS), len(owner)))
    lines = pick(world_facts().shop.orders.lines, order[ORDER_DRAWS.index("lines")])
    line = roster.stream(f"renglon {cause}").random((len(LINE_DRAWS) + ALTERNATIVES, int(lines.sum())))
    payment = roster.stream(f"pago {cause}").random((len(PAYMENT_DRAWS), len(owner)))
    time = hours.draw_times(roster.stream(f"hora {cause}"), (len(TIME_DRAWS), len(owner)))
    return Draws(owner, start + number, day, lines, order, line, payment, time)


def concatenated(parts: list[Draws]) -> Draws:
    """The draws of several causes, one cause after another."""
    return Draws(**{f.name: np.concatenate([getattr(part, f.name) for part in parts], axis=-1) for f in fields(Draws)})


def pick(shares: dict[int, float], draws: Floats) -> Codes:
    """A key for each uniform draw, by share; same shape."""
    bounds = np.cumsum(list(shares.values()))
    return np.array(list(shares))[np.searchsorted(bounds / bounds[-1], draws, side="right")]
