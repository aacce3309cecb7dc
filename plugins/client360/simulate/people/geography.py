"""The provinces and cities in which customers live."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from client360.simulate.arrays import Floats, upper_bounds
from client360.simulate.facts import world_facts


@dataclass(frozen=True)
class Geography:
    """Provinces weighted by population, and their cities weighted within each province."""

    provinces: list[str]
    income: Floats
    """Incomes relative to those of the same occupation in the mean province; shape (provinces,)."""
    province_bounds: Floats
    """Upper bounds of the provinces in [0, 1]; shape (provinces,)."""
    cities: list[str]
    """Cities of all provinces, province by province."""
    city_bounds: Floats
    """Upper bounds of the cities, those of province p within [p, p + 1]; shape (cities,)."""


@lru_cache
def geography() -> Geography:
    """The geography of world.yaml."""
    provinces = world_facts().provinces
    return Geography(
        provinces=list(provinces),
        income=np.array([province.income for province in provinces.values()]),
        province_bounds=upper_bounds([province.population for province in provinces.values()]),
        cities=[city for province in provinces.values() for city in province.cities],
        city_bounds=np.concatenate(
            [i + upper_bounds(list(province.cities.values())) for i, province in enumerate(provinces.values())]
        ),
    )
