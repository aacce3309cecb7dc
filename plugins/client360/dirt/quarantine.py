"""The quarantine of the warehouse that holds a soiled world, graded."""

from pathlib import Path

from sqlalchemy import Connection, func, select

from client360.dirt import delivery, verdicts
from client360.dirt.grading import Grade, Rejected, grade
from client360.dirt.ledger import ledger
from client360.models import Lecturas, Rechazos


def graded(connection: Connection, folder: Path) -> list[Grade]:
    """How well control.rechazos holds what is broken in the files of a soiled world, which lie in `folder` with their ledgers."""
    rejected = connection.execute(select(Rechazos.archivo, Rechazos.linea, Rechazos.motivo))
    repeated = select(Lecturas.archivo, func.sum(Lecturas.repetidas)).group_by(Lecturas.archivo)
    entries = ledger(delivery.injected(folder), verdicts.judge(folder / "entrada"))
    counts = {archivo: int(rows) for archivo, rows in connection.execute(repeated)}
    return grade(entries, [Rejected(*row) for row in rejected], counts)
