"""Other movements of the bank: how many, for how much, bills, and payroll."""

from collections.abc import Iterator
from math import exp, sqrt

import numpy as np
import pandas as pd

from client360.simulate import calendar
from proof.realism.card import card_season
from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.sample import MONTHS, Sample


def movement_counts(sample: Sample) -> Iterator[Finding]:
    """Movements a month and customer, by kind: two digits of transaccion_id."""
    facts, months = sample.facts, len(MONTHS)
    card = float(np.mean([card_season(facts, month) * calendar.day_factors(month).mean() for month in MONTHS]))
    sent, screens = facts.transfers.enviada.per_month, exp(facts.cash.digital_strength**2)
    bills = {
        kind: sum(bill.held_by for bill in facts.bills.values() if bill.kind == kind) * (1 - facts.bill_skipped)
        for kind in ("pago_servicio", "debito_automatico")
    }
    expected = {
        "purchases": (("00", "10"), facts.card.per_month * card),
        "withdrawals": (("03",), facts.cash.per_month * screens),
        "transfers sent": (("01",), sent),
        "transfers from outside": (("11",), facts.transfers.recibida.per_month),
        "transfers between customers": (("12",), sent * facts.transfers.within),
        "services paid": (("04",), bills["pago_servicio"]),
        "direct debits": (("02",), bills["debito_automatico"]),
    }
    between = {"purchases": facts.card.per_month * sqrt(exp(facts.card.person_sigma**2) - 1), "transfers sent": 3.0}
    counts = sample.movements.transaccion_id.str[14:16].value_counts()
    for what, (kinds, mean) in expected.items():
        error = sqrt(between.get(what, 1.5) ** 2 / sample.customers + mean / (sample.customers * months))
        measured = sum(counts[kind] for kind in kinds) / sample.customers / months
        yield Finding(f"{what} a month", mean, measured, SIGMAS * error)


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
    # people live by what they earn and by what they earned when contracts were made, which prices move at once
    growth = (growth + calendar.price_index(last - 1) / calendar.price_index(first - 1)) / 2
    bought = sample.purchases[sample.purchases.cuotas == 1]  # those that do not depend on what the month has left
    tickets = bought.groupby(["mes", "rubro"]).monto.mean().unstack()
    shares = bought.rubro.value_counts(normalize=True)
    grown = (tickets.loc[last] / tickets.loc[first]).to_numpy(dtype=float)
    measured = float(np.nansum(grown * shares.reindex(tickets.columns).to_numpy(dtype=float)))
    yield Finding("tickets on credit, December to January", growth, measured, 0.15)  # few people buy much


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
            growth = calendar.price_index(winter - 1) / calendar.price_index(summer - 1)
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
    rubros = {name: bill.held_by * bill.income_share * (1 - facts.bill_skipped) for name, bill in facts.bills.items()}
    for rubro, share in rubros.items():
        spent = float(mine[mine.rubro == rubro].monto.sum() / total)
        yield Finding(f"{rubro}, share of income", share, spent, share * 0.2)
    kinds = mine.transaccion_id.str[14:16]
    for kind, name, transfer in (("01", "sent", facts.transfers.enviada), ("11", "received", facts.transfers.recibida)):
        moved = mine[kinds == kind]
        measured = float(moved.monto.sum() / total)
        yield Finding(
            f"transfers {name}, share of income", transfer.income_share, measured, transfer.income_share * 0.2
        )
        logs = np.log(moved.monto)
        groups = logs.groupby([moved.cliente_id, moved.mes])
        spread = float(np.sqrt(np.square(logs - groups.transform("mean")).sum() / (len(logs) - groups.ngroups)))
        yield Finding(f"spread of transfers {name}", transfer.sigma, spread, 0.06)  # the largest are cut off
    for name, bill in facts.bills.items():
        share_of = (mine[mine.rubro == name].groupby("cliente_id").monto.mean() / income).dropna().to_numpy(dtype=float)
        yield Finding(f"spread of {name}", bill.sigma, float(np.std(np.log(share_of))), 0.15)


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
