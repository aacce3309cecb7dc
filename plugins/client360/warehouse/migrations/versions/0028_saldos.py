"""Balances of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "hecho_saldos",
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=False, comment="account"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the balance"),
        sa.Column(
            "saldo",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="balance at the end of the day, in pesos, negative where it is overdrawn",
        ),
        sa.PrimaryKeyConstraint("cuenta_id", "fecha"),
        schema="dw",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "cuenta_mensual",
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=False, comment="account"),
        sa.Column("mes", sa.Date(), nullable=False, comment="first day of the month"),
        sa.Column(
            "neto",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="credits of the account less its debits in the month, in pesos",
        ),
        sa.Column(
            "sin_sentido",
            sa.Integer(),
            nullable=False,
            comment="its movements of the month of which it is not known in which direction they go",
        ),
        sa.Column(
            "saldo",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="the last balance delivered in the month, in pesos; null without one",
        ),
        sa.PrimaryKeyConstraint("cuenta_id", "mes"),
        schema="mart",
    )
    op.create_table(
        "saldos",
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=False, comment="account"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the balance"),
        sa.Column(
            "saldo",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="balance at the end of the day, in pesos, negative where it is overdrawn",
        ),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "saldo_total",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="balance at fecha_corte of the accounts open then of which a part is the customer's, in that part, in pesos: of each the last delivered or, without any, saldo_inicial and what moved since; null where one is not known; null where the source provides no cuentas or no titulares_cuenta",
        ),
        schema="mart",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "saldo_minimo_90d",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="lowest balance of the same accounts, as far as they were open, at the end of one of the 90 days that end at fecha_corte on which it is known, in pesos; null where the source provides no cuentas or no titulares_cuenta",
        ),
        schema="mart",
    )
