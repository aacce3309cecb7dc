"""The explanation of a cell on the terminal: `python -m reading.explain --cliente=... --columna=... --fecha=...`, by libpq's
variables.

The exit code is 0 where the rows come to the published value, 1 where they do not or the warehouse can not be read, and 2 where
there is no such cell.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from reading import warehouse
from reading.explain import Explanation, NoSuchCell, explain, steps_table
from reading.warehouse import Table

SHOWN = 20
"""As many rows of a relation as a terminal shows."""
NO_LIMIT = 0
"""Who asks on a terminal can wait, and interrupt it."""


def main() -> int:
    given = _parse_arguments()
    try:
        _require(given)
        fecha = _newest_or(given.fecha)
        explanation = _explain(given.cliente, given.columna, fecha)
    except (ValueError, warehouse.Empty) as error:
        print(f"client360: {str(error) or 'the warehouse has no tables yet: make run'}", file=sys.stderr)
        return 2
    except warehouse.Unreachable as error:
        print(f"client360: the warehouse does not answer: {error}", file=sys.stderr)
        return 1
    if given.csv:
        _write_rows(explanation)
    else:
        print("\n".join(_lines(explanation, f"{given.columna} of {given.cliente} as of {fecha}")))
    return 0 if explanation.holds else 1


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reading.explain")
    for name in ("cliente", "columna", "fecha"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--csv", default="", help="print all rows as CSV")
    return parser.parse_args()


def _require(given: argparse.Namespace) -> None:
    for name in ("cliente", "columna"):
        if not getattr(given, name):
            raise NoSuchCell(f"{name} is empty: give CLIENTE, a cliente_id, and COLUMNA, a column of cliente_360")


@warehouse.again
def _explain(cliente_id: str, columna: str, fecha: date) -> Explanation:
    with warehouse.connect(seconds=NO_LIMIT) as connection:
        return explain(connection, cliente_id, columna, fecha)


@warehouse.again
def _newest_or(fecha: str) -> date:
    """The day or, where none is given, the newest published one. Raises ValueError, in one line."""
    if fecha:
        try:
            return date.fromisoformat(fecha)
        except ValueError:
            raise NoSuchCell(f"fecha is {fecha!r}: give a day as 2026-11-20") from None
    with warehouse.connect() as connection:
        published = [day.fecha for day in warehouse.days(connection) if day.published]
    if not published:
        raise NoSuchCell("no day is published yet: make run")
    return published[0]


def _lines(explanation: Explanation, cell: str) -> Iterator[str]:
    answer = explanation.answer
    yield f"{cell} is {_written(explanation.published)}"
    yield f"  {explanation.definition}"
    yield f"  source: {explanation.source}"
    for name, value in answer.figures.items():
        yield f"  {name} = {_written(value)}"
    if answer.steps:
        yield ""
        yield from _table(steps_table(answer.steps))
    for rows in answer.rows:
        yield ""
        yield f"{rows.kind.relation}: {_counted(len(rows.records), 'row', 'rows')}{_withheld(rows.withheld)}"
        if rows.records:
            yield from _table(rows.table())
    yield ""
    yield f"{answer.formula}: {_written(answer.value)}"
    if explanation.holds:
        yield "which is the published value."
    else:
        yield (
            f"which is NOT the published value, {_written(explanation.published)}: rows have changed since the day was "
            "computed, and a run of the day computes it again, or this is a defect."
        )


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _withheld(number: int) -> str:
    """What is said of rows that name somebody else."""
    if not number:
        return ""
    return f", and {_counted(number, 'more that names', 'more that name')} somebody else: counted, and not shown"


def _table(table: Table) -> Iterator[str]:
    """The first rows, in columns; those in which no row has anything are left out."""
    filled = [name for name in table.columns if any(value not in (None, "") for value in table.values(name))]
    table = table.select(filled)
    cells = [[_written(value) for value in row] for row in table.rows[:SHOWN]]
    widths = [max(map(len, column)) for column in zip(table.columns, *cells, strict=True)]
    for row in (table.columns, *cells):
        places = zip(row, widths, table.columns, strict=True)
        yield (
            "  "
            + "  ".join(
                cell.rjust(width) if table.numeric(name) else cell.ljust(width) for cell, width, name in places
            ).rstrip()
        )
    if len(table.rows) > SHOWN:
        yield f"  ... and {len(table.rows) - SHOWN} more: CSV=1 prints all"


def _write_rows(explanation: Explanation) -> None:
    """All rows as CSV: a column for each that a relation has, and `relacion`."""
    columns = list(dict.fromkeys(chain.from_iterable(rows.types for rows in explanation.answer.rows)))
    writer = csv.DictWriter(sys.stdout, ["relacion", *columns], lineterminator="\n")
    writer.writeheader()
    for rows in explanation.answer.rows:
        writer.writerows({"relacion": rows.kind.relation, **record} for record in rows.records)


def _written(value: Any) -> str:
    if value is None:
        return "null"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    sys.exit(main())
