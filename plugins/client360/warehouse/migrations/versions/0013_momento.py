"""When each business day was checked."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column(
        "verificaciones",
        sa.Column(
            "momento",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was checked; null if that was before runs noted it",
        ),
        schema="control",
    )
