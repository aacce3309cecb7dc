"""Under which names the versions are counted that follow from full lists of customers."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.alter_column(
        "lecturas",
        "entidad",
        existing_type=sa.Text(collation="C"),
        existing_nullable=False,
        comment="entity of the contract that its rows were mapped to; descartes of rows that are left out; ausentes or regresos of "
        "versions that follow from who is missing from the list, or on it again",
        existing_comment="entity of the contract that its rows were mapped to",
        schema="control",
    )
    op.alter_column(
        "recuentos",
        "entidad",
        existing_type=sa.Text(collation="C"),
        existing_nullable=False,
        comment="entity of the contract; ausentes (customers missing from a full list, who left) or regresos (customers on one again), "
        "of versions that come from no line; or what becomes no row of one: descartes (left out), copias (lines of copies), "
        "sin_mapear (lines that no SELECT returned), ilegibles (lines that could not be read)",
        existing_comment="entity of the contract; or what becomes no row of one: descartes (left out), copias (lines of copies), "
        "sin_mapear (lines that no SELECT returned), ilegibles (lines that could not be read)",
        schema="control",
    )
