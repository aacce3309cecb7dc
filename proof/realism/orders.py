"""Orders of the shop: how many, when, and what becomes of them."""

from collections.abc import Iterator
from math import sqrt

import numpy as np
import pandas as pd

from client360.simulate import calendar
from client360.simulate.arrays import Floats
from client360.simulate.shop.prices import SPECIAL
from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.sample import MONTHS, SAMPLE, Sample


def mean_and_deviation(shares: dict[int, float]) -> tuple[float, float]:
    """Mean and standard deviation."""
    values, weights = np.array(list(shares)), np.array(list(shares.values()))
    mean = float(np.average(values, weights=weights))
    return mean, sqrt(float(np.average((values - mean) ** 2, weights=weights)))


def usual_orders(sample: Sample) -> Floats:
    """Declared orders of each customer on each day, at usual prices and without late deliveries; shape (customers, days)."""
    facts, people = sample.facts.shop, sample.shoppers
    monthly = people.demand(facts).sum(axis=0) * people.activity(facts)
    return people.daily(monthly) * np.where(people.fading, facts.orders.fading, 1.0)


def order_counts(sample: Sample) -> Iterator[Finding]:
    people, usual = sample.shoppers, usual_orders(sample)
    counts = people.counts(sample.ordinary)
    # offers add some, and late deliveries take some away
    mean, days = usual.sum() / people.here.sum() * 365.2425 / 12, people.here.sum()
    yield Finding(
        "orders a month", mean, counts.sum() / days * 365.2425 / 12, mean * (SIGMAS / sqrt(counts.sum()) + 0.06)
    )
    always = people.here.all(axis=1)
    rates = usual[always].sum(axis=1) * counts.sum() / usual.sum()
    none = float((counts[always].sum(axis=1) == 0).mean())
    yield share_finding("share without an order (heavy tail)", float(np.exp(-rates).mean()), none, int(always.sum()))
    demand = pd.Series([usual[:, people.month_of_day == at].sum() for at in range(len(MONTHS))], MONTHS) / usual.sum()
    for month in MONTHS:
        mine = sample.ordinary[sample.ordinary.mes == month]
        share = float(demand[month])
        tolerance = SIGMAS * sqrt(share / len(sample.ordinary)) + 0.004
        yield Finding(f"share of orders in month {month % 12 + 1}", share, len(mine) / len(sample.ordinary), tolerance)


def order_lines(sample: Sample) -> Iterator[Finding]:
    facts, lines = sample.facts.shop.orders, sample.lines
    size = lines.groupby("venta_id").size()
    # products that are named again are left out
    tolerance = SIGMAS * sqrt(facts.further_lines / len(size)) + 0.08
    yield Finding("lines an order", 1 + facts.further_lines, float(size.mean()), tolerance)
    mean, deviation = mean_and_deviation(facts.units)
    tolerance = SIGMAS * deviation / sqrt(len(lines))
    yield Finding("units a line", mean, float(lines.cantidad.mean()), tolerance)
    special = lines.fecha.map(lambda day: calendar.shop_factor(day.date()) >= SPECIAL)
    for when, share, mine in (
        ("", facts.offered, lines[~special]),
        (" on special days", facts.offered_on_special_days, lines[special]),
    ):
        # relative to the others, as the offers lift them
        lift = sum(share / (1 - cut) ** sample.facts.shop.catalog.elasticity for cut in facts.discounts)
        lift /= len(facts.discounts)
        declared = lift / (1 - share + lift)
        found = float((mine.descuento > 0).mean())
        yield Finding(f"share of lines on offer{when}", declared, found, SIGMAS * sqrt(declared / len(mine)) + 0.03)


