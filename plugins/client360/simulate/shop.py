"""What the customers buy in the shop: a month's orders of a block of customers, drawn whole, and what becomes of them.

Orders have a stream of their own for each cause: the ordinary ones, and those that each campaign adds. What happens to an
order later (dispatch, delivery, cancellation, return) is drawn with it and falls on its own day, at most LONGEST days on: so
the rows of a day come from the orders of its month and of the two before it.
"""

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from client360.simulate import calendar
from client360.simulate.bank import Payments, Roster, each, roster
from client360.simulate.campaigns import GROUPS, Campaign, campaigns
from client360.simulate.catalog import catalog, category_demand, depots, producto_ids
from client360.simulate.columns import cents, dates, dates_or_null, ids, ids_or_null, money, names
from client360.simulate.facts import world_facts
from client360.simulate.people import NEVER, Codes, Days, Floats, Population, places

LONGEST = 59
"""Days from an order to the last that becomes of it: the two shortest months in a row, so that it ends in the next two."""
NUMBERS = 1000
"""Orders that a customer can have in a month; the ordinary ones have the first half of the numbers..."""
ORDINARY = 500
ADDITIONAL = 250
"""...and each campaign this many of the rest."""
ALTERNATIVES = 8
"""Products drawn for a line, the first of which that is on sale is bought."""
STATES = ["completada", "cancelada", "devuelta"]
SHIPMENT_STATES = ["preparacion", "despachado", "entregado", "cancelado"]

# uniform draws of an order and of a line, in this order
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
)
LINE_DRAWS = ("category", "units", "discounted", "discount")


@dataclass(frozen=True)
class Orders:
    """Orders and their lines. Days are day numbers, NEVER for what does not happen; amounts are cents."""

    number: Codes
    """The digits of venta_id: customer, year, month and number within them."""
    customer: Codes
    """The digits of cliente_id."""
    day: Days
    payment: Codes
    province: Codes
    campaign: Codes
    """The digits of the campania_id to which the shop attributes the order, -1 for none."""
    additional: NDArray[np.bool_]
    """Whether the order would not be there without its campaign."""
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
    """Row of the order of each line; lines stand in the order of their orders."""
    line: Codes
    product: Codes
    units: Codes
    price: Codes
    discount: Codes

    @property
    def depot(self) -> Codes:
        return depots().nearest[self.province]

    @property
    def undone(self) -> Days:
        """Day on which the order is cancelled or returned."""
        return np.minimum(self.cancelled, self.returned)


@dataclass(frozen=True)
class Plan:
    """A month of a block of customers in the shop."""

    roster: Roster
    orders: Orders
    groups: dict[Campaign, Codes]
    """Of each campaign of the month, the group of each person of the roster: a position in GROUPS, or -1."""


@dataclass(frozen=True)
class _Draws:
    """Orders of one cause and all that is drawn for them; `order` is of shape (ORDER_DRAWS, orders), `line` of shape
    (LINE_DRAWS + ALTERNATIVES, lines)."""

    owner: Codes
    number: Codes
    day: Days
    lines: Codes
    order: Floats
    line: Floats


def plan(population: Population, month: int) -> Plan:
    """The month's orders of a block, and who is in which campaign."""
    of = roster(population, month)
    month_first = calendar.day_number(calendar.month_start(month))
    factors = calendar.shop_day_factors(month)
    rate = world_facts().shop.orders.per_month * float(category_demand(month).sum()) * of.orders / len(factors)
    running = campaigns(population.world, month)
    groups = {campaign: _groups(of, campaign, campaign.first - month_first) for campaign in running}
    causes = [_draw(of, None, rate, factors)]
    for campaign in running:
        days = np.arange(month_first, month_first + len(factors))
        window = np.where((days >= campaign.first) & (days <= campaign.last), factors, 0.0)
        lifted = rate * campaign.uplift * (groups[campaign] == 0)
        causes.append(_draw(of, campaign, lifted, window))
    cause = np.repeat(np.arange(len(causes)) - 1, [len(draws.owner) for draws in causes])
    columns = {f.name: np.concatenate([getattr(d, f.name) for d in causes], axis=-1) for f in fields(_Draws)}
    return Plan(of, _orders(of, _Draws(**columns), cause, groups), groups)


