"""One customer, whole: who, money, purchases, deliveries and campaigns."""

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard import charts, explanation
from dashboard.cached import Day
from dashboard.tables import figures, table
from dashboard.views import inicio
from reading import formats

SPENDING = {
    "compra_tarjeta": "Tarjeta",
    "pago_servicio": "Servicios",
    "debito_automatico": "Débitos",
    "extraccion_cajero": "Extracciones",
}
STOCKS = {"saldo_total": "Saldo", "deuda_total": "Deuda"}
NOT_PROVIDED = "La fuente no trae {}: no se sabe."
MANY = 50
"""As many customers as clientes_buscados.sql returns."""


def show(day: Day, pages: Sequence[StreamlitPage]) -> None:
    text = st.text_input(
        "Buscar un cliente",
        placeholder="Identificador o parte del nombre",
        key="cliente",
        bind="query-params",
        max_chars=80,
        icon=":material/search:",
    )
    text = (text or "").strip()
    found = day.read("clientes_buscados", texto=text)
    if not text:
        examples = ", ".join(found["cliente_id"].head(3))
        st.caption(f"Escriba un identificador o una parte del nombre, y pulse Intro. Por ejemplo: {examples}.")
        inicio.show(day, pages)
    elif found.empty:
        not_found(day, text)
    else:
        customer(day, choose(found))


def not_found(day: Day, text: str) -> None:
    """Report that there is no such customer, and the customers of other days with that id or name."""
    st.warning(
        f"No hay ningún cliente «{text}» al {formats.day(day.fecha)}. Revise el identificador, pruebe "
        "con una parte del nombre o elija otra fecha de corte.",
        icon=":material/person_off:",
    )
    for other in day.read("otro_dia", texto=text).itertuples():
        st.info(
            f"{formats.words(other.nombre)} ({other.cliente_id}) es cliente en otras fechas: alta el "
            f"{formats.day(other.fecha_alta)}, baja: {formats.day(other.fecha_baja)}."
        )


def choose(found: pd.DataFrame) -> str:
    """The customer meant: the only one found, or the one chosen of several."""
    if len(found) == 1:
        return str(found["cliente_id"].iloc[0])
    several = {
        f"{formats.words(row.nombre)} · {formats.words(row.provincia)} · {row.cliente_id}": row.cliente_id
        for row in found.itertuples()
    }
    count = f"los primeros {MANY}" if len(found) == MANY else f"{len(found)}"
    return str(several[st.selectbox(f"Coinciden {count}: elija uno", list(several))])


def customer(day: Day, cliente_id: str) -> None:
    profile = day.read("perfil", cliente_id=cliente_id).iloc[0]
    st.subheader(formats.words(profile["nombre"]), anchor=False)
    st.caption(
        f"{profile['cliente_id']} · {formats.number(profile['edad'])} años · {formats.words(profile['ocupacion'])} · "
        f"{formats.words(profile['ciudad'])}, {formats.words(profile['provincia'])} · "
        f"cliente desde el {formats.day(profile['fecha_alta'])}"
    )
    if not formats.is_unknown(profile["posible_duplicado_de"]):
        st.info(
            f"Puede ser la misma persona que {profile['posible_duplicado_de']}: tienen el mismo documento, o el mismo correo y "
            "la misma fecha de nacimiento."
        )
    figures(
        {
            "Ingresos mensuales": formats.amount(profile["ingresos_mensuales"]),
            "Gasto mensual": formats.amount(profile["gasto_mensual_promedio"]),
            "Endeudamiento": formats.percent(profile["score_endeudamiento"]),
            "Compras en 12 meses": formats.number(profile["compras_12m"]),
            "Monto comprado": formats.amount(profile["monto_compras_12m"]),
            "Tipo de comprador": formats.words(profile["tipo_comprador"]),
        }
    )
    with st.expander("Todo el perfil"):
        table(written_down(profile), f"perfil_{cliente_id}")
    explanation.show(day, cliente_id)
    months, orders, shipments, campaigns, movements = st.tabs(
        ["Ingresos y gastos", "Compras", "Entregas", "Campañas", "Movimientos"]
    )
    with months:
        if formats.is_unknown(profile["meses_observados"]):
            st.info(NOT_PROVIDED.format("movimientos del banco"))
        else:
            income_and_spending(day, cliente_id)
        balances(day, cliente_id)
    # a figure that is unknown of everybody whose rows the source does not provide
    for place, query, figure, what, nothing in (
        (orders, "compras_de_cliente", "compras_12m", "pedidos con sus líneas", "No compró nada en los 365 días"),
        (shipments, "entregas_de_cliente", None, "envíos", "No se conoce ningún envío suyo en los 365 días"),
        (
            campaigns,
            "campanias_de_cliente",
            "contactos_campania_12m",
            "contactos de campañas",
            "Ninguna campaña lo alcanzó en los 365 días",
        ),
        (
            movements,
            "movimientos_de_cliente",
            "meses_observados",
            "movimientos del banco",
            "No tiene movimientos en los 90 días",
        ),
    ):
        with place:
            rows = day.read(query, cliente_id=cliente_id)
            if figure and formats.is_unknown(profile[figure]):
                st.info(NOT_PROVIDED.format(what))
            elif rows.empty:
                st.info(f"{nothing} que terminan en la fecha de corte.")
            else:
                table(rows, f"{query.partition('_')[0]}_{cliente_id}")


def income_and_spending(day: Day, cliente_id: str) -> None:
    rows = day.read("meses_de_cliente", cliente_id=cliente_id)
    if rows.empty:
        st.info("Todavía no hay ningún mes completo con movimientos.")
        return
    spending = charts.stacked(rows, SPENDING, "pesos")
    income = (
        alt.Chart(rows)
        .mark_line(point=alt.OverlayMarkDef(color="black"), color="black")
        .encode(x=charts.by_month(), y="ingresos:Q", tooltip=[charts.tooltip("ingresos", charts.WHOLE)])
    )
    st.markdown("**Gastos de cada mes completo (barras) e ingresos fijos (línea)**")
    charts.show(spending + income, "Ingresos y gastos por mes")
    table(rows, f"meses_{cliente_id}")


def balances(day: Day, cliente_id: str) -> None:
    rows = day.read("saldos_de_cliente", cliente_id=cliente_id)
    known = {column: name for column, name in STOCKS.items() if rows[column].notna().any()}
    if known:
        st.markdown("**Saldo de las cuentas y deuda, en cada fecha publicada**")
        charts.show(charts.days(rows, known, "pesos"), "Saldo y deuda por fecha")
        table(rows, f"saldos_{cliente_id}")


def written_down(profile: pd.Series) -> pd.DataFrame:
    """The profile as a table of two columns: each fact and how it is written."""
    return pd.DataFrame(
        {
            "dato": [formats.heading(column) for column in profile.index],
            "valor": [formats.cell(profile[column], column) for column in profile.index],
        }
    )
