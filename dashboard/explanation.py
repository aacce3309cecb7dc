"""Where a cell of a customer comes from: a column is chosen, and its figures and rows are shown."""

import streamlit as st

from dashboard.cached import Day
from dashboard.tables import figures, table
from reading import formats, frames
from reading.explain import Explanation, steps_table
from reading.explain.meanings import MEANINGS
from reading.language import _
from reading.questions import CLIENTE_360

FIRST = "ingresos_mensuales"


def show(day: Day, cliente_id: str) -> None:
    with st.expander(_("De dónde sale un dato")):
        choice, button = st.columns([3, 1], vertical_alignment="bottom")
        column = choice.selectbox(
            _("Dato"),
            CLIENTE_360.columns,
            index=CLIENTE_360.columns.index(FIRST),
            format_func=formats.heading,
            key=f"dato {cliente_id}",
        )
        if button.button(_("Explicar"), icon=":material/account_tree:"):
            _explained(day.explain(cliente_id, column), cliente_id, column)


def _explained(explanation: Explanation, cliente_id: str, column: str) -> None:
    answer = explanation.answer
    # text, not Markdown: values come from files
    st.text(_(MEANINGS[column]))
    value = formats.cell(answer.value, column)
    if explanation.holds:
        st.text(_("Publicado: {value}. Las filas de abajo dan lo mismo.").format(value=value))
    else:
        published = formats.cell(explanation.published, column)
        said = _("Publicado: {published}. Las filas de abajo dan {value}.")
        st.text(said.format(published=published, value=value))
        st.warning(
            _("Hay filas que cambiaron desde que se calculó este día: al ejecutarlo de nuevo se calcula otra vez."),
            icon=":material/difference:",
        )
    if answer.figures:
        figures({formats.heading(name): formats.cell(figure, name) for name, figure in answer.figures.items()})
    if answer.steps:
        table(frames.frame(steps_table(answer.steps)), f"pasos_{column}_{cliente_id}")
    for place, rows in enumerate(answer.rows, start=1):
        st.text(_("{count} filas de {relation}").format(count=len(rows.records), relation=rows.kind.relation))
        if rows.withheld:
            said = _("{count} filas más nombran a otra persona: cuentan, y no se muestran.")
            st.text(said.format(count=rows.withheld))
        table(frames.frame(rows.table()), f"filas_{column}_{place}_{cliente_id}")
    st.caption(_("origen es el archivo del que salió cada fila, con su línea si es de un archivo suyo."))
