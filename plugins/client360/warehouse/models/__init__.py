"""The tables, defined once.

CSV headers, COPY column lists, exports, the rules of the contract and the data dictionary are derived from
these models; the migrations (client360.warehouse.migrate) bring a warehouse up to them. Schemas:
`staging` (landing rows of the load in hand),
`dw` (the star), `mart` (what people read), `control` (what the pipeline knows about its work).
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Table

from client360.warehouse.models import credit, dw
from client360.warehouse.models.answers import EXPORTED
from client360.warehouse.models.base import Base
from client360.warehouse.models.control import (
    MOTIVOS,
    Cargas,
    Contratos,
    Cortes,
    Entradas,
    Entregas,
    Fuentes,
    Lecturas,
    Medidas,
    Olvidados,
    Rechazos,
    Recuentos,
    Retiros,
    Verificaciones,
)
from client360.warehouse.models.staging import LANDING, Landing

__all__ = [
    "EXPORTED",
    "LANDING",
    "MOTIVOS",
    "SCHEMAS",
    "Base",
    "Cargas",
    "Contratos",
    "Cortes",
    "Entradas",
    "Entregas",
    "Fuentes",
    "Landing",
    "Lecturas",
    "Medidas",
    "Olvidados",
    "Rechazos",
    "Recuentos",
    "Retiros",
    "Verificaciones",
    "columns",
    "credit",
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


def dictionary(currency: str = "ARS") -> Iterator[dict[str, str | int]]:
    """The data dictionary: one entry for each column of each table. The models describe amounts in pesos; for another currency
    the descriptions name that one.

    `publicada_como` is the view of the newest day, which is also the name of the CSV file.
    """
    money = "pesos" if currency == "ARS" else currency
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
                "descripcion": (column.comment or "").replace("pesos", money),
            }
