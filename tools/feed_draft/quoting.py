"""Names and texts as SQL writes them."""

from collections.abc import Callable

from sqlalchemy.dialects import postgresql

quoted: Callable[[str], str] = postgresql.dialect().identifier_preparer.quote

WIDTH = 120
UNION = "\nunion all\n\n"
"""What is between the SELECTs of a union."""


def literal(text: str) -> str:
    """A text in quotes."""
    return "'" + text.replace("'", "''") + "'"


def named(sql: str, name: str) -> str:
    """An expression under a name, which a column of that name has already."""
    return sql if sql.rsplit(".", 1)[-1] == name else f"{sql} as {name}"
