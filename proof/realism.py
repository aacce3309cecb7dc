"""Whether a world looks like what world.yaml declares: `make realism`.

Every declared curve is measured again on the rows of a generated year and compared within a stated tolerance, four
standard errors where one is known. A curve that the generator ignores shows up as a finding that does not hold.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import exp, sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from client360.simulate import calendar
from client360.simulate.facts import WorldFacts, world_facts
from client360.simulate.shop.depots import depots
from client360.simulate.shop.draws import ORDINARY
from client360.simulate.simulation import parts
from client360.simulate.world import World

YEAR = 2025
SAMPLE = World(seed=1, customers=3000, first_day=date(YEAR, 1, 1))
MONTHS = range(YEAR * 12, YEAR * 12 + 12)
SIGMAS = 4
NORMAL_QUANTILES = np.array([NormalDist().inv_cdf((i + 0.5) / 2000) for i in range(2000)])


@dataclass(frozen=True)
class Finding:
    """One declared figure beside the measured one; `tolerance` is the largest difference taken for chance."""

    what: str
    declared: float
    measured: float
    tolerance: float

    @property
    def holds(self) -> bool:
        return abs(self.measured - self.declared) <= self.tolerance


@dataclass(frozen=True)
class Sample:
    """A generated year."""

    versions: pd.DataFrame
    """The rows of `clientes`; `mes` is the month number, amounts are floats."""
    movements: pd.DataFrame
    """The rows of `transacciones` of those who were customers all year; `dia` counts from 0, `semana` is the weekday."""
    payday: pd.Series
    """Day of the month, from 0, of each salary or pension, by (cliente_id, mes)."""
    orders: pd.DataFrame
    """The orders of the shop of those customers, one row each; `cancelada` and `devuelta` are the days on which they were,
    `despacho` and `entrega` those of the shipment, `adicional` tells those that a campaign added."""
    lines: pd.DataFrame
    """The rows of `detalle_ventas` of those orders."""
    contacts: pd.DataFrame
    """The rows of `contactos_campania` of those customers."""
    campaigns: pd.DataFrame
    """The rows of `campanias`."""
    products: pd.DataFrame
    """The rows of `productos`; amounts are floats."""

    @property
    def facts(self) -> WorldFacts:
        return world_facts()

    @property
    def first(self) -> pd.DataFrame:
        """The customers on the first day."""
        return self.versions[self.versions.fecha == pd.Timestamp(SAMPLE.first_day)]

    @property
    def card(self) -> pd.DataFrame:
        """All purchases by card."""
        return self.movements[self.movements.tipo_transaccion == "compra_tarjeta"]

    @property
    def purchases(self) -> pd.DataFrame:
        """Purchases outside the shop."""
        return self.card[self.card.rubro != "tienda"]

    @property
    def ordinary(self) -> pd.DataFrame:
        """Orders that no campaign added."""
        return self.orders[~self.orders.adicional]

    @property
    def unpaid_purchases(self) -> pd.DataFrame:
        """Purchases of those who never have a payday."""
        paid = self.payday.index.get_level_values("cliente_id").unique()
        return self.purchases[~self.purchases.cliente_id.isin(paid)]

    @property
    def customers(self) -> int:
        """How many were customers all year."""
        return int(self.movements.cliente_id.nunique())


def compare(sample: Sample) -> list[Finding]:
    """Everything measured on the sample, against world.yaml as it is now."""
    topics = (
        _provinces,
        _ages,
        _joining_ages,
        _incomes,
        _comings_and_goings,
        _counts,
        _weekdays,
        _paydays,
        _seasons,
        _special_days,
        _categories,
        _tickets,
        _prices,
        _bills,
        _amounts,
        _payroll,
        _cities,
        _orders,
        _order_lines,
        _order_days,
        _order_shares,
        _product_categories,
        _products,
        _deliveries,
        _uplift,
    )
    return [finding for topic in topics for finding in topic(sample)]


def generate() -> Sample:
    """The sample world's year."""
    found: dict[str, list[pa.Table]] = {}
    for part in parts(SAMPLE):
        for month in MONTHS:
            first = calendar.month_start(month)
            for entity, table in part.rows(first, first.replace(day=calendar.month_days(month))).items():
                found.setdefault(entity, []).append(table)
    frames = {
        entity: pa.concat_tables(tables).to_pandas(date_as_object=False)
        for entity, tables in found.items()
        if entity != "movimientos_stock"
    }
    known = frames["clientes"]
    known["ingresos_mensuales"] = known.ingresos_mensuales.astype(float)
    stayed = set(known[known.fecha == pd.Timestamp(SAMPLE.first_day)].cliente_id) - set(
        known[known.fecha_baja.notna()].cliente_id
    )
    for entity in ("transacciones", "ventas", "detalle_ventas", "envios", "contactos_campania"):
        frames[entity] = frames[entity][frames[entity].cliente_id.isin(stayed)]
    moved = frames["transacciones"]
    moved["monto"] = moved.monto.astype(float)
    moved["mes"] = moved.fecha.dt.year * 12 + moved.fecha.dt.month - 1
    moved["dia"] = moved.fecha.dt.day - 1
    moved["semana"] = moved.fecha.dt.day_of_week
    payday = moved[moved.rubro == "haberes"].groupby(["cliente_id", "mes"]).dia.first()
    products = frames["productos"]
    products[["precio", "costo"]] = products[["precio", "costo"]].astype(float)
    return Sample(
        known,
        moved,
        payday,
        orders=_joined_orders(frames["ventas"], frames["envios"]),
        lines=frames["detalle_ventas"],
        contacts=frames["contactos_campania"],
        campaigns=frames["campanias"],
        products=products,
    )


