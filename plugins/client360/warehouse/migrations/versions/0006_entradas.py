"""What lay in the input folder of each run, and which files are copies of others."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "entregas",
        sa.Column(
            "copia_de",
            sa.Text(collation="C"),
            nullable=True,
            comment="file of which it is a copy, so that its own rows do not count",
        ),
        schema="control",
    )
    op.create_table(
        "entradas",
        sa.Column("corrida", sa.Text(collation="C"), nullable=False, comment="DAG run that looked into the folder"),
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day of the run"),
        sa.Column("momento", sa.DateTime(timezone=True), nullable=False, comment="when it looked"),
        sa.Column("mundo", sa.Text(), nullable=False, comment="feed whose files it looked for"),
        sa.Column("carpeta", sa.Text(), nullable=False, comment="the folder"),
        sa.Column("archivos", sa.Integer(), nullable=False, comment="files of the feed in it"),
        sa.Column(
            "nuevos", sa.Integer(), nullable=False, comment="of these, new and changed ones, which the run reads"
        ),
        sa.Column(
            "sin_leer",
            sa.Integer(),
            nullable=False,
            comment="files in it that are not read, because no name of the feed fits or for what is said of them",
        ),
        sa.Column(
            "sin_leer_primeros", sa.Text(), nullable=True, comment="the first of them, with what is known of each"
        ),
        sa.Column(
            "tipos_sin_archivo",
            sa.Text(),
            nullable=True,
            comment="kinds of files of the feed of which none has ever come, with the entities that lack them and the "
            "nearest name",
        ),
        sa.PrimaryKeyConstraint("corrida"),
        schema="control",
    )
