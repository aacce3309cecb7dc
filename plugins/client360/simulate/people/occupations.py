"""What customers work as, and at which ages."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from client360.simulate.arrays import Codes, Flags, Floats
from client360.simulate.facts import world_facts


@dataclass(frozen=True)
class Occupations:
    """The occupations of world.yaml; arrays have one element for each, unless their docstring gives another shape."""

    names: list[str]
    income: Floats
    """Median monthly income, pesos of the base month."""
    sigma: Floats
    """Standard deviation of the logarithm of the income."""
    floor: Floats
    """Least monthly income, pesos of the base month."""
    payroll: Flags
    """Whether the salary or pension is credited in the bank."""
    declares_none: Floats
    """Share that declares no income to the bank."""
    retired: int
    """Position of the occupation that only retirement leads to."""
    ages: Floats
    """Ages, in years, at which an occupation begins or ceases to be possible; shape (ages,), ascending."""
    bounds: Floats
    """Cumulative shares of the occupations that are possible before the first of those ages, from it to the next, and so on;
    shape (ages + 1, occupations)."""

    def pick(self, draws: Floats, ages: Floats) -> Codes:
        """One occupation for each uniform draw, by share among those possible at the age in years; same shape (n,)."""
        bounds = self.bounds[np.searchsorted(self.ages, ages, side="right")]
        return ((draws * bounds[:, -1])[:, None] >= bounds).sum(axis=1)


@lru_cache
def occupations() -> Occupations:
    """The occupations of world.yaml."""
    table = world_facts().occupations
    rows = list(table.values())
    ages = np.unique([[row.min_age, row.max_age] for row in rows]).astype(np.float64)
    since = np.concatenate([[-np.inf], ages])
    shares = [np.where((since >= row.min_age) & (since < row.max_age), row.share, 0.0) for row in rows]
    return Occupations(
        names=list(table),
        income=np.array([row.income for row in rows]),
        sigma=np.array([row.sigma for row in rows]),
        floor=np.array([row.floor for row in rows]),
        payroll=np.array([row.payroll for row in rows]),
        declares_none=np.array([row.declares_none for row in rows]),
        retired=list(table).index("jubilado"),
        ages=ages,
        bounds=np.cumsum(np.stack(shares, axis=1), axis=1),
    )
