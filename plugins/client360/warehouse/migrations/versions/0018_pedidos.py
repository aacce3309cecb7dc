"""Orders as a whole: where they were sold, their steps, what is charged for shipping."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "hecho_pedidos",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer; empty where none is known"),
        sa.Column("venta_id", sa.Text(collation="C"), nullable=False, comment="order"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the order"),
        sa.Column("metodo_pago", sa.Text(), nullable=True, comment="method of payment"),
        sa.Column(
            "provincia_envio", sa.Text(collation="C"), nullable=True, comment="province to which the order is shipped"
        ),
        sa.Column(
            "campania_id",
            sa.Text(collation="C"),
            nullable=True,
            comment="campaign to which the shop attributes the order",
        ),
        sa.Column("canal", sa.Text(collation="C"), nullable=True, comment="channel in which it was sold"),
        sa.Column("sucursal", sa.Text(collation="C"), nullable=True, comment="branch that sold it"),
        sa.Column("vendedor", sa.Text(collation="C"), nullable=True, comment="who sold it"),
        sa.Column(
            "cargo_envio",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="what the customer is charged for the shipment, in pesos",
        ),
        sa.Column("lineas", sa.Integer(), nullable=False, comment="number of its lines; 0 while none is known"),
        sa.Column(
            "importe",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="amount of its lines, in pesos; null while none is known",
        ),
        sa.Column(
            "fecha_aprobada", sa.Date(), nullable=True, comment="business day on which it became known as approved"
        ),
        sa.Column(
            "fecha_facturada", sa.Date(), nullable=True, comment="business day on which it became known as invoiced"
        ),
        sa.Column(
            "fecha_despachada", sa.Date(), nullable=True, comment="business day on which it became known as dispatched"
        ),
        sa.Column(
            "fecha_entregada", sa.Date(), nullable=True, comment="business day on which it became known as delivered"
        ),
        sa.Column(
            "fecha_anulacion",
            sa.Date(),
            nullable=True,
            comment="business day on which it became known as cancelled or returned",
        ),
        sa.Column("anulacion", sa.Text(), nullable=True, comment="cancelada or devuelta"),
        sa.Column(
            "momento",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was made; this and those below are null where no time of day is known",
        ),
        sa.Column("momento_aprobada", sa.DateTime(timezone=True), nullable=True, comment="when it was approved"),
        sa.Column("momento_facturada", sa.DateTime(timezone=True), nullable=True, comment="when it was invoiced"),
        sa.Column("momento_despachada", sa.DateTime(timezone=True), nullable=True, comment="when it was dispatched"),
        sa.Column("momento_entregada", sa.DateTime(timezone=True), nullable=True, comment="when it was delivered"),
        sa.PrimaryKeyConstraint("cliente_id", "venta_id"),
        schema="dw",
    )
    op.create_index("hecho_pedidos_cliente_fecha", "hecho_pedidos", ["cliente_id", "fecha"], unique=False, schema="dw")
    op.create_index(
        "hecho_pedidos_fecha",
        "hecho_pedidos",
        ["fecha"],
        unique=False,
        schema="dw",
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )
    op.create_table(
        "tiempos_pedidos_historico",
        sa.Column(
            "estado", sa.Text(collation="C"), nullable=False, comment="state of an order that another one followed"
        ),
        sa.Column(
            "mes",
            sa.Date(),
            nullable=False,
            comment="first day of the month of the order, one of the 13 that end with that of fecha_corte",
        ),
        sa.Column(
            "pedidos",
            sa.Integer(),
            nullable=False,
            comment="orders of the month that have left it for a later step by fecha_corte",
        ),
        sa.Column(
            "dias_media", sa.Numeric(precision=14, scale=1), nullable=False, comment="mean days that they were in it"
        ),
        sa.Column("dias_p90", sa.Numeric(precision=14, scale=1), nullable=False, comment="90th percentile of the same"),
        sa.Column(
            "fecha_corte",
            sa.Date(),
            nullable=False,
            comment="business day as of which the row holds; no rows where the source provides no ventas",
        ),
        sa.PrimaryKeyConstraint("fecha_corte", "estado", "mes"),
        schema="mart",
    )
    op.create_table(
        "ventas_por_canal_historico",
        sa.Column(
            "canal",
            sa.Text(collation="C"),
            nullable=False,
            comment="channel in which it was sold; sin_dato where it is not known, no rows where nothing is known of any order",
        ),
        sa.Column("sucursal", sa.Text(collation="C"), nullable=False, comment="branch that sold it, or sin_dato"),
        sa.Column("vendedor", sa.Text(collation="C"), nullable=False, comment="who sold it, or sin_dato"),
        sa.Column(
            "mes",
            sa.Date(),
            nullable=False,
            comment="first day of the month of the order, one of the 13 that end with that of fecha_corte",
        ),
        sa.Column("pedidos", sa.Integer(), nullable=False, comment="orders not cancelled or returned by fecha_corte"),
        sa.Column(
            "ingresos", sa.Numeric(precision=20, scale=2), nullable=False, comment="amount of their lines, in pesos"
        ),
        sa.Column(
            "ticket_promedio",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="ingresos over pedidos, in pesos; null without orders",
        ),
        sa.Column(
            "cargo_envio",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="what customers were charged for their shipments, in pesos; null where no order's charge is known",
        ),
        sa.Column(
            "devoluciones",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="amount given back in the month, in pesos; null where the source provides no devoluciones",
        ),
        sa.Column(
            "ingresos_netos",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="ingresos - devoluciones, in pesos; null where the source provides no devoluciones",
        ),
        sa.Column(
            "participacion_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of ingresos_netos or, where returns are not known, ingresos in that of all of the month, percent; null unless that is above 0",
        ),
        sa.Column(
            "fecha_corte",
            sa.Date(),
            nullable=False,
            comment="business day as of which the row holds; no rows where the source provides no ventas or no detalle_ventas",
        ),
        sa.PrimaryKeyConstraint("fecha_corte", "canal", "sucursal", "vendedor", "mes"),
        schema="mart",
    )
    op.add_column(
        "hecho_envios",
        sa.Column(
            "fecha_venta", sa.Date(), nullable=True, comment="business day of the order; null where it is not known"
        ),
        schema="dw",
    )
    op.add_column(
        "hecho_envios",
        sa.Column(
            "momento_venta",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the order was made; null where no time of day is known",
        ),
        schema="dw",
    )
    op.alter_column(
        "hecho_envios",
        "fecha_prometida",
        existing_type=sa.DATE(),
        nullable=True,
        existing_comment="day of delivery promised to the customer",
        schema="dw",
    )
    op.alter_column(
        "hecho_envios",
        "costo_envio",
        existing_type=sa.NUMERIC(precision=14, scale=2),
        nullable=True,
        comment="what the carrier is paid for the shipment, in pesos",
        existing_comment="cost of the shipment, in pesos",
        schema="dw",
    )
    op.alter_column(
        "historia_envios",
        "fecha_prometida",
        existing_type=sa.DATE(),
        nullable=True,
        existing_comment="day of delivery promised to the customer",
        schema="dw",
    )
    op.alter_column(
        "historia_envios",
        "costo_envio",
        existing_type=sa.NUMERIC(precision=14, scale=2),
        nullable=True,
        comment="what the carrier is paid for the shipment, in pesos",
        existing_comment="cost of the shipment, in pesos",
        schema="dw",
    )
    op.add_column(
        "historia_ventas",
        sa.Column(
            "canal", sa.Text(collation="C"), nullable=True, comment="channel in which it was sold, such as web or local"
        ),
        schema="dw",
    )
    op.add_column(
        "historia_ventas",
        sa.Column("sucursal", sa.Text(collation="C"), nullable=True, comment="branch that sold it"),
        schema="dw",
    )
    op.add_column(
        "historia_ventas",
        sa.Column("vendedor", sa.Text(collation="C"), nullable=True, comment="who sold it"),
        schema="dw",
    )
    op.add_column(
        "historia_ventas",
        sa.Column(
            "cargo_envio",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="what the customer is charged for the shipment, beside total, in pesos",
        ),
        schema="dw",
    )
    op.alter_column(
        "cliente_360_historico",
        "entregas_demoradas_pct",
        existing_type=sa.NUMERIC(precision=14, scale=2),
        comment="deliveries of the 365 days that came after the day promised, percent; null without deliveries with one; null where the source provides no envios",
        existing_comment="deliveries of the 365 days that came after the day promised, percent; null without deliveries; null where the source provides no envios",
        existing_nullable=True,
        schema="mart",
    )
    op.add_column(
        "demoras_logisticas_historico",
        sa.Column("con_promesa", sa.Integer(), nullable=True, comment="deliveries with a day promised"),
        schema="mart",
    )
    op.add_column(
        "demoras_logisticas_historico",
        sa.Column(
            "anticipadas",
            sa.Integer(),
            nullable=True,
            comment="those before the day promised; null where none was promised",
        ),
        schema="mart",
    )
    op.add_column(
        "demoras_logisticas_historico",
        sa.Column(
            "anticipadas_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="those before the day promised, percent of con_promesa",
        ),
        schema="mart",
    )
    op.add_column(
        "demoras_logisticas_historico",
        sa.Column(
            "anticipo_medio_dias",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="mean over con_promesa of the days before the day promised, 0 if not early",
        ),
        schema="mart",
    )
    op.add_column(
        "demoras_logisticas_historico",
        sa.Column(
            "dias_hasta_entrega",
            sa.Numeric(precision=14, scale=1),
            nullable=True,
            comment="mean days from order to door; null where no order is known; null where the source provides no ventas",
        ),
        schema="mart",
    )
    op.add_column(
        "demoras_logisticas_historico",
        sa.Column(
            "dias_hasta_entrega_p90",
            sa.Numeric(precision=14, scale=1),
            nullable=True,
            comment="90th percentile of the same; null where the source provides no ventas",
        ),
        schema="mart",
    )
    op.alter_column(
        "demoras_logisticas_historico",
        "demoradas",
        existing_type=sa.INTEGER(),
        nullable=True,
        comment="those after the day promised; null where none was promised",
        existing_comment="those after the day promised",
        schema="mart",
    )
    op.alter_column(
        "demoras_logisticas_historico",
        "demoradas_pct",
        existing_type=sa.NUMERIC(precision=14, scale=2),
        nullable=True,
        comment="those after the day promised, percent of con_promesa",
        existing_comment="those after the day promised, percent",
        schema="mart",
    )
    op.alter_column(
        "demoras_logisticas_historico",
        "demora_media_dias",
        existing_type=sa.NUMERIC(precision=14, scale=2),
        nullable=True,
        comment="mean over con_promesa of the days after the day promised, 0 if not late",
        existing_comment="mean over all deliveries of the days after the day promised, 0 if not late",
        schema="mart",
    )
    op.alter_column(
        "demoras_logisticas_historico",
        "demora_p90_dias",
        existing_type=sa.INTEGER(),
        nullable=True,
        existing_comment="90th percentile of the same",
        schema="mart",
    )
    op.alter_column(
        "envios",
        "fecha_prometida",
        existing_type=sa.DATE(),
        nullable=True,
        existing_comment="day of delivery promised to the customer",
        schema="staging",
    )
    op.alter_column(
        "envios",
        "costo_envio",
        existing_type=sa.NUMERIC(precision=14, scale=2),
        nullable=True,
        comment="what the carrier is paid for the shipment, in pesos",
        existing_comment="cost of the shipment, in pesos",
        schema="staging",
    )
    op.add_column(
        "ventas",
        sa.Column(
            "canal", sa.Text(collation="C"), nullable=True, comment="channel in which it was sold, such as web or local"
        ),
        schema="staging",
    )
    op.add_column(
        "ventas",
        sa.Column("sucursal", sa.Text(collation="C"), nullable=True, comment="branch that sold it"),
        schema="staging",
    )
    op.add_column(
        "ventas", sa.Column("vendedor", sa.Text(collation="C"), nullable=True, comment="who sold it"), schema="staging"
    )
    op.add_column(
        "ventas",
        sa.Column(
            "cargo_envio",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="what the customer is charged for the shipment, beside total, in pesos",
        ),
        schema="staging",
    )
    op.alter_column(
        "ventas",
        "estado",
        existing_type=sa.TEXT(collation="C"),
        comment="state of the order: completada, creada, aprobada, facturada, despachada, entregada, cancelada, devuelta",
        existing_comment="state of the order: completada, cancelada, devuelta",
        existing_nullable=False,
        schema="staging",
    )
    op.create_check_constraint(
        "cargo_envio_no_negativo", "ventas", "cargo_envio >= 0 and cargo_envio < 'Infinity'", schema="staging"
    )
    op.drop_constraint("estado_venta_conocido", "ventas", schema="staging")
    op.create_check_constraint(
        "estado_venta_conocido",
        "ventas",
        "estado in ('completada', 'creada', 'aprobada', 'facturada', 'despachada', 'entregada', 'cancelada', 'devuelta')",
        schema="staging",
    )
    # every delivery had a day promised
    op.execute("update mart.demoras_logisticas_historico set con_promesa = entregas")
    op.alter_column("demoras_logisticas_historico", "con_promesa", nullable=False, schema="mart")
    op.execute(
        "insert into dw.hecho_pedidos (cliente_id, venta_id, fecha, metodo_pago, provincia_envio, campania_id, lineas, importe, "
        "fecha_anulacion, anulacion) "
        "with pedido as (select cliente_id, venta_id, min(fecha_venta) as fecha, "
        "(array_agg(metodo_pago order by fecha, estado <> 'completada', estado))[1] as metodo_pago, "
        "(array_agg(provincia_envio order by fecha, estado <> 'completada', estado))[1] as provincia_envio, "
        "(array_agg(campania_id order by fecha, estado <> 'completada', estado))[1] as campania_id, "
        "min(fecha) filter (where estado <> 'completada') as fecha_anulacion, "
        "(array_agg(estado order by fecha, estado) filter (where estado <> 'completada'))[1] as anulacion "
        "from dw.historia_ventas group by cliente_id, venta_id), "
        "linea as (select cliente_id, venta_id, min(fecha) as fecha, count(*) as lineas, sum(importe) as importe "
        "from dw.hecho_ventas group by cliente_id, venta_id) "
        "select cliente_id, venta_id, coalesce(linea.fecha, pedido.fecha), metodo_pago, provincia_envio, campania_id, "
        "coalesce(lineas, 0), importe, fecha_anulacion, anulacion from pedido full join linea using (cliente_id, venta_id) "
        "order by 3"
    )
    op.execute(
        "update dw.hecho_envios as envio set fecha_venta = pedido.fecha from dw.hecho_pedidos as pedido "
        "where envio.cliente_id = pedido.cliente_id and envio.venta_id = pedido.venta_id"
    )
