"""What comes back of orders, and orders of nobody that is known."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "hecho_devoluciones",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer; empty where none is known"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the return"),
        sa.Column("devolucion_id", sa.Text(collation="C"), nullable=False, comment="return"),
        sa.Column("venta_id", sa.Text(collation="C"), nullable=True, comment="order of which something comes back"),
        sa.Column("linea", sa.Integer(), nullable=True, comment="line of the order that comes back"),
        sa.Column("producto_id", sa.Text(collation="C"), nullable=True, comment="product that comes back"),
        sa.Column(
            "cantidad",
            sa.Integer(),
            nullable=True,
            comment="units that come back; null where an amount only is given back",
        ),
        sa.Column("monto", sa.Numeric(precision=14, scale=2), nullable=False, comment="amount given back, in pesos"),
        sa.Column(
            "categoria",
            sa.Text(collation="C"),
            nullable=True,
            comment="category of the product on that day; null where the product is not known",
        ),
        sa.Column(
            "costo",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="cost of the units as known for that day, in pesos; 0 where none comes back; null where it is not known",
        ),
        sa.Column(
            "fecha_anulacion",
            sa.Date(),
            nullable=True,
            comment="business day on which its order became known as cancelled or returned as a whole: from then on, neither counts",
        ),
        sa.PrimaryKeyConstraint("cliente_id", "fecha", "devolucion_id"),
        schema="dw",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "devoluciones",
        sa.Column("devolucion_id", sa.Text(collation="C"), nullable=False, comment="return"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the return"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("venta_id", sa.Text(collation="C"), nullable=True, comment="order of which something comes back"),
        sa.Column("linea", sa.Integer(), nullable=True, comment="line of the order that comes back"),
        sa.Column("producto_id", sa.Text(collation="C"), nullable=True, comment="product that comes back"),
        sa.Column(
            "cantidad",
            sa.Integer(),
            nullable=True,
            comment="units that come back; null where an amount only is given back",
        ),
        sa.Column("monto", sa.Numeric(precision=14, scale=2), nullable=False, comment="amount given back, in pesos"),
        sa.CheckConstraint("monto >= 0 and monto < 'Infinity'", name="monto_no_negativo"),
        sa.CheckConstraint("cantidad > 0", name="cantidad_positiva"),
        sa.CheckConstraint("linea > 0", name="linea_positiva"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.alter_column(
        "hecho_envios",
        "cliente_id",
        existing_type=sa.TEXT(collation="C"),
        comment="customer; empty where none is known",
        existing_comment="customer",
        existing_nullable=False,
        schema="dw",
    )
    op.alter_column(
        "hecho_ventas",
        "cliente_id",
        existing_type=sa.TEXT(collation="C"),
        comment="customer; empty where none is known",
        existing_comment="customer",
        existing_nullable=False,
        schema="dw",
    )
    op.alter_column(
        "historia_envios",
        "cliente_id",
        existing_type=sa.TEXT(collation="C"),
        comment="customer; empty where none is known",
        existing_comment="customer",
        existing_nullable=False,
        schema="dw",
    )
    op.alter_column(
        "historia_ventas",
        "cliente_id",
        existing_type=sa.TEXT(collation="C"),
        comment="customer; empty where none is known",
        existing_comment="customer",
        existing_nullable=False,
        schema="dw",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "monto_devuelto_12m",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="amount given back in the 365 days for what came back of orders that count, in pesos; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "cliente_360_historico",
        sa.Column(
            "monto_neto_12m",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="monto_compras_12m - monto_devuelto_12m, in pesos; null where the source provides no ventas or no detalle_ventas or no devoluciones",
        ),
        schema="mart",
    )
    op.alter_column(
        "cliente_360_historico",
        "ticket_promedio",
        existing_type=sa.NUMERIC(precision=14, scale=2),
        comment="monto_neto_12m or, where returns are not known, monto_compras_12m, over compras_12m, in pesos; null without orders; null where the source provides no ventas or no detalle_ventas",
        existing_comment="monto_compras_12m over compras_12m, in pesos; null without orders; null where the source provides no ventas or no detalle_ventas",
        existing_nullable=True,
        schema="mart",
    )
    op.alter_column(
        "cliente_360_historico",
        "segmento_rfm",
        existing_type=sa.TEXT(),
        comment="quintiles of ultima_compra, compras_12m and monto_neto_12m (where returns are not known, monto_compras_12m) among those who ever bought, three digits, 5 the best; equal ones all get that of the first of them, as with SQL's rank(); null where the source provides no ventas or no detalle_ventas",
        existing_comment="quintiles of ultima_compra, compras_12m and monto_compras_12m among those who ever bought, three digits, 5 the best; equal ones all get that of the first of them, as with SQL's rank(); null where the source provides no ventas or no detalle_ventas",
        existing_nullable=True,
        schema="mart",
    )
    op.alter_column(
        "cliente_360_historico",
        "categoria_favorita",
        existing_type=sa.TEXT(collation="C"),
        comment="category with the largest amount of orders in 365 days, less what came back of it; null where the source provides no ventas or no detalle_ventas or no productos",
        existing_comment="category with the largest amount of orders in 365 days; null where the source provides no ventas or no detalle_ventas or no productos",
        existing_nullable=True,
        schema="mart",
    )
    op.add_column(
        "clientes_nuevos_recurrentes_historico",
        sa.Column(
            "devoluciones_nuevos",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="amount given back in the month to the new, in pesos; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "clientes_nuevos_recurrentes_historico",
        sa.Column(
            "devoluciones_recurrentes",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="amount given back in the month to all other customers, also to those who bought nothing in it, in pesos; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "clientes_nuevos_recurrentes_historico",
        sa.Column(
            "ingresos_netos_nuevos",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="ingresos_nuevos - devoluciones_nuevos, in pesos; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "clientes_nuevos_recurrentes_historico",
        sa.Column(
            "ingresos_netos_recurrentes",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="ingresos_recurrentes - devoluciones_recurrentes, in pesos; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "clientes_nuevos_recurrentes_historico",
        sa.Column(
            "ingresos_sin_cliente",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="amount of the month's orders without a known customer, in pesos",
        ),
        schema="mart",
    )
    op.add_column(
        "clientes_nuevos_recurrentes_historico",
        sa.Column(
            "sin_cliente_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of these in the amount of all orders of the month, percent; null where nothing was sold",
        ),
        schema="mart",
    )
    op.add_column(
        "clientes_nuevos_recurrentes_historico",
        sa.Column(
            "devoluciones_sin_cliente",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="amount given back in the month to nobody that is known, in pesos; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "distribucion_geografica_historico",
        sa.Column(
            "devoluciones_por_cliente",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="mean monto_devuelto_12m of the customers there, in pesos; null without customers; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "distribucion_geografica_historico",
        sa.Column(
            "ingresos_netos_por_cliente",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="mean monto_neto_12m of the customers there, in pesos; null without customers; null where the source provides no ventas or no detalle_ventas or no devoluciones",
        ),
        schema="mart",
    )
    op.alter_column(
        "distribucion_geografica_historico",
        "ingresos_potenciales",
        existing_type=sa.NUMERIC(precision=20, scale=2),
        comment="what those would buy in a year at ingresos_netos_por_cliente or, where returns are not known, ingresos_por_cliente (of the whole country where there are no customers), in pesos; null where the source provides no ventas or no detalle_ventas",
        existing_comment="what those would buy in a year at ingresos_por_cliente (of the whole country where there are no customers), in pesos; null where the source provides no ventas or no detalle_ventas",
        existing_nullable=True,
        schema="mart",
    )
    op.alter_column(
        "distribucion_geografica_historico",
        "motivo",
        existing_type=sa.TEXT(),
        comment="why: poca_penetracion (below that of the whole country), buen_gasto (what a customer buys is not below), poca_penetracion_y_buen_gasto, mercado_cubierto (neither), or poblacion_desconocida; null where the source provides no ventas or no detalle_ventas",
        existing_comment="why: poca_penetracion (below that of the whole country), buen_gasto (ingresos_por_cliente not below), poca_penetracion_y_buen_gasto, mercado_cubierto (neither), or poblacion_desconocida; null where the source provides no ventas or no detalle_ventas",
        existing_nullable=True,
        schema="mart",
    )
    op.add_column(
        "impacto_campanias_historico",
        sa.Column(
            "devoluciones_incrementales",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="amount given back by fecha_corte for those orders more than at the mean of the control, in pesos; null where the source provides no ventas or no detalle_ventas or no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "impacto_campanias_historico",
        sa.Column(
            "ingresos_netos_incrementales",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="ingresos_incrementales - devoluciones_incrementales, in pesos, of what each customer kept; null where the source provides no ventas or no detalle_ventas or no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "impacto_campanias_historico",
        sa.Column(
            "ingresos_netos_incrementales_desde",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="lower bound of their 95 % interval; null where the source provides no ventas or no detalle_ventas or no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "impacto_campanias_historico",
        sa.Column(
            "ingresos_netos_incrementales_hasta",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="upper bound of the same; null where the source provides no ventas or no detalle_ventas or no devoluciones",
        ),
        schema="mart",
    )
    op.alter_column(
        "impacto_campanias_historico",
        "roi",
        existing_type=sa.NUMERIC(precision=14, scale=4),
        comment="return: (ingresos_netos_incrementales or, where returns are not known, ingresos_incrementales - presupuesto) / presupuesto; null where that is 0; null where the source provides no ventas or no detalle_ventas",
        existing_comment="return: (ingresos_incrementales - presupuesto) / presupuesto; null where that is 0; null where the source provides no ventas or no detalle_ventas",
        existing_nullable=True,
        schema="mart",
    )
    op.add_column(
        "productos_mas_vendidos_historico",
        sa.Column(
            "unidades_devueltas",
            sa.BigInteger(),
            nullable=True,
            comment="units that came back in the month; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "productos_mas_vendidos_historico",
        sa.Column(
            "devoluciones",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="amount given back in the month, in pesos; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "productos_mas_vendidos_historico",
        sa.Column(
            "ingresos_netos",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="ingresos - devoluciones, in pesos; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "productos_mas_vendidos_historico",
        sa.Column(
            "tasa_devolucion_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="return rate: devoluciones over ingresos, percent; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.alter_column(
        "productos_mas_vendidos_historico",
        "puesto",
        existing_type=sa.INTEGER(),
        comment="rank within category and month, 1 to 10, by units and then by amount, both less what came back in the month",
        existing_comment="rank by units within category and month, 1 to 10",
        existing_nullable=False,
        schema="mart",
    )
    op.alter_column(
        "productos_mas_vendidos_historico",
        "margen",
        existing_type=sa.NUMERIC(precision=20, scale=2),
        comment="that less their cost, in pesos, where returns are known less that of what came back; null where no cost is known",
        existing_comment="that less their cost, in pesos; null where no cost is known",
        existing_nullable=True,
        schema="mart",
    )
    op.add_column(
        "rentabilidad_mensual_historico",
        sa.Column(
            "devoluciones",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="amount given back in the month for products of the category, in pesos; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "rentabilidad_mensual_historico",
        sa.Column(
            "ingresos_netos",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="ingresos - devoluciones, in pesos; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.add_column(
        "rentabilidad_mensual_historico",
        sa.Column(
            "tasa_devolucion_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="return rate: devoluciones over ingresos, percent; null where nothing was sold; null where the source provides no devoluciones",
        ),
        schema="mart",
    )
    op.alter_column(
        "rentabilidad_mensual_historico",
        "costo",
        existing_type=sa.NUMERIC(precision=20, scale=2),
        comment="cost of the lines whose cost is known, where returns are known less that of what came back, in pesos; null where no line's is",
        existing_comment="cost of the lines whose cost is known, in pesos; null where no line's is",
        existing_nullable=True,
        schema="mart",
    )
    op.alter_column(
        "rentabilidad_mensual_historico",
        "margen",
        existing_type=sa.NUMERIC(precision=20, scale=2),
        comment="ingresos (where returns are known less devoluciones) - costo of the same lines, in pesos; null where no line's cost is known",
        existing_comment="ingresos - costo of the same lines, in pesos; null where no line's cost is known",
        existing_nullable=True,
        schema="mart",
    )
    op.alter_column(
        "rentabilidad_mensual_historico",
        "margen_pct",
        existing_type=sa.NUMERIC(precision=14, scale=2),
        comment="margen over the amount of those lines, percent; null unless that is above 0",
        existing_comment="margen over the amount of those lines, percent; null without any",
        existing_nullable=True,
        schema="mart",
    )
    op.alter_column(
        "rentabilidad_mensual_historico",
        "variacion_ingresos_pct",
        existing_type=sa.NUMERIC(precision=14, scale=2),
        comment="change of ingresos_netos or, where returns are not known, of ingresos on the month before, percent; null while the month is not over, where the one before was not whole, or where it had none",
        existing_comment="change of ingresos on the month before, percent; null while the month is not over, where the one before was not whole, or where it had none",
        existing_nullable=True,
        schema="mart",
    )
    # every order had a customer
    op.execute(
        "update mart.clientes_nuevos_recurrentes_historico set ingresos_sin_cliente = 0, "
        "sin_cliente_pct = case when ingresos_nuevos + ingresos_recurrentes > 0 then 0 end"
    )
    op.alter_column("clientes_nuevos_recurrentes_historico", "ingresos_sin_cliente", nullable=False, schema="mart")
