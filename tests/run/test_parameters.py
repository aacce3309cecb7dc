"""What a run does that is asked for nothing, and what people may write."""

import os
import subprocess
import sys

import pytest

from client360 import folders
from client360.run.parameters import STANDARD, defaults, typed

PROGRAM = """
import os
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
print(bag.import_errors or {name: param.value for name, param in bag.dags["client360"].params.items()})
"""


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        ({}, {}),
        ({"clientes": "50", "semilla": "0", "inicio": ""}, {"clientes": 50, "semilla": 0}),
        ({"suciedad": "0.02", "umbral": "5", "anonimo": "1"}, {"suciedad": 0.02, "umbral": 5.0, "anonimo": True}),
        ({"intervencion": "campania:K25010"}, {"intervencion": "campania:K25010"}),
        ({"conservar": "13", "limpiar": "1"}, {"conservar": 13, "limpiar": True}),
        ({"formatos": " parquet  excel parquet "}, {"formatos": ["excel", "parquet"]}),
        ({"fuente": "banco_ejemplo", "entrada": "in"}, {"fuente": "banco_ejemplo", "entrada": "in"}),
    ],
)
def test_what_is_written_stands_for_a_value(texts: dict[str, str], values: dict) -> None:
    assert typed(texts) == values
    assert defaults({f"CLIENT360_{name.upper()}": text for name, text in texts.items()}) == STANDARD | values


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("clientes", "many", "give a whole number"),
        ("semilla", "1.5", "give a whole number"),
        ("anonimo", "yes", "give 1 for yes or 0 for no"),
        ("limpiar", "yes", "give 1 for yes or 0 for no"),
        ("conservar", "a year", "give a whole number"),
        ("umbral", "101", "give a number from 0 to 100"),
        ("umbral", "nan", "give a number from 0 to 100"),
        ("suciedad", "2 %", "give a share, such as 0.02"),
    ],
)
def test_what_stands_for_none_is_refused(name: str, text: str, advice: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} is '{text}': {advice}"):
        typed({name: text})
    with pytest.raises(ValueError, match=f"^in the environment, CLIENT360_...: {name} is '{text}': {advice}"):
        defaults({f"CLIENT360_{name.upper()}": text})


@pytest.mark.parametrize("text", ["xls", "csv", "excel,parquet", "Excel", "excel 1"])
def test_a_format_that_there_is_not_is_refused(text: str) -> None:
    advice = (
        "formatos has '.*': give any of excel, csv_regional, parquet, with spaces between them; CSV files are always"
    )
    with pytest.raises(ValueError, match=f"^{advice}"):
        typed({"formatos": text})
    with pytest.raises(ValueError, match=f"^in the environment, CLIENT360_...: {advice}"):
        defaults({"CLIENT360_FORMATOS": text})


def parsed(**environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(folders.ROOT / "plugins")} | environment,
    ).stdout


def test_the_environment_says_what_scheduled_runs_do() -> None:
    said = parsed(CLIENT360_FUENTE="banco_ejemplo", CLIENT360_ENTRADA="in", CLIENT360_INICIO="2025-03-01")
    assert "'fuente': 'banco_ejemplo', 'entrada': 'in'" in said
    assert "'inicio': '2025-03-01'" in said
    assert "'formatos': ['excel']" in parsed(CLIENT360_FORMATOS="excel")


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("CLIENTES", "many", "clientes is 'many': give a whole number"),
        ("FUENTE", "nothing", "there are almacen_ejemplo, banco_ejemplo"),
        ("FORMATOS", "excel xls", "formatos has 'xls': give any of excel"),
    ],
)
def test_an_environment_that_makes_no_sense_is_an_import_error(name: str, text: str, advice: str) -> None:
    assert advice in parsed(**{f"CLIENT360_{name}": text})
