"""Room on disk is judged before a run changes anything."""

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert, select
from sqlalchemy.pool import NullPool

from client360.ingest.feed_spec import read_feed
from client360.run import room
from client360.run.request import RunRequest
from client360.run.room import NoRoom, require_room
from client360.run.sources import FeedSource, SimulatedSource, Source
from client360.simulate import World
from client360.simulate.corrupt import CorruptedWorld
from client360.warehouse import disk
from client360.warehouse.models import LANDING, Cargas, Entregas
from tools.local.server import Server

FIRST, DAY = date(2026, 1, 1), date(2026, 1, 31)
SMALL, LARGE = (World(seed=1, customers=customers, first_day=FIRST) for customers in (100, 2_000))
WORLDS = [SimulatedSource(LARGE), FeedSource(read_feed("simulador"), Path(), FIRST, 5, CorruptedWorld(1, 2_000, FIRST))]


@pytest.fixture
def disk_of_2_mb(open_folders: Callable[[], Path]) -> Iterator[Path]:
    """A file system of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts file systems")
    folder = open_folders()
    subprocess.run(["/usr/bin/mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["/usr/bin/umount", folder], check=True)


@pytest.mark.parametrize("source", WORLDS, ids=lambda source: source.kind)
def test_a_world_whose_files_do_not_fit_is_refused_and_a_small_one_is_not(
    warehouse: Engine, disk_of_2_mb: Path, source: Source
) -> None:
    data = disk_of_2_mb / "not" / "yet there"
    require_room(warehouse, RunRequest(DAY, SimulatedSource(SMALL)), data)
    said = f"^the disk of {disk_of_2_mb} has 2 MiB free, and this run needs 5 MiB at least: make room there"
    with pytest.raises(NoRoom, match=said):
        require_room(warehouse, RunRequest(DAY, source), data)


def test_days_that_have_arrived_need_no_room_unless_they_are_replaced(warehouse: Engine, disk_of_2_mb: Path) -> None:
    source = SimulatedSource(LARGE)
    note = {"filas": 1, "suma": 0, "archivo": "", "sha256": "", "mundo": source.name, "corrida": ""}
    arrived = [
        note
        | {
            "entidad": name,
            "fecha": FIRST.replace(day=day),
            "capa": model.last_layer,
            "capa_alcanzada": model.last_layer,
        }
        for name, model in LANDING.items()
        for day in range(1, 31)
    ]
    with warehouse.begin() as connection:
        connection.execute(insert(Cargas), arrived)
    require_room(warehouse, RunRequest(DAY, source), disk_of_2_mb)
    with pytest.raises(NoRoom):
        require_room(warehouse, RunRequest(DAY, source, replace=True), disk_of_2_mb)


def test_files_that_are_there_already_are_not_counted_twice(warehouse: Engine, disk_of_2_mb: Path) -> None:
    for entity in ("transacciones", "ventas"):
        (disk_of_2_mb / "raw" / entity).mkdir(parents=True)
        with (disk_of_2_mb / "raw" / entity / f"{entity}_{FIRST}_{DAY}.csv").open("wb") as file:
            file.truncate(2 << 20)
    require_room(warehouse, RunRequest(DAY, SimulatedSource(LARGE)), disk_of_2_mb)


@pytest.fixture
def server_on_it(disk_of_2_mb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for a server whose data is on the small disk, on which none could start."""
    monkeypatch.setattr(room, "data_folder", lambda _: disk_of_2_mb)


@pytest.mark.usefixtures("server_on_it")
def test_files_of_a_feed_are_judged_by_their_size_once(warehouse: Engine, tmp_path: Path) -> None:
    with (tmp_path / "clientes.csv").open("wb") as file:
        file.truncate(3 << 20)
    asked = [
        RunRequest(DAY, FeedSource(read_feed("banco_ejemplo"), tmp_path, None, 5), replace) for replace in (False, True)
    ]
    for request in asked:
        with pytest.raises(NoRoom, match="this run needs 3 MiB at least"):
            require_room(warehouse, request, tmp_path)
    read = {"archivo": "clientes.csv", "entrega": 1, "tabla": "clientes", "sha256": "", "lineas": 1, "leidas": 1}
    with warehouse.begin() as connection:
        connection.execute(insert(Entregas), read | {"corrida": "", "mundo": asked[0].source.name})
    require_room(warehouse, asked[0], tmp_path)
    with pytest.raises(NoRoom):
        require_room(warehouse, asked[1], tmp_path)


@pytest.mark.usefixtures("server_on_it")
def test_data_and_warehouse_on_one_disk_need_room_together(
    warehouse: Engine, disk_of_2_mb: Path, tmp_path: Path
) -> None:
    one = RunRequest(DAY, SimulatedSource(World(seed=1, customers=400, first_day=FIRST)))
    require_room(warehouse, one, tmp_path)
    with pytest.raises(NoRoom):
        require_room(warehouse, one, disk_of_2_mb / "data")


def test_what_killed_runs_left_beside_the_warehouse_gives_way(
    warehouse: Engine, server: Server, disk_of_2_mb: Path, server_on_it: None
) -> None:
    request = RunRequest(DAY, SimulatedSource(World(1, 1_300, FIRST)), replace=True)
    with pytest.raises(NoRoom):
        require_room(warehouse, request, Path("/tmp"))  # noqa: S108
    with warehouse.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("create database warehouse_next_0123456789 template client360")
        connection.exec_driver_sql("create database warehouse_next_year template client360")
        try:
            require_room(warehouse, request, Path("/tmp"))  # noqa: S108
        finally:
            connection.exec_driver_sql("drop database warehouse_next_0123456789")
            connection.exec_driver_sql("drop database warehouse_next_year")


def test_the_folder_of_a_server_is_known_where_it_is_on_this_machine_and_the_role_may_know_it(
    warehouse: Engine, server: Server
) -> None:
    found = disk.data_folder(warehouse)
    assert found is not None
    assert (found / "PG_VERSION").exists()
    url = warehouse.url.set(username="client360_reader")
    assert disk.data_folder(create_engine(url, poolclass=NullPool)) is None


def test_the_first_task_refuses_what_does_not_fit_before_anything_gives_way(
    run: Callable[..., str], warehouse: Engine, data: Path, disk_of_2_mb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"clientes": 10, "inicio": FIRST.isoformat(), "semilla": 1}
    assert run(DAY, **small) == "success"
    monkeypatch.setenv("CLIENT360_DATA", str(disk_of_2_mb))
    assert run(DAY, **{**small, "clientes": LARGE.customers}, reemplazar=True) == "failed"
    assert not [path for path in disk_of_2_mb.rglob("*") if path.is_file()]
    with warehouse.connect() as connection:
        assert connection.scalars(select(Cargas.mundo).distinct()).all() == [World(1, 10, FIRST).name]
        assert not connection.exec_driver_sql(
            "select 1 from pg_database where starts_with(datname, 'warehouse_')"
        ).all()
