"""The parameters of a run: their defaults, how they are written as text, and what is none of them."""

import math
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from client360.ingest.feed_spec import read_feed
from client360.publish import formats
from client360.run.sources import SIMULATOR
from client360.simulate import World

STANDARD: dict[str, Any] = {
    "inicio": None,
    "clientes": World.customers,
    "semilla": World.seed,
    "intervencion": None,
    "suciedad": 0,
    "fuente": SIMULATOR,
    "entrada": None,
    "umbral": None,
    "anonimo": False,
    "formatos": None,
    "conservar": 0,
    "limpiar": False,
}
"""The parameters of the DAG that the environment may set, and their defaults."""
EXCEPTIONAL = ("reemplazar", "recalcular")
"""The parameters that are false unless a run says otherwise."""
NAMES = ("fecha", *STANDARD, *EXCEPTIONAL)
"""All parameters of the DAG."""


def defaults(environment: Mapping[str, str]) -> dict[str, Any]:
    """The defaults of a run: CLIENT360_<NAME> in the environment, else STANDARD.

    Raises ValueError, in one line, for an invalid value.
    """
    given = {name: environment.get(f"CLIENT360_{name.upper()}", "") for name in STANDARD}
    try:
        return STANDARD | typed(given)
    except ValueError as error:
        raise ValueError(f"in the environment, CLIENT360_...: {error}") from None


def timezone(environment: Mapping[str, str], given: Mapping[str, Any] | None = None) -> str:
    """The time zone, by its IANA name, in which days begin and end for a run with these parameters: that of its feed.

    Raises ValueError, in one line, for an invalid default and for a feed that can not be used.
    """
    return read_feed((given or {}).get("fuente") or defaults(environment)["fuente"]).timezone


def typed(texts: Mapping[str, str]) -> dict[str, Any]:
    """The values of non-empty texts. Raises ValueError, in one line."""
    return {name: READ.get(name, _text)(name, text) for name, text in texts.items() if text}


def judged(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a run, whole numbers as int. Raises ValueError, in one line, for a name that is unknown, or a value of
    another type.

    Airflow's form and REST API hold the values to their types, but take any name; a script may call with anything.
    """
    for name in params:
        if name not in NAMES:
            nearest = get_close_matches(name, NAMES, 1)
            hint = f"did you mean {nearest[0]}? " if nearest else ""
            raise ValueError(f"{name!r} is no parameter of a run: {hint}there are {', '.join(NAMES)}")
    return {name: _judged(name, value) for name, value in params.items()}


def _judged(name: str, value: Any) -> Any:
    if value is None and name in OPTIONAL:
        return None
    kind, advice = KINDS[name]
    # JSON has one kind of numbers: 1e3 is read as 1000.0; and to Python a truth value is a number too
    if kind is int and isinstance(value, float) and value.is_integer():
        value = int(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value) if abs(value) < 2**53 else math.inf
    unusable = value == "" or (isinstance(value, float) and not math.isfinite(value))
    if type(value) is not kind or unusable:
        raise ValueError(f"{name} is {value!r}: {advice}")
    return value


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


def number_within(name: str, text: str, most: float, unit: str) -> float:
    """The number from 0 to `most` that the text is. Raises ValueError, in one line."""
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= most:
        raise ValueError(f"{name} is {text!r}: give a number from 0 to {most:g}, {unit}")
    return number


def _percentage(name: str, text: str) -> float:
    return number_within(name, text, 100, "per cent")


def _share(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} is {text!r}: give a share, such as 0.02") from None


def _formats(_: str, text: str) -> list[str]:
    return formats.require_known(text.split())


_WHOLE, _NUMBER = (int, "give a whole number"), (float, "give a number")
_DAY, _NAME, _TRUTH = (str, "give a day, as YYYY-MM-DD"), (str, "give its name"), (bool, "give true or false")
KINDS: dict[str, tuple[type, str]] = {
    "fecha": _DAY,
    "inicio": _DAY,
    "clientes": _WHOLE,
    "semilla": _WHOLE,
    "intervencion": (str, "give what differs from the world, or null for nothing"),
    "suciedad": _NUMBER,
    "fuente": _NAME,
    "entrada": (str, "give a folder, or null for none"),
    "umbral": _NUMBER,
    "anonimo": _TRUTH,
    "formatos": (list, "give a list of formats, or null for none"),
    "conservar": _WHOLE,
    "limpiar": _TRUTH,
    "reemplazar": _TRUTH,
    "recalcular": _TRUTH,
}
"""The type of each parameter, and what to give in the place of a value of another type."""
OPTIONAL = {"fecha", *(name for name, value in STANDARD.items() if value is None)}
"""The parameters that may be null."""

READ: dict[str, Callable[[str, str], Any]] = {
    "clientes": _whole_number,
    "semilla": _whole_number,
    "suciedad": _share,
    "umbral": _percentage,
    "reemplazar": _yes_or_no,
    "recalcular": _yes_or_no,
    "anonimo": _yes_or_no,
    "formatos": _formats,
    "conservar": _whole_number,
    "limpiar": _yes_or_no,
    "port": _whole_number,
    "overwrite": _yes_or_no,
    "aplicar": _yes_or_no,
    "dias_metadatos": _whole_number,
    "dias_logs": _whole_number,
    "dias_landing": _whole_number,
}
