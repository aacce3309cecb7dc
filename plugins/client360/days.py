"""Business days, and ranges of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
"""The days that the contract takes, both included."""
MONTHS = 1320
"""The months that these days are of."""
ARGENTINA = "America/Argentina/Buenos_Aires"
"""The time zone of days and times of day where none is said, by its name in the IANA database."""


@dataclass(frozen=True)
class DayRange:
    """Consecutive days, both ends included. Within one month it is the unit that is generated and loaded as a whole."""

    first: date
    last: date

    def days(self) -> list[date]:
        return [self.first + timedelta(days=i) for i in range((self.last - self.first).days + 1)]


def day_ranges(days: Iterable[date]) -> list[DayRange]:
    """Ranges of consecutive days, cut at month ends, in order."""
    found: list[DayRange] = []
    for day in sorted(days):
        if found and day == found[-1].last + timedelta(days=1) and day.day != 1:
            found[-1] = DayRange(found[-1].first, day)
        else:
            found.append(DayRange(day, day))
    return found


def parse_day(name: str, value: str) -> date:
    """The day that YYYY-MM-DD names, one that the contract takes. Raises ValueError with the parameter's name."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise ValueError(f"{name} is {value!r}: give a day that exists, as YYYY-MM-DD")
    return require_known(name, day)


def require_known(name: str, day: date) -> date:
    """The day, if the contract takes it. Raises ValueError with the parameter's name."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"{name} is {day}: give a day from {FIRST_DAY} to {LAST_DAY}, those that a warehouse can hold")
    return day
