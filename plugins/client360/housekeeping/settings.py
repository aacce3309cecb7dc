"""The parameters of housekeeping: their defaults, and what is none of them."""

from collections.abc import Mapping
from typing import Any

from client360.run import parameters

STANDARD: dict[str, Any] = {"aplicar": False, "dias_metadatos": 90, "dias_logs": 90, "dias_landing": 30}
"""The parameters of the DAG and their defaults; ages in days."""
MOST_DAYS = 36500


def defaults(environment: Mapping[str, str]) -> dict[str, Any]:
    """The defaults of a run: CLIENT360_HOUSEKEEPING_<NAME> in the environment, else STANDARD.

    Raises ValueError, in one line, for an invalid value.
    """
    given = {name: environment.get(f"CLIENT360_HOUSEKEEPING_{name.upper()}", "") for name in STANDARD}
    try:
        return judged(STANDARD | parameters.typed(given))
    except ValueError as error:
        raise ValueError(f"in the environment, CLIENT360_HOUSEKEEPING_...: {error}") from None


def judged(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a run. Raises ValueError, in one line, for a name that is unknown, and for an age that is none.

    Airflow's form and REST API hold the values to their types, but take any name.
    """
    for name, value in params.items():
        if name not in STANDARD:
            raise ValueError(f"{name!r} is no parameter of housekeeping: there are {', '.join(STANDARD)}")
        if name != "aplicar" and not 0 <= value <= MOST_DAYS:
            raise ValueError(f"{name} is {value}: give days up to {MOST_DAYS}, or 0, which keeps everything")
    return dict(params)
