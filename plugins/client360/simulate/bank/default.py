"""When people stop paying what they owe to the bank, for good: of themselves, or some months after they lose their job.

All arrays have the shape (BLOCK,) unless their docstring gives another.
"""

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import NEVER, Codes, Days, Flags, Floats
from client360.simulate.facts import world_facts
from client360.simulate.people.books import ALWAYS, Books
from client360.simulate.people.generation import MAX_CHANGES, YEAR
from client360.simulate.people.occupations import occupations
from client360.simulate.world import BLOCK

SOONEST, LATEST = 60, 120
"""Days from the loss of a job to a default because of it."""
MOST = 0.9
"""The largest probability of one."""


def default_day(books: Books) -> Days:
    """Day number on which a person stops paying, NEVER for most."""
    return books.once("mora", ALWAYS, lambda: _default_day(books))


def default_month(books: Books) -> Codes:
    """The month from which a person pays nothing any more, NEVER for most."""
    day = default_day(books)
    return np.where(day < NEVER, calendar.month_of_days(np.where(day < NEVER, day, 0)), NEVER)


def default_probability(books: Books, day: int, within: int) -> Floats:
    """The probability that a person who has paid until the day stops within so many days, if they stay a customer."""
    of, (yearly, after_loss) = books.generation, _strain(books)
    # only the last loss of a job still matters: jobs last longer than LATEST days, but for a few
    lost = np.where(losses(books) & (of.job_days <= day), of.job_days, -NEVER).max(axis=1)
    first, last = np.maximum(lost + SOONEST, day), lost + LATEST
    ahead = np.clip((last - first) / (LATEST - SOONEST), 0, 1)
    soon = np.clip((np.minimum(day + within, last) - first) / (LATEST - SOONEST), 0, 1)
    struck = after_loss * soon / (1 - after_loss + after_loss * ahead)
    return 1 - exact.exp(-yearly * (within / YEAR)) * (1 - struck)


def _default_day(books: Books) -> Days:
    of, (yearly, after_loss) = books.generation, _strain(books)
    drawn = books.stream("mora").random((2, BLOCK, MAX_CHANGES + 1))
    by_themselves = np.minimum(of.start + exact.exponential(drawn[0, :, 0], YEAR / yearly), NEVER).astype(np.int64)
    struck = losses(books) & (drawn[1, :, 1:] < after_loss[:, None])
    delay = SOONEST + (drawn[0, :, 1:] * (LATEST - SOONEST)).astype(np.int64)
    return np.minimum(by_themselves, np.where(struck, of.job_days + delay, NEVER).min(axis=1))


def _strain(books: Books) -> tuple[Floats, Floats]:
    """Defaults a year, and the probability of one after the loss of a job, of each person."""
    facts = world_facts().default
    strain = exact.spread(books.generation.traits["stress"], facts.stress_strength)
    return facts.per_year * strain, np.minimum(facts.unemployed * strain, MOST)


def losses(books: Books) -> Flags:
    """Which changes of job leave the person without one; shape (BLOCK, MAX_CHANGES)."""
    of = books.generation
    without = of.occupation_by_job[:, 1:-1] == occupations().names.index("desempleado")
    return without & (of.job_days < of.retirement[:, None])
