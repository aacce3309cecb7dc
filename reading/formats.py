"""Numbers, dates, names and column headings as they are written in Argentina or, in English, in the United States, whatever the
language of the machine.

A value that is not known, a null, is written `sin dato` wherever people read it: see UNKNOWN.
"""

from collections.abc import Sequence
from datetime import date
from numbers import Integral
from typing import Any

from babel import Locale
from babel.dates import format_date

from reading.language import LANGUAGE, LOCALES, _
from reading.money import restate

LOCALE = Locale.parse(LOCALES[LANGUAGE])
GROUP, DECIMAL = (LOCALE.number_symbols["latn"][name] for name in ("group", "decimal"))
PUNCTUATION = str.maketrans(",.", GROUP + DECIMAL)
MONTHS, SHORT_MONTHS = (
    tuple(LOCALE.months["format"][width][month] for month in range(1, 13)) for width in ("wide", "abbreviated")
)
WEEKDAYS = tuple(LOCALE.days["format"]["wide"][day] for day in range(7))
"""From Monday on."""
UNKNOWN = _("sin dato")
MILLION = 1_000_000
HEADINGS = {
    "aguinaldo": "Aguinaldo ($)",
    "ahorro": "Ahorro ($)",
    "anticipadas_pct": "Anticipadas (%)",
    "anticipo_medio_dias": "Anticipo medio (días)",
    "antiguedad_meses": "Antigüedad (meses)",
    "campania_id": "Campaña",
    "cargada": "¿Se cargó?",
    "cargo_envio": "Cargo por envío ($)",
    "categoria": "Categoría",
    "categoria_favorita": "Categoría favorita",
    "clientes_hace_12m": "Clientes hace 12 meses",
    "clientes_por_1000_hab": "Clientes cada 1.000 hab.",
    "compra_tarjeta": "Compras con tarjeta ($)",
    "control": "Grupo de control",
    "conversion_contactados_pct": "Conversión de contactados (%)",
    "conversion_control_pct": "Conversión del control (%)",
    "costo": "Costo ($)",
    "costo_conocido_pct": "Costo conocido (%)",
    "crecimiento_pct": "Crecimiento (%)",
    "cuota_sobre_ingreso": "Cuota sobre ingreso",
    "debito_automatico": "Débito automático ($)",
    "demora_media_dias": "Demora media (días)",
    "demora_p90_dias": "Demora, percentil 90 (días)",
    "demoradas_pct": "Demoradas (%)",
    "deposito": "Depósito",
    "deuda": "Deuda ($)",
    "deuda_media": "Deuda media ($)",
    "deuda_total": "Deuda ($)",
    "devoluciones": "Devoluciones ($)",
    "devoluciones_incrementales": "Devoluciones incrementales ($)",
    "devoluciones_nuevos": "Devoluciones de nuevos ($)",
    "devoluciones_por_cliente": "Devoluciones por cliente ($)",
    "devoluciones_recurrentes": "Devoluciones de recurrentes ($)",
    "devuelto": "Devuelto ($)",
    "devoluciones_sin_cliente": "Devoluciones sin cliente conocido ($)",
    "dias_de_demora": "Días de demora",
    "dias_hasta_entrega": "Días hasta la entrega",
    "dias_hasta_entrega_p90": "Días hasta la entrega, percentil 90",
    "dias_media": "Días, media",
    "dias_p90": "Días, percentil 90",
    "dias_de_stock": "Días de stock",
    "dias_mora_max": "Días de mora",
    "egresos_totales": "Egresos totales ($)",
    "ejemplo": "Por ejemplo",
    "en_mora": "En mora",
    "en_mora_pct": "En mora (%)",
    "endeudamiento_pct": "Endeudamiento (%)",
    "exito": "Éxito",
    "extraccion_cajero": "Extracciones ($)",
    "fecha_corte": "Fecha de corte",
    "filas": "Filas cargadas",
    "gasto_medio": "Gasto medio ($)",
    "grafia": "Nombre en los archivos",
    "importe": "Importe ($)",
    "ingreso_medio": "Ingreso medio ($)",
    "ingresos": "Ingresos ($)",
    "ingresos_incrementales": "Ingresos incrementales ($)",
    "ingresos_incrementales_desde": "Ingresos incrementales, desde ($)",
    "ingresos_incrementales_hasta": "Ingresos incrementales, hasta ($)",
    "ingresos_netos": "Ingresos netos ($)",
    "ingresos_netos_incrementales": "Ingresos netos incrementales ($)",
    "ingresos_netos_incrementales_desde": "Ingresos netos incrementales, desde ($)",
    "ingresos_netos_incrementales_hasta": "Ingresos netos incrementales, hasta ($)",
    "ingresos_netos_nuevos": "Ingresos netos de nuevos ($)",
    "ingresos_netos_por_cliente": "Ingresos netos por cliente ($)",
    "ingresos_netos_recurrentes": "Ingresos netos de recurrentes ($)",
    "ingresos_nuevos": "Ingresos de nuevos ($)",
    "ingresos_por_cliente": "Ingresos por cliente ($)",
    "ingresos_potenciales": "Ingresos potenciales ($)",
    "ingresos_recurrentes": "Ingresos de recurrentes ($)",
    "ingresos_sin_cliente": "Ingresos sin cliente conocido ($)",
    "ingresos_sin_costo": "Ingresos sin costo conocido ($)",
    "ingresos_totales": "Ingresos totales ($)",
    "lineas": "Líneas del archivo",
    "margen": "Margen ($)",
    "margen_pct": "Margen (%)",
    "medio_pago_preferido": "Medio de pago preferido",
    "metodo_pago": "Medio de pago",
    "monto": "Monto ($)",
    "mora_pct": "En mora (%)",
    "monto_neto": "Monto neto ($)",
    "pago_servicio": "Pago de servicios ($)",
    "participacion_pct": "Participación (%)",
    "pais": "País",
    **{f"pasan_a_{situation}_pct": f"Pasan a {situation} (%)" for situation in range(1, 6)},
    "poblacion": "Población",
    "presupuesto": "Presupuesto ($)",
    "producto_id": "Código",
    "rechazados_pct": "Rechazados (%)",
    "reembolsado": "Reembolsado ($)",
    "region": "Región",
    "roi": "Retorno (ROI)",
    "roi_margen": "Retorno sobre margen",
    "rotacion": "Rotación",
    "segmento_ingresos": "Segmento de ingresos",
    "sin_cliente_pct": "Sin cliente conocido (%)",
    "situacion": "Situación",
    "tasa_devolucion_pct": "Tasa de devolución (%)",
    "tasa_recompra_pct": "Tasa de recompra (%)",
    "tipo_transaccion": "Movimiento",
    "uso_de_limite": "Uso del límite",
    "variacion_ingresos_pct": "Variación de ingresos (%)",
    "venta_id": "Pedido",
    "verificacion": "Verificación",
}
"""Spanish headings of columns whose name, with blanks instead of underscores, is not good Spanish or lacks its unit."""
WHOLE_PESOS = (
    *(
        "aguinaldo",
        "cargo_envio",
        "compra_tarjeta",
        "costo",
        "debito_automatico",
        "deuda",
        "deuda_media",
        "devoluciones",
        "devoluciones_incrementales",
    ),
    *("devoluciones_nuevos", "devoluciones_por_cliente", "devoluciones_recurrentes", "devoluciones_sin_cliente"),
    "ingresos_sin_cliente",
    *("extraccion_cajero", "gasto_medio", "ingreso_medio"),
    *("ingresos", "ingresos_incrementales", "ingresos_incrementales_desde", "ingresos_incrementales_hasta"),
    *("ingresos_netos", "ingresos_netos_incrementales", "ingresos_netos_incrementales_desde"),
    *("ingresos_netos_incrementales_hasta", "ingresos_netos_nuevos", "ingresos_netos_por_cliente"),
    "ingresos_netos_recurrentes",
    *("ingresos_nuevos", "ingresos_por_cliente", "ingresos_potenciales", "ingresos_recurrentes", "ingresos_sin_costo"),
    *("margen", "margen_incremental", "margen_incremental_desde", "margen_incremental_hasta", "monto_neto"),
    *("pago_servicio", "presupuesto", "reembolsado"),
    *("ahorro", "egresos_totales", "ingresos_totales"),
)
"""Columns of amounts that add up many."""
DECIMALS = {
    **dict.fromkeys(("dias_hasta_entrega", "dias_hasta_entrega_p90", "dias_media", "dias_p90"), 1),
    **dict.fromkeys(("clientes_por_1000_hab", "roi", "rotacion", "score_endeudamiento"), 4),
    **dict.fromkeys(("roi_margen", "roi_margen_desde", "roi_margen_hasta"), 4),
    **dict.fromkeys(("cuota_sobre_ingreso", "uso_de_limite"), 4),
    **dict.fromkeys(WHOLE_PESOS, 0),
}
"""Decimals of a column; without an entry, whole numbers have none and others two."""
QUANTITIES = ("unidades", "unidades_devueltas", "unidades_vendidas")
"""Columns of units, or of kilos or litres, which have the decimals that they need."""
MONTH_COLUMNS = ("mes",)
"""Columns that hold the first day of a month."""
VERBATIM = (
    "archivo",
    "cliente_id",
    "codigo",
    "contraparte",
    "correo",
    "corrida",
    "cuenta_id",
    "cuota_id",
    "detalle",
    "devolucion_id",
    "documento",
    "ejemplo",
    "grafia",
    "mundo",
    "orden_id",
    "origen",
    "otras",
    "pago_id",
    "pais",
    "posible_duplicado_de",
    "prestamo_id",
    "producto_id",
    "resumen_id",
    "tarjeta_id",
    "transaccion_id",
    "venta_id",
    "verificacion",
)
"""Columns whose values are identifiers or quotations, not words."""
WORDED = ("aviso", "resultado")
"""Columns whose words are of the query and not of the data, so that they are translated."""


