"""A month's orders of a block of customers, drawn whole, and what becomes of them.

Orders have random streams of their own for each cause: ordinary demand, and each campaign. What happens to an order later
(dispatch, delivery, cancellation, return) is drawn with it and falls on its own day, at most MAX_DAYS later: so the rows of a day
come from the orders of its month and of the two months before it.
"""

from dataclasses import dataclass

import numpy as np

from client360.simulate import calendar
from client360.simulate.arrays import NEVER, Codes, Days, Floats, upper_bounds
from client360.simulate.bank.roster import Roster, draw_roster
from client360.simulate.facts import world_facts
from client360.simulate.hours import second_of_day
from client360.simulate.people import Population
from client360.simulate.shop.campaigns import GROUPS, Campaign, campaigns
from client360.simulate.shop.catalog import catalog, category_demand
from client360.simulate.shop.draws import (
    LINE_DRAWS,
    MAX_ORDERS,
    ORDER_DRAWS,
    TIME_DRAWS,
    Draws,
    concatenated,
    draw_orders,
    pick,
)
from client360.simulate.shop.orders import Orders
from client360.simulate.shop.payments import draw_terms
from client360.simulate.shop.shipping import charged, ship


@dataclass(frozen=True)
class Plan:
    """A month of a block of customers in the shop."""

    roster: Roster
    orders: Orders
    groups: dict[Campaign, Codes]
    """Of each campaign of the month, the group of each person: a position in GROUPS, or -1; shape (persons,)."""


def draw_plan(population: Population, month: int) -> Plan:
    """The month's orders of a block, and who is in which group of which campaign."""
    roster = draw_roster(population, month)
    month_first = calendar.day_number(calendar.month_start(month))
    factors = calendar.shop_day_factors(month)
    rate = world_facts().shop.orders.per_month * float(category_demand(month).sum()) * roster.orders / len(factors)
    running = campaigns(population.world, month)
    groups = {campaign: _groups(roster, campaign, campaign.first - month_first) for campaign in running}
    causes = [draw_orders(roster, None, rate, factors)]
    for campaign in running:
        days = np.arange(month_first, month_first + len(factors))
        window = np.where((days >= campaign.first) & (days <= campaign.last), factors, 0.0)
        lifted = rate * campaign.uplift * (groups[campaign] == 0)
        causes.append(draw_orders(roster, campaign, lifted, window))
    cause = np.repeat(np.arange(len(causes)) - 1, [len(draws.owner) for draws in causes])
    return Plan(roster, _orders(roster, concatenated(causes), cause, groups), groups)


def _groups(roster: Roster, campaign: Campaign, day: int) -> Codes:
    """Group of each person, drawn at random from those who are customers on the campaign's first day; shape (persons,)."""
    share = world_facts().shop.campaigns.assigned
    group = (roster.stream(f"contactos {campaign.number}").random(len(roster)) * 2 / share).astype(np.int64)
    return np.where((roster.since <= day) & (roster.until >= day) & (group < len(GROUPS)), group, -1)


