"""The answer key of corrupted files: what was corrupted, and what must follow from it."""

from collections.abc import Iterable
from typing import NamedTuple

from client360.simulate.corrupt.defects import defects
from client360.simulate.corrupt.ledger import CorruptedRow
from proof.corruption.verdicts import Verdicts

CONSEQUENCE = "consecuencia"
"""The defect of a row that is sound itself, and whose parent is not."""


class Entry(NamedTuple):
    """A row that is corrupted, or that must be rejected because another one is."""

    file: str
    line: int
    entity: str
    defect: str
    """A kind of defects.yaml, or CONSEQUENCE."""
    column: str
    reason: str
    """Reason for which it must be rejected, REPEATED where it is only counted, empty where it cannot be told from a sound row."""

    @property
    def detectable(self) -> bool:
        return bool(self.reason)


def ledger(corrupted: Iterable[CorruptedRow], verdicts: Verdicts) -> list[Entry]:
    """What was corrupted and, by the verdicts on all rows, what follows from it; in the order of files and lines.

    The verdicts decide where the kind of a defect does not.
    """
    entries = {}
    for row in corrupted:
        place = row.file, row.line
        reason = defects().kinds[row.defect].reason
        judged = verdicts.rejected.get(place)
        # a row that lacks what its order, which is rejected itself, would give it
        without_order = reason == "falta_valor" and judged and judged.column == "venta_id"
        if not reason or without_order:
            reason = judged.reason if judged else ""
        entries[place] = Entry(*row, reason)
    for place, verdict in verdicts.rejected.items():
        if place not in entries:
            entries[place] = Entry(*place, verdict.entity, CONSEQUENCE, verdict.column, verdict.reason)
    return [entries[place] for place in sorted(entries)]
