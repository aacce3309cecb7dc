"""The random draws of a month's orders, for each cause of an order: ordinary demand, and each campaign.

More orders and lines are drawn than are made: `largest_response` times as many. Which of them are made depends on prices and on
the customer, and changes no draw of another.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from client360.simulate import exact, hours
from client360.simulate.arrays import Codes, Days, Flags, Floats
from client360.simulate.bank.movements import owners_and_numbers
from client360.simulate.bank.roster import Roster
from client360.simulate.facts import world_facts
from client360.simulate.shop.campaigns import Campaign

MAX_ORDERS = 1000
"""Numbers that venta_id has for the orders of a customer in a month; the ordinary ones have the first..."""
ORDINARY = 500
"""...and each campaign..."""
ADDITIONAL = 250
"""...this many of the rest."""
MOST = 100.0
"""Orders that are drawn for a customer and month in the mean, at most."""
MOST_FURTHER = 8
"""Lines that are drawn for an order beside its first one, at most."""
ALTERNATIVES = 8
"""Products drawn for a line; the first of them that is on sale and suits is bought."""

# uniform draws of an order, of a line and of the payments of an order, each in this order
ORDER_DRAWS = (
    "made",
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
LINE_DRAWS = ("category", "units", "same", "made")
PAYMENT_DRAWS = ("split", "second", "part", "rejected", "instalments", "second_instalments")


@dataclass(frozen=True)
class Draws:
    """Orders and everything that is drawn for them; arrays have the shape (orders,) unless their docstring gives another."""

    cause: Codes
    """Number within the month of the campaign that adds the order, or -1."""
    owner: Codes
    """Row of the roster."""
    number: Codes
    """Number of the order within its owner."""
    day: Days
    """Counted from the first of the month."""
    further: Codes
    """Lines of each order beside its first one."""
    order: Floats
    """Uniform draws; shape (ORDER_DRAWS, orders)."""
    first: Floats
    """Uniform draws of the first line of each order; shape (LINE_DRAWS + ALTERNATIVES, orders)."""
    line: Floats
    """Uniform draws of the others; shape (LINE_DRAWS + ALTERNATIVES, further lines)."""
    payment: Floats
    """Uniform draws; shape (PAYMENT_DRAWS, orders)."""
    time: hours.Draws
    """Times of day; shape (TIME_DRAWS, orders)."""

    def only(self, kept: Flags) -> "Draws":
        """The orders for which `kept`, of shape (orders,), holds."""
        rows = np.flatnonzero(kept)
        lines = np.flatnonzero(np.repeat(kept, self.further))
        columns = {name: getattr(self, name)[rows] for name in ("cause", "owner", "number", "day", "further")}
        columns |= {name: getattr(self, name).take(rows, axis=1) for name in ("order", "first", "payment", "time")}
        return Draws(**columns, line=self.line.take(lines, axis=1))

    def drawn(self, name: str) -> Floats:
        """One of ORDER_DRAWS; shape (orders,)."""
        return self.order[ORDER_DRAWS.index(name)]


def draw_orders(roster: Roster, campaign: Campaign | None, rate: Floats, factors: Floats) -> Draws:
    """The ordinary orders of a month, or those that a campaign adds.

    `rate` is the expected number of orders of each person in the month, shape (persons,), which `factors` distribute over its
    days, shape (days,).
    """
    if campaign is None:
        name, cause, start, room = "ordinaria", -1, 0, ORDINARY
    else:
        cause = campaign.number
        name, start, room = f"campania {cause}", ORDINARY + cause * ADDITIONAL, ADDITIONAL
    random, facts = roster.stream(f"venta {name}"), world_facts().shop.orders
    most = np.minimum(rate * facts.largest_response, MOST)
    owner, number = owners_and_numbers(np.minimum(exact.poisson(random.random(len(rate)), most), room - 1))
    bounds = np.cumsum(factors)
    day = np.searchsorted(bounds / bounds[-1], random.random(len(owner)), side="right")
    order = roster.stream(f"pedido {name}").random((len(ORDER_DRAWS), len(owner)))
    further = np.searchsorted(_further_bounds(), order[ORDER_DRAWS.index("lines")], side="right")
    line = roster.stream(f"renglon {name}")
    return Draws(
        cause=np.full_like(owner, cause),
        owner=owner,
        number=start + number,
        day=day,
        further=further,
        order=order,
        first=line.random((len(LINE_DRAWS) + ALTERNATIVES, len(owner))),
        line=line.random((len(LINE_DRAWS) + ALTERNATIVES, int(further.sum()))),
        payment=roster.stream(f"pago {name}").random((len(PAYMENT_DRAWS), len(owner))),
        time=hours.draw_times(roster.stream(f"hora {name}"), (len(TIME_DRAWS), len(owner))),
    )


@lru_cache
def _further_bounds() -> Floats:
    """Probabilities that an order has up to 0, 1, 2... lines drawn beside its first one; shape (MOST_FURTHER,)."""
    facts = world_facts().shop.orders
    mean = facts.further_lines * facts.largest_response
    terms = [exact.exp(np.array([-mean]))[0]]
    for number in range(1, MOST_FURTHER):
        terms.append(terms[-1] * mean / number)
    return np.cumsum(terms)


def concatenated(parts: list[Draws]) -> Draws:
    """The draws of several causes, one cause after another."""
    return Draws(**{name: np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in vars(parts[0])})


def pick(shares: dict[int, float], draws: Floats) -> Codes:
    """A key for each uniform draw, by share; same shape."""
    bounds = np.cumsum(list(shares.values()))
    return np.array(list(shares))[np.searchsorted(bounds / bounds[-1], draws, side="right")]