def is_unknown(value: Any) -> bool:
    """Whether a value is a null: None, or pandas' NaN, NaT and NA, which are recognised without pandas by their names."""
    return value is None or (not isinstance(value, str) and str(value) in ("nan", "NaT", "<NA>"))


def number(value: Any, decimals: int = 0) -> str:
    """1.234,56."""
    return UNKNOWN if is_unknown(value) else f"{value:,.{decimals}f}".translate(PUNCTUATION)


def tick(value: Any) -> str:
    """1.234,5: a number on an axis or a quantity, with as many decimals as it needs, at most three."""
    written = number(round(value, 3) + 0, 3)  # + 0 makes zero of minus zero
    return written.rstrip("0").removesuffix(DECIMAL)


def pesos(value: Any) -> str:
    """950.000 pesos; 12,3 millones de pesos: an amount in a sentence, in the currency shown."""
    if is_unknown(value):
        return UNKNOWN
    if abs(value) < MILLION:
        return restate(_("{} pesos")).format(number(value))
    return restate(_("{} millones de pesos")).format(number(value / MILLION, 1))


def amount(value: Any) -> str:
    """$ 1.235, or $ 1.234,6 M from a hundred million on: an amount outside of a sentence, in the currency shown."""
    if is_unknown(value):
        return UNKNOWN
    if abs(value) < 100 * MILLION:
        return restate(_("$ {}")).format(number(value))
    return restate(_("$ {} M")).format(number(value / MILLION, 1))


