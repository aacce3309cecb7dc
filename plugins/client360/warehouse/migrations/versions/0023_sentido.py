"""Movements say in which direction money moves; more kinds of them, and those of unknown kind."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

KINDS = (
    *("compra_tarjeta", "transferencia", "debito_automatico", "extraccion_cajero", "pago_servicio", "ingreso_sueldo"),
    *("deposito", "cobro", "beneficio", "interes", "prestamo_otorgado", "reintegro", "pago_tarjeta", "cuota_prestamo"),
    *("comision", "impuesto", "ahorro", "moneda_extranjera"),
)
IN = ("ingreso_sueldo", "deposito", "cobro", "beneficio", "prestamo_otorgado", "reintegro")
OUT = (
    *("compra_tarjeta", "debito_automatico", "extraccion_cajero", "pago_servicio"),
    *("pago_tarjeta", "cuota_prestamo", "comision", "impuesto"),
)
RULES = {
    "tipo_transaccion_conocido": f"tipo_transaccion in {KINDS}",
    "sentido_conocido": "sentido in ('debito', 'credito')",
    "tipo_de_credito": f"(tipo_transaccion in {IN}) <= (sentido <> 'debito')",
    "tipo_de_debito": f"(tipo_transaccion in {OUT}) <= (sentido <> 'credito')",
    "cuotas_positivas": "cuotas > 0",
}


def upgrade() -> None:
    for schema, table in (("dw", "hecho_transacciones"), ("staging", "transacciones")):
        op.alter_column(
            table,
            "tipo_transaccion",
            existing_type=sa.Text(),
            nullable=True,
            comment=f"kind of movement: {', '.join(KINDS)}; null while it is unknown",
            schema=schema,
        )
        for column in (
            sa.Column(
                "sentido",
                sa.Text(collation="C"),
                comment="direction: debito, credito; credito is what comes in, null where the source does not say",
            ),
            sa.Column(
                "tarjeta_id",
                sa.Text(collation="C"),
                comment="credit card that it is charged to; null where it moves an account",
            ),
            sa.Column("cuotas", sa.Integer(), comment="instalments of a purchase; null where they are not known"),
            sa.Column("contraparte", sa.Text(), comment="who is at the other end, as the source writes it"),
            sa.Column("comercio", sa.Text(), comment="shop of a purchase, as the source writes it"),
            sa.Column("canal", sa.Text(collation="C"), comment="channel, such as cajero or web"),
        ):
            op.add_column(table, column, schema=schema)
    op.drop_constraint("tipo_transaccion_conocido", "transacciones", schema="staging")
    for name, condition in RULES.items():
        op.create_check_constraint(name, "transacciones", condition, schema="staging")
