"""What there is to see before anything is asked: how many customers, what changed since the month before, and where to go."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard import cached
from dashboard.cached import Day
from dashboard.tables import figures
from reading import formats
from reading.language import _

PLACES = {
    "banca": _("Ingresos, gastos y deudas, por provincia y por segmento"),
    "comercio": _("Ventas, clientes, stock, entregas y campañas: las preguntas del comercio y sus respuestas"),
    "calidad": _("Qué se cargó, qué se verificó y qué se rechazó: si se puede confiar en las cifras"),
}
"""Where to go, by the address of the page."""


def show(day: Day, pages: Sequence[StreamlitPage]) -> None:
    before = month_before(day)
    now = totals(day)
    then = totals(before) if before else pd.Series(dtype="float64")
    figures(
        {
            _("Clientes"): formats.number(now["clientes"]),
            _("Ingreso medio"): formats.amount(now["ingreso"]),
            _("Gasto medio"): formats.amount(now["gasto"]),
            _("Endeudamiento"): formats.percent(now["score"]),
        },
        {
            _("Clientes"): change(now["clientes"], then.get("clientes")),
            _("Ingreso medio"): growth(now["ingreso"], then.get("ingreso")),
            _("Gasto medio"): growth(now["gasto"], then.get("gasto")),
        },
    )
    if before:
        moved = day.read("altas_y_bajas", antes=before.fecha).iloc[0]
        st.caption(
            _("Desde el {day}: altas, {joined}; bajas, {left}.").format(
                day=formats.day(before.fecha), joined=formats.number(moved.altas), left=formats.number(moved.bajas)
            )
        )
    else:
        st.caption(_("No hay un día publicado del mes anterior con que comparar."))
    for page in pages:
        if page.url_path in PLACES:
            st.page_link(page, label=f"**{page.title}.** {PLACES[page.url_path]}")


def month_before(day: Day) -> Day | None:
    """The newest published day of the months before that of the day."""
    first = day.fecha.replace(day=1)
    return next((other for other in cached.days() if other.fecha < first), None)


def totals(day: Day) -> pd.Series:
    """The number of customers, and the means of those who have the figure; null where nobody has."""
    sums = day.read("banca").drop(columns=["provincia", "segmento_ingresos"]).sum().astype("float64")
    means = {
        "ingreso": sums["ingresos"] / sums["con_ingresos"] if sums["con_ingresos"] else None,
        "gasto": sums["gasto"] / sums["con_gasto"] if sums["con_gasto"] else None,
        "score": sums["score"] / sums["con_score"] if sums["con_score"] else None,
    }
    return pd.Series({"clientes": sums["clientes"], **means})


def change(now: float, then: float | None) -> str | None:
    """The difference, with its sign; None where there is none."""
    if then is None or now == then:
        return None
    return f"{'-' if now < then else '+'}{formats.number(abs(now - then))}"


def growth(now: float | None, then: float | None) -> str | None:
    """The change in per cent, with its sign; None where it is less than the tenth that is shown."""
    if now is None or not then or abs(now / then - 1) < 0.0005:
        return None
    share = now / then - 1
    return f"{'-' if share < 0 else '+'}{formats.percent(abs(share))}"
