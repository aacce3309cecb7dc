"""The warehouse, as the dashboard reads it: each query is a file in sql/, with its parameters bound.

Where it is and who reads it say libpq's own variables: PGHOST, PGDATABASE, PGUSER, PGPASSWORD.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pandas as pd
import psycopg
import streamlit as st
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError

SQL = Path(__file__).with_name("sql")
SECONDS = 20
"""After which a query is given up, so that nobody waits for ever and no query goes on when its reader has left."""
TYPES = {
    "bool": "boolean",
    "date": "datetime64[s]",
    "int4": "Int64",
    "int8": "Int64",
    "numeric": "float64",
    "text": "object",
}
"""The pandas type of each PostgreSQL type; integers stay such where some are null."""


@dataclass(frozen=True)
class Day:
    """A business day that can be looked at, and the transaction that checked it, by which its rows are cached."""

    fecha: date
    transaccion: int

    def read(self, query: str, **parameters: object) -> pd.DataFrame:
        """The rows of a query as of this day."""
        return _remember(query, self.transaccion, fecha=self.fecha, **parameters)


class Unreachable(RuntimeError):
    """The warehouse does not answer."""


class Empty(RuntimeError):
    """The warehouse has no tables yet."""


def days() -> list[Day]:
    """The days that can be looked at, the newest first. Raises Unreachable and Empty."""
    found = read("dias")
    return [Day(*pair) for pair in zip(found["fecha_corte"].dt.date, found["transaccion"], strict=True)]


def read(query: str, **parameters: object) -> pd.DataFrame:
    """The rows of a query, now. Raises Unreachable and Empty."""
    text = (SQL / f"{query}.sql").read_text(encoding="utf-8")
    try:
        with _engine().connect() as connection:
            result = connection.exec_driver_sql(text, parameters)
            cursor = cast("psycopg.Cursor", result.cursor)
            names = psycopg.adapters.types
            types = {column.name: TYPES[names[column.type_code].name] for column in cursor.description or ()}
            return pd.DataFrame(result.fetchall(), columns=list(types)).astype(cast("Any", types))
    except OperationalError as error:
        raise Unreachable(str(error.orig)) from error
    except ProgrammingError as error:
        if isinstance(error.orig, psycopg.errors.UndefinedTable):
            raise Empty from error
        raise


@st.cache_data(ttl=timedelta(hours=1), max_entries=1000, show_spinner="Leyendo el almacén…")
def _remember(query: str, transaction: int, **parameters: object) -> pd.DataFrame:
    return read(query, **parameters)


@st.cache_resource
def _engine() -> Engine:
    options = f"-c default_transaction_read_only=on -c statement_timeout={SECONDS}s"
    return create_engine("postgresql+psycopg://", pool_pre_ping=True, connect_args={"options": options})
