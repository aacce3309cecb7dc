"""From the bytes of a line to typed values."""

import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
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


def _integer(text: str) -> Any:
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else INVALID


def _amount(text: str) -> Any:
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", text):
        return INVALID
    return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP)


DAYS = (
    *("fecha", "fecha_nacimiento", "fecha_alta", "fecha_baja", "fecha_inicio", "fecha_fin", "fecha_venta"),
    *("fecha_despacho", "fecha_prometida", "fecha_entrega"),
)
INTEGERS = ("linea", "cantidad")
AMOUNTS = (
    *("ingresos_mensuales", "precio", "costo", "presupuesto", "monto", "total", "precio_unitario", "descuento"),
    *("costo_envio", "costo_unitario"),
)
READERS: dict[str, Callable[[str], Any]] = (
    dict.fromkeys(DAYS, _day) | dict.fromkeys(INTEGERS, _integer) | dict.fromkeys(AMOUNTS, _amount)
)
"""How the text of a column is read; the others are text."""
