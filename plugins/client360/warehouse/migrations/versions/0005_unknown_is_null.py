"""What the source does not provide is null in what is published, and no 0; the dictionary says of each column what it is made of."""

from alembic import op

revision = "0005"
down_revision = "0004"

NULLABLE = {
    "cliente_360_historico": (
        "meses_observados",
        "compras_12m",
        "monto_compras_12m",
        "tipo_comprador",
        "contactos_campania_12m",
    ),
    "rentabilidad_mensual_historico": (
        "costo",
        "margen",
    ),
    "distribucion_geografica_historico": (
        "puesto",
        "motivo",
    ),
}
COMMENTS = {
    "cliente_360_historico": {
        "gasto_mensual_promedio": (
            "mean over the observed months of card purchases, bills, direct debits and cash withdrawals, in pesos; "
            "null with no observed month (a complete month of the last 12 in which the person was a customer from "
            "its first day); null where the source provides no transacciones"
        ),
        "score_endeudamiento": (
            "mean monthly bills and direct debits over ingresos_mensuales; null when the income is 0 or unknown; "
            "null where the source provides no transacciones"
        ),
        "meses_observados": "number of observed months, 0 to 12; null where the source provides no transacciones",
        "segmento_ingresos": (
            "quintile of ingresos_mensuales among the customers at fecha_corte, 1 the lowest; equal ones all get "
            "that of the first of them, as with SQL's rank()"
        ),
        "compras_12m": (
            "orders of the 365 days that end at fecha_corte; here and below without those cancelled or returned by "
            "then; null where the source provides no ventas or no detalle_ventas"
        ),
        "monto_compras_12m": "amount of those orders, in pesos; null where the source provides no ventas or no detalle_ventas",
        "ticket_promedio": (
            "monto_compras_12m over compras_12m, in pesos; null without orders; null where the source provides no "
            "ventas or no detalle_ventas"
        ),
        "primera_compra": (
            "day of the first order since the beginning of the history; null where the source provides no ventas or"
            " no detalle_ventas"
        ),
        "ultima_compra": (
            "day of the last order since the beginning of the history; null where the source provides no ventas or "
            "no detalle_ventas"
        ),
        "dias_sin_comprar": "days from ultima_compra to fecha_corte; null where the source provides no ventas or no detalle_ventas",
        "tipo_comprador": (
            "sin_compras (never), nuevo (first order within 90 days), recurrente (two orders or more in 365 days), "
            "ocasional (one), inactivo (none in 365 days): the first of these that is true; null where the source "
            "provides no ventas or no detalle_ventas"
        ),
        "segmento_rfm": (
            "quintiles of ultima_compra, compras_12m and monto_compras_12m among those who ever bought, three "
            "digits, 5 the best; equal ones all get that of the first of them, as with SQL's rank(); null where the"
            " source provides no ventas or no detalle_ventas"
        ),
        "categoria_favorita": (
            "category with the largest amount of orders in 365 days; null where the source provides no ventas or no"
            " detalle_ventas or no productos"
        ),
        "entregas_demoradas_pct": (
            "deliveries of the 365 days that came after the day promised, percent; null without deliveries; null "
            "where the source provides no envios"
        ),
        "contactos_campania_12m": (
            "campaigns that contacted the customer in the 365 days; null where the source provides no "
            "contactos_campania"
        ),
        "fecha_corte": "business day as of which the row holds; no rows where the source provides no clientes",
    },
    "productos_mas_vendidos_historico": {
        "fecha_corte": (
            "business day as of which the row holds; no rows where the source provides no productos or no ventas or"
            " no detalle_ventas"
        ),
    },
    "clientes_nuevos_recurrentes_historico": {
        "fecha_corte": (
            "business day as of which the row holds; no rows where the source provides no ventas or no detalle_ventas"
        ),
    },
    "rotacion_stock_historico": {
        "rotacion": "turnover: unidades_vendidas over stock_promedio; null unless that is above 0",
        "dias_de_stock": (
            "days for which stock_promedio would last at the month's rate of sale; null where nothing was sold, or where "
            "stock_promedio is below 0"
        ),
        "fecha_corte": (
            "business day as of which the row holds; no rows where the source provides no productos or no "
            "movimientos_stock"
        ),
    },
    "demoras_logisticas_historico": {
        "fecha_corte": "business day as of which the row holds; no rows where the source provides no envios",
    },
    "impacto_campanias_historico": {
        "conversion_contactados_pct": (
            "share of the contacted with an order during the campaign, not cancelled or returned by fecha_corte, "
            "percent; null where the source provides no ventas or no detalle_ventas"
        ),
        "conversion_control_pct": "the same of the control group; null where the source provides no ventas or no detalle_ventas",
        "pedidos_incrementales": (
            "orders more than the contacted would have made at the mean of the control group; null where the source"
            " provides no ventas or no detalle_ventas"
        ),
        "pedidos_incrementales_desde": (
            "lower bound of their 95 % interval (normal approximation); null where the source provides no ventas or"
            " no detalle_ventas"
        ),
        "pedidos_incrementales_hasta": "upper bound of the same; null where the source provides no ventas or no detalle_ventas",
        "ingresos_incrementales": (
            "amount of orders more than at the mean of the control, in pesos; null where the source provides no "
            "ventas or no detalle_ventas"
        ),
        "ingresos_incrementales_desde": "lower bound of their 95 % interval; null where the source provides no ventas or no detalle_ventas",
        "ingresos_incrementales_hasta": "upper bound of the same; null where the source provides no ventas or no detalle_ventas",
        "roi": (
            "return: (ingresos_incrementales - presupuesto) / presupuesto; null where that is 0; null where the "
            "source provides no ventas or no detalle_ventas"
        ),
        "exito": (
            "whether the whole interval of pedidos_incrementales lies above 0; null where the source provides no "
            "ventas or no detalle_ventas"
        ),
        "fecha_corte": (
            "business day as of which the row holds; no rows where the source provides no campanias or no "
            "contactos_campania"
        ),
    },
    "rentabilidad_mensual_historico": {
        "costo": "cost of the lines whose cost is known, in pesos; null where no line's is",
        "margen": "ingresos - costo of the same lines, in pesos; null where no line's cost is known",
        "fecha_corte": (
            "business day as of which the row holds; no rows where the source provides no productos or no ventas or"
            " no detalle_ventas"
        ),
    },
    "distribucion_geografica_historico": {
        "clientes": "customers living there at fecha_corte; no rows where nobody's province is known",
        "ingresos_por_cliente": (
            "mean monto_compras_12m of the customers there, in pesos; null without customers; null where the source"
            " provides no ventas or no detalle_ventas"
        ),
        "ingresos_potenciales": (
            "what those would buy in a year at ingresos_por_cliente (of the whole country where there are no "
            "customers), in pesos; null where the source provides no ventas or no detalle_ventas"
        ),
        "puesto": (
            "rank of opportunity, by ingresos_potenciales; null where that is unknown; null where the source "
            "provides no ventas or no detalle_ventas"
        ),
        "motivo": (
            "why: poca_penetracion (below that of the whole country), buen_gasto (ingresos_por_cliente not below), "
            "poca_penetracion_y_buen_gasto, mercado_cubierto (neither), or poblacion_desconocida; null where the "
            "source provides no ventas or no detalle_ventas"
        ),
        "fecha_corte": "business day as of which the row holds; no rows where the source provides no clientes",
    },
}


def upgrade() -> None:
    for table, columns in NULLABLE.items():
        for column in columns:
            op.alter_column(table, column, schema="mart", nullable=True)
    for table, comments in COMMENTS.items():
        for column, comment in comments.items():
            op.alter_column(table, column, schema="mart", comment=comment)
