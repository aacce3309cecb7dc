"""Cards, statements, loans, instalments and standing orders, and what is made of them."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "historia_cuotas",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("cuota_id", sa.Text(collation="C"), nullable=False, comment="instalment"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("prestamo_id", sa.Text(collation="C"), nullable=False, comment="loan"),
        sa.Column("numero", sa.Integer(), nullable=True, comment="its number within the loan, from 1"),
        sa.Column("vencimiento", sa.Date(), nullable=False, comment="day by which it is to be paid"),
        sa.Column(
            "monto", sa.Numeric(precision=14, scale=2), nullable=False, comment="amount to pay, with interest, in pesos"
        ),
        sa.Column(
            "capital",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="principal in it, in pesos; null where it is not known",
        ),
        sa.Column("pagado_el", sa.Date(), nullable=True, comment="day on which it was paid; null while it is not"),
        sa.PrimaryKeyConstraint("cliente_id", "cuota_id", "fecha"),
        schema="dw",
    )
    op.create_index("historia_cuotas_fecha", "historia_cuotas", ["fecha"], unique=False, schema="dw")
    op.create_table(
        "historia_ordenes_permanentes",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("orden_id", sa.Text(collation="C"), nullable=False, comment="standing order"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=True, comment="account that is debited"),
        sa.Column(
            "monto",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="amount of each payment, in pesos; null where it varies",
        ),
        sa.Column("contraparte", sa.Text(), nullable=True, comment="who is paid"),
        sa.Column("rubro", sa.Text(), nullable=True, comment="what is paid"),
        sa.Column("desde", sa.Date(), nullable=False, comment="first day on which it holds"),
        sa.Column("hasta", sa.Date(), nullable=True, comment="first day on which it holds no longer"),
        sa.PrimaryKeyConstraint("cliente_id", "orden_id", "fecha"),
        schema="dw",
    )
    op.create_index(
        "historia_ordenes_permanentes_fecha", "historia_ordenes_permanentes", ["fecha"], unique=False, schema="dw"
    )
    op.create_table(
        "historia_prestamos",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("prestamo_id", sa.Text(collation="C"), nullable=False, comment="loan"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=True, comment="account of which it is paid"),
        sa.Column(
            "moneda",
            sa.Text(collation="C"),
            nullable=True,
            comment="currency, ISO 4217; null where it is that of the feed. Amounts are not converted",
        ),
        sa.Column("fecha_otorgamiento", sa.Date(), nullable=False, comment="day on which it was granted"),
        sa.Column("monto", sa.Numeric(precision=14, scale=2), nullable=False, comment="amount that was lent, in pesos"),
        sa.Column("tasa", sa.Numeric(precision=14, scale=2), nullable=True, comment="nominal interest, percent a year"),
        sa.Column("plazo", sa.Integer(), nullable=True, comment="term in months"),
        sa.Column(
            "estado",
            sa.Text(collation="C"),
            nullable=True,
            comment="state: vigente, cancelado, refinanciado, incobrable; null for vigente",
        ),
        sa.Column(
            "saldo",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="principal still owed, in pesos; null where it is that of the unpaid instalments",
        ),
        sa.PrimaryKeyConstraint("cliente_id", "prestamo_id", "fecha"),
        schema="dw",
    )
    op.create_index("historia_prestamos_fecha", "historia_prestamos", ["fecha"], unique=False, schema="dw")
    op.create_table(
        "historia_resumenes",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("resumen_id", sa.Text(collation="C"), nullable=False, comment="statement"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("tarjeta_id", sa.Text(collation="C"), nullable=False, comment="card"),
        sa.Column("fecha_cierre", sa.Date(), nullable=False, comment="day on which it closes"),
        sa.Column("fecha_vencimiento", sa.Date(), nullable=False, comment="day by which the minimum is to be paid"),
        sa.Column(
            "total",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="amount owed at its close, in pesos; negative where the bank owes it",
        ),
        sa.Column("minimo", sa.Numeric(precision=14, scale=2), nullable=False, comment="least amount to pay, in pesos"),
        sa.Column(
            "pagado",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="amount paid so far, in pesos; null for nothing",
        ),
        sa.Column(
            "pagado_el", sa.Date(), nullable=True, comment="day on which the minimum was covered; null while it is not"
        ),
        sa.PrimaryKeyConstraint("cliente_id", "resumen_id", "fecha"),
        schema="dw",
    )
    op.create_index("historia_resumenes_fecha", "historia_resumenes", ["fecha"], unique=False, schema="dw")
    op.create_table(
        "historia_tarjetas",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("tarjeta_id", sa.Text(collation="C"), nullable=False, comment="card"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=True, comment="account of which it is paid"),
        sa.Column(
            "moneda",
            sa.Text(collation="C"),
            nullable=True,
            comment="currency, ISO 4217; null where it is that of the feed. Amounts are not converted",
        ),
        sa.Column(
            "limite",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="credit limit, in pesos; null where it is not known",
        ),
        sa.Column("dia_cierre", sa.Integer(), nullable=True, comment="day of the month on which its statement closes"),
        sa.Column(
            "dia_vencimiento", sa.Integer(), nullable=True, comment="day of the month on which its statement is due"
        ),
        sa.Column(
            "fecha_alta",
            sa.Date(),
            nullable=True,
            comment="first day on which it is open; null where it is that of its first version",
        ),
        sa.Column("fecha_baja", sa.Date(), nullable=True, comment="first day on which it is open no longer"),
        sa.PrimaryKeyConstraint("cliente_id", "tarjeta_id", "fecha"),
        schema="dw",
    )
    op.create_index("historia_tarjetas_fecha", "historia_tarjetas", ["fecha"], unique=False, schema="dw")
    op.create_table(
        "riesgo_crediticio_historico",
        sa.Column(
            "mes",
            sa.Date(),
            nullable=False,
            comment="first day of the month, one of the 13 that end with that of fecha_corte; customers are as of its last day, in the last month as of fecha_corte, by what is known at fecha_corte",
        ),
        sa.Column(
            "situacion",
            sa.Integer(),
            nullable=False,
            comment="1 to 5 by days past due: up to 31, 90, 180, 365 and beyond. Without credit of any customer, there are no rows",
        ),
        sa.Column("clientes", sa.Integer(), nullable=False, comment="customers in it"),
        sa.Column(
            "deuda",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="what they owe, in pesos; null where that of one is not known",
        ),
        sa.Column("en_mora", sa.Integer(), nullable=False, comment="customers of these with days past due"),
        sa.Column(
            "en_mora_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="share of these in clientes, percent",
        ),
        sa.Column(
            "pasan_a_1_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of the row's customers who are in situation 1 at the next month's end, percent; null in the last month; those who have no credit then are in none",
        ),
        sa.Column(
            "pasan_a_2_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of the row's customers who are in situation 2 at the next month's end, percent; null in the last month; those who have no credit then are in none",
        ),
        sa.Column(
            "pasan_a_3_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of the row's customers who are in situation 3 at the next month's end, percent; null in the last month; those who have no credit then are in none",
        ),
        sa.Column(
            "pasan_a_4_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of the row's customers who are in situation 4 at the next month's end, percent; null in the last month; those who have no credit then are in none",
        ),
        sa.Column(
            "pasan_a_5_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of the row's customers who are in situation 5 at the next month's end, percent; null in the last month; those who have no credit then are in none",
        ),
        sa.Column(
            "fecha_corte",
            sa.Date(),
            nullable=False,
            comment="business day as of which the row holds; no rows where the source provides no clientes",
        ),
        sa.PrimaryKeyConstraint("fecha_corte", "mes", "situacion"),
        schema="mart",
    )
    op.create_table(
        "cuotas",
        sa.Column("cuota_id", sa.Text(collation="C"), nullable=False, comment="instalment"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("prestamo_id", sa.Text(collation="C"), nullable=False, comment="loan"),
        sa.Column("numero", sa.Integer(), nullable=True, comment="its number within the loan, from 1"),
        sa.Column("vencimiento", sa.Date(), nullable=False, comment="day by which it is to be paid"),
        sa.Column(
            "monto", sa.Numeric(precision=14, scale=2), nullable=False, comment="amount to pay, with interest, in pesos"
        ),
        sa.Column(
            "capital",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="principal in it, in pesos; null where it is not known",
        ),
        sa.Column("pagado_el", sa.Date(), nullable=True, comment="day on which it was paid; null while it is not"),
        sa.CheckConstraint("capital >= 0 and capital < 'Infinity'", name="capital_no_negativo"),
        sa.CheckConstraint("monto >= 0 and monto < 'Infinity'", name="monto_no_negativo"),
        sa.CheckConstraint("pagado_el <= fecha and pagado_el > '-infinity'", name="pago_conocido"),
        sa.CheckConstraint("isfinite(vencimiento)", name="vencimiento_finita"),
        sa.CheckConstraint("numero > 0", name="numero_positivo"),
        schema="staging",
    )
    op.create_table(
        "ordenes_permanentes",
        sa.Column("orden_id", sa.Text(collation="C"), nullable=False, comment="standing order"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=True, comment="account that is debited"),
        sa.Column(
            "monto",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="amount of each payment, in pesos; null where it varies",
        ),
        sa.Column("contraparte", sa.Text(), nullable=True, comment="who is paid"),
        sa.Column("rubro", sa.Text(), nullable=True, comment="what is paid"),
        sa.Column("desde", sa.Date(), nullable=False, comment="first day on which it holds"),
        sa.Column("hasta", sa.Date(), nullable=True, comment="first day on which it holds no longer"),
        sa.CheckConstraint("monto >= 0 and monto < 'Infinity'", name="monto_no_negativo"),
        sa.CheckConstraint("hasta >= desde and isfinite(hasta)", name="hasta_no_antes_de_desde"),
        sa.CheckConstraint("isfinite(desde)", name="desde_finita"),
        schema="staging",
    )
    op.create_table(
        "prestamos",
        sa.Column("prestamo_id", sa.Text(collation="C"), nullable=False, comment="loan"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=True, comment="account of which it is paid"),
        sa.Column(
            "moneda",
            sa.Text(collation="C"),
            nullable=True,
            comment="currency, ISO 4217; null where it is that of the feed. Amounts are not converted",
        ),
        sa.Column("fecha_otorgamiento", sa.Date(), nullable=False, comment="day on which it was granted"),
        sa.Column("monto", sa.Numeric(precision=14, scale=2), nullable=False, comment="amount that was lent, in pesos"),
        sa.Column("tasa", sa.Numeric(precision=14, scale=2), nullable=True, comment="nominal interest, percent a year"),
        sa.Column("plazo", sa.Integer(), nullable=True, comment="term in months"),
        sa.Column(
            "estado",
            sa.Text(collation="C"),
            nullable=True,
            comment="state: vigente, cancelado, refinanciado, incobrable; null for vigente",
        ),
        sa.Column(
            "saldo",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="principal still owed, in pesos; null where it is that of the unpaid instalments",
        ),
        sa.CheckConstraint(
            "estado in ('vigente', 'cancelado', 'refinanciado', 'incobrable')", name="estado_prestamo_conocido"
        ),
        sa.CheckConstraint("monto > 0 and monto < 'Infinity'", name="monto_positivo"),
        sa.CheckConstraint("saldo >= 0 and saldo < 'Infinity'", name="saldo_no_negativo"),
        sa.CheckConstraint("tasa >= 0 and tasa < 'Infinity'", name="tasa_no_negativa"),
        sa.CheckConstraint("isfinite(fecha_otorgamiento)", name="fecha_otorgamiento_finita"),
        sa.CheckConstraint("plazo > 0", name="plazo_positivo"),
        schema="staging",
    )
    op.create_table(
        "resumenes",
        sa.Column("resumen_id", sa.Text(collation="C"), nullable=False, comment="statement"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("tarjeta_id", sa.Text(collation="C"), nullable=False, comment="card"),
        sa.Column("fecha_cierre", sa.Date(), nullable=False, comment="day on which it closes"),
        sa.Column("fecha_vencimiento", sa.Date(), nullable=False, comment="day by which the minimum is to be paid"),
        sa.Column(
            "total",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="amount owed at its close, in pesos; negative where the bank owes it",
        ),
        sa.Column("minimo", sa.Numeric(precision=14, scale=2), nullable=False, comment="least amount to pay, in pesos"),
        sa.Column(
            "pagado",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="amount paid so far, in pesos; null for nothing",
        ),
        sa.Column(
            "pagado_el", sa.Date(), nullable=True, comment="day on which the minimum was covered; null while it is not"
        ),
        sa.CheckConstraint("minimo >= 0 and minimo < 'Infinity'", name="minimo_no_negativo"),
        sa.CheckConstraint("pagado >= 0 and pagado < 'Infinity'", name="pagado_no_negativo"),
        sa.CheckConstraint("pagado_el <= fecha and pagado_el > '-infinity'", name="pago_conocido"),
        sa.CheckConstraint("isfinite(fecha_cierre)", name="fecha_cierre_finita"),
        sa.CheckConstraint("isfinite(fecha_vencimiento)", name="fecha_vencimiento_finita"),
        schema="staging",
    )
    op.create_table(
        "tarjetas",
        sa.Column("tarjeta_id", sa.Text(collation="C"), nullable=False, comment="card"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=True, comment="account of which it is paid"),
        sa.Column(
            "moneda",
            sa.Text(collation="C"),
            nullable=True,
            comment="currency, ISO 4217; null where it is that of the feed. Amounts are not converted",
        ),
        sa.Column(
            "limite",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="credit limit, in pesos; null where it is not known",
        ),
        sa.Column("dia_cierre", sa.Integer(), nullable=True, comment="day of the month on which its statement closes"),
        sa.Column(
            "dia_vencimiento", sa.Integer(), nullable=True, comment="day of the month on which its statement is due"
        ),
        sa.Column(
            "fecha_alta",
            sa.Date(),
            nullable=True,
            comment="first day on which it is open; null where it is that of its first version",
        ),
        sa.Column("fecha_baja", sa.Date(), nullable=True, comment="first day on which it is open no longer"),
        sa.CheckConstraint("limite >= 0 and limite < 'Infinity'", name="limite_no_negativo"),
        sa.CheckConstraint("dia_cierre between 1 and 31", name="cierre_en_el_mes"),
        sa.CheckConstraint("dia_vencimiento between 1 and 31", name="vencimiento_en_el_mes"),
        sa.CheckConstraint("isfinite(fecha_alta)", name="fecha_alta_finita"),
        sa.CheckConstraint("isfinite(fecha_baja)", name="fecha_baja_finita"),
        schema="staging",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "deuda_total",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="what is owed at fecha_corte, in pesos: of loans neither cancelled nor refinanced the saldo or, where none is delivered, the principal (where that is not known, the amount) of the unpaid instalments; of each card the last statement, less what is paid of it, never below 0; null where a part is not known, or the source has neither prestamos nor resumenes",
        ),
        schema="mart",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "cuota_sobre_ingreso",
            sa.Numeric(precision=14, scale=4),
            nullable=True,
            comment="instalments of loans and minimum payments of statements that are due in the month of fecha_corte, paid or not, over ingresos_mensuales; null when that is 0 or unknown, where the instalments of a loan are not known, or the source has neither cuotas nor resumenes",
        ),
        schema="mart",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "uso_de_limite",
            sa.Numeric(precision=14, scale=4),
            nullable=True,
            comment="debt on cards over the limits of the open ones; null without an open card, where the limit of one is not known, all are 0, or the source has no resumenes",
        ),
        schema="mart",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "dias_mora_max",
            sa.Integer(),
            nullable=True,
            comment="most days past due at fecha_corte of an unpaid instalment, or of a statement whose minimum is not covered; 0 where nothing is late; null without credit (a loan on which something is owed, an open card, or a debt on one), or where the instalments of a loan or the statements of cards are not known",
        ),
        schema="mart",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "situacion",
            sa.Integer(),
            nullable=True,
            comment="1 to 5 by dias_mora_max, up to 31, 90, 180, 365 and beyond: the scale of Argentina's central bank for consumers",
        ),
        schema="mart",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "productos",
            sa.Text(),
            nullable=True,
            comment="what the customer holds at fecha_corte, in alphabetical order: kinds of accounts (not those of which one is only authorized), orden_permanente, prestamo (on which something is owed), tarjeta_credito; ninguno without any; null where the source has none of these",
        ),
        schema="mart",
    )
