"""Numbers, dates, names and column headings as they are written in Argentina, whatever the language of the machine.

A value that is not known, a null, is written `sin dato` wherever people read it: see UNKNOWN.
"""

from collections.abc import Sequence
from datetime import date
from numbers import Integral
from typing import Any

UNKNOWN = "sin dato"
MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
SHORT_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic")
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MILLION = 1_000_000
SWAPPED = str.maketrans(",.", ".,")
HEADINGS = {
    "aguinaldo": "Aguinaldo ($)",
    "antiguedad_meses": "Antigüedad (meses)",
    "campania_id": "Campaña",
    "cargada": "¿Se cargó?",
    "categoria": "Categoría",
    "categoria_favorita": "Categoría favorita",
    "clientes_hace_12m": "Clientes hace 12 meses",
    "clientes_por_1000_hab": "Clientes cada 1.000 hab.",
    "compra_tarjeta": "Compras con tarjeta ($)",
    "control": "Grupo de control",
    "conversion_contactados_pct": "Conversión de contactados (%)",
    "conversion_control_pct": "Conversión del control (%)",
    "costo": "Costo ($)",
    "crecimiento_pct": "Crecimiento (%)",
    "debito_automatico": "Débito automático ($)",
    "demora_media_dias": "Demora media (días)",
    "demora_p90_dias": "Demora, percentil 90 (días)",
    "demoradas_pct": "Demoradas (%)",
    "deposito": "Depósito",
    "dias_de_demora": "Días de demora",
    "dias_de_stock": "Días de stock",
    "ejemplo": "Por ejemplo",
    "endeudamiento_pct": "Endeudamiento (%)",
    "exito": "Éxito",
    "extraccion_cajero": "Extracciones ($)",
    "filas": "Filas cargadas",
    "gasto_medio": "Gasto medio ($)",
    "importe": "Importe ($)",
    "ingreso_medio": "Ingreso medio ($)",
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
    "pago_servicio": "Pago de servicios ($)",
    "poblacion": "Población",
    "presupuesto": "Presupuesto ($)",
    "producto_id": "Código",
    "region": "Región",
    "roi": "Retorno (ROI)",
    "rotacion": "Rotación",
    "segmento_ingresos": "Segmento de ingresos",
    "tasa_recompra_pct": "Tasa de recompra (%)",
    "tipo_transaccion": "Movimiento",
    "variacion_ingresos_pct": "Variación de ingresos (%)",
    "venta_id": "Pedido",
    "verificacion": "Verificación",
}
"""Headings of columns whose name, with blanks instead of underscores, is not good Spanish or lacks its unit."""
WHOLE_PESOS = (
    *("aguinaldo", "compra_tarjeta", "costo", "debito_automatico", "extraccion_cajero", "gasto_medio", "ingreso_medio"),
    *("ingresos", "ingresos_incrementales", "ingresos_incrementales_desde", "ingresos_incrementales_hasta"),
    *("ingresos_nuevos", "ingresos_por_cliente", "ingresos_potenciales", "ingresos_recurrentes", "ingresos_sin_costo"),
    *("margen", "pago_servicio", "presupuesto"),
)
"""Columns of amounts that add up many."""
DECIMALS = {
    **dict.fromkeys(("clientes_por_1000_hab", "roi", "rotacion", "score_endeudamiento"), 4),
    **dict.fromkeys(WHOLE_PESOS, 0),
}
"""Decimals of a column; without an entry, whole numbers have none and others two."""
MONTH_COLUMNS = ("mes",)
"""Columns that hold the first day of a month."""
VERBATIM = (
    "archivo",
    "cliente_id",
    "corrida",
    "detalle",
    "ejemplo",
    "mundo",
    "producto_id",
    "venta_id",
    "verificacion",
)
"""Columns whose values are identifiers or quotations, not words."""


def is_unknown(value: Any) -> bool:
    """Whether a value is a null: None, or pandas' NaN, NaT and NA, which are recognised without pandas by their names."""
    return value is None or (not isinstance(value, str) and str(value) in ("nan", "NaT", "<NA>"))


def number(value: Any, decimals: int = 0) -> str:
    """1.234,56."""
    return UNKNOWN if is_unknown(value) else f"{value:,.{decimals}f}".translate(SWAPPED)


def tick(value: float) -> str:
    """1.234,5: a number on an axis, with as many decimals as it needs, at most three."""
    written = number(round(value, 3) + 0, 3)  # + 0 makes zero of minus zero
    return written.rstrip("0").removesuffix(",")


def pesos(value: Any) -> str:
    """950.000 pesos; 12,3 millones de pesos: an amount in a sentence."""
    if is_unknown(value):
        return UNKNOWN
    if abs(value) < MILLION:
        return f"{number(value)} pesos"
    return f"{number(value / MILLION, 1)} millones de pesos"


def amount(value: Any) -> str:
    """$ 1.235, or $ 1.234,6 M from a hundred million on: an amount outside of a sentence."""
    if is_unknown(value):
        return UNKNOWN
    return f"$ {number(value)}" if abs(value) < 100 * MILLION else f"$ {number(value / MILLION, 1)} M"


def percent(share: Any) -> str:
    """12,3 %, of 0.123."""
    return UNKNOWN if is_unknown(share) else f"{number(share * 100, 1)} %"


def day(value: Any) -> str:
    """31/12/2026."""
    return UNKNOWN if is_unknown(value) else f"{value:%d/%m/%Y}"


def month(value: Any) -> str:
    """12/2026: a month in a table."""
    return UNKNOWN if is_unknown(value) else f"{value:%m/%Y}"


def month_name(value: date) -> str:
    """Diciembre de 2026, without the capital: a month in a sentence."""
    return f"{MONTHS[value.month - 1]} de {value.year}"


def month_label(value: date) -> str:
    """Dic 26, without the capital: a month on an axis."""
    return f"{SHORT_MONTHS[value.month - 1]} {value:%y}"


def words(value: Any) -> str:
    """A value of the warehouse in words: `compra_tarjeta` is "compra tarjeta"."""
    return UNKNOWN if is_unknown(value) else str(value).replace("_", " ")


def listed(items: Sequence[str]) -> str:
    """Gives: a, b y c."""
    *first, last = items
    return f"{', '.join(first)} y {last}" if first else last


def heading(column: str) -> str:
    """The heading of a column."""
    return HEADINGS.get(column) or words(column).capitalize()


def cell(value: Any, column: str) -> str:
    """A value of a column: 1.234,56, 31/12/2026, 12/2026 of a month, sí or no, words without underscores."""
    if is_unknown(value):
        return UNKNOWN
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, str):
        return value if column in VERBATIM else words(value)
    if isinstance(value, date):
        return month(value) if column in MONTH_COLUMNS else day(value)
    return number(value, 0 if isinstance(value, Integral) else DECIMALS.get(column, 2))
