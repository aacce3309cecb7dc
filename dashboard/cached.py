"""What the dashboard reads as of a day, remembered until the day is computed again."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from reading import frames, warehouse
from reading.explain import Explanation, explain
from reading.language import _
from reading.questions import ANSWERS


@dataclass(frozen=True)
class Day:
    """A published business day, and the transaction that checked it, by which its rows are cached."""

    fecha: date
    transaction: int

    def read(self, query: str, **parameters: object) -> pd.DataFrame:
        """The rows of a query as of this day."""
        return _remember(query, self.transaction, fecha=self.fecha, **parameters)

    @property
    def currency(self) -> str | None:
        """That of the source of the warehouse."""
        (currency,) = self.read("moneda")["moneda"]
        return currency

    def explain(self, cliente_id: str, column: str) -> Explanation:
        """Where a cell of a customer comes from."""
        return _explain(cliente_id, column, self.fecha, self.transaction)

    def answer(self, relation: str) -> pd.DataFrame:
        """The answer to one of the shop's questions, with its columns and rows in the order in which people read them."""
        question = ANSWERS[relation]
        return self.read(relation).sort_values(question.order, kind="stable")[list(question.columns)]


@warehouse.again
def days() -> list[Day]:
    """The published days, the newest first. Raises warehouse.Unreachable and warehouse.Empty."""
    with warehouse.connect() as connection:
        return [Day(day.fecha, day.transaction) for day in warehouse.days(connection) if day.published]


@st.cache_data(ttl=timedelta(hours=1), max_entries=1000, show_spinner=_("Leyendo el almacén…"))
def _remember(query: str, transaction: int, **parameters: object) -> pd.DataFrame:
    return frames.read(query, **parameters)


@st.cache_data(ttl=timedelta(hours=1), max_entries=100, show_spinner=_("Leyendo el almacén…"))
@warehouse.again
def _explain(cliente_id: str, column: str, fecha: date, transaction: int) -> Explanation:
    with warehouse.connect() as connection:
        return explain(connection, cliente_id, column, fecha)
