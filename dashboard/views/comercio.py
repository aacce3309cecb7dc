"""The shop: the answers, each with the filters that its rows allow."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.cached import Day
from dashboard.tables import figures, table
from reading import formats, measures
from reading.language import _
from reading.questions import ANSWERS

PLACES = {
    _("Ingresos potenciales"): ("ingresos_potenciales", _("Ingresos potenciales por año, en pesos"), charts.WHOLE),
    _("Penetración"): ("clientes_por_1000_hab", _("Clientes cada 1.000 habitantes"), ",.3f"),
    _("Ingresos por cliente"): ("ingresos_por_cliente", _("Compras en 12 meses por cliente, en pesos"), charts.WHOLE),
    _("Ingresos netos por cliente"): (
        "ingresos_netos_por_cliente",
        _("Compras menos devoluciones en 12 meses por cliente, en pesos"),
        charts.WHOLE,
    ),
    _("Crecimiento"): ("crecimiento_pct", _("Crecimiento de clientes en 12 meses, %"), charts.TENTHS),
}


def show(day: Day) -> None:
    relations = {_(question.title): relation for relation, question in ANSWERS.items()}
    relation = relations[st.selectbox(_("Pregunta"), list(relations), key="pregunta", bind="query-params")]
    rows = filtered(day.answer(relation))
    if rows.empty:
        st.info(_("No hay datos para esta pregunta con esos filtros y esa fecha de corte."))
    else:
        SHOWN[relation](rows)
        table(rows, relation)


def filtered(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the period, categories, provinces and so on that the reader asks for; all, unless some are named."""
    if rows.empty:
        return rows
    when = next((column for column in ("mes", "fecha_inicio") if column in rows), None)
    which = [column for column in PLURALS if column in rows]
    places = iter(st.columns(2 * (when is not None) + len(which)))
    if when:
        of = rows[when].dt.to_period("M").dt.to_timestamp()
        months = {formats.month(month): month for month in sorted(of.unique())}
        since = next(places).selectbox(_("Desde"), list(months))
        later = [name for name, month in months.items() if month >= months[since]]
        until = next(places).selectbox(_("Hasta"), later, index=len(later) - 1)
        rows = rows[of.between(months[since], months[until])]
    for column in which:
        names: dict = rows.set_index(column)["nombre"].to_dict() if column == "campania_id" else {}
        wanted = next(places).multiselect(
            PLURALS[column],
            sorted(rows[column].dropna().unique()),
            format_func=partial(called, names),
            placeholder=_("Sin filtro"),
            select_all=False,
            key=column,
        )
        if wanted:
            rows = rows[rows[column].isin(wanted)]
    return rows


def called(names: dict, value: str) -> str:
    return formats.words(names.get(value) or value)


def best_sellers(rows: pd.DataFrame) -> None:
    products = rows.groupby(["producto_id", "nombre"], dropna=False)["unidades"].sum().reset_index()
    figures(
        {
            _("Unidades"): formats.tick(rows["unidades"].sum()),
            _("Ingresos"): formats.amount(rows["ingresos"].sum()),
            _("Devoluciones"): formats.amount(measures.total(rows["devoluciones"])),
            _("Margen"): formats.amount(measures.total(rows["margen"])),
        }
    )
    st.caption(_("De los diez productos más vendidos de cada categoría en cada mes."))
    first = products.sort_values(["unidades", "producto_id"], ascending=[False, True]).head(15)
    charts.show(
        charts.bars(first, "nombre", "unidades", _("Unidades"), charts.UNITS), _("Los 15 productos más vendidos")
    )


def new_or_returning(rows: pd.DataFrame) -> None:
    new, returning = rows["ingresos_nuevos"].sum(), rows["ingresos_recurrentes"].sum()
    figures(
        {
            _("Compradores nuevos"): formats.number(rows["nuevos"].sum()),
            _("Ingresos de nuevos"): formats.amount(new),
            _("Ingresos de recurrentes"): formats.amount(returning),
            _("Parte de recurrentes"): formats.percent(measures.ratio(returning, new + returning)),
        }
    )
    left, right = st.columns(2)
    with left:
        names = {"nuevos": _("Nuevos"), "recurrentes": _("Recurrentes")}
        charts.show(charts.stacked(rows, names, _("compradores")), _("Compradores nuevos y recurrentes por mes"))
    with right:
        names = {"ingresos_nuevos": _("De nuevos"), "ingresos_recurrentes": _("De recurrentes")}
        charts.show(charts.stacked(rows, names, _("ingresos, en pesos")), _("Ingresos de nuevos y recurrentes por mes"))


