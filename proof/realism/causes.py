"""What drives orders of the shop: income, taste, spells, prices, lateness, traits. Each strength is measured on the rows.

A group of customer days is compared with all of them: its orders, over those that the other causes explain.
"""

from collections.abc import Iterator
from math import sqrt

import numpy as np
import pandas as pd

from client360.simulate import calendar
from client360.simulate.arrays import Flags, Floats
from client360.simulate.shop.catalog import catalog
from client360.simulate.shop.prices import log_prices
from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.sample import MONTHS, SAMPLE, Sample
from proof.realism.shoppers import Shoppers


def _thirds(values: Floats) -> tuple[Flags, Flags]:
    """The third of the lowest values, and that of the highest; same shape."""
    low, high = np.quantile(values, [1 / 3, 2 / 3])
    return values < low, values > high


def _contrast(what: str, counts: Floats, usual: Floats, factor: Floats, groups: tuple[Flags, Flags]) -> Finding:
    """Orders of the second group relative to those of the first, both over the usual ones: the declared mean factors beside the
    counted orders. All of one shape."""
    found = [(counts[group].sum(), usual[group].sum(), (usual * factor)[group].sum()) for group in groups]
    (few, base, low), (many, other, high) = found
    declared, measured = (high / other) / (low / base), (many / other) / (few / base)
    return Finding(what, declared, measured, declared * (SIGMAS * sqrt(1.3 / few + 1.3 / many) + 0.03))


def order_causes(sample: Sample) -> Iterator[Finding]:
    facts, people = sample.facts.shop, sample.shoppers
    counts = people.counts(sample.ordinary)
    demand = people.demand(facts).sum(axis=0)
    activity = people.activity(facts)
    usual = people.daily(demand * activity) * np.where(people.fading, facts.orders.fading, 1.0)
    by_month = people.month_of_day

    income = np.exp(facts.orders.income_elasticity * people.tier)[:, by_month]
    tier = people.tier[:, by_month]
    yield _contrast(
        "orders of the richest third, relative", counts, usual / income, income, _here(people, _thirds(tier))
    )
    spells = activity[:, by_month]
    active = people.active[:, by_month]
    yield _contrast(
        "orders in active months, relative", counts, usual / spells, spells, _here(people, (~active, active))
    )
    slows = np.where(people.fading, facts.orders.fading, 1.0)
    groups = _here(people, (~people.fading, people.fading))
    yield _contrast("orders of who is about to leave, relative", counts, usual / slows, slows, groups)
    yield from _lateness(sample, counts, usual)
    yield _bursts(sample, counts, people.daily(demand))


def _here(people: Shoppers, groups: tuple[Flags, Flags]) -> tuple[Flags, Flags]:
    return groups[0] & people.here, groups[1] & people.here


def _bursts(sample: Sample, counts: Floats, steady: Floats) -> Finding:
    """How much likelier than in far months orders are in the month after one with orders."""
    facts, people = sample.facts.shop.orders, sample.shoppers
    months = [people.month_of_day == month for month in range(len(MONTHS))]
    bought, usual = (np.stack([days[:, month].sum(axis=1) for month in months]) for days in (counts, steady))

    def together(lag: int) -> float:
        return float((bought[lag:] * bought[:-lag]).sum() / (usual[lag:] * usual[:-lag]).sum())

    normals = np.random.default_rng(1).standard_normal((2, 200_000))
    shared = (facts.spell_months - 1) / facts.spell_months
    border = np.quantile(normals[0], 1 - facts.active)
    next_month = shared * normals[0] + sqrt(1 - shared**2) * normals[1]
    quiet, busy = facts.quiet, (1 - (1 - facts.active) * facts.quiet) / facts.active
    factors = [np.where(month > border, busy, quiet) for month in (normals[0], next_month)]
    declared = float(np.mean(factors[0] * factors[1]))
    return Finding(
        "orders again within a month (bursts)", declared, together(1) / together(facts.spell_months + 2), 0.2
    )


