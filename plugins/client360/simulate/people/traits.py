"""What a person is like, which no file tells: correlated traits, drawn once and used by bank, shop and campaigns."""

from collections.abc import Callable

import numpy as np

from client360.simulate import exact
from client360.simulate.arrays import Floats
from client360.simulate.facts import world_facts
from client360.simulate.world import BLOCK

Traits = dict[str, Floats]
"""Each trait of world.yaml, standard normal among people; shape (BLOCK,)."""


def draw_traits(stream: Callable[[str], np.random.Generator]) -> Traits:
    """The traits of a generation from its random streams, which `stream` opens by name.

    A trait is its loadings on common factors and a part of its own. Another trait changes none of the others.
    """
    names = sorted({factor for loadings in world_facts().traits.values() for factor in loadings})
    factors = {name: exact.normal(stream(f"factor {name}").random(BLOCK)) for name in names}
    traits = {}
    for name, loadings in world_facts().traits.items():
        own = 1 - sum(loading * loading for loading in loadings.values())
        traits[name] = np.sqrt(own) * exact.normal(stream(f"rasgo {name}").random(BLOCK))
        for factor, loading in loadings.items():
            traits[name] += loading * factors[factor]
    return traits
