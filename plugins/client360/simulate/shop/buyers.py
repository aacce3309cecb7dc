"""What customers are like in the shop in a month: how much they order, of what, and what moves them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Flags, Floats
from client360.simulate.bank.roster import Roster
from client360.simulate.facts import world_facts
from client360.simulate.shop.catalog import category_demand
from client360.simulate.streams import stream
from client360.simulate.world import BLOCK

POOREST = 0.05
"""Income, relative to the typical one, below which nobody orders less for it."""


@dataclass(frozen=True)
class Buyers:
    """The customers of a roster; every array has the shape (persons,) unless its docstring gives another."""

    demand: Floats
    """Orders of each category in the month, relative to all orders of the mean customer in the mean month; shape (categories,
    persons)."""
    tier: Floats
    """Logarithm of the income relative to the typical one: the richer take the dearer products of a category."""
    sensitivity: Floats
    """Elasticity of demand relative to the mean customer's."""
    response: Floats
    """Response to campaigns relative to the mean customer's."""
    loss: Floats
    """Share of the orders that a late delivery keeps the person from, for some weeks."""
    in_branch: Floats
    """Share of the orders that are made in the branch."""


def buyers(roster: Roster) -> Buyers:
    """What the customers of a block are like in the shop in the month of the roster."""
    facts = world_facts().shop
    tier = log_income(roster)
    orders = roster.leaning("orders") * exact.exp(facts.orders.income_elasticity * tier) * _activity(roster)
    return Buyers(
        demand=roster.leaning("tastes") * orders * category_demand(roster.month)[:, None],
        tier=tier,
        sensitivity=roster.leaning("sensitivity"),
        response=roster.leaning("response") * response_at(roster.ages),
        loss=roster.leaning("loss"),
        in_branch=roster.leaning("in_branch"),
    )


def response_at(ages: Floats) -> Floats:
    """Mean response to campaigns at each age in years, relative to a group of factor 1; same shape."""
    groups = world_facts().shop.campaigns.response_by_age
    group = np.maximum(np.searchsorted(list(groups), ages, side="right") - 1, 0)
    return np.array(list(groups.values()))[group]


def log_income(roster: Roster) -> Floats:
    """Logarithm of each person's income of the month relative to the typical one; shape (persons,)."""
    typical = world_facts().shop.orders.typical_income * calendar.price_index(roster.month)
    return exact.log(np.maximum(roster.income / typical, POOREST))


def _activity(roster: Roster) -> Floats:
    """Orders of the month relative to the person's mean one: more in an active month, less in a quiet one; shape (persons,)."""
    facts = world_facts().shop.orders
    return np.where(is_active(roster), (1 - (1 - facts.active) * facts.quiet) / facts.active, facts.quiet)


def is_active(roster: Roster) -> Flags:
    """Whether the month is one of each person's active ones, in spells: near months share draws; shape (persons,)."""
    facts, population = world_facts().shop.orders, roster.population
    months = range(roster.month - facts.spell_months + 1, roster.month + 1)
    draws = np.add.reduce([_draws(population.world.seed, population.block, month) for month in months])
    threshold = exact.normal(np.array([1 - facts.active]))[0] * np.sqrt(facts.spell_months)
    return draws[roster.slots] > threshold


@lru_cache(maxsize=16)
def _draws(seed: int, block: int, month: int) -> Floats:
    """Standard normal draws of each slot in the month; shape (BLOCK,)."""
    return exact.normal(stream(seed, "racha", block, month).random(BLOCK))


def pick_categories(demand: Floats, owner: Codes, draws: Floats) -> Codes:
    """A category for each uniform draw, by its owner's demand of shape (categories, persons); both and the result (n,)."""
    reached = np.cumsum(demand, axis=0)[:, owner]
    return (draws * reached[-1] >= reached).sum(axis=0)
