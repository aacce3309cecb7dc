"""How orders are shipped: dispatch, delivery and its cost, by distance and by how busy the shop is."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Days, Flags, Floats
from client360.simulate.bank.roster import Roster
from client360.simulate.columns import cents
from client360.simulate.facts import world_facts
from client360.simulate.shop.depots import depots, serving
from client360.simulate.shop.orders import MAX_DAYS

HOLIDAYS = 3
"""Public holidays in a row, at most."""


@dataclass(frozen=True)
class Shipments:
    """One shipment for each order; days are day numbers, every array has the shape (orders,)."""

    depot: Codes
    dispatched: Days
    promised: Days
    delivered: Days
    cost: Codes
    """Cents."""

    def only(self, kept: Flags) -> "Shipments":
        """The shipments for which `kept`, of shape (orders,), holds."""
        return Shipments(**{name: days[kept] for name, days in vars(self).items()})

    @property
    def late(self) -> Flags:
        """Whether each is delivered after the promised day; shape (orders,)."""
        return self.delivered > self.promised


def ship(roster: Roster, day: Days, province: Codes, dispatch: Floats, delay: Floats) -> Shipments:
    """The shipments of orders of the roster's month to a province, by draws of dispatch and delay; all of shape (orders,).

    In a twin without late deliveries, what would be late is dispatched at once and delivered on the promised day.

    Raises ValueError where world.yaml lets an order last longer than MAX_DAYS.
    """
    facts = world_facts().shop.shipping
    _require_short_lives()
    month, world = roster.month, roster.population.world
    depot, km = serving(world, day, province)
    transit = _transit_days(km)
    busy = 1 + facts.peak_delay * calendar.shop_peaks(month)[day - calendar.day_number(calendar.month_start(month))]
    handling = _exponential(facts.dispatch_mean_days * busy, facts.dispatch_most_days, dispatch)
    dispatched = calendar.next_working_days(day + 1 + handling)
    mean_delay = (facts.delay_days + facts.delay_days_per_1000_km * km / 1000) * busy
    cost = (facts.base_cost + facts.cost_per_100_km * km / 100) * calendar.price_index(month)
    promised = calendar.next_working_days(day + facts.promised_dispatch_days + transit)
    delivered = calendar.next_working_days(
        dispatched + transit + _exponential(mean_delay, facts.delay_most_days, delay)
    )
    if world.differs_in("demoras"):
        dispatched = np.where(delivered > promised, calendar.next_working_days(day + 1), dispatched)
        delivered = np.minimum(delivered, promised)
    return Shipments(depot, dispatched, promised, delivered, cents(cost))


def charged(month: int, cost: Codes, total: Codes) -> Codes:
    """What the customers of orders of a month are charged for shipments of this cost; cents, all of shape (orders,)."""
    facts = world_facts().shop.shipping
    charge = np.rint(cost * facts.charged_share / 100).astype(np.int64) * 100
    return np.where(total >= cents(np.array(facts.free_from * calendar.price_index(month))), 0, charge)


def _exponential(mean: Floats, limit: int, draws: Floats) -> Days:
    """Whole days of an exponential time of that mean, at most `limit`, for each uniform draw; same shape."""
    return np.minimum(exact.exponential(draws, mean), limit).astype(np.int64)


def _transit_days(km: Floats) -> Days:
    """Days on the road for each distance; same shape."""
    return 1 + np.ceil(km / world_facts().shop.shipping.km_per_day).astype(np.int64)


@lru_cache
def _require_short_lives() -> None:
    """Raise ValueError where an order could outlive MAX_DAYS, whichever depot may be closed."""
    orders, shipping = world_facts().shop.orders, world_facts().shop.shipping
    farthest = np.array([depots(closed).km.max() for closed in ("", *shipping.depots)])
    longest = 1 + shipping.dispatch_most_days + int(_transit_days(farthest).max()) + shipping.delay_most_days
    longest += orders.return_days[1] + 2 * HOLIDAYS  # before the dispatch, and before the delivery
    if max(longest, orders.cancel_days[1]) > MAX_DAYS:
        raise ValueError(f"world.yaml lets {longest} days pass from an order to its return: {MAX_DAYS} is the most")
