"""The landing file `clientes`: one row for each change of a customer that became known to the bank."""

import numpy as np
import pyarrow as pa

from client360.simulate.arrays import NEVER, Codes, Days
from client360.simulate.columns import cents, dates, dates_or_null, money, names
from client360.simulate.facts import HOME
from client360.simulate.people.generation import Generation
from client360.simulate.people.geography import geography
from client360.simulate.people.identity import identities
from client360.simulate.people.occupations import occupations
from client360.simulate.world import BLOCK


def clientes(generation: Generation, first: int, last: int) -> pa.Table:
    """Rows of `clientes` of a generation that became known from day `first` to day `last`, by day and customer."""
    persons, days = _versions(generation, first, last)
    inside = generation.slots[persons] <= generation.world.customers
    persons, days = persons[inside], days[inside]
    situation = generation.situation(persons, days)
    first_name, surname, email = identities(
        generation.identity_draws.take(persons, axis=1), generation.birth_year[persons], generation.numbers[persons]
    )
    left = generation.left[persons]
    return pa.table(
        {
            "cliente_id": generation.cliente_id.take(pa.array(persons)),
            "fecha": dates(days),
            "dni": pa.array(generation.dni[persons]).cast(pa.string()),
            "nombre": first_name,
            "apellido": surname,
            "email": email,
            "fecha_nacimiento": dates(generation.birth[persons]),
            "provincia": names(situation.province, geography().provinces),
            "ciudad": names(situation.city, geography().cities),
            "ocupacion": names(situation.occupation, occupations().names),
            "ingresos_mensuales": money(cents(situation.declared_income)),
            "fecha_alta": dates(generation.joined[persons]),
            "fecha_baja": dates_or_null(left, left <= days),
            "pais": pa.repeat(HOME, len(persons)),
        }
    )


def _versions(generation: Generation, first: int, last: int) -> tuple[Codes, Days]:
    """Person (row of the generation) and day of every version that became known from day `first` to day `last`; both (n,)."""
    regular, every, _ = generation.declaration
    count = max(0, (last - int(regular.min())) // int(every.min()) + 1)
    days = np.concatenate(
        [
            generation.start[:, None],
            generation.move_days,
            np.where(generation.job_days < generation.retirement[:, None], generation.job_days, NEVER),
            generation.retirement[:, None],
            regular[:, None] + every[:, None] * np.arange(count),
        ],
        axis=1,
    )
    since, until = np.maximum(generation.start, first), np.minimum(generation.left - 1, last)
    person, column = np.nonzero((days >= since[:, None]) & (days <= until[:, None]))
    leaving = np.flatnonzero(
        (generation.left > generation.start) & (generation.left >= first) & (generation.left <= last)
    )
    days = np.concatenate([days[person, column], generation.left[leaving]])
    day, person = np.divmod(np.unique(days * BLOCK + np.concatenate([person, leaving])), BLOCK)
    return person, day
