"""Draws docs/erd.md, the star as an entity-relationship diagram, from the models: `make erd`."""

import sys
from pathlib import Path

from eralchemy import render_er
from sqlalchemy import ForeignKeyConstraint, MetaData, Table

from client360.models import tables
from client360.models.dw import REFERENCES, DimFecha, DimProvincia

HEAD = """# The star

Drawn from the models in `plugins/client360/models/dw.py` by `make erd`. Lines lead from a column to its dimension; they are not
foreign keys in the database. A dimension with `vigente_desde` has several versions of a member, and a fact means the one valid on its day.

"""
TARGETS = {DimProvincia: "provincia", DimFecha: "fecha"}


def draw() -> str:
    """The diagram, in Markdown."""
    metadata = MetaData()
    star = [table for table in tables() if table.schema == "dw"]
    copies = [table.to_metadata(metadata, schema=None) for table in star]
    for table in copies:
        for constraint in _relations(table):
            table.append_constraint(constraint)
    mermaid = render_er(metadata, None, mode="mermaid_er", sort_mode="original")
    return f"{HEAD}```mermaid\n{mermaid.strip()}\n```\n"


def _relations(table: Table) -> list[ForeignKeyConstraint]:
    found = []
    for column in table.columns:
        model = REFERENCES.get(column.name)
        if model and model.__tablename__ != table.name:
            target = f"{model.__tablename__}.{TARGETS.get(model, column.name)}"
            found.append(ForeignKeyConstraint([column.name], [target]))
    return found


if __name__ == "__main__":
    sys.exit(Path(__file__).with_name("erd.md").write_text(draw(), encoding="utf-8") == 0)
