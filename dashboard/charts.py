"""The charts and the map: Altair, with the numbers and months of reading.formats and the colours of .streamlit/config.toml."""

import json
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from reading.formats import DECIMAL, GROUP, MONTHS, SHORT_MONTHS, WEEKDAYS, heading
from reading.language import _
from reading.measures import CHANCE, PROVEN
from reading.money import restate
from reading.palette import BLUE, GREY

DAY, MONTH = _("%d/%m/%Y"), _("%m/%Y")
SHORT_DAY, SHORT_MONTH = _("%d/%m/%y"), _("%m/%y")
"""As Vega is told to write them; the short ones are for axes."""
DAYS = [WEEKDAYS[-1], *WEEKDAYS[:-1]]
"""For Vega a week begins on Sunday."""
LOCALE: dict[str, Any] = {
    "number": {"decimal": DECIMAL, "thousands": GROUP, "grouping": [3], "currency": ["$ ", ""]},
    "time": {
        "dateTime": f"{DAY} %H:%M",
        "date": DAY,
        "time": "%H:%M",
        "periods": ["a. m.", "p. m."],
        "days": DAYS,
        "shortDays": [day[:3] for day in DAYS],
        "months": list(MONTHS),
        "shortMonths": list(SHORT_MONTHS),
    },
}
OUTLINES: dict[str, Any] = json.loads(Path(__file__).with_name("provincias.json").read_text(encoding="utf-8"))
"""The provinces as Natural Earth draws them, simplified, by their names in the warehouse: docs/decisions.md."""
SOURCE = _(
    "Contornos: Natural Earth, de dominio público, simplificados; sin las islas del Atlántico Sur ni la Antártida."
)
CAPITAL: dict[str, Any] = {"provincia": "Ciudad Autónoma de Buenos Aires", "latitud": -34.60, "longitud": -58.38}
"""A dot of its own on the map, where its shape is too small to be seen."""
WHOLE, TENTHS, UNITS = ",.0f", ",.1f", ",.3~f"
LARGE = "~s"
"""Thousands as k, millions as M, on axes."""
MEASURED = [alt.Tooltip("medida:N", title=_("medida")), alt.Tooltip("valor:Q", title=_("valor"), format=WHOLE)]
"""What a mark of a chart of several columns says of itself."""

Chart = alt.Chart | alt.LayerChart | alt.FacetChart


def show(chart: Chart, what: str) -> None:
    """Draw a chart as wide as the page allows; `what` describes it to people who cannot see it."""
    st.altair_chart(chart.configure(locale=LOCALE), width="stretch", alt=what)


def map_and_bars(rows: pd.DataFrame, column: str, title: str, form: str) -> None:
    """A figure of each province, on the map and in order."""
    title = restate(title)
    left, right = st.columns(2)
    with left:
        show(country(rows, column, title, form), _("Mapa de la Argentina: {title}, por provincia").format(title=title))
        st.caption(SOURCE)
    with right:
        show(bars(rows, "provincia", column, title, form), _("{title}, por provincia").format(title=title))


def by_month(column: str = "mes") -> alt.X:
    """An axis with a place for each month."""
    return alt.X(f"yearmonth({column}):O", title=None, axis=alt.Axis(format=SHORT_MONTH, labelAngle=-90))


def tooltip(column: str, form: str = "") -> alt.Tooltip:
    shown = alt.Tooltip(column, title=heading(column.partition(":")[0]))
    return shown.format(form) if form else shown


def stacked(rows: pd.DataFrame, columns: dict[str, str], title: str) -> alt.Chart:
    """Columns of the frame on top of each other, month by month."""
    return _melted(rows, "mes", columns, title).encode(
        x=by_month(),
        tooltip=[tooltip("mes:T", MONTH), *MEASURED],
    )


def days(rows: pd.DataFrame, columns: dict[str, str], title: str) -> alt.LayerChart:
    """Columns of the frame as lines from one `fecha_corte` to the next; a day that lacks a figure breaks its line."""
    chart = _melted(rows, "fecha_corte", columns, title).encode(
        x=alt.X("fecha_corte:T", title=None, axis=alt.Axis(format=SHORT_DAY, labelAngle=-90)),
        tooltip=[tooltip("fecha_corte:T", DAY), *MEASURED],
    )
    return chart.mark_line() + chart.mark_point(filled=True, opacity=1)


def months(rows: pd.DataFrame, columns: dict[str, str], title: str) -> alt.Chart:
    """Columns of the frame side by side, month by month."""
    return stacked(rows, columns, title).encode(xOffset=alt.XOffset("medida:N", sort=list(columns.values())))


