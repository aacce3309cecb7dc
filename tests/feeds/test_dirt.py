"""The quarantine of the feed path against the answer key: all that can be told is found, for the right reason, and no more."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from client360.dirt import SoiledWorld, delivery, quarantine, verdicts
from client360.feeds import contract, declared, raw
from client360.models import Lecturas

HASTA = date(2025, 3, 31)


def read(engine: Engine, folder: Path) -> None:
    """Bring the files to staging."""
    feed = declared.read("simulador")
    for file in raw.changed(engine, feed, folder):
        raw.take_in(engine, feed, folder, file, "test")
    contract.fill(engine, feed, "test", threshold=100)


@pytest.mark.parametrize(("seed", "suciedad"), [(1, 0.02), (2, 0.02), (3, 0.05), (4, 0.05), (5, 0.5)])
def test_every_defect_that_can_be_told_is_quarantined_and_nothing_else(
    warehouse: Engine, tmp_path: Path, seed: int, suciedad: float
) -> None:
    world = SoiledWorld(semilla=seed, clientes=150, inicio=date(2025, 1, 1), suciedad=suciedad)
    delivery.deliver(world, HASTA, tmp_path)
    folder = tmp_path / world.folder
    read(warehouse, folder / "entrada")

    with warehouse.connect() as connection:
        grades = quarantine.graded(connection, folder)
        counted = connection.execute(select(Lecturas.__table__)).mappings().all()
    assert {one.kind: (one.wrong[:3], one.missed[:3]) for one in grades if not one.perfect} == {}
    assert all(one.precision == one.recall == 1 for one in grades if one.detectable)
    assert sum(one.detectable for one in grades) > 200
    # every row is accounted for as the rules of the contract say, file by file
    said = verdicts.judge(folder / "entrada").counts
    assert len(counted) == len(said)
    for count in counted:
        numbers = {name: value for name, value in count.items() if isinstance(value, int)}
        assert numbers == {name: said[count["archivo"]][name] for name in numbers}, count["archivo"]
