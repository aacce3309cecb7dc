"""Numbers, days and lists as they are written in Argentina."""

from collections.abc import Iterable
from datetime import date

import pandas as pd
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

LOCALE = "es_AR"
UNKNOWN = "sin dato"
MILLION = 1_000_000


def number(value: float, decimals: int = 0) -> str:
    """1.234,5."""
    return UNKNOWN if pd.isna(value) else str(format_decimal(value, "#,##0." + "0" * decimals, locale=LOCALE))


def pesos(value: float) -> str:
    """950.000 pesos; 12,3 millones de pesos."""
    if pd.isna(value) or abs(value) < MILLION:
        return f"{number(value)} pesos"
    return f"{number(value / MILLION, 1)} millones de pesos"


def percent(share: float) -> str:
    """12,3 %, of 0.123."""
    return UNKNOWN if pd.isna(share) else f"{number(share * 100, 1)} %"


def day(value: date) -> str:
    """20/11/2026."""
    return str(format_date(value, "dd/MM/yyyy", locale=LOCALE))


def month(value: date) -> str:
    """Noviembre de 2026, without the capital."""
    return str(format_date(value, "MMMM 'de' y", locale=LOCALE))


def words(value: str | None) -> str:
    """A value of the warehouse: `compra_tarjeta` is "compra tarjeta"."""
    return UNKNOWN if pd.isna(value) else value.replace("_", " ")


def listed(items: Iterable[str]) -> str:
    """Gives: a, b y c."""
    return str(format_list(list(items), locale=LOCALE))
