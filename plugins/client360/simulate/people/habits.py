"""What stays the same about a person's spending through the bank, whatever the month."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from client360.simulate import exact
from client360.simulate.arrays import Codes, Days, Floats, upper_bounds
from client360.simulate.facts import world_facts
from client360.simulate.world import BLOCK


@dataclass(frozen=True)
class Habits:
    """The habits of the persons of one generation of a block."""

    purchases: Floats
    """Purchases relative to the mean customer; shape (BLOCK,)."""
    ticket: Floats
    """Share of income spent on a purchase, relative to the mean customer; shape (BLOCK,)."""
    bill_share: Floats
    """Cost of each bill as a share of income, 0 for a bill the person does not have; shape (bills, BLOCK)."""
    room: Floats
    """What bills leave for purchases, relative to what they leave the mean customer; shape (BLOCK,)."""
    bill_due: Days
    """Day of the month, from 0, on which each bill is due; shape (bills, BLOCK)."""
    salary_day: Codes
    """Business day of the month, from 1, on which a salary is paid; shape (BLOCK,)."""


def draw_habits(stream: Callable[[str], np.random.Generator]) -> Habits:
    """Habits from the random streams of a generation, which `stream` opens by name."""
    card, bills, payroll = world_facts().card, world_facts().bills, world_facts().payroll
    normal = exact.normal(stream("tarjeta").random((2, BLOCK)))
    bill_share, bill_due = [], []
    for name, bill in bills.items():
        random = stream(f"cuenta {name}")
        held = random.random(BLOCK) < bill.held_by
        bill_share.append(held * bill.income_share * exact.spread(exact.normal(random.random(BLOCK)), bill.sigma))
        bill_due.append(random.integers(0, 28, BLOCK))
    shares = np.stack(bill_share)
    shares *= np.minimum(world_facts().bill_most / np.maximum(shares.sum(axis=0), 1e-9), 1)
    days = np.array(list(payroll.business_day_weights))
    bounds = upper_bounds(list(payroll.business_day_weights.values()))
    return Habits(
        purchases=exact.spread(normal[0], card.person_sigma),
        ticket=exact.spread(normal[1], card.propensity_sigma),
        bill_share=shares,
        room=(1 - shares.sum(axis=0)) / (1 - sum(bill.held_by * bill.income_share for bill in bills.values())),
        bill_due=np.stack(bill_due),
        salary_day=days[np.searchsorted(bounds, stream("dia de cobro").random(BLOCK), side="right")],
    )
