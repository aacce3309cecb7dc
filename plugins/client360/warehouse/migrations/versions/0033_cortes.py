"""What each business day was computed with, and what uso_de_limite is null without."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "cortes",
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day that was computed"),
        sa.Column("inicio", sa.Date(), nullable=False, comment="first day of the history that it looks at"),
        sa.Column("pais", sa.Text(collation="C"), nullable=False, comment="country of the source, ISO 3166-1 alpha-2"),
        sa.Column(
            "entidades",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="entities of the contract that the source provides",
        ),
        sa.PrimaryKeyConstraint("fecha_corte"),
        schema="control",
    )
    op.alter_column(
        "cliente_360_historico",
        "uso_de_limite",
        existing_type=sa.Numeric(precision=14, scale=4),
        existing_nullable=True,
        comment="debt on cards over the limits of the open ones; null without an open card, where the limit of one is not known, all are 0, or the source has no resumenes; null where the source provides no tarjetas or no resumenes",
        schema="mart",
    )
