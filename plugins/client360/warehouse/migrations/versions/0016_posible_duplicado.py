"""Who may be the same person as another customer."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "posible_duplicado_de",
            sa.Text(collation="C"),
            nullable=True,
            comment="customer who may be the same person: the smallest cliente_id among the customers at fecha_corte with the same "
            "document, or the same e-mail address and date of birth; null where there is none, or none smaller",
        ),
        schema="mart",
    )
