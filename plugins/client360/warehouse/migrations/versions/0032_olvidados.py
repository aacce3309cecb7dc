"""People who were erased, by keyed hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "olvidados",
        sa.Column(
            "huella",
            sa.Text(collation="C"),
            nullable=False,
            comment="keyed hash of a value that identified somebody who was erased",
        ),
        sa.Column(
            "columna", sa.Text(), nullable=False, comment="column that held it, of the contract or of files of a feed"
        ),
        sa.Column("clave", sa.Text(), nullable=False, comment="what identifies the key"),
        sa.Column("momento", sa.DateTime(timezone=True), nullable=False, comment="when they were erased"),
        sa.PrimaryKeyConstraint("huella"),
        schema="control",
    )
