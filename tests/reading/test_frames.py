"""Queries as frames, and what the charts derive from them."""

from datetime import date

import pandas as pd
import pytest

from reading import frames, measures
from reading.formats import number
from reading.warehouse import Table

TYPES = {"yes": "boolean", "many": "integer", "amount": "numeric", "on": "date", "word": "text"}


@pytest.mark.parametrize("rows", [[], [(None,) * 5], [(True, 1, 1.5, date(2026, 11, 20), "a")]], ids=len)
def test_types_depend_on_the_query_and_not_on_its_rows(rows: list[tuple]) -> None:
    frame = frames.frame(Table(TYPES, rows))
    assert frame.dtypes.astype(str).to_dict() == {
        "yes": "boolean",
        "many": "Int64",
        "amount": "float64",
        "on": "datetime64[s]",
        "word": "object",
    }
    assert len(frame) == len(rows)


def test_a_table_gives_single_columns_and_fewer_columns() -> None:
    table = Table({"a": "text", "b": "bigint"}, [("x", 1), ("y", None)])
    assert table.values("b") == [1, None]
    assert table.select(["b"]) == Table({"b": "bigint"}, [(1,), (None,)])
    assert [table.numeric(column) for column in table.columns] == [False, True]


def months(*days: str) -> pd.DataFrame:
    return pd.DataFrame({"mes": pd.to_datetime(list(days)).astype("datetime64[s]")})


def test_a_month_counts_when_it_is_over_unless_none_is() -> None:
    rows = months("2026-09-01", "2026-10-01", "2026-11-01")
    assert len(measures.whole_months(rows, date(2026, 11, 20))) == 2
    assert len(measures.whole_months(rows, date(2026, 11, 30))) == 3
    assert len(measures.whole_months(rows.tail(1), date(2026, 11, 20))) == 1


def test_shares_are_of_sums() -> None:
    deliveries = pd.DataFrame({"provincia": ["a", "a", "sin_dato"], "entregas": [1, 3, 5], "con_promesa": [1, 3, 0]})
    deliveries["demoradas"] = [1, 0, None]
    late = measures.late_deliveries(deliveries)["demoradas_pct"]
    assert late["a"] == 25.0
    assert pd.isna(late["sin dato"]), "nothing was promised"
    days = pd.DataFrame({"dias": [1.5, 3.0, None], "entregas": [1, 2, 9]})
    assert measures.mean_days(days, "dias", "entregas") == 2.5
    assert pd.isna(measures.mean_days(days.tail(1), "dias", "entregas"))
    sales = pd.DataFrame({"categoria": ["a", "a", "b"], "ingresos": [9, 3, 5], "costo": [5, 2, 0], "margen": [1, 0, 0]})
    found = measures.margins(sales, "categoria")
    assert found["ingresos"].tolist() == [12, 5]
    assert found["margen_pct"].iloc[0] == 12.5
    assert pd.isna(found["margen_pct"].iloc[1])
    assert measures.ratio(1, 4) == 0.25
    assert pd.isna(measures.ratio(0, 0))


@pytest.mark.parametrize("kind", ["boolean", "integer", "numeric"])
def test_sums_of_what_nobody_knows_are_unknown(kind: str) -> None:
    def column(*values: object) -> pd.Series:
        return frames.frame(Table({"a": kind}, [(value,) for value in values]))["a"]

    assert number(measures.total(column(None, None))) == "sin dato"
    assert number(measures.total(column(None, True, True))) == "2"
    assert number(measures.ratio(1, measures.total(column(None)))) == "sin dato"
    sales = pd.DataFrame(
        {"mes": ["a", "a", "b"], "ingresos": [9, 3, 5], "costo": [None, None, 0], "margen": [None, None, 5]}
    )
    found = measures.margins(sales.astype({"costo": "float64", "margen": "float64"}), "mes")
    assert found["margen"].isna().tolist() == found["costo"].isna().tolist() == [True, False]


def test_a_campaign_without_a_name_or_a_proven_effect_is_still_shown() -> None:
    rows = frames.frame(
        Table(
            {"campania_id": "text", "nombre": "text", "exito": "boolean"},
            [("C1", "dia_del_padre", True), ("C2", None, False), ("C3", "x", None)],
        )
    )
    found = measures.effects(rows)
    assert found["nombre"].tolist() == ["dia del padre", "C2", "x"]
    assert found["efecto"].tolist() == [measures.PROVEN, measures.CHANCE, measures.CHANCE]
