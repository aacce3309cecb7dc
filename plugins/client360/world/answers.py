"""The answer key: what the pipeline should find, computed from the generated arrays.

Plain Python and exact integers of cents; it shares nothing with the SQL it grades but the definitions in the design.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from client360.world.parameters import World
from client360.world.simulation import Block, simulate

SPENT = ("compra_tarjeta", "pago_servicio", "debito_automatico", "extraccion_cajero")
FIXED = ("pago_servicio", "debito_automatico")
COLUMNS = [
    "cliente_id",
    "nombre",
    "edad",
    "provincia",
    "ingresos_mensuales",
    "gasto_mensual_promedio",
    "score_endeudamiento",
    "origen_ingresos",
    "meses_observados",
    "ocupacion",
    "antiguedad_meses",
    "segmento_ingresos",
    "fecha_corte",
]


def cliente_360(world: World, fecha: date) -> pd.DataFrame:
    """The rows of `cliente_360` as of `fecha`: COLUMNS, with int, Decimal, date, str or None, in the order of cliente_id."""
    rows = [row for block in simulate(world) for row in _customers(block, world, fecha)]
    rows.sort(key=lambda row: row["cliente_id"])
    ranked = sorted(rows, key=lambda row: (row["ingresos_mensuales"], row["cliente_id"]))
    for position, row in enumerate(ranked):
        row["segmento_ingresos"] = _quintile(position, len(ranked))
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _customers(block: Block, world: World, fecha: date) -> Iterator[dict[str, Any]]:
    newest: dict[str, dict[str, Any]] = {}
    for first, last in _months(world.inicio, fecha):
        for version in block.rows(first, last)["clientes"].sort_by("fecha").to_pylist():
            newest[version["cliente_id"]] = version
    months = [(first, last) for first, last in _months(world.inicio, fecha) if _complete(first, last)][-12:]
    books = {first: _books(block, first, last) for first, last in months}
    for customer, version in newest.items():
        if version["fecha_baja"]:
            continue
        observed = [books[first][customer] for first, _ in months if version["fecha_alta"] <= first]
        salaries = sorted(book["sueldo"] for book in observed[-6:] if book["sueldo"])
        income = _cents(_median(salaries)) if salaries else version["ingresos_mensuales"]
        fixed = sum(book[kind] for book in observed for kind in FIXED)
        yield {
            "cliente_id": customer,
            "nombre": f"{version['nombre']} {version['apellido']}",
            "edad": _whole_years(version["fecha_nacimiento"], fecha),
            "provincia": version["provincia"],
            "ingresos_mensuales": income,
            "gasto_mensual_promedio": _cents(
                Fraction(sum(book[kind] for book in observed for kind in SPENT), len(observed))
            )
            if observed
            else None,
            "score_endeudamiento": _round(Fraction(fixed, len(observed) * int(income * 100)), 4)
            if observed and income
            else None,
            "origen_ingresos": "observado" if salaries else "declarado",
            "meses_observados": len(observed),
            "ocupacion": version["ocupacion"],
            "antiguedad_meses": _whole_months(version["fecha_alta"], fecha),
            "fecha_corte": fecha,
        }


def _books(block: Block, first: date, last: date) -> dict[str, dict[str, int]]:
    """Cents by customer and kind of movement in a month; the regular salary as `sueldo`."""
    books: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for movement in block.rows(first, last)["transacciones"].to_pylist():
        kind = movement["tipo_transaccion"]
        if kind == "ingreso_sueldo" and movement["rubro"] != "aguinaldo":
            kind = "sueldo"
        books[movement["cliente_id"]][kind] += int(movement["monto"] * 100)
    return books


def _months(inicio: date, fecha: date) -> list[tuple[date, date]]:
    """First and last day of each month, or part of one, from `inicio` to `fecha`."""
    months = []
    first = inicio
    while first <= fecha:
        following = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
        months.append((first, min(following - timedelta(days=1), fecha)))
        first = following
    return months


def _complete(first: date, last: date) -> bool:
    return first.day == 1 and (last + timedelta(days=1)).day == 1


def _median(ascending: list[int]) -> Fraction:
    middle = len(ascending) // 2
    if len(ascending) % 2:
        return Fraction(ascending[middle])
    return Fraction(ascending[middle - 1] + ascending[middle], 2)


def _cents(amount: Fraction) -> Decimal:
    """Pesos of an amount in cents, halves away from zero."""
    return _round(amount / 100, 2)


def _round(number: Fraction, places: int) -> Decimal:
    whole = (
        Decimal(number.numerator * 10**places * 2 // number.denominator) / 2
    )  # exact to half a unit in the last place
    return whole.quantize(Decimal(1), ROUND_HALF_UP).scaleb(-places)


def _whole_months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)


def _whole_years(since: date, until: date) -> int:
    return _whole_months(since, until) // 12


def _quintile(position: int, total: int) -> int:
    """Which fifth the row at `position` (from 0) of `total` belongs to; the first fifths are the larger ones."""
    size, larger = divmod(total, 5)
    if position < larger * (size + 1):
        return position // (size + 1) + 1
    return larger + (position - larger * (size + 1)) // size + 1
