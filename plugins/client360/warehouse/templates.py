"""SQL templates: placeholders for parts of SQL, such as names, are filled in; those for values stay."""

import re
from collections.abc import Mapping

from psycopg import sql

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def compose(statement: str, parts: Mapping[str, sql.Composable]) -> sql.Composed:
    """A statement with those parts in the place of the placeholders of their names; the other placeholders remain."""
    pieces = PLACEHOLDER.split(statement)  # text and names in turn
    return sql.Composed(
        [
            parts.get(piece, sql.Placeholder(piece)) if index % 2 else sql.SQL(piece)
            for index, piece in enumerate(pieces)
        ]
    )
