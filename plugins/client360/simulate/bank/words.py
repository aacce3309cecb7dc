"""The words of movements: rubros, merchants, channels, and who is at the other end."""

from functools import lru_cache

import numpy as np
import pyarrow as pa

from client360.simulate.arrays import Codes, Floats, upper_bounds
from client360.simulate.facts import world_facts
from client360.simulate.people.geography import geography
from client360.simulate.people.identity import surnames

PARTIES = ("ANSES", "Empleador", "Cliente", "Procesadora de pagos", "Familia", "Banco", "Cuenta propia en otro banco")
PERSONS = 10
"""Those outside the bank have one in so many of the first names, and of the surnames."""
CHAINS = ("Andina", "Boreal", "Ceibo", "Del Plata", "Estrella", "Litoral", "Ñandú", "Pampa", "Quebracho", "Talar")
"""Invented."""
LOCAL = ("Central", "del Parque", "San Martín", "9 de Julio")
"""Shops of a category that each city has."""


@lru_cache
def rubros() -> list[str | None]:
    """All values of rubro; the position is the code."""
    table = world_facts()
    fixed = [None, "haberes", "aguinaldo", "enviada", "recibida"]
    return [*fixed, *table.card.categories, *table.bills, "tienda", "reintegro"]


@lru_cache
def channels() -> list[str | None]:
    """All values of canal; the position is the code, those of purchases first."""
    return [*world_facts().card.channels, "cajero", "app", None]


@lru_cache
def parties() -> pa.Array:
    """Names of those outside the bank."""
    cohorts = [cohort for names in (world_facts().names.female, world_facts().names.male) for cohort in names.values()]
    first = list(dict.fromkeys(name for cohort in cohorts for name in cohort))[::PERSONS]
    people = (f"{name} {surname}" for surname in surnames()[0][::PERSONS] for name in first)
    return pa.array([*PARTIES, *people])


def party_code(word: str) -> int:
    """What stands for one of PARTIES as the party of a movement: less than NONE."""
    return -2 - PARTIES.index(word)


def someone(draws: Floats) -> Codes:
    """Somebody outside the bank for each uniform draw; same shape."""
    people = len(parties()) - len(PARTIES)
    # by other digits of the draw than those that decide what else it is for
    return -2 - len(PARTIES) - (draws * 7919 % 1 * people).astype(np.int64)


@lru_cache
def merchants() -> pa.Array:
    """The merchants of each category: its chains, then those of each city."""
    names = []
    for category in world_facts().card.categories.values():
        words = category.merchants
        names += [f"{words[0]} {chain}" for chain in CHAINS]
        names += [
            f"{words[nth % len(words)]} {name} de {city}"
            for city in geography().cities
            for nth, name in enumerate(LOCAL)
        ]
    return pa.array(names)


def merchant(category: Codes, city: Codes, draws: Floats) -> Codes:
    """Position among `merchants`, by category, the buyer's city and uniform draws: few chains sell most; all (purchases,)."""
    nationwide = world_facts().card.nationwide
    chain = np.searchsorted(_chain_bounds(), np.minimum(draws / nationwide, 1 - 2**-53), side="right")
    rest = np.maximum(draws - nationwide, 0) / (1 - nationwide)
    local = len(CHAINS) + city * len(LOCAL) + (rest * rest * len(LOCAL)).astype(np.int64)
    size = len(CHAINS) + len(geography().cities) * len(LOCAL)
    return category * size + np.where(draws < nationwide, chain, local)


@lru_cache
def _chain_bounds() -> Floats:
    return upper_bounds([1 / (1 + rank) for rank in range(len(CHAINS))])