def _groups(of: Roster, campaign: Campaign, day: int) -> Codes:
    """Group of each person: drawn at random from those who are customers on the first day."""
    share = world_facts().shop.campaigns.assigned
    group = (of.stream(f"contactos {campaign.number}").random(len(of)) * 2 / share).astype(np.int64)
    return np.where((of.since <= day) & (of.until >= day) & (group < len(GROUPS)), group, -1)


def _draw(of: Roster, campaign: Campaign | None, rate: Floats, factors: Floats) -> _Draws:
    """The ordinary orders, or those that a campaign adds: `rate` a person on a day of factor 1."""
    if campaign is None:
        cause, start, room = "ordinaria", 0, ORDINARY
    else:
        cause, start, room = f"campania {campaign.number}", ORDINARY + campaign.number * ADDITIONAL, ADDITIONAL
    random = of.stream(f"venta {cause}")
    owner, number = each(np.minimum(random.poisson(rate * factors.sum()), room - 1))
    bounds = np.cumsum(factors)
    day = np.searchsorted(bounds / bounds[-1], random.random(len(owner)), side="right")
    order = of.stream(f"pedido {cause}").random((len(ORDER_DRAWS), len(owner)))
    lines = _pick(world_facts().shop.orders.lines, order[ORDER_DRAWS.index("lines")])
    line = of.stream(f"renglon {cause}").random((len(LINE_DRAWS) + ALTERNATIVES, int(lines.sum())))
    return _Draws(owner, start + number, day, lines, order, line)


def _pick(shares: dict[int, float], draws: Floats) -> Codes:
    """A key for each uniform draw, by share."""
    bounds = np.cumsum(list(shares.values()))
    return np.array(list(shares))[np.searchsorted(bounds / bounds[-1], draws, side="right")]


def _between(bounds: tuple[int, int], draws: Floats) -> Days:
    """A whole number from the first bound to the second, both included, for each uniform draw."""
    return bounds[0] + (draws * (bounds[1] - bounds[0] + 1)).astype(np.int64)


def _exponential(mean: Floats, most: int, draws: Floats) -> Days:
    """Whole days of an exponential time of that mean, cut off, for each uniform draw."""
    return np.minimum(-np.log1p(-draws) * mean, most).astype(np.int64)


def _orders(of: Roster, draws: _Draws, cause: Codes, groups: dict[Campaign, Codes]) -> Orders:
    """The orders that those draws make; `cause` is the position of the campaign that adds the order, or -1."""
    facts, shipping = world_facts().shop.orders, world_facts().shop.shipping
    month_first = calendar.day_number(calendar.month_start(of.month))
    happens = of.shown[draws.owner] & (draws.day >= of.since[draws.owner]) & (draws.day <= of.until[draws.owner])
    kept = np.flatnonzero(happens)
    owner, day, lines, cause = draws.owner[kept], month_first + draws.day[kept], draws.lines[kept], cause[kept]
    drawn = dict(zip(ORDER_DRAWS, draws.order.take(kept, axis=1), strict=True))
    customer = of.numbers[owner]
    province = of.population.provinces(customer, day)

    campaign = np.full_like(day, -1)
    additional = cause >= 0
    for position, (running, group) in enumerate(groups.items()):
        treated = (day >= running.first) & (day <= running.last) & (group[owner] == 0)
        attributed = treated & (drawn["attributed"] < world_facts().shop.campaigns.attributed)
        campaign[(cause == position) | attributed] = running.code

    km, transit = depots().km[province], _transit()[province]
    busy = 1 + shipping.peak_delay * calendar.shop_peaks(of.month)[day - month_first]
    dispatched = (
        day + 1 + _exponential(shipping.dispatch_mean_days * busy, shipping.dispatch_most_days, drawn["dispatch"])
    )
    mean_delay = (shipping.delay_days + shipping.delay_days_per_1000_km * km / 1000) * busy
    delivered = dispatched + transit + _exponential(mean_delay, shipping.delay_most_days, drawn["delay"])
    # one who has left cancels nothing and brings nothing back
    cancelled = day + _between(facts.cancel_days, drawn["cancel_days"])
    cancels = (drawn["cancelled"] < facts.cancelled) & (cancelled < of.baja[owner])
    returned = delivered + _between(facts.return_days, drawn["return_days"])
    returns = ~cancels & (drawn["returned"] < facts.returned) & (returned < of.baja[owner])
    methods = np.cumsum(list(facts.payment_methods.values()))
    cost = (shipping.base_cost + shipping.cost_per_100_km * km / 100) * calendar.price_index(of.month)

    bought = np.repeat(happens, draws.lines)
    first_line = np.cumsum(lines) - lines
    line_order = np.repeat(np.arange(len(kept)), lines)
    line = np.arange(len(line_order)) - first_line[line_order]
    product, units, price, discount = _lines(
        of, draws.line.compress(bought, axis=1), day[line_order], _promoted(groups, cause, line_order, line)
    )
    net = units * price - discount
    return Orders(
        number=(customer * 10**4 + calendar.yymm(of.month)) * NUMBERS + draws.number[kept],
        customer=customer,
        day=day,
        payment=np.searchsorted(methods / methods[-1], drawn["payment"], side="right"),
        province=province,
        campaign=campaign,
        additional=additional,
        dispatched=np.where(cancels, NEVER, dispatched),
        promised=day + shipping.promised_dispatch_days + transit,
        delivered=np.where(cancels, NEVER, delivered),
        cancelled=np.where(cancels, cancelled, NEVER),
        returned=np.where(returns, returned, NEVER),
        shipping=cents(cost),
        total=np.add.reduceat(net, first_line) if len(kept) else net,
        lines=lines,
        line_order=line_order,
        line=line + 1,
        product=product,
        units=units,
        price=price,
        discount=discount,
    )


