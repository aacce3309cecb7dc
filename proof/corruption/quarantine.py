"""The quarantine of the warehouse that holds a soiled world, graded."""

from pathlib import Path

from sqlalchemy import Connection, func, select

from client360.simulate.corrupt import files
from client360.warehouse.models import Lecturas, Rechazos
from proof.corruption import verdicts
from proof.corruption.grading import Grade, Rejected, grade
from proof.corruption.ledger import ledger


def graded(connection: Connection, folder: Path) -> list[Grade]:
    """How well control.rechazos holds what is broken in the files of a soiled world, which lie in `folder` with their ledgers."""
    rejected = connection.execute(select(Rechazos.archivo, Rechazos.linea, Rechazos.motivo))
    repeated = select(Lecturas.archivo, func.sum(Lecturas.repetidas)).group_by(Lecturas.archivo)
    entries = ledger(files.read_ledgers(folder), verdicts.judge(folder / "entrada"))
    counts = {archivo: int(rows) for archivo, rows in connection.execute(repeated)}
    return grade(entries, [Rejected(*row) for row in rejected], counts)