def order_days(sample: Sample) -> Iterator[Finding]:
    days = pd.date_range(SAMPLE.first_day, periods=365)
    factors = np.array(sample.facts.shop.orders.weekday_factors)
    factors /= factors.mean()
    special = pd.Series([calendar.shop_factor(day.date()) for day in days], index=days)
    drawn = pd.Series(
        [calendar.shop_day_factors(day.year * 12 + day.month - 1)[day.day - 1] for day in days], index=days
    )
    # what the customers of the day would order on an ordinary one
    season = pd.Series(usual_orders(sample).sum(axis=0), index=days) / drawn
    offers = pd.Series(_offers_lift(sample, special.to_numpy()), index=days)
    sold = sample.ordinary.groupby("fecha").size().reindex(days, fill_value=0)
    ordinary = days[special == 1]
    rate = sold[ordinary].groupby(ordinary.day_of_week).sum() / season[ordinary].groupby(ordinary.day_of_week).sum()
    for weekday, name in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")):
        tolerance = SIGMAS * sqrt(7 / sold[ordinary].sum()) + 0.01
        yield Finding(f"orders on a {name}", factors[weekday], float(rate[weekday] / rate.mean()), tolerance)
    expected = season * factors[days.day_of_week] * offers
    base = sold[ordinary].sum() / expected[ordinary].sum()
    for name, rule in sample.facts.special_days.items():
        on = [day for day in days if calendar.falls_on(rule, day.date())]
        lift = float(np.average(special[on], weights=expected[on]))
        measured = float(sold[on].sum() / (base * expected[on].sum()))
        yield Finding(f"orders around {name}", lift, measured, lift * (SIGMAS / sqrt(sold[on].sum()) + 0.03))


def _offers_lift(sample: Sample, special: Floats) -> Floats:
    """Orders of each day relative to those without offers; shape (days,)."""
    facts, elasticity = sample.facts.shop.orders, sample.facts.shop.catalog.elasticity
    share = np.where(special >= SPECIAL, facts.offered_on_special_days, facts.offered)
    return 1 + share * (np.mean([min((1 - cut) ** -elasticity, facts.largest_response) for cut in facts.discounts]) - 1)


def order_shares(sample: Sample) -> Iterator[Finding]:
    facts, orders = sample.facts.shop.orders, sample.orders
    found = orders.metodo_pago.value_counts(normalize=True)
    for name, share in facts.payment_methods.items():
        total = sum(facts.payment_methods.values())
        yield share_finding(f"share of orders paid by {name}", share / total, found.get(name, 0.0), len(orders))
    ended = orders[orders.mes < MONTHS[-1] - 1]
    yield share_finding("share of orders cancelled", facts.cancelled, float(ended.cancelada.notna().mean()), len(ended))
    yield from _returns(sample, ended[ended.cancelada.isna()])
    back = sample.returns
    yield share_finding(
        "share of these without goods", facts.amount_only, float(back.cantidad.isna().mean()), len(back)
    )


def _returns(sample: Sample, kept: pd.DataFrame) -> Iterator[Finding]:
    """Returns of orders by category of their first product, and of those that were late; returns of a part."""
    facts, categories = sample.facts.shop.orders, sample.facts.shop.catalog.categories
    category = sample.products.drop_duplicates("producto_id").set_index("producto_id").categoria
    first = sample.lines[sample.lines.linea == 1].set_index("venta_id").producto_id.map(category)
    rate = first.reindex(kept.index).map({name: row.returned for name, row in categories.items()}).to_numpy(float)
    late = (kept.entrega > kept.prometida).to_numpy()
    back = kept.devuelta.notna().to_numpy()
    often = rate > float(np.median(rate))
    for what, mine, declared in (
        ("of categories with many returns", often & ~late, rate),
        ("of the other categories", ~often & ~late, rate),
        ("delivered late", late, rate * facts.late_returns),
    ):
        # who leaves the bank returns nothing
        declared_share = float(declared[mine].mean()) * 0.985
        yield share_finding(
            f"share of orders returned, {what}", declared_share, float(back[mine].mean()), int(mine.sum())
        )
    partly = kept[~back].index.isin(sample.returns.venta_id)
    declared = np.where(late, facts.late_returns, 1.0) * rate
    share = float(declared[~back].mean()) * facts.partly_returned
    tolerance = SIGMAS * sqrt(share / len(partly)) + 0.004
    yield Finding("share of orders partly returned", share, float(partly.mean()), tolerance)
