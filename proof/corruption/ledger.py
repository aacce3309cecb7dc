"""The answer key of soiled files: what was broken, and what must follow from it."""

from collections.abc import Iterable
from typing import NamedTuple

from client360.simulate.corrupt.corruption import Injected
from client360.simulate.corrupt.defects import defects
from proof.corruption.verdicts import Verdicts

CONSEQUENCE = "consecuencia"
"""The defect of a row that is sound itself, and stands on one that is not."""


class Entry(NamedTuple):
    """A row that is broken, or that must be rejected because another one is.

    `motivo` is the reason for which it must be rejected, `repetida` where it is only counted, and empty where nobody can tell
    it from a sound one.
    """

    archivo: str
    linea: int
    entidad: str
    defecto: str
    columna: str
    motivo: str

    @property
    def detectable(self) -> bool:
        return bool(self.motivo)


def ledger(broken: Iterable[Injected], verdicts: Verdicts) -> list[Entry]:
    """What was broken and, by the verdicts on all rows, what it leads to: where the kind of a defect does not say what must
    become of it, they do. In the order of files and lines."""
    entries = {}
    for line in broken:
        place = line.archivo, line.linea
        motivo = defects().kinds[line.defecto].motivo
        if not motivo:
            motivo = verdicts.rejected[place].motivo if place in verdicts.rejected else ""
        entries[place] = Entry(*line, motivo)
    for place, verdict in verdicts.rejected.items():
        if place not in entries:
            entries[place] = Entry(*place, verdict.entidad, CONSEQUENCE, verdict.columna, verdict.motivo)
    return [entries[place] for place in sorted(entries)]
