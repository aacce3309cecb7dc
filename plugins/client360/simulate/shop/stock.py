"""Stock movements of the depots: sales, returns, receipts and write-offs.

Each order line moves stock at the depot that ships it. A Monday fills the shelves again, up to the initial stock, or to what the
week asks for where that is more. Where the stock does not last the week, there is only what it sells, and what the books had
beyond that is written off. So receipts need the sales of all blocks, in the week and the one before it, which a Tally adds up
while the blocks are walked.
"""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from client360.simulate import calendar
from client360.simulate.arrays import NEVER, Codes, Days
from client360.simulate.columns import dates, ids, money_or_null, names
from client360.simulate.facts import world_facts
from client360.simulate.shop.catalog import catalog, category_demand, producto_ids
from client360.simulate.shop.depots import depots
from client360.simulate.shop.orders import Orders
from client360.simulate.shop.shelves import first_day_without, monday
from client360.simulate.world import World

KINDS = ["recepcion", "venta", "devolucion", "ajuste"]
RECEIPT, SALE, RETURN, WRITE_OFF = range(len(KINDS))
PREFIXES = {"MI": RECEIPT, "MR": RECEIPT, "MC": WRITE_OFF, "MA": WRITE_OFF}
"""First letters of movimiento_id: initial stock, receipts of a week, what a count on its Monday found missing, write-offs of what
came back in a month."""
WEEKS_A_MONTH = 365.2425 / 12 / 7


@dataclass(frozen=True)
class Movements:
    """Stock movements; every array has the shape (movements,)."""

    day: Days
    product: Codes
    depot: Codes
    kind: Codes
    units: Codes
    """Negative where they leave the depot."""


@dataclass
class Tally:
    """Units bought and returned in the blocks counted so far, by product and depot."""

    world: World
    counted: set[tuple[int, int]] = field(default_factory=set)
    """(block, month) of the plans in it."""
    sold: dict[int, Codes] = field(default_factory=dict)
    """By month; shape (days, slots, depots)."""
    returned: dict[int, Codes] = field(default_factory=dict)
    """By month; shape (slots, depots)."""

    def add(self, block: int, month: int, orders: Orders) -> None:
        """Count the orders of a plan, once."""
        if (block, month) in self.counted:
            return
        self.counted.add((block, month))
        shelves = world_facts().shop.catalog.slots, len(depots().names)
        product, depot = orders.product, orders.depot[orders.line_order]
        day = orders.day[orders.line_order] - calendar.day_number(calendar.month_start(month))
        if month not in self.sold:
            self.sold[month] = np.zeros((calendar.month_days(month), *shelves), dtype=np.int64)
        np.add.at(self.sold[month], (day, product, depot), orders.units)
        line, undone, units = returns(orders)
        for later in range(month, month + 3):
            first = calendar.day_number(calendar.month_start(later))
            back = np.flatnonzero((undone >= first) & (undone < first + calendar.month_days(later)))
            if len(back):
                returned = self.returned.setdefault(later, np.zeros(shelves, dtype=np.int64))
                np.add.at(returned, (product[line[back]], depot[line[back]]), units[back])

    def units_sold(self, first: int, last: int) -> Codes:
        """Units sold from day `first` to day `last`; shape (slots, depots)."""
        total = np.zeros((world_facts().shop.catalog.slots, len(depots().names)), dtype=np.int64)
        for month in range(_month(first), _month(last) + 1):
            if month in self.sold:
                start = calendar.day_number(calendar.month_start(month))
                total += self.sold[month][max(first - start, 0) : last - start + 1].sum(axis=0)
        return total


def returns(orders: Orders) -> tuple[Codes, Days, Codes]:
    """Row of the line, day and units of all that comes back, with its order or alone; all of shape (returns,)."""
    undone = orders.undone[orders.line_order]
    whole = np.flatnonzero(undone != NEVER)
    part = np.flatnonzero((orders.partly != NEVER) & (orders.back_units > 0))
    return (
        np.concatenate([whole, orders.back_row[part]]),
        np.concatenate([undone[whole], orders.partly[part]]),
        np.concatenate([orders.units[whole], orders.back_units[part]]),
    )


def _month(day: int) -> int:
    return calendar.month_number(calendar.date_of(day))


def months(world: World, first: int, last: int) -> list[int]:
    """The months whose orders decide the receipts and write-offs from day `first` to day `last`, which lie in one month."""
    month, first_month = _month(first), calendar.month_number(world.first_day)
    wanted = {_month(monday(first) - 7), month, _month(monday(last) + 6)}
    if calendar.date_of(first).day == 1:
        wanted |= set(range(month - 3, month))  # orders of which something came back in the month before
    return sorted(wanted_month for wanted_month in wanted if wanted_month >= first_month)


