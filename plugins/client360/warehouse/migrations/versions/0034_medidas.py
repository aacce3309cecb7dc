"""What the rows of a day are like, in numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "medidas",
        sa.Column("entidad", sa.Text(collation="C"), nullable=False, comment="landing file"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day"),
        sa.Column(
            "medida",
            sa.Text(collation="C"),
            nullable=False,
            comment="what is measured of its rows: filas (their number), magnitud (mean decimal logarithm of one more than the amounts of a column, without their sign), nulos (rows without a value in a column), categoria (rows with a value of a column of few values), iguales (rows that are another one under another key), centinelas (rows with a placeholder such as 999999, 1900-01-01 or TEST in a column)",
        ),
        sa.Column("columna", sa.Text(collation="C"), nullable=False, comment="column; empty of filas and iguales"),
        sa.Column(
            "categoria", sa.Text(collation="C"), nullable=False, comment="value of the column, of categoria; else empty"
        ),
        sa.Column(
            "valor",
            sa.Numeric(),
            nullable=False,
            comment="a number of rows or, of magnitud, a logarithm; no row where it would be 0, but of filas",
        ),
        sa.CheckConstraint(
            "medida in ('filas', 'magnitud', 'nulos', 'categoria', 'iguales', 'centinelas')",
            name="medida_conocida",
        ),
        sa.PrimaryKeyConstraint("fecha", "entidad", "medida", "columna", "categoria"),
        schema="control",
    )