def _joined_orders(states: pd.DataFrame, shipments: pd.DataFrame) -> pd.DataFrame:
    orders = states[states.estado == "completada"].set_index("venta_id")
    for state in ("cancelada", "devuelta"):
        orders[state] = states[states.estado == state].set_index("venta_id").fecha
    delivered = shipments[shipments.estado == "entregado"].set_index("venta_id")
    orders["despacho"], orders["entrega"] = delivered.fecha_despacho, delivered.fecha_entrega
    orders["costo_envio"] = shipments.drop_duplicates("venta_id").set_index("venta_id").costo_envio.astype(float)
    orders["mes"] = orders.fecha.dt.year * 12 + orders.fecha.dt.month - 1
    orders["semana"] = orders.fecha.dt.day_of_week
    orders["adicional"] = orders.index.str[-3:].astype(int) >= ORDINARY
    return orders


def _share(what: str, share: float, measured: float, of: int) -> Finding:
    return Finding(what, share, measured, SIGMAS * sqrt(share * (1 - share) / of) + 0.5 / of)


def _provinces(sample: Sample) -> Iterator[Finding]:
    population = {name: province.population for name, province in sample.facts.provinces.items()}
    found = sample.first.provincia.value_counts(normalize=True)
    for name, people in population.items():
        share = people / sum(population.values())
        yield _share(f"share of customers in {name}", share, found.get(name, 0.0), len(sample.first))


def _ages(sample: Sample) -> Iterator[Finding]:
    age = (pd.Timestamp(SAMPLE.first_day) - sample.first.fecha_nacimiento).dt.days / 365.2425
    for share, years in sample.facts.people.age_quantiles.items():
        if 0 < share < 1:
            yield _share(f"share of customers younger than {years}", share, float((age < years).mean()), len(age))


def _joining_ages(sample: Sample) -> Iterator[Finding]:
    joined = sample.versions[(sample.versions.fecha == sample.versions.fecha_alta)]
    joined = joined[joined.fecha > pd.Timestamp(SAMPLE.first_day)]
    age = (joined.fecha - joined.fecha_nacimiento).dt.days / 365.2425
    for share, years in sample.facts.people.age_quantiles.items():
        if 0 < share < 1:
            yield _share(f"share of new customers younger than {years}", share, float((age < years).mean()), len(age))