def grouped(rows: pd.DataFrame, key: str, columns: dict[str, str], title: str) -> alt.Chart:
    """Columns of the frame side by side, key by key."""
    return _melted(rows, key, columns, title).encode(
        x=alt.X(f"{key}:O", title=heading(key), axis=alt.Axis(labelAngle=0)),
        xOffset=alt.XOffset("medida:N", sort=list(columns.values())),
        tooltip=[tooltip(key), *MEASURED],
    )


def _axis(form: str) -> alt.Axis:
    return alt.Axis(format=_axis_format(form), tickCount=5)


def _axis_format(form: str) -> str:
    return LARGE if form == WHOLE else form


def _melted(rows: pd.DataFrame, key: str, columns: dict[str, str], title: str) -> alt.Chart:
    names = list(columns.values())
    long = rows[[key, *columns]].rename(columns=columns).melt(key, names, "medida", "valor")
    return (
        alt.Chart(long)
        .mark_bar()
        .encode(
            y=alt.Y("valor:Q", title=restate(title), axis=_axis(WHOLE)),
            color=alt.Color("medida:N", title=None, sort=names, legend=alt.Legend(orient="top", columns=2)),
        )
    )


def columns(rows: pd.DataFrame, key: str, value: str, title: str, form: str) -> alt.Chart:
    """An upright bar for each key."""
    return (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X(f"{key}:O", title=heading(key), axis=alt.Axis(labelAngle=0)),
            y=alt.Y(f"{value}:Q", title=restate(title), axis=_axis(form)),
            tooltip=[tooltip(key), tooltip(value, form)],
        )
    )


def bars(rows: pd.DataFrame, key: str, value: str, title: str, form: str) -> alt.Chart:
    """A horizontal bar for each key, the longest on top."""
    return (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            y=alt.Y(
                f"{key}:N", sort="-x", title=None, axis=alt.Axis(labelLimit=200, labelBound=False, labelFlush=False)
            ),
            x=alt.X(f"{value}:Q", title=restate(title), axis=_axis(form)),
            tooltip=[tooltip(key), tooltip(value, form)],
        )
    )


def intervals(rows: pd.DataFrame, key: str, value: str, title: str) -> Chart:
    """An estimate for each key with its interval, the columns `value`_desde and `value`_hasta, in the order of the rows."""
    order = alt.Y(
        f"{key}:N", sort=list(rows[key]), title=None, axis=alt.Axis(labelLimit=200, labelBound=False, labelFlush=False)
    )
    colour = alt.Color(
        "efecto:N",
        title=None,
        legend=alt.Legend(orient="top"),
        scale=alt.Scale(domain=[PROVEN, CHANCE], range=[BLUE, GREY]),
    )
    bounds = [tooltip(name, TENTHS) for name in (value, f"{value}_desde", f"{value}_hasta")]
    base = alt.Chart(rows).encode(y=order, color=colour, tooltip=[tooltip(key), *bounds])
    return alt.layer(
        alt.Chart(pd.DataFrame({"cero": [0]})).mark_rule(strokeDash=[4, 4]).encode(x="cero:Q"),
        base.mark_rule(strokeWidth=2).encode(
            x=alt.X(f"{value}_desde:Q", title=restate(title), axis=_axis(WHOLE)), x2=f"{value}_hasta:Q"
        ),
        base.mark_point(filled=True, size=70).encode(x=f"{value}:Q"),
    )


def country(rows: pd.DataFrame, value: str, title: str, form: str) -> Chart:
    """Argentina, each province in the colour of its value; grey without one."""
    provinces = alt.InlineData(values=OUTLINES, format=alt.TopoDataFormat(type="topojson", feature="provincias"))
    values = alt.LookupData(data=rows[["provincia", value]], key="provincia", fields=["provincia", value])
    legend = alt.Legend(orient="bottom", format=_axis_format(form), gradientLength=240, titleLimit=320)
    colour = alt.Color(f"{value}:Q", title=restate(title), legend=legend)
    # of values that are looked up nothing is known here, so their types are named
    hints = [tooltip("provincia:N"), tooltip(f"{value}:Q", form)]
    ground = alt.Chart(provinces).mark_geoshape(fill="#e8e8e8", stroke="white")
    shapes = (
        alt.Chart(provinces)
        .mark_geoshape(stroke="white", strokeWidth=0.7)
        .transform_lookup(lookup="id", from_=values)
        .transform_filter(f"isValid(datum['{value}'])")
        .encode(color=colour, tooltip=hints)
    )
    capital = (
        alt.Chart(rows[rows["provincia"] == CAPITAL["provincia"]].assign(**CAPITAL))
        .mark_circle(size=110, stroke="white", strokeWidth=1, opacity=1)
        .encode(longitude="longitud:Q", latitude="latitud:Q", color=colour, tooltip=hints)
    )
    # areas are true to scale, so that no province weighs more than it should
    return (
        alt.layer(ground, shapes, capital)
        .project(type="conicEqualArea", parallels=[-25, -50], rotate=[64, 0])
        .properties(height=560)
    )
