"""Names fit the year of birth, and identity numbers tell neither the customer nor a digit more often than another."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from client360.simulate import BLOCK, World, calendar
from client360.simulate.facts import world_facts
from client360.simulate.people import Population
from client360.simulate.people.identity import DNI_RANGE, identity_numbers

INICIO = date(2025, 1, 1)


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Two thousand customers on the first day."""
    day, world = calendar.day_number(INICIO), World(seed=7, customers=2 * BLOCK, first_day=INICIO)
    found = [Population(world, block).clientes(day, day).to_pandas(date_as_object=False) for block in world.blocks]
    return pd.concat(found, ignore_index=True)


def test_identity_numbers_fill_their_range_and_are_never_the_same() -> None:
    slots = np.arange(1, 200_001)
    about = np.full(len(slots), 34_900_000)
    numbers = np.concatenate([identity_numbers(7, about, slots, generation) for generation in range(4)])
    assert len(np.unique(numbers)) == len(numbers)
    assert numbers.min() >= 34_000_000
    assert numbers.max() < 34_000_000 + DNI_RANGE
    shares = np.histogram(numbers, bins=20, range=(34_000_000, 34_000_000 + DNI_RANGE))[0] / len(numbers)
    assert np.abs(shares - 0.05).max() < 0.002
    digits = np.bincount(numbers % 10, minlength=10) / len(numbers)
    assert np.abs(digits - 0.1).max() < 0.003
    assert np.abs(np.corrcoef(np.tile(slots, 4), numbers)[0, 1]) < 0.01
    many = identity_numbers(7, np.full(3, 34_900_000), np.array([1, 500_001, 1_000_001]), 0)
    assert len(np.unique(many)) == 3


def test_identity_numbers_grow_with_the_year_of_birth(people: pd.DataFrame) -> None:
    number = people.dni.astype(int)
    assert number.rank().corr(people.fecha_nacimiento.rank()) > 0.99
    digits = (number % 10).value_counts(normalize=True)
    assert digits.between(0.07, 0.13).all()
    assert len(digits) == 10


def test_first_names_are_of_their_generation_and_names_carry_accents(people: pd.DataFrame) -> None:
    names, year = world_facts().names, people.fecha_nacimiento.dt.year
    old = {
        name for cohorts in (names.female, names.male) for first, of in cohorts.items() if first < 1960 for name in of
    }
    new = {name for cohorts in (names.female, names.male) for name in cohorts[1995]}
    assert people.nombre[year < 1955].isin(old).all()
    assert people.nombre[year < 1985].isin(new).sum() == 0
    assert people.nombre[year > 2003].isin(new).all()
    assert people.nombre.isin(["Sofía", "Nicolás", "Verónica", "Héctor"]).any()
    assert people.apellido.isin(["González", "Rodríguez", "Fernández"]).mean() > 0.08
    assert not people.apellido.isin(["Gonzalez", "Rodriguez", "Fernandez"]).any()
    assert people.email.str.fullmatch(r"[a-z]+\.[a-z]+\.\d+@example\.(com|net|org)").all()