def _promoted(groups: dict[Campaign, Codes], cause: Codes, line_order: Codes, line: Codes) -> Codes:
    """Category of the lines that a campaign sells: the first one of each order it adds; -1 for the others."""
    category = np.array([campaign.category for campaign in groups] + [-1])[cause]
    return np.where(line == 0, category[line_order], -1)


def _lines(of: Roster, draws: Floats, day: Days, promoted: Codes) -> tuple[Codes, Codes, Codes, Codes]:
    """Product, units, price and discount (of the whole line) of each order line; amounts in cents."""
    facts, products = world_facts().shop.orders, catalog(of.population.world)
    drawn = dict(zip(LINE_DRAWS, draws, strict=False))
    demand = np.cumsum(category_demand(of.month))
    category = np.searchsorted(demand / demand[-1], drawn["category"], side="right")
    product = products.pick(np.where(promoted >= 0, promoted, category), draws[len(LINE_DRAWS) :], day)
    units = _pick(facts.units, drawn["units"])
    price, _ = products.valid(product, day, of.month)
    fraction = np.array(facts.discounts)[(drawn["discount"] * len(facts.discounts)).astype(np.int64)]
    discounted = drawn["discounted"] < facts.discounted
    return product, units, price, np.where(discounted, np.rint(units * price * fraction), 0).astype(np.int64)


@lru_cache
def _transit() -> Days:
    """Days on the road to each province. Raises ValueError where an order could outlive LONGEST."""
    orders, shipping = world_facts().shop.orders, world_facts().shop.shipping
    transit = 1 + np.ceil(depots().km / shipping.km_per_day).astype(np.int64)
    longest = 1 + shipping.dispatch_most_days + int(transit.max()) + shipping.delay_most_days + orders.return_days[1]
    if max(longest, orders.cancel_days[1]) > LONGEST:
        raise ValueError(f"world.yaml lets {longest} days pass from an order to its return: {LONGEST} is the most")
    return transit


def joined(parts: list[Orders]) -> Orders:
    """The orders of several plans, one plan after another."""
    starts = np.cumsum([0] + [len(part.number) for part in parts[:-1]])
    columns = {f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Orders)}
    columns["line_order"] = np.concatenate([part.line_order + start for part, start in zip(parts, starts, strict=True)])
    return Orders(**columns)


def _on(days: Days, first: int, last: int) -> Codes:
    """Rows whose day lies between the two."""
    return np.flatnonzero((days >= first) & (days <= last))


def _states(orders: Orders, reached: list[Days], first: int, last: int) -> tuple[Codes, Days, Codes]:
    """Order, day and state of what became known from `first` to `last`, given the days on which each state is reached.

    Ordered by customer and day: the order of the facts' keys, in which they load fastest.
    """
    rows = [_on(days, first, last) for days in reached]
    row = np.concatenate(rows)
    day = np.concatenate([days[which] for days, which in zip(reached, rows, strict=True)])
    state = np.repeat(np.arange(len(reached)), [len(which) for which in rows])
    order = np.argsort(orders.customer[row] * 32 + day - first, kind="stable")
    return row[order], day[order], state[order]


