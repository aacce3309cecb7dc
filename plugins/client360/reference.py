"""The dimensions that come from no landing file: the calendar and the provinces."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from unicodedata import normalize

import holidays
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert

from client360.models.dw import DimFecha, DimProvincia
from client360.world.calendar import falls_on
from client360.world.declared import declared
from client360.worlds import hold_world

MONTHS = ["enero", "febrero", "marzo", "abril", "mayo", "junio"]
MONTHS += ["julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"]
WEEKDAYS = ["lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"]


def fill(engine: Engine, first: date, last: date, world: str) -> int:
    """Complete dw.dim_fecha, for the whole years of the days from `first` to `last`, and dw.dim_provincia; returns the
    number of rows.

    Raises WorldReplaced.
    """
    rows = {DimFecha: list(days(first.year, last.year)), DimProvincia: list(provinces())}
    with engine.begin() as connection:
        hold_world(connection, world)
        for model, entries in rows.items():
            connection.execute(insert(model).on_conflict_do_nothing(), entries)
    return sum(map(len, rows.values()))


def days(first_year: int, last_year: int) -> Iterator[dict[str, Any]]:
    """Rows of dim_fecha. Holidays by the package holidays, days of trade by world.yaml."""
    closed = holidays.country_holidays("AR", years=range(first_year, last_year + 1), language="es")
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        special = [name for name, rule in declared().special_days.items() if falls_on(rule, day)]
        yield {
            "fecha": day,
            "anio": day.year,
            "trimestre": (day.month + 2) // 3,
            "mes": day.month,
            "dia": day.day,
            "semana": day.isocalendar().week,
            "dia_semana": day.isoweekday(),
            "nombre_mes": MONTHS[day.month - 1],
            "nombre_dia": WEEKDAYS[day.weekday()],
            "fin_de_semana": day.weekday() >= 5,
            "feriado": _ascii(closed[day]) if day in closed else None,
            "dia_especial": " ".join(special) or None,
        }
        day += timedelta(days=1)


def _ascii(words: str) -> str:
    decomposed = normalize("NFD", words.replace("ñ", "ni"))
    return decomposed.encode("ascii", "ignore").decode()


def provinces() -> Iterator[dict[str, Any]]:
    """Rows of dim_provincia: regions and census population as world.yaml quotes them."""
    for name, facts in declared().provinces.items():
        yield {"provincia": name, "region": facts.region, "poblacion": facts.population}
