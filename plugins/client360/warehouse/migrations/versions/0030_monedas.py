"""Rates, movements in other currencies, and what amounts of accounts, cards and loans are in."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

CURRENCY = "currency of its amounts, ISO 4217; null where it is that of the feed"
BALANCE = "balance at the end of the day, in the currency of the account, negative where it is overdrawn"
OPENING = "balance before its first movement that is delivered, in the currency of the account, negative where it is overdrawn; null where it is unknown"
CARD = {"moneda": CURRENCY, "limite": "credit limit, in the currency of the card; null where it is not known"}
STATEMENT = {
    "total": "amount owed at its close, in the currency of the card; negative where the bank owes it",
    "minimo": "least amount to pay, in the currency of the card",
    "pagado": "amount paid so far, in the currency of the card; null for nothing",
}
LOAN = {
    "moneda": CURRENCY,
    "monto": "amount that was lent, in the currency of the loan",
    "saldo": "principal still owed, in the currency of the loan; null where it is that of the unpaid instalments",
}
INSTALMENT = {
    "monto": "amount to pay, with interest, in the currency of the loan",
    "capital": "principal in it, in the currency of the loan; null where it is not known",
}
COMMENTS = {
    ("staging", "cuentas"): {"saldo_inicial": OPENING},
    ("staging", "saldos"): {"saldo": BALANCE},
    ("staging", "tarjetas"): CARD,
    ("staging", "resumenes"): STATEMENT,
    ("staging", "prestamos"): LOAN,
    ("staging", "cuotas"): INSTALMENT,
    ("dw", "dim_cuenta"): {"saldo_inicial": OPENING},
    ("dw", "hecho_saldos"): {"saldo": BALANCE},
    ("dw", "historia_tarjetas"): CARD,
    ("dw", "historia_resumenes"): STATEMENT,
    ("dw", "historia_prestamos"): LOAN,
    ("dw", "historia_cuotas"): INSTALMENT,
    ("mart", "cuenta_mensual"): {
        "neto": "credits of the account less its debits in the month, in the currency of the row",
        "saldo": "the last balance delivered in the month, in the currency of the account, on the row of an empty moneda; null without one",
    },
}


def upgrade() -> None:
    rate = "pesos for one unit of the currency, from that day until its next rate"
    op.create_table(
        "dim_cotizacion",
        sa.Column("moneda", sa.Text(collation="C"), nullable=False, comment="currency, ISO 4217"),
        sa.Column("vigente_desde", sa.Date(), nullable=False, comment="first day of this rate"),
        sa.Column(
            "vigente_hasta",
            sa.Date(),
            nullable=False,
            comment="first day of the next version; 9999-12-31 while there is none",
        ),
        sa.Column("cotizacion", sa.Numeric(precision=22, scale=10), nullable=False, comment=rate),
        sa.PrimaryKeyConstraint("moneda", "vigente_desde"),
        schema="dw",
    )
    op.create_table(
        "cotizaciones",
        sa.Column("moneda", sa.Text(collation="C"), nullable=False, comment="currency, ISO 4217"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="first business day of this rate"),
        sa.Column("cotizacion", sa.Numeric(precision=22, scale=10), nullable=False, comment=rate),
        sa.CheckConstraint("cotizacion > 0 and cotizacion < 'Infinity'", name="cotizacion_positiva"),
        schema="staging",
    )
    for schema, table in (("staging", "transacciones"), ("dw", "hecho_transacciones")):
        op.add_column(
            table,
            sa.Column(
                "moneda",
                sa.Text(collation="C"),
                nullable=True,
                comment="currency in which it is delivered, ISO 4217; null where it is that of the feed",
            ),
            schema=schema,
        )
    op.add_column(
        "hecho_transacciones",
        sa.Column(
            "monto_original",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="amount in moneda, as delivered, of which monto is what it was worth on that day; null where moneda is",
        ),
        schema="dw",
    )
    # until now all movements were in that of the feed
    op.add_column(
        "cuenta_mensual",
        sa.Column(
            "moneda",
            sa.Text(collation="C"),
            nullable=False,
            comment="currency of the movements; empty for that of the feed",
            server_default="",
        ),
        schema="mart",
    )
    op.alter_column("cuenta_mensual", "moneda", server_default=None, schema="mart")
    op.drop_constraint("cuenta_mensual_pkey", "cuenta_mensual", schema="mart")
    op.create_primary_key("cuenta_mensual_pkey", "cuenta_mensual", ["cuenta_id", "mes", "moneda"], schema="mart")
    for (schema, table), comments in COMMENTS.items():
        for column, comment in comments.items():
            op.alter_column(table, column, comment=comment, schema=schema)
