from datetime import date

import pytest
from sqlalchemy import Engine, text

from client360.reference import days, fill, provinces

CALENDAR = {row["fecha"]: row for row in days(2024, 2026)}


@pytest.mark.parametrize(
    ("day", "column", "value"),
    [
        (date(2024, 2, 29), "dia", 29),
        (date(2024, 12, 31), "semana", 1),  # an ISO week belongs to the year of its Thursday
        (date(2026, 11, 21), "nombre_dia", "sabado"),
        (date(2026, 11, 21), "fin_de_semana", True),
        (date(2026, 11, 21), "dia_semana", 6),
        (date(2026, 11, 20), "trimestre", 4),
        (date(2025, 7, 9), "feriado", "Dia de la Independencia"),
        (date(2026, 1, 1), "feriado", "Anio Nuevo"),
        (date(2026, 1, 2), "feriado", None),
        (date(2026, 11, 2), "dia_especial", "cyber_monday"),
        (date(2026, 11, 1), "dia_especial", None),
    ],
)
def test_a_day_is_what_the_calendar_says(day: date, column: str, value: object) -> None:
    assert CALENDAR[day][column] == value


def test_every_day_of_the_years_is_there_in_ascii() -> None:
    assert len(CALENDAR) == 366 + 365 + 365
    assert all(str(row).isascii() for row in CALENDAR.values())


def test_the_provinces_are_those_of_the_census() -> None:
    found = list(provinces())
    assert len(found) == 24
    assert sum(row["poblacion"] for row in found) == 45_892_285


def test_filling_twice_is_filling_once_and_another_year_adds_its_days(warehouse: Engine) -> None:
    assert fill(warehouse, date(2025, 3, 1), date(2025, 3, 31), "simulador") == 365 + 24
    fill(warehouse, date(2025, 3, 1), date(2026, 1, 1), "simulador")
    with warehouse.connect() as connection:
        assert connection.execute(text("select count(*), max(fecha) from dw.dim_fecha")).one() == (
            730,
            date(2026, 12, 31),
        )
        assert connection.execute(text("select count(*) from dw.dim_provincia")).scalar() == 24
