"""The relations that every day publishes, each as the question it answers: cliente_360 and the shop's answers.

The SQL of each is the file of its name in sql/: all its rows as of a day, in the order of its key.
"""

from dataclasses import dataclass
from datetime import date

from reading.warehouse import Table

FEW = 5
"""Rows of a summary."""


@dataclass(frozen=True)
class Summary:
    """The few rows that matter most, without filters, on a page that has room for no more."""

    columns: tuple[str, ...]
    order: tuple[str, ...]
    """The columns that the rows are sorted by, those with a minus from high to low; nulls come last."""
    of_the_month: bool = False
    """Whether only the month of the business day counts."""
    only_first: bool = False
    """Whether only the first in rank counts."""


@dataclass(frozen=True)
class Question:
    title: str
    columns: tuple[str, ...]
    """All but fecha_corte, in the order in which people read them."""
    order: str
    """The column that people want the rows sorted by; then comes the key."""


CLIENTE_360 = Question(
    "¿Quién es cada cliente, cuánto gana y cuánto gasta?",
    (
        *("cliente_id", "nombre", "edad", "provincia", "ingresos_mensuales", "gasto_mensual_promedio"),
        *("score_endeudamiento", "origen_ingresos", "meses_observados", "ocupacion", "antiguedad_meses"),
        *("segmento_ingresos", "compras_12m", "monto_compras_12m", "ticket_promedio", "primera_compra"),
        *("ultima_compra", "dias_sin_comprar", "tipo_comprador", "segmento_rfm", "categoria_favorita"),
        *("entregas_demoradas_pct", "contactos_campania_12m", "monto_devuelto_12m", "monto_neto_12m"),
        *("posible_duplicado_de", "medio_pago_preferido", "pais"),
        *("ingresos_totales_promedio", "egresos_totales_promedio", "ahorro_promedio"),
        *("deuda_total", "cuota_sobre_ingreso", "uso_de_limite", "dias_mora_max", "situacion", "productos"),
        *("saldo_total", "saldo_minimo_90d"),
    ),
    order="cliente_id",
)
ANSWERS = {
    "productos_mas_vendidos": Question(
        "¿Qué se vende más?",
        (
            *("mes", "categoria", "puesto", "producto_id", "nombre", "unidades", "unidades_devueltas", "ingresos"),
            *("devoluciones", "ingresos_netos", "tasa_devolucion_pct", "margen"),
        ),
        order="mes",
    ),
    "clientes_nuevos_recurrentes": Question(
        "¿Compran clientes nuevos o recurrentes?",
        (
            *("mes", "compradores", "nuevos", "recurrentes", "ingresos_nuevos", "ingresos_recurrentes"),
            *("tasa_recompra_pct", "devoluciones_nuevos", "devoluciones_recurrentes", "ingresos_netos_nuevos"),
            *("ingresos_netos_recurrentes", "ingresos_sin_cliente", "sin_cliente_pct", "devoluciones_sin_cliente"),
        ),
        order="mes",
    ),
    "rotacion_stock": Question(
        "¿Cuánto rota el stock?",
        ("mes", "categoria", "unidades_vendidas", "stock_promedio", "rotacion", "dias_de_stock"),
        order="mes",
    ),
    "demoras_logisticas": Question(
        "¿Cuánto demoran las entregas?",
        (
            *("mes", "provincia", "deposito", "entregas", "dias_hasta_entrega", "dias_hasta_entrega_p90"),
            *("con_promesa", "demoradas", "demoradas_pct", "demora_media_dias", "demora_p90_dias", "anticipadas"),
            *("anticipadas_pct", "anticipo_medio_dias"),
        ),
        order="mes",
    ),
    "impacto_campanias": Question(
        "¿Qué aportaron las campañas?",
        (
            *("campania_id", "nombre", "canal", "categoria", "fecha_inicio", "fecha_fin", "contactados", "control"),
            *("conversion_contactados_pct", "conversion_control_pct", "pedidos_incrementales"),
            *("pedidos_incrementales_desde", "pedidos_incrementales_hasta", "ingresos_incrementales"),
            *("ingresos_incrementales_desde", "ingresos_incrementales_hasta", "devoluciones_incrementales"),
            *("ingresos_netos_incrementales", "ingresos_netos_incrementales_desde"),
            *("ingresos_netos_incrementales_hasta", "margen_incremental", "margen_incremental_desde"),
            *("margen_incremental_hasta", "presupuesto", "roi", "roi_margen", "roi_margen_desde", "roi_margen_hasta"),
            "exito",
        ),
        order="fecha_inicio",
    ),
    "rentabilidad_mensual": Question(
        "¿Qué se gana por categoría y mes?",
        (
            *("mes", "categoria", "ingresos", "devoluciones", "ingresos_netos", "tasa_devolucion_pct", "costo"),
            *("margen", "margen_pct", "ingresos_sin_costo", "variacion_ingresos_pct", "participacion_pct"),
            "costo_conocido_pct",
        ),
        order="mes",
    ),
    "distribucion_geografica": Question(
        "¿Dónde están los clientes y dónde hay lugar para más?",
        (
            *("puesto", "provincia", "region", "poblacion", "clientes", "clientes_por_1000_hab", "clientes_hace_12m"),
            *("crecimiento_pct", "ingresos_por_cliente", "devoluciones_por_cliente", "ingresos_netos_por_cliente"),
            "pais",
            *("clientes_potenciales", "ingresos_potenciales", "motivo"),
        ),
        order="puesto",
    ),
    "medios_de_pago": Question(
        "¿Cómo se paga?",
        (
            *("mes", "metodo_pago", "pagos", "pedidos", "monto", "reembolsado", "monto_neto", "participacion_pct"),
            *("cuotas_promedio", "rechazados", "rechazados_pct"),
        ),
        order="mes",
    ),
    "ventas_por_canal": Question(
        "¿Por dónde se vende?",
        (
            *("mes", "canal", "sucursal", "vendedor", "pedidos", "ingresos", "devoluciones", "ingresos_netos"),
            *("participacion_pct", "ticket_promedio", "cargo_envio"),
        ),
        order="mes",
    ),
    "tiempos_pedidos": Question(
        "¿Cuánto tarda un pedido en cada paso?",
        ("mes", "estado", "pedidos", "dias_media", "dias_p90"),
        order="mes",
    ),
    "riesgo_crediticio": Question(
        "¿Cuánto se debe y con cuánta mora?",
        (
            *("mes", "situacion", "clientes", "deuda", "en_mora", "en_mora_pct"),
            *("pasan_a_1_pct", "pasan_a_2_pct", "pasan_a_3_pct", "pasan_a_4_pct", "pasan_a_5_pct"),
        ),
        order="mes",
    ),
}
"""The shop's questions, and the bank's, by the relation that answers each, in the order in which they are asked."""
QUESTIONS = {"cliente_360": CLIENTE_360, **ANSWERS}
SUMMARIES = {
    "productos_mas_vendidos": Summary(
        ("categoria", "nombre", "unidades", "ingresos", "margen"),
        ("-unidades", "categoria"),
        of_the_month=True,
        only_first=True,
    ),
    "clientes_nuevos_recurrentes": Summary(
        ("mes", "compradores", "nuevos", "recurrentes", "tasa_recompra_pct"), ("-mes",)
    ),
    "rotacion_stock": Summary(
        ("categoria", "unidades_vendidas", "stock_promedio", "rotacion", "dias_de_stock"),
        ("-rotacion", "categoria"),
        of_the_month=True,
    ),
    "demoras_logisticas": Summary(
        ("provincia", "deposito", "entregas", "demoradas", "demoradas_pct"),
        ("-demoradas", "entregas", "provincia", "deposito"),
        of_the_month=True,
    ),
    "impacto_campanias": Summary(
        ("nombre", "contactados", "ingresos_incrementales", "roi_margen", "exito"),
        ("-ingresos_incrementales", "campania_id"),
    ),
    "rentabilidad_mensual": Summary(
        ("categoria", "ingresos", "margen", "margen_pct"), ("-margen", "categoria"), of_the_month=True
    ),
    "distribucion_geografica": Summary(
        ("provincia", "clientes", "clientes_potenciales", "ingresos_potenciales", "motivo"), ("puesto",)
    ),
    "medios_de_pago": Summary(
        ("metodo_pago", "pedidos", "monto_neto", "participacion_pct", "cuotas_promedio", "rechazados_pct"),
        ("-monto_neto", "metodo_pago"),
        of_the_month=True,
    ),
    "ventas_por_canal": Summary(
        ("canal", "sucursal", "vendedor", "pedidos", "ingresos"),
        ("-ingresos", "canal", "sucursal", "vendedor"),
        of_the_month=True,
    ),
    "tiempos_pedidos": Summary(
        ("estado", "pedidos", "dias_media", "dias_p90"), ("-dias_media", "estado"), of_the_month=True
    ),
    "riesgo_crediticio": Summary(("situacion", "clientes", "deuda", "en_mora_pct"), ("situacion",), of_the_month=True),
}
"""What is shown of each answer where there is room for a few rows."""


def summarize(relation: str, answer: Table, fecha: date) -> Table:
    """The few rows of an answer that matter most as of the day."""
    summary = SUMMARIES[relation]
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    if summary.of_the_month:
        rows = [row for row in rows if row["mes"] == fecha.replace(day=1)]
    if summary.only_first:
        rows = [row for row in rows if row["puesto"] == 1]
    for name in reversed(summary.order):
        column, descending = name.removeprefix("-"), name.startswith("-")
        # the flag puts nulls last in either direction
        rows.sort(key=lambda row: ((row[column] is None) != descending, row[column]), reverse=descending)
    return Table(answer.types, [tuple(row.values()) for row in rows[:FEW]]).select(summary.columns)
