"""The bank: customers, movements, cliente_360."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "cargas",
        sa.Column("entidad", sa.Text(collation="C"), nullable=False, comment="landing file"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day"),
        sa.Column("filas", sa.Integer(), nullable=False, comment="rows of the day"),
        sa.Column("archivo", sa.Text(), nullable=False, comment="file they came from, relative to the data folder"),
        sa.Column("sha256", sa.Text(collation="C"), nullable=False, comment="of that file"),
        sa.Column("mundo", sa.Text(), nullable=False, comment="world or feed they belong to"),
        sa.Column("corrida", sa.Text(), nullable=False, comment="DAG run that loaded them"),
        sa.Column(
            "capa",
            sa.Text(),
            nullable=False,
            comment="layer that the last delivery of the day has reached: staging, dw or mart",
        ),
        sa.Column(
            "capa_alcanzada",
            sa.Text(),
            nullable=False,
            comment="furthest layer that any delivery of the day has reached; it only goes up",
        ),
        sa.CheckConstraint("capa in ('staging', 'dw', 'mart')", name="capa_conocida"),
        sa.CheckConstraint("capa_alcanzada in ('staging', 'dw', 'mart')", name="capa_alcanzada_conocida"),
        sa.PrimaryKeyConstraint("entidad", "fecha"),
        schema="control",
    )
    op.create_table(
        "verificaciones",
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day"),
        sa.Column(
            "verificacion", sa.Text(collation="C"), nullable=False, comment="check: its file in include/sql/check"
        ),
        sa.Column("correcta", sa.Boolean(), nullable=False, comment="whether nothing was found"),
        sa.Column("hallazgos", sa.Integer(), nullable=False, comment="number of things found wrong"),
        sa.Column("ejemplo", sa.Text(), nullable=True, comment="one of them"),
        sa.Column("corrida", sa.Text(), nullable=False, comment="DAG run that checked"),
        sa.PrimaryKeyConstraint("fecha_corte", "verificacion"),
        schema="control",
    )
    op.create_table(
        "dim_cliente",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("vigente_desde", sa.Date(), nullable=False, comment="first day of this version"),
        sa.Column(
            "vigente_hasta",
            sa.Date(),
            nullable=False,
            comment="first day of the next version; 9999-12-31 while there is none",
        ),
        sa.Column("dni", sa.Text(collation="C"), nullable=True, comment="national identity number"),
        sa.Column("nombre", sa.Text(), nullable=True, comment="first name"),
        sa.Column("apellido", sa.Text(), nullable=True, comment="surname"),
        sa.Column("email", sa.Text(), nullable=True, comment="e-mail address"),
        sa.Column("fecha_nacimiento", sa.Date(), nullable=True, comment="date of birth"),
        sa.Column("provincia", sa.Text(), nullable=True, comment="province of residence"),
        sa.Column("ciudad", sa.Text(), nullable=True, comment="city of residence"),
        sa.Column("ocupacion", sa.Text(), nullable=True, comment="occupation"),
        sa.Column(
            "ingresos_mensuales",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="monthly income as declared by the customer, in pesos",
        ),
        sa.Column("fecha_alta", sa.Date(), nullable=False, comment="first day as a customer"),
        sa.Column("fecha_baja", sa.Date(), nullable=True, comment="first day no longer a customer"),
        sa.PrimaryKeyConstraint("cliente_id", "vigente_desde"),
        schema="dw",
    )
    op.create_table(
        "hecho_transacciones",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the movement"),
        sa.Column("transaccion_id", sa.Text(collation="C"), nullable=False, comment="bank movement"),
        sa.Column(
            "tipo_transaccion",
            sa.Text(),
            nullable=False,
            comment="kind of movement: compra_tarjeta, transferencia, debito_automatico, extraccion_cajero, pago_servicio, ingreso_sueldo",
        ),
        sa.Column(
            "monto", sa.Numeric(precision=14, scale=2), nullable=False, comment="amount in pesos, always positive"
        ),
        sa.Column("rubro", sa.Text(), nullable=True, comment="category of a purchase, bill, salary or transfer"),
        sa.Column(
            "venta_id",
            sa.Text(collation="C"),
            nullable=True,
            comment="order of the shop that the movement pays or refunds",
        ),
        sa.PrimaryKeyConstraint("cliente_id", "fecha", "transaccion_id"),
        schema="dw",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "cliente_360_historico",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("nombre", sa.Text(), nullable=True, comment="first name and surname"),
        sa.Column("edad", sa.Integer(), nullable=True, comment="age in whole years at fecha_corte"),
        sa.Column("provincia", sa.Text(), nullable=True, comment="province of residence at fecha_corte"),
        sa.Column(
            "ingresos_mensuales",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="estimate of fixed monthly income, in pesos: median, over those of the last 6 observed months that had one, of the month's salary or pension without aguinaldo; with none, the income declared by the customer",
        ),
        sa.Column(
            "gasto_mensual_promedio",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="mean over the observed months of card purchases, bills, direct debits and cash withdrawals, in pesos; null with no observed month (a complete month of the last 12 in which the person was a customer from its first day)",
        ),
        sa.Column(
            "score_endeudamiento",
            sa.Numeric(precision=14, scale=4),
            nullable=True,
            comment="mean monthly bills and direct debits over ingresos_mensuales; null when the income is 0 or unknown",
        ),
        sa.Column(
            "origen_ingresos",
            sa.Text(),
            nullable=True,
            comment="observado (from movements) or declarado (by the customer)",
        ),
        sa.Column("meses_observados", sa.Integer(), nullable=False, comment="number of observed months, 0 to 12"),
        sa.Column("ocupacion", sa.Text(), nullable=True, comment="occupation at fecha_corte"),
        sa.Column(
            "antiguedad_meses", sa.Integer(), nullable=False, comment="whole months as a customer at fecha_corte"
        ),
        sa.Column(
            "segmento_ingresos",
            sa.Integer(),
            nullable=True,
            comment="income quintile among the customers at fecha_corte, 1 the lowest",
        ),
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day as of which the row holds"),
        sa.PrimaryKeyConstraint("cliente_id", "fecha_corte"),
        schema="mart",
        postgresql_partition_by="RANGE (fecha_corte)",
    )
    op.create_table(
        "gasto_mensual",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("mes", sa.Date(), nullable=False, comment="first day of the month"),
        sa.Column(
            "ingresos",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="salary or pension received, without aguinaldo, in pesos; null without one",
        ),
        sa.Column(
            "aguinaldo",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="half-yearly bonus received, in pesos",
        ),
        sa.Column(
            "compra_tarjeta", sa.Numeric(precision=14, scale=2), nullable=False, comment="card purchases, in pesos"
        ),
        sa.Column("pago_servicio", sa.Numeric(precision=14, scale=2), nullable=False, comment="bills paid, in pesos"),
        sa.Column(
            "debito_automatico", sa.Numeric(precision=14, scale=2), nullable=False, comment="direct debits, in pesos"
        ),
        sa.Column(
            "extraccion_cajero", sa.Numeric(precision=14, scale=2), nullable=False, comment="cash withdrawals, in pesos"
        ),
        sa.Column("movimientos", sa.Integer(), nullable=False, comment="number of movements of any kind"),
        sa.PrimaryKeyConstraint("cliente_id", "mes"),
        schema="mart",
        postgresql_partition_by="RANGE (mes)",
    )
    op.create_table(
        "clientes",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("dni", sa.Text(collation="C"), nullable=True, comment="national identity number"),
        sa.Column("nombre", sa.Text(), nullable=True, comment="first name"),
        sa.Column("apellido", sa.Text(), nullable=True, comment="surname"),
        sa.Column("email", sa.Text(), nullable=True, comment="e-mail address"),
        sa.Column("fecha_nacimiento", sa.Date(), nullable=True, comment="date of birth"),
        sa.Column("provincia", sa.Text(), nullable=True, comment="province of residence"),
        sa.Column("ciudad", sa.Text(), nullable=True, comment="city of residence"),
        sa.Column("ocupacion", sa.Text(), nullable=True, comment="occupation"),
        sa.Column(
            "ingresos_mensuales",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="monthly income as declared by the customer, in pesos",
        ),
        sa.Column("fecha_alta", sa.Date(), nullable=False, comment="first day as a customer"),
        sa.Column("fecha_baja", sa.Date(), nullable=True, comment="first day no longer a customer"),
        sa.CheckConstraint("ingresos_mensuales >= 0 and ingresos_mensuales < 'Infinity'", name="ingresos_no_negativos"),
        sa.CheckConstraint("isfinite(fecha_alta)", name="fecha_alta_finita"),
        sa.CheckConstraint("isfinite(fecha_baja)", name="fecha_baja_finita"),
        sa.CheckConstraint("isfinite(fecha_nacimiento)", name="fecha_nacimiento_finita"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "transacciones",
        sa.Column("transaccion_id", sa.Text(collation="C"), nullable=False, comment="bank movement"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the movement"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column(
            "tipo_transaccion",
            sa.Text(),
            nullable=False,
            comment="kind of movement: compra_tarjeta, transferencia, debito_automatico, extraccion_cajero, pago_servicio, ingreso_sueldo",
        ),
        sa.Column(
            "monto", sa.Numeric(precision=14, scale=2), nullable=False, comment="amount in pesos, always positive"
        ),
        sa.Column("rubro", sa.Text(), nullable=True, comment="category of a purchase, bill, salary or transfer"),
        sa.Column(
            "venta_id",
            sa.Text(collation="C"),
            nullable=True,
            comment="order of the shop that the movement pays or refunds",
        ),
        sa.CheckConstraint("monto > 0 and monto < 'Infinity'", name="monto_positivo"),
        sa.CheckConstraint(
            "tipo_transaccion in ('compra_tarjeta', 'transferencia', 'debito_automatico', 'extraccion_cajero', 'pago_servicio', 'ingreso_sueldo')",
            name="tipo_transaccion_conocido",
        ),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
