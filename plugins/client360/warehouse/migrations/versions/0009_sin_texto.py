"""Whether the text of a file is kept no longer."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column(
        "entregas",
        sa.Column(
            "sin_texto",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="whether its rows have left the schema crudo, because the feed keeps text for so long only",
        ),
        schema="control",
    )
    op.alter_column(
        "entregas",
        "leidas",
        comment="rows that went to the schema crudo; the others stand in control.rechazos",
        existing_comment="rows in the schema crudo; the others stand in control.rechazos",
        schema="control",
    )
