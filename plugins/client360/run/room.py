"""Room on disk, judged before a run changes anything, by what its rows take at least: no run is refused that could end well."""

import os
import shutil
from collections import defaultdict
from pathlib import Path

from sqlalchemy import Engine, select

from client360.days import DayRange, day_ranges
from client360.ingest.deliveries import find_deliveries
from client360.run.planning import days_to_generate
from client360.run.request import RunRequest
from client360.run.sources import SimulatedSource
from client360.simulate import World
from client360.simulate.corrupt import CorruptedWorld
from client360.simulate.landing_files import path_of
from client360.warehouse.databases import Replacement
from client360.warehouse.disk import data_folder
from client360.warehouse.models import LANDING, Entregas

FILE_BYTES = 80
"""Of the landing files, a customer and day, at least; docs/bench.md has what was measured."""
ROW_BYTES = 130
"""Of the warehouse, a customer and day, at least."""


class NoRoom(ValueError):
    """A disk has less free than the run needs at least; the message names the folder."""


def require_room(engine: Engine, request: RunRequest, data: Path) -> None:
    """Raises NoRoom where the disk of the data folder or of the server has less free than the run needs at least.

    A server whose files can not be seen from here, as in Docker, is not judged. With `replace` all of the history is to be
    stored beside what the warehouse holds, which stays until the run has passed its checks.
    """
    files, rows = _needs(engine, request, data)
    needs = [(_existing(data), files)]
    server = data_folder(engine)
    if server is not None:
        # what killed runs have left gives way first
        left = Replacement(str(engine.url.database), "").left_behind(engine) if request.replace else 0
        needs.append((server, rows - left))
    disks: dict[int, list[tuple[Path, int]]] = defaultdict(list)
    for folder, need in needs:
        disks[folder.stat().st_dev].append((folder, need))
    for on_disk in disks.values():
        of = " and ".join(str(folder) for folder, _ in on_disk)
        free, needed = shutil.disk_usage(on_disk[0][0]).free, sum(need for _, need in on_disk)
        if free < needed:
            raise NoRoom(
                f"the disk of {of} has {_mib(free)} free, and this run needs {_mib(needed)} "
                "at least: make room there, or ask for fewer days or customers"
            )


def _needs(engine: Engine, request: RunRequest, data: Path) -> tuple[int, int]:
    """The bytes that the run adds to the data folder and to the warehouse, at least."""
    source = request.source
    if isinstance(source, SimulatedSource):
        return _of_world(engine, request, source.world, data)
    if source.corrupted is not None:
        return _of_world(engine, request, source.corrupted, data)
    with engine.connect() as connection:
        read = set(connection.scalars(select(Entregas.archivo).where(Entregas.mundo == source.name)))
    new = [each for each in find_deliveries(source.feed, source.folder) if request.replace or each.path not in read]
    return 0, sum({each.file: each.size for each in new}.values())


def _of_world(engine: Engine, request: RunRequest, world: World, data: Path) -> tuple[int, int]:
    history = DayRange(world.first_day, request.day)
    with engine.connect() as connection:
        missing = days_to_generate(connection, request.source.name, history, replace=request.replace)
    if isinstance(world, CorruptedWorld):
        paths = list((data / world.files).rglob("*.csv"))
    else:
        paths = [data / path_of(entity, days) for days in day_ranges(missing) for entity in LANDING]
    there = sum(path.stat().st_size for path in paths if path.exists())  # files that are kept or give way
    amount = len(missing) * world.customers
    return max(0, amount * FILE_BYTES - there), amount * ROW_BYTES


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    folder = Path(os.path.realpath(folder))
    return next(each for each in (folder, *folder.parents) if each.exists())


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
