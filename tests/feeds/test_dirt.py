"""The quarantine of the feed path against the answer key: all that can be told is found, for the right reason, and no more."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from client360.dirt import SoiledWorld, delivery, verdicts
from client360.dirt.grading import Rejected, grade
from client360.dirt.ledger import ledger
from client360.feeds import contract, declared, raw
from client360.models import Lecturas, Rechazos

HASTA = date(2025, 3, 31)


def quarantined(engine: Engine, folder: Path) -> tuple[list[Rejected], dict[str, dict[str, int]]]:
    """What the feed path rejects of the files, and what it counts of each: control.rechazos and control.lecturas."""
    feed = declared.read("simulador")
    for file in raw.changed(engine, feed, folder):
        raw.take_in(engine, feed, folder, file, "test")
    contract.fill(engine, feed, "test", threshold=100)
    with engine.connect() as connection:
        rejected = connection.execute(select(Rechazos.archivo, Rechazos.linea, Rechazos.motivo))
        read = connection.execute(select(Lecturas.__table__)).mappings()
        return (
            [Rejected(*row) for row in rejected],
            {row["archivo"]: {name: value for name, value in row.items() if isinstance(value, int)} for row in read},
        )


@pytest.mark.parametrize(("seed", "suciedad"), [(1, 0.02), (2, 0.02), (3, 0.05), (4, 0.05), (5, 0.5)])
def test_every_defect_that_can_be_told_is_quarantined_and_nothing_else(
    warehouse: Engine, tmp_path: Path, seed: int, suciedad: float
) -> None:
    world = SoiledWorld(semilla=seed, clientes=150, inicio=date(2025, 1, 1), suciedad=suciedad)
    delivery.deliver(world, HASTA, tmp_path)
    folder = tmp_path / delivery.folder_of(world)
    said = verdicts.judge(folder / "entrada")
    rejected, read = quarantined(warehouse, folder / "entrada")

    grades = grade(
        ledger(delivery.injected(folder), said),
        rejected,
        {archivo: count["repetidas"] for archivo, count in read.items()},
    )
    assert {one.kind: (one.wrong[:3], one.missed[:3]) for one in grades if not one.perfect} == {}
    assert all(one.precision == one.recall == 1 for one in grades if one.detectable)
    assert sum(one.detectable for one in grades) > 200
    # every row is accounted for as the rules of the contract say, file by file
    assert read == {archivo: {name: count[name] for name in read[archivo]} for archivo, count in said.counts.items()}
