"""Calendar months, as far as they are known."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from proof.exact import rounded

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Month:
    """A calendar month, or the part of it that is known."""

    first: date
    last: date

    @property
    def name(self) -> date:
        """The first day of the calendar month, which names it in the answers."""
        return month_of(self.first)

    @property
    def days(self) -> int:
        """How many days of it are known."""
        return (self.last - self.first).days + 1

    @property
    def whole(self) -> bool:
        return self.first.day == 1 and (self.last + ONE_DAY).day == 1


def month_of(day: date) -> date:
    """The first day of its calendar month."""
    return day.replace(day=1)


def months(first: date, last: date) -> list[Month]:
    """The months from day `first` to day `last`, the first and the last one as far as they are within."""
    found = []
    while first <= last:
        following = month_of(month_of(first) + timedelta(days=31))
        found.append(Month(first, min(following - ONE_DAY, last)))
        first = following
    return found


def days_between(first: tuple[date, datetime | None], last: tuple[date, datetime | None]) -> Decimal:
    """The days between two things that happened, each on a day and at a moment: to a tenth where both moments are known, else
    whole."""
    if first[1] and last[1]:
        return rounded(Fraction((last[1] - first[1]) // timedelta(microseconds=1), 86_400_000_000), 1)
    return Decimal((last[0] - first[0]).days)
