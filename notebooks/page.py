"""What the notebooks put on the page beside their charts."""

from html import escape

import pandas as pd
from IPython.display import HTML, Markdown, display

import warehouse
from formats import day, words


def say(text: str) -> None:
    """Show a sentence; what stands in it is no mark-up, wherever it comes from."""
    display(HTML(f"<p>{escape(text)}</p>"))


def show_source(source: warehouse.Source) -> None:
    say(f"Datos al {day(source.fecha)}, leídos {source.origin}.")


def ask(source: warehouse.Source, relation: str) -> pd.DataFrame:
    """Show the SQL of a question, and say so where there are no rows to answer it; returns the rows."""
    display(Markdown(f"```sql\n{warehouse.statement(relation)}\n```"))
    rows = source.read(relation)
    if rows.empty:
        say(f"No hay datos para responder: {words(relation)} no tiene filas al {day(source.fecha)}.")
    return rows
