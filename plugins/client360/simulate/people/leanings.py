"""What stays the same about a person in the shop, whatever the month."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from client360.simulate import exact
from client360.simulate.arrays import Floats
from client360.simulate.facts import world_facts
from client360.simulate.people.traits import Traits
from client360.simulate.world import BLOCK


@dataclass(frozen=True)
class Leanings:
    """The leanings of the persons of one generation of a block; shape (BLOCK,) unless a docstring gives another."""

    orders: Floats
    """Orders relative to the mean customer of the same income."""
    tastes: Floats
    """Demand for each category relative to the mean customer's; shape (categories, BLOCK)."""
    sensitivity: Floats
    """Elasticity of demand relative to the mean customer's."""
    response: Floats
    """Response to campaigns relative to the mean of the same age."""
    loss: Floats
    """Share of the orders that a late delivery keeps the person from, for some weeks."""
    in_branch: Floats
    """Share of the orders that are made in the branch."""


def draw_leanings(traits: Traits, stream: Callable[[str], np.random.Generator]) -> Leanings:
    """Leanings that follow from the traits, and tastes from the random streams of a generation, which `stream` opens by name."""
    facts = world_facts().shop
    tastes = np.stack([exact.normal(stream(f"gusto {name}").random(BLOCK)) for name in facts.catalog.categories])
    local = facts.orders.channels["local"]
    return Leanings(
        orders=exact.spread(traits["appetite"], facts.orders.person_sigma),
        tastes=exact.spread(tastes, facts.orders.taste_sigma),
        sensitivity=exact.spread(traits["price_sensitivity"], facts.orders.sensitivity_sigma),
        response=exact.spread(traits["response"], facts.campaigns.response_sigma),
        loss=np.clip(facts.orders.late_loss * (1 - facts.orders.patience_slope * traits["patience"]), 0, 1),
        in_branch=local * np.clip(1 - facts.orders.digital_slope * traits["digital"], 0, 2),
    )
