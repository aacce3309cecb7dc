"""The quarantine of the warehouse that holds a corrupted world, graded."""

from pathlib import Path

from sqlalchemy import Connection, func, select

from client360.simulate.corrupt.corrupted_world import FILES
from client360.simulate.corrupt.ledger import read_ledgers
from client360.warehouse.models import Lecturas, Rechazos
from proof.corruption import verdicts
from proof.corruption.grading import Grade, Rejected, grade
from proof.corruption.ledger import ledger


def graded(connection: Connection, folder: Path) -> list[Grade]:
    """The grades of control.rechazos for a corrupted world, whose files and ledgers lie in `folder`."""
    rejected = connection.execute(select(Rechazos.archivo, Rechazos.linea, Rechazos.motivo))
    repeated = select(Lecturas.archivo, func.sum(Lecturas.repetidas)).group_by(Lecturas.archivo)
    entries = ledger(read_ledgers(folder), verdicts.judge(folder / FILES))
    counts = {file: int(rows) for file, rows in connection.execute(repeated)}
    return grade(entries, [Rejected(*row) for row in rejected], counts)
