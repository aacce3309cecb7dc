"""The shop: the answers, each with the filters that its rows allow."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard import charts
from dashboard.cached import Day
from dashboard.tables import figures, table
from reading import formats, measures
from reading.questions import ANSWERS

PLACES = {
    "Ingresos potenciales": ("ingresos_potenciales", "Ingresos potenciales por año, en pesos", charts.WHOLE),
    "Penetración": ("clientes_por_1000_hab", "Clientes cada 1.000 habitantes", ",.3f"),
    "Ingresos por cliente": ("ingresos_por_cliente", "Compras en 12 meses por cliente, en pesos", charts.WHOLE),
    "Crecimiento": ("crecimiento_pct", "Crecimiento de clientes en 12 meses, %", charts.TENTHS),
}


def show(day: Day) -> None:
    relations = {question.title: relation for relation, question in ANSWERS.items()}
    relation = relations[st.selectbox("Pregunta", list(relations), key="pregunta", bind="query-params")]
    rows = filtered(day.answer(relation))
    if rows.empty:
        st.info("No hay datos para esta pregunta con esos filtros y esa fecha de corte.")
    else:
        SHOWN[relation](rows)
        table(rows, relation)


def filtered(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the period, categories, provinces and campaigns that the reader asks for; all, unless some are named."""
    if rows.empty:
        return rows
    when = next((column for column in ("mes", "fecha_inicio") if column in rows), None)
    which = [column for column in ("categoria", "provincia", "campania_id") if column in rows]
    places = iter(st.columns(2 * (when is not None) + len(which)))
    if when:
        of = rows[when].dt.to_period("M").dt.to_timestamp()
        months = {formats.month(month): month for month in sorted(of.unique())}
        since = next(places).selectbox("Desde", list(months))
        later = [name for name, month in months.items() if month >= months[since]]
        until = next(places).selectbox("Hasta", later, index=len(later) - 1)
        rows = rows[of.between(months[since], months[until])]
    for column in which:
        names: dict = rows.set_index(column)["nombre"].to_dict() if column == "campania_id" else {}
        wanted = next(places).multiselect(
            PLURALS[column],
            sorted(rows[column].dropna().unique()),
            format_func=partial(called, names),
            placeholder="Todas",
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
            "Unidades": formats.number(rows["unidades"].sum()),
            "Ingresos": formats.amount(rows["ingresos"].sum()),
            "Margen": formats.amount(measures.total(rows["margen"])),
        }
    )
    st.caption("De los diez productos más vendidos de cada categoría en cada mes.")
    first = products.sort_values(["unidades", "producto_id"], ascending=[False, True]).head(15)
    charts.show(charts.bars(first, "nombre", "unidades", "Unidades", charts.WHOLE), "Los 15 productos más vendidos")


def new_or_returning(rows: pd.DataFrame) -> None:
    new, returning = rows["ingresos_nuevos"].sum(), rows["ingresos_recurrentes"].sum()
    figures(
        {
            "Compradores nuevos": formats.number(rows["nuevos"].sum()),
            "Ingresos de nuevos": formats.amount(new),
            "Ingresos de recurrentes": formats.amount(returning),
            "Parte de recurrentes": formats.percent(measures.ratio(returning, new + returning)),
        }
    )
    left, right = st.columns(2)
    with left:
        names = {"nuevos": "Nuevos", "recurrentes": "Recurrentes"}
        charts.show(charts.stacked(rows, names, "compradores"), "Compradores nuevos y recurrentes por mes")
    with right:
        names = {"ingresos_nuevos": "De nuevos", "ingresos_recurrentes": "De recurrentes"}
        charts.show(charts.stacked(rows, names, "ingresos, en pesos"), "Ingresos de nuevos y recurrentes por mes")


