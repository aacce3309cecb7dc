"""How well a quarantine holds what was corrupted: precision and recall for each kind of defect."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.table import Table

from client360.simulate.corrupt.defects import REPEATED, defects
from proof.corruption.ledger import CONSEQUENCE, Entry

SOUND = "sin defecto"
"""The kind of rows that are in no ledger."""


class Rejected(NamedTuple):
    """A row of control.rechazos."""

    file: str
    line: int
    reason: str


@dataclass
class Grade:
    """The grade of one kind of defect, in rows. A row that is rejected for the wrong reason counts as wrong, and as missed."""

    kind: str
    injected: int = 0
    detectable: int = 0
    found: int = 0
    wrong: list[str] = field(default_factory=list)
    """Rejected, and must not be, or not for that reason, as `file:line reason`."""
    missed: list[str] = field(default_factory=list)
    """Must be rejected, and are not, or not for that reason, as `file:line reason`."""

    @property
    def precision(self) -> float | None:
        """Share of the rejected rows that should have been rejected; None if none was."""
        return self.found / (self.found + len(self.wrong)) if self.found or self.wrong else None

    @property
    def recall(self) -> float | None:
        """Share of the detectable that was found; None where there are none."""
        return self.found / self.detectable if self.detectable else None

    @property
    def perfect(self) -> bool:
        return not self.wrong and not self.missed


def grade(ledger: Iterable[Entry], rejected: Iterable[Rejected], repeated: Mapping[str, int]) -> list[Grade]:
    """The grades of a quarantine by kind of defect, against the ledger.

    `rejected` are the rows it rejected, `repeated` the exact duplicates it counted by file.
    """
    grades = {kind: Grade(kind) for kind in [*defects().kinds, SOUND]}
    entries = {(entry.file, entry.line): entry for entry in ledger}
    reasons = {(row.file, row.line): row.reason for row in rejected}
    twice = Counter(entry.file for entry in entries.values() if entry.reason == REPEATED)
    for place, entry in entries.items():
        mine = grades.setdefault(_kind(entry), Grade(_kind(entry)))
        mine.injected += 1
        mine.detectable += entry.detectable
        if entry.detectable and entry.reason != REPEATED:
            if reasons.get(place) == entry.reason:
                mine.found += 1
            else:
                mine.missed.append(_example(*place, entry.reason))
    for place, reason in reasons.items():
        expected = entries.get(place)
        if expected is None or expected.reason != reason:
            grades[_kind(expected) if expected else SOUND].wrong.append(_example(*place, reason))
    for file in sorted({*twice, *repeated}):
        expected_twice, counted = twice[file], repeated.get(file, 0)
        grades[REPEATED].found += min(expected_twice, counted)
        grades[REPEATED].missed += [f"{file}: {counted} of {expected_twice}"] * max(0, expected_twice - counted)
        grades[REPEATED].wrong += [f"{file}: {counted} of {expected_twice}"] * max(0, counted - expected_twice)
    return [one for one in grades.values() if one.injected or one.wrong or one.kind == SOUND]


def table(grades: Sequence[Grade]) -> Table:
    """The grades as a table for the console."""
    drawn = Table(box=None, pad_edge=False, collapse_padding=True)
    drawn.add_column("defect", no_wrap=True)
    for name in ("broken", "to find", "found", "wrong", "precision", "recall"):
        drawn.add_column(name, justify="right", no_wrap=True)
    for one in grades:
        figures = (one.injected, one.detectable, one.found, len(one.wrong))
        shares = ("" if share is None else f"{share:.1%}" for share in (one.precision, one.recall))
        drawn.add_row(one.kind, *(f"{figure:,}" for figure in figures), *shares, style=None if one.perfect else "red")
    return drawn


def faults(grades: Sequence[Grade]) -> list[str]:
    """An example of what was wrongly rejected and of what was missed, of each kind that is not perfect."""
    return [
        f"{one.kind}: {what} {lines[0]}"
        for one in grades
        for what, lines in (("wrongly rejected", one.wrong), ("missed", one.missed))
        if lines
    ]


def undetectable(grades: Sequence[Grade]) -> list[str]:
    """The kinds of which some rows cannot be detected, how many, and why."""
    return [
        f"{one.kind}: {one.injected - one.detectable:,} of {one.injected:,} can not be told from sound rows: "
        f"{defects().kinds[one.kind].undetectable}"
        for one in grades
        if one.detectable < one.injected
    ]


def _kind(entry: Entry) -> str:
    return f"{CONSEQUENCE}: {entry.reason}" if entry.defect == CONSEQUENCE else entry.defect


def _example(file: str, line: int, reason: str) -> str:
    return f"{file}:{line} {reason}"
