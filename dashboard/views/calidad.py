"""Whether the figures can be relied on: freshness, loads, checks and rejected rows, by day."""

import altair as alt
import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.cached import Day
from dashboard.tables import figures, table
from reading import formats, frames
from reading.language import _


def show(day: Day | None) -> None:
    days = frames.read("calidad")
    if days.empty:
        st.info(_("Todavía no se cargó ningún día: ejecute `make run`, o active el DAG `client360` en Airflow."))
        return
    freshness(days, day)
    for failed in days[days["fallidas"].fillna(0) > 0].head(3).itertuples():
        st.error(
            _(
                "El {day} no se publicó: verificaciones fallidas, {count}. Elija ese día más abajo para ver cuáles."
            ).format(day=formats.day(failed.fecha), count=formats.number(failed.fallidas)),
            icon=":material/error:",
        )
    st.subheader(_("Día por día"), anchor=False)
    loads(days.head(62))
    table(days, "calidad_por_dia")
    names = {formats.day(fecha): fecha.date() for fecha in days["fecha"]}
    start = list(names).index(formats.day(day.fecha)) if day else 0
    one_day(names[st.selectbox(_("Un día"), list(names), index=start)])
    st.subheader(_("Archivos recibidos"), anchor=False)
    files = frames.read("entregas")
    if files.empty:
        st.info(_("El mundo simulado no trae archivos de otros: no hay nada que rechazar."))
    else:
        table(files, "archivos_recibidos")
    unknown = frames.read("provincias_sin_reconocer")
    if not unknown.empty:
        st.subheader(_("Provincias sin reconocer"), anchor=False)
        st.caption(_("Cuentan como provincias propias. En `spellings` de `feed.yaml` se dice cuál es cada una."))
        table(unknown, "provincias_sin_reconocer")


def freshness(days: pd.DataFrame, day: Day | None) -> None:
    """How far the warehouse lags behind the last day that is over, and what was rejected altogether."""
    over = frames.read("ultimo_dia").fecha[0]
    loaded = days.loc[days["filas"].notna(), "fecha"].max()
    figures(
        {
            _("Último día publicado"): formats.day(day.fecha if day else None),
            _("Último día cargado"): formats.day(loaded),
            _("Días de atraso"): formats.number(max((over - loaded).days, 0) if pd.notna(loaded) else None),
            _("Filas cargadas"): formats.number(days["filas"].sum()),
            _("Filas rechazadas"): formats.number(days["rechazadas"].sum()),
        }
    )


def loads(days: pd.DataFrame) -> None:
    chart = (
        alt.Chart(days)
        .mark_bar()
        .encode(
            x=alt.X(
                "yearmonthdate(fecha):O",
                title=None,
                axis=alt.Axis(format=_("%d/%m"), labelAngle=-90, labelOverlap=True),
            ),
            y=alt.Y("filas:Q", title=_("filas cargadas"), axis=alt.Axis(format=charts.LARGE, tickCount=5)),
            tooltip=[alt.Tooltip("fecha:T", title=_("Día"), format=charts.DAY), charts.tooltip("filas", charts.WHOLE)],
        )
        .properties(height=220)
    )
    charts.show(chart, _("Filas cargadas por día"))


def one_day(fecha: object) -> None:
    checks, loaded = (frames.read(query, fecha=fecha) for query in ("verificaciones", "cargas"))
    left, right = st.columns(2)
    with left:
        st.markdown(_("**Verificaciones**"))
        if checks.empty:
            st.info(
                _(
                    "Ese día no tiene verificaciones: se cargó con la historia de otro y no se publicó por sí mismo, o su "
                    "publicación ya no se conserva."
                )
            )
        else:
            table(checks[["verificacion", "resultado", "hallazgos", "corrida"]], "verificaciones")
    with right:
        st.markdown(_("**Cargas**"))
        if loaded.empty:
            st.info(_("Ese día no se cargó."))
        else:
            table(loaded, "cargas")
    input_folder(fecha)


def input_folder(fecha: object) -> None:
    """What the newest run of the day did with the files of a feed; nothing for a simulated world."""
    of_files = {query: frames.read(query, fecha=fecha) for query in ("archivos", "recuentos", "entradas")}
    if of_files["archivos"].empty:
        return
    st.markdown(_("**Carpeta de entrada**"))
    for query, rows in of_files.items():
        if not rows.empty:
            table(rows, query)
