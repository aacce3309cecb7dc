"""What may be said of an error: what went wrong and where, but no value of any row, which may be a person's.

PostgreSQL quotes values in the words of some errors, in the DETAIL of others and in the CONTEXT of COPY; SQLAlchemy adds the
parameters.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import SQLAlchemyError

NAMES_ONLY = ("08", "23", "25", "28", "2B", "3D", "3F", "40", "42", "53", "54", "55", "57", "58", "22P04")
"""Classes of errors, and one error (of COPY, on a line that is no row), whose words name relations and columns and quote no row.
Of others, as those about a value, only the condition is told."""
DEPENDENTS = "2B"
"""The class whose DETAIL says what depends on what can not be dropped; in others it quotes rows."""
LINE = re.compile(r"COPY \w+, (line \d+(?:, column \w+)?)")


class DatabaseError(RuntimeError):
    """The database refused something; the message holds no value of a row."""


@contextmanager
def redacted() -> Iterator[None]:
    """Errors of psycopg and SQLAlchemy leave as DatabaseError."""
    try:
        yield
    except (psycopg.Error, SQLAlchemyError) as error:
        raise DatabaseError(describe(error)) from None


def describe(error: psycopg.Error | SQLAlchemyError) -> str:
    """What went wrong, in one line."""
    cause = getattr(error, "orig", None) or error
    if not isinstance(cause, psycopg.Error):
        return type(cause).__name__
    if cause.sqlstate is None:  # not from the server: it can not be reached, or a value does not suit it
        unreachable = isinstance(cause, (psycopg.OperationalError, psycopg.InterfaceError))
        return str(cause).strip().split("\n")[0] if unreachable else type(cause).__name__
    names_only = cause.sqlstate.startswith(NAMES_ONLY)
    parts = [cause.diag.message_primary if names_only else _condition(cause)]
    if cause.sqlstate.startswith(DEPENDENTS):
        parts.append(cause.diag.message_detail)
    if where := LINE.match(cause.diag.context or ""):
        parts.insert(0, where[1])
    return ": ".join(part.split("\n")[0] for part in parts if part)


def _condition(error: psycopg.Error) -> str:
    """The error's name in PostgreSQL's documentation, as in `invalid text representation`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
