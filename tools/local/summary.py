"""What a run prints at its end: the result, the rows of a feed's files, and the grades of a corrupted world."""

import csv
from pathlib import Path
from typing import NamedTuple

import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from client360 import folders
from client360.ingest.feed_spec import ENTITIES, LEFT_OUT
from client360.publish import export, leftovers
from client360.run.request import RunRequest
from client360.run.sources import FeedSource, Source
from proof.corruption import grading, quarantine
from proof.corruption.grading import Grade
from reading.warehouse import Table as Rows
from reading.warehouse import read
from tools.local.server import Server

PREVIEW_ROWS = 5
ROW_COUNTS = (Path(__file__).parent / "row_counts.sql").read_text(encoding="utf-8")
NOTICES = {
    "archivos_sin_leer": "Files in the folder that were not read",
    "tipos_sin_archivo": "Kinds of files of which none has come",
}
"""What the notices of reading/sql/entradas.sql say."""
UNMAPPED = ""
"""The entity of rejected lines of which no row could be made."""


class RowCounts(NamedTuple):
    """The rows of an entity in all files of a feed. `repeated` are duplicates, replaced and unchanged ones."""

    entity: str
    accepted: int
    repeated: int
    rejected: int


def count_rows(server: Server) -> list[RowCounts]:
    """The counts of each entity that has any; those left out on purpose count as accepted rows of LEFT_OUT."""
    with psycopg.connect(server.url("client360")) as connection:
        found = {entity: RowCounts(entity, *map(int, counts)) for entity, *counts in connection.execute(ROW_COUNTS)}
    return [found[entity] for entity in (*ENTITIES, LEFT_OUT, UNMAPPED) if entity in found]


def read_notices(server: Server, request: RunRequest) -> Rows:
    """What the run found amiss in its input folder."""
    with psycopg.connect(server.url("client360")) as connection:
        return read(connection, "entradas", fecha=request.day)


def grade_quarantine(server: Server, source: Source) -> list[Grade]:
    """The grades of control.rechazos, where the files were corrupted on purpose."""
    if source.corrupted is None:
        return []
    engine = create_engine(server.url("client360", "postgresql+psycopg"), poolclass=NullPool)
    with engine.connect() as connection:
        return quarantine.graded(connection, folders.data() / source.corrupted.folder)


def show_result(console: Console, request: RunRequest, seconds: float) -> None:
    processed = export.folder(folders.data(), anonymous=request.anonymous)
    path = processed / f"fecha={request.day}" / "cliente_360.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    if request.source.fictitious:
        console.print()
        console.print(_preview(header, rows[: PREVIEW_ROWS if console.width >= 100 else 3]))
    console.print(f"\n{len(rows):,} customers as of {request.day}, in {seconds:.0f} s:", highlight=False)
    for line in (
        f"  {path}",
        f"  with the answers to six questions and the data dictionary beside it; the newest day published is in {processed}",
        "Next: make psql (the warehouse), make ui (the DAG in a browser), make help",
    ):
        console.print(line, highlight=False, markup=False, soft_wrap=True)  # a path may hold [b]


def show_row_counts(console: Console, counts: list[RowCounts]) -> None:
    if not counts:
        return
    table = Table("rows of all files", box=None, pad_edge=False)
    for heading in ("accepted", "repeated", "rejected"):
        table.add_column(heading, justify="right")
    labels = {LEFT_OUT: "(left out by descartes.sql)", UNMAPPED: "(lines that could not be read or mapped)"}
    for entity, *numbers in counts:
        table.add_row(labels.get(entity, entity), *(f"{number:,}" for number in numbers))
    console.print()
    console.print(table)
    if any(each.rejected for each in counts):
        console.print(
            'Why they were rejected: make psql SQL="select entidad, motivo, columna, count(*) from control.rechazos '
            'group by 1, 2, 3"',
            highlight=False,
            soft_wrap=True,
        )


def show_notices(console: Console, notices: Rows) -> None:
    for notice, detail in notices.rows:
        console.print(f"\n{NOTICES[notice]}: {detail}", highlight=False, markup=False, soft_wrap=True)


def show_grades(console: Console, grades: list[Grade]) -> None:
    if grades:
        console.print()
        console.print(grading.table(grades))
        for line in [*grading.undetectable(grades), *grading.faults(grades)]:
            console.print(line, highlight=False, markup=False, soft_wrap=True)


def show_leftovers(console: Console, source: Source) -> None:
    inputs = [source.folder] if isinstance(source, FeedSource) else []
    if leftovers.leftovers(folders.data(), [source.name], inputs):
        line = f"{folders.data()} also holds files of other sources: make leftovers lists them"
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _preview(header: list[str], rows: list[list[str]]) -> Table:
    """The first customers, one a column."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    for _ in rows:
        table.add_column(no_wrap=True, max_width=16)
    for name, *values in zip(header, *rows, strict=True):
        table.add_row(name, *values)
    return table
