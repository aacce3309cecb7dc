"""The published relations as questions, and the queries of all that people read."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from client360 import folders
from client360.warehouse.models import EXPORTED
from reading import palette, questions, warehouse
from reading.warehouse import Table

READERS = ("reading", "dashboard", "notebooks", "plugins/client360/page")
DAY, EARLIER = date(2026, 11, 20), date(2026, 10, 1)
MONTH = DAY.replace(day=1)


def code() -> str:
    files = [
        path for folder in READERS for path in (folders.ROOT / folder).rglob("*") if path.suffix in (".py", ".ipynb")
    ]
    return "".join(path.read_text(encoding="utf-8") for path in files)


def test_every_published_relation_is_a_question() -> None:
    assert set(questions.QUESTIONS) == set(EXPORTED)
    assert set(questions.SUMMARIES) == set(questions.ANSWERS) == set(EXPORTED) - {"cliente_360"}
    titles = [question.title for question in questions.QUESTIONS.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("relation", EXPORTED)
def test_a_question_has_the_columns_of_its_relation(relation: str) -> None:
    question = questions.QUESTIONS[relation]
    table = EXPORTED[relation].table()
    assert sorted([*question.columns, "fecha_corte"]) == sorted(column.name for column in table.columns)
    assert question.order in question.columns
    if summary := questions.SUMMARIES.get(relation):
        assert {*summary.columns, *(name.removeprefix("-") for name in summary.order)} <= set(question.columns)
        assert "mes" in question.columns or not summary.of_the_month
        assert "puesto" in question.columns or not summary.only_first


@pytest.mark.parametrize("relation", EXPORTED)
def test_the_sql_of_a_question_has_all_columns_in_the_order_of_the_key(relation: str) -> None:
    table = EXPORTED[relation].table()
    statement = warehouse.statement(relation)
    selected, rest = re.fullmatch(r"select\n(.*)\n(from .*)", statement, re.DOTALL).groups()
    assert re.findall(r"\w+", selected) == [column.name for column in table.columns]
    key = [column.name for column in table.primary_key if column.name != "fecha_corte"]
    assert rest == f"from {table.fullname}\nwhere fecha_corte = %(fecha)s::date\norder by {', '.join(key)}"


def test_every_query_is_read() -> None:
    queries = {path.stem for path in warehouse.SQL.glob("*.sql")}
    assert set(EXPORTED) < queries
    text = code()
    assert [name for name in queries if f'"{name}"' not in text and f'\\"{name}\\"' not in text] == []


def test_no_reader_has_queries_of_its_own() -> None:
    elsewhere = [path for folder in READERS[1:] for path in (folders.ROOT / folder).rglob("*.sql")]
    assert elsewhere == []


def test_what_people_read_with_imports_nothing_of_the_pipeline() -> None:
    for path in (folders.ROOT / "reading").rglob("*.py"):
        assert not re.search(
            r"^\s*(?:from|import) (?:client360|airflow|proof|tools)\b", path.read_text(), re.MULTILINE
        ), path


def test_the_theme_of_the_dashboard_has_the_colours_of_all_charts() -> None:
    theme = (folders.ROOT / "dashboard" / ".streamlit" / "config.toml").read_text(encoding="utf-8").splitlines()
    assert f"chartCategoricalColors = {json.dumps(palette.COLOURS)}" in theme
    assert f'primaryColor = "{palette.BLUE}"' in theme


def answer(relation: str, rows: list[dict[str, object]]) -> Table:
    """A table of the relation with nulls in the columns that the rows do not name."""
    columns = [*questions.ANSWERS[relation].columns, "fecha_corte"]
    return Table(dict.fromkeys(columns, "text"), [tuple(row.get(column) for column in columns) for row in rows])


def test_a_summary_holds_the_first_of_the_month_by_units() -> None:
    rows = [
        {"mes": mes, "categoria": categoria, "puesto": puesto, "unidades": unidades}
        for mes, categoria, puesto, unidades in (
            (EARLIER, "hogar", 1, 99),
            (MONTH, "hogar", 1, 5),
            (MONTH, "hogar", 2, 4),
            (MONTH, "moda", 1, 7),
            (MONTH, "deporte", 1, 5),
        )
    ]
    found = questions.summarize("productos_mas_vendidos", answer("productos_mas_vendidos", rows), DAY)
    assert found.columns == ["categoria", "nombre", "unidades", "ingresos", "margen"]
    assert found.values("categoria") == ["moda", "deporte", "hogar"]


def test_a_summary_has_few_rows_and_nulls_last() -> None:
    rows = [
        {"mes": MONTH, "categoria": name, "rotacion": rotacion}
        for name, rotacion in (
            *(("a", None), ("b", Decimal(1)), ("c", None), ("d", Decimal(3))),
            *(("e", Decimal(2)), ("f", Decimal(1))),
        )
    ]
    found = questions.summarize("rotacion_stock", answer("rotacion_stock", rows), DAY)
    assert found.values("categoria") == ["d", "e", "b", "f", "a"]


def test_a_summary_over_months_begins_with_the_last() -> None:
    rows = [{"mes": date(2026, month, 1), "nuevos": month} for month in range(1, 12)]
    found = questions.summarize("clientes_nuevos_recurrentes", answer("clientes_nuevos_recurrentes", rows), DAY)
    assert found.values("nuevos") == [11, 10, 9, 8, 7]


def test_a_header_comment_is_no_part_of_a_statement() -> None:
    for path in Path(warehouse.SQL).glob("*.sql"):
        assert path.read_text(encoding="utf-8").startswith("-- ")
        assert warehouse.statement(path.stem).startswith(("select", "with "))
