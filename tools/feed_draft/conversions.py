"""Dates and numbers of files as the contract reads them."""

from dataclasses import dataclass

from sqlalchemy import Column as ContractColumn
from sqlalchemy import Integer

from tools.feed_draft.columns import Column


@dataclass(frozen=True)
class Drafted:
    """An expression for a column, and a remark, which begins with TODO if a person has to complete it."""

    sql: str
    remark: str | None = None


def draft_date(raw: str, found: Column) -> Drafted:
    if found.kind != "date":
        return Drafted(
            raw, None if found.kind == "nothing" else f"TODO: dates in a format of their own: fecha({raw}, '...')"
        )
    doubt = f"TODO: {' or '.join(found.formats)}? All dates seen fit both" if len(found.formats) > 1 else None
    if found.timed:
        return Drafted(f"fecha_de({raw})")
    day = f"split_part({raw}, '{found.before_time}', 1)" if found.before_time else raw
    return Drafted(day if found.formats[0] == "YYYY-MM-DD" else f"fecha({day}, '{found.formats[0]}')", doubt)


SOLD = ("ventas", "detalle_ventas")
CREDITS = (
    "if they are credits or returns, leave these rows out here and give them in devoluciones.sql (docs/feeds.md, Recipes); "
    "else "
)
"""What to do with negative rows of these entities."""


def draft_moment(raw: str, found: Column) -> Drafted:
    if found.timed or found.kind == "nothing":
        return Drafted(raw)
    return Drafted(raw, f"TODO: times in a format of their own: momento({raw}, '...')")


def draft_number(raw: str, found: Column, decimal: str, column: ContractColumn, *, signed: bool) -> Drafted:
    if found.kind in ("word", "date"):
        return Drafted(raw, f"TODO: {found.description} was found: {column.comment}")
    sql = f"translate({raw}, '{found.signs}', '')" if found.signs else raw
    if found.grouped and decimal == ".":
        sql = f"numero({sql}, '.')"
    elif isinstance(column.type, Integer) and found.kind == "number":
        sql = f"trim_scale(numero({sql}, '{decimal}'))"
    if found.negative and not signed:
        sold = column.table is not None and column.table.name in SOLD
        todo = f"TODO: some are negative: {CREDITS if sold else ''}say what the sign means and write ltrim(..., '-')"
        return Drafted(sql, todo)
    return Drafted(sql)
