"""The files of a corrupted world, and the ledgers of what is corrupted in them.

A corrupted world has a folder of its own below the data folder: `entrada/<entity>/` holds the corrupted files, named as the
landing contract names them, `libro/` a ledger for each, and `dias/` one of its days that are corrupted as a whole.
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from client360 import permissions
from client360.days import DayRange
from client360.files import atomic
from client360.simulate import calendar, landing_files
from client360.simulate.corrupt import days
from client360.simulate.corrupt.corrupted_world import DAYS, FILES, LEDGERS, CorruptedWorld
from client360.simulate.corrupt.ledger import write_ledger
from client360.simulate.corrupt.lines import corrupt_lines
from client360.warehouse.models import LANDING


def months(world: CorruptedWorld, last: date) -> list[DayRange]:
    """The months from the world's first day to that of `last`, whole.

    The last line of a file may be cut short, so a file depends on the days in it. Whole months make the files the same for every
    day that is run; rows dated after that day are loaded and do not influence it.
    """
    numbers = range(calendar.month_number(world.first_day), calendar.month_number(last) + 1)
    return [
        DayRange(max(world.first_day, first), first.replace(day=calendar.month_days(number)))
        for number in numbers
        for first in [calendar.month_start(number)]
    ]


def write_files(world: CorruptedWorld, last: date, data: Path) -> int:
    """Write the corrupted files, and their ledgers, of the months up to that of `last` that are not below `data` yet.

    Returns how many rows the clean files have.
    """
    folder = data / world.folder
    missing = [
        month
        for month in months(world, last)
        if not all(_ledger_of(folder, entity, month).exists() for entity in LANDING)
    ]
    permissions.make_folder(folder)
    with TemporaryDirectory(dir=folder) as clean:
        files = landing_files.write_landing_files(world, missing, Path(clean))
        for file in files:
            write_file(world, file, Path(clean), folder)
    return sum(file.rows for file in files)


def write_file(world: CorruptedWorld, file: landing_files.LandingFile, clean: Path, folder: Path) -> None:
    """Corrupt one landing file below `clean` into the world's folder, and write its ledger once it is complete."""
    name = Path(file.path).relative_to("raw").as_posix()
    drawn = days.drawn_days(world, file)
    with (clean / file.path).open("rb") as before, atomic(folder / FILES / name) as after:
        after.write(before.readline())
        ledger = corrupt_lines(world, file, name, days.corrupt_days(file.entity, drawn, before), after)
    of_lines = _ledger_of(folder, file.entity, DayRange(file.first, file.last))
    days.write_ledger(folder / DAYS / of_lines.name, file.entity, drawn)
    write_ledger(of_lines, ledger)


def _ledger_of(folder: Path, entity: str, days: DayRange) -> Path:
    return folder / LEDGERS / Path(landing_files.path_of(entity, days)).name
