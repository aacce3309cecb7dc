"""Numbers, dates and names as they are written in Argentina, whatever the language of the browser."""

from datetime import date
from typing import Any

import pandas as pd

NOTHING = "—"
MILLIONS = 100_000_000
SWAPPED = str.maketrans(",.", ".,")
NAMES = {
    "aceptadas": "Aceptadas",
    "antiguedad_meses": "Antigüedad (meses)",
    "campania_id": "Campaña",
    "categoria": "Categoría",
    "categoria_favorita": "Categoría favorita",
    "clientes_hace_12m": "Clientes hace 12 meses",
    "clientes_por_1000_hab": "Clientes cada 1.000 hab.",
    "control": "Grupo de control",
    "conversion_contactados_pct": "Conversión de contactados (%)",
    "conversion_control_pct": "Conversión del control (%)",
    "crecimiento_pct": "Crecimiento (%)",
    "debito_automatico": "Débito automático ($)",
    "compra_tarjeta": "Compras con tarjeta ($)",
    "pago_servicio": "Pago de servicios ($)",
    "extraccion_cajero": "Extracciones ($)",
    "aguinaldo": "Aguinaldo ($)",
    "costo": "Costo ($)",
    "demoradas_pct": "Demoradas (%)",
    "demora_media_dias": "Demora media (días)",
    "demora_p90_dias": "Demora, percentil 90 (días)",
    "deposito": "Depósito",
    "dias_de_demora": "Días de demora",
    "dias_de_stock": "Días de stock",
    "exito": "Éxito",
    "filas": "Filas cargadas",
    "importe": "Importe ($)",
    "ingresos": "Ingresos ($)",
    "ingresos_incrementales": "Ingresos incrementales ($)",
    "ingresos_incrementales_desde": "Ingresos incrementales, desde ($)",
    "ingresos_incrementales_hasta": "Ingresos incrementales, hasta ($)",
    "ingresos_nuevos": "Ingresos de nuevos ($)",
    "ingresos_por_cliente": "Ingresos por cliente ($)",
    "ingresos_potenciales": "Ingresos potenciales ($)",
    "ingresos_recurrentes": "Ingresos de recurrentes ($)",
    "ingresos_sin_costo": "Ingresos sin costo conocido ($)",
    "lineas": "Líneas del archivo",
    "margen": "Margen ($)",
    "margen_pct": "Margen (%)",
    "metodo_pago": "Medio de pago",
    "monto": "Monto ($)",
    "poblacion": "Población",
    "presupuesto": "Presupuesto ($)",
    "producto_id": "Código",
    "region": "Región",
    "roi": "Retorno (ROI)",
    "rotacion": "Rotación",
    "tasa_recompra_pct": "Tasa de recompra (%)",
    "tipo_transaccion": "Movimiento",
    "variacion_ingresos_pct": "Variación de ingresos (%)",
    "venta_id": "Pedido",
    "endeudamiento_pct": "Endeudamiento (%)",
    "ingreso_medio": "Ingreso medio ($)",
    "gasto_medio": "Gasto medio ($)",
    "segmento_ingresos": "Segmento de ingresos",
    "verificacion": "Verificación",
}
"""Headings of columns whose name, with blanks, would not do."""
RATIOS = ("clientes_por_1000_hab", "roi", "rotacion")
"""Columns that have four decimals, not two."""
MONTHS = ("mes",)
"""Columns that hold the first day of a month."""


def number(value: Any, decimals: int = 0) -> str:
    """1.234,56."""
    return NOTHING if value is None or pd.isna(value) else f"{value:,.{decimals}f}".translate(SWAPPED)


def pesos(value: Any) -> str:
    """$ 1.235, or $ 1.234,6 M from a hundred million on: for figures that stand alone."""
    written = number(value) if pd.isna(value) or abs(value) < MILLIONS else f"{number(value / 1_000_000, 1)} M"
    return written if written == NOTHING else f"$ {written}"


def percent(value: Any) -> str:
    """12,3 %."""
    written = number(value, 1)
    return written if written == NOTHING else f"{written} %"


def day(value: Any) -> str:
    """31/12/2026."""
    return NOTHING if value is None or pd.isna(value) else f"{value:%d/%m/%Y}"


def month(value: date) -> str:
    """12/2026."""
    return f"{value:%m/%Y}"


def words(value: Any) -> str:
    """A value of the warehouse, in words: `compra_tarjeta` is "compra tarjeta"."""
    return NOTHING if pd.isna(value) else str(value).replace("_", " ")


def heading(column: str) -> str:
    """What stands above a column."""
    return NAMES.get(column) or words(column).capitalize()
