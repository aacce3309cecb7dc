"""The dimensions that no landing file brings: the calendar and the provinces."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import holidays
from sqlalchemy import Engine, or_
from sqlalchemy.dialects.postgresql import Insert, insert

from client360.days import DayRange
from client360.simulate.calendar import falls_on
from client360.simulate.facts import HOME, world_facts
from client360.warehouse.models import Base
from client360.warehouse.models.dw import DimFecha, DimProvincia
from client360.warehouse.ownership import hold_warehouse

MONTHS = ["enero", "febrero", "marzo", "abril", "mayo", "junio"]
MONTHS += ["julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"]
WEEKDAYS = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]

log = logging.getLogger(__name__)


def fill_dimensions(
    engine: Engine, history: DayRange, owner: str, country: str = HOME, *, provinces_too: bool = True
) -> int:
    """Fill dw.dim_fecha for the whole years of history and, for Argentina, dw.dim_provincia unless the source provides
    provinces; returns the number of rows.

    Raises OwnerReplaced.
    """
    rows: dict[type[Base], list[dict[str, Any]]] = {
        DimFecha: list(days(history.first.year, history.last.year, country))
    }
    if provinces_too and country == HOME:
        rows[DimProvincia] = list(provinces())
    with engine.begin() as connection:
        hold_warehouse(connection, owner)
        for model, entries in rows.items():
            connection.execute(_upsert(model), entries)
    return sum(map(len, rows.values()))


def _upsert(model: type[Base]) -> Insert:
    """An upsert: an earlier feed may have added an unknown province, or the country may have changed."""
    statement = insert(model)
    there, new = model.table().columns, statement.excluded
    rest = [column.name for column in there if not column.primary_key]
    return statement.on_conflict_do_update(
        index_elements=model.table().primary_key,
        set_={name: new[name] for name in rest},
        where=or_(*(there[name].is_distinct_from(new[name]) for name in rest)),
    )


def days(first_year: int, last_year: int, country: str = HOME) -> Iterator[dict[str, Any]]:
    """Rows of dim_fecha: public holidays from the package holidays, in Spanish if available, and Argentine shopping days from
    world.yaml."""
    closed = _holidays(country, range(first_year, last_year + 1))
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        special = [name for name, rule in world_facts().special_days.items() if country == HOME and falls_on(rule, day)]
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
            "feriado": closed.get(day),
            "dia_especial": " ".join(special) or None,
        }
        day += timedelta(days=1)


def _holidays(country: str, years: range) -> dict[date, str]:
    """Names of the holidays by day; none for a country that the package does not know."""
    try:
        languages = holidays.country_holidays(country).supported_languages
        language = next((known for known in ("es", "en_US") if known in languages), None)
        found = holidays.country_holidays(country, years=years, language=language)
    except NotImplementedError:
        log.warning("The package holidays knows none of country %s: dim_fecha has no feriado.", country)
        return {}
    return dict(found)


def provinces() -> Iterator[dict[str, Any]]:
    """Rows of dim_provincia: regions and census population as world.yaml quotes them."""
    for name, facts in world_facts().provinces.items():
        yield {"provincia": name, "region": facts.region, "poblacion": facts.population}


def spellings() -> dict[str, str]:
    """What is written for Argentine provinces besides their names, and the names, as world.yaml quotes them."""
    return {spelling: name for name, facts in world_facts().provinces.items() for spelling in facts.spellings}
