"""How rows write provinces, and countries of customers."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

COUNTRY = "country of residence, ISO 3166-1 alpha-2"


def upgrade() -> None:
    op.create_table(
        "grafia_provincia",
        sa.Column(
            "grafia",
            sa.Text(collation="C"),
            nullable=False,
            comment="what rows of a feed write instead of the name of a province",
        ),
        sa.Column(
            "provincia",
            sa.Text(collation="C"),
            nullable=True,
            comment="province that is meant; null where it is not known, and then a province of its own",
        ),
        sa.Column("filas", sa.BigInteger(), nullable=False, comment="rows of the feed that write it so"),
        sa.PrimaryKeyConstraint("grafia"),
        schema="dw",
    )
    for schema, table in (("staging", "clientes"), ("dw", "dim_cliente")):
        op.add_column(
            table,
            sa.Column(
                "pais",
                sa.Text(collation="C"),
                nullable=True,
                comment=f"{COUNTRY}; null where it is that of the feed",
            ),
            schema=schema,
        )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "pais",
            sa.Text(collation="C"),
            nullable=True,
            comment=f"{COUNTRY}: as the source says, else its own; null of days computed before this was known",
        ),
        schema="mart",
    )
    _answer()


def _answer() -> None:
    op.add_column(
        "distribucion_geografica_historico",
        sa.Column(
            "pais",
            sa.Text(collation="C"),
            nullable=False,
            server_default="",
            comment="country, ISO 3166-1 alpha-2: of the source all provinces, of others those with customers; empty of days computed "
            "before this was known",
        ),
        schema="mart",
    )
    op.alter_column("distribucion_geografica_historico", "pais", server_default=None, schema="mart")
    op.drop_constraint("distribucion_geografica_historico_pkey", "distribucion_geografica_historico", schema="mart")
    op.create_primary_key(
        "distribucion_geografica_historico_pkey",
        "distribucion_geografica_historico",
        ["fecha_corte", "provincia", "pais"],
        schema="mart",
    )
    op.alter_column(
        "distribucion_geografica_historico",
        "provincia",
        existing_type=sa.Text(collation="C"),
        existing_nullable=False,
        comment="province; sin_dato where it is not known, in another country than that of the source",
        existing_comment="province",
        schema="mart",
    )
