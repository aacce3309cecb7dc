"""Where customers live, how old they are, what they earn, and how they come and go."""

from collections.abc import Iterator
from math import sqrt

import numpy as np
import pandas as pd

from client360.simulate import calendar
from client360.simulate.facts import WorldFacts
from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.sample import MONTHS, SAMPLE, YEAR, Sample


def provinces(sample: Sample) -> Iterator[Finding]:
    population = {name: province.population for name, province in sample.facts.provinces.items()}
    found = sample.first.provincia.value_counts(normalize=True)
    for name, people in population.items():
        share = people / sum(population.values())
        yield share_finding(f"share of customers in {name}", share, found.get(name, 0.0), len(sample.first))


def cities(sample: Sample) -> Iterator[Finding]:
    for name, province in sample.facts.provinces.items():
        here = sample.first[sample.first.provincia == name]
        if len(here) > 100:
            for city, weight in province.cities.items():
                share = weight / sum(province.cities.values())
                yield share_finding(f"share of {city} in {name}", share, float((here.ciudad == city).mean()), len(here))


def ages(sample: Sample) -> Iterator[Finding]:
    age = (pd.Timestamp(SAMPLE.first_day) - sample.first.fecha_nacimiento).dt.days / 365.2425
    for share, years in sample.facts.people.age_quantiles.items():
        if 0 < share < 1:
            yield share_finding(
                f"share of customers younger than {years}", share, float((age < years).mean()), len(age)
            )


def joining_ages(sample: Sample) -> Iterator[Finding]:
    joined = sample.versions[(sample.versions.fecha == sample.versions.fecha_alta)]
    joined = joined[joined.fecha > pd.Timestamp(SAMPLE.first_day)]
    age = (joined.fecha - joined.fecha_nacimiento).dt.days / 365.2425
    for share, years in sample.facts.people.age_quantiles.items():
        if 0 < share < 1:
            yield share_finding(
                f"share of new customers younger than {years}", share, float((age < years).mean()), len(age)
            )


def raised_prices(facts: WorldFacts, month: int) -> float:
    """Level of prices in the incomes of a month, mean over the customers' months of raise."""
    every = facts.payroll.raise_every_months
    return float(np.mean([calendar.price_index(month - lag - 1) for lag in range(every)]))


def incomes(sample: Sample) -> Iterator[Finding]:
    """Declared incomes, each over what its province, age and the prices account for."""
    people, provinces = sample.facts.people, sample.facts.provinces
    declared = sample.first[sample.first.ingresos_mensuales > 0]
    age = (pd.Timestamp(SAMPLE.first_day) - declared.fecha_nacimiento).dt.days / 365.2425
    by_age = np.interp(age, list(people.income_by_age), list(people.income_by_age.values()))
    by_province = declared.provincia.map({name: province.income for name, province in provinces.items()})
    prices = raised_prices(sample.facts, MONTHS[0])
    base = np.log(declared.ingresos_mensuales / prices / by_age / by_province)
    for name, occupation in sample.facts.occupations.items():
        income = base[declared.ocupacion == name]
        if occupation.floor:
            least = declared.ingresos_mensuales[declared.ocupacion == name] <= occupation.floor * prices * 1.05
            yield Finding(f"share of {name} with the least income", 0.5, float(least.mean()), 0.12)
            continue
        error = occupation.sigma / sqrt(len(income))
        median, spread = float(np.exp(income.median())), float(income.std())
        yield Finding(f"median income of {name}", 1.0, median / occupation.income, SIGMAS * 1.2533 * error + 0.02)
        yield Finding(f"spread of income of {name}", occupation.sigma, spread, SIGMAS * error / sqrt(2) + 0.02)
    for name, occupation in sample.facts.occupations.items():
        people_of = sample.first[sample.first.ocupacion == name]
        if occupation.declares_none:
            none = float((people_of.ingresos_mensuales == 0).mean())
            yield share_finding(f"share of {name} declaring no income", occupation.declares_none, none, len(people_of))
    # what province and age do to income, each over what the other and the occupation account for
    own = declared.ocupacion.map({name: row.income for name, row in sample.facts.occupations.items()})
    working = declared.ocupacion != "jubilado"
    rest = np.log(declared.ingresos_mensuales / prices / own)
    capital, elsewhere = (declared.provincia == name for name in ("Ciudad Autónoma de Buenos Aires", "Buenos Aires"))
    for what, rows, other, factor in (
        ("income in the capital against the province around it", capital, elsewhere, by_province),
        ("income at 40 to 50 against 18 to 28", age.between(40, 50), age.between(18, 28), pd.Series(by_age, age.index)),
    ):
        adjusted = rest - np.log(by_province if factor is not by_province else pd.Series(by_age, age.index))
        one, two = adjusted[working & rows], adjusted[working & other]
        ratio = float(factor[working & rows].mean() / factor[working & other].mean())
        error = sqrt(one.var() / len(one) + two.var() / len(two))
        yield Finding(what, ratio, float(np.exp(one.mean() - two.mean())), ratio * SIGMAS * error)


def comings_and_goings(sample: Sample) -> Iterator[Finding]:
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
