"""Names and e-mail addresses, from Faker's Argentine vocabulary."""

from dataclasses import dataclass
from functools import cache, lru_cache
from unicodedata import normalize

import numpy as np
import pyarrow as pa
from faker.providers.person.es_AR import Provider as Names
from numpy.typing import NDArray

from client360.simulate.arrays import Codes, Floats, upper_bounds
from client360.simulate.facts import world_facts

DRAWS = 4
"""Uniform draws that an identity takes: sex, first name, surname and e-mail domain."""


@dataclass(frozen=True)
class Vocabulary:
    """Words and the upper bounds of their weights; both of shape (words,)."""

    words: NDArray[np.object_]
    bounds: Floats

    def pick(self, draws: Floats) -> NDArray[np.object_]:
        """One word for each uniform draw, by weight; same shape."""
        return self.words[np.searchsorted(self.bounds, draws, side="right")]


@lru_cache
def vocabulary(kind: str) -> Vocabulary:
    """Faker's es_AR names of a kind (an attribute of its provider), with their weights."""
    weighted: dict[str, float] = getattr(Names, kind)
    words = sorted(weighted)
    return Vocabulary(np.array(words, dtype=object), upper_bounds([weighted[word] for word in words]))


def identities(draws: Floats, numbers: Codes) -> tuple[pa.Array, pa.Array, pa.Array]:
    """First name, surname and e-mail address of persons; each of shape (persons,).

    `draws` are uniform and of shape (DRAWS, persons), `numbers` are the digits of cliente_id, which make addresses unique.
    """
    female, male = vocabulary("first_names_female"), vocabulary("first_names_male")
    first = np.where(draws[0] < 0.5, female.pick(draws[1]), male.pick(draws[1]))
    last = vocabulary("last_names").pick(draws[2])
    domains = world_facts().people.email_domains
    domain = (draws[3] * len(domains)).astype(np.int64)
    emails = [
        f"{_plain(name)}.{_plain(surname)}.{number}@{domains[which]}"
        for name, surname, number, which in zip(first, last, numbers, domain, strict=True)
    ]
    return tuple(pa.array(texts, pa.string()) for texts in (first, last, emails))


@cache
def _plain(name: str) -> str:
    return normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace(" ", "")
