"""Redact row values, which may be personal data, from database errors: keep what went wrong and where.

PostgreSQL quotes values in the message of some errors, in the DETAIL of others and in the CONTEXT of COPY; SQLAlchemy adds
the parameters.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import SQLAlchemyError

NAMES_ONLY = ("08", "23", "25", "28", "2B", "3D", "3F", "40", "42", "53", "54", "55", "57", "58", "22P04")
"""Error classes, and one error (of COPY, on a malformed line), whose message names relations and columns and quotes no row.
Of all others only the condition is kept."""
NO_ROOM = "53100"
"""A full disk, of which the message names a file relative to the server's data."""
DEPENDENTS = "2B"
"""The class whose DETAIL lists dependent objects; in other classes DETAIL quotes rows."""
LINE = re.compile(r"COPY \w+, (line \d+(?:, column \w+)?)")


class DatabaseError(RuntimeError):
    """The database refused a statement. The message holds no row value."""


@contextmanager
def redacted() -> Iterator[None]:
    """Raise errors of psycopg and SQLAlchemy as DatabaseError."""
    try:
        yield
    except (psycopg.Error, SQLAlchemyError) as error:
        raise DatabaseError(describe(error)) from None


def describe(error: psycopg.Error | SQLAlchemyError) -> str:
    """The error without row values, in one line."""
    cause = getattr(error, "orig", None) or error
    if not isinstance(cause, psycopg.Error):
        return type(cause).__name__
    if cause.sqlstate is None:  # not from the server: no connection, or a value that psycopg cannot adapt
        unreachable = isinstance(cause, (psycopg.OperationalError, psycopg.InterfaceError))
        return str(cause).strip().split("\n")[0] if unreachable else type(cause).__name__
    if cause.sqlstate == NO_ROOM:
        return "there is no room left on the disk of PostgreSQL's data (make: .local/postgres; Docker: the volume database)"
    names_only = cause.sqlstate.startswith(NAMES_ONLY)
    parts = [cause.diag.message_primary if names_only else _condition(cause)]
    if cause.sqlstate.startswith(DEPENDENTS):
        parts.append(cause.diag.message_detail)
    if where := LINE.match(cause.diag.context or ""):
        parts.insert(0, where[1])
    return ": ".join(part.split("\n")[0] for part in parts if part)


def _condition(error: psycopg.Error) -> str:
    """The condition name from PostgreSQL's list of error codes, such as `invalid text representation`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
