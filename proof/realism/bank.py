"""Other movements of the bank: how many, for how much, bills, and payroll."""

from collections.abc import Iterator
from math import exp, sqrt

import numpy as np
import pandas as pd

from client360.simulate import calendar
from proof.realism.card import card_season
from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.people import raised_prices
from proof.realism.sample import MONTHS, Sample


def movement_counts(sample: Sample) -> Iterator[Finding]:
    facts, months = sample.facts, len(MONTHS)
    card = float(np.mean([card_season(facts, month) * calendar.day_factors(month).mean() for month in MONTHS]))
    bills = {
        kind: sum(bill.held_by for bill in facts.bills.values() if bill.kind == kind) * (1 - facts.bill_skipped)
        for kind in ("pago_servicio", "debito_automatico")
    }
    expected = {
        "compra_tarjeta": facts.card.per_month * card,
        "extraccion_cajero": facts.cash.per_month,
        "transferencia": sum(transfer.per_month for transfer in facts.transfers.values()),
        **bills,
    }
    between = {"compra_tarjeta": facts.card.per_month * sqrt(exp(facts.card.person_sigma**2) - 1)}
    counts = sample.movements[sample.movements.rubro != "reintegro"].tipo_transaccion.value_counts()
    for kind, mean in expected.items():
        error = sqrt(between.get(kind, 1.5) ** 2 / sample.customers + mean / (sample.customers * months))
        yield Finding(f"{kind} a month", mean, counts[kind] / sample.customers / months, SIGMAS * error)


def prices(sample: Sample) -> Iterator[Finding]:
    first, last = MONTHS[0], MONTHS[-1]
    every = sample.facts.payroll.raise_every_months
    # one who was last raised `lag` months before the last month was raised (lag - 11) % every months before the first
    growths = [
        calendar.price_index(last - lag - 1) / calendar.price_index(first - (lag - last + first) % every - 1)
        for lag in range(every)
    ]
    growth = float(np.mean(growths))
    salary = sample.movements[sample.movements.rubro == "haberes"].groupby(["cliente_id", "mes"]).monto.sum().unstack()
    ratio = salary[last] / salary[first]
    same_job = ratio.between(growth * 0.8, growth * 1.25)
    yield Finding("salaries, December to January", growth, float(ratio[same_job].mean()), 0.01)
    tickets = np.log(sample.purchases.monto).groupby([sample.purchases.mes, sample.purchases.rubro]).mean().unstack()
    yield Finding(
        "tickets, December to January", growth, float(np.exp((tickets.loc[last] - tickets.loc[first]).mean())), 0.03
    )


def bills(sample: Sample) -> Iterator[Finding]:
    movements = sample.movements
    for name, bill in sample.facts.bills.items():
        mine = movements[movements.rubro == name]
        yield share_finding(
            f"share of customers with {name}",
            bill.held_by,
            mine.cliente_id.nunique() / sample.customers,
            sample.customers,
        )
        if bill.season:
            winter, summer = MONTHS[6], MONTHS[0]
            growth = raised_prices(sample.facts, winter) / raised_prices(sample.facts, summer)
            mean = mine.groupby("mes").monto.mean()
            measured = float(mean[winter] / mean[summer] / growth)
            yield Finding(
                f"{name}, July to January",
                bill.season[6] / bill.season[0],
                measured,
                0.1 * bill.season[6] / bill.season[0],
            )


def amounts(sample: Sample) -> Iterator[Finding]:
    """Shares of income that those with a payday all year spend, by kind of movement."""
    facts = sample.facts
    paid = sample.movements[sample.movements.rubro == "haberes"].groupby("cliente_id").monto.agg(["sum", "count"])
    income = paid.loc[paid["count"] == len(MONTHS), "sum"]
    total = float(income.to_numpy().sum())
    mine = sample.movements[sample.movements.cliente_id.isin(income.index)]
    tickets = sample.purchases[sample.purchases.cliente_id.isin(income.index)].monto
    card = float(tickets.mean() * facts.card.per_month * len(income) * len(MONTHS) / total)
    yield Finding("card tickets, share of income", facts.card.income_share, card, facts.card.income_share * 0.1)
    cash = float(mine[mine.tipo_transaccion == "extraccion_cajero"].monto.sum() / total)
    yield Finding("extraccion_cajero, share of income", facts.cash.income_share, cash, facts.cash.income_share * 0.1)
    # movements of one kind are told apart by rubro
    rubros = {name: transfer.income_share for name, transfer in facts.transfers.items()}
    rubros |= {name: bill.held_by * bill.income_share * (1 - facts.bill_skipped) for name, bill in facts.bills.items()}
    for rubro, share in rubros.items():
        spent = float(mine[mine.rubro == rubro].monto.sum() / total)
        yield Finding(f"{rubro}, share of income", share, spent, share * 0.2)
    for name, transfer in facts.transfers.items():
        logs = np.log(mine[mine.rubro == name].monto)
        groups = logs.groupby([mine.cliente_id, mine.mes])
        spread = float(np.sqrt(np.square(logs - groups.transform("mean")).sum() / (len(logs) - groups.ngroups)))
        yield Finding(f"spread of {name}", transfer.sigma, spread, 0.03)
    for name, bill in facts.bills.items():
        share_of = (mine[mine.rubro == name].groupby("cliente_id").monto.mean() / income).dropna().to_numpy(dtype=float)
        yield Finding(f"spread of {name}", bill.sigma, float(np.std(np.log(share_of))), 0.12)


def pensioners(sample: Sample) -> pd.Series:
    """cliente_id of all who are retired on some day of the year."""
    return sample.versions[sample.versions.ocupacion == "jubilado"].cliente_id.drop_duplicates()


def payroll(sample: Sample) -> Iterator[Finding]:
    payroll = sample.facts.payroll
    salary = sample.movements[sample.movements.rubro == "haberes"].groupby(["cliente_id", "mes"]).monto.sum().unstack()
    bonus = sample.movements[sample.movements.rubro == "aguinaldo"].groupby(["cliente_id", "mes"]).monto.sum().unstack()
    yield Finding(
        "aguinaldo over salary",
        payroll.bonus_share,
        float(np.nanmedian((bonus / salary[bonus.columns]).to_numpy(dtype=float))),
        0.01,
    )
    working = salary[~salary.index.isin(pensioners(sample))]
    varies = float(np.mean(np.diff(working.to_numpy(), axis=1) != 0))
    yield Finding("months with another salary", float(payroll.variation_sigma > 0), varies, 0.01)
    employed = sample.payday[~sample.payday.index.get_level_values("cliente_id").isin(pensioners(sample))]
    paid_on = employed.reset_index()
    nth = np.array(
        [
            int(np.searchsorted(calendar.business_days(month), day)) + 1
            for month, day in zip(paid_on.mes, paid_on.dia, strict=True)
        ]
    )
    total = sum(payroll.business_day_weights.values())
    people = employed.index.get_level_values("cliente_id").nunique()
    for day, weight in payroll.business_day_weights.items():
        yield share_finding(f"salaries on business day {day}", weight / total, float((nth == day).mean()), people)
