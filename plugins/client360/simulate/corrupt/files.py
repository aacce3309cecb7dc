"""The files of a soiled world, and the ledger of what is broken in them.

Below the data folder, in a folder of the world's own: `entrada/<entity>/` holds the soiled files, as the landing contract names
them, `libro/` a ledger for each.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from client360.days import DayRange
from client360.files import atomic
from client360.simulate import calendar, landing_files
from client360.simulate.corrupt.corruption import Injected, corrupt
from client360.simulate.corrupt.world import CorruptedWorld
from client360.warehouse.models import LANDING


def months(world: CorruptedWorld, hasta: date) -> list[DayRange]:
    """The months from the world's first day to that of the day, whole.

    Which line is the last one of a file, and so what is cut, depends on the days in it: whole months make the files those of any
    run, whatever its day. What they say of later days is known to the warehouse and of no effect on the day.
    """
    numbers = range(calendar.month_number(world.first_day), calendar.month_number(hasta) + 1)
    return [
        DayRange(max(world.first_day, first), first.replace(day=calendar.month_days(number)))
        for number in numbers
        for first in [calendar.month_start(number)]
    ]


def write_files(world: CorruptedWorld, hasta: date, data: Path) -> int:
    """Write the soiled files of the months up to that of the day that are not there yet, and their ledgers; returns how many
    rows the clean files have."""
    folder = data / world.folder
    lacking = [
        chunk
        for chunk in months(world, hasta)
        if not all(_ledger_of(folder, entity, chunk).exists() for entity in LANDING)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as clean:
        files = landing_files.write_landing_files(world, lacking, Path(clean))
        for file in files:
            write_file(world, file, Path(clean), folder)
    return sum(file.rows for file in files)


def write_file(world: CorruptedWorld, file: landing_files.LandingFile, clean: Path, folder: Path) -> None:
    """Soil one clean landing file, which lies below `clean`; its ledger is there when the soiled file is."""
    archivo = Path(file.path).relative_to("raw").as_posix()
    with (clean / file.path).open("rb") as before, atomic(folder / "entrada" / archivo) as after:
        ledger = corrupt(world, file, archivo, before, after)
    with atomic(_ledger_of(folder, file.entity, DayRange(file.first, file.last))) as written:
        text = io.TextIOWrapper(written, encoding="utf-8", newline="")
        csv.writer(text).writerows([Injected._fields, *ledger])
        text.detach()


def read_ledgers(folder: Path) -> Iterator[Injected]:
    """What the ledgers in `libro` say."""
    for path in sorted((folder / "libro").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            _, *rows = csv.reader(file)
            yield from (Injected(archivo, int(linea), *rest) for archivo, linea, *rest in rows)


def _ledger_of(folder: Path, entity: str, chunk: DayRange) -> Path:
    return folder / "libro" / Path(landing_files.path_of(entity, chunk)).name
