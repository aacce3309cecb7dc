"""Purchases by card: when, in what categories, and for how much."""

from collections.abc import Iterator
from math import exp, sqrt

import numpy as np
import pandas as pd

from client360.simulate import calendar
from client360.simulate.facts import WorldFacts
from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.sample import MONTHS, SAMPLE, Sample


def card_season(facts: WorldFacts, month: int) -> float:
    """Purchases in a month, relative to the mean one."""
    return facts.card.season[month % 12] / float(np.mean(facts.card.season))


def weekdays(sample: Sample) -> Iterator[Finding]:
    days = pd.date_range(SAMPLE.first_day, periods=365)
    ordinary = days[[calendar.special_factor(day.date()) == 1 for day in days]]
    bought = sample.unpaid_purchases
    bought = bought[bought.fecha.isin(ordinary)]
    # weigh each day by its season, so that an uneven number of weekdays a month does not matter
    rate = (
        bought.groupby("semana").size()
        / pd.Series(
            [card_season(sample.facts, day.year * 12 + day.month - 1) for day in ordinary], index=ordinary.day_of_week
        )
        .groupby(level=0)
        .sum()
    )
    factors = np.array(sample.facts.card.weekday_factors)
    for weekday, name in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")):
        measured = float(rate[weekday] / rate.mean())
        yield Finding(
            f"purchases on a {name}", factors[weekday] / factors.mean(), measured, SIGMAS * sqrt(7 / len(bought)) + 0.01
        )


def paydays(sample: Sample) -> Iterator[Finding]:
    """Purchases in the days from payday on, against what weekday and special days alone explain."""
    card, near, far = sample.facts.card, range(3), range(9, 16)
    bought = sample.purchases.join(sample.payday.rename("cobro"), on=["cliente_id", "mes"], how="inner")
    since = bought.dia - bought.cobro
    paid = sample.payday.reset_index().groupby(["mes", "dia"]).size().reset_index(name="personas")

    def rate(days: range) -> float:
        exposure = sum(
            people * calendar.day_factors(month)[payday + day] * card_season(sample.facts, month)
            for month, payday, people in paid.itertuples(index=False)
            for day in days
            if payday + day < calendar.month_days(month)
        )
        return float(since.isin(list(days)).sum() / exposure)

    def lift(days: range) -> float:
        return float(np.mean([1 + card.payday_lift * exp(-day / card.payday_decay_days) for day in days]))

    yield Finding("purchases just after payday", lift(near) / lift(far), rate(near) / rate(far), 0.04)


def seasons(sample: Sample) -> Iterator[Finding]:
    counts = sample.card.groupby("mes").size()
    means = {month: counts[month] / calendar.day_factors(month).mean() for month in MONTHS}
    for month, count in means.items():
        measured = float(count / np.mean(list(means.values())))
        tolerance = SIGMAS / sqrt(counts[month]) + 0.01
        yield Finding(f"purchases in month {month % 12 + 1}", card_season(sample.facts, month), measured, tolerance)


def special_days(sample: Sample) -> Iterator[Finding]:
    bought = sample.unpaid_purchases.groupby("fecha").size()
    weekday = np.array(sample.facts.card.weekday_factors)
    days = pd.date_range(SAMPLE.first_day, periods=365)
    expected = pd.Series(
        [card_season(sample.facts, d.year * 12 + d.month - 1) * weekday[d.weekday()] for d in days], index=days
    )
    factor = pd.Series([calendar.special_factor(day.date()) for day in days], index=days)
    base = bought[factor == 1].sum() / expected[factor == 1].sum()
    for name, special in sample.facts.special_days.items():
        on = [day for day in days if calendar.falls_on(special, day.date())]
        measured = float(bought[on].sum() / (base * expected[on].sum()))
        yield Finding(
            f"purchases around {name}", float(factor[on].mean()), measured, SIGMAS / sqrt(bought[on].sum()) + 0.03
        )


def card_categories(sample: Sample) -> Iterator[Finding]:
    categories = sample.facts.card.categories
    december = sample.purchases.mes == MONTHS[-1]
    for season, bought in (("", sample.purchases[~december]), (" in December", sample.purchases[december])):
        weight = {name: row.share * (row.december if season else 1) for name, row in categories.items()}
        found = bought.rubro.value_counts(normalize=True)
        for name, share in weight.items():
            yield share_finding(
                f"share of {name}{season}", share / sum(weight.values()), found.get(name, 0.0), len(bought)
            )


def tickets(sample: Sample) -> Iterator[Finding]:
    card, bought = sample.facts.card, sample.purchases[sample.purchases.tarjeta_id.isna()]
    logs = np.log(bought.monto)
    ticket = {name: np.log(row.ticket) for name, row in card.categories.items()}
    rest = logs - bought.rubro.map(ticket).astype(float)
    rest_groups = rest.groupby([bought.cliente_id, bought.mes])
    within = rest - rest_groups.transform("mean")
    spread = float(np.sqrt(np.square(within).sum() / (len(rest) - rest_groups.ngroups)))
    yield Finding("spread of tickets (heavy tail)", card.ticket_sigma, spread, 0.02)
    for name in card.categories:
        mine = within[bought.rubro == name]
        yield Finding(
            f"ticket of {name}", 1.0, float(np.exp(mine.mean())), SIGMAS * card.ticket_sigma / sqrt(len(mine)) + 0.01
        )
