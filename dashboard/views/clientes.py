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
from reading.language import _

SPENDING = {
    "compra_tarjeta": _("Tarjeta"),
    "pago_servicio": _("Servicios"),
    "debito_automatico": _("Débitos"),
    "extraccion_cajero": _("Extracciones"),
}
STOCKS = {"saldo_total": _("Saldo"), "deuda_total": _("Deuda")}
NOT_PROVIDED = _("La fuente no trae {what}: no se sabe.")
MANY = 50
"""As many customers as clientes_buscados.sql returns."""


def show(day: Day, pages: Sequence[StreamlitPage]) -> None:
    text = st.text_input(
        _("Buscar un cliente"),
        placeholder=_("Identificador o parte del nombre"),
        key="cliente",
        bind="query-params",
        max_chars=80,
        icon=":material/search:",
    )
    text = (text or "").strip()
    found = day.read("clientes_buscados", texto=text)
    if not text:
        examples = ", ".join(found["cliente_id"].head(3))
        st.caption(
            _("Escriba un identificador o una parte del nombre, y pulse Intro. Por ejemplo: {examples}.").format(
                examples=examples
            )
        )
        inicio.show(day, pages)
    elif found.empty:
        not_found(day, text)
    else:
        customer(day, choose(found))


def not_found(day: Day, text: str) -> None:
    """Report that there is no such customer, and the customers of other days with that id or name."""
    st.warning(
        _(
            "No hay ningún cliente «{text}» al {day}. Revise el identificador, pruebe con una parte del nombre o elija otra "
            "fecha de corte."
        ).format(text=text, day=formats.day(day.fecha)),
        icon=":material/person_off:",
    )
    for other in day.read("otro_dia", texto=text).itertuples():
        st.info(
            _("{name} ({customer}) es cliente en otras fechas: alta el {joined}, baja: {left}.").format(
                name=formats.words(other.nombre),
                customer=other.cliente_id,
                joined=formats.day(other.fecha_alta),
                left=formats.day(other.fecha_baja),
            )
        )


def choose(found: pd.DataFrame) -> str:
    """The customer meant: the only one found, or the one chosen of several."""
    if len(found) == 1:
        return str(found["cliente_id"].iloc[0])
    several = {
        f"{formats.words(row.nombre)} · {formats.words(row.provincia)} · {row.cliente_id}": row.cliente_id
        for row in found.itertuples()
    }
    ask = _("Coinciden los primeros {count}: elija uno") if len(found) == MANY else _("Coinciden {count}: elija uno")
    return str(several[st.selectbox(ask.format(count=len(found)), list(several))])


def customer(day: Day, cliente_id: str) -> None:
    profile = day.read("perfil", cliente_id=cliente_id).iloc[0]
    st.subheader(formats.words(profile["nombre"]), anchor=False)
    st.caption(
        _("{customer} · {age} años · {occupation} · {city}, {province} · cliente desde el {since}").format(
            customer=profile["cliente_id"],
            age=formats.number(profile["edad"]),
            occupation=formats.words(profile["ocupacion"]),
            city=formats.words(profile["ciudad"]),
            province=formats.words(profile["provincia"]),
            since=formats.day(profile["fecha_alta"]),
        )
    )
    if not formats.is_unknown(profile["posible_duplicado_de"]):
        st.info(
            _(
                "Puede ser la misma persona que {customer}: tienen el mismo documento, o el mismo correo y la misma fecha de "
                "nacimiento."
            ).format(customer=profile["posible_duplicado_de"])
        )
    figures(
        {
            _("Ingresos mensuales"): formats.amount(profile["ingresos_mensuales"]),
            _("Gasto mensual"): formats.amount(profile["gasto_mensual_promedio"]),
            _("Endeudamiento"): formats.percent(profile["score_endeudamiento"]),
            _("Compras en 12 meses"): formats.number(profile["compras_12m"]),
            _("Monto comprado"): formats.amount(profile["monto_compras_12m"]),
            _("Tipo de comprador"): formats.words(profile["tipo_comprador"]),
        }
    )
    with st.expander(_("Todo el perfil")):
        table(written_down(profile), f"perfil_{cliente_id}")
    explanation.show(day, cliente_id)
    months, orders, shipments, campaigns, movements = st.tabs(
        [_("Ingresos y gastos"), _("Compras"), _("Entregas"), _("Campañas"), _("Movimientos")]
    )
    with months:
        if formats.is_unknown(profile["meses_observados"]):
            st.info(NOT_PROVIDED.format(what=_("movimientos del banco")))
        else:
            income_and_spending(day, cliente_id)
        balances(day, cliente_id)
    # a figure that is unknown of everybody whose rows the source does not provide
    for place, query, figure, what, nothing in (
        (
            orders,
            "compras_de_cliente",
            "compras_12m",
            _("pedidos con sus líneas"),
            _("No compró nada en los 365 días que terminan en la fecha de corte."),
        ),
        (
            shipments,
            "entregas_de_cliente",
            None,
            _("envíos"),
            _("No se conoce ningún envío suyo en los 365 días que terminan en la fecha de corte."),
        ),
        (
            campaigns,
            "campanias_de_cliente",
            "contactos_campania_12m",
            _("contactos de campañas"),
            _("Ninguna campaña lo alcanzó en los 365 días que terminan en la fecha de corte."),
        ),
        (
            movements,
            "movimientos_de_cliente",
            "meses_observados",
            _("movimientos del banco"),
            _("No tiene movimientos en los 90 días que terminan en la fecha de corte."),
        ),
    ):
        with place:
            rows = day.read(query, cliente_id=cliente_id)
            if figure and formats.is_unknown(profile[figure]):
                st.info(NOT_PROVIDED.format(what=what))
            elif rows.empty:
                st.info(nothing)
            else:
                table(rows, f"{query.partition('_')[0]}_{cliente_id}")


def income_and_spending(day: Day, cliente_id: str) -> None:
    rows = day.read("meses_de_cliente", cliente_id=cliente_id)
    if rows.empty:
        st.info(_("Todavía no hay ningún mes completo con movimientos."))
        return
    spending = charts.stacked(rows, SPENDING, _("pesos"))
    income = (
        alt.Chart(rows)
        .mark_line(point=alt.OverlayMarkDef(color="black"), color="black")
        .encode(x=charts.by_month(), y="ingresos:Q", tooltip=[charts.tooltip("ingresos", charts.WHOLE)])
    )
    st.markdown(_("**Gastos de cada mes completo (barras) e ingresos fijos (línea)**"))
    charts.show(spending + income, _("Ingresos y gastos por mes"))
    table(rows, f"meses_{cliente_id}")


def balances(day: Day, cliente_id: str) -> None:
    rows = day.read("saldos_de_cliente", cliente_id=cliente_id)
    known = {column: name for column, name in STOCKS.items() if rows[column].notna().any()}
    if known:
        st.markdown(_("**Saldo de las cuentas y deuda, en cada fecha de corte publicada**"))
        charts.show(charts.days(rows, known, _("pesos")), _("Saldo y deuda por fecha"))
        table(rows, f"saldos_{cliente_id}")


def written_down(profile: pd.Series) -> pd.DataFrame:
    """The profile as a table of two columns: each fact and how it is written."""
    return pd.DataFrame(
        {
            "dato": [formats.heading(column) for column in profile.index],
            "valor": [formats.cell(profile[column], column) for column in profile.index],
        }
    )