def turnover(rows: pd.DataFrame) -> None:
    sold, stock = rows["unidades_vendidas"].sum(), rows["stock_promedio"].sum()
    figures(
        {
            _("Unidades vendidas"): formats.tick(sold),
            _("Stock promedio"): formats.number(stock / rows["mes"].nunique()),
            _("Rotación por mes"): formats.number(measures.ratio(sold, stock), 2),
        }
    )
    categories = rows.groupby("categoria")[["unidades_vendidas", "stock_promedio"]].sum().reset_index()
    in_stock = categories["stock_promedio"].where(categories["stock_promedio"] > 0)
    categories["rotacion"] = categories["unidades_vendidas"] / in_stock
    title = _("Veces por mes que se vende el stock")
    charts.show(charts.bars(categories, "categoria", "rotacion", title, ",.2f"), _("Rotación de stock por categoría"))


def delays(rows: pd.DataFrame) -> None:
    delivered, promised = rows["entregas"].sum(), rows["con_promesa"].sum()
    late, early = (measures.total(rows[column]) for column in ("demoradas", "anticipadas"))
    figures(
        {
            _("Entregas"): formats.number(delivered),
            _("Demoradas, %"): formats.percent(measures.ratio(late, promised)),
            _("Anticipadas, %"): formats.percent(measures.ratio(early, promised)),
            _("Días de espera"): formats.number(measures.mean_days(rows, "dias_hasta_entrega", "entregas"), 1),
        }
    )
    charts.map_and_bars(
        measures.late_deliveries(rows).reset_index(), "demoradas_pct", _("Entregas demoradas, %"), charts.TENTHS
    )


def campaigns(rows: pd.DataFrame) -> None:
    figures(
        {
            _("Campañas"): formats.number(len(rows)),
            _("Con efecto comprobado"): formats.number(measures.total(rows["exito"])),
            _("Ingresos incrementales"): formats.amount(measures.total(rows["ingresos_incrementales"])),
            _("Presupuesto"): formats.amount(rows["presupuesto"].sum()),
        }
    )
    st.caption(
        _("Pedidos de más frente al grupo de control, con un intervalo del 95 %. Si cruza el cero, puede ser azar.")
    )
    charts.show(
        charts.intervals(measures.effects(rows), "nombre", "pedidos_incrementales", _("Pedidos incrementales")),
        _("Pedidos incrementales de cada campaña, con su intervalo"),
    )


def profitability(rows: pd.DataFrame) -> None:
    sold = rows["ingresos"].sum()
    margin, cost = measures.total(rows["margen"]), measures.total(rows["costo"])
    figures(
        {
            _("Ingresos"): formats.amount(sold),
            _("Devoluciones"): formats.amount(measures.total(rows["devoluciones"])),
            _("Costo"): formats.amount(cost),
            _("Margen"): formats.amount(margin),
            _("Margen, %"): formats.percent(measures.ratio(margin, margin + cost)),
            _("Con costo conocido"): formats.percent(measures.ratio(sold - rows["ingresos_sin_costo"].sum(), sold)),
        }
    )
    left, right = st.columns(2)
    with left:
        months = measures.margins(rows, "mes").reset_index()
        names = {"costo": _("Costo"), "margen": _("Margen")}
        charts.show(charts.stacked(months, names, _("ingresos, en pesos")), _("Costo y margen por mes"))
    with right:
        categories = measures.margins(rows, "categoria").reset_index()
        charts.show(
            charts.bars(categories, "categoria", "margen", _("Margen, en pesos"), charts.WHOLE),
            _("Margen por categoría"),
        )


def places(rows: pd.DataFrame) -> None:
    figures(
        {
            _("Clientes"): formats.number(rows["clientes"].sum()),
            _("Clientes potenciales"): formats.number(measures.total(rows["clientes_potenciales"])),
            _("Ingresos potenciales"): formats.amount(measures.total(rows["ingresos_potenciales"])),
        }
    )
    known = [name for name, (column, *_) in PLACES.items() if rows[column].notna().any()]
    if not known:
        st.info(
            _("De ninguna provincia se sabe la población, cuánto compran sus clientes ni cuántos eran hace un año.")
        )
        return
    name = st.segmented_control(_("Qué se ve"), known, default=known[0], required=True)
    # of provinces of one name in two countries, that of which the inhabitants are known
    named = rows.sort_values("poblacion").drop_duplicates("provincia")
    charts.map_and_bars(named, *PLACES[name])


