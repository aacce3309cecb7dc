"""What customers are like in the shop: the causes, to be set against what they ordered."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Flags, Floats
from client360.simulate.bank.roster import draw_roster
from client360.simulate.facts import world_facts
from client360.simulate.facts.shop import ShopFacts
from client360.simulate.people import Population
from client360.simulate.people.generation import Generation
from client360.simulate.shop import buyers as shop_buyers
from client360.simulate.shop.catalog import category_demand
from client360.simulate.world import World


@dataclass(frozen=True)
class Shoppers:
    """All who were customers on any day of a year; arrays have the shape (customers,) unless a docstring gives another."""

    ids: pd.Index
    """cliente_id."""
    months: range
    traits: dict[str, Floats]
    """Standard normal."""
    tastes: Floats
    """Standard normal; shape (categories, customers)."""
    tier: Floats
    """Logarithm of the income relative to the typical one; shape (customers, months)."""
    active: Flags
    """Whether it is an active month; shape (customers, months)."""
    ages: Floats
    """In years, in each month; shape (customers, months)."""
    here: Flags
    """Whether each is a customer on each day; shape (customers, days)."""
    fading: Flags
    """Whether each is about to leave on each day; shape (customers, days)."""

    @cached_property
    def days(self) -> pd.DatetimeIndex:
        first, last = (calendar.month_start(month) for month in (self.months[0], self.months[-1] + 1))
        return pd.date_range(first, last, inclusive="left")

    @cached_property
    def month_of_day(self) -> Codes:
        """Which of the months each day lies in; shape (days,)."""
        return np.asarray(self.days.year * 12 + self.days.month - 1 - self.months[0])

    def counts(self, orders: pd.DataFrame) -> Floats:
        """Orders of each customer on each day; shape (customers, days)."""
        found = np.zeros((len(self.ids), len(self.days)))
        np.add.at(found, (self.rows(orders.cliente_id), self.days.get_indexer(pd.Index(orders.fecha))), 1)
        return found

    def rows(self, ids: pd.Series) -> Codes:
        """Row of each customer; same shape."""
        return self.ids.get_indexer(pd.Index(ids)).astype(np.int64)

    def tastes_factor(self, facts: ShopFacts) -> Floats:
        """Demand for each category relative to the mean customer's; shape (categories, customers)."""
        return exact.spread(self.tastes, facts.orders.taste_sigma)

    def demand(self, facts: ShopFacts) -> Floats:
        """Declared orders of each category in each month, before activity and lateness; shape (categories, customers, months)."""
        usual = np.stack([category_demand(month) for month in self.months], axis=1)
        orders = exact.spread(self.traits["appetite"], facts.orders.person_sigma)[:, None]
        orders = facts.orders.per_month * orders * exact.exp(facts.orders.income_elasticity * self.tier)
        return usual[:, None, :] * self.tastes_factor(facts)[:, :, None] * orders

    def activity(self, facts: ShopFacts) -> Floats:
        """Declared orders of each month relative to the customer's mean one; shape (customers, months)."""
        share, quiet = facts.orders.active, facts.orders.quiet
        return np.where(self.active, (1 - (1 - share) * quiet) / share, quiet)

    def daily(self, monthly: Floats) -> Floats:
        """What of each month, (customers, months), falls on each of its days, by weekday and special day; (customers, days)."""
        factors = np.concatenate(
            [calendar.shop_day_factors(month) / calendar.month_days(month) for month in self.months]
        )
        return np.asarray(monthly[:, self.month_of_day] * factors * self.here)


def shoppers(world: World, months: range) -> Shoppers:
    """The shoppers of a world over some months."""
    first, last = (calendar.day_number(calendar.month_start(month)) for month in (months[0], months[-1] + 1))
    monthly: list[pd.DataFrame] = []
    people: dict[str, tuple[Generation, int]] = {}
    for block in world.blocks:
        population = Population(world, block)
        for month in months:
            roster = draw_roster(population, month)
            found = {
                "tier": shop_buyers.log_income(roster),
                "active": shop_buyers.is_active(roster) * 1.0,
                "age": roster.ages,
            }
            index = pd.MultiIndex.from_arrays([roster.cliente_id.to_pandas(), np.full(len(roster), month)])
            monthly.append(pd.DataFrame(found, index)[roster.shown])
            for generation, rows in roster.persons:
                people |= dict(
                    zip(
                        generation.cliente_id.take(pa.array(rows)).to_pylist(),
                        [(generation, row) for row in rows],
                        strict=True,
                    )
                )
    table = {name: column.unstack() for name, column in pd.concat(monthly).items()}
    ids = table["tier"].index
    chosen = [people[name] for name in ids]
    start, left, fading = (
        np.array([getattr(generation, name)[row] for generation, row in chosen])[:, None]
        for name in ("start", "left", "fading")
    )
    day, sigma = np.arange(first, last), world_facts().shop.orders.taste_sigma
    tastes = np.array([generation.leanings.tastes[:, row] for generation, row in chosen]).T
    traits = world_facts().traits
    return Shoppers(
        ids=ids,
        months=months,
        traits={name: np.array([generation.traits[name][row] for generation, row in chosen]) for name in traits},
        tastes=np.log(tastes) / sigma + sigma / 2,
        tier=table["tier"].fillna(0).to_numpy(float),
        active=table["active"].fillna(0).to_numpy(float) > 0,
        ages=table["age"].fillna(0).to_numpy(float),
        here=(day >= start) & (day < left),
        fading=(day >= fading) & (day < left),
    )
