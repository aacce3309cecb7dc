"""What the shop sells: products with their prices and costs.

The catalog is a fixed number of slots of which the first ones are filled, so that one more product changes no other. Everything
is drawn for every slot; an empty slot is a product that never goes on sale.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from client360.simulate import calendar, exact
from client360.simulate.arrays import NEVER, Codes, Days, Flags, Floats
from client360.simulate.columns import cents, dates, ids, money, money_or_null, names
from client360.simulate.facts import world_facts
from client360.simulate.facts.shop import ProductCategory
from client360.simulate.streams import stream
from client360.simulate.world import World


@dataclass(frozen=True)
class Catalog:
    """The slots of the catalog; arrays have the shape (slots,) unless their docstring gives another."""

    world: World
    category: Codes
    categorised: Flags
    """Whether the shop has noted the category."""
    costed: Flags
    """Whether the shop knows the cost."""
    launched: Days
    """First day on sale; NEVER in an empty slot."""
    withdrawn: Days
    """First day no longer on sale; NEVER for what stays."""
    base: Floats
    """Price in pesos of the base month."""
    tier: Floats
    """How dear the product is within its category, standard normal."""
    elasticity: Floats
    """Percent more units that one percent off the usual price sells to the mean customer."""
    margin: Floats
    """Share of the price that is not cost."""
    every: Codes
    """Months between two changes of the price."""
    phase: Codes
    """Which of those months is the product's, from 0."""
    change_day: Days
    """Day of that month, from 0, on which the price changes."""
    by_popularity: Codes
    """Slots of category 0, then those of category 1..."""
    bounds: Floats
    """Upper bounds of the popularity of the slots in that order, those of category c within [c, c + 1]."""

    @property
    def start(self) -> Days:
        """First day in the history."""
        return np.maximum(self.launched, calendar.day_number(self.world.first_day))

    @property
    def weight(self) -> Floats:
        """Popularity of each slot within its category, a share."""
        share = np.empty(len(self.bounds))
        share[self.by_popularity] = np.diff(self.bounds, prepend=0.0)
        return share

    def pick(self, category: Codes, draws: Floats, day: Days, tier: Floats) -> Codes:
        """The product (slot) of each order line: the first of its draws that is on sale and suits the tier; shape (lines,).

        `draws` are uniform and of shape (alternatives, lines). A line whose draws do not suit takes the first product of its
        category, which is always on sale.
        """
        facts = world_facts().shop.catalog
        picked = category.copy()
        searching = np.arange(len(category))
        lower = np.concatenate([[0.0], self.bounds[:-1]])
        for alternative in draws:
            bound = category[searching] + alternative[searching]
            place = np.searchsorted(self.bounds, bound, side="right")
            product = self.by_popularity[place]
            age = day[searching] - self.launched[product]
            suits = np.clip(0.5 + facts.tier_slope * tier[searching] * self.tier[product], 0.1, 0.9)
            suits *= np.clip(age / facts.ramp_days, 0, 1) * (day[searching] < self.withdrawn[product])
            # where in its interval a draw fell is a uniform draw too
            taken = bound - lower[place] < suits * (self.bounds[place] - lower[place])
            picked[searching[taken]] = product[taken]
            searching = searching[~taken]
        return picked

    def valid(self, products: Codes, days: Days, month: int) -> tuple[Codes, Codes]:
        """Price and cost, in cents, of each product on its day; the days lie in the month. All of shape (n,)."""
        tariff = _tariff(self.world, month)
        changed = (days >= tariff.change[products]).astype(np.int64)
        return tariff.price[changed, products], tariff.cost[changed, products]

    def productos(self, first: int, last: int) -> pa.Table:
        """Rows of the landing file `productos` that became known from day `first` to day `last`, which lie in one month."""
        month = calendar.month_number(calendar.date_of(first))
        tariff = _tariff(self.world, month)
        days = np.concatenate([self.start, np.where(tariff.change > self.start, tariff.change, NEVER)])
        known = np.flatnonzero((days >= first) & (days <= last))
        products = known % len(self.launched)
        order = np.lexsort([days[known], products])
        products, days = products[order], days[known][order]
        price, cost = self.valid(products, days, month)
        categories: list[str | None] = [*world_facts().shop.catalog.categories, None]
        category = np.where(self.categorised, self.category, len(categories) - 1)
        return pa.table(
            {
                "producto_id": producto_ids(products),
                "fecha": dates(days),
                "nombre": names(products, _names(self.world)),
                "categoria": names(category[products], categories),
                "precio": money(price),
                "costo": money_or_null(cost, self.costed[products]),
                "fecha_alta": dates(self.launched[products]),
            }
        )


