"""On which days of a month movements fall."""

from functools import lru_cache

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import Days, Floats
from client360.simulate.bank.intervals import Intervals
from client360.simulate.facts import world_facts


def season_factor(factors: list[float], month: int) -> float:
    """Factor of a month, relative to the mean of the twelve."""
    return factors[month % 12] * 12 / sum(factors)


@lru_cache
def _purchase_days(month: int) -> Intervals:
    """Cumulative share of a month's purchases by day, for one payday after another (the last: without one), the bounds of
    each shifted by its number."""
    card = world_facts().card
    length = calendar.month_days(month)
    day = np.arange(length)
    since = (day[None, :] - np.arange(length)[:, None]) % length  # before payday the lift of the last one fades out
    lift = 1 + card.payday_lift * exact.exp(-since / card.payday_decay_days)
    weights = np.vstack([lift, np.ones(length)]) * calendar.day_factors(month)
    bounds = np.cumsum(weights, axis=1)
    bounds /= bounds[:, -1:]
    return Intervals.of((bounds + np.arange(length + 1)[:, None]).ravel())


def purchase_day(month: int, payday: Days, draw: Floats) -> Days:
    """Day of the month, from 0, of each purchase, given the buyer's payday and a uniform draw; all of shape (purchases,)."""
    length = calendar.month_days(month)
    row = np.where(payday < 0, length, payday)
    return _purchase_days(month).find(row + draw) - row * length


@lru_cache
def next_business_day(month: int) -> Days:
    """The next business day at or after each day of the month, or the last one of the month; shape (days,)."""
    business = calendar.business_days(month)
    return business[np.minimum(np.searchsorted(business, np.arange(calendar.month_days(month))), len(business) - 1)]
