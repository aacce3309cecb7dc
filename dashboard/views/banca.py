"""The bank: income, spending and indebtedness by province and income segment."""

import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.cached import Day
from dashboard.tables import figures, table
from reading import formats
from reading.language import _

ADDED = ["clientes", "con_ingresos", "ingresos", "con_gasto", "gasto", "con_score", "score"]
ADDED += ["con_deuda", "deuda", "con_credito", "en_mora"]
STOCKS = {"saldo": _("Saldo"), "deuda": _("Deuda")}
FLOWS = ["ingresos_totales", "egresos_totales"]
HOURLY = ["compras_con_tarjeta", "extracciones", "transferencias", "pedidos"]
MEASURES = {
    _("Ingreso medio"): ("ingreso_medio", _("Ingreso mensual medio, en pesos"), charts.WHOLE),
    _("Gasto medio"): ("gasto_medio", _("Gasto mensual medio, en pesos"), charts.WHOLE),
    _("Endeudamiento"): ("endeudamiento_pct", _("Endeudamiento medio, % del ingreso"), charts.TENTHS),
    _("Clientes"): ("clientes", _("Clientes"), charts.WHOLE),
    _("Deuda"): ("deuda_media", _("Deuda media, en pesos"), charts.WHOLE),
    _("Mora"): ("mora_pct", _("Clientes en mora, % de los que tienen crédito"), charts.TENTHS),
}


def show(day: Day) -> None:
    everybody = day.read("banca").fillna({"provincia": formats.UNKNOWN})
    if everybody.empty:
        st.info(_("No hay clientes al {day}.").format(day=formats.day(day.fecha)))
        return
    sums = filtered(everybody)
    if sums.empty:
        st.info(_("Ningún cliente cumple con esos filtros: quite alguno."))
        return
    whole = means(sums[ADDED].sum().to_frame().T).iloc[0]
    figures(
        {
            _("Clientes"): formats.number(whole["clientes"]),
            _("Ingreso medio"): formats.amount(whole["ingreso_medio"]),
            _("Gasto medio"): formats.amount(whole["gasto_medio"]),
            _("Endeudamiento medio"): formats.percent(whole["endeudamiento_pct"] / 100),
            **({_("Deuda media"): formats.amount(whole["deuda_media"])} if "deuda_media" in whole else {}),
            **({_("En mora"): formats.percent(whole["mora_pct"] / 100)} if "mora_pct" in whole else {}),
        }
    )
    st.subheader(_("Por provincia"), anchor=False)
    by_province = means(sums.groupby("provincia")[ADDED].sum().reset_index())
    known = [name for name, (column, *_) in MEASURES.items() if column in by_province]
    name = st.segmented_control(_("Qué se ve"), known, default=_("Ingreso medio"), required=True)
    charts.map_and_bars(by_province, *MEASURES[name])
    table(by_province, "banca_por_provincia")
    st.subheader(_("Por segmento de ingresos"), anchor=False)
    by_segment = means(sums.groupby("segmento_ingresos")[ADDED].sum().reset_index())
    left, right = st.columns(2)
    with left:
        charts.show(
            charts.grouped(
                by_segment,
                "segmento_ingresos",
                {"ingreso_medio": _("Ingreso"), "gasto_medio": _("Gasto")},
                _("pesos por mes"),
            ),
            _("Ingreso y gasto medios por segmento"),
        )
    with right:
        charts.show(
            charts.columns(by_segment, "segmento_ingresos", *MEASURES[_("Endeudamiento")]),
            _("Endeudamiento por segmento"),
        )
    table(by_segment, "banca_por_segmento")
    flows(day, sums[["provincia", "segmento_ingresos"]] if len(sums) < len(everybody) else None)
    balances(day, sums[["provincia", "segmento_ingresos"]] if len(sums) < len(everybody) else None)
    hours(day)


