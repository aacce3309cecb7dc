"""The currency of the source that the warehouse holds, and what a few columns mean at their edges."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

MEANINGS = {
    (
        "cliente_360_historico",
        "segmento_ingresos",
    ): "quintile of ingresos_mensuales among the customers at fecha_corte, 1 the lowest; dealt out as by SQL's ntile(5), the first groups one larger where five do not divide them; equal ones all get that of the first of them, as with rank()",
    (
        "cliente_360_historico",
        "segmento_rfm",
    ): "quintiles of ultima_compra, compras_12m and monto_neto_12m (where returns are not known, monto_compras_12m) among those who ever bought, three digits, 5 the best; dealt out as by SQL's ntile(5), the first groups one larger where five do not divide them; equal ones all get that of the first of them, as with rank(); null where the source provides no ventas or no detalle_ventas",
    (
        "cliente_360_historico",
        "deuda_total",
    ): "what is owed at fecha_corte, in pesos: of loans neither cancelled nor refinanced the saldo (where it is 0, nothing, whatever instalments are unpaid) or, where none is delivered, the principal (where that is not known, the amount) of the unpaid instalments; of each card the last statement, less what is paid of it, never below 0; null where a part is not known, or the source has neither prestamos nor resumenes",
    (
        "cliente_360_historico",
        "dias_mora_max",
    ): "most days past due at fecha_corte of an unpaid instalment, also of a loan whose saldo is 0, or of a statement whose minimum is not covered; 0 where nothing is late; null without credit (a loan on which something is owed, an open card, or a debt on one), or where the instalments of a loan or the statements of cards are not known",
    (
        "cliente_360_historico",
        "productos",
    ): "what the customer holds at fecha_corte, in alphabetical order: kinds of accounts (not those of which one is only authorized, without a part), orden_permanente, prestamo (on which something is owed, or an instalment is past due), tarjeta_credito; ninguno without any; null where the source has none of these",
    (
        "cliente_360_historico",
        "saldo_total",
    ): "balance at fecha_corte of the accounts open then of which a part is the customer's, in that part, in pesos: of each the last delivered or, without any, saldo_inicial and what moved since; null without such an account, or where one is not known; null where the source provides no cuentas or no titulares_cuenta",
    (
        "cliente_360_historico",
        "saldo_minimo_90d",
    ): "lowest balance of the same accounts, as far as they were open, at the end of one of the 90 days that end at fecha_corte on which it is known, in pesos; null without such an account; null where the source provides no cuentas or no titulares_cuenta",
    (
        "riesgo_crediticio_historico",
        "mes",
    ): "first day of the month, one of the 13 that end with that of fecha_corte, none before that of inicio; customers are as of its last day, in the last month as of fecha_corte, by what is known at fecha_corte",
}


def upgrade() -> None:
    op.add_column(
        "fuentes",
        sa.Column(
            "moneda",
            sa.Text(collation="C"),
            nullable=True,
            comment="currency of its figures, ISO 4217; null where the last run was of a version that did not note it",
        ),
        schema="control",
    )
    for (table, column), meaning in MEANINGS.items():
        op.alter_column(table, column, comment=meaning, schema="mart")
