"""What a run prints at its end: the result, the rows of a feed's files, and the grades of a corrupted world."""

import csv
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from client360 import folders
from client360.days import DayRange
from client360.ingest.feed_spec import ENTITIES, LEFT_OUT
from client360.publish import export, leftovers
from client360.run.request import RunRequest
from client360.run.sources import FeedSource, Source
from client360.simulate.corrupt import days
from proof.corruption import grading, quarantine, warned
from proof.corruption.grading import Grade
from proof.corruption.warned import WarningGrade
from reading.warehouse import Table as Rows
from reading.warehouse import read
from tools.local.server import Server

PREVIEW_ROWS = 5
NOTICES = {
    "archivos_sin_leer": "Files in the folder that were not read",
    "tipos_sin_archivo": "Kinds of files of which none has come",
}
"""What the notices of reading/sql/entradas.sql say."""
NO_ROWS_OF_ENTITIES = {
    "ausentes": "customers missing from a list, who left",
    "regresos": "customers on a list again",
    LEFT_OUT: "left out by descartes.sql",
    "copias": "lines of copies",
    "sin_mapear": "lines that no SELECT returned",
    "ilegibles": "lines that could not be read",
}
"""What is no row of an entity, or becomes none, by its name in control.recuentos."""


class Outcome(NamedTuple):
    """What the newest run of a day did with files, as reading/sql has it; all empty for a simulated world."""

    files: Rows
    counts: Rows
    notices: Rows


def read_outcome(server: Server, request: RunRequest) -> Outcome:
    with psycopg.connect(server.url("client360")) as connection:
        return Outcome(*(read(connection, name, fecha=request.day) for name in ("archivos", "recuentos", "entradas")))


def grade_quarantine(server: Server, source: Source) -> list[Grade]:
    """The grades of control.rechazos, where the files were corrupted on purpose."""
    if source.corrupted is None:
        return []
    engine = create_engine(server.url("client360", "postgresql+psycopg"), poolclass=NullPool)
    with engine.connect() as connection:
        return quarantine.graded(connection, folders.data() / source.corrupted.folder)


def grade_warnings(server: Server, request: RunRequest) -> list[WarningGrade]:
    """The grades of the checks that warn, where the files were corrupted on purpose."""
    corrupted = request.source.corrupted
    if corrupted is None:
        return []
    engine = create_engine(server.url("client360", "postgresql+psycopg"), poolclass=NullPool)
    with engine.connect() as connection:
        folder, until = folders.data() / corrupted.folder, list(DayRange(corrupted.first_day, request.day).days())
        return [
            *warned.grade_days(connection, days.read_ledgers(folder), until),
            warned.grade_prices(connection, folder, request.day),
        ]


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
        f"  with the business answers and the data dictionary beside it; the newest day published is in {processed}",
        *([f"  all of it also as {', '.join(request.formats)}"] if request.formats else []),
        "Next: make psql (the warehouse), make ui (the DAG in a browser), make help",
    ):
        console.print(line, highlight=False, markup=False, soft_wrap=True)  # a path may hold [b]


def show_outcome(console: Console, day: date, outcome: Outcome) -> None:
    """Print what the run did with files, what became of their rows and of all there are, and what was amiss in its folder."""
    for new, changed, unchanged, withdrawn, unread, *_ in outcome.files.rows:
        files = {"new": new, "changed": changed, "unchanged": unchanged, "withdrawn": withdrawn, "not read": unread}
        console.print(f"\nFiles of the run of {day}: {_listed(files)}", highlight=False, soft_wrap=True)
    counts = {entity: numbers for entity, *numbers in outcome.counts.rows}
    if counts:
        of_entities = [numbers for entity, numbers in counts.items() if entity not in NO_ROWS_OF_ENTITIES]
        accepted, repeated, rejected, *_ = map(sum, zip((0,) * 6, *of_entities, strict=True))
        others = {what: sum(counts[name][:3]) for name, what in NO_ROWS_OF_ENTITIES.items() if name in counts}
        rows = {"accepted": accepted, "repeated": repeated, "rejected": rejected}
        rows |= {what: number for what, number in others.items() if number}
        console.print(f"Rows of the files that were read: {_listed(rows)}", highlight=False, soft_wrap=True)
        _show_all_rows(console, {entity: numbers[3:] for entity, numbers in counts.items()})
    for notice, detail in outcome.notices.rows:
        console.print(f"\n{NOTICES[notice]}: {detail}", highlight=False, markup=False, soft_wrap=True)


def show_refused(console: Console, day: date, outcome: Outcome) -> None:
    """The same of a run that judged rows and loaded none of them, as too many were rejected."""
    if outcome.counts.rows and not any(loaded for *_, loaded, _ in outcome.files.rows):
        show_outcome(console, day, outcome)
        console.print("Nothing of it is loaded.", highlight=False)


def _listed(numbers: Mapping[str, int | None]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in numbers.items() if number is not None)


def _show_all_rows(console: Console, counts: dict[str, list[int]]) -> None:
    """Print rows accepted, repeated and rejected, by entity."""
    table = Table("rows of all files", box=None, pad_edge=False)
    for heading in ("accepted", "repeated", "rejected"):
        table.add_column(heading, justify="right")
    labels = {name: f"({what})" for name, what in NO_ROWS_OF_ENTITIES.items()}
    for entity in (*ENTITIES, *NO_ROWS_OF_ENTITIES):
        if entity in counts:
            table.add_row(labels.get(entity, entity), *(f"{number:,}" for number in counts[entity]))
    console.print()
    console.print(table)
    if any(rejected for *_, rejected in counts.values()):
        console.print(
            'Why they were rejected: make psql SQL="select entidad, motivo, columna, count(*) from control.rechazos '
            'group by 1, 2, 3"',
            highlight=False,
            soft_wrap=True,
        )


def show_grades(console: Console, grades: list[Grade], warnings: list[WarningGrade]) -> None:
    if grades:
        console.print()
        console.print(grading.table(grades))
        for line in [*grading.undetectable(grades), *grading.faults(grades)]:
            console.print(line, highlight=False, markup=False, soft_wrap=True)
    if warnings:
        console.print()
        console.print(warned.table(warnings))


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
