"""Dates and numbers of files as the contract reads them."""

from dataclasses import dataclass

from sqlalchemy import Column as ContractColumn
from sqlalchemy import Integer, Numeric

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


def draft_birth_day(age: str, since: str, of_file: str) -> Drafted:
    """A birthday on the day since which an age is known."""
    constant = since.startswith("date ") or since == of_file
    day = since if constant else f"{since}::date"
    # a cast stops the run at the first text that is no day
    valid = "" if constant else f" and pg_input_is_valid({since}, 'date')"
    born = f"({day} - make_interval(years => {age}::integer))::date::text"
    case = f"case\n        when {age} ~ '^[0-9]{{1,3}}$'{valid}\n            then {born}\n        else {age}\n    end"
    return Drafted(case, f"TODO: {age} in years on the day of fecha")


SOLD = ("ventas", "detalle_ventas")
CREDITS = (
    "if they are credits or returns, leave these rows out here and give them in devoluciones.sql (docs/feeds.md, Recipes); "
    "else "
)
"""What to do with negative rows of these entities."""


MINUS = {"": "", "behind": ", with the minus behind", "brackets": ", in brackets"}
WRITTEN = {"behind": "'^(.*)- *$'", "brackets": r"'^ *\((.*)\) *$'"}
"""How negative amounts are written: for a person to read, and as a regular expression."""


def draft_moment(raw: str, found: Column) -> Drafted:
    if found.timed or found.kind == "nothing":
        return Drafted(raw)
    return Drafted(raw, f"TODO: times in a format of their own: momento({raw}, '...')")


def draft_number(raw: str, found: Column, decimal: str, column: ContractColumn, *, signed: bool) -> Drafted:
    if found.kind in ("word", "date"):
        return Drafted(raw, f"TODO: {found.description} was found: {column.comment}")
    sql = f"translate({raw}, '{found.signs}', '')" if found.signs else raw
    if found.minus:
        sql = f"regexp_replace({sql}, {WRITTEN[found.minus]}, '-\\1')"
    if found.grouped and decimal == ".":
        sql = f"numero({sql}, '.')"
    elif isinstance(column.type, Integer) and found.kind == "number":
        sql = f"trim_scale(numero({sql}, '{decimal}'))"
    if found.negative and not signed:
        sold = column.table is not None and column.table.name in SOLD
        negative = f"some are negative{MINUS[found.minus]}: {CREDITS if sold else ''}"
        return Drafted(sql, f"TODO: {negative}say what the sign means and write ltrim(..., '-')")
    if found.padded and isinstance(column.type, Numeric):
        cents = f"numero({raw}, '{decimal}') / 100"
        return Drafted(sql, f"TODO: all have {found.padded} digits, without a sign: if they are cents, write {cents}")
    return Drafted(sql, f"some are negative{MINUS[found.minus]}" if found.minus else None)