def percent(share: Any) -> str:
    """12,3 %, of 0.123."""
    return UNKNOWN if is_unknown(share) else _("{} %").format(number(share * 100, 1))


def day(value: Any) -> str:
    """31/12/2026."""
    return UNKNOWN if is_unknown(value) else format_date(value, _("dd/MM/y"), LOCALE)


def month(value: Any) -> str:
    """12/2026: a month in a table."""
    return UNKNOWN if is_unknown(value) else format_date(value, _("MM/y"), LOCALE)


def month_name(value: date) -> str:
    """Diciembre de 2026, without the capital: a month in a sentence."""
    return format_date(value, _("MMMM 'de' y"), LOCALE)


def month_label(value: date) -> str:
    """Dic 26, without the capital: a month on an axis."""
    return format_date(value, "MMM yy", LOCALE)


def words(value: Any) -> str:
    """A value of the warehouse in words: `compra_tarjeta` is "compra tarjeta"; `sin_dato`, an unknown key, is UNKNOWN."""
    return UNKNOWN if is_unknown(value) or value == "sin_dato" else str(value).replace("_", " ")


def listed(items: Sequence[str]) -> str:
    """Gives: a, b y c."""
    *first, last = items
    return _("{} y {}").format(", ".join(first), last) if first else last


def heading(column: str) -> str:
    """The heading of a column, with the currency of its amounts."""
    return restate(_(HEADINGS.get(column) or words(column).capitalize()))


def cell(value: Any, column: str) -> str:
    """A value of a column: 1.234,56, 31/12/2026, 12/2026 of a month, sí or no, words without underscores."""
    if is_unknown(value):
        return UNKNOWN
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if isinstance(value, str):
        said = value if column in VERBATIM else words(value)
        return _(said) if column in WORDED else said
    if isinstance(value, date):
        return month(value) if column in MONTH_COLUMNS else day(value)
    if column in QUANTITIES:
        return tick(value)
    return number(value, 0 if isinstance(value, Integral) else DECIMALS.get(column, 2))
