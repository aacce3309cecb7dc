"""Products of the shop: demand by category, prices, margins and popularity."""

from collections.abc import Iterator
from math import sqrt

import numpy as np
import pandas as pd

from client360.simulate import calendar
from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.sample import MONTHS, SAMPLE, Sample


def product_categories(sample: Sample) -> Iterator[Finding]:
    """Categories of first lines, among the customers as they are: some buy a lot of what they like."""
    people, facts = sample.shoppers, sample.facts.shop
    category = sample.products.drop_duplicates("producto_id").set_index("producto_id").categoria
    lines = sample.lines[sample.lines.venta_id.isin(sample.ordinary.index) & (sample.lines.linea == 1)]
    sold, activity = lines.producto_id.map(category), people.activity(facts)
    slows = np.where(people.fading, facts.orders.fading, 1.0)
    usual = np.stack([(people.daily(demand * activity) * slows).sum(axis=0) for demand in people.demand(facts)])
    for season, months in (("", MONTHS), (" in August", MONTHS[7:8]), (" in December", MONTHS[-1:])):
        demand = usual[:, np.isin(people.month_of_day + MONTHS[0], months)].sum(axis=1)
        mine = sold[lines.fecha.dt.month.isin([month % 12 + 1 for month in months])]
        found = mine.value_counts(normalize=True)
        for name, share in zip(facts.catalog.categories, demand / demand.sum(), strict=True):
            yield share_finding(f"share of {name}{season}", float(share), found.get(name, 0.0), len(mine))


def products(sample: Sample) -> Iterator[Finding]:
    facts, products = sample.facts.shop.catalog, sample.products.sort_values(["producto_id", "fecha"])
    first = products.drop_duplicates("producto_id")
    yield share_finding(
        "share of products on sale on the first day",
        facts.sold_from_start,
        # the others follow over launch_days, of which a year has passed
        float((first.fecha_alta <= pd.Timestamp(SAMPLE.first_day)).sum() / facts.products),
        facts.products,
    )
    for what, share, known in (
        ("a category", facts.without_category, first.anotada),
        ("a cost", facts.without_cost, first.costo.notna()),
    ):
        yield share_finding(f"share of products without {what}", share, 1 - float(known.mean()), len(first))
    margin = 1 - products.costo / products.precio
    for name, row in facts.categories.items():
        mine = first[first.categoria == name]
        deviation = sqrt(facts.margin_sigma**2 + facts.change_sigma**2)
        measured = float(margin[mine.index].mean())
        yield Finding(f"margin of {name}", row.margin, measured, SIGMAS * deviation / sqrt(len(mine)) + 0.005)
        month = mine.fecha.dt.year * 12 + mine.fecha.dt.month - 1
        prices = np.log(mine.precio / row.price) - np.log([calendar.price_index(each - 2) for each in month])
        tolerance = SIGMAS * facts.price_sigma / sqrt(len(mine)) + 0.04
        yield Finding(f"price of {name}, logarithm", 0.0, float(prices.mean()), tolerance)
    changes = products[products.duplicated("producto_id")]
    grouped = changes.assign(
        log_price=np.log(changes.precio),
        log_index=np.log([calendar.price_index(day.year * 12 + day.month - 2) for day in changes.fecha]),
    ).groupby("producto_id")
    growth = grouped[["log_price", "log_index"]].last() - grouped[["log_price", "log_index"]].first()
    tolerance = SIGMAS * sqrt(2) * facts.change_sigma / sqrt(len(growth)) + 0.002
    yield Finding("growth of prices in the shop", growth.log_index.mean(), growth.log_price.mean(), tolerance)
    since_start = first[first.fecha_alta <= pd.Timestamp(SAMPLE.first_day)].set_index("producto_id").categoria
    units = sample.lines.producto_id.value_counts().reindex(since_start.index, fill_value=0)
    sold = pd.Series(np.log(units + 0.5))
    within = sold - sold.groupby(since_start).transform("mean")
    deviation = sqrt(float(np.square(within).sum()) / (len(within) - since_start.nunique()))
    sigma = facts.popularity_sigma
    yield Finding("spread of popularity (heavy tail)", sigma, deviation, SIGMAS * sigma / sqrt(2 * len(within)) + 0.05)
