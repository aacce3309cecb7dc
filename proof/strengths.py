"""Whether the declared strengths of causes are found again in worlds: `make strengths`.

Each strength is estimated in each world from its rows and from what people are like, by a Poisson regression with errors that
allow for clusters, in units of the declared one: 1 is as declared. An interval of 95 % should hold it in about 38 of 40 worlds.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Floats
from client360.simulate.shop.catalog import catalog
from client360.simulate.shop.prices import log_prices
from proof.realism.campaigns import treated
from proof.realism.orders import usual_orders
from proof.realism.sample import MONTHS, SAMPLE, Sample, generate

WORLDS = 40
HELD = range(34, WORLDS + 1)
"""In how many of the worlds an interval of 95 % may hold the truth: in fewer with a probability below one in a hundred."""
NORMAL = 1.96


@dataclass(frozen=True)
class Estimate:
    """A strength in one world, relative to the declared one; `error` is its standard error."""

    what: str
    value: float
    error: float

    @property
    def holds(self) -> bool:
        return abs(self.value - 1) <= NORMAL * self.error


def slope(what: str, counts: Floats, expected: Floats, cause: Floats) -> Estimate:
    """The exponent of `cause`, a declared factor, in what is expected without it; all of the shape (clusters, cells)."""
    x = np.log(cause)
    level, found = np.log(counts.sum() / (expected * cause).sum()), 1.0
    for _ in range(50):
        mean = expected * np.exp(level + found * x)
        residual = counts - mean
        information = np.array([[mean.sum(), (mean * x).sum()], [(mean * x).sum(), (mean * x * x).sum()]])
        step = np.linalg.solve(information, [residual.sum(), (residual * x).sum()])
        level, found = level + step[0], found + step[1]
        if np.abs(step).max() < 1e-9:
            break
    scores = np.stack([residual.sum(axis=1), (residual * x).sum(axis=1)])
    bread = np.linalg.inv(information)
    return Estimate(what, float(found), float(np.sqrt((bread @ (scores @ scores.T) @ bread)[1, 1])))


def level(what: str, counts: Floats, expected: Floats) -> Estimate:
    """What was counted over what is expected as declared; both of the shape (clusters,)."""
    value = counts.sum() / expected.sum()
    return Estimate(what, float(value), float(np.sqrt(((counts - value * expected) ** 2).sum()) / expected.sum()))


def income(sample: Sample) -> Iterator[Estimate]:
    people, facts = sample.shoppers, sample.facts.shop.orders
    cause = np.exp(facts.income_elasticity * people.tier)
    counts = by_month(sample, people.counts(sample.ordinary))
    usual = by_month(sample, usual_orders(sample) * stays(sample) * offers(sample))
    yield slope("income on orders", counts, usual / cause, cause)


def by_month(sample: Sample, days: Floats) -> Floats:
    """Sums of months; shape (customers, months)."""
    first = np.searchsorted(sample.shoppers.month_of_day, np.arange(len(MONTHS)))
    return np.add.reduceat(days, first, axis=1)


def taste(sample: Sample) -> Iterator[Estimate]:
    facts, people = sample.facts.shop, sample.shoppers
    category = sample.products.drop_duplicates("producto_id").set_index("producto_id").categoria
    first = sample.lines[(sample.lines.linea == 1) & sample.lines.venta_id.isin(sample.ordinary.index)]
    first = first.assign(categoria=first.producto_id.map(category), cliente_id="C" + first.venta_id.str[1:10])
    demand, cause = people.demand(facts) * people.activity(facts), people.tastes_factor(facts)
    counts, usual, kept = np.zeros_like(cause), np.zeros_like(cause), stays(sample)
    for code, name in enumerate(facts.catalog.categories):
        counts[code] = people.counts(first[first.categoria == name]).sum(axis=1)
        usual[code] = (people.daily(demand[code]) * kept).sum(axis=1)
    yield slope("taste on what is ordered", counts.T, (usual / cause).T, cause.T)


def prices(sample: Sample) -> Iterator[Estimate]:
    """Of all customers: those who mind prices more weigh more where a product is cheap."""
    people, shelf = sample.shoppers, shelves(sample)
    bought = np.zeros_like(shelf)
    lines = sample.lines[sample.lines.venta_id.isin(sample.ordinary.index)]
    slot = lines.producto_id.str[1:].astype(int).to_numpy() - 1
    np.add.at(bought, (people.days.get_indexer(pd.Index(lines.fecha)), slot), 1)
    np.add.at(bought, (sample.lost.day, sample.lost["product"]), 1)
    weight = people.demand(sample.facts.shop).sum(axis=(0, 2))
    cause = np.zeros_like(shelf)
    for group, response in responses(sample):
        cause += response * weight[group].sum() / weight.sum()
    # what a product sells in all is a draw of its own, so each is compared with itself
    own = bought.sum(axis=0) / np.maximum((shelf * cause).sum(axis=0), 1e-9)
    yield slope("price on lines (elasticity)", bought.T, (shelf * own).T, cause.T)


def shelves(sample: Sample) -> Floats:
    """Relative lines of each product on each day at its usual price; shape (days, products)."""
    facts, people, products = sample.facts.shop, sample.shoppers, catalog(sample.world)
    monthly = people.demand(facts).sum(axis=1)
    usual = np.stack([products.weight * monthly[products.category, month] for month in range(len(MONTHS))])
    usual = usual[people.month_of_day] * np.concatenate([calendar.shop_day_factors(month) for month in MONTHS])[:, None]
    at = calendar.day_number(sample.world.first_day) + np.arange(len(people.days))[:, None]
    return np.asarray(
        usual * np.clip((at - products.launched) / facts.catalog.ramp_days, 0, 1) * (at < products.withdrawn)
    )


def responses(sample: Sample) -> Iterator[tuple[Codes, Floats]]:
    """Rows of customers who mind prices alike, and how prices change what they buy; shape (days, products)."""
    facts, people = sample.facts.shop, sample.shoppers
    price = np.concatenate([log_prices(sample.world, month) for month in MONTHS])
    sensitivity = exact.spread(people.traits["price_sensitivity"], facts.orders.sensitivity_sigma)
    weight = people.demand(facts).sum(axis=(0, 2))
    for group in np.array_split(np.argsort(sensitivity), 50):
        exponent = catalog(sample.world).elasticity * np.average(sensitivity[group], weights=weight[group])
        yield group, np.minimum(np.exp(-exponent * price), facts.orders.largest_response)


def offers(sample: Sample) -> Floats:
    """Declared orders of each customer on each day relative to those at usual prices; shape (customers, days)."""
    shelf, found = shelves(sample), np.empty(sample.shoppers.here.shape)
    for group, response in responses(sample):
        found[group] = (shelf * response).sum(axis=1) / shelf.sum(axis=1)
    return found


def stays(sample: Sample) -> Floats:
    """The declared share of orders that late deliveries leave, of each customer on each day; shape (customers, days)."""
    facts, people = sample.facts.shop.orders, sample.shoppers
    late = sample.ordinary[sample.ordinary.entrega > sample.ordinary.prometida]
    after = np.zeros(people.here.shape, dtype=bool)
    row, day = people.rows(late.cliente_id), people.days.get_indexer(pd.Index(late.entrega))
    for later in range(1, facts.late_days + 1):
        inside = (day >= 0) & (day + later < after.shape[1])
        after[row[inside], (day + later)[inside]] = True
    loss = np.clip(facts.late_loss * (1 - facts.patience_slope * people.traits["patience"]), 0.01, 0.99)[:, None]
    return np.where(after, 1 - loss, 1.0)


def lateness(sample: Sample) -> Iterator[Estimate]:
    facts, usual = sample.facts.shop.orders, np.maximum(usual_orders(sample), 1e-12)
    yield slope("lateness on further orders", sample.shoppers.counts(sample.ordinary), usual, stays(sample))

    ended = sample.orders[(sample.orders.mes < MONTHS[-1] - 1) & sample.orders.cancelada.isna()]
    category = sample.products.drop_duplicates("producto_id").set_index("producto_id").categoria
    first = sample.lines[sample.lines.linea == 1].set_index("venta_id").producto_id.map(category).reindex(ended.index)
    rate = first.map({name: row.returned for name, row in sample.facts.shop.catalog.categories.items()}).to_numpy(float)
    late = (ended.entrega > ended.prometida).to_numpy()
    cause = np.where(late, facts.late_returns, 1.0)
    back = ended.devuelta.notna().astype(float).to_numpy()
    yield slope("lateness on returns", back[:, None], rate[:, None], cause[:, None])


def stress(sample: Sample) -> Iterator[Estimate]:
    facts, payers = sample.facts.default, sample.payers
    cause = exact.spread(payers.stress.to_numpy(), facts.stress_strength)
    stopped, years = payers.stopped.to_numpy(float), payers.years.to_numpy()
    yield slope("stress on default", stopped[:, None], facts.per_year * years[:, None], cause[:, None])


def campaigns(sample: Sample) -> Iterator[Estimate]:
    found = treated(sample)
    found = found[found.factor > 0]
    for who, mine in (
        ("who responds least", found.rasgo < -0.43),
        ("who responds most", found.rasgo > 0.43),
        ("the young", found.edad < 35),
        ("the old", found.edad >= 50),
    ):
        by_person = (
            found[mine].assign(declared=found.usual * found.factor).groupby("persona")[["added", "declared"]].sum()
        )
        yield level(f"campaigns on orders of {who}", by_person.added.to_numpy(), by_person.declared.to_numpy())


STRENGTHS: tuple[Callable[[Sample], Iterator[Estimate]], ...] = (income, taste, prices, lateness, stress, campaigns)


def estimates(seed: int) -> list[Estimate]:
    """All strengths, in the world of that seed."""
    sample = generate(replace(SAMPLE, seed=seed))
    return [estimate for strength in STRENGTHS for estimate in strength(sample)]


def main() -> int:
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        worlds = list(processes.map(estimates, range(1, WORLDS + 1)))
    table = Table(
        "", "mean estimate, 1 as declared", "mean standard error", f"intervals of {WORLDS} that hold 1", "", box=None
    )
    wrong = 0
    for of_each in zip(*worlds, strict=True):
        held = sum(estimate.holds for estimate in of_each)
        wrong += held not in HELD
        mean, error = (float(np.mean([getattr(of, name) for of in of_each])) for name in ("value", "error"))
        table.add_row(
            of_each[0].what, f"{mean:.3f}", f"{error:.3f}", str(held), "" if held in HELD else "[red]differs[/red]"
        )
    Console().print(table)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
