"""What other people call things: `synonyms.yaml`, and headers taken apart into its words."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml


def plain(text: str) -> str:
    """In lower case, without accents."""
    return normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def words(name: str) -> frozenset[str]:
    """The words of a header or file name, each as the contract has it: ClienteID, "id de cliente" and clienteid are
    {cliente, id}.
    """
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    found = [word for piece in re.findall(r"[a-z]+", plain(split)) for word in _taken_apart(piece)]
    return frozenset(word for word in found if word not in _ignored())


def known(header: str) -> bool:
    """Whether a header says nothing but words that columns are called by."""
    found = words(header)
    return bool(found) and found <= set(_vocabulary().values())


@cache
def entities() -> dict[str, tuple[list[frozenset[str]], dict[str, list[frozenset[str]]]]]:
    """Of each entity: what its file may be called, and each of its columns, the likeliest name first."""
    return {
        entity: (
            [frozenset(phrase.split()) for phrase in said["files"]],
            {column: [frozenset(phrase.split()) for phrase in phrases] for column, phrases in said["columns"].items()},
        )
        for entity, said in _synonyms()["entities"].items()
    }


def of_values(entity: str, column: str) -> dict[str, list[str]]:
    """What the words that a column takes may be written as."""
    values = _synonyms()["values"]
    return values.get(f"{entity}.{column}", values.get(column, {}))


@cache
def _synonyms() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("synonyms.yaml").read_text(encoding="utf-8"))


@cache
def _vocabulary() -> dict[str, str]:
    """The contract's word for each word that is known."""
    return {word: meant for meant, others in _synonyms()["words"].items() for word in (meant, *others)}


@cache
def _ignored() -> frozenset[str]:
    return frozenset(_synonyms()["ignored"])


@cache
def _taken_apart(piece: str) -> tuple[str, ...]:
    """The piece itself as a word, or the fewest words that it is made of, or the piece if it is none."""
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
