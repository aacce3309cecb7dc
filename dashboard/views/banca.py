"""The bank: income, spending and indebtedness by province and income segment."""

import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.cached import Day
from dashboard.tables import figures, table
from reading import formats

ADDED = ["clientes", "con_ingresos", "ingresos", "con_gasto", "gasto", "con_score", "score"]
MEASURES = {
    "Ingreso medio": ("ingreso_medio", "Ingreso mensual medio, en pesos", charts.WHOLE),
    "Gasto medio": ("gasto_medio", "Gasto mensual medio, en pesos", charts.WHOLE),
    "Endeudamiento": ("endeudamiento_pct", "Endeudamiento medio, % del ingreso", charts.TENTHS),
    "Clientes": ("clientes", "Clientes", charts.WHOLE),
}


def show(day: Day) -> None:
    everybody = day.read("banca").fillna({"provincia": formats.UNKNOWN})
    if everybody.empty:
        st.info(f"No hay clientes al {formats.day(day.fecha)}.")
        return
    sums = filtered(everybody)
    if sums.empty:
        st.info("Ningún cliente cumple con esos filtros: quite alguno.")
        return
    whole = means(sums[ADDED].sum().to_frame().T).iloc[0]
    figures(
        {
            "Clientes": formats.number(whole["clientes"]),
            "Ingreso medio": formats.amount(whole["ingreso_medio"]),
            "Gasto medio": formats.amount(whole["gasto_medio"]),
            "Endeudamiento medio": formats.percent(whole["endeudamiento_pct"] / 100),
        }
    )
    st.subheader("Por provincia", anchor=False)
    by_province = means(sums.groupby("provincia")[ADDED].sum().reset_index())
    name = st.segmented_control("Qué se ve", list(MEASURES), default="Ingreso medio", required=True)
    charts.map_and_bars(by_province, *MEASURES[name])
    table(by_province, "banca_por_provincia")
    st.subheader("Por segmento de ingresos", anchor=False)
    by_segment = means(sums.groupby("segmento_ingresos")[ADDED].sum().reset_index())
    left, right = st.columns(2)
    with left:
        charts.show(
            charts.grouped(
                by_segment, "segmento_ingresos", {"ingreso_medio": "Ingreso", "gasto_medio": "Gasto"}, "pesos por mes"
            ),
            "Ingreso y gasto medios por segmento",
        )
    with right:
        charts.show(
            charts.columns(by_segment, "segmento_ingresos", *MEASURES["Endeudamiento"]), "Endeudamiento por segmento"
        )
    table(by_segment, "banca_por_segmento")


def filtered(sums: pd.DataFrame) -> pd.DataFrame:
    """The rows of the provinces and segments that the reader asks for; all, unless some are named."""
    left, right = st.columns(2)
    for place, label, everything, column in (
        (left, "Provincias", "Todas", "provincia"),
        (right, "Segmentos de ingresos, 1 el más bajo", "Todos", "segmento_ingresos"),
    ):
        wanted = place.multiselect(
            label, sorted(sums[column].dropna().unique()), placeholder=everything, select_all=False, key=column
        )
        if wanted:
            sums = sums[sums[column].isin(wanted)]
    return sums


def means(sums: pd.DataFrame) -> pd.DataFrame:
    """What was added up, over those who have the figure."""
    return sums.drop(columns=ADDED).assign(
        clientes=sums["clientes"],
        ingreso_medio=sums["ingresos"] / sums["con_ingresos"],
        gasto_medio=sums["gasto"] / sums["con_gasto"],
        endeudamiento_pct=sums["score"] / sums["con_score"] * 100,
    )
