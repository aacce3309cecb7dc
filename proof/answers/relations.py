"""The relations of the answers: the functions that make their rows, and their columns."""

from collections.abc import Callable, Iterator

from proof.answers.campaigns import impacto_campanias
from proof.answers.geography import distribucion_geografica
from proof.answers.logistics import demoras_logisticas, rotacion_stock
from proof.answers.sales import clientes_nuevos_recurrentes, productos_mas_vendidos, rentabilidad_mensual
from proof.history import History, Row

RELATIONS: dict[str, tuple[Callable[[History], Iterator[Row]], list[str]]] = {
    "productos_mas_vendidos": (
        productos_mas_vendidos,
        ["categoria", "mes", "puesto", "producto_id", "nombre", "unidades", "ingresos", "margen"],
    ),
    "clientes_nuevos_recurrentes": (
        clientes_nuevos_recurrentes,
        [
            "mes",
            "compradores",
            "nuevos",
            "recurrentes",
            "ingresos_nuevos",
            "ingresos_recurrentes",
            "tasa_recompra_pct",
        ],
    ),
    "rotacion_stock": (
        rotacion_stock,
        ["categoria", "mes", "unidades_vendidas", "stock_promedio", "rotacion", "dias_de_stock"],
    ),
    "demoras_logisticas": (
        demoras_logisticas,
        [
            "provincia",
            "deposito",
            "mes",
            "entregas",
            "demoradas",
            "demoradas_pct",
            "demora_media_dias",
            "demora_p90_dias",
        ],
    ),
    "impacto_campanias": (
        impacto_campanias,
        [
            "campania_id",
            "nombre",
            "canal",
            "categoria",
            "fecha_inicio",
            "fecha_fin",
            "contactados",
            "control",
            "conversion_contactados_pct",
            "conversion_control_pct",
            "pedidos_incrementales",
            "pedidos_incrementales_desde",
            "pedidos_incrementales_hasta",
            "ingresos_incrementales",
            "ingresos_incrementales_desde",
            "ingresos_incrementales_hasta",
            "presupuesto",
            "roi",
            "exito",
        ],
    ),
    "rentabilidad_mensual": (
        rentabilidad_mensual,
        [
            "categoria",
            "mes",
            "ingresos",
            "costo",
            "margen",
            "margen_pct",
            "ingresos_sin_costo",
            "variacion_ingresos_pct",
        ],
    ),
    "distribucion_geografica": (
        distribucion_geografica,
        [
            "provincia",
            "region",
            "poblacion",
            "clientes",
            "clientes_por_1000_hab",
            "clientes_hace_12m",
            "crecimiento_pct",
            "ingresos_por_cliente",
            "clientes_potenciales",
            "ingresos_potenciales",
            "puesto",
            "motivo",
        ],
    ),
}
"""By name of the relation: what makes its rows, and its columns without fecha_corte."""
