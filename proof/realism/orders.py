"""Orders of the shop: how many, when, and what becomes of them."""

from collections.abc import Iterator
from math import exp, sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd

from client360.simulate import calendar
from client360.simulate.facts import WorldFacts
from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.sample import MONTHS, SAMPLE, Sample

NORMAL_QUANTILES = np.array([NormalDist().inv_cdf((i + 0.5) / 2000) for i in range(2000)])
"""Quantiles of the standard normal, to take means over customers; shape (2000,)."""


def shop_demand(facts: WorldFacts, month: int) -> pd.Series:
    """Demand of the shop by category in a month, relative to that for all of them in the mean one."""
    categories = facts.shop.catalog.categories
    total = sum(row.share for row in categories.values())
    return pd.Series(
        {name: row.share / total * row.season[month % 12] / np.mean(row.season) for name, row in categories.items()}
    )


def mean_and_deviation(shares: dict[int, float]) -> tuple[float, float]:
    """Mean and standard deviation."""
    values, weights = np.array(list(shares)), np.array(list(shares.values()))
    mean = float(np.average(values, weights=weights))
    return mean, sqrt(float(np.average((values - mean) ** 2, weights=weights)))


def order_counts(sample: Sample) -> Iterator[Finding]:
    facts, months = sample.facts.shop.orders, len(MONTHS)
    demand = float(
        np.mean([shop_demand(sample.facts, month).sum() * calendar.shop_day_factors(month).mean() for month in MONTHS])
    )
    mean = facts.per_month * demand
    between = mean * sqrt(exp(facts.person_sigma**2) - 1)
    error = sqrt(between**2 / sample.customers + mean / (sample.customers * months))
    measured = len(sample.ordinary) / sample.customers / months
    yield Finding("orders a month", mean, measured, SIGMAS * error)
    rates = np.exp(facts.person_sigma * NORMAL_QUANTILES - facts.person_sigma**2 / 2) * mean * months
    none = 1 - sample.ordinary.cliente_id.nunique() / sample.customers
    yield share_finding("share without an order (heavy tail)", float(np.exp(-rates).mean()), none, sample.customers)
    for month in MONTHS:
        mine = sample.ordinary[sample.ordinary.mes == month]
        day = calendar.shop_day_factors(month).mean()
        declared_share = shop_demand(sample.facts, month).sum() * day / demand / months
        tolerance = SIGMAS * sqrt(declared_share / len(sample.ordinary)) + 0.002
        yield Finding(
            f"share of orders in month {month % 12 + 1}", declared_share, len(mine) / len(sample.ordinary), tolerance
        )


def order_lines(sample: Sample) -> Iterator[Finding]:
    facts, lines = sample.facts.shop.orders, sample.lines
    for what, shares, values in (
        ("lines an order", facts.lines, lines.groupby("venta_id").size()),
        ("units a line", facts.units, lines.cantidad),
    ):
        mean, deviation = mean_and_deviation(shares)
        yield Finding(what, mean, float(values.mean()), SIGMAS * deviation / sqrt(len(values)))
    discounted = float((lines.descuento > 0).mean())
    yield share_finding("share of lines with a discount", facts.discounted, discounted, len(lines))


def order_days(sample: Sample) -> Iterator[Finding]:
    days = pd.date_range(SAMPLE.first_day, periods=365)
    factors = np.array(sample.facts.shop.orders.weekday_factors)
    factors /= factors.mean()
    months = {month: shop_demand(sample.facts, month).sum() for month in MONTHS}
    season = pd.Series([months[day.year * 12 + day.month - 1] / day.days_in_month for day in days], index=days)
    special = pd.Series([calendar.shop_factor(day.date()) for day in days], index=days)
    sold = sample.ordinary.groupby("fecha").size().reindex(days, fill_value=0)
    ordinary = days[special == 1]
    rate = sold[ordinary].groupby(ordinary.day_of_week).sum() / season[ordinary].groupby(ordinary.day_of_week).sum()
    for weekday, name in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")):
        tolerance = SIGMAS * sqrt(7 / sold[ordinary].sum()) + 0.01
        yield Finding(f"orders on a {name}", factors[weekday], float(rate[weekday] / rate.mean()), tolerance)
    expected = season * factors[days.day_of_week]
    base = sold[ordinary].sum() / expected[ordinary].sum()
    for name, rule in sample.facts.special_days.items():
        on = [day for day in days if calendar.falls_on(rule, day.date())]
        lift = float(np.average(special[on], weights=expected[on]))
        measured = float(sold[on].sum() / (base * expected[on].sum()))
        yield Finding(f"orders around {name}", lift, measured, lift * (SIGMAS / sqrt(sold[on].sum()) + 0.03))


def order_shares(sample: Sample) -> Iterator[Finding]:
    facts, orders = sample.facts.shop.orders, sample.orders
    found = orders.metodo_pago.value_counts(normalize=True)
    for name, share in facts.payment_methods.items():
        total = sum(facts.payment_methods.values())
        yield share_finding(f"share of orders paid by {name}", share / total, found.get(name, 0.0), len(orders))
    ended = orders[orders.mes < MONTHS[-1] - 1]
    yield share_finding("share of orders cancelled", facts.cancelled, float(ended.cancelada.notna().mean()), len(ended))
    kept = ended[ended.cancelada.isna()]
    yield share_finding("share of orders returned", facts.returned, float(kept.devuelta.notna().mean()), len(kept))
    kept = kept[kept.devuelta.isna()]
    partly = kept.index.isin(sample.returns.venta_id)
    yield share_finding("share of orders partly returned", facts.partly_returned, float(partly.mean()), len(kept))
    back = sample.returns
    yield share_finding(
        "share of these without goods", facts.amount_only, float(back.cantidad.isna().mean()), len(back)
    )
