"""The whole DAG with formats beside CSV: they hold what the CSV files hold, and those are the same with and without them."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from airflow.sdk.exceptions import ParamValidationError
from openpyxl import load_workbook
from pyarrow import parquet
from sqlalchemy import Engine, text

from client360 import manifest
from client360.publish import formats
from client360.warehouse.models import EXPORTED

WORLD = {"clientes": 40, "inicio": "2026-06-01", "semilla": 11}
DAY = date(2026, 9, 10)
PLAIN = {*(f"{name}.csv" for name in EXPORTED), "diccionario_de_datos.csv", manifest.NAME}


def published(data: Path) -> dict[str, bytes]:
    processed = data / "processed"
    return {
        path.relative_to(processed).as_posix(): path.read_bytes() for path in processed.rglob("*") if path.is_file()
    }


def rows(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))[1:]


def written(value: object, point: str = ".") -> str:
    """As in a CSV file."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "t", False: "f"}[value]
    if isinstance(value, Decimal) and value.as_tuple().exponent == -3:  # units, whole ones without decimals
        return f"{value:f}".rstrip("0").rstrip(".").replace(".", point)
    return str(value).replace(".", point) if isinstance(value, Decimal) else str(value)


def test_a_run_publishes_the_formats_that_it_is_asked_for_and_the_next_one_its_own(
    run: Callable[..., str], data: Path, warehouse: Engine
) -> None:
    assert run(DAY, **WORLD, formatos=None) == "success"
    plain = published(data)
    assert set(plain) == {f"{folder}{name}" for folder in ("", f"fecha={DAY}/") for name in PLAIN}
    assert run(DAY, **WORLD, formatos=list(formats.CHOICES)) == "success"
    everything = published(data)
    assert {name: everything[name] for name in plain if name.endswith(".csv")} == {
        name: content for name, content in plain.items() if name.endswith(".csv")
    }
    assert [path for path in data.rglob("*") if path.stat().st_mode & 0o027] == [], "others can read or write it"
    folder = data / "processed" / f"fecha={DAY}"
    assert {path.name for path in folder.iterdir()} == {*formats.NAMES, manifest.NAME}
    assert all(everything[name] == everything[f"fecha={DAY}/{name}"] for name in formats.NAMES)
    book = load_workbook(folder / "cliente_360.xlsx")
    for relation in EXPORTED:
        expected = [tuple(row.values()) for row in parquet.read_table(folder / f"{relation}.parquet").to_pylist()]
        assert expected, relation
        assert rows(folder / f"{relation}.csv") == [[written(cell) for cell in row] for row in expected]
        assert rows(folder / f"{relation}_regional.csv", ";") == [
            [written(cell, ",") for cell in row] for row in expected
        ]
        shown = [
            tuple(cell.date() if isinstance(cell, datetime) else cell for cell in row)
            for row in book[relation].iter_rows(min_row=2, values_only=True)
        ]
        assert shown == [tuple(float(cell) if isinstance(cell, Decimal) else cell for cell in row) for row in expected]
    assert run(DAY, **WORLD, formatos=list(formats.CHOICES)) == "success"
    assert published(data) == everything
    assert run(DAY, **WORLD, formatos=[]) == "success"
    assert published(data) == plain


def test_a_format_that_there_is_not_is_refused_before_anything_is_changed(
    run: Callable[..., str], data: Path, warehouse: Engine
) -> None:
    with pytest.raises(ParamValidationError, match="formatos: 'xls' is not one of"):
        run(DAY, **WORLD, formatos=["xls"])
    assert not list(data.iterdir())
    with warehouse.connect() as connection:
        assert connection.scalar(text("select count(*) from control.cargas")) == 0
