"""The files' words as the contract's, in columns that allow certain words only."""

import re

from tools.feed_draft.columns import Column
from tools.feed_draft.entity_columns import allowed_words
from tools.feed_draft.quoting import literal
from tools.feed_draft.vocabulary import plain, value_synonyms

GUESS = "?"
"""What ends the name of a word in synonyms.yaml whose synonyms are guesses."""
NO_CODES = ("productos.categoria", "transacciones.rubro")
"""Columns that group rows: many different values are names rather than groups."""


def draft_words(raw: str, found: Column, entity: str, name: str) -> tuple[str, str | None]:
    """The expression for a column of text, and a remark, which begins with TODO if a person has to complete it."""
    # countries are too many for the contract to list
    allowed = allowed_words(entity).get(name) or tuple(value_synonyms(entity, name))
    if f"{entity}.{name}" in NO_CODES and found.kind == "word" and not found.words:
        return raw, "TODO: many different values: is it a name or a description rather than a group?"
    if found.kind == "nothing" and name not in allowed_words(entity):
        return raw, None
    if not allowed or not found.words:
        return raw, f"TODO: one of {', '.join(allowed)}" if allowed else None
    sure, guessed = _meanings(entity, name, allowed)
    translated = {word: sure.get(_normal(word)) for word in found.words}
    guesses = {
        word: guess
        for word, to in translated.items()
        if to is None and (guess := guessed.get(_normal(word)) or _within(word, sure))
    }
    remark = None
    if None in translated.values():
        remark = f"TODO: one of {', '.join(allowed)}"
    elif "tarjeta" in translated.values():
        remark = "TODO: tarjeta is the bank's own card; any other is otra_tarjeta"
    cases = [
        f"        when {literal(word)} then {literal(to or guesses.get(word, word))}{'' if to else '  -- TODO'}"
        for word, to in sorted(translated.items())
        if to != word
    ]
    return "\n".join([f"case {raw}", *cases, f"        else {raw}", "    end"]) if cases else raw, remark


def _meanings(entity: str, name: str, allowed: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """What texts mean for certain, and what they may mean."""
    sure: dict[str, str] = {}
    guessed: dict[str, str] = {}
    for word, others in value_synonyms(entity, name).items():
        (guessed if word.endswith(GUESS) else sure).update(
            {_normal(other): word.removesuffix(GUESS) for other in others}
        )
    return sure | {_normal(word): word for word in allowed}, guessed


def _within(word: str, sure: dict[str, str]) -> str | None:
    """The meaning of the longest known text within a longer one; of any card, that it is not the bank's own."""
    text = f" {_normal(word)} "
    known = max((other for other in sure if f" {other} " in text), key=len, default=None)
    return "otra_tarjeta" if known and sure[known] == "tarjeta" else known and sure[known]


def _normal(word: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", plain(word)))
