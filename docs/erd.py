"""Draws docs/erd.md, the star as an entity-relationship diagram, from the models: `make erd`."""

from pathlib import Path

from eralchemy.main import metadata_to_intermediary
from sqlalchemy import ForeignKeyConstraint, MetaData, Numeric, Table, Text

from client360.warehouse.models import tables
from client360.warehouse.models.dw import REFERENCES, DimFecha, DimProvincia

HEAD = """# The star schema

`make erd` draws this page from the models in `plugins/client360/warehouse/models/dw.py`. A line leads from a column
to the dimension that it refers to; there are no foreign keys in the database. A dimension with `vigente_desde` has one
row per version, and a fact refers to the version valid on its day.

"""
TARGETS = {DimProvincia: "provincia", DimFecha: "fecha"}


def draw() -> str:
    """The diagram, in Markdown."""
    metadata = MetaData()
    for table in tables():
        if table.schema == "dw":
            _add(table, metadata)
    entities, relations = metadata_to_intermediary(metadata)
    # the relations of a table come as a set
    drawn = [entity.to_mermaid_er() for entity in entities] + sorted(relation.to_mermaid_er() for relation in relations)
    lines = "\n".join(line.strip() for line in "\n".join(drawn).splitlines())
    return f"{HEAD}```mermaid\nerDiagram\n{lines}\n```\n"


def _add(table: Table, metadata: MetaData) -> None:
    """A copy with the relations, and with types that Mermaid can spell."""
    copy = table.to_metadata(metadata, schema=None)
    for column in copy.columns:
        column.type = next((plain() for plain in (Text, Numeric) if isinstance(column.type, plain)), column.type)
    for constraint in _relations(copy):
        copy.append_constraint(constraint)


def _relations(table: Table) -> list[ForeignKeyConstraint]:
    found = []
    for column in table.columns:
        model = REFERENCES.get(column.name)
        if model and model.__tablename__ != table.name:
            target = f"{model.__tablename__}.{TARGETS.get(model, column.name)}"
            found.append(ForeignKeyConstraint([column.name], [target]))
    return found


if __name__ == "__main__":
    Path(__file__).with_name("erd.md").write_text(draw(), encoding="utf-8")