def turnover(rows: pd.DataFrame) -> None:
    sold, stock = rows["unidades_vendidas"].sum(), rows["stock_promedio"].sum()
    figures(
        {
            "Unidades vendidas": formats.number(sold),
            "Stock promedio": formats.number(stock / rows["mes"].nunique()),
            "Rotación por mes": formats.number(measures.ratio(sold, stock), 2),
        }
    )
    categories = rows.groupby("categoria")[["unidades_vendidas", "stock_promedio"]].sum().reset_index()
    in_stock = categories["stock_promedio"].where(categories["stock_promedio"] > 0)
    categories["rotacion"] = categories["unidades_vendidas"] / in_stock
    title = "Veces por mes que se vende el stock"
    charts.show(charts.bars(categories, "categoria", "rotacion", title, ",.2f"), "Rotación de stock por categoría")


def delays(rows: pd.DataFrame) -> None:
    delivered, late = rows["entregas"].sum(), rows["demoradas"].sum()
    figures(
        {
            "Entregas": formats.number(delivered),
            "Demoradas": formats.number(late),
            "Demoradas, %": formats.percent(measures.ratio(late, delivered)),
        }
    )
    charts.map_and_bars(
        measures.late_deliveries(rows).reset_index(), "demoradas_pct", "Entregas demoradas, %", charts.TENTHS
    )


def campaigns(rows: pd.DataFrame) -> None:
    figures(
        {
            "Campañas": formats.number(len(rows)),
            "Con efecto comprobado": formats.number(measures.total(rows["exito"])),
            "Ingresos incrementales": formats.amount(measures.total(rows["ingresos_incrementales"])),
            "Presupuesto": formats.amount(rows["presupuesto"].sum()),
        }
    )
    st.caption(
        "Pedidos de más frente al grupo de control, con un intervalo del 95 %. Si cruza el cero, puede ser azar."
    )
    charts.show(
        charts.intervals(measures.effects(rows), "nombre", "pedidos_incrementales", "Pedidos incrementales"),
        "Pedidos incrementales de cada campaña, con su intervalo",
    )


def profitability(rows: pd.DataFrame) -> None:
    margin, cost = measures.total(rows["margen"]), measures.total(rows["costo"])
    figures(
        {
            "Ingresos": formats.amount(rows["ingresos"].sum()),
            "Costo": formats.amount(cost),
            "Margen": formats.amount(margin),
            "Margen, %": formats.percent(measures.ratio(margin, margin + cost)),
        }
    )
    left, right = st.columns(2)
    with left:
        months = measures.margins(rows, "mes").reset_index()
        names = {"costo": "Costo", "margen": "Margen"}
        charts.show(charts.stacked(months, names, "ingresos, en pesos"), "Costo y margen por mes")
    with right:
        categories = measures.margins(rows, "categoria").reset_index()
        charts.show(
            charts.bars(categories, "categoria", "margen", "Margen, en pesos", charts.WHOLE), "Margen por categoría"
        )


def places(rows: pd.DataFrame) -> None:
    figures(
        {
            "Clientes": formats.number(rows["clientes"].sum()),
            "Clientes potenciales": formats.number(measures.total(rows["clientes_potenciales"])),
            "Ingresos potenciales": formats.amount(measures.total(rows["ingresos_potenciales"])),
        }
    )
    known = [name for name, (column, *_) in PLACES.items() if rows[column].notna().any()]
    if not known:
        st.info("De ninguna provincia se sabe la población, cuánto compran sus clientes ni cuántos eran hace un año.")
        return
    name = st.segmented_control("Qué se ve", known, default=known[0], required=True)
    charts.map_and_bars(rows, *PLACES[name])


PLURALS = {"categoria": "Categorías", "provincia": "Provincias", "campania_id": "Campañas"}
SHOWN = {
    "productos_mas_vendidos": best_sellers,
    "clientes_nuevos_recurrentes": new_or_returning,
    "rotacion_stock": turnover,
    "demoras_logisticas": delays,
    "impacto_campanias": campaigns,
    "rentabilidad_mensual": profitability,
    "distribucion_geografica": places,
}
"""How each answer is shown, above its table."""
