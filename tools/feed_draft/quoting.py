"""Names and texts as SQL writes them."""

from collections.abc import Callable

from sqlalchemy.dialects import postgresql

quoted: Callable[[str], str] = postgresql.dialect().identifier_preparer.quote


def literal(text: str) -> str:
    """A text in quotes."""
    return "'" + text.replace("'", "''") + "'"
