"""What the notebooks put on the page beside their charts."""

from html import escape

import pandas as pd
from IPython.display import HTML, Markdown, display

from reading import warehouse
from reading.formats import day, words
from reading.money import show_in
from reading.published import Source


def say(text: str) -> None:
    """Show a sentence as text: markup in it, wherever it comes from, is escaped."""
    display(HTML(f"<p>{escape(text)}</p>"))


def show_source(source: Source) -> None:
    """Say which day is shown and where it is read, and show amounts in the currency of the source from here on."""
    show_in(source.currency)
    say(f"Datos al {day(source.fecha)}, leídos {source.origin}.")


def ask(source: Source, relation: str) -> pd.DataFrame:
    """Show the SQL of a question, and a sentence where no row answers it; returns the rows."""
    display(Markdown(f"```sql\n{warehouse.statement(relation)}\n```"))
    rows = source.read(relation)
    if rows.empty:
        say(f"No hay datos para responder: {words(relation)} no tiene filas al {day(source.fecha)}.")
    return rows
