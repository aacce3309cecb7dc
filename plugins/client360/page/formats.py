"""Cells as they are written in Argentina, whatever the language of the browser."""

from datetime import date
from decimal import Decimal
from typing import Any

NOTHING = "—"
SWAPPED = str.maketrans(",.", ".,")
HEADINGS = {
    "categoria": "Categoría",
    "clientes_potenciales": "Clientes por ganar",
    "demoradas_pct": "Demoradas (%)",
    "deposito": "Depósito",
    "dias_de_stock": "Días de stock",
    "ejemplo": "Por ejemplo",
    "exito": "Éxito",
    "ingresos": "Ingresos ($)",
    "ingresos_incrementales": "Ingresos incrementales ($)",
    "ingresos_potenciales": "Ingresos potenciales ($)",
    "margen": "Margen ($)",
    "margen_pct": "Margen (%)",
    "roi": "Retorno (ROI)",
    "rotacion": "Rotación",
    "tasa_recompra_pct": "Tasa de recompra (%)",
    "verificacion": "Verificación",
}
"""Headings of columns whose name, with blanks, would not do."""
DECIMALS = {"ingresos": 0, "ingresos_incrementales": 0, "ingresos_potenciales": 0, "margen": 0}
"""Decimals of columns of amounts; others have two."""
VERBATIM = ("ejemplo", "nombre", "verificacion")
"""Columns whose values are names of things, not words."""


def heading(column: str) -> str:
    """What stands above a column."""
    return HEADINGS.get(column) or column.replace("_", " ").capitalize()


def cell(value: Any, column: str) -> str:
    """A value of a column: 1.234,56, 31/12/2026, 12/2026 of a month, sí or no, words without underscores."""
    match value:
        case None:
            return NOTHING
        case bool():
            return "sí" if value else "no"
        case int():
            return number(value)
        case Decimal():
            return number(value, DECIMALS.get(column, 2))
        case date():
            return f"{value:%m/%Y}" if column == "mes" else day(value)
    return str(value) if column in VERBATIM else str(value).replace("_", " ")


def number(value: int | Decimal, decimals: int = 0) -> str:
    """1.234,56."""
    return f"{value:,.{decimals}f}".translate(SWAPPED)


def day(value: date) -> str:
    """31/12/2026."""
    return f"{value:%d/%m/%Y}"
