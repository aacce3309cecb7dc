"""Parameters as text, from a command line or the environment, and their defaults."""

from collections.abc import Callable, Mapping
from typing import Any

from client360.run.sources import SIMULATOR
from client360.simulate import World

STANDARD: dict[str, Any] = {
    "inicio": None,
    "clientes": World.customers,
    "semilla": World.seed,
    "suciedad": 0,
    "fuente": SIMULATOR,
    "entrada": None,
    "umbral": None,
    "anonimo": False,
}
"""The parameters of the DAG that the environment may set, and their defaults."""


def defaults(environment: Mapping[str, str]) -> dict[str, Any]:
    """The defaults of a run: CLIENT360_<NAME> in the environment, else STANDARD.

    Raises ValueError, in one line, for an invalid value.
    """
    given = {name: environment.get(f"CLIENT360_{name.upper()}", "") for name in STANDARD}
    try:
        return STANDARD | typed(given)
    except ValueError as error:
        raise ValueError(f"in the environment, CLIENT360_...: {error}") from None


def typed(texts: Mapping[str, str]) -> dict[str, Any]:
    """The values of non-empty texts. Raises ValueError, in one line."""
    return {name: READ.get(name, _text)(name, text) for name, text in texts.items() if text}


def _text(_: str, text: str) -> str:
    return text


def _whole_number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{name} is {text!r}: give a whole number") from None


def _yes_or_no(name: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"{name} is {text!r}: give 1 for yes or 0 for no")
    return text == "1"


def _percentage(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 100:
        raise ValueError(f"{name} is {text!r}: give a number from 0 to 100, per cent")
    return number


def _share(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} is {text!r}: give a share, such as 0.02") from None


READ: dict[str, Callable[[str, str], Any]] = {
    "clientes": _whole_number,
    "semilla": _whole_number,
    "suciedad": _share,
    "umbral": _percentage,
    "reemplazar": _yes_or_no,
    "anonimo": _yes_or_no,
    "port": _whole_number,
}