@dataclass(frozen=True)
class Tariff:
    """Prices and costs of a month in cents: row 0 before the day of change, row 1 from then on; shape (2, slots)."""

    change: Days
    """Day on which the price changes; NEVER when it does not this month."""
    price: Codes
    cost: Codes


@lru_cache
def catalog(world: World) -> Catalog:
    """The catalog of a world, drawn from its seed."""
    facts = world_facts().shop.catalog
    categories = list(facts.categories.values())
    first_day, slots = calendar.day_number(world.first_day), np.arange(facts.slots)
    # one stream for each property, so that a new one changes no other
    uniform = {name: _stream(world, name).random(facts.slots) for name in ("categoria", "alta", "desde", "frecuencia")}
    uniform |= {name: _stream(world, name).random(facts.slots) for name in ("fase", "dia de cambio", "retiro")}
    uniform |= {name: _stream(world, name).random(facts.slots) for name in ("sin categoria", "sin costo")}
    normal = {
        name: exact.normal(_stream(world, name).random(facts.slots))
        for name in ("fama", "precio base", "margen", "elasticidad")
    }
    share = np.cumsum([row.share for row in categories])
    category = np.searchsorted(share / share[-1], uniform["categoria"], side="right")
    category[: len(categories)] = np.arange(len(categories))  # the first of each is always on sale
    from_start = (uniform["alta"] < facts.sold_from_start) | (slots < len(categories))
    past, future = uniform["desde"] * facts.past_days, 1 + uniform["desde"] * facts.launch_days
    launched = first_day + np.where(from_start, -past, future).astype(np.int64)
    lives = np.ceil(exact.exponential(uniform["retiro"], facts.life_days)).astype(np.int64)
    # what would be gone before the world begins lives on from there
    withdrawn = np.where(slots < len(categories), NEVER, np.maximum(launched, first_day) + lives)
    shortest, longest = facts.change_months
    every = shortest + (uniform["frecuencia"] * (longest - shortest + 1)).astype(np.int64)
    by_popularity = np.argsort(category, kind="stable")
    weight = exact.exp(facts.popularity_sigma * normal["fama"])[by_popularity]
    parts = [np.cumsum(weight[category[by_popularity] == code]) for code in range(len(categories))]
    prices, margins = _fact_of_each(categories, "price"), _fact_of_each(categories, "margin")
    return Catalog(
        world=world,
        category=category,
        # the first of each is of one, so that each has a product
        categorised=(uniform["sin categoria"] >= facts.without_category) | (slots < len(categories)),
        costed=uniform["sin costo"] >= facts.without_cost,
        launched=np.where(slots < facts.products, launched, NEVER),
        withdrawn=np.minimum(withdrawn, NEVER),
        base=prices[category] * exact.exp(facts.price_sigma * normal["precio base"]),
        tier=normal["precio base"],
        elasticity=facts.elasticity * exact.spread(normal["elasticidad"], facts.elasticity_sigma),
        margin=np.clip(margins[category] + facts.margin_sigma * normal["margen"], 0.02, 0.9),
        every=every,
        phase=(uniform["fase"] * every).astype(np.int64),
        change_day=(uniform["dia de cambio"] * 28).astype(np.int64),
        by_popularity=by_popularity,
        bounds=np.concatenate([code + part / part[-1] for code, part in enumerate(parts)]),
    )