def ventas(orders: Orders, first: int, last: int) -> pa.Table:
    """Rows of the landing file `ventas` from day `first` to day `last`, which lie in one month."""
    row, day, state = _states(orders, [orders.day, orders.cancelled, orders.returned], first, last)
    return pa.table(
        {
            "venta_id": ids("V", orders.number[row], 16),
            "fecha": dates(day),
            "fecha_venta": dates(orders.day[row]),
            "cliente_id": ids("C", orders.customer[row], 9),
            "metodo_pago": names(orders.payment[row], list(world_facts().shop.orders.payment_methods)),
            "provincia_envio": names(orders.province[row], places().provinces),
            "campania_id": ids_or_null("K", orders.campaign[row], 5),
            "estado": names(state, STATES),
            "total": money(orders.total[row]),
        }
    )


def detalle_ventas(orders: Orders, first: int, last: int) -> pa.Table:
    """Rows of the landing file `detalle_ventas` from day `first` to day `last`, which lie in one month."""
    rows = _on(orders.day[orders.line_order], first, last)
    row = orders.line_order[rows]
    rows = rows[np.argsort(orders.customer[row] * 32 + orders.day[row] - first, kind="stable")]
    row = orders.line_order[rows]
    return pa.table(
        {
            "venta_id": ids("V", orders.number[row], 16),
            "linea": pa.array(orders.line[rows]),
            "fecha": dates(orders.day[row]),
            "cliente_id": ids("C", orders.customer[row], 9),
            "producto_id": producto_ids(orders.product[rows]),
            "cantidad": pa.array(orders.units[rows]),
            "precio_unitario": money(orders.price[rows]),
            "descuento": money(orders.discount[rows]),
        }
    )


def envios(orders: Orders, first: int, last: int) -> pa.Table:
    """Rows of the landing file `envios` from day `first` to day `last`, which lie in one month."""
    reached = [orders.day, orders.dispatched, orders.delivered, orders.cancelled]
    row, day, state = _states(orders, reached, first, last)
    dispatched, delivered = orders.dispatched[row], orders.delivered[row]
    return pa.table(
        {
            "venta_id": ids("V", orders.number[row], 16),
            "fecha": dates(day),
            "cliente_id": ids("C", orders.customer[row], 9),
            "deposito": names(orders.depot[row], depots().names),
            "estado": names(state, SHIPMENT_STATES),
            "fecha_despacho": dates_or_null(dispatched, dispatched <= day),
            "fecha_prometida": dates(orders.promised[row]),
            "fecha_entrega": dates_or_null(delivered, delivered <= day),
            "costo_envio": money(orders.shipping[row]),
        }
    )


def contactos_campania(of: Plan, first: int, last: int) -> pa.Table:
    """Rows of the landing file `contactos_campania` from day `first` to day `last`, which lie in the month of the plan."""
    rows = [
        np.stack([persons, np.full_like(persons, campaign.code), np.full_like(persons, campaign.first), group[persons]])
        for campaign, group in of.groups.items()
        if first <= campaign.first <= last
        for persons in [np.flatnonzero((group >= 0) & of.roster.shown)]
    ]
    person, code, day, group = np.concatenate([np.empty((4, 0), dtype=np.int64), *rows], axis=1)
    order = np.argsort(person * 32 + day - first, kind="stable")
    return pa.table(
        {
            "campania_id": ids("K", code[order], 5),
            "fecha": dates(day[order]),
            "cliente_id": of.roster.cliente_id.take(pa.array(person[order])),
            "grupo": names(group[order], GROUPS),
        }
    )


def payments(orders: Orders, month: int) -> tuple[Payments, Payments]:
    """What the bank's card paid in the shop in a month, and what it got back."""
    month_first = calendar.day_number(calendar.month_start(month))
    month_last = month_first + calendar.month_days(month) - 1
    card = list(world_facts().shop.orders.payment_methods).index("tarjeta")

    def movements(days: Days) -> Payments:
        rows = _on(np.where(orders.payment == card, days, NEVER), month_first, month_last)
        return Payments(orders.customer[rows], days[rows] - month_first, orders.total[rows], orders.number[rows])

    return movements(orders.day), movements(orders.undone)
