"""The quarantine of the feed path against the answer key: all that can be told is found, for the right reason, and no more."""

from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, select, text

from client360.ingest import contract, feed_spec
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.raw_load import load_raw_file
from client360.simulate import World
from client360.simulate.corrupt import CorruptedWorld, files
from client360.warehouse.models import Cargas, Lecturas
from proof.corruption import quarantine, verdicts
from proof.corruption.grading import faults

if TYPE_CHECKING:
    from airflow.sdk import DAG

HASTA = date(2025, 3, 31)


def read(engine: Engine, folder: Path) -> None:
    """Bring the files to staging."""
    feed = feed_spec.read_feed("simulador")
    for file in changed_deliveries(engine, feed, folder):
        load_raw_file(engine, feed, folder, file, "test")
    contract.apply_contract(engine, feed, "test", threshold=100)


@pytest.mark.parametrize(("seed", "suciedad"), [(1, 0.02), (2, 0.02), (3, 0.05), (4, 0.05), (5, 0.5)])
def test_every_defect_that_can_be_told_is_quarantined_and_nothing_else(
    warehouse: Engine, tmp_path: Path, seed: int, suciedad: float
) -> None:
    world = CorruptedWorld(seed=seed, customers=150, first_day=date(2025, 1, 1), share=suciedad)
    files.write_files(world, HASTA, tmp_path)
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


@pytest.mark.long
def test_the_dag_reads_a_corrupted_world_again_as_it_was_and_gives_it_up_for_a_clean_one(
    dag: "DAG", data: Path, warehouse: Engine
) -> None:
    world = CorruptedWorld(seed=6, customers=60, first_day=date(2026, 6, 1), share=0.05)

    def run(day: int, suciedad: float) -> str:
        conf = {"clientes": world.customers, "inicio": "2026-06-01", "semilla": world.seed, "suciedad": suciedad}
        conf |= {"fecha": f"2026-07-{day}", "reemplazar": suciedad == 0}
        return str(dag.test(logical_date=datetime(2026, 7, day, tzinfo=timezone.utc), run_conf=conf).state)

    def held() -> tuple:
        with warehouse.connect() as connection:
            worlds = connection.scalars(select(Cargas.mundo).distinct()).all()
            return worlds, connection.execute(text("select * from control.rechazos order by archivo, linea")).all()

    assert run(20, world.share) == "success"
    first = held()
    assert first[0] == [world.name]
    with warehouse.connect() as connection:
        assert faults(quarantine.graded(connection, data / world.folder)) == []
    published = (data / "processed" / "fecha=2026-07-20" / "cliente_360.csv").read_bytes()

    # another day of the month reads no file anew
    assert run(25, world.share) == run(20, world.share) == "success"
    assert held() == first
    assert (data / "processed" / "fecha=2026-07-20" / "cliente_360.csv").read_bytes() == published

    assert run(20, 0) == "success"
    worlds, rejected = held()
    assert (worlds, rejected) == ([World(6, 60, world.first_day).name], [])
