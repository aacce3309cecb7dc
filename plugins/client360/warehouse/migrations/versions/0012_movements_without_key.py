"""Movements are found by customer; their key, which a check proves, takes no room."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.drop_constraint("hecho_transacciones_pkey", "hecho_transacciones", schema="dw", type_="primary")
    op.create_index("hecho_transacciones_cliente", "hecho_transacciones", ["cliente_id"], schema="dw")