def _orders(roster: Roster, draws: Draws, cause: Codes, groups: dict[Campaign, Codes]) -> Orders:
    """The orders of the draws; `cause` is the position of the campaign that adds the order, or -1; shape (orders drawn,)."""
    facts = world_facts().shop.orders
    month_first = calendar.day_number(calendar.month_start(roster.month))
    is_customer = (draws.day >= roster.since[draws.owner]) & (draws.day <= roster.until[draws.owner])
    happens = roster.shown[draws.owner] & is_customer
    kept = np.flatnonzero(happens)
    owner, day, lines, cause = draws.owner[kept], month_first + draws.day[kept], draws.lines[kept], cause[kept]
    drawn = dict(zip(ORDER_DRAWS, draws.order.take(kept, axis=1), strict=True))
    time = dict(zip(TIME_DRAWS, draws.time.take(kept, axis=1), strict=True))
    customer = roster.numbers[owner]
    province = roster.population.provinces(customer, day)

    shipments = ship(roster.month, day, province, drawn["dispatch"], drawn["delay"])
    # who has left the bank cancels nothing and returns nothing
    cancelled = day + _between(facts.cancel_days, drawn["cancel_days"])
    cancels = (drawn["cancelled"] < facts.cancelled) & (cancelled < roster.left[owner])
    returned = shipments.delivered + _between(facts.return_days, drawn["return_days"])
    returns = ~cancels & (drawn["returned"] < facts.returned) & (returned < roster.left[owner])
    partly = shipments.delivered + _between(facts.return_days, drawn["partly_days"])
    comes_back = ~cancels & ~returns & (drawn["partly"] < facts.partly_returned) & (partly < roster.left[owner])
    methods = np.cumsum(list(facts.payment_methods.values()))
    payment = np.searchsorted(methods / methods[-1], drawn["payment"], side="right")
    in_cash = payment == list(facts.payment_methods).index("efectivo")
    anonymous = in_cash & (cause < 0) & (drawn["anonymous"] < facts.anonymous)

    bought = np.repeat(happens, draws.lines)
    first_line = np.cumsum(lines) - lines
    line_order = np.repeat(np.arange(len(kept)), lines)
    line = np.arange(len(line_order)) - first_line[line_order]
    product, units, price, discount = _lines(
        roster, draws.line.compress(bought, axis=1), day[line_order], _promoted(groups, cause, line_order, line)
    )
    net = units * price - discount
    total = np.add.reduceat(net, first_line) if len(kept) else net
    channel = np.searchsorted(upper_bounds(list(facts.channels.values())), drawn["channel"], side="right")
    in_branch = channel == list(facts.channels).index("local")
    approved = day + _between(facts.approval_days, drawn["approval"])
    ordered = np.where(in_branch, second_of_day("branch", time["ordered"]), second_of_day("orders", time["ordered"]))
    dispatched = second_of_day("dispatch", time["dispatched"])
    approval = second_of_day("transfers", time["approved"])
    # neither before the order nor after the dispatch of the same day
    approval = np.where(approved == day, np.maximum(approval, ordered), approval)
    approval = np.where(approved == shipments.dispatched, np.minimum(approval, dispatched), approval)
    back = (drawn["back_line"] * lines).astype(np.int64)
    bought_units, paid = (column[first_line + back] for column in (units, net))
    back_units = _returned_units(bought_units, drawn["back_units"])
    back_amount = np.where(
        back_units > 0, np.rint(paid * back_units / bought_units), np.rint(paid * facts.amount_share)
    )
    charge = charged(roster.month, shipments.cost, total)
    terms = draw_terms(payment, total + charge, anonymous, draws.payment.take(kept, axis=1))
    return Orders(
        number=(customer * 10**4 + calendar.yymm(roster.month)) * MAX_ORDERS + draws.number[kept],
        customer=customer,
        anonymous=anonymous,
        day=day,
        payment=payment,
        instalments=terms.instalments,
        rejected=terms.rejected,
        second=terms.second,
        second_instalments=terms.second_instalments,
        second_paid=terms.second_paid,
        province=province,
        campaign=np.where(anonymous, -1, _attributed(groups, cause, day, owner, drawn["attributed"])),
        additional=cause >= 0,
        dispatched=np.where(cancels, NEVER, shipments.dispatched),
        promised=shipments.promised,
        delivered=np.where(cancels, NEVER, shipments.delivered),
        cancelled=np.where(cancels, cancelled, NEVER),
        returned=np.where(returns, returned, NEVER),
        partly=np.where(comes_back, partly, NEVER),
        back=back,
        back_units=back_units,
        back_amount=back_amount.astype(np.int64),
        ordered_second=ordered,
        dispatched_second=dispatched,
        delivered_second=second_of_day("delivery", time["delivered"]),
        undone_second=second_of_day("returns", time["undone"]),
        partly_second=second_of_day("returns", time["partly"]),
        approved_second=approval,
        shipping=shipments.cost,
        charge=charge,
        channel=channel,
        seller=np.where(in_branch, (drawn["seller"] * facts.sellers).astype(np.int64), -1),
        approved=np.where(cancels & (approved >= cancelled), NEVER, approved),
        total=total,
        lines=lines,
        line_order=line_order,
        line=line + 1,
        product=product,
        units=units,
        price=price,
        discount=discount,
    )


def _attributed(groups: dict[Campaign, Codes], cause: Codes, day: Days, owner: Codes, draws: Floats) -> Codes:
    """The digits of the campania_id that each order carries, -1 for none; all but `groups` of shape (orders,).

    An order that a campaign adds carries it, and so does a share of the other orders of the treated while it runs.
    """
    code = np.full_like(day, -1)
    for position, (campaign, group) in enumerate(groups.items()):
        treated = (day >= campaign.first) & (day <= campaign.last) & (group[owner] == 0)
        attributed = treated & (draws < world_facts().shop.campaigns.attributed)
        code[(cause == position) | attributed] = campaign.code
    return code


def _promoted(groups: dict[Campaign, Codes], cause: Codes, line_order: Codes, line: Codes) -> Codes:
    """Category of the line that a campaign sells, the first one of each order it adds; -1 for the others; shape (lines,)."""
    category = np.array([campaign.category for campaign in groups] + [-1])[cause]
    return np.where(line == 0, category[line_order], -1)


def _lines(roster: Roster, draws: Floats, day: Days, promoted: Codes) -> tuple[Codes, Codes, Codes, Codes]:
    """Product, units, price and discount (of the whole line) of each order line; amounts in cents, all of shape (lines,).

    `draws` are uniform and of shape (LINE_DRAWS + ALTERNATIVES, lines).
    """
    facts, products = world_facts().shop.orders, catalog(roster.population.world)
    drawn = dict(zip(LINE_DRAWS, draws, strict=False))
    demand = np.cumsum(category_demand(roster.month))
    category = np.searchsorted(demand / demand[-1], drawn["category"], side="right")
    product = products.pick(np.where(promoted >= 0, promoted, category), draws[len(LINE_DRAWS) :], day)
    units = pick(facts.units, drawn["units"])
    price, _ = products.valid(product, day, roster.month)
    fraction = np.array(facts.discounts)[(drawn["discount"] * len(facts.discounts)).astype(np.int64)]
    discounted = drawn["discounted"] < facts.discounted
    return product, units, price, np.where(discounted, np.rint(units * price * fraction), 0).astype(np.int64)


def _returned_units(units: Codes, draws: Floats) -> Codes:
    """Units that come back of a line, from one to all, or 0 where only an amount is given back; all of shape (orders,)."""
    amount_only = world_facts().shop.orders.amount_only
    share = np.maximum(draws - amount_only, 0) / (1 - amount_only)
    return np.where(draws < amount_only, 0, 1 + (share * units).astype(np.int64))


def _between(bounds: tuple[int, int], draws: Floats) -> Days:
    """A whole number from the first bound to the second, both included, for each uniform draw; same shape."""
    return bounds[0] + (draws * (bounds[1] - bounds[0] + 1)).astype(np.int64)
