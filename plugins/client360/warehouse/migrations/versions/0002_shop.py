"""The shop: the rest of the star, the rest of cliente_360, the six answers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

PARKED = "staging"
"""Where a table waits while the one with its new columns is made: PostgreSQL adds columns at the end only."""


def upgrade() -> None:
    op.execute("drop view if exists mart.cliente_360")  # of the old columns; the next run makes it
    for schema, table in (("dw", "dim_cliente"), ("staging", "clientes")):
        op.alter_column(table, "provincia", type_=sa.Text(collation="C"), schema=schema)
    _loads_with_sums()
    _customers_with_purchases()
    _shop()


def _loads_with_sums() -> None:
    """control.cargas with `suma`. That of the rows there is 0: their days lack the shop's files, and are loaded again."""
    op.execute(f"alter table control.cargas set schema {PARKED}")
    op.create_table(
        "cargas",
        sa.Column("entidad", sa.Text(collation="C"), nullable=False, comment="landing file"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day"),
        sa.Column("filas", sa.Integer(), nullable=False, comment="rows of the day"),
        sa.Column(
            "suma",
            sa.Numeric(precision=20, scale=2),
            nullable=False,
            comment="sum over those rows of monto, total, amount of the line, costo_envio, cantidad, precio, presupuesto or declared income, by landing file; 0 for one without amounts",
        ),
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
    op.execute(
        f"""
        insert into control.cargas
            (entidad, fecha, filas, suma, archivo, sha256, mundo, corrida, capa, capa_alcanzada)
        select entidad, fecha, filas, 0, archivo, sha256, mundo, corrida, capa, capa_alcanzada
        from {PARKED}.cargas
        """
    )
    op.drop_table("cargas", schema=PARKED)


def _customers_with_purchases() -> None:
    """mart.cliente_360_historico with the shop's columns. Its rows stay, as those of customers who never bought: that is what
    is known of them until their day is run again."""
    connection = op.get_bind()
    months = connection.execute(
        sa.text(
            "select month.relname, pg_get_expr(month.relpartbound, month.oid) "
            "from pg_inherits inner join pg_class as month on month.oid = inhrelid "
            "where inhparent = 'mart.cliente_360_historico'::regclass order by month.relname"
        )
    ).all()
    for name in ("cliente_360_historico", *(name for name, _ in months)):
        op.execute(f"alter table mart.{name} set schema {PARKED}")
    op.create_table(
        "cliente_360_historico",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("nombre", sa.Text(), nullable=True, comment="first name and surname"),
        sa.Column("edad", sa.Integer(), nullable=True, comment="age in whole years at fecha_corte"),
        sa.Column("provincia", sa.Text(collation="C"), nullable=True, comment="province of residence at fecha_corte"),
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
        sa.Column(
            "compras_12m",
            sa.Integer(),
            nullable=False,
            comment="orders of the 365 days that end at fecha_corte; here and below without those cancelled or returned by then",
        ),
        sa.Column(
            "monto_compras_12m",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="amount of those orders, in pesos",
        ),
        sa.Column(
            "ticket_promedio",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="monto_compras_12m over compras_12m, in pesos; null without orders",
        ),
        sa.Column(
            "primera_compra",
            sa.Date(),
            nullable=True,
            comment="day of the first order since the beginning of the history",
        ),
        sa.Column(
            "ultima_compra",
            sa.Date(),
            nullable=True,
            comment="day of the last order since the beginning of the history",
        ),
        sa.Column("dias_sin_comprar", sa.Integer(), nullable=True, comment="days from ultima_compra to fecha_corte"),
        sa.Column(
            "tipo_comprador",
            sa.Text(),
            nullable=False,
            comment="sin_compras (never), nuevo (first order within 90 days), recurrente (two orders or more in 365 days), ocasional (one), inactivo (none in 365 days): the first of these that is true",
        ),
        sa.Column(
            "segmento_rfm",
            sa.Text(),
            nullable=True,
            comment="quintiles of recency, frequency and amount of orders among those who ever bought, three digits, 5 the best",
        ),
        sa.Column(
            "categoria_favorita",
            sa.Text(collation="C"),
            nullable=True,
            comment="category with the largest amount of orders in 365 days",
        ),
        sa.Column(
            "entregas_demoradas_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="deliveries of the 365 days that came after the day promised, percent; null without deliveries",
        ),
        sa.Column(
            "contactos_campania_12m",
            sa.Integer(),
            nullable=False,
            comment="campaigns that contacted the customer in the 365 days",
        ),
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day as of which the row holds"),
        sa.PrimaryKeyConstraint("cliente_id", "fecha_corte"),
        schema="mart",
        postgresql_partition_by="RANGE (fecha_corte)",
    )
    for name, bounds in months:
        op.execute(f"create table mart.{name} partition of mart.cliente_360_historico {bounds}")
    op.execute(
        f"""
        insert into mart.cliente_360_historico (
            cliente_id, nombre, edad, provincia, ingresos_mensuales, gasto_mensual_promedio, score_endeudamiento,
            origen_ingresos, meses_observados, ocupacion, antiguedad_meses, segmento_ingresos,
            compras_12m, monto_compras_12m, tipo_comprador, contactos_campania_12m, fecha_corte
        )
        select
            cliente_id, nombre, edad, provincia, ingresos_mensuales, gasto_mensual_promedio, score_endeudamiento,
            origen_ingresos, meses_observados, ocupacion, antiguedad_meses, segmento_ingresos,
            0, 0, 'sin_compras', 0, fecha_corte
        from {PARKED}.cliente_360_historico
        """
    )
    op.drop_table("cliente_360_historico", schema=PARKED)


def _shop() -> None:
    op.create_table(
        "dim_campania",
        sa.Column("campania_id", sa.Text(collation="C"), nullable=False, comment="campaign"),
        sa.Column("vigente_desde", sa.Date(), nullable=False, comment="first day of this version"),
        sa.Column(
            "vigente_hasta",
            sa.Date(),
            nullable=False,
            comment="first day of the next version; 9999-12-31 while there is none",
        ),
        sa.Column("nombre", sa.Text(), nullable=True, comment="name of the campaign"),
        sa.Column("canal", sa.Text(), nullable=False, comment="channel of contact"),
        sa.Column("categoria", sa.Text(collation="C"), nullable=True, comment="category of product that is promoted"),
        sa.Column("fecha_inicio", sa.Date(), nullable=False, comment="first day of the campaign"),
        sa.Column("fecha_fin", sa.Date(), nullable=False, comment="last day of the campaign"),
        sa.Column("presupuesto", sa.Numeric(precision=14, scale=2), nullable=False, comment="budget, in pesos"),
        sa.PrimaryKeyConstraint("campania_id", "vigente_desde"),
        schema="dw",
    )
    op.create_table(
        "dim_fecha",
        sa.Column("fecha", sa.Date(), nullable=False, comment="day"),
        sa.Column("anio", sa.Integer(), nullable=False, comment="year"),
        sa.Column("trimestre", sa.Integer(), nullable=False, comment="quarter, 1 to 4"),
        sa.Column("mes", sa.Integer(), nullable=False, comment="month, 1 to 12"),
        sa.Column("dia", sa.Integer(), nullable=False, comment="day of the month"),
        sa.Column("semana", sa.Integer(), nullable=False, comment="ISO week, 1 to 53"),
        sa.Column("dia_semana", sa.Integer(), nullable=False, comment="day of the week, 1 Monday to 7 Sunday"),
        sa.Column("nombre_mes", sa.Text(), nullable=False, comment="name of the month"),
        sa.Column("nombre_dia", sa.Text(), nullable=False, comment="name of the day of the week"),
        sa.Column("fin_de_semana", sa.Boolean(), nullable=False, comment="whether it is a Saturday or Sunday"),
        sa.Column(
            "feriado",
            sa.Text(),
            nullable=True,
            comment="Argentine public holiday, by its Spanish name in the package holidays",
        ),
        sa.Column("dia_especial", sa.Text(), nullable=True, comment="day of trade, such as hot_sale or cyber_monday"),
        sa.PrimaryKeyConstraint("fecha"),
        schema="dw",
    )
    op.create_table(
        "dim_producto",
        sa.Column("producto_id", sa.Text(collation="C"), nullable=False, comment="product"),
        sa.Column("vigente_desde", sa.Date(), nullable=False, comment="first day of this version"),
        sa.Column(
            "vigente_hasta",
            sa.Date(),
            nullable=False,
            comment="first day of the next version; 9999-12-31 while there is none",
        ),
        sa.Column("nombre", sa.Text(), nullable=True, comment="name of the product"),
        sa.Column("categoria", sa.Text(collation="C"), nullable=False, comment="category of the product"),
        sa.Column(
            "precio",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="price of a unit from that day on, in pesos",
        ),
        sa.Column(
            "costo",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="cost of a unit from that day on, in pesos; null while it is unknown",
        ),
        sa.Column("fecha_alta", sa.Date(), nullable=False, comment="first day on sale"),
        sa.PrimaryKeyConstraint("producto_id", "vigente_desde"),
        schema="dw",
    )
    op.create_table(
        "dim_provincia",
        sa.Column("provincia", sa.Text(collation="C"), nullable=False, comment="province"),
        sa.Column(
            "region", sa.Text(), nullable=False, comment="region, those of INDEC's price index, the capital apart"
        ),
        sa.Column("poblacion", sa.Integer(), nullable=False, comment="inhabitants, INDEC, census of 2022"),
        sa.PrimaryKeyConstraint("provincia"),
        schema="dw",
    )
    op.create_table(
        "hecho_contactos",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the assignment"),
        sa.Column("campania_id", sa.Text(collation="C"), nullable=False, comment="campaign"),
        sa.Column(
            "grupo",
            sa.Text(),
            nullable=False,
            comment="group the customer is assigned to at random: tratamiento, control",
        ),
        sa.PrimaryKeyConstraint("cliente_id", "fecha", "campania_id"),
        schema="dw",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "hecho_envios",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which the shipment became known"),
        sa.Column("venta_id", sa.Text(collation="C"), nullable=False, comment="order that is shipped"),
        sa.Column("deposito", sa.Text(collation="C"), nullable=False, comment="depot that ships"),
        sa.Column(
            "provincia_envio", sa.Text(collation="C"), nullable=True, comment="province to which the order is shipped"
        ),
        sa.Column("fecha_prometida", sa.Date(), nullable=False, comment="day of delivery promised to the customer"),
        sa.Column(
            "costo_envio", sa.Numeric(precision=14, scale=2), nullable=False, comment="cost of the shipment, in pesos"
        ),
        sa.Column("fecha_despacho", sa.Date(), nullable=True, comment="day of dispatch"),
        sa.Column("fecha_entrega", sa.Date(), nullable=True, comment="day of delivery"),
        sa.Column(
            "entrega_conocida", sa.Date(), nullable=True, comment="business day on which the delivery became known"
        ),
        sa.Column(
            "fecha_cancelacion",
            sa.Date(),
            nullable=True,
            comment="business day on which the shipment became known as cancelled",
        ),
        sa.PrimaryKeyConstraint("cliente_id", "fecha", "venta_id", "deposito"),
        schema="dw",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_index("hecho_envios_entrega", "hecho_envios", ["entrega_conocida"], unique=False, schema="dw")
    op.create_table(
        "hecho_stock",
        sa.Column("producto_id", sa.Text(collation="C"), nullable=False, comment="product"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the movement"),
        sa.Column("movimiento_id", sa.Text(collation="C"), nullable=False, comment="stock movement"),
        sa.Column("deposito", sa.Text(collation="C"), nullable=False, comment="depot"),
        sa.Column("tipo", sa.Text(), nullable=False, comment="kind of movement: recepcion, venta, devolucion, ajuste"),
        sa.Column("cantidad", sa.Integer(), nullable=False, comment="units, negative where they leave the depot"),
        sa.Column(
            "costo_unitario",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="cost of a unit on that day, in pesos",
        ),
        sa.PrimaryKeyConstraint("producto_id", "fecha", "movimiento_id"),
        schema="dw",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "hecho_ventas",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the order"),
        sa.Column("venta_id", sa.Text(collation="C"), nullable=False, comment="order"),
        sa.Column("linea", sa.Integer(), nullable=False, comment="line of the order, from 1"),
        sa.Column("producto_id", sa.Text(collation="C"), nullable=False, comment="product"),
        sa.Column("cantidad", sa.Integer(), nullable=False, comment="units"),
        sa.Column(
            "precio_unitario",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="price of a unit on that day, in pesos",
        ),
        sa.Column(
            "descuento",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="discount on the whole line, in pesos",
        ),
        sa.Column(
            "importe",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="cantidad * precio_unitario - descuento, in pesos",
        ),
        sa.Column("categoria", sa.Text(collation="C"), nullable=True, comment="category of the product on that day"),
        sa.Column(
            "costo",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="cost of the units as known for that day, in pesos; null before the first cost",
        ),
        sa.Column("margen", sa.Numeric(precision=14, scale=2), nullable=True, comment="importe - costo, in pesos"),
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
        sa.Column(
            "fecha_anulacion",
            sa.Date(),
            nullable=True,
            comment="business day on which the order became known as cancelled or returned",
        ),
        sa.Column("anulacion", sa.Text(), nullable=True, comment="cancelada or devuelta"),
        sa.PrimaryKeyConstraint("cliente_id", "fecha", "venta_id", "linea"),
        schema="dw",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "historia_envios",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("venta_id", sa.Text(collation="C"), nullable=False, comment="order that is shipped"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this state became known"),
        sa.Column("deposito", sa.Text(collation="C"), nullable=False, comment="depot that ships"),
        sa.Column("estado", sa.Text(collation="C"), nullable=False, comment="state of the shipment"),
        sa.Column("fecha_despacho", sa.Date(), nullable=True, comment="day of dispatch, once dispatched"),
        sa.Column("fecha_prometida", sa.Date(), nullable=False, comment="day of delivery promised to the customer"),
        sa.Column("fecha_entrega", sa.Date(), nullable=True, comment="day of delivery, once delivered"),
        sa.Column(
            "costo_envio", sa.Numeric(precision=14, scale=2), nullable=False, comment="cost of the shipment, in pesos"
        ),
        sa.PrimaryKeyConstraint("cliente_id", "venta_id", "fecha", "deposito", "estado"),
        schema="dw",
    )
    op.create_index("historia_envios_fecha", "historia_envios", ["fecha"], unique=False, schema="dw")
    op.create_table(
        "historia_ventas",
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("venta_id", sa.Text(collation="C"), nullable=False, comment="order"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this state became known"),
        sa.Column(
            "fecha_venta", sa.Date(), nullable=False, comment="business day of the order, that of its first state"
        ),
        sa.Column("estado", sa.Text(collation="C"), nullable=False, comment="state of the order"),
        sa.Column(
            "metodo_pago",
            sa.Text(),
            nullable=False,
            comment="method of payment: tarjeta, billetera_virtual, transferencia, otra_tarjeta, efectivo; tarjeta is the bank's card",
        ),
        sa.Column(
            "provincia_envio", sa.Text(collation="C"), nullable=False, comment="province to which the order is shipped"
        ),
        sa.Column(
            "campania_id",
            sa.Text(collation="C"),
            nullable=True,
            comment="campaign to which the shop attributes the order",
        ),
        sa.Column(
            "total",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="sum over the lines of cantidad * precio_unitario - descuento, in pesos",
        ),
        sa.PrimaryKeyConstraint("cliente_id", "venta_id", "fecha", "estado"),
        schema="dw",
    )
    op.create_index("historia_ventas_fecha", "historia_ventas", ["fecha"], unique=False, schema="dw")
    op.create_table(
        "clientes_nuevos_recurrentes_historico",
        sa.Column(
            "mes",
            sa.Date(),
            nullable=False,
            comment="first day of the month, one of the 13 that end with that of fecha_corte",
        ),
        sa.Column(
            "compradores",
            sa.Integer(),
            nullable=False,
            comment="customers with an order in the month, not cancelled or returned by fecha_corte",
        ),
        sa.Column("nuevos", sa.Integer(), nullable=False, comment="those of them whose first order lies in the month"),
        sa.Column(
            "recurrentes", sa.Integer(), nullable=False, comment="those of them who had ordered in an earlier month"
        ),
        sa.Column(
            "ingresos_nuevos",
            sa.Numeric(precision=20, scale=2),
            nullable=False,
            comment="amount of the month's orders of the new, in pesos",
        ),
        sa.Column(
            "ingresos_recurrentes",
            sa.Numeric(precision=20, scale=2),
            nullable=False,
            comment="amount of the month's orders of the returning, in pesos",
        ),
        sa.Column(
            "tasa_recompra_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="repeat rate: share of the month's customers with two orders or more by its end, percent; null where nobody bought",
        ),
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day as of which the row holds"),
        sa.PrimaryKeyConstraint("fecha_corte", "mes"),
        schema="mart",
    )
    op.create_table(
        "demoras_logisticas_historico",
        sa.Column(
            "provincia",
            sa.Text(collation="C"),
            nullable=False,
            comment="province to which the order was shipped; sin_dato where the order is not known",
        ),
        sa.Column("deposito", sa.Text(collation="C"), nullable=False, comment="depot that shipped it"),
        sa.Column(
            "mes",
            sa.Date(),
            nullable=False,
            comment="first day of the month of the delivery, one of the 13 that end with that of fecha_corte",
        ),
        sa.Column("entregas", sa.Integer(), nullable=False, comment="deliveries known by fecha_corte"),
        sa.Column("demoradas", sa.Integer(), nullable=False, comment="those after the day promised"),
        sa.Column(
            "demoradas_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="those after the day promised, percent",
        ),
        sa.Column(
            "demora_media_dias",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="mean over all deliveries of the days after the day promised, 0 if not late",
        ),
        sa.Column("demora_p90_dias", sa.Integer(), nullable=False, comment="90th percentile of the same"),
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day as of which the row holds"),
        sa.PrimaryKeyConstraint("fecha_corte", "provincia", "deposito", "mes"),
        schema="mart",
    )
    op.create_table(
        "distribucion_geografica_historico",
        sa.Column("provincia", sa.Text(collation="C"), nullable=False, comment="province"),
        sa.Column("region", sa.Text(), nullable=False, comment="region"),
        sa.Column("poblacion", sa.Integer(), nullable=False, comment="inhabitants"),
        sa.Column("clientes", sa.Integer(), nullable=False, comment="customers living there at fecha_corte"),
        sa.Column(
            "clientes_por_1000_hab",
            sa.Numeric(precision=14, scale=4),
            nullable=False,
            comment="penetration: clientes for each 1,000 inhabitants",
        ),
        sa.Column(
            "clientes_hace_12m",
            sa.Integer(),
            nullable=True,
            comment="customers 365 days earlier; null where the history does not reach",
        ),
        sa.Column(
            "crecimiento_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="change of clientes since, percent",
        ),
        sa.Column(
            "ingresos_por_cliente",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="mean monto_compras_12m of the customers there, in pesos",
        ),
        sa.Column(
            "clientes_potenciales",
            sa.Integer(),
            nullable=False,
            comment="customers more it would have at the penetration of the whole country",
        ),
        sa.Column(
            "ingresos_potenciales",
            sa.Numeric(precision=20, scale=2),
            nullable=False,
            comment="what those would buy in a year at ingresos_por_cliente (of the whole country where there are no customers), in pesos",
        ),
        sa.Column("puesto", sa.Integer(), nullable=False, comment="rank of opportunity, by ingresos_potenciales"),
        sa.Column(
            "motivo",
            sa.Text(),
            nullable=False,
            comment="why: poca_penetracion (below that of the whole country), buen_gasto (ingresos_por_cliente not below), poca_penetracion_y_buen_gasto, or mercado_cubierto (neither)",
        ),
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day as of which the row holds"),
        sa.PrimaryKeyConstraint("fecha_corte", "provincia"),
        schema="mart",
    )
    op.create_table(
        "impacto_campanias_historico",
        sa.Column(
            "campania_id",
            sa.Text(collation="C"),
            nullable=False,
            comment="campaign that began in one of the 13 months that end with that of fecha_corte",
        ),
        sa.Column("nombre", sa.Text(), nullable=True, comment="its name"),
        sa.Column("canal", sa.Text(), nullable=False, comment="its channel of contact"),
        sa.Column("categoria", sa.Text(collation="C"), nullable=True, comment="category of product that it promotes"),
        sa.Column("fecha_inicio", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("fecha_fin", sa.Date(), nullable=False, comment="its last day"),
        sa.Column("contactados", sa.Integer(), nullable=False, comment="customers who were assigned to be contacted"),
        sa.Column("control", sa.Integer(), nullable=False, comment="customers who were assigned to the control group"),
        sa.Column(
            "conversion_contactados_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of the contacted with an order during the campaign, not cancelled or returned by fecha_corte, percent",
        ),
        sa.Column(
            "conversion_control_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="the same of the control group",
        ),
        sa.Column(
            "pedidos_incrementales",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="orders more than the contacted would have made at the mean of the control group",
        ),
        sa.Column(
            "pedidos_incrementales_desde",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="lower bound of their 95 % interval (normal approximation)",
        ),
        sa.Column(
            "pedidos_incrementales_hasta",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="upper bound of the same",
        ),
        sa.Column(
            "ingresos_incrementales",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="amount of orders more than at the mean of the control, in pesos",
        ),
        sa.Column(
            "ingresos_incrementales_desde",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="lower bound of their 95 % interval",
        ),
        sa.Column(
            "ingresos_incrementales_hasta",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="upper bound of the same",
        ),
        sa.Column(
            "presupuesto", sa.Numeric(precision=14, scale=2), nullable=False, comment="budget of the campaign, in pesos"
        ),
        sa.Column(
            "roi",
            sa.Numeric(precision=14, scale=4),
            nullable=True,
            comment="return: (ingresos_incrementales - presupuesto) / presupuesto",
        ),
        sa.Column(
            "exito",
            sa.Boolean(),
            nullable=True,
            comment="whether the whole interval of pedidos_incrementales lies above 0",
        ),
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day as of which the row holds"),
        sa.PrimaryKeyConstraint("fecha_corte", "campania_id"),
        schema="mart",
    )
    op.create_table(
        "productos_mas_vendidos_historico",
        sa.Column(
            "categoria",
            sa.Text(collation="C"),
            nullable=False,
            comment="category of the product on the day of the order",
        ),
        sa.Column(
            "mes",
            sa.Date(),
            nullable=False,
            comment="first day of the month of the order, one of the 13 that end with that of fecha_corte",
        ),
        sa.Column("puesto", sa.Integer(), nullable=False, comment="rank by units within category and month, 1 to 10"),
        sa.Column("producto_id", sa.Text(collation="C"), nullable=False, comment="product"),
        sa.Column("nombre", sa.Text(), nullable=True, comment="name of the product at fecha_corte"),
        sa.Column(
            "unidades",
            sa.BigInteger(),
            nullable=False,
            comment="units sold in orders not cancelled or returned by fecha_corte",
        ),
        sa.Column(
            "ingresos", sa.Numeric(precision=20, scale=2), nullable=False, comment="amount of their lines, in pesos"
        ),
        sa.Column(
            "margen",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="that less their cost, in pesos; null where no cost is known",
        ),
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day as of which the row holds"),
        sa.PrimaryKeyConstraint("fecha_corte", "categoria", "mes", "puesto"),
        schema="mart",
    )
    op.create_table(
        "rentabilidad_mensual_historico",
        sa.Column(
            "categoria",
            sa.Text(collation="C"),
            nullable=False,
            comment="category of the product on the day of the order",
        ),
        sa.Column(
            "mes",
            sa.Date(),
            nullable=False,
            comment="first day of the month of the order, one of the 13 that end with that of fecha_corte",
        ),
        sa.Column(
            "ingresos",
            sa.Numeric(precision=20, scale=2),
            nullable=False,
            comment="amount of the lines of orders not cancelled or returned by fecha_corte, in pesos",
        ),
        sa.Column(
            "costo",
            sa.Numeric(precision=20, scale=2),
            nullable=False,
            comment="their cost, in pesos, where it is known",
        ),
        sa.Column(
            "margen",
            sa.Numeric(precision=20, scale=2),
            nullable=False,
            comment="ingresos - costo of the lines whose cost is known, in pesos",
        ),
        sa.Column(
            "margen_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="margen over the amount of those lines, percent; null without any",
        ),
        sa.Column(
            "ingresos_sin_costo",
            sa.Numeric(precision=20, scale=2),
            nullable=False,
            comment="amount of the lines whose cost is not known, in pesos",
        ),
        sa.Column(
            "variacion_ingresos_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="change of ingresos on the month before, percent; null while the month is not over, where the one before was not whole, or where it had none",
        ),
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day as of which the row holds"),
        sa.PrimaryKeyConstraint("fecha_corte", "categoria", "mes"),
        schema="mart",
    )
    op.create_table(
        "rotacion_stock_historico",
        sa.Column(
            "categoria",
            sa.Text(collation="C"),
            nullable=False,
            comment="category of the products at the end of the month, or at fecha_corte",
        ),
        sa.Column(
            "mes",
            sa.Date(),
            nullable=False,
            comment="first day of the month, one of the 13 that end with that of fecha_corte",
        ),
        sa.Column(
            "unidades_vendidas",
            sa.BigInteger(),
            nullable=False,
            comment="units that left the depots as sales in the month",
        ),
        sa.Column(
            "stock_promedio",
            sa.Numeric(precision=20, scale=2),
            nullable=False,
            comment="units in stock at the end of a day, mean over the days of the month",
        ),
        sa.Column(
            "rotacion",
            sa.Numeric(precision=14, scale=4),
            nullable=True,
            comment="turnover: unidades_vendidas over stock_promedio; null without stock",
        ),
        sa.Column(
            "dias_de_stock",
            sa.Numeric(precision=14, scale=1),
            nullable=True,
            comment="days for which stock_promedio would last at the month's rate of sale; null where nothing was sold",
        ),
        sa.Column("fecha_corte", sa.Date(), nullable=False, comment="business day as of which the row holds"),
        sa.PrimaryKeyConstraint("fecha_corte", "categoria", "mes"),
        schema="mart",
    )
    op.create_table(
        "stock_mensual",
        sa.Column("producto_id", sa.Text(collation="C"), nullable=False, comment="product"),
        sa.Column("deposito", sa.Text(collation="C"), nullable=False, comment="depot"),
        sa.Column("mes", sa.Date(), nullable=False, comment="first day of the month"),
        sa.Column(
            "cambio", sa.BigInteger(), nullable=False, comment="units that came less units that left in the month"
        ),
        sa.Column(
            "unidades_vendidas", sa.BigInteger(), nullable=False, comment="units that left as sales in the month"
        ),
        sa.Column(
            "unidades_dia",
            sa.BigInteger(),
            nullable=False,
            comment="units that came less units that left, each times the days from its own to the last of the month: the month's stock, beyond what it began with, added up over its days",
        ),
        sa.PrimaryKeyConstraint("mes", "producto_id", "deposito"),
        schema="mart",
    )
    op.create_table(
        "campanias",
        sa.Column("campania_id", sa.Text(collation="C"), nullable=False, comment="campaign"),
        sa.Column(
            "fecha", sa.Date(), nullable=False, comment="business day on which this became known of the campaign"
        ),
        sa.Column("nombre", sa.Text(), nullable=True, comment="name of the campaign"),
        sa.Column("canal", sa.Text(), nullable=False, comment="channel of contact"),
        sa.Column("categoria", sa.Text(collation="C"), nullable=True, comment="category of product that is promoted"),
        sa.Column("fecha_inicio", sa.Date(), nullable=False, comment="first day of the campaign"),
        sa.Column("fecha_fin", sa.Date(), nullable=False, comment="last day of the campaign"),
        sa.Column("presupuesto", sa.Numeric(precision=14, scale=2), nullable=False, comment="budget, in pesos"),
        sa.CheckConstraint("presupuesto >= 0 and presupuesto < 'Infinity'", name="presupuesto_no_negativo"),
        sa.CheckConstraint("fecha_fin >= fecha_inicio", name="fin_no_antes_de_inicio"),
        sa.CheckConstraint("isfinite(fecha_inicio) and isfinite(fecha_fin)", name="fechas_finitas"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "contactos_campania",
        sa.Column("campania_id", sa.Text(collation="C"), nullable=False, comment="campaign"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the assignment"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column(
            "grupo",
            sa.Text(),
            nullable=False,
            comment="group the customer is assigned to at random: tratamiento, control",
        ),
        sa.CheckConstraint("grupo in ('tratamiento', 'control')", name="grupo_conocido"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "detalle_ventas",
        sa.Column("venta_id", sa.Text(collation="C"), nullable=False, comment="order"),
        sa.Column("linea", sa.Integer(), nullable=False, comment="line of the order, from 1"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the order"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column("producto_id", sa.Text(collation="C"), nullable=False, comment="product"),
        sa.Column("cantidad", sa.Integer(), nullable=False, comment="units"),
        sa.Column(
            "precio_unitario",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="price of a unit on that day, in pesos",
        ),
        sa.Column(
            "descuento",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="discount on the whole line, in pesos",
        ),
        sa.CheckConstraint("precio_unitario >= 0 and precio_unitario < 'Infinity'", name="precio_no_negativo"),
        sa.CheckConstraint("cantidad > 0", name="cantidad_positiva"),
        sa.CheckConstraint(
            "descuento >= 0 and descuento <= cantidad * precio_unitario", name="descuento_dentro_de_la_linea"
        ),
        sa.CheckConstraint("linea > 0", name="linea_positiva"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "envios",
        sa.Column("venta_id", sa.Text(collation="C"), nullable=False, comment="order that is shipped"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this state became known"),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column(
            "deposito",
            sa.Text(collation="C"),
            nullable=False,
            comment="depot that ships; an order has one shipment from each",
        ),
        sa.Column(
            "estado",
            sa.Text(collation="C"),
            nullable=False,
            comment="state of the shipment: preparacion, despachado, entregado, cancelado",
        ),
        sa.Column("fecha_despacho", sa.Date(), nullable=True, comment="day of dispatch, once dispatched"),
        sa.Column("fecha_prometida", sa.Date(), nullable=False, comment="day of delivery promised to the customer"),
        sa.Column("fecha_entrega", sa.Date(), nullable=True, comment="day of delivery, once delivered"),
        sa.Column(
            "costo_envio", sa.Numeric(precision=14, scale=2), nullable=False, comment="cost of the shipment, in pesos"
        ),
        sa.CheckConstraint("(estado = 'entregado') <= (fecha_entrega is not null)", name="entregado_con_fecha"),
        sa.CheckConstraint("costo_envio >= 0 and costo_envio < 'Infinity'", name="costo_envio_no_negativo"),
        sa.CheckConstraint(
            "estado in ('preparacion', 'despachado', 'entregado', 'cancelado')", name="estado_envio_conocido"
        ),
        sa.CheckConstraint("fecha_despacho <= fecha and fecha_despacho > '-infinity'", name="despacho_conocido"),
        sa.CheckConstraint("fecha_entrega <= fecha and fecha_entrega > '-infinity'", name="entrega_conocida"),
        sa.CheckConstraint("isfinite(fecha_prometida)", name="fecha_prometida_finita"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "movimientos_stock",
        sa.Column("movimiento_id", sa.Text(collation="C"), nullable=False, comment="stock movement"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day of the movement"),
        sa.Column("producto_id", sa.Text(collation="C"), nullable=False, comment="product"),
        sa.Column("deposito", sa.Text(collation="C"), nullable=False, comment="depot"),
        sa.Column("tipo", sa.Text(), nullable=False, comment="kind of movement: recepcion, venta, devolucion, ajuste"),
        sa.Column("cantidad", sa.Integer(), nullable=False, comment="units, negative where they leave the depot"),
        sa.Column(
            "costo_unitario",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="cost of a unit on that day, in pesos",
        ),
        sa.CheckConstraint(
            "case tipo when 'venta' then cantidad < 0 when 'ajuste' then cantidad <> 0 else cantidad > 0 end",
            name="signo_de_cantidad",
        ),
        sa.CheckConstraint("costo_unitario >= 0 and costo_unitario < 'Infinity'", name="costo_unitario_no_negativo"),
        sa.CheckConstraint("tipo in ('recepcion', 'venta', 'devolucion', 'ajuste')", name="tipo_stock_conocido"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "productos",
        sa.Column("producto_id", sa.Text(collation="C"), nullable=False, comment="product"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this version became known"),
        sa.Column("nombre", sa.Text(), nullable=True, comment="name of the product"),
        sa.Column("categoria", sa.Text(collation="C"), nullable=False, comment="category of the product"),
        sa.Column(
            "precio",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="price of a unit from that day on, in pesos",
        ),
        sa.Column(
            "costo",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="cost of a unit from that day on, in pesos; null while it is unknown",
        ),
        sa.Column("fecha_alta", sa.Date(), nullable=False, comment="first day on sale"),
        sa.CheckConstraint("costo >= 0 and costo < 'Infinity'", name="costo_no_negativo"),
        sa.CheckConstraint("precio > 0 and precio < 'Infinity'", name="precio_positivo"),
        sa.CheckConstraint("isfinite(fecha_alta)", name="fecha_alta_finita"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
    op.create_table(
        "ventas",
        sa.Column("venta_id", sa.Text(collation="C"), nullable=False, comment="order"),
        sa.Column("fecha", sa.Date(), nullable=False, comment="business day on which this state became known"),
        sa.Column(
            "fecha_venta", sa.Date(), nullable=False, comment="business day of the order, that of its first state"
        ),
        sa.Column("cliente_id", sa.Text(collation="C"), nullable=False, comment="customer"),
        sa.Column(
            "metodo_pago",
            sa.Text(),
            nullable=False,
            comment="method of payment: tarjeta, billetera_virtual, transferencia, otra_tarjeta, efectivo; tarjeta is the bank's card",
        ),
        sa.Column(
            "provincia_envio", sa.Text(collation="C"), nullable=False, comment="province to which the order is shipped"
        ),
        sa.Column(
            "campania_id",
            sa.Text(collation="C"),
            nullable=True,
            comment="campaign to which the shop attributes the order",
        ),
        sa.Column(
            "estado",
            sa.Text(collation="C"),
            nullable=False,
            comment="state of the order: completada, cancelada, devuelta",
        ),
        sa.Column(
            "total",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="sum over the lines of cantidad * precio_unitario - descuento, in pesos",
        ),
        sa.CheckConstraint("estado in ('completada', 'cancelada', 'devuelta')", name="estado_venta_conocido"),
        sa.CheckConstraint("fecha_venta <= fecha and fecha_venta > '-infinity'", name="venta_no_despues_de_conocida"),
        sa.CheckConstraint(
            "metodo_pago in ('tarjeta', 'billetera_virtual', 'transferencia', 'otra_tarjeta', 'efectivo')",
            name="metodo_pago_conocido",
        ),
        sa.CheckConstraint("total >= 0 and total < 'Infinity'", name="total_no_negativo"),
        schema="staging",
        postgresql_partition_by="RANGE (fecha)",
    )
