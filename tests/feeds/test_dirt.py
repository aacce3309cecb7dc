"""The quarantine of the feed path against the answer key: all that can be told is found, for the right reason, and no more."""

from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from client360 import folders
from client360.dirt import SoiledWorld, delivery, quarantine, verdicts
from client360.dirt.grading import faults
from client360.feeds import contract, declared, raw
from client360.models import Cargas, Lecturas
from client360.world import World

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
    assert faults(grades) == []
    assert all(one.precision == one.recall == 1 for one in grades if one.detectable)
    assert sum(one.detectable for one in grades) > 200
    # every row is accounted for as the rules of the contract say, file by file
    said = verdicts.judge(folder / "entrada").counts
    assert len(counted) == len(said)
    for count in counted:
        numbers = {name: value for name, value in count.items() if isinstance(value, int)}
        assert numbers == {name: said[count["archivo"]][name] for name in numbers}, count["archivo"]


def test_the_dag_reads_a_soiled_world_again_as_it_was_and_gives_it_up_for_a_clean_one(
    airflow_database: Path, data: Path, warehouse: Engine
) -> None:
    from airflow.dag_processing.dagbag import DagBag

    dag = DagBag(str(folders.ROOT / "dags")).dags["client360"]
    world = SoiledWorld(semilla=6, clientes=60, inicio=date(2026, 6, 1), suciedad=0.05)

    def run(day: int, suciedad: float) -> str:
        conf = {"clientes": world.clientes, "inicio": "2026-06-01", "semilla": world.semilla, "suciedad": suciedad}
        conf |= {"fecha": f"2026-07-{day}"}
        return str(dag.test(logical_date=datetime(2026, 7, day, tzinfo=timezone.utc), run_conf=conf).state)

    def held() -> tuple:
        with warehouse.connect() as connection:
            worlds = connection.scalars(select(Cargas.mundo).distinct()).all()
            return worlds, connection.execute(text("select * from control.rechazos order by archivo, linea")).all()

    assert run(20, world.suciedad) == "success"
    first = held()
    assert first[0] == [world.name]
    with warehouse.connect() as connection:
        assert faults(quarantine.graded(connection, data / world.folder)) == []
    published = (data / "processed" / "fecha=2026-07-20" / "cliente_360.csv").read_bytes()

    # another day of the month reads no file anew
    assert run(25, world.suciedad) == run(20, world.suciedad) == "success"
    assert held() == first
    assert (data / "processed" / "fecha=2026-07-20" / "cliente_360.csv").read_bytes() == published

    assert run(20, 0) == "success"
    worlds, rejected = held()
    assert (worlds, rejected) == ([World(6, 60, world.inicio).name], [])
