"""A month's orders of a block of customers, drawn whole, and what becomes of them.

Orders have random streams of their own for each cause: ordinary demand, and each campaign. What happens to an order later
(dispatch, delivery, cancellation, return) is drawn with it and falls on its own day, at most MAX_DAYS later: so the rows of a day
come from the orders of its month and of the two months before it.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from client360.simulate import calendar
from client360.simulate.arrays import NEVER, Codes, Days, Flags, Floats
from client360.simulate.bank.roster import Roster
from client360.simulate.facts import world_facts
from client360.simulate.hours import second_of_day
from client360.simulate.shop.buyers import pick_categories
from client360.simulate.shop.campaigns import Campaign
from client360.simulate.shop.catalog import catalog
from client360.simulate.shop.demand import Demand, between, kept_away
from client360.simulate.shop.draws import LINE_DRAWS, MAX_ORDERS, TIME_DRAWS, pick
from client360.simulate.shop.orders import Orders
from client360.simulate.shop.payments import draw_terms
from client360.simulate.shop.prices import offers, wanted
from client360.simulate.shop.shelves import available
from client360.simulate.shop.shipping import charged


@dataclass(frozen=True)
class Lost:
    """Lines that are not sold because there is no stock; every array has the shape (lines,)."""

    customer: Codes
    """The digits of cliente_id."""
    day: Days
    """A day number."""
    product: Codes
    depot: Codes
    units: Codes


@dataclass(frozen=True)
class Plan:
    """A month of a block of customers in the shop."""

    roster: Roster
    orders: Orders
    groups: dict[Campaign, Codes]
    """Of each campaign of the month, the group of each person: a position in GROUPS, or -1; shape (persons,)."""
    lost: Lost


@dataclass(frozen=True)
class Lines:
    """Order lines, in the order of their orders; every array has the shape (lines,)."""

    order: Codes
    """Row of the order."""
    product: Codes
    units: Codes

    def only(self, kept: Flags) -> "Lines":
        """The lines for which `kept`, of shape (lines,), holds."""
        return Lines(self.order[kept], self.product[kept], self.units[kept])


def draw_plan(demand: Demand, recent: list[Demand]) -> Plan:
    """The orders of a month that neither late deliveries, which the `recent` months tell, nor empty shelves prevent.

    Without its first product an order is not made, without another one it lacks that line.
    """
    asked = demand.only(~kept_away(demand, recent))
    day, first_units = asked.draws.day, asked.draws.first[LINE_DRAWS.index("units")]
    line = Lines(np.arange(len(day)), asked.product, pick(world_facts().shop.orders.units, first_units))
    stocked = _stocked(asked, line)
    demand, no_order = asked.only(stocked), _lost(asked, line.only(~stocked))
    lines = _lines(demand)
    stocked = _stocked(demand, lines)
    no_line = _lost(demand, lines.only(~stocked))
    lost = Lost(**{name: np.concatenate([column, getattr(no_line, name)]) for name, column in vars(no_order).items()})
    return Plan(demand.roster, _orders(demand, lines.only(stocked)), demand.groups, lost)


def _stocked(demand: Demand, lines: Lines) -> Flags:
    """Whether the depot has what each line asks for; shape (lines,)."""
    world, depot = demand.roster.population.world, demand.shipments.depot
    return available(world, demand.roster.month, lines.product, depot[lines.order], demand.draws.day[lines.order])


def _lost(demand: Demand, lines: Lines) -> Lost:
    depot = demand.shipments.depot
    return Lost(demand.customer[lines.order], demand.day[lines.order], lines.product, depot[lines.order], lines.units)


def _orders(demand: Demand, lines: Lines) -> Orders:
    """What becomes of the orders, whose lines are given."""
    facts, roster, draws, shipments = world_facts().shop.orders, demand.roster, demand.draws, demand.shipments
    owner, day, left, cause = draws.owner, demand.day, demand.roster.left[draws.owner], draws.cause
    time = dict(zip(TIME_DRAWS, draws.time, strict=True))
    price, discount = _prices(demand, lines)
    size = np.bincount(lines.order, minlength=len(owner))
    first_line = np.cumsum(size) - size
    net = lines.units * price - discount
    total = np.add.reduceat(net, first_line) if len(owner) else net

    back = (draws.drawn("back_line") * size).astype(np.int64)
    back_row = first_line + back
    # who has left the bank returns nothing
    cancels, risk = demand.cancelled < NEVER, np.where(shipments.late, facts.late_returns, 1.0)
    returned = shipments.delivered + between(facts.return_days, draws.drawn("return_days"))
    returns = ~cancels & (draws.drawn("returned") < risk * _category_returns()[demand.category]) & (returned < left)
    partly = shipments.delivered + between(facts.return_days, draws.drawn("partly_days"))
    likely = (
        risk
        * _category_returns()[catalog(roster.population.world).category[lines.product[back_row]]]
        * facts.partly_returned
    )
    comes_back = ~cancels & ~returns & (draws.drawn("partly") < likely) & (partly < left)
    back_units = _returned_units(lines.units[back_row], draws.drawn("back_units"))
    part = np.where(back_units > 0, back_units / lines.units[back_row], facts.amount_share)

    methods = np.cumsum(list(facts.payment_methods.values()))
    payment = np.searchsorted(methods / methods[-1], draws.drawn("payment"), side="right")
    in_cash = payment == list(facts.payment_methods).index("efectivo")
    anonymous = in_cash & (cause < 0) & (draws.drawn("anonymous") < facts.anonymous)
    channel = _channels(demand.buyers.in_branch[owner], draws.drawn("channel"))
    in_branch = channel == list(facts.channels).index("local")
    ordered = np.where(in_branch, second_of_day("branch", time["ordered"]), second_of_day("orders", time["ordered"]))
    dispatched = second_of_day("dispatch", time["dispatched"])
    # who leaves pays before
    approved = np.minimum(day + between(facts.approval_days, draws.drawn("approval")), left - 1)
    approval = second_of_day("transfers", time["approved"])
    # neither before the order nor after the dispatch of the same day
    approval = np.where(approved == day, np.maximum(approval, ordered), approval)
    approval = np.where(approved == shipments.dispatched, np.minimum(approval, dispatched), approval)
    charge = charged(roster.month, shipments.cost, total)
    terms = draw_terms(payment, total + charge, anonymous, roster.on_credit[owner], draws.payment)
    return Orders(
        number=(demand.customer * 10**4 + calendar.yymm(roster.month)) * MAX_ORDERS + draws.number,
        customer=demand.customer,
        anonymous=anonymous,
        day=day,
        payment=payment,
        instalments=terms.instalments,
        rejected=terms.rejected,
        second=terms.second,
        second_instalments=terms.second_instalments,
        second_paid=terms.second_paid,
        province=demand.province,
        depot=shipments.depot,
        campaign=np.where(anonymous, -1, _attributed(demand.groups, cause, day, owner, draws.drawn("attributed"))),
        additional=cause >= 0,
        dispatched=np.where(cancels, NEVER, shipments.dispatched),
        promised=shipments.promised,
        delivered=np.where(cancels, NEVER, shipments.delivered),
        cancelled=demand.cancelled,
        returned=np.where(returns, returned, NEVER),
        partly=np.where(comes_back, partly, NEVER),
        back=back,
        back_units=back_units,
        back_amount=np.rint(net[back_row] * part).astype(np.int64),
        ordered_second=ordered,
        dispatched_second=dispatched,
        delivered_second=second_of_day("delivery", time["delivered"]),
        undone_second=second_of_day("returns", time["undone"]),
        partly_second=second_of_day("returns", time["partly"]),
        approved_second=approval,
        shipping=shipments.cost,
        charge=charge,
        channel=channel,
        seller=np.where(in_branch, (draws.drawn("seller") * facts.sellers).astype(np.int64), -1),
        approved=np.where(cancels & (approved >= demand.cancelled), NEVER, approved),
        total=total,
        lines=size,
        line_order=lines.order,
        line=np.arange(len(lines.order)) - first_line[lines.order] + 1,
        product=lines.product,
        units=lines.units,
        price=price,
        discount=discount,
    )


def _lines(demand: Demand) -> Lines:
    """The first line of each order, and the further ones that are wanted at their prices: no product twice in an order."""
    facts, draws, month, world = world_facts().shop, demand.draws, demand.roster.month, demand.roster.population.world
    further = np.repeat(np.arange(len(draws.owner)), draws.further)
    drawn = dict(zip(LINE_DRAWS, draws.line, strict=False))
    owner = draws.owner[further]
    liked = pick_categories(demand.buyers.demand, owner, drawn["category"])
    category = np.where(drawn["same"] < facts.orders.same_category, demand.category[further], liked)
    product = catalog(world).pick(
        category, draws.line[len(LINE_DRAWS) :], demand.day[further], demand.buyers.tier[owner]
    )
    likely = wanted(world, month, product, draws.day[further], demand.buyers.sensitivity[owner])
    made = np.flatnonzero(drawn["made"] < likely / facts.orders.largest_response)

    order = np.concatenate([np.arange(len(draws.owner)), further[made]])
    product = np.concatenate([demand.product, product[made]])
    units = pick(facts.orders.units, np.concatenate([draws.first[LINE_DRAWS.index("units")], drawn["units"][made]]))
    # by order, the first line before the others, each product the first time
    _, once = np.unique(order * facts.catalog.slots + product, return_index=True)
    rows = np.sort(once)
    rows = rows[np.argsort(order[rows], kind="stable")]
    return Lines(order[rows], product[rows], units[rows])


def _prices(demand: Demand, lines: Lines) -> tuple[Codes, Codes]:
    """Price of a unit of each line, and discount of the whole line; cents, both of shape (lines,)."""
    world, month = demand.roster.population.world, demand.roster.month
    price, _ = catalog(world).valid(lines.product, demand.day[lines.order], month)
    fraction = offers(world, month)[demand.draws.day[lines.order], lines.product]
    return price, np.rint(lines.units * price * fraction).astype(np.int64)


@lru_cache
def _category_returns() -> Floats:
    """Share of the orders that are returned, by category of their first product; shape (categories,)."""
    return np.array([category.returned for category in world_facts().shop.catalog.categories.values()])


def _channels(in_branch: Floats, draws: Floats) -> Codes:
    """Channel of each order, of which this share is made in the branch; all of shape (orders,)."""
    names = list(world_facts().shop.orders.channels)
    shares = np.array([share for name, share in world_facts().shop.orders.channels.items() if name != "local"])
    away = np.array([number for number, name in enumerate(names) if name != "local"])
    bounds = np.cumsum(shares) / shares.sum()
    elsewhere = away[np.searchsorted(bounds, np.minimum(draws / (1 - in_branch), 1 - 2**-53), side="right")]
    return np.where(draws >= 1 - in_branch, names.index("local"), elsewhere)


def _attributed(groups: dict[Campaign, Codes], cause: Codes, day: Days, owner: Codes, draws: Floats) -> Codes:
    """The digits of the campania_id that each order carries, -1 for none; all but `groups` of shape (orders,).

    An order that a campaign adds carries it, and so does a share of the other orders of the treated while it runs.
    """
    code = np.full_like(day, -1)
    for campaign, group in groups.items():
        treated = (day >= campaign.first) & (day <= campaign.last) & (group[owner] == 0)
        attributed = treated & (draws < world_facts().shop.campaigns.attributed)
        code[(cause == campaign.number) | attributed] = campaign.code
    return code


def _returned_units(units: Codes, draws: Floats) -> Codes:
    """Units that come back of a line, from one to all, or 0 where only an amount is given back; all of shape (orders,)."""
    amount_only = world_facts().shop.orders.amount_only
    share = np.maximum(draws - amount_only, 0) / (1 - amount_only)
    return np.where(draws < amount_only, 0, 1 + (share * units).astype(np.int64))
