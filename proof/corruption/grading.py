"""How well a quarantine holds what was broken: precision and recall for each kind of defect."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.table import Table

from client360.simulate.corrupt.defects import REPEATED, defects
from proof.corruption.ledger import CONSEQUENCE, Entry

SOUND = "sin defecto"
"""The kind of the rows that are in no ledger."""


class Rejected(NamedTuple):
    """A row of control.rechazos."""

    archivo: str
    linea: int
    motivo: str


@dataclass
class Grade:
    """Of one kind of defect, in rows. A row that is rejected for another reason than it must be counts as wrong."""

    kind: str
    injected: int = 0
    detectable: int = 0
    found: int = 0
    wrong: list[str] = field(default_factory=list)
    """Rejected, and must not be, or not for that reason: file:line reason."""
    missed: list[str] = field(default_factory=list)
    """Must be rejected, and are not, or not for that reason: file:line reason."""

    @property
    def precision(self) -> float | None:
        """Share of what was rejected that had to be; None where nothing was."""
        return self.found / (self.found + len(self.wrong)) if self.found or self.wrong else None

    @property
    def recall(self) -> float | None:
        """Share of the detectable that was found; None where there are none."""
        return self.found / self.detectable if self.detectable else None

    @property
    def perfect(self) -> bool:
        return not self.wrong and not self.missed


def grade(ledger: Iterable[Entry], rejected: Iterable[Rejected], repeated: Mapping[str, int]) -> list[Grade]:
    """The grades of a quarantine, by kind: what it rejected, and how many exact duplicates it counted in each file, against
    the ledger."""
    grades = {kind: Grade(kind) for kind in [*defects().kinds, SOUND]}
    entries = {(entry.archivo, entry.linea): entry for entry in ledger}
    verdicts = {(row.archivo, row.linea): row.motivo for row in rejected}
    twice = Counter(entry.archivo for entry in entries.values() if entry.motivo == REPEATED)
    for place, entry in entries.items():
        mine = grades.setdefault(_kind(entry), Grade(_kind(entry)))
        mine.injected += 1
        mine.detectable += entry.detectable
        if entry.detectable and entry.motivo != REPEATED:
            if verdicts.get(place) == entry.motivo:
                mine.found += 1
            else:
                mine.missed.append(_example(*place, entry.motivo))
    for place, motivo in verdicts.items():
        expected = entries.get(place)
        if expected is None or expected.motivo != motivo:
            grades[_kind(expected) if expected else SOUND].wrong.append(_example(*place, motivo))
    for archivo in sorted({*twice, *repeated}):
        expected_twice, counted = twice[archivo], repeated.get(archivo, 0)
        grades[REPEATED].found += min(expected_twice, counted)
        grades[REPEATED].missed += [f"{archivo}: {counted} of {expected_twice}"] * max(0, expected_twice - counted)
        grades[REPEATED].wrong += [f"{archivo}: {counted} of {expected_twice}"] * max(0, counted - expected_twice)
    return [one for one in grades.values() if one.injected or one.wrong or one.kind == SOUND]


def table(grades: Sequence[Grade]) -> Table:
    """The grades as a table that a person can read; `wrong` is rejected, and must not be, or not for that reason."""
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
    """An example of what each kind that is not perfect got wrong, and of what it missed."""
    return [
        f"{one.kind}: {what} {lines[0]}"
        for one in grades
        for what, lines in (("wrongly rejected", one.wrong), ("missed", one.missed))
        if lines
    ]


def undetectable(grades: Sequence[Grade]) -> list[str]:
    """The kinds some rows of which can not be detected, how many, and why."""
    return [
        f"{one.kind}: {one.injected - one.detectable:,} of {one.injected:,} can not be told from sound rows: "
        f"{defects().kinds[one.kind].undetectable}"
        for one in grades
        if one.detectable < one.injected
    ]


def _kind(entry: Entry) -> str:
    return f"{CONSEQUENCE}: {entry.motivo}" if entry.defecto == CONSEQUENCE else entry.defecto


def _example(archivo: str, linea: int, motivo: str) -> str:
    return f"{archivo}:{linea} {motivo}"
