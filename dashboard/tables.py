"""Tables and figures that people read, and the CSV files of the tables, which machines read."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from reading.formats import UNKNOWN, cell, heading
from reading.language import _

ROW, HEAD, MAX_ROWS = 35, 38, 12
"""Pixels of a row and of the headings, and the rows that are in sight at once."""
FIGURE = 168
"""Pixels: two figures stand side by side on a phone."""


def figures(values: dict[str, str], changes: Mapping[str, str | None] = MappingProxyType({})) -> None:
    """Named figures, as many side by side as fit; below some, how they changed."""
    with st.container(horizontal=True, gap="small"):
        for name, value in values.items():
            st.metric(name, value, changes.get(name), delta_color="off", border=True, width=FIGURE)


def table(rows: pd.DataFrame, name: str) -> None:
    """Show the rows, and offer them as `name`.csv with the warehouse's own names and numbers."""
    st.dataframe(
        written(rows),
        hide_index=True,
        height=HEAD + ROW * min(len(rows), MAX_ROWS),
        column_config={column: heading(column) for column in rows.columns},
        placeholder=UNKNOWN,
        alt=name,
    )
    st.download_button(
        _("Descargar CSV"),
        rows.to_csv(index=False, date_format="%Y-%m-%d").encode("utf-8-sig"),
        f"{name}.csv",
        "text/csv",
        key=f"csv {name}",
        icon=":material/download:",
        on_click="ignore",
    )


def written(rows: pd.DataFrame) -> Styler:
    """The rows with their cells as people write them; they are still sorted by what they are."""
    shown = rows.copy()
    forms: dict[Any, Any] = {}
    for column, kind in rows.dtypes.astype(str).items():
        form = partial(cell, column=str(column))
        if kind in ("boolean", "object"):
            shown[column] = rows[column].map(form, na_action="ignore")
        else:
            forms[column] = form
    return shown.style.format(forms)
