"""The time zone of the source that the warehouse holds."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "fuentes",
        sa.Column("mundo", sa.Text(collation="C"), nullable=False, comment="world or feed that the warehouse holds"),
        sa.Column("zona", sa.Text(), nullable=False, comment="time zone of its days, by its name in the IANA database"),
        sa.PrimaryKeyConstraint("mundo"),
        schema="control",
    )