def flows(day: Day, chosen: pd.DataFrame | None) -> None:
    """What came in and left by month, of all or of the customers of the provinces and segments that the reader asks for."""
    st.subheader(_("Lo que entra y lo que sale, por mes"), anchor=False)
    found = day.read("flujos").fillna({"provincia": formats.UNKNOWN})
    if found.empty:
        st.info(_("La fuente no dice en qué sentido va cada movimiento: no se sabe cuánto entra y cuánto sale."))
        return
    if chosen is not None:
        found = found.merge(chosen)
    if found.empty:
        st.info(_("Los clientes de esos filtros no tienen movimientos en ningún mes completo."))
        return
    st.caption(
        _(
            "Todo el dinero que entró en las cuentas y todo el que salió en cada mes completo, sin ahorro ni moneda extranjera. "
            "Lo que se compra con tarjeta de crédito sale cuando se paga el resumen."
        )
    )
    by_month = found.groupby("mes")[FLOWS].sum().reset_index()
    by_month["ahorro"] = by_month["ingresos_totales"] - by_month["egresos_totales"]
    names = {"ingresos_totales": _("Entró"), "egresos_totales": _("Salió")}
    charts.show(charts.months(by_month, names, _("pesos")), _("Lo que entró y lo que salió por mes"))
    table(by_month, "banca_flujos")


def balances(day: Day, chosen: pd.DataFrame | None) -> None:
    """What accounts hold and customers owe from one published day to the next, of the same customers."""
    st.subheader(_("Lo que hay y lo que se debe"), anchor=False)
    found = day.read("saldos").fillna({"provincia": formats.UNKNOWN})
    if chosen is not None:
        found = found.merge(chosen)
    known = {column: name for column, name in STOCKS.items() if found[column].notna().any()}
    if not known:
        st.info(_("La fuente no trae saldos, préstamos ni resúmenes: no se sabe cuánto hay ni cuánto se debe."))
        return
    st.caption(
        _(
            "Saldo de las cuentas y deuda de los clientes en cada fecha de corte publicada de los últimos trece meses. Con una "
            "sola se ve un punto."
        )
    )
    by_day = found.groupby("fecha_corte")[list(known)].sum(min_count=1).reset_index()
    charts.show(charts.days(by_day, known, _("pesos")), _("Saldo y deuda por fecha"))
    table(by_day, "banca_saldos")


def hours(day: Day) -> None:
    """When people pay and order, by the hour, of everybody."""
    st.subheader(_("Por hora del día"), anchor=False)
    found = day.read("horas")
    names = {name: formats.heading(name) for name in HOURLY if found[name].notna().any()}
    if not names:
        st.info(_("La fuente no dice a qué hora pasó cada cosa."))
        return
    st.caption(
        _("Cuántas operaciones hubo en cada hora, en las cuatro semanas que terminan en la fecha de corte, de todos.")
    )
    charts.show(charts.grouped(found, "hora", names, _("operaciones")), _("Operaciones por hora del día"))
    table(found[["hora", *names]], "banca_por_hora")


def filtered(sums: pd.DataFrame) -> pd.DataFrame:
    """The rows of the provinces and segments that the reader asks for; all, unless some are named."""
    left, right = st.columns(2)
    for place, label, everything, column in (
        (left, _("Provincias"), _("Todas"), "provincia"),
        (right, _("Segmentos de ingresos, 1 el más bajo"), _("Todos"), "segmento_ingresos"),
    ):
        wanted = place.multiselect(
            label, sorted(sums[column].dropna().unique()), placeholder=everything, select_all=False, key=column
        )
        if wanted:
            sums = sums[sums[column].isin(wanted)]
    return sums


def means(sums: pd.DataFrame) -> pd.DataFrame:
    """What was added up, over those who have the figure; empty where nobody has."""
    clients, sums, kept = sums["clientes"], sums[ADDED].astype("float64"), sums.drop(columns=ADDED)
    found = kept.assign(
        clientes=clients,
        ingreso_medio=sums["ingresos"] / sums["con_ingresos"],
        gasto_medio=sums["gasto"] / sums["con_gasto"],
        endeudamiento_pct=sums["score"] / sums["con_score"] * 100,
    )
    # a source without credit shows none
    if sums["con_deuda"].sum():
        found["deuda_media"] = sums["deuda"] / sums["con_deuda"]
    if sums["con_credito"].sum():
        found["mora_pct"] = sums["en_mora"] / sums["con_credito"] * 100
    return found
