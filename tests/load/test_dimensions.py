from datetime import date

import pytest
from sqlalchemy import Engine, text

from client360.days import DayRange
from client360.load.dimensions import days, fill_dimensions, provinces

CALENDAR = {row["fecha"]: row for row in days(2024, 2026)}


@pytest.mark.parametrize(
    ("day", "column", "value"),
    [
        (date(2024, 2, 29), "dia", 29),
        (date(2024, 12, 31), "semana", 1),  # an ISO week belongs to the year of its Thursday
        (date(2026, 11, 21), "nombre_dia", "sábado"),
        (date(2026, 11, 21), "fin_de_semana", True),
        (date(2026, 11, 21), "dia_semana", 6),
        (date(2026, 11, 20), "trimestre", 4),
        (date(2025, 7, 9), "feriado", "Día de la Independencia"),
        (date(2026, 1, 1), "feriado", "Año Nuevo"),
        (date(2026, 1, 2), "feriado", None),
        (date(2026, 11, 2), "dia_especial", "cyber_monday"),
        (date(2026, 11, 1), "dia_especial", None),
    ],
)
def test_a_day_is_what_the_calendar_says(day: date, column: str, value: object) -> None:
    assert CALENDAR[day][column] == value


@pytest.mark.parametrize(
    ("country", "day", "holiday"),
    [
        ("CL", date(2026, 9, 18), "Día de la Independencia"),
        ("US", date(2026, 7, 3), "Independence Day (observed)"),
        ("BR", date(2026, 9, 7), "Independence Day"),
        ("AR", date(2026, 9, 18), None),
    ],
)
def test_a_feed_has_the_holidays_of_its_country_in_spanish_or_english(
    country: str, day: date, holiday: str | None
) -> None:
    assert next(row["feriado"] for row in days(2026, 2026, country) if row["fecha"] == day) == holiday


def test_days_of_trade_are_argentine() -> None:
    assert not any(row["dia_especial"] for row in days(2026, 2026, "CL"))


def test_a_country_without_known_holidays_has_none_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    assert not any(row["feriado"] for row in days(2026, 2026, "XX"))
    assert "The package holidays knows none of country XX" in caplog.text


def test_every_day_of_the_years_is_there() -> None:
    assert len(CALENDAR) == 366 + 365 + 365


def test_the_provinces_are_those_of_the_census() -> None:
    found = list(provinces())
    assert len(found) == 24
    assert sum(row["poblacion"] for row in found) == 45_892_285


def test_filling_twice_is_filling_once_and_another_year_adds_its_days(warehouse: Engine) -> None:
    assert fill_dimensions(warehouse, DayRange(date(2025, 3, 1), date(2025, 3, 31)), "simulador") == 365 + 24
    fill_dimensions(warehouse, DayRange(date(2025, 3, 1), date(2026, 1, 1)), "simulador")
    with warehouse.connect() as connection:
        assert connection.execute(text("select count(*), max(fecha) from dw.dim_fecha")).one() == (
            730,
            date(2026, 12, 31),
        )
        assert connection.execute(text("select count(*) from dw.dim_provincia")).scalar() == 24


def test_the_provinces_of_the_census_are_of_argentine_rows_that_bring_none(warehouse: Engine) -> None:
    fill_dimensions(warehouse, DayRange(date(2025, 3, 1), date(2025, 3, 1)), "feed", "CL")
    fill_dimensions(warehouse, DayRange(date(2025, 3, 1), date(2025, 3, 1)), "feed", provinces_too=False)
    with warehouse.connect() as connection:
        assert connection.execute(text("select count(*) from dw.dim_provincia")).scalar() == 0


def test_what_was_noted_before_it_was_known_is_completed(warehouse: Engine) -> None:
    """A province that a feed names, and the holidays of a country that was declared wrongly."""
    fill_dimensions(warehouse, DayRange(date(2025, 3, 1), date(2025, 3, 1)), "feed", "CL")
    with warehouse.begin() as connection:
        connection.execute(
            text("insert into dw.dim_provincia values ('Mendoza', null, null), ('Elsewhere', null, null)")
        )
    fill_dimensions(warehouse, DayRange(date(2025, 3, 1), date(2025, 3, 1)), "feed")
    with warehouse.connect() as connection:
        found = dict(connection.execute(text("select provincia, region from dw.dim_provincia")).all())
        assert found["Mendoza"] == "Cuyo"
        assert found["Elsewhere"] is None
        holidays = connection.execute(
            text("select feriado from dw.dim_fecha where fecha in ('2025-07-09', '2025-09-18')")
        )
        assert set(holidays.scalars()) == {"Día de la Independencia", None}
