"""Synonyms for the entities, columns and words of the contract: `synonyms.yaml`, and headers split into words."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml


def plain(text: str) -> str:
    """In lower case, without accents."""
    return normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def header_words(name: str) -> frozenset[str]:
    """The words of a header or file name, as the contract has them: {cliente, id} for ClienteID, "id de cliente" and
    clienteid.
    """
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    found = [word for piece in re.findall(r"[a-z]+", plain(split)) for word in _split(piece)]
    return frozenset(word for word in found if word not in _ignored())


def is_known(header: str) -> bool:
    """Whether all words of a header are known as names of columns."""
    found = header_words(header)
    return bool(found) and found <= set(_vocabulary().values())


@cache
def entity_synonyms() -> dict[str, tuple[list[frozenset[str]], dict[str, list[frozenset[str]]]]]:
    """For each entity, the names that its files may have, and those of each of its columns, the likeliest first."""
    return {
        entity: (
            [frozenset(phrase.split()) for phrase in names["files"]],
            {column: [frozenset(phrase.split()) for phrase in phrases] for column, phrases in names["columns"].items()},
        )
        for entity, names in _synonyms()["entities"].items()
    }


def value_synonyms(entity: str, column: str) -> dict[str, list[str]]:
    """For each allowed word of a column, what else it may be called."""
    values = _synonyms()["values"]
    return values.get(f"{entity}.{column}", values.get(column, {}))


@cache
def _synonyms() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("synonyms.yaml").read_text(encoding="utf-8"))


@cache
def _vocabulary() -> dict[str, str]:
    """The contract's word for each known word."""
    return {word: meant for meant, others in _synonyms()["words"].items() for word in (meant, *others)}


@cache
def _ignored() -> frozenset[str]:
    return frozenset(_synonyms()["ignored"])


@cache
def _split(piece: str) -> tuple[str, ...]:
    """The fewest known words that make up a piece; the piece itself if there are none."""
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(piece) + 1):
        ways = [
            (*before, word)
            for start, before in enumerate(best)
            if before is not None and end - start > 1 and (word := _word(piece[start:end]))
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1] or (piece,)


def _word(piece: str) -> str | None:
    """The contract's word for a piece, which may be a plural."""
    for singular in (piece, piece.removesuffix("s"), piece.removesuffix("es")):
        if singular in _vocabulary():
            return _vocabulary()[singular]
        if singular in _ignored():
            return singular
    return None
