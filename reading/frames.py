"""Queries as pandas frames."""

from typing import Any, cast

import pandas as pd

from reading import warehouse
from reading.warehouse import Table

DATE = "datetime64[s]"
TYPES = {
    "bigint": "Int64",
    "boolean": "boolean",
    "date": DATE,
    "integer": "Int64",
    "numeric": "float64",
    "text": "object",
}
"""The pandas type of each PostgreSQL type; integers stay such where some are null."""


def frame(table: Table) -> pd.DataFrame:
    """The rows of a table, with types that depend on its columns alone and not on their values."""
    types = {column: TYPES[kind] for column, kind in table.types.items()}
    return pd.DataFrame(table.rows, columns=table.columns).astype(cast("Any", types))


@warehouse.again
def read(query: str, **parameters: object) -> pd.DataFrame:
    """The rows of a query, from the warehouse that libpq's variables name.

    Raises warehouse.Unreachable and warehouse.Empty.
    """
    with warehouse.connect() as connection:
        return frame(warehouse.read(connection, query, **parameters))