def _fact_of_each(categories: list[ProductCategory], fact: str) -> Floats:
    return np.array([getattr(row, fact) for row in categories])


def _stream(world: World, entity: str, month: int = 0) -> np.random.Generator:
    return stream(world.seed, f"catalogo {entity}", 0, month)


@lru_cache
def _tariff(world: World, month: int) -> Tariff:
    products = catalog(world)
    changes = (month - products.phase) % products.every == 0
    change = calendar.day_number(calendar.month_start(month)) + products.change_day
    since = month - (month - products.phase) % products.every
    before, after = np.where(changes, month - products.every, since), since
    price = [
        _prices(world, np.where(unraised(world, months), months - products.every, months)) for months in (before, after)
    ]
    cost = [cents(_level(world, months) * (1 - products.margin)) for months in (before, after)]
    return Tariff(np.where(changes, change, NEVER), np.stack(price), np.stack(cost))


def unraised(world: World, months: Codes) -> Flags:
    """Whether the world is a twin in which the price of each product does not change in the given month; both of shape (slots,).

    Its cost does, so that one fact differs alone.
    """
    kept, products = world.differs_in("precio"), catalog(world)
    if not kept:
        return np.zeros(len(months), dtype=bool)
    month = calendar.month_number(kept.first)
    day = calendar.day_number(kept.first.replace(day=1)) + products.change_day
    first, last = (calendar.day_number(each) for each in (kept.first, kept.last))
    category = np.array(list(world_facts().shop.catalog.categories))[products.category]
    named = (category == kept.subject) | (np.array(producto_ids(np.arange(len(months)))) == kept.subject)
    changes = (month - products.phase) % products.every == 0
    on_sale = (products.start < day) & (day < products.withdrawn)
    return named & changes & on_sale & (months == month) & (day >= first) & (day <= last)


def _level(world: World, months: Codes) -> Floats:
    """Pesos that each product is worth by its price of the base month and by prices up to the month before the given one.

    `months` and the result are of shape (slots,).
    """
    return catalog(world).base * calendar.price_indices(months - 1)


def _prices(world: World, months: Codes) -> Codes:
    """Price in cents of each product since its change in the given month; both of shape (slots,)."""
    facts = world_facts().shop.catalog
    noise: Floats = np.zeros(facts.slots)
    for month in np.unique(months):
        drawn = exact.normal(_stream(world, "precio", int(month)).random(facts.slots))
        noise = np.where(months == month, drawn, noise)
    price = np.rint(_level(world, months) * exact.exp(facts.change_sigma * noise) / facts.multiple_of).astype(np.int64)
    return np.maximum(price, 1) * facts.multiple_of * 100


@lru_cache
def _names(world: World) -> list[str]:
    facts, products = world_facts().shop.catalog, catalog(world)
    draws = _stream(world, "nombre").random((2, facts.slots))
    kinds = [row.kinds for row in facts.categories.values()]
    return [
        f"{kinds[code][int(kind * len(kinds[code]))]} {facts.brands[int(brand * len(facts.brands))]} {slot + 1}"
        for slot, (code, kind, brand) in enumerate(zip(products.category, *draws, strict=True))
    ]


def producto_ids(products: Codes) -> pa.Array:
    """producto_id of each of the slots, same shape."""
    return ids("P", products + 1, 5)


@lru_cache
def category_demand(month: int) -> Floats:
    """Demand for each category in the month, relative to that for all of them in the mean month; shape (categories,)."""
    categories = list(world_facts().shop.catalog.categories.values())
    share = _fact_of_each(categories, "share") / sum(row.share for row in categories)
    season = np.array([row.season[month % 12] * 12 / sum(row.season) for row in categories])
    return share * season
