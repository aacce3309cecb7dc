"""Tables and figures that people read, and the CSV files of the tables, which machines read."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from dashboard.formats import MONTHS, NOTHING, RATIOS, day, heading, month, number, words

ROW, HEAD, MOST = 35, 38, 12
VERBATIM = ("archivo", "corrida", "mundo")
"""Columns whose values are names of things, not words."""
FIGURE = 168
"""Pixels: two figures stand side by side on a phone."""


def figures(values: dict[str, str]) -> None:
    """Named figures, as many side by side as fit."""
    with st.container(horizontal=True, gap="small"):
        for name, value in values.items():
            st.metric(name, value, border=True, width=FIGURE)


def table(rows: pd.DataFrame, name: str) -> None:
    """Show the rows, and offer them as `name`.csv with the warehouse's own names and numbers."""
    st.dataframe(
        written(rows),
        hide_index=True,
        height=HEAD + ROW * min(len(rows), MOST),
        column_config={column: heading(column) for column in rows.columns},
        placeholder=NOTHING,
        alt=name,
    )
    st.download_button(
        "Descargar CSV",
        rows.to_csv(index=False, date_format="%Y-%m-%d").encode("utf-8-sig"),
        f"{name}.csv",
        "text/csv",
        key=f"csv {name}",
        icon=":material/download:",
        on_click="ignore",
    )


def written(rows: pd.DataFrame) -> Styler:
    """The rows with their cells as they are written in Argentina; they are still sorted by what they are."""
    shown = rows.copy()
    forms: dict[Any, Any] = {}
    for column, kind in rows.dtypes.astype(str).items():
        if kind == "boolean":
            shown[column] = rows[column].map({True: "sí", False: "no"})
        elif kind == "object" and column not in VERBATIM:
            shown[column] = rows[column].map(words, na_action="ignore")
        elif kind == "Int64":
            forms[column] = number
        elif kind == "float64":
            forms[column] = partial(number, decimals=4 if column in RATIOS else 2)
        elif kind.startswith("datetime"):
            forms[column] = month if column in MONTHS else day
    return shown.style.format(forms)
