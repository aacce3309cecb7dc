"""Payments of orders, and orders without a method of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "hecho_pagos",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer; empty where none is known"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this state became known"),
        sa.Column("pago_id", sa.Text(collation="C"), nullable=False, comment="payment"),
        sa.Column(
            "estado",
            sa.Text(collation="C"),
            nullable=False,
            comment="state of the payment: aprobado, rechazado, reembolsado",
        ),
        sa.Column("venta_id", sa.Text(collation="C"), nullable=False, comment="order that it pays"),
        sa.Column(
            "metodo_pago",
            sa.Text(collation="C"),
            nullable=False,
            comment="method of payment: tarjeta, billetera_virtual, transferencia, otra_tarjeta, efectivo; tarjeta is the bank's card",
        ),
        sa.Column(
            "cuotas",
            sa.Integer(),
            nullable=True,
            comment="instalments in which the customer pays it; null where they are not known",
        ),
        sa.Column(
            "monto",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="amount paid, refused or, of a refund, given back, in pesos, without interest for instalments",
        ),
        sa.Column(
            "momento",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the payment reached this state; null where no time of day is known",
        ),
        sa.PrimaryKeyConstraint("cliente_id", "fecha", "pago_id", "estado"),
        schema="dw",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "medios_de_pago_historico",
        sa.Column("metodo_pago", sa.Text(collation="C"), nullable=False, comment="method of payment"),
        sa.Column(
            "mes",
            sa.Date(),
            nullable=False,
            comment="first day of the month of the payment, one of the 13 that end with that of fecha_corte",
        ),
        sa.Column("pagos", sa.BigInteger(), nullable=False, comment="payments approved in the month"),
        sa.Column(
            "pedidos",
            sa.BigInteger(),
            nullable=False,
            comment="orders of these; one that is paid by several methods counts for each",
        ),
        sa.Column(
            "monto", sa.Numeric(precision=20, scale=2), nullable=False, comment="amount of these payments, in pesos"
        ),
        sa.Column(
            "reembolsado",
            sa.Numeric(precision=20, scale=2),
            nullable=False,
            comment="amount refunded in the month, whenever it was paid, in pesos",
        ),
        sa.Column(
            "monto_neto", sa.Numeric(precision=20, scale=2), nullable=False, comment="monto - reembolsado, in pesos"
        ),
        sa.Column(
            "participacion_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of monto_neto in that of all methods in the month, percent; null unless that is above 0",
        ),
        sa.Column(
            "cuotas_promedio",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="mean instalments of the payments whose instalments are known; null where none's are",
        ),
        sa.Column("rechazados", sa.BigInteger(), nullable=False, comment="payments refused in the month"),
        sa.Column(
            "rechazados_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of these in the payments approved or refused, percent; null where there are none",
        ),
        sa.Column(
            "fecha_corte",
            sa.Date(),
            nullable=False,
            comment="business day as of which the row holds; no rows where the source provides no pagos_venta",
        ),
        sa.PrimaryKeyConstraint("fecha_corte", "metodo_pago", "mes"),
        schema="mart",
    )
    op.create_table(
        "pagos_venta",
        sa.Column("pago_id", sa.Text(collation="C"), nullable=False, comment="payment"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this state became known"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("venta_id", sa.Text(collation="C"), nullable=False, comment="order that it pays"),
        sa.Column(
            "metodo_pago",
            sa.Text(collation="C"),
            nullable=False,
            comment="method of payment: tarjeta, billetera_virtual, transferencia, otra_tarjeta, efectivo; tarjeta is the bank's card",
        ),
        sa.Column(
            "cuotas",
            sa.Integer(),
            nullable=True,
            comment="instalments in which the customer pays it; null where they are not known",
        ),
        sa.Column(
            "monto",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="amount paid, refused or, of a refund, given back, in pesos, without interest for instalments",
        ),
        sa.Column(
            "estado",
            sa.Text(collation="C"),
            nullable=False,
            comment="state of the payment: aprobado, rechazado, reembolsado",
        ),
        sa.Column(
            "momento",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the payment reached this state; null where no time of day is known",
        ),
        sa.CheckConstraint("estado in ('aprobado', 'rechazado', 'reembolsado')", name="estado_pago_conocido"),
        sa.CheckConstraint(
            "metodo_pago in ('tarjeta', 'billetera_virtual', 'transferencia', 'otra_tarjeta', 'efectivo')",
            name="metodo_pago_conocido",
        ),
        sa.CheckConstraint("monto >= 0 and monto < 'Infinity'", name="monto_no_negativo"),
        sa.CheckConstraint("cuotas > 0", name="cuotas_positivas"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.alter_column(
        "historia_ventas",
        "metodo_pago",
        existing_type=sa.TEXT(),
        nullable=True,
        comment="method of payment: tarjeta, billetera_virtual, transferencia, otra_tarjeta, efectivo; tarjeta is the bank's card; null where it is not known, or where only its payments have one",
        existing_comment="method of payment: tarjeta, billetera_virtual, transferencia, otra_tarjeta, efectivo; tarjeta is the bank's card",
        schema="dw",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "medio_pago_preferido",
            sa.Text(collation="C"),
            nullable=True,
            comment="method with the largest amount approved less refunded in the 365 days, the alphabetically first of equal ones; null without an approved payment; null where the source provides no pagos_venta",
        ),
        schema="mart",
    )
    op.alter_column(
        "ventas",
        "metodo_pago",
        existing_type=sa.TEXT(),
        nullable=True,
        comment="method of payment: tarjeta, billetera_virtual, transferencia, otra_tarjeta, efectivo; tarjeta is the bank's card; null where it is not known, or where only its payments have one",
        existing_comment="method of payment: tarjeta, billetera_virtual, transferencia, otra_tarjeta, efectivo; tarjeta is the bank's card",
        schema="staging",
    )
