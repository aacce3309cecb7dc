"""Accounts, who holds them, and movements that name only their account."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "dim_cuenta",
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=False, comment="account"),
        sa.Column("vigente_desde", sa.Date(), nullable=False, comment="first day of this version"),
        sa.Column(
            "vigente_hasta",
            sa.Date(),
            nullable=False,
            comment="first day of the next version; 9999-12-31 while there is none",
        ),
        sa.Column(
            "tipo",
            sa.Text(collation="C"),
            nullable=True,
            comment="kind of account: caja_ahorro, cuenta_corriente, cuenta_sueldo, plazo_fijo, inversion; null while it is unknown",
        ),
        sa.Column(
            "moneda",
            sa.Text(collation="C"),
            nullable=True,
            comment="currency of the account, ISO 4217; null where it is that of the feed",
        ),
        sa.Column("sucursal", sa.Text(collation="C"), nullable=True, comment="branch that keeps the account"),
        sa.Column(
            "fecha_apertura",
            sa.Date(),
            nullable=True,
            comment="first day of the account; null where it is only known since this version",
        ),
        sa.Column("fecha_cierre", sa.Date(), nullable=True, comment="first day on which the account is closed"),
        sa.Column(
            "saldo_inicial",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="balance before its first movement that is delivered, in pesos, negative where it is overdrawn; null where it is unknown",
        ),
        sa.PrimaryKeyConstraint("cuenta_id", "vigente_desde"),
        schema="dw",
    )
    op.create_table(
        "dim_titular",
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=False, comment="account"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer who holds it"),
        sa.Column("vigente_desde", sa.Date(), nullable=False, comment="first day of this version"),
        sa.Column(
            "vigente_hasta",
            sa.Date(),
            nullable=False,
            comment="first day of the next version; 9999-12-31 while there is none",
        ),
        sa.Column(
            "rol",
            sa.Text(collation="C"),
            nullable=True,
            comment="role of the person: titular, cotitular, autorizado; null while it is unknown",
        ),
        sa.Column(
            "participacion",
            sa.Numeric(precision=16, scale=4),
            nullable=True,
            comment="part of the account that is the person's, percent; null where none is said",
        ),
        sa.Column(
            "desde",
            sa.Date(),
            nullable=True,
            comment="first day as a holder; null where that is only known since this version",
        ),
        sa.Column("hasta", sa.Date(), nullable=True, comment="first day no longer a holder"),
        sa.PrimaryKeyConstraint("cuenta_id", "cliente_id", "vigente_desde"),
        schema="dw",
    )
    op.create_index("dim_titular_cuenta", "dim_titular", ["cuenta_id"], unique=False, schema="dw")
    op.create_table(
        "titularidad",
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=False, comment="account"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer who holds it"),
        sa.Column(
            "desde",
            sa.Date(),
            nullable=False,
            comment="first day of a time in which neither who holds the account nor a part of it changes",
        ),
        sa.Column(
            "hasta", sa.Date(), nullable=False, comment="first day after that time; 9999-12-31 while nothing ends it"
        ),
        sa.Column("rol", sa.Text(collation="C"), nullable=True, comment="role of the person; null while it is unknown"),
        sa.Column(
            "participacion",
            sa.Numeric(precision=16, scale=4),
            nullable=False,
            comment="part of the account that is the person's, of de: as the source says or, where it says none of anybody's, all of it the main holder's, who is the titular with the smallest cliente_id or, without one, the smallest of the others",
        ),
        sa.Column(
            "de", sa.Numeric(precision=16, scale=4), nullable=False, comment="sum of the parts of all who hold it"
        ),
        sa.Column(
            "otras",
            postgresql.ARRAY(sa.Numeric(precision=16, scale=4)),
            nullable=True,
            comment="of the main one of those with a part, to whom go cents that are left over: the parts of the others; else null",
        ),
        sa.PrimaryKeyConstraint("cuenta_id", "cliente_id", "desde"),
        schema="dw",
    )
    op.create_index("titularidad_cuenta", "titularidad", ["cuenta_id"], unique=False, schema="dw")
    op.create_table(
        "cuentas",
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=False, comment="account"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column(
            "tipo",
            sa.Text(collation="C"),
            nullable=True,
            comment="kind of account: caja_ahorro, cuenta_corriente, cuenta_sueldo, plazo_fijo, inversion; null while it is unknown",
        ),
        sa.Column(
            "moneda",
            sa.Text(collation="C"),
            nullable=True,
            comment="currency of the account, ISO 4217; null where it is that of the feed",
        ),
        sa.Column("sucursal", sa.Text(collation="C"), nullable=True, comment="branch that keeps the account"),
        sa.Column(
            "fecha_apertura",
            sa.Date(),
            nullable=True,
            comment="first day of the account; null where it is only known since this version",
        ),
        sa.Column("fecha_cierre", sa.Date(), nullable=True, comment="first day on which the account is closed"),
        sa.Column(
            "saldo_inicial",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="balance before its first movement that is delivered, in pesos, negative where it is overdrawn; null where it is unknown",
        ),
        sa.CheckConstraint(
            "tipo in ('caja_ahorro', 'cuenta_corriente', 'cuenta_sueldo', 'plazo_fijo', 'inversion')",
            name="tipo_cuenta_conocido",
        ),
        sa.CheckConstraint("isfinite(fecha_apertura)", name="fecha_apertura_finita"),
        sa.CheckConstraint("isfinite(fecha_cierre)", name="fecha_cierre_finita"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "titulares_cuenta",
        sa.Column("cuenta_id", sa.Text(collation="C"), nullable=False, comment="account"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer who holds it"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column(
            "rol",
            sa.Text(collation="C"),
            nullable=True,
            comment="role of the person: titular, cotitular, autorizado; null while it is unknown",
        ),
        sa.Column(
            "participacion",
            sa.Numeric(precision=16, scale=4),
            nullable=True,
            comment="part of the account that is the person's, percent; null where none is said",
        ),
        sa.Column(
            "desde",
            sa.Date(),
            nullable=True,
            comment="first day as a holder; null where that is only known since this version",
        ),
        sa.Column("hasta", sa.Date(), nullable=True, comment="first day no longer a holder"),
        sa.CheckConstraint("rol in ('titular', 'cotitular', 'autorizado')", name="rol_conocido"),
        sa.CheckConstraint("isfinite(desde)", name="desde_finita"),
        sa.CheckConstraint("isfinite(hasta)", name="hasta_finita"),
        sa.CheckConstraint("participacion between 0 and 100", name="participacion_en_porcentaje"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.add_column(
        "hecho_transacciones",
        sa.Column(
            "cuenta_id",
            sa.Text(collation="C"),
            nullable=True,
            comment="account that it is on; null where only the customer is known",
        ),
        schema="dw",
    )
    op.alter_column(
        "hecho_transacciones",
        "cliente_id",
        existing_type=sa.TEXT(collation="C"),
        comment="customer; empty where only the account is known",
        existing_comment="customer",
        existing_nullable=False,
        schema="dw",
    )
    op.alter_column(
        "cliente_360_historico",
        "gasto_mensual_promedio",
        existing_type=sa.NUMERIC(precision=14, scale=2),
        comment="mean over the observed months of card purchases, bills, direct debits and cash withdrawals, in pesos; null with no observed month (a complete month of the last 12 in which the person was a customer from its first day and, where the source provides titulares_cuenta, had a part of an account on its last day or is named by a movement); null where the source provides no transacciones",
        existing_comment="mean over the observed months of card purchases, bills, direct debits and cash withdrawals, in pesos; null with no observed month (a complete month of the last 12 in which the person was a customer from its first day); null where the source provides no transacciones",
        existing_nullable=True,
        schema="mart",
    )
    op.add_column(
        "gasto_mensual",
        sa.Column(
            "cuenta_id",
            sa.Text(collation="C"),
            server_default="",
            nullable=False,
            comment="account of movements that name no customer, which are its holders': see dw.titularidad; empty where they name one",
        ),
        schema="mart",
    )
    op.alter_column(
        "gasto_mensual",
        "cliente_id",
        existing_type=sa.TEXT(collation="C"),
        comment="customer; empty where movements name only their account",
        existing_comment="customer",
        existing_nullable=False,
        schema="mart",
    )
    op.add_column(
        "transacciones",
        sa.Column(
            "cuenta_id",
            sa.Text(collation="C"),
            nullable=True,
            comment="account that it is on; null where only the customer is known",
        ),
        schema="staging",
    )
    op.alter_column(
        "transacciones",
        "cliente_id",
        existing_type=sa.TEXT(collation="C"),
        comment="customer; empty where only the account is known",
        existing_comment="customer",
        existing_nullable=False,
        schema="staging",
    )
    op.create_check_constraint(
        "cliente_o_cuenta", "transacciones", "cliente_id <> '' or cuenta_id is not null", schema="staging"
    )
    # those of before all name a customer
    op.alter_column("gasto_mensual", "cuenta_id", server_default=None, schema="mart")
    op.drop_constraint("gasto_mensual_pkey", "gasto_mensual", schema="mart")
    op.create_primary_key("gasto_mensual_pkey", "gasto_mensual", ["cliente_id", "mes", "cuenta_id"], schema="mart")