def _lateness(sample: Sample, counts: Floats, usual: Floats) -> Iterator[Finding]:
    """Orders in the weeks after a late delivery, by the patient and by the others."""
    facts, people = sample.facts.shop.orders, sample.shoppers
    orders = sample.ordinary[sample.ordinary.entrega > sample.ordinary.prometida]
    after = np.zeros_like(people.here)
    row, day = people.rows(orders.cliente_id), people.days.get_indexer(pd.Index(orders.entrega))
    for later in range(1, facts.late_days + 1):
        inside = (day >= 0) & (day + later < after.shape[1])
        after[row[inside], (day + later)[inside]] = True
    loss = np.clip(facts.late_loss * (1 - facts.patience_slope * people.traits["patience"]), 0, 1)[:, None]
    stays = np.where(after, 1 - loss, 1.0)
    patient = people.traits["patience"][:, None] > 0
    for who, mine in (("patient", patient), ("impatient", ~patient)):
        groups = _here(people, (~after & mine, after & mine))
        yield _contrast(f"orders of the {who} after a late delivery, relative", counts, usual, stays, groups)


def tastes(sample: Sample) -> Iterator[Finding]:
    """Orders that begin with a category, of those who like it and of those who do not; how alike the lines of a basket are."""
    facts, people = sample.facts.shop, sample.shoppers
    category = sample.products.drop_duplicates("producto_id").set_index("producto_id").categoria
    lines = sample.lines[sample.lines.venta_id.isin(sample.ordinary.index)]
    lines = lines.assign(categoria=lines.producto_id.map(category)).set_index("venta_id")
    first, second = (lines[lines.linea == number] for number in (1, 2))
    demand = people.demand(facts) * people.activity(facts)
    liking = people.tastes_factor(facts)
    groups = [_thirds(row) for row in people.tastes]
    found = np.zeros((2, 3))
    for code, name in enumerate(facts.catalog.categories):
        counts = people.counts(first[first.categoria == name]).sum(axis=1)
        usual = people.daily(demand[code]).sum(axis=1)
        for place, group in enumerate(groups[code]):
            found[place] += counts[group].sum(), (usual / liking[code])[group].sum(), usual[group].sum()
    (few, base, low), (many, other, high) = found
    declared, measured = (high / other) / (low / base), (many / other) / (few / base)
    tolerance = declared * (SIGMAS * sqrt(1 / few + 1 / many) + 0.03)
    yield Finding("orders of a category by those who like it, relative", declared, measured, tolerance)

    both = second.join(first, rsuffix="_primera", how="inner")
    codes = both.categoria_primera.map({name: code for code, name in enumerate(facts.catalog.categories)}).to_numpy()
    month = (both.fecha.dt.year * 12 + both.fecha.dt.month - 1 - MONTHS[0]).to_numpy()
    mine = demand[:, people.rows(_buyer(both)), month]
    alike = mine[codes, np.arange(len(codes))] / mine.sum(axis=0)
    same = facts.orders.same_category
    share = float((both.categoria == both.categoria_primera).mean())
    tolerance = SIGMAS * sqrt(share * (1 - share) / len(both)) + 0.02  # a product bought already is left out
    yield Finding(
        "second lines of the category of the first", same + (1 - same) * float(alike.mean()), share, tolerance
    )


def _buyer(lines: pd.DataFrame) -> pd.Series:
    """The customer of each line: V, nine digits of the customer, and others."""
    return pd.Series("C" + lines.index.str[1:10])


