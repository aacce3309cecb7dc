"""Writes the landing files: the contract between a source of rows and the pipeline.

One CSV file per entity and range of days, `raw/<entity>/<entity>_<from>_<to>.csv` below the data folder: UTF-8, comma,
header, ISO dates, decimal point. Columns are those of the landing models. `raw/manifiesto_<from>_<to>.json` says which world
the files of these days are of.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from client360 import manifest
from client360.days import DayRange
from client360.files import atomic
from client360.simulate import World
from client360.simulate.simulation import parts
from client360.warehouse.models import LANDING, columns

# The simulator's words hold no comma, quote or line break; pyarrow refuses to write one unquoted.
CSV_OPTIONS = pa_csv.WriteOptions(include_header=False, quoting_style="none", batch_size=4096)


@dataclass(frozen=True)
class LandingFile:
    """A complete landing file: entity, days (both included), path relative to the data folder, and number of rows."""

    entity: str
    first: date
    last: date
    path: str
    rows: int


def path_of(entity: str, days: DayRange) -> str:
    """Where the file of an entity and a range of days lies, relative to the data folder."""
    return f"raw/{entity}/{entity}_{_name(days)}.csv"


def manifest_of(days: DayRange) -> str:
    """Where the manifest of the files of a range of days lies, relative to the data folder."""
    return f"raw/manifiesto_{_name(days)}.json"


def _name(days: DayRange) -> str:
    return f"{days.first}" if days.first == days.last else f"{days.first}_{days.last}"


def write_landing_files(world: World, work: Sequence[DayRange], data: Path) -> list[LandingFile]:
    """Write the landing files of the ranges of days, block after block of customers, so that memory does not grow with the world.

    When all are complete, a manifest for each range says which world they are of. Returns them ordered by days and entity.
    """
    for days in work:
        (data / manifest_of(days)).unlink(missing_ok=True)
    rows = {(days, entity): 0 for days in work for entity in LANDING}
    with ExitStack() as stack:
        files = {}
        for days, entity in rows:
            files[days, entity] = file = stack.enter_context(atomic(data / path_of(entity, days)))
            file.write((",".join(columns(LANDING[entity])) + "\n").encode())
        for part in parts(world):
            for days in work:
                for entity, table in part.rows(days.first, days.last).items():
                    rows[days, entity] += write(table, entity, files[days, entity])
    for days in work:
        counts = {Path(path_of(entity, days)).relative_to("raw").as_posix(): rows[days, entity] for entity in LANDING}
        made = manifest.describe(data / "raw", world.name, world.parameters, days, counts)
        manifest.write(data / manifest_of(days), made)
    return [
        LandingFile(entity, days.first, days.last, path_of(entity, days), count)
        for (days, entity), count in rows.items()
    ]


def write(table: pa.Table, entity: str, file: IO[bytes]) -> int:
    """Append the rows, whose columns must be those of the contract, as CSV without header; returns how many."""
    expected = columns(LANDING[entity])
    if table.column_names != expected:
        raise ValueError(f"{entity} has columns {table.column_names}, the contract has {expected}")
    for place, column in enumerate(table.columns):
        if pa.types.is_timestamp(column.type):
            table = table.set_column(place, expected[place], _with_z(column))
    if table.num_rows:
        # in one piece: pyarrow 26 writes wrong bytes for a table that begins with an empty chunk
        pa_csv.write_csv(table.combine_chunks(), file, CSV_OPTIONS)
    return table.num_rows


def _with_z(moments: pa.ChunkedArray) -> pa.ChunkedArray:
    """Moments in UTC as text. pyarrow writes them alike, but takes more than ten times as long for those of a time zone."""
    return pc.binary_join_element_wise(moments.cast(pa.timestamp("s")).cast(pa.string()), "Z", "")
