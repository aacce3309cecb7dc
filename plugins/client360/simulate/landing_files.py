"""The landing files: the contract between whoever produces rows and the pipeline.

One CSV file per entity and chunk of days, `raw/<entity>/<entity>_<from>_<to>.csv` below the data folder: UTF-8, comma,
header, ISO dates, decimal point. Columns are those of the landing models.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.csv as pa_csv

from client360.days import DayRange
from client360.files import atomic
from client360.simulate import World
from client360.simulate.simulation import parts
from client360.warehouse.models import LANDING, columns

# The simulator's words hold no comma, quote or line break; pyarrow refuses to write one unquoted.
CSV_OPTIONS = pa_csv.WriteOptions(include_header=False, quoting_style="none", batch_size=4096)


@dataclass(frozen=True)
class LandingFile:
    """A finished landing file: whose rows, of which days (both included), where below the data folder, and how many."""

    entity: str
    first: date
    last: date
    path: str
    rows: int


def path_of(entity: str, chunk: DayRange) -> str:
    """Where the file of an entity and chunk lies, relative to the data folder."""
    days = f"{chunk.first}" if chunk.first == chunk.last else f"{chunk.first}_{chunk.last}"
    return f"raw/{entity}/{entity}_{days}.csv"


def write_landing_files(world: World, work: Sequence[DayRange], data: Path) -> list[LandingFile]:
    """Write the landing files of the chunks, block after block of customers, so that memory does not grow with the world.

    Returns them ordered by chunk and entity.
    """
    rows = {(chunk, entity): 0 for chunk in work for entity in LANDING}
    with ExitStack() as stack:
        files = {}
        for chunk, entity in rows:
            files[chunk, entity] = file = stack.enter_context(atomic(data / path_of(entity, chunk)))
            file.write((",".join(columns(LANDING[entity])) + "\n").encode())
        for part in parts(world):
            for chunk in work:
                for entity, table in part.rows(chunk.first, chunk.last).items():
                    rows[chunk, entity] += write(table, entity, files[chunk, entity])
    return [
        LandingFile(entity, chunk.first, chunk.last, path_of(entity, chunk), count)
        for (chunk, entity), count in rows.items()
    ]


def write(table: pa.Table, entity: str, file: IO[bytes]) -> int:
    """Append the rows, whose columns must be those of the contract, as CSV without header; returns how many."""
    expected = columns(LANDING[entity])
    if table.column_names != expected:
        raise ValueError(f"{entity} has columns {table.column_names}, the contract says {expected}")
    if table.num_rows:
        # in one piece: pyarrow 26 writes rubbish for a table that begins with an empty chunk
        pa_csv.write_csv(table.combine_chunks(), file, CSV_OPTIONS)
    return table.num_rows
