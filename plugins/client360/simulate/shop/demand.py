"""The orders that a block would make in a month if no late delivery had kept anybody away.

They need no other month. What late deliveries keep away is taken from them by what they say of the months before.
"""

from dataclasses import dataclass, replace

import numpy as np

from client360.simulate import calendar
from client360.simulate.arrays import NEVER, Codes, Days, Flags, Floats
from client360.simulate.bank.roster import Roster, draw_roster
from client360.simulate.facts import world_facts
from client360.simulate.people import Population
from client360.simulate.shop.buyers import Buyers, buyers, pick_categories
from client360.simulate.shop.campaigns import GROUPS, MAX_CAMPAIGNS, Campaign, campaigns
from client360.simulate.shop.catalog import catalog, category_demand
from client360.simulate.shop.draws import LINE_DRAWS, Draws, concatenated, draw_orders
from client360.simulate.shop.prices import wanted
from client360.simulate.shop.shipping import Shipments, ship

_OF_ORDERS = ("made", "category", "product", "customer", "day", "province", "cancelled")
DAYS = 10**6
"""Room for a day number beside the digits of a cliente_id."""


@dataclass(frozen=True)
class Demand:
    """A month of a block of customers in the shop; arrays have the shape (orders,) unless their docstring gives another."""

    roster: Roster
    buyers: Buyers
    groups: dict[Campaign, Codes]
    """Of each campaign of the month, the group of each person: a position in GROUPS, or -1; shape (persons,)."""
    draws: Draws
    made: Floats
    """Uniform draws of whether the order is made in spite of late deliveries."""
    category: Codes
    """Of the first line..."""
    product: Codes
    """...and its product."""
    customer: Codes
    """The digits of cliente_id."""
    day: Days
    """A day number."""
    province: Codes
    shipments: Shipments
    cancelled: Days
    """A day number; NEVER for orders that are not."""

    def only(self, kept: Flags) -> "Demand":
        """The orders for which `kept`, of shape (orders,), holds."""
        columns = {name: getattr(self, name)[kept] for name in _OF_ORDERS}
        return replace(self, draws=self.draws.only(kept), shipments=self.shipments.only(kept), **columns)

    @property
    def late(self) -> Codes:
        """Customers and days of late deliveries, as digits of cliente_id * DAYS + day; shape (late deliveries,).

        Those of orders that campaigns added keep nobody away, so that what a campaign adds is its whole effect.
        """
        late = self.shipments.late & (self.cancelled == NEVER) & (self.draws.cause < 0)
        return (self.customer * DAYS + self.shipments.delivered)[late]


def draw_demand(population: Population, month: int) -> Demand:
    """The month's orders of a block, and who is in which group of which campaign."""
    roster, world = draw_roster(population, month), population.world
    shop, month_first = buyers(roster), calendar.day_number(calendar.month_start(month))
    groups = assigned(roster)
    draws = concatenated(_causes(roster, shop, groups))
    category = _first_categories(shop, draws, list(groups))
    product = catalog(world).pick(
        category, draws.first[len(LINE_DRAWS) :], month_first + draws.day, shop.tier[draws.owner]
    )
    likely = wanted(world, month, product, draws.day, shop.sensitivity[draws.owner])
    facts = world_facts().shop.orders
    fading = month_first + draws.day >= roster.fading[draws.owner]
    likely *= np.where(fading, facts.fading, 1.0) / facts.largest_response
    is_customer = (draws.day >= roster.since[draws.owner]) & (draws.day <= roster.until[draws.owner])
    made = (draws.drawn("made") < likely) & is_customer & roster.shown[draws.owner]
    return _kept(roster, shop, groups, draws.only(made), (category[made], product[made], likely[made]))


def _kept(
    roster: Roster, shop: Buyers, groups: dict[Campaign, Codes], draws: Draws, first: tuple[Codes, Codes, Floats]
) -> Demand:
    """The demand of what is made; `first` holds category, product and probability of the first lines, of shape (orders,)."""
    facts, month_first = world_facts().shop.orders, calendar.day_number(calendar.month_start(roster.month))
    category, product, likely = first
    customer, day = roster.numbers[draws.owner], month_first + draws.day
    province = roster.population.provinces(customer, day)
    # who has left the bank cancels nothing
    cancelled = day + between(facts.cancel_days, draws.drawn("cancel_days"))
    cancels = (draws.drawn("cancelled") < facts.cancelled) & (cancelled < roster.left[draws.owner])
    return Demand(
        roster=roster,
        buyers=shop,
        groups=groups,
        draws=draws,
        made=draws.drawn("made") / likely,
        category=category,
        product=product,
        customer=customer,
        day=day,
        province=province,
        shipments=ship(roster, day, province, draws.drawn("dispatch"), draws.drawn("delay")),
        cancelled=np.where(cancels, cancelled, NEVER),
    )