def _raised_prices(facts: WorldFacts, month: int) -> float:
    """Level of prices in the incomes of a month, mean over the customers' months of raise."""
    every = facts.payroll.raise_every_months
    return float(np.mean([calendar.price_index(month - lag - 1) for lag in range(every)]))


def _incomes(sample: Sample) -> Iterator[Finding]:
    told = sample.first[sample.first.ingresos_mensuales > 0]
    for name, occupation in sample.facts.occupations.items():
        income = np.log(told.ingresos_mensuales[told.ocupacion == name] / _raised_prices(sample.facts, MONTHS[0]))
        error = occupation.sigma / sqrt(len(income))
        median, spread = float(np.exp(income.median())), float(income.std())
        yield Finding(f"median income of {name}", 1.0, median / occupation.income, SIGMAS * 1.2533 * error + 0.02)
        yield Finding(f"spread of income of {name}", occupation.sigma, spread, SIGMAS * error / sqrt(2) + 0.02)
    for name, occupation in sample.facts.occupations.items():
        people = sample.first[sample.first.ocupacion == name]
        if occupation.declares_none:
            none = float((people.ingresos_mensuales == 0).mean())
            yield _share(f"share of {name} declaring no income", occupation.declares_none, none, len(people))


def _comings_and_goings(sample: Sample) -> Iterator[Finding]:
    people, size = sample.facts.people, SAMPLE.customers
    left, joined = (
        int(sample.versions.fecha_baja.notna().sum()),
        int((sample.versions.fecha_alta == sample.versions.fecha).sum()),
    )
    leaving = 1 / people.mean_stay_years
    tolerance = SIGMAS * sqrt(leaving / size)
    yield Finding("customers leaving a year, share", leaving, left / size, tolerance)
    yield Finding("customers joining a year, share", leaving, joined / size, tolerance)
    ordered = sample.versions.sort_values(["cliente_id", "fecha"])
    same = ordered.cliente_id == ordered.cliente_id.shift()
    population = np.array([province.population for province in sample.facts.provinces.values()])
    elsewhere = 1 - float(np.square(population / population.sum()).sum())
    moves = people.moves_per_year * people.moves_to_other_province * elsewhere
    moved = int((same & (ordered.provincia != ordered.provincia.shift())).sum())
    yield Finding("moves to another province a year", moves, moved / size, SIGMAS * sqrt(moves / size))
    jobs = int((same & (ordered.ocupacion != ordered.ocupacion.shift())).sum())
    share = np.array([row.share for row in sample.facts.occupations.values()])
    working = 1 - float((sample.first.ocupacion == "jubilado").mean())
    changes = people.job_changes_per_year * working * (1 - float(np.square(share / share.sum()).sum()))
    youngest, latest = people.retirement_ages
    age = YEAR - sample.first.fecha_nacimiento.dt.year
    retiring = (
        ((age > youngest) & (age <= latest) & (sample.first.ocupacion != "jubilado")).mean() / (latest - youngest) * 2
    )
    yield Finding("changes of occupation a year", changes + retiring, jobs / size, SIGMAS * sqrt(changes / size) + 0.02)


def _counts(sample: Sample) -> Iterator[Finding]:
    facts, months = sample.facts, len(MONTHS)
    card = float(np.mean([_season(facts, month) * calendar.day_factors(month).mean() for month in MONTHS]))
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


def _season(facts: WorldFacts, month: int) -> float:
    return facts.card.season[month % 12] / float(np.mean(facts.card.season))


