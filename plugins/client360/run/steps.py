"""The SQL steps of a run: files of include/sql, in the order in which they run, once for all who run them.

Of each group, the files do not depend on one another, but for those in AFTER.
"""

DIMENSIONS = ("transform/dim_cliente", "transform/dim_producto", "transform/dim_campania")
FACTS = (
    "transform/hecho_transacciones",
    "transform/hecho_ventas",
    "transform/hecho_contactos",
    "transform/hecho_stock",
    "transform/hecho_envios",
)
AFTER = {"transform/hecho_envios": "transform/hecho_ventas"}
"""Files that need another one of their group first."""
SUMMARIES = ("build_view/gasto_mensual", "build_view/stock_mensual")
CLIENTE_360 = "build_view/cliente_360_historico"
ANSWERS = (
    "build_view/productos_mas_vendidos",
    "build_view/clientes_nuevos_recurrentes",
    "build_view/rotacion_stock",
    "build_view/demoras_logisticas",
    "build_view/impacto_campanias",
    "build_view/rentabilidad_mensual",
    "build_view/distribucion_geografica",
)
VIEWS = "build_view/vistas"

BY_BATCH = ("transform/hecho_transacciones", "build_view/gasto_mensual")
"""Files that run once for each batch of days; of the others, those of transform and the summaries over all touched days."""
OVER_TOUCHED_DAYS = (*DIMENSIONS, *FACTS, *SUMMARIES)
"""Files that take the days from `desde` to `hasta`."""
AS_OF = (CLIENTE_360, *ANSWERS)
"""Files that take the business day `fecha`."""
IN_ORDER = (*OVER_TOUCHED_DAYS, *AS_OF, VIEWS)
"""All files, each after those that it needs."""
