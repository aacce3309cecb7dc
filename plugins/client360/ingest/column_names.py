"""Names for the columns of raw tables, made from the names in a header."""

import re
import unicodedata
from collections.abc import Iterable

SYSTEM_COLUMNS = ("ctid", "cmax", "cmin", "tableoid", "xmax", "xmin")
"""Columns that every table of PostgreSQL has."""


def column_name(name: str) -> str:
    """An identifier of at most 57 characters: lower case, without accents, each run of other characters as one _.

    It begins with c_ if the name does not begin with a letter, or is that of a system column.
    """
    letters = (letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    plain = re.sub("[^a-z0-9]+", "_", "".join(letters).lower()).strip("_")
    return (plain if re.match("[a-z]", plain) and plain not in SYSTEM_COLUMNS else f"c_{plain}".rstrip("_"))[:57]


def column_names(names: Iterable[str]) -> tuple[str, ...]:
    """A distinct column name for each name of a header, in order: _2, _3... tell equal ones apart; no name becomes `c`."""
    columns: list[str] = []
    for name in names:
        column = plain = column_name(name)
        number = 1
        while column in columns:
            number += 1
            column = f"{plain}_{number}"
        columns.append(column)
    return tuple(columns)
