"""Days, months, Argentine holidays and prices. A day is a count from 1970-01-01, a month a count from year 0."""

from datetime import date, timedelta
from functools import cache, lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

from client360.simulate.facts import world_facts
from client360.simulate.facts.base import SpecialDay

EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    return day.toordinal() - EPOCH


def date_of(day: int) -> date:
    return date.fromordinal(day + EPOCH)


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def month_start(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def month_days(month: int) -> int:
    """How many days the month has."""
    return (month_start(month + 1) - month_start(month)).days


def month_of_days(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Month number of each day number, same shape."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


@lru_cache
def business_days(month: int) -> NDArray[np.int64]:
    """Days of the month, from 0, that are neither weekend nor Argentine public holiday (package holidays); shape (days,)."""
    first = day_number(month_start(month))
    days = np.arange(month_days(month))
    working = (first + days + 3) % 7 < 5  # 1970-01-01 was a Thursday
    return days[working & ~np.isin(first + days, _public_holidays(month // 12))]


def next_working_days(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each day, or the first one after it that is no Argentine public holiday; same shape."""
    if not days.size:
        return days
    years = range(date_of(int(days.min())).year, date_of(int(days.max())).year + 2)
    closed = np.concatenate([_public_holidays(year) for year in years])
    found = days.copy()
    while (holiday := np.isin(found, closed)).any():
        found[holiday] += 1
    return found


@lru_cache
def _public_holidays(year: int) -> NDArray[np.int64]:
    """The Argentine public holidays of the year (package holidays); shape (holidays,)."""
    return np.array([day_number(day) for day in holidays.country_holidays("AR", years=year)], dtype=np.int64)


@cache
def price_index(month: int) -> float:
    """Level of consumer prices, 1 in the base month of world.yaml."""
    prices = world_facts().prices
    base = month_number(date.fromisoformat(f"{prices.base_month}-01"))
    if month == base:
        return 1.0
    if month > base:
        return price_index(month - 1) * (1 + prices.variation(f"{month_start(month):%Y-%m}"))
    return price_index(month + 1) / (1 + prices.variation(f"{month_start(month + 1):%Y-%m}"))


def price_indices(months: NDArray[np.int64]) -> NDArray[np.float64]:
    """`price_index` of many months, same shape."""
    if not months.size:
        return np.ones(months.shape)
    first = int(months.min())
    return _indices(first, int(months.max()))[months - first]


@lru_cache
def _indices(first: int, last: int) -> NDArray[np.float64]:
    return np.array([price_index(month) for month in range(first, last + 1)])


def special_factor(day: date) -> float:
    """Card purchases on this day relative to an ordinary day of the same weekday."""
    factor = 1.0
    for special in world_facts().special_days.values():
        if falls_on(special, day):
            factor *= special.factor
    return factor


def shop_factor(day: date) -> float:
    """Orders of the shop on this day relative to an ordinary day of the same weekday."""
    factor = 1.0
    for special in world_facts().special_days.values():
        if falls_on(special, day):
            factor *= special.shop_factor
    return factor


def falls_on(special: SpecialDay, day: date) -> bool:
    """Whether the rule applies to the day."""
    first = date(day.year, special.month, special.day or 1)
    if special.weekday is not None:
        first += timedelta(days=(special.weekday - first.weekday()) % 7 + 7 * (special.nth - 1))
    return 0 <= (day - first).days - special.shift < special.days


@lru_cache
def day_factors(month: int) -> NDArray[np.float64]:
    """Relative number of card purchases on each day of the month, by weekday and special day; shape (days,)."""
    weekday = world_facts().card.weekday_factors
    scale = 7 / sum(weekday)
    days = [month_start(month) + timedelta(days=i) for i in range(month_days(month))]
    return np.array([weekday[day.weekday()] * scale * special_factor(day) for day in days])


@lru_cache
def shop_day_factors(month: int) -> NDArray[np.float64]:
    """Relative number of orders of the shop on each day of the month, by weekday and special day; shape (days,)."""
    weekday = world_facts().shop.orders.weekday_factors
    scale = 7 / sum(weekday)
    days = [month_start(month) + timedelta(days=i) for i in range(month_days(month))]
    return np.array([weekday[day.weekday()] * scale for day in days]) * shop_specials(month)


@lru_cache
def shop_specials(month: int) -> NDArray[np.float64]:
    """`shop_factor` of each day of the month; shape (days,)."""
    return np.array([shop_factor(month_start(month) + timedelta(days=i)) for i in range(month_days(month))])


@lru_cache
def shop_peaks(month: int) -> NDArray[np.float64]:
    """By how much the orders of the week before each day exceed the usual, as a fraction; shape (days,)."""
    first = month_start(month)
    factors = [shop_factor(first + timedelta(days=i)) for i in range(-7, month_days(month))]
    return np.convolve(factors, np.full(7, 1 / 7), mode="valid")[:-1] - 1


def yymm(month: int) -> int:
    """Year within its century, and month, as ids hold them."""
    return month // 12 % 100 * 100 + month % 12 + 1