def _weekdays(sample: Sample) -> Iterator[Finding]:
    days = pd.date_range(SAMPLE.first_day, periods=365)
    ordinary = days[[calendar.special_factor(day.date()) == 1 for day in days]]
    bought = sample.unpaid_purchases
    bought = bought[bought.fecha.isin(ordinary)]
    # weigh each day by its season, so that an uneven number of weekdays a month does not matter
    rate = (
        bought.groupby("semana").size()
        / pd.Series(
            [_season(sample.facts, day.year * 12 + day.month - 1) for day in ordinary], index=ordinary.day_of_week
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


def _paydays(sample: Sample) -> Iterator[Finding]:
    """Purchases in the days from payday on, against what weekday and special days alone explain."""
    card, near, far = sample.facts.card, range(3), range(9, 16)
    bought = sample.purchases.join(sample.payday.rename("cobro"), on=["cliente_id", "mes"], how="inner")
    since = bought.dia - bought.cobro
    paid = sample.payday.reset_index().groupby(["mes", "dia"]).size().reset_index(name="personas")

    def rate(days: range) -> float:
        exposure = sum(
            people * calendar.day_factors(month)[payday + day] * _season(sample.facts, month)
            for month, payday, people in paid.itertuples(index=False)
            for day in days
            if payday + day < calendar.month_days(month)
        )
        return float(since.isin(list(days)).sum() / exposure)

    def lift(days: range) -> float:
        return float(np.mean([1 + card.payday_lift * exp(-day / card.payday_decay_days) for day in days]))

    yield Finding("purchases just after payday", lift(near) / lift(far), rate(near) / rate(far), 0.04)


def _seasons(sample: Sample) -> Iterator[Finding]:
    counts = sample.card.groupby("mes").size()
    means = {month: counts[month] / calendar.day_factors(month).mean() for month in MONTHS}
    for month, count in means.items():
        measured = float(count / np.mean(list(means.values())))
        tolerance = SIGMAS / sqrt(counts[month]) + 0.01
        yield Finding(f"purchases in month {month % 12 + 1}", _season(sample.facts, month), measured, tolerance)


def _special_days(sample: Sample) -> Iterator[Finding]:
    bought = sample.unpaid_purchases.groupby("fecha").size()
    weekday = np.array(sample.facts.card.weekday_factors)
    days = pd.date_range(SAMPLE.first_day, periods=365)
    expected = pd.Series(
        [_season(sample.facts, d.year * 12 + d.month - 1) * weekday[d.weekday()] for d in days], index=days
    )
    factor = pd.Series([calendar.special_factor(day.date()) for day in days], index=days)
    base = bought[factor == 1].sum() / expected[factor == 1].sum()
    for name, special in sample.facts.special_days.items():
        on = [day for day in days if calendar.falls_on(special, day.date())]
        measured = float(bought[on].sum() / (base * expected[on].sum()))
        yield Finding(
            f"purchases around {name}", float(factor[on].mean()), measured, SIGMAS / sqrt(bought[on].sum()) + 0.03
        )


def _categories(sample: Sample) -> Iterator[Finding]:
    categories = sample.facts.card.categories
    december = sample.purchases.mes == MONTHS[-1]
    for season, bought in (("", sample.purchases[~december]), (" in December", sample.purchases[december])):
        weight = {name: row.share * (row.december if season else 1) for name, row in categories.items()}
        found = bought.rubro.value_counts(normalize=True)
        for name, share in weight.items():
            yield _share(f"share of {name}{season}", share / sum(weight.values()), found.get(name, 0.0), len(bought))


def _tickets(sample: Sample) -> Iterator[Finding]:
    card, bought = sample.facts.card, sample.purchases
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


def _prices(sample: Sample) -> Iterator[Finding]:
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


def _bills(sample: Sample) -> Iterator[Finding]:
    movements = sample.movements
    for name, bill in sample.facts.bills.items():
        mine = movements[movements.rubro == name]
        yield _share(
            f"share of customers with {name}",
            bill.held_by,
            mine.cliente_id.nunique() / sample.customers,
            sample.customers,
        )
        if bill.season:
            winter, summer = MONTHS[6], MONTHS[0]
            growth = _raised_prices(sample.facts, winter) / _raised_prices(sample.facts, summer)
            mean = mine.groupby("mes").monto.mean()
            measured = float(mean[winter] / mean[summer] / growth)
            yield Finding(
                f"{name}, July to January",
                bill.season[6] / bill.season[0],
                measured,
                0.1 * bill.season[6] / bill.season[0],
            )


def _amounts(sample: Sample) -> Iterator[Finding]:
    """What those with a payday spend of their income, by kind."""
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
    # what the bank can not know of one kind from the next is known by rubro
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


def _pensioners(sample: Sample) -> pd.Series:
    return sample.versions[sample.versions.ocupacion == "jubilado"].cliente_id.drop_duplicates()


def _cities(sample: Sample) -> Iterator[Finding]:
    for name, province in sample.facts.provinces.items():
        here = sample.first[sample.first.provincia == name]
        if len(here) > 100:
            for city, weight in province.cities.items():
                share = weight / sum(province.cities.values())
                yield _share(f"share of {city} in {name}", share, float((here.ciudad == city).mean()), len(here))


def _payroll(sample: Sample) -> Iterator[Finding]:
    payroll = sample.facts.payroll
    salary = sample.movements[sample.movements.rubro == "haberes"].groupby(["cliente_id", "mes"]).monto.sum().unstack()
    bonus = sample.movements[sample.movements.rubro == "aguinaldo"].groupby(["cliente_id", "mes"]).monto.sum().unstack()
    yield Finding(
        "aguinaldo over salary",
        payroll.bonus_share,
        float(np.nanmedian((bonus / salary[bonus.columns]).to_numpy(dtype=float))),
        0.01,
    )
    working = salary[~salary.index.isin(_pensioners(sample))]
    varies = float(np.mean(np.diff(working.to_numpy(), axis=1) != 0))
    yield Finding("months with another salary", float(payroll.variation_sigma > 0), varies, 0.01)
    employed = sample.payday[~sample.payday.index.get_level_values("cliente_id").isin(_pensioners(sample))]
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
        yield _share(f"salaries on business day {day}", weight / total, float((nth == day).mean()), people)


def _demand(facts: WorldFacts, month: int) -> pd.Series:
    """Demand of the shop by category in a month, relative to that for all of them in the mean one."""
    categories = facts.shop.catalog.categories
    total = sum(row.share for row in categories.values())
    return pd.Series(
        {name: row.share / total * row.season[month % 12] / np.mean(row.season) for name, row in categories.items()}
    )


def _mean(shares: dict[int, float]) -> tuple[float, float]:
    """Mean and standard deviation."""
    values, weights = np.array(list(shares)), np.array(list(shares.values()))
    mean = float(np.average(values, weights=weights))
    return mean, sqrt(float(np.average((values - mean) ** 2, weights=weights)))


def _orders(sample: Sample) -> Iterator[Finding]:
    facts, months = sample.facts.shop.orders, len(MONTHS)
    demand = float(
        np.mean([_demand(sample.facts, month).sum() * calendar.shop_day_factors(month).mean() for month in MONTHS])
    )
    mean = facts.per_month * demand
    between = mean * sqrt(exp(facts.person_sigma**2) - 1)
    error = sqrt(between**2 / sample.customers + mean / (sample.customers * months))
    measured = len(sample.ordinary) / sample.customers / months
    yield Finding("orders a month", mean, measured, SIGMAS * error)
    rates = np.exp(facts.person_sigma * NORMAL_QUANTILES - facts.person_sigma**2 / 2) * mean * months
    none = 1 - sample.ordinary.cliente_id.nunique() / sample.customers
    yield _share("share without an order (heavy tail)", float(np.exp(-rates).mean()), none, sample.customers)
    for month in MONTHS:
        mine = sample.ordinary[sample.ordinary.mes == month]
        day = calendar.shop_day_factors(month).mean()
        declared_share = _demand(sample.facts, month).sum() * day / demand / months
        tolerance = SIGMAS * sqrt(declared_share / len(sample.ordinary)) + 0.002
        yield Finding(
            f"share of orders in month {month % 12 + 1}", declared_share, len(mine) / len(sample.ordinary), tolerance
        )


def _order_lines(sample: Sample) -> Iterator[Finding]:
    facts, lines = sample.facts.shop.orders, sample.lines
    for what, shares, values in (
        ("lines an order", facts.lines, lines.groupby("venta_id").size()),
        ("units a line", facts.units, lines.cantidad),
    ):
        mean, deviation = _mean(shares)
        yield Finding(what, mean, float(values.mean()), SIGMAS * deviation / sqrt(len(values)))
    discounted = float((lines.descuento > 0).mean())
    yield _share("share of lines with a discount", facts.discounted, discounted, len(lines))


def _order_days(sample: Sample) -> Iterator[Finding]:
    days = pd.date_range(SAMPLE.first_day, periods=365)
    factors = np.array(sample.facts.shop.orders.weekday_factors)
    factors /= factors.mean()
    months = {month: _demand(sample.facts, month).sum() for month in MONTHS}
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


def _order_shares(sample: Sample) -> Iterator[Finding]:
    facts, orders = sample.facts.shop.orders, sample.orders
    found = orders.metodo_pago.value_counts(normalize=True)
    for name, share in facts.payment_methods.items():
        total = sum(facts.payment_methods.values())
        yield _share(f"share of orders paid by {name}", share / total, found.get(name, 0.0), len(orders))
    ended = orders[orders.mes < MONTHS[-1] - 1]
    yield _share("share of orders cancelled", facts.cancelled, float(ended.cancelada.notna().mean()), len(ended))
    kept = ended[ended.cancelada.isna()]
    yield _share("share of orders returned", facts.returned, float(kept.devuelta.notna().mean()), len(kept))


def _product_categories(sample: Sample) -> Iterator[Finding]:
    category = sample.products.drop_duplicates("producto_id").set_index("producto_id").categoria
    lines = sample.lines[sample.lines.venta_id.isin(sample.ordinary.index)]
    sold = lines.producto_id.map(category)
    for season, months in (("", MONTHS), (" in August", MONTHS[7:8]), (" in December", MONTHS[-1:])):
        demand = sum(_demand(sample.facts, month) * calendar.shop_day_factors(month).sum() for month in months)
        mine = sold[lines.fecha.dt.month.isin([month % 12 + 1 for month in months])]
        found = mine.value_counts(normalize=True)
        for name, share in (demand / demand.sum()).items():
            yield _share(f"share of {name}{season}", share, found.get(name, 0.0), len(mine))


def _products(sample: Sample) -> Iterator[Finding]:
    facts, products = sample.facts.shop.catalog, sample.products.sort_values(["producto_id", "fecha"])
    first = products.drop_duplicates("producto_id")
    yield _share(
        "share of products on sale on the first day",
        facts.sold_from_start,
        # the others follow over launch_days, of which a year has passed
        float((first.fecha_alta <= pd.Timestamp(SAMPLE.first_day)).sum() / facts.products),
        facts.products,
    )
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


def _deliveries(sample: Sample) -> Iterator[Finding]:
    """Days of delay near and far, in ordinary weeks and in peak weeks; what a shipment costs."""
    facts, orders = sample.facts.shop.shipping, sample.orders[sample.orders.entrega.notna()]
    orders = orders[orders.mes < MONTHS[-1]]
    km = orders.provincia_envio.map(dict(zip(sample.facts.provinces, depots().km, strict=True)))
    peak = pd.concat(
        pd.Series(calendar.shop_peaks(m), pd.date_range(calendar.month_start(m), periods=calendar.month_days(m)))
        for m in MONTHS
    )
    busy = 1 + facts.peak_delay * orders.fecha.map(peak)
    mean = (facts.delay_days + facts.delay_days_per_1000_km * km / 1000) * busy
    # whole days of an exponential time
    expected = 1 / np.expm1(1 / mean)
    delay = (orders.entrega - orders.despacho).dt.days - 1 - np.ceil(km / facts.km_per_day)
    handling = (orders.despacho - orders.fecha).dt.days - 1
    for where, there in (("near", km < 300), ("at middle distance", km.between(300, 700)), ("far", km > 700)):
        for when, then in (("", busy < 1.01), (" in peak weeks", busy > 1.2)):
            mine = there & then
            tolerance = SIGMAS * float(delay[mine].std()) / sqrt(mine.sum()) + 0.02
            yield Finding(
                f"days of delay {where}{when}", float(expected[mine].mean()), float(delay[mine].mean()), tolerance
            )
    for when, then in (("", busy < 1.01), (" in peak weeks", busy > 1.2)):
        dispatch = float((1 / np.expm1(1 / (facts.dispatch_mean_days * busy[then]))).mean())
        tolerance = SIGMAS * float(handling[then].std()) / sqrt(then.sum()) + 0.05
        yield Finding(f"days to dispatch{when}", dispatch, float(handling[then].mean()), tolerance)
    cost = (facts.base_cost + facts.cost_per_100_km * km / 100) * orders.mes.map(calendar.price_index)
    for where, there in (("near", km < 300), ("far", km > 700)):
        ratio = float((orders.costo_envio / cost)[there].mean())
        yield Finding(f"cost of shipments {where}, against the declared", 1.0, ratio, 0.001)


def _uplift(sample: Sample) -> Iterator[Finding]:
    """Orders of the treated over those of the control, in all campaigns of a channel."""
    facts, campaigns = sample.facts.shop.campaigns, sample.campaigns.set_index("campania_id")
    both = sample.orders.reset_index()[["venta_id", "cliente_id", "fecha"]].merge(
        sample.contacts[["campania_id", "cliente_id", "grupo"]], on="cliente_id"
    )
    window = both.campania_id.map(campaigns.fecha_inicio), both.campania_id.map(campaigns.fecha_fin)
    inside = both[(both.fecha >= window[0]) & (both.fecha <= window[1])]
    counts = inside.groupby(["campania_id", "cliente_id"]).size().rename("pedidos")
    people = sample.contacts.join(counts, on=["campania_id", "cliente_id"]).fillna({"pedidos": 0})
    tried = people.campania_id.map(campaigns.canal).map({name: row.uplift for name, row in facts.channels.items()})
    control = people.grupo == "control"
    for what, mine in (("all that lift", tried > 0), ("A/A", tried == 0)):
        if not mine.any():
            continue
        groups = [people.pedidos[mine & (control == which)] for which in (False, True)]
        treated, base = (float(group.mean()) for group in groups)
        errors = [float(group.std()) / sqrt(len(group)) for group in groups]
        # each campaign weighs as much as it has orders of the control
        declared_uplift = float(np.average(tried[mine & control], weights=people.pedidos[mine & control] + 1e-9))
        tolerance = SIGMAS * (treated / base) * sqrt((errors[0] / treated) ** 2 + (errors[1] / base) ** 2)
        yield Finding(f"uplift of campaigns, {what}", declared_uplift, treated / base - 1, tolerance)
    assigned = len(people) / len(campaigns) / sample.customers
    yield _share("share assigned to a campaign", facts.assigned, assigned, len(campaigns) * sample.customers)
    yield _share("share of those in the control group", 0.5, float(control.mean()), len(people))


def main() -> int:
    findings = compare(generate())
    table = Table("", "declared", "measured", "tolerance", "", box=None)
    for finding in findings:
        figures = (f"{figure:.4f}" for figure in (finding.declared, finding.measured, finding.tolerance))
        table.add_row(finding.what, *figures, "" if finding.holds else "[red]differs[/red]")
    Console().print(table)
    differing = sum(not finding.holds for finding in findings)
    print(f"{len(findings)} figures of {SAMPLE.name} in {YEAR}: {differing} differ from world.yaml")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
