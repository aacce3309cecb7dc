"""From the bytes of a line to typed values."""

import re
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, partial
from typing import Any

Values = dict[str, Any]
"""The typed values of a row by column; None for an empty one, INVALID for text of the wrong type."""

INVALID = object()
"""The value of text that is of the wrong type."""


def split_line(line: bytes, width: int) -> tuple[str, list[str]]:
    """What is wrong with a line of a file with `width` columns, empty if nothing, and its texts."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return "codificacion", []
    if text.count('"') % 2:
        return "comillas", []
    values = text.split(",")
    if len(values) == width:
        return "", values
    return "columnas_de_menos" if len(values) < width else "columnas_de_mas", []


def typed(column: str, text: str) -> Any:
    """The value of a text in a column."""
    return READERS.get(column, str)(text) if text else None


@lru_cache
def _day(text: str) -> Any:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return INVALID
    try:
        return date.fromisoformat(text)
    except ValueError:
        return INVALID


@lru_cache
def _moment(text: str) -> Any:
    """The simulator writes moments in UTC."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", text):
        return INVALID
    try:
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=timezone.utc)
    except ValueError:
        return INVALID


def _integer(text: str) -> Any:
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else INVALID


def round_half_up(number: Decimal, places: int) -> Decimal:
    """The number to that many decimals, halves away from zero."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _decimal(text: str, places: int) -> Any:
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", text):
        return INVALID
    return round_half_up(Decimal(text), places)


DAYS = (
    *("fecha", "fecha_nacimiento", "fecha_alta", "fecha_baja", "fecha_inicio", "fecha_fin", "fecha_venta"),
    *("fecha_despacho", "fecha_prometida", "fecha_entrega"),
    *("fecha_apertura", "fecha_cierre", "desde", "hasta"),
    *("fecha_vencimiento", "fecha_otorgamiento", "vencimiento", "pagado_el"),
)
MOMENTS = ("momento", "momento_despacho", "momento_entrega")
INTEGERS = ("linea", "cuotas", "numero", "plazo", "dia_cierre", "dia_vencimiento")
DECIMALS = {
    **dict.fromkeys(
        ("ingresos_mensuales", "presupuesto", "monto", "total", "descuento", "costo_envio", "cargo_envio"), 2
    ),
    **dict.fromkeys(("limite", "minimo", "pagado", "tasa", "saldo", "capital"), 2),
    **dict.fromkeys(("precio", "costo", "precio_unitario", "costo_unitario"), 6),
    "cantidad": 3,
    "saldo_inicial": 2,
    "saldo": 2,
    "participacion": 4,
    "cotizacion": 10,
}
"""The decimals of each column of numbers with some."""
READERS: dict[str, Callable[[str], Any]] = (
    dict.fromkeys(DAYS, _day)
    | dict.fromkeys(MOMENTS, _moment)
    | dict.fromkeys(INTEGERS, _integer)
    | {column: partial(_decimal, places=places) for column, places in DECIMALS.items()}
)
"""How the text of a column is read; the others are text."""
