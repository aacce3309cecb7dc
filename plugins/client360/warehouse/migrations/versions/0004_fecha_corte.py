"""A day of cliente_360 is found without reading its month."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index(
        "cliente_360_historico_fecha_corte",
        "cliente_360_historico",
        ["fecha_corte"],
        schema="mart",
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )
