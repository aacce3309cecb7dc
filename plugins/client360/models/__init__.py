"""The tables, defined once.

DDL, CSV headers, COPY column lists, exports and the data dictionary are derived from these models. Schemas: `staging` (landing
rows of the load in hand), `dw` (the star), `mart` (what people read), `control` (what the pipeline knows about its work).
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, Table, inspect
from sqlalchemy.schema import CreateSchema

from client360 import locks
from client360.models import dw
from client360.models.base import Base
from client360.models.control import Cargas, Verificaciones
from client360.models.mart import EXPORTED
from client360.models.staging import LANDING, Landing

__all__ = [
    "EXPORTED",
    "LANDING",
    "Base",
    "Cargas",
    "Landing",
    "OtherVersion",
    "Verificaciones",
    "columns",
    "create",
    "dictionary",
    "dw",
    "tables",
]

SCHEMAS = ("staging", "dw", "mart", "control")


def tables() -> Sequence[Table]:
    """All tables, in order of schema and definition."""
    return [table for schema in SCHEMAS for table in Base.metadata.tables.values() if table.schema == schema]


def columns(model: type[Base]) -> list[str]:
    """Column names in order: the header of the CSV file."""
    return [column.name for column in model.table().columns]


class OtherVersion(ValueError):
    """The warehouse was made by another version of client360."""


def create(engine: Engine) -> None:
    """Create the schemas and tables that are missing. Safe to call from several processes at once.

    Raises OtherVersion where a table that is there has other columns.
    """
    with engine.begin() as connection:
        locks.schema(connection)
        for schema in SCHEMAS:
            connection.execute(CreateSchema(schema, if_not_exists=True))
        Base.metadata.create_all(connection)
        there = inspect(connection)
        for table in tables():
            found = [column["name"] for column in there.get_columns(table.name, table.schema)]
            if found != [column.name for column in table.columns]:
                raise OtherVersion(
                    f"{table.fullname} has the columns {', '.join(found)}, made by another version of client360: "
                    "make clean and run again; a simulated world is made anew"
                )


def dictionary() -> Iterator[dict[str, str | int]]:
    """The data dictionary: one entry for each column of each table that people read or write.

    `publicada_como` is the view of the newest day, which is also the name of the CSV file.
    """
    published = {model.__tablename__: name for name, model in EXPORTED.items()}
    for table in tables():
        for position, column in enumerate(table.columns, start=1):
            yield {
                "relacion": table.fullname,
                "publicada_como": published.get(table.name, ""),
                "posicion": position,
                "columna": column.name,
                "tipo": str(column.type).split(" COLLATE")[0].lower(),
                "obligatoria": "no" if column.nullable else "si",
                "descripcion": column.comment or "",
            }
