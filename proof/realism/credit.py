"""Credit cards and savings, and what depends on what: the traits of people are known to the generator alone."""

from collections.abc import Iterator
from math import log, sqrt

import numpy as np
import pandas as pd

from client360.simulate import calendar
from client360.simulate.people import Population
from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.sample import MONTHS, Sample

NORMAL = np.random.default_rng(1).standard_normal(200_000)
"""Numbers over which a probability of people of all kinds is averaged."""


def traits(sample: Sample) -> pd.DataFrame:
    """The traits of the customers, by cliente_id."""
    frames = []
    for block in sample.world.blocks:
        for generation in Population(sample.world, block).generations(calendar.day_number(sample.world.first_day)):
            frames.append(pd.DataFrame(generation.traits, index=generation.cliente_id.to_pylist()))
    found = pd.concat(frames)
    return found[found.index.isin(sample.movements.cliente_id.unique())]


def tilted(share: float, strength: float) -> float:
    """The mean share among all people of what happens to this share of those of mean stress."""
    return float(np.mean(1 / (1 + np.exp(-(log(share / (1 - share)) + strength * NORMAL)))))


def cards(sample: Sample) -> Iterator[Finding]:
    facts = sample.facts.credit
    held = sample.cards.cliente_id.nunique() / sample.customers
    yield share_finding("share of customers with a credit card", facts.held_by, held, sample.customers)
    bought = sample.purchases[sample.purchases.tarjeta_id.notna()]
    for plan, share in facts.plans.items():
        share_of = float((bought.cuotas == plan).mean())
        # numbers of a person's purchases differ by month more than by chance alone
        yield Finding(
            f"share of purchases in {plan} instalments", share, share_of, 6 * sqrt(share / len(bought)) + 0.002
        )
    larger = {plan: facts.plan_ticket if plan > 1 else 1.0 for plan in facts.plans}
    amounts = {plan: share * larger[plan] for plan, share in facts.plans.items()}
    several = 1 - amounts[1] / sum(amounts.values())
    measured = float(bought[bought.cuotas > 1].monto.sum() / bought.monto.sum())
    yield Finding("amount in instalments", several, measured, 0.03)
    holders = sample.purchases[sample.purchases.cliente_id.isin(sample.cards.cliente_id)]
    on_credit = float(holders[holders.tarjeta_id.notna()].monto.sum() / holders.monto.sum())
    yield Finding("amount that holders buy on credit", facts.amount_share, on_credit, 0.08)


def payments(sample: Sample) -> Iterator[Finding]:
    facts, paid = sample.facts.credit, sample.statements[sample.statements.pagado.notna()]
    late = paid.pagado_el > paid.fecha_vencimiento
    declared = tilted(facts.late, facts.stress_strength)
    yield Finding("share of statements paid late", declared, float(late.mean()), declared * 0.15)
    stress = paid.cliente_id.map(traits(sample).stress)
    calm, strained = late[stress < -0.5], late[stress > 0.5]
    odds = [float(group.mean() / (1 - group.mean())) for group in (calm, strained)]
    means = stress[stress > 0.5].mean() - stress[stress < -0.5].mean()
    error = sqrt(1 / calm.sum() + 1 / strained.sum()) / means
    yield Finding("stress on paying late", facts.stress_strength, log(odds[1] / odds[0]) / means, SIGMAS * error + 0.05)
    revolves = (paid.pagado < paid.total) & (paid.fecha_cierre.dt.month < 12)
    share = tilted(facts.revolve, facts.stress_strength) * facts.revolve_months
    yield Finding("share of statements paid in part", share, float(revolves.mean()), share * 0.12)


def savings(sample: Sample) -> Iterator[Finding]:
    facts, moved = sample.facts.balances, sample.movements
    bought = moved[moved.tipo_transaccion == "moneda_extranjera"].groupby("mes").size()
    saved = moved[moved.tipo_transaccion.isin(["moneda_extranjera", "ahorro"])].groupby("mes").size()
    inflation = [sample.facts.prices.variation(f"{calendar.month_start(month):%Y-%m}") for month in MONTHS]
    declared = np.array([min(facts.dollars + facts.dollars_per_inflation * rate, 0.9) for rate in inflation])
    share = (bought / saved).to_numpy(dtype=float)
    for month, expected, measured, size in zip(MONTHS, declared, share, saved, strict=True):
        yield share_finding(
            f"savings in dollars in month {month % 12 + 1}", float(expected), float(measured), int(size)
        )


def dependence(sample: Sample) -> Iterator[Finding]:
    """Rank correlations: what a person earns, spends and keeps."""
    moved = sample.movements
    income = moved[moved.rubro == "haberes"].groupby("cliente_id").monto.sum()
    spent = moved[moved.tipo_transaccion == "compra_tarjeta"].groupby("cliente_id").monto.sum().reindex(income.index)
    yield Finding("spending by card follows income (rank correlation)", 0.85, _rank(income, spent.fillna(0)), 0.10)
    person = traits(sample)
    cash = moved[moved.transaccion_id.str[14:16] == "03"].groupby("cliente_id").size().reindex(person.index).fillna(0)
    sent = moved[moved.transaccion_id.str[14:16] == "01"].groupby("cliente_id").size().reindex(person.index).fillna(0)
    strength = sample.facts.cash.digital_strength
    slope = np.polyfit(person.digital, np.log(sent + 0.5), 1)[0] - np.polyfit(person.digital, np.log(cash + 0.5), 1)[0]
    yield Finding("screens against cash, by standard deviation", 2 * strength, float(slope), 0.06)


def _rank(one: pd.Series, other: pd.Series) -> float:
    return float(one.rank().corr(other.rank()))
