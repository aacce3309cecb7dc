"""What each run did: new, changed and withdrawn files, and what became of rows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "entregas",
        sa.Column(
            "primera_corrida",
            sa.Text(),
            nullable=True,
            comment="DAG run that read the file first; null if that was before runs noted it",
        ),
        schema="control",
    )
    op.alter_column(
        "entradas",
        "nuevos",
        nullable=True,
        comment="of these, files that no run had read before; null of runs that did not tell new and changed ones apart",
        existing_comment="of these, new and changed ones, which the run reads",
        schema="control",
    )
    op.execute("update control.entradas set nuevos = null")
    op.add_column(
        "entradas",
        sa.Column(
            "cambiados",
            sa.Integer(),
            nullable=True,
            comment="of the files of the feed, those that an earlier run had read, and this one reads again; null as in nuevos",
        ),
        schema="control",
    )
    op.add_column(
        "entradas",
        sa.Column(
            "retirados",
            sa.Integer(),
            nullable=True,
            comment="files that were withdrawn since the last run that loaded; null where the run judged no rows",
        ),
        schema="control",
    )
    op.add_column(
        "entradas",
        sa.Column(
            "cargada",
            sa.Boolean(),
            nullable=True,
            comment="whether the rows were loaded, and not more rejected than the threshold allows; null where the run "
            "judged no rows",
        ),
        schema="control",
    )
    op.create_table(
        "retiros",
        sa.Column("archivo", sa.Text(collation="C"), nullable=False, comment="file of a feed that was withdrawn"),
        sa.Column("momento", sa.DateTime(timezone=True), nullable=False, comment="when"),
        sa.Column("mundo", sa.Text(), nullable=False, comment="feed it belonged to"),
        sa.Column("lineas", sa.BigInteger(), nullable=False, comment="its lines, rejected ones included"),
        sa.Column(
            "corrida",
            sa.Text(),
            nullable=True,
            comment="DAG run that loaded what was left without it; null until one has",
        ),
        sa.PrimaryKeyConstraint("archivo", "momento"),
        schema="control",
    )
    op.create_table(
        "recuentos",
        sa.Column(
            "corrida",
            sa.Text(collation="C"),
            nullable=False,
            comment="DAG run that judged the rows, or found them judged",
        ),
        sa.Column(
            "entidad",
            sa.Text(collation="C"),
            nullable=False,
            comment="entity of the contract; or what becomes no row of one: descartes (left out), copias (lines of copies), "
            "sin_mapear (lines that no SELECT returned), ilegibles (lines that could not be read)",
        ),
        sa.Column(
            "aceptadas",
            sa.BigInteger(),
            nullable=False,
            comment="of the files that the run read: rows in the contract, or left out",
        ),
        sa.Column(
            "repetidas",
            sa.BigInteger(),
            nullable=False,
            comment="of these files: rows that add nothing: duplicates, replaced and unchanged ones",
        ),
        sa.Column(
            "rechazadas",
            sa.BigInteger(),
            nullable=False,
            comment="of these files: rows and lines in control.rechazos",
        ),
        sa.Column(
            "aceptadas_en_total",
            sa.BigInteger(),
            nullable=False,
            comment="as aceptadas, of all files there were at the end of the run",
        ),
        sa.Column("repetidas_en_total", sa.BigInteger(), nullable=False, comment="as repetidas, of all files"),
        sa.Column("rechazadas_en_total", sa.BigInteger(), nullable=False, comment="as rechazadas, of all files"),
        sa.PrimaryKeyConstraint("corrida", "entidad"),
        schema="control",
    )