def payments(rows: pd.DataFrame) -> None:
    approved, refused = rows["pagos"].sum(), rows["rechazados"].sum()
    figures(
        {
            _("Pagos aprobados"): formats.number(approved),
            _("Monto"): formats.amount(rows["monto"].sum()),
            _("Reembolsado"): formats.amount(rows["reembolsado"].sum()),
            _("Rechazados, %"): formats.percent(measures.ratio(refused, approved + refused)),
        }
    )
    left, right = st.columns(2)
    with left:
        months = rows.pivot_table("monto_neto", "mes", "metodo_pago", aggfunc="sum", fill_value=0)
        names = {str(method): formats.words(method) for method in months}
        charts.show(
            charts.stacked(months.reset_index(), names, _("monto neto, en pesos")),
            _("Monto neto por mes y medio de pago"),
        )
    with right:
        methods = rows.groupby("metodo_pago")[["monto_neto"]].sum().reset_index()
        charts.show(
            charts.bars(methods, "metodo_pago", "monto_neto", _("Monto neto, en pesos"), charts.WHOLE),
            _("Monto neto por medio de pago"),
        )


def channels(rows: pd.DataFrame) -> None:
    income, orders = rows["ingresos"].sum(), rows["pedidos"].sum()
    figures(
        {
            _("Pedidos"): formats.number(orders),
            _("Ingresos"): formats.amount(income),
            _("Devoluciones"): formats.amount(measures.total(rows["devoluciones"])),
            _("Ticket promedio"): formats.amount(measures.ratio(float(income), float(orders))),
            _("Cargo por envío"): formats.amount(measures.total(rows["cargo_envio"])),
        }
    )
    titles = {"canal": _("Ingresos por canal"), "sucursal": _("Ingresos por sucursal")}
    for (place, title), side in zip(titles.items(), st.columns(2), strict=True):
        with side:
            sums = rows.groupby(place)["ingresos"].sum().reset_index()
            charts.show(charts.bars(sums, place, "ingresos", _("Ingresos, en pesos"), charts.WHOLE), title)


def steps(rows: pd.DataFrame) -> None:
    means = pd.DataFrame(
        {"estado": state, "dias": measures.mean_days(found, "dias_media", "pedidos")}
        for state, found in rows.groupby("estado")
    )
    name = _("Días en {state}")
    figures({name.format(state=formats.words(row.estado)): formats.number(row.dias, 1) for row in means.itertuples()})
    st.caption(_("Desde que el pedido llega a un estado hasta que llega a uno posterior, por mes del pedido."))
    charts.show(charts.bars(means, "estado", "dias", _("Días, media"), charts.TENTHS), _("Días en cada estado"))


def credit(rows: pd.DataFrame) -> None:
    last = rows[rows["mes"] == rows["mes"].max()]
    figures(
        {
            _("Clientes con crédito"): formats.number(last["clientes"].sum()),
            _("Deuda"): formats.amount(measures.total(last["deuda"])),
            _("En mora"): formats.percent(measures.ratio(float(last["en_mora"].sum()), float(last["clientes"].sum()))),
        }
    )
    st.caption(
        _("Las cifras son del último mes. Situación: 1 hasta 31 días de mora, 2 hasta 90, 3 hasta 180, 4 hasta 365.")
    )
    left, right = st.columns(2)
    with left:
        months = rows.pivot_table("clientes", "mes", "situacion", aggfunc="sum", fill_value=0)
        names = {str(situation): SITUATION.format(situation) for situation in months}
        months.columns = list(names)
        charts.show(charts.stacked(months.reset_index(), names, _("clientes")), _("Clientes por mes y situación"))
    with right:
        charts.show(
            charts.bars(
                last.assign(situacion=last["situacion"].map(SITUATION.format)),
                "situacion",
                "deuda",
                _("Deuda, en pesos"),
                charts.WHOLE,
            ),
            _("Deuda por situación, del último mes"),
        )


SITUATION = _("Situación {}")
PLURALS = {
    "categoria": _("Categorías"),
    "provincia": _("Provincias"),
    "campania_id": _("Campañas"),
    "metodo_pago": _("Medios de pago"),
    "canal": _("Canales"),
    "sucursal": _("Sucursales"),
    "vendedor": _("Vendedores"),
}
SHOWN = {
    "productos_mas_vendidos": best_sellers,
    "clientes_nuevos_recurrentes": new_or_returning,
    "rotacion_stock": turnover,
    "demoras_logisticas": delays,
    "impacto_campanias": campaigns,
    "rentabilidad_mensual": profitability,
    "distribucion_geografica": places,
    "medios_de_pago": payments,
    "ventas_por_canal": channels,
    "tiempos_pedidos": steps,
    "riesgo_crediticio": credit,
}
"""How each answer is shown, above its table."""
