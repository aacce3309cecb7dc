"""What the contract of a feed was last applied to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "contratos",
        sa.Column("mundo", sa.Text(collation="C"), nullable=False, comment="feed"),
        sa.Column(
            "huella",
            sa.Text(collation="C"),
            nullable=False,
            comment="hash of what the result depends on: the files, the feed, the threshold and the rules",
        ),
        sa.Column("corrida", sa.Text(), nullable=False, comment="DAG run that judged all rows"),
        sa.PrimaryKeyConstraint("mundo"),
        schema="control",
    )
