"""The threshold by which rows were judged last, beside the rules. All rows are judged anew once: they are kept from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("delete from control.contratos")
    op.add_column(
        "contratos",
        sa.Column(
            "umbral", sa.Double(), nullable=False, comment="per cent of the rows of an entity that may be rejected"
        ),
        schema="control",
    )
    for column, was, now in (
        (
            "huella",
            "hash of what the result depends on: the files, the feed, the threshold and the rules",
            "hash of what all rows are judged by: the feed and the rules",
        ),
        ("corrida", "DAG run that judged all rows", "DAG run that judged rows last"),
    ):
        op.alter_column("contratos", column, comment=now, existing_comment=was, schema="control")
