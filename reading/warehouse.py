"""The warehouse as people read it: each query is a file in sql/, with its parameters bound.

Where it is and who reads it, libpq's own variables decide unless arguments do: PGHOST, PGDATABASE, PGUSER, PGPASSWORD.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import wraps
from itertools import dropwhile
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import psycopg

P = ParamSpec("P")
T = TypeVar("T")

SQL = Path(__file__).with_name("sql")
SECONDS = 20
"""The limit of a connection attempt and, by default, of a query: none goes on for long after its reader has left."""
TRIES, MOMENT = 5, 1
"""How often a reader whom a replacement interrupts, or does not let in, begins, and the seconds between."""
NUMERIC = ("bigint", "integer", "numeric")
"""PostgreSQL's types of numbers, as the queries return them."""


class Unreachable(RuntimeError):
    """The warehouse does not answer, or not in time; the message quotes no row."""


class Interrupted(Unreachable):
    """The server ended the session, or opened none, as it does when a replacement takes the warehouse's place."""


class Empty(RuntimeError):
    """The warehouse has no tables yet."""


@dataclass(frozen=True)
class Table:
    """The rows of a query."""

    types: dict[str, str]
    """The PostgreSQL type of each column, in the order of the cells: bigint, boolean, date, integer, numeric or text."""
    rows: list[tuple[Any, ...]]

    @property
    def columns(self) -> list[str]:
        return list(self.types)

    def numeric(self, column: str) -> bool:
        return self.types[column] in NUMERIC

    def values(self, column: str) -> list[Any]:
        """The cells of a column."""
        place = self.columns.index(column)
        return [row[place] for row in self.rows]

    def select(self, columns: Sequence[str]) -> "Table":
        """The same rows with only these columns, in this order."""
        places = [self.columns.index(column) for column in columns]
        return Table(
            {column: self.types[column] for column in columns},
            [tuple(row[place] for place in places) for row in self.rows],
        )


@dataclass(frozen=True)
class Day:
    """A business day that was checked."""

    fecha: date
    published: bool
    """Whether all checks passed, apart from those that only warn."""
    transaction: int
    """The transaction that checked it; another one when the day is computed again."""


@contextmanager
def connect(*, seconds: int = SECONDS, **arguments: Any) -> Iterator[psycopg.Connection]:
    """One transaction that only reads, whose queries are cancelled after `seconds` (0: never). `arguments` are libpq's.

    Raises Unreachable and Empty and, for all else that the server refuses, psycopg.Error.
    """
    options = f"-c default_transaction_read_only=on -c statement_timeout={seconds}s"
    try:
        with psycopg.connect(**{"connect_timeout": SECONDS, "options": options, **arguments}) as connection:
            yield connection
    except psycopg.OperationalError as error:
        # libpq gives no code where the server refuses a session, only this word
        ended = isinstance(error, psycopg.errors.AdminShutdown) or "FATAL" in str(error)
        kind = Interrupted if ended else Unreachable
        # further lines may quote rows
        raise kind(str(error).strip().partition("\n")[0]) from None
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        raise Empty from None


def again(work: Callable[P, T]) -> Callable[P, T]:
    """Do the work, which opens its own connection, again while it is interrupted: a moment later the replacement is there."""

    @wraps(work)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(TRIES - 1):
            with suppress(Interrupted):
                return work(*args, **kwargs)
            time.sleep(MOMENT)
        return work(*args, **kwargs)

    return tried


def statement(query: str) -> str:
    """The SQL of a query without its header comment; its parameters are to be bound."""
    lines = (SQL / f"{query}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(dropwhile(lambda line: line.startswith("--"), lines))


def read(connection: psycopg.Connection, query: str, **parameters: object) -> Table:
    """The rows of a query."""
    cursor = connection.execute(statement(query).encode(), parameters)
    names = connection.adapters.types
    types = {column.name: names[column.type_code].regtype for column in cursor.description or ()}
    return Table(types, cursor.fetchall())


def days(connection: psycopg.Connection) -> list[Day]:
    """The days that were checked, the newest first."""
    return [Day(*row) for row in read(connection, "dias").rows]


def currency(connection: psycopg.Connection) -> str | None:
    """That of the source, ISO 4217; None where no run has noted it."""
    return cast("str | None", read(connection, "moneda").rows[0][0])
