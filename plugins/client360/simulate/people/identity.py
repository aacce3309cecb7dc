"""What identifies a person: first name, surname, e-mail address and national identity number."""

from functools import cache, lru_cache
from unicodedata import normalize

import numpy as np
import pyarrow as pa
from faker.providers.person.es_AR import Provider as Names
from numpy.typing import NDArray

from client360.simulate.arrays import Codes, Floats, upper_bounds
from client360.simulate.facts import world_facts
from client360.simulate.streams import stream

DRAWS = 5
"""Uniform draws that an identity takes: sex, first name, surname, e-mail domain, and how old-fashioned the name is."""
DNI_RANGE = 2_000_000
"""Identity numbers issued in about three years..."""
DNI_BITS = 21
"""...and the bits that hold them."""
GENERATIONS = 4
"""Generations of a slot after which its identity numbers would repeat, for births of the same years."""


def identities(draws: Floats, births: Floats, numbers: Codes) -> tuple[pa.Array, pa.Array, pa.Array]:
    """First name, surname and e-mail address of persons; each of shape (persons,).

    `draws` are uniform and of shape (DRAWS, persons), `births` the years of birth, and `numbers` the digits of cliente_id, which
    make addresses unique.
    """
    facts = world_facts().names
    fashion = births + facts.fashion_years * (draws[4] - 0.5)
    first = np.where(draws[0] < 0.5, _first_names("female", fashion, draws[1]), _first_names("male", fashion, draws[1]))
    words, bounds = surnames()
    last = words[np.searchsorted(bounds, draws[2], side="right")]
    domains = world_facts().people.email_domains
    domain = (draws[3] * len(domains)).astype(np.int64)
    emails = [
        f"{_plain(name)}.{_plain(surname)}.{number}@{domains[which]}"
        for name, surname, number, which in zip(first, last, numbers, domain, strict=True)
    ]
    return tuple(pa.array(texts, pa.string()) for texts in (first, last, emails))


def _first_names(sex: str, years: Floats, draws: Floats) -> NDArray[np.object_]:
    """A name of the cohort of each year, all of its names equally likely; shape (persons,)."""
    cohorts: dict[int, list[str]] = getattr(world_facts().names, sex)
    # the first cohort has all who were born before it too
    cohort = np.maximum(np.searchsorted(list(cohorts), years, side="right") - 1, 0)
    sizes = np.array([len(names) for names in cohorts.values()])
    words = np.array([name for names in cohorts.values() for name in names], dtype=object)
    return words[(np.cumsum(sizes) - sizes)[cohort] + (draws * sizes[cohort]).astype(np.int64)]


@lru_cache
def surnames() -> tuple[NDArray[np.object_], Floats]:
    """Faker's Argentine surnames, with the accents that it leaves out, and the upper bounds of their weights; (words,)."""
    accented = {_plain(surname): surname for surname in world_facts().names.accented_surnames}
    words = sorted(Names.last_names)
    bounds = upper_bounds([Names.last_names[word] for word in words])
    return np.array([accented.get(_plain(word), word) for word in words], dtype=object), bounds


@cache
def _plain(name: str) -> str:
    return normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace(" ", "")


def identity_numbers(seed: int, about: Codes, slots: Codes, generation: int) -> Codes:
    """A national identity number for each slot of a generation, near the number `about`; all of shape (slots,).

    No two are the same: within each range of DNI_RANGE numbers, slots and generations are shuffled. From half a million slots
    on, numbers have nine digits.
    """
    each = DNI_RANGE // GENERATIONS
    turn, place = np.divmod(slots - 1, each)
    issued = about // DNI_RANGE * DNI_RANGE
    return issued + _shuffled(seed, place + generation % GENERATIONS * each) + turn * 100_000_000


def _shuffled(seed: int, numbers: Codes) -> Codes:
    """A permutation of the numbers below DNI_RANGE; same shape."""
    factors = stream(seed, "dni", 0).integers(0, 2**DNI_BITS, 2) | 1
    low = 2**DNI_BITS - 1
    outside = np.arange(len(numbers))
    shuffled = numbers.copy()
    while len(
        outside
    ):  # each step permutes the numbers of DNI_BITS: those beyond the range walk on until they are back in it
        mixed = shuffled[outside]
        for factor in factors:
            mixed = (mixed ^ (mixed >> 10)) * factor & low
        shuffled[outside] = mixed ^ (mixed >> 10)
        outside = outside[shuffled[outside] >= DNI_RANGE]
    return shuffled