def prices_and_orders(sample: Sample) -> Iterator[Finding]:
    """Lines of products that are cheaper than usual, of all customers, and of those who mind prices least and most."""
    facts, people, products = sample.facts.shop, sample.shoppers, catalog(SAMPLE)
    lines = sample.lines[sample.lines.venta_id.isin(sample.ordinary.index)]
    slot = lines.producto_id.str[1:].astype(int).to_numpy() - 1
    row = people.rows("C" + lines.venta_id.str[1:10])
    price = np.concatenate([log_prices(SAMPLE, at) for at in MONTHS])
    weight = people.demand(facts).sum(axis=(0, 2))
    sensitivity = np.exp(facts.orders.sensitivity_sigma * people.traits["price_sensitivity"])
    sensitivity /= np.exp(facts.orders.sensitivity_sigma**2 / 2)
    day = people.days
    usual = np.stack([_usual_lines(sample, at) for at in range(len(MONTHS))])[people.month_of_day]
    usual *= np.concatenate([calendar.shop_day_factors(at) for at in MONTHS])[:, None]
    at = calendar.day_number(SAMPLE.first_day) + np.arange(len(day))[:, None]
    usual *= np.clip((at - products.launched) / facts.catalog.ramp_days, 0, 1) * (at < products.withdrawn)
    cheap = price < np.log(0.9)
    low, high = _thirds(sensitivity)
    for who, mine in (("all", sensitivity > 0), ("the least sensitive", low), ("the most sensitive", high)):
        factor = np.zeros_like(usual)
        for group in np.array_split(np.argsort(sensitivity[mine]), 20):
            exponent = products.elasticity * np.average(sensitivity[mine][group], weights=weight[mine][group])
            response = np.minimum(np.exp(-exponent * price), facts.orders.largest_response)
            factor += response * weight[mine][group].sum() / weight[mine].sum()
        bought = np.zeros_like(usual)
        chosen = mine[row]
        np.add.at(bought, (day.get_indexer(pd.Index(lines.fecha))[chosen], slot[chosen]), 1)
        on_sale = usual > 0
        groups = on_sale & ~cheap, on_sale & cheap
        yield _contrast(f"lines of cheap products, of {who}, relative", bought, usual, factor, groups)


def _usual_lines(sample: Sample, month: int) -> Floats:
    """Relative lines of each product at its usual price; shape (slots,)."""
    products = catalog(SAMPLE)
    demand = sample.shoppers.demand(sample.facts.shop)[:, :, month].sum(axis=1)
    return np.asarray(products.weight * demand[products.category])


def tiers_and_channels(sample: Sample) -> Iterator[Finding]:
    """How dear what the rich buy is within its category, and who orders in the branch."""
    facts, people, products = sample.facts.shop, sample.shoppers, catalog(SAMPLE)
    lines = sample.lines[sample.lines.linea == 1]
    slot = lines.producto_id.str[1:].astype(int).to_numpy() - 1
    month = (lines.fecha.dt.year * 12 + lines.fecha.dt.month - 1).to_numpy() - MONTHS[0]
    tier = people.tier[people.rows("C" + lines.venta_id.str[1:10]), month]
    grid = np.linspace(-3, 3, 61)
    dear = products.tier
    suits = np.clip(0.5 + facts.catalog.tier_slope * grid[:, None] * dear, 0.1, 0.9) * products.weight
    suits *= (products.launched <= calendar.day_number(SAMPLE.first_day)) & (
        products.withdrawn > products.launched + 365
    )
    declared = np.zeros(len(lines))
    for code in range(len(facts.catalog.categories)):
        mine = products.category == code
        mean = (suits * dear)[:, mine].sum(axis=1) / suits[:, mine].sum(axis=1)
        chosen = products.category[slot] == code
        declared[chosen] = np.interp(tier[chosen], grid, mean)
    poor, rich = _thirds(tier)
    expected, found = (float(values[rich].mean() - values[poor].mean()) for values in (declared, dear[slot]))
    tolerance = SIGMAS * float(dear[slot].std()) * sqrt(1 / rich.sum() + 1 / poor.sum()) + 0.05
    yield Finding("how much dearer the richest third buys, sigmas of price", expected, found, tolerance)

    digital = people.traits["digital"][people.rows(sample.orders.cliente_id)]
    local = facts.orders.channels["local"] * np.clip(1 - facts.orders.digital_slope * digital, 0, 2)
    for who, group in zip(("least", "most"), _thirds(digital), strict=True):
        branch = float((sample.orders.canal[group] == "local").mean())
        yield share_finding(
            f"orders in the branch by the {who} digital", float(local[group].mean()), branch, int(group.sum())
        )