def of_orders(world: World, orders: Orders, first: int, last: int) -> pa.Table:
    """Rows of the landing file `movimientos_stock` for sales and returns from day `first` to day `last`."""
    sales = np.arange(len(orders.units)), orders.day[orders.line_order], -orders.units
    parts = []
    for kind, (rows, day, units) in ((SALE, sales), (RETURN, returns(orders))):
        inside = np.flatnonzero((day >= first) & (day <= last))
        parts.append(np.stack([rows[inside], day[inside], np.full_like(inside, kind), units[inside]]))
    rows, day, kind, units = np.concatenate(parts, axis=1)
    order = np.argsort(orders.customer[orders.line_order[rows]] * 32 + day - first, kind="stable")
    rows, day, kind, units = rows[order], day[order], kind[order], units[order]
    row = orders.line_order[rows]
    # a line leaves once and comes back once
    number = (orders.number[row] * 10 + orders.line[rows]) * 10 + kind
    movements = Movements(day, orders.product[rows], orders.depot[row], kind, units)
    return _table(world, _month(first), ids("M", number, 18), movements)


def of_depots(world: World, tally: Tally, first: int, last: int) -> pa.Table:
    """Rows of the landing file `movimientos_stock` for receipts and write-offs from day `first` to day `last`, which lie in
    one month; the tally must hold all blocks' `months`."""
    first_day, start = calendar.day_number(world.first_day), catalog(world).start
    parts = [("MI", start, _safety(world))]
    for week in range(monday(first), last + 1, 7):
        # a product launched in mid-week arrives on that day, and the first week begins with the world
        arrives = np.maximum(start, max(week, first_day))
        before = _filled(world, tally, week - 7) - tally.units_sold(week - 7, week - 1)
        left = np.where((start < max(week, first_day))[:, None], before, _safety(world))
        change = np.where((start < week + 7)[:, None], _filled(world, tally, week) - left, 0)
        parts += [("MR", arrives, np.maximum(change, 0)), ("MC", arrives, np.minimum(change, 0))]
    month = _month(first)
    if month - 1 in tally.returned:
        month_first = calendar.day_number(calendar.month_start(month))
        parts.append(("MA", np.full_like(start, month_first), -tally.returned[month - 1]))
    return pa.concat_tables([_of_shelves(world, *part, (first, last)) for part in parts])


def _filled(world: World, tally: Tally, week: int) -> Codes:
    """Units on the shelves when the week of that Monday begins, its sales where they are all that is there; (slots, depots)."""
    sold = tally.units_sold(week, week + 6)
    lasts = first_day_without(world, week) >= week + 7
    return np.where(lasts, np.maximum(sold, _safety(world)), sold)


def _of_shelves(world: World, prefix: str, days: Days, units: Codes, span: tuple[int, int]) -> pa.Table:
    """One movement for each product and depot with units, on the product's day, if that day lies in the span.

    `days` is of shape (slots,), `units` of shape (slots, depots).
    """
    inside = np.flatnonzero((days >= span[0]) & (days <= span[1]))
    row, depot = np.nonzero(units[inside])
    product = inside[row]
    day = days[product]
    month = _month(span[0])
    yymmdd = calendar.yymm(month) * 100 + day - calendar.day_number(calendar.month_start(month)) + 1
    number = (yymmdd * 10**5 + product + 1) * 10 + depot
    kind = np.full_like(day, PREFIXES[prefix])
    movements = Movements(day, product, depot, kind, units[product, depot])
    return _table(world, month, ids(prefix, number, 12), movements)


def _safety(world: World) -> Codes:
    """Initial units of each product in each depot: some weeks of expected demand; shape (slots, depots)."""
    facts, products = world_facts().shop, catalog(world)
    mean_lines = (1 + facts.orders.further_lines) * _mean(facts.orders.units)
    weekly = facts.orders.per_month / WEEKS_A_MONTH * mean_lines * world.customers
    share = np.mean([category_demand(month) for month in range(12)], axis=0)
    filled = np.arange(facts.catalog.slots) < facts.catalog.products
    weight = products.weight * filled
    weight /= np.bincount(products.category, weight)[products.category]
    demand = weekly * (share[products.category] * weight)[:, None] * depots().served
    return np.ceil(facts.stock.safety_weeks * demand).astype(np.int64)


def _mean(shares: dict[int, float]) -> float:
    return sum(value * share for value, share in shares.items()) / sum(shares.values())


def _table(world: World, month: int, movimiento_id: pa.Array, movements: Movements) -> pa.Table:
    _, cost = catalog(world).valid(movements.product, movements.day, month)
    return pa.table(
        {
            "movimiento_id": movimiento_id,
            "fecha": dates(movements.day),
            "producto_id": producto_ids(movements.product),
            "deposito": names(movements.depot, depots().names),
            "tipo": names(movements.kind, KINDS),
            "cantidad": pa.array(movements.units),
            "costo_unitario": money_or_null(cost, catalog(world).costed[movements.product]),
        }
    )
