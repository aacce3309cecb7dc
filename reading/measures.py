"""Figures derived from the answers, as the charts of the dashboard and of the notebooks draw them."""

from datetime import date

import pandas as pd

from reading.formats import words
from reading.language import _

PROVEN, CHANCE = _("efecto comprobado"), _("puede ser azar")
"""Whether a campaign's interval of 95 % leaves out that it added nothing."""


def ratio(part: float, whole: float) -> float:
    """The part over the whole; not a number where there is no whole, or it is not known."""
    return part / whole if whole > 0 else float("nan")


def total(values: pd.Series) -> float:
    """The sum of the values that are known; not a number where none is."""
    return float(values.astype("float64").sum(min_count=1))


def whole_months(rows: pd.DataFrame, fecha: date) -> pd.DataFrame:
    """The rows of months that are over at the end of `fecha`; all of them where none is."""
    over = rows["mes"] + pd.offsets.MonthBegin(1) <= pd.Timestamp(fecha) + pd.Timedelta(days=1)
    return rows[over] if over.any() else rows


def late_deliveries(rows: pd.DataFrame) -> pd.DataFrame:
    """The deliveries of each province, and the percentage that was late of those with a day promised: entregas, con_promesa,
    demoradas, demoradas_pct.

    Takes demoras_logisticas; the result is indexed by provincia, in words. Where none was promised, demoradas_pct is null.
    """
    sums = rows.groupby("provincia")[["entregas", "con_promesa", "demoradas"]].sum().rename(index=words)
    return sums.assign(demoradas_pct=sums["demoradas"] / sums["con_promesa"].where(sums["con_promesa"] > 0) * 100)


def mean_days(rows: pd.DataFrame, days: str, weights: str) -> float:
    """The mean of a column of means, each of as many as the other column says; not a number where none is known."""
    known = rows[rows[days].notna()]
    return ratio(float((known[days].astype("float64") * known[weights]).sum()), float(known[weights].sum()))


def margins(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Revenue, cost and margin by category or month, and the margin over the revenue whose cost is known: margen_pct.

    Takes rentabilidad_mensual; the result is indexed by `by`. Where no cost is known, margen_pct is null.
    """
    sums = rows.groupby(by)[["ingresos", "costo", "margen"]].sum(min_count=1)
    known = sums["margen"] + sums["costo"]
    return sums.assign(margen_pct=sums["margen"] / known.where(known != 0) * 100)


def effects(rows: pd.DataFrame) -> pd.DataFrame:
    """The campaigns with `nombre` in words, their id where they have none, and `efecto`, PROVEN or CHANCE.

    Takes impacto_campanias.
    """
    return rows.assign(
        nombre=rows["nombre"].fillna(rows["campania_id"]).map(words),
        efecto=rows["exito"].fillna(False).map({True: PROVEN, False: CHANCE}),
    )