def _causes(roster: Roster, shop: Buyers, groups: dict[Campaign, Codes]) -> list[Draws]:
    """The ordinary orders of the month, and those that each campaign adds."""
    factors = calendar.shop_day_factors(roster.month)
    mean = world_facts().shop.orders.per_month * factors.mean()
    causes = [draw_orders(roster, None, mean * np.add.reduce(shop.demand), factors)]
    for campaign, group in groups.items():
        added = np.where(group == 0, usual_orders(shop, campaign) * uplifts(shop, campaign), 0.0)
        causes.append(draw_orders(roster, campaign, added, _window(campaign)))
    return causes


def _window(campaign: Campaign) -> Floats:
    """The factors of the days of the campaign's month, 0 but while it runs; shape (days,)."""
    factors = calendar.shop_day_factors(campaign.month)
    days = calendar.day_number(calendar.month_start(campaign.month)) + np.arange(len(factors))
    return np.where((days >= campaign.first) & (days <= campaign.last), factors, 0.0)


def usual_orders(shop: Buyers, campaign: Campaign) -> Floats:
    """Expected ordinary orders of each customer of the month while a campaign runs, at usual prices; shape (persons,)."""
    days = calendar.month_days(campaign.month)
    return world_facts().shop.orders.per_month * np.add.reduce(shop.demand) * (_window(campaign).sum() / days)


def uplifts(shop: Buyers, campaign: Campaign) -> Floats:
    """What the campaign adds to those of each customer if it contacts them, as a share; shape (persons,).

    The more, the more the person likes its category.
    """
    usual = category_demand(campaign.month)
    liking = shop.demand[campaign.category] / np.add.reduce(shop.demand) * (usual.sum() / usual[campaign.category])
    return campaign.uplift * shop.response * liking


def _first_categories(shop: Buyers, draws: Draws, running: list[Campaign]) -> Codes:
    """Category of the first line of each order: the one that a campaign sells, in the orders that it adds; shape (orders,)."""
    category = np.full(MAX_CAMPAIGNS + 1, -1)
    for campaign in running:
        category[campaign.number] = campaign.category
    promoted = category[draws.cause]
    liked = pick_categories(shop.demand, draws.owner, draws.first[LINE_DRAWS.index("category")])
    return np.where(promoted >= 0, promoted, liked)


def assigned(roster: Roster) -> dict[Campaign, Codes]:
    """Of each campaign of the month, the group of each person, a position in GROUPS, or -1; shape (persons,).

    Drawn at random from those who are customers on its first day.
    """
    share, month_first = world_facts().shop.campaigns.assigned, calendar.day_number(calendar.month_start(roster.month))
    groups = {}
    for campaign in campaigns(roster.population.world, roster.month):
        day = campaign.first - month_first
        group = (roster.stream(f"contactos {campaign.number}").random(len(roster)) * 2 / share).astype(np.int64)
        groups[campaign] = np.where((roster.since <= day) & (roster.until >= day) & (group < len(GROUPS)), group, -1)
    return groups


def kept_away(demand: Demand, recent: list[Demand]) -> Flags:
    """Whether a late delivery of the last weeks keeps the customer from each order; shape (orders,).

    `recent` holds the demand of the months whose deliveries may matter, its own among them.
    """
    late = np.sort(np.concatenate([each.late for each in recent]))
    now = demand.customer * DAYS + demand.day
    since = np.searchsorted(late, now - world_facts().shop.orders.late_days)
    disappointed = np.searchsorted(late, now) > since
    return disappointed & (demand.made >= 1 - demand.buyers.loss[demand.draws.owner])


def between(bounds: tuple[int, int], draws: Floats) -> Days:
    """A whole number from the first bound to the second, both included, for each uniform draw; same shape."""
    return bounds[0] + (draws * (bounds[1] - bounds[0] + 1)).astype(np.int64)
