"""The depots that ship the orders, and their distances."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from client360.simulate import calendar
from client360.simulate.arrays import Codes, Days, Flags, Floats
from client360.simulate.facts import world_facts
from client360.simulate.facts.people import Position
from client360.simulate.people.geography import geography
from client360.simulate.world import World

EARTH_KM = 6371.0
"""Mean radius of the Earth."""


@dataclass(frozen=True)
class Depots:
    """Where orders are shipped from."""

    names: list[str]
    nearest: Codes
    """Depot that ships to each province, shape (provinces,)."""
    km: Floats
    """Great-circle distance from there to the capital of the province, shape (provinces,)."""
    served: Floats
    """Share of the population to which each depot ships, shape (depots,)."""


@lru_cache
def depots(closed: str = "") -> Depots:
    """The depots of world.yaml; each province is served by the nearest one that is not closed."""
    facts, provinces = world_facts().shop.shipping, world_facts().provinces
    capitals = [province.capital for province in provinces.values()]
    km = np.stack([great_circle_km(provinces[name].capital, capitals) for name in facts.depots.values()])
    km[np.array(list(facts.depots)) == closed] = np.inf
    nearest = np.argmin(km, axis=0)
    population = np.diff(geography().province_bounds, prepend=0.0)
    return Depots(
        names=list(facts.depots),
        nearest=nearest,
        km=np.maximum(km.min(axis=0), facts.local_km),
        served=np.array([population[nearest == depot].sum() for depot in range(len(facts.depots))]),
    )


def ships(world: World, day: Days) -> Flags:
    """Whether each depot ships what is ordered on each day: all do, but for one that a twin closes; shape (days, depots)."""
    names, closing = np.array(depots().names), world.differs_in("deposito")
    if not closing:
        return np.ones((len(day), len(names)), dtype=bool)
    first, last = (calendar.day_number(each) for each in (closing.first, closing.last))
    return ~((day >= first) & (day <= last))[:, None] | (names != closing.subject)


def serving(world: World, day: Days, province: Codes) -> tuple[Codes, Floats]:
    """The depot that ships an order of each day to each province, the nearest one that does, and its distance in km; all of shape
    (orders,)."""
    depot, km = depots().nearest[province], depots().km[province]
    if closing := world.differs_in("deposito"):
        open_, others = ships(world, day)[np.arange(len(day)), depot], depots(closing.subject)
        depot, km = np.where(open_, depot, others.nearest[province]), np.where(open_, km, others.km[province])
    return depot, km


def great_circle_km(origin: Position, targets: list[Position]) -> Floats:
    """Distance from a position to each target along the surface of the Earth (haversine formula); shape (targets,)."""
    latitude, longitude = np.radians([[target.latitude, target.longitude] for target in targets]).T
    from_latitude, from_longitude = np.radians([origin.latitude, origin.longitude])
    chord = (
        np.sin((latitude - from_latitude) / 2) ** 2
        + np.cos(latitude) * np.cos(from_latitude) * np.sin((longitude - from_longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * np.arcsin(np.sqrt(chord))
