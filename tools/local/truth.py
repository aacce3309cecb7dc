"""The truth of a simulated world, beside what is published and never in the warehouse: `make truth`."""

import json
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
from pyarrow import parquet

from client360 import folders
from client360.files import atomic
from client360.simulate import World, calendar
from client360.simulate.facts import WORLD_YAML
from client360.simulate.people import Population
from client360.simulate.truths import OF_COMPANY, OF_CUSTOMERS

FOLDER = "verdad"
"""Below the data folder."""


def write(world: World, day: date) -> Path:
    """Write what is true in the world up to the end of a day, each truth as CSV and as Parquet, and what the world is made of.

    The world is read block by block, so that memory does not grow with it. Replaces the truth of another world or day; returns
    the folder.
    """
    folder, last = folders.data() / FOLDER, calendar.day_number(day)
    with ExitStack() as stack:
        for name, of_company in OF_COMPANY.items():
            _Files(folder / name, stack).write(of_company(world, last))
        files = {name: _Files(folder / name, stack) for name in OF_CUSTOMERS}
        for block in world.blocks:
            population = Population(world, block)
            for name, of_customers in OF_CUSTOMERS.items():
                files[name].write(of_customers(population, last))
        stack.enter_context(atomic(folder / "mundo.yaml")).write(WORLD_YAML.read_bytes())
        made = {"nombre": world.name, **world.parameters, "fecha": f"{day}"}
        stack.enter_context(atomic(folder / "mundo.json")).write(json.dumps(made, indent=2).encode() + b"\n")
    return folder


class _Files:
    """A truth that is being written as CSV and as Parquet, table after table; both appear when the stack is left."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._files = [stack.enter_context(atomic(path.with_suffix(end))) for end in (".csv", ".parquet")]
        self._stack = stack
        self._writers: list[pa_csv.CSVWriter | parquet.ParquetWriter] = []

    def write(self, table: pa.Table) -> None:
        if not self._writers:
            kinds = pa_csv.CSVWriter, parquet.ParquetWriter
            self._writers = [
                self._stack.enter_context(kind(file, table.schema))
                for kind, file in zip(kinds, self._files, strict=True)
            ]
        for writer in self._writers:
            writer.write_table(table)
