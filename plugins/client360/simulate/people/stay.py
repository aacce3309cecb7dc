"""How long people remain customers: settled at first, then about to leave.

Both spells are exponential, the first one shorter for the restless. So what a person will do depends on which of the two they are
in and on nothing else of their past, and the probability to leave by any day has a closed form.
"""

import numpy as np

from client360.simulate import exact
from client360.simulate.arrays import Days, Flags, Floats
from client360.simulate.facts import world_facts
from client360.simulate.people.generation import YEAR


def unsettling_rates(restlessness: Floats) -> Floats:
    """Rate a day at which the settled begin to be about to leave; same shape."""
    people = world_facts().people
    mean_days = people.mean_stay_years * YEAR - people.fading_days
    return exact.spread(restlessness, people.restlessness_sigma) / mean_days


def draw_stay(random: np.random.Generator, restlessness: Floats, there_already: bool) -> tuple[Days, Days]:
    """Days that each person is settled, and days that they are about to leave from then on; both of the shape of restlessness.

    Of those who are `there_already` when their history begins, some are about to leave by then.
    """
    rates, fading_days = unsettling_rates(restlessness), world_facts().people.fading_days
    draws = random.random(len(rates))
    if there_already:
        unsettled = rates * fading_days / (1 + rates * fading_days)
        draws = np.maximum(draws - unsettled, 0) / (1 - unsettled)
    settled = np.ceil(exact.exponential(draws, 1 / rates)).astype(np.int64)
    return settled, np.ceil(exact.exponential(random.random(len(rates)), fading_days)).astype(np.int64)


def leaving_probability(restlessness: Floats, about_to_leave: Flags, days: int) -> Floats:
    """Probability that each person leaves within so many days, for all who could know them; same shape."""
    slow, fast = unsettling_rates(restlessness), 1 / world_facts().people.fading_days
    settles, stays = exact.exp(-slow * days), exact.exp(np.full_like(slow, -fast * days))
    return 1 - np.where(about_to_leave, stays, (fast * settles - slow * stays) / (fast - slow))
