"""One declared figure beside the measured one."""

from dataclasses import dataclass
from math import sqrt

SIGMAS = 4
"""Standard errors within which a measured figure may differ from the declared one."""


@dataclass(frozen=True)
class Finding:
    """One declared figure beside the measured one; `tolerance` is the largest difference that chance explains."""

    what: str
    declared: float
    measured: float
    tolerance: float

    @property
    def holds(self) -> bool:
        return abs(self.measured - self.declared) <= self.tolerance


def share_finding(what: str, share: float, measured: float, size: int) -> Finding:
    """A declared share beside the share measured on `size` independent observations."""
    return Finding(what, share, measured, SIGMAS * sqrt(share * (1 - share) / size) + 0.5 / size)
