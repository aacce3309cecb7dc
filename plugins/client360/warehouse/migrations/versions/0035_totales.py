"""Room for sums of the largest amounts: no figure that is worked out of amounts stops a run by its size."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

TOTAL, PERCENTAGE, TENTHS, RATIO = "numeric(30, 2)", "numeric(36, 2)", "numeric(36, 1)", "numeric(36, 4)"
WIDER = {
    "dw.hecho_devoluciones": {TOTAL: ["costo"]},
    "dw.hecho_pedidos": {TOTAL: ["importe"]},
    "dw.hecho_transacciones": {TOTAL: ["monto"]},
    "dw.hecho_ventas": {TOTAL: ["importe", "costo", "margen"]},
    "mart.cliente_360_historico": {
        TOTAL: [
            "ingresos_mensuales",
            "gasto_mensual_promedio",
            "monto_compras_12m",
            "ticket_promedio",
            "monto_devuelto_12m",
            "monto_neto_12m",
            "ingresos_totales_promedio",
            "egresos_totales_promedio",
            "ahorro_promedio",
            "deuda_total",
            "saldo_total",
            "saldo_minimo_90d",
        ],
        RATIO: ["score_endeudamiento", "cuota_sobre_ingreso", "uso_de_limite"],
        PERCENTAGE: ["entregas_demoradas_pct"],
    },
    "mart.clientes_nuevos_recurrentes_historico": {
        TOTAL: [
            "ingresos_nuevos",
            "ingresos_recurrentes",
            "devoluciones_nuevos",
            "devoluciones_recurrentes",
            "ingresos_netos_nuevos",
            "ingresos_netos_recurrentes",
            "ingresos_sin_cliente",
            "devoluciones_sin_cliente",
        ],
        PERCENTAGE: ["tasa_recompra_pct", "sin_cliente_pct"],
    },
    "mart.cuenta_mensual": {TOTAL: ["neto"]},
    "mart.demoras_logisticas_historico": {
        PERCENTAGE: ["demoradas_pct", "demora_media_dias", "anticipadas_pct", "anticipo_medio_dias"],
        TENTHS: ["dias_hasta_entrega", "dias_hasta_entrega_p90"],
    },
    "mart.distribucion_geografica_historico": {
        RATIO: ["clientes_por_1000_hab"],
        PERCENTAGE: ["crecimiento_pct"],
        TOTAL: [
            "ingresos_por_cliente",
            "ingresos_potenciales",
            "devoluciones_por_cliente",
            "ingresos_netos_por_cliente",
        ],
    },
    "mart.gasto_mensual": {
        TOTAL: [
            "ingresos",
            "aguinaldo",
            "compra_tarjeta",
            "pago_servicio",
            "debito_automatico",
            "extraccion_cajero",
            "ingresos_totales",
            "egresos_totales",
            "depositos",
        ]
    },
    "mart.impacto_campanias_historico": {
        PERCENTAGE: ["conversion_contactados_pct", "conversion_control_pct"],
        TOTAL: [
            "pedidos_incrementales",
            "pedidos_incrementales_desde",
            "pedidos_incrementales_hasta",
            "ingresos_incrementales",
            "ingresos_incrementales_desde",
            "ingresos_incrementales_hasta",
            "devoluciones_incrementales",
            "ingresos_netos_incrementales",
            "ingresos_netos_incrementales_desde",
            "ingresos_netos_incrementales_hasta",
            "margen_incremental",
            "margen_incremental_desde",
            "margen_incremental_hasta",
        ],
        RATIO: ["roi", "roi_margen", "roi_margen_desde", "roi_margen_hasta"],
    },
    "mart.medios_de_pago_historico": {
        TOTAL: ["monto", "reembolsado", "monto_neto"],
        PERCENTAGE: ["participacion_pct", "cuotas_promedio", "rechazados_pct"],
    },
    "mart.productos_mas_vendidos_historico": {
        TOTAL: ["ingresos", "margen", "devoluciones", "ingresos_netos"],
        PERCENTAGE: ["tasa_devolucion_pct"],
    },
    "mart.rentabilidad_mensual_historico": {
        TOTAL: ["ingresos", "costo", "margen", "ingresos_sin_costo", "devoluciones", "ingresos_netos"],
        PERCENTAGE: [
            "margen_pct",
            "variacion_ingresos_pct",
            "tasa_devolucion_pct",
            "participacion_pct",
            "costo_conocido_pct",
        ],
    },
    "mart.riesgo_crediticio_historico": {
        TOTAL: ["deuda"],
        PERCENTAGE: [
            "en_mora_pct",
            "pasan_a_1_pct",
            "pasan_a_2_pct",
            "pasan_a_3_pct",
            "pasan_a_4_pct",
            "pasan_a_5_pct",
        ],
    },
    "mart.rotacion_stock_historico": {TOTAL: ["stock_promedio"], RATIO: ["rotacion"], TENTHS: ["dias_de_stock"]},
    "mart.tiempos_pedidos_historico": {TENTHS: ["dias_media", "dias_p90"]},
    "mart.ventas_por_canal_historico": {
        TOTAL: ["ingresos", "ticket_promedio", "cargo_envio", "devoluciones", "ingresos_netos"],
        PERCENTAGE: ["participacion_pct"],
    },
}
VIEWS_OF = """
    select distinct view.oid::regclass::text as name, pg_get_viewdef(view.oid) as definition
    from pg_depend as needs
    inner join pg_rewrite as rule on rule.oid = needs.objid and needs.classid = 'pg_rewrite'::regclass
    inner join pg_class as view on view.oid = rule.ev_class and view.relkind = 'v'
    where needs.refobjid = any(cast(:tables as text[])::regclass[]) and needs.refobjid <> view.oid
    order by 1
"""


def upgrade() -> None:
    views = op.get_bind().execute(sa.text(VIEWS_OF), {"tables": list(WIDER)}).all()
    for view in views:
        op.execute(f"drop view {view.name}")
    # with the same decimals, no row is written again
    for table, columns in WIDER.items():
        changes = ", ".join(f"alter column {name} type {kind}" for kind, names in columns.items() for name in names)
        op.execute(f"alter table {table} {changes}")
    for view in views:
        op.execute(f"create view {view.name} as {view.definition}")
