"""Synonyms for the entities, columns and words of the contract: `synonyms.yaml`, and headers split into words."""

import re
from dataclasses import dataclass
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
    pieces = re.findall(r"[a-z]+", plain(split))
    written = [word for piece in pieces for word in _split(piece)]
    meant = {word: _word(word) or _abbreviation(word, alone=len(pieces) == 1) or word for word in written}
    if "fecha" in meant.values():
        meant |= {word: _abbreviations("of_days")[word] for word in written if word in _abbreviations("of_days")}
    found = set(meant.values()) - _ignored()
    bought = _synonyms()["bought"]
    if found & set(bought["beside"]) and {word.removesuffix("s") for word in written} & set(bought["words"]):
        found = found - {"venta"} | {"adquisicion"}
    return frozenset(found)


def is_known(header: str) -> bool:
    """Whether all words of a header are known as names of columns."""
    found = header_words(header)
    return bool(found) and found <= set(_vocabulary().values())


def plain_words(name: str) -> frozenset[str]:
    """The words of a header or file name as they are written, in the singular if they end in s."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return frozenset(word.removesuffix("s") for word in re.findall(r"[a-z]+", plain(split)))


def is_doubtful(header: str) -> bool:
    """Whether a word of a header often means something else than the word of the contract that it stands for."""
    return bool(plain_words(header) & set(_synonyms()["doubtful"]))


@dataclass(frozen=True)
class Names:
    """What the files and columns of an entity may be called, the likeliest name first."""

    files: list[frozenset[str]]
    columns: dict[str, list[frozenset[str]]]
    other: frozenset[str]
    """Words of files and columns that tell of something else."""
    ambiguous: frozenset[str]
    """Words of files, as they are written, that may mean something else."""


@cache
def entity_synonyms() -> dict[str, Names]:
    """The names of each entity."""
    return {
        entity: Names(
            [frozenset(phrase.split()) for phrase in names["files"]],
            {column: [frozenset(phrase.split()) for phrase in phrases] for column, phrases in names["columns"].items()},
            frozenset(names.get("other", ())),
            frozenset(names.get("ambiguous", ())),
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
def _abbreviations(section: str = "abbreviations") -> dict[str, str]:
    """The contract's word for each word that is cut short."""
    return {word: meant for meant, others in _synonyms()[section].items() for word in others}


def _abbreviation(word: str, *, alone: bool) -> str | None:
    return None if alone and len(word) == 1 else _abbreviations().get(word)


@cache
def _ignored() -> frozenset[str]:
    return frozenset(_synonyms()["ignored"])


@cache
def _split(piece: str) -> tuple[str, ...]:
    """The fewest known words that make up a piece, as they are written; the piece itself if there are none."""
    if piece in _abbreviations() or piece in _abbreviations("of_days"):
        return (piece,)
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(piece) + 1):
        ways = [
            (*before, piece[start:end])
            for start, before in enumerate(best)
            if before is not None and end - start > 1 and _word(piece[start:end])
        ]
        best.append(min(ways, key=len, default=None))
    if best[-1]:
        return best[-1]
    parts = ((begins, piece.removeprefix(begins)) for begins in _synonyms()["beginnings"] if piece.startswith(begins))
    return next(
        (each for each in parts if each[1] in {**_abbreviations(), **_abbreviations("of_days")} or _word(each[1])),
        (piece,),
    )


def _word(piece: str) -> str | None:
    """The contract's word for a piece, which may be a plural."""
    for singular in (piece, piece.removesuffix("s"), piece.removesuffix("es")):
        if singular in _vocabulary():
            return _vocabulary()[singular]
        if singular in _ignored():
            return singular
    return None
