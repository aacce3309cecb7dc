"""How values are written where people read them."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from client360 import folders
from client360.load import dimensions
from reading import formats
from reading.questions import QUESTIONS

NULLS = [None, float("nan"), np.float64("nan"), pd.NaT, pd.NA]


def test_numbers_and_days_are_written_as_in_argentina() -> None:
    assert formats.number(1234567.891, 2) == "1.234.567,89"
    assert formats.number(float("nan")) == "sin dato"
    assert formats.pesos(999_999) == "999.999 pesos"
    assert formats.pesos(-1_250_000_000) == "-1.250,0 millones de pesos"
    assert formats.percent(0.1234) == "12,3 %"
    assert formats.day(date(2026, 3, 1)) == "01/03/2026"
    assert formats.month_name(date(2026, 3, 1)) == "marzo de 2026"
    assert formats.words("compra_tarjeta") == "compra tarjeta"
    assert formats.listed(["a", "b", "c"]) == "a, b y c"


def test_amounts_that_stand_alone_months_and_short_lists() -> None:
    assert formats.amount(99_999_999) == "$ 99.999.999"
    assert formats.amount(Decimal(1234600000)) == "$ 1.234,6 M"
    assert formats.month(date(2026, 9, 1)) == "09/2026"
    assert formats.month_label(date(2026, 9, 1)) == "sept 26"
    assert formats.listed(["a", "b"]) == "a y b"
    assert formats.listed(["a"]) == "a"


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (-0.0001, "0"), (0.25, "0,25"), (1234.5678, "1.234,568"), (2_500_000, "2.500.000"), (-3, "-3")],
)
def test_ticks_have_the_decimals_that_they_need(value: float, written: str) -> None:
    assert formats.tick(value) == written


@pytest.mark.parametrize(
    ("value", "column", "written"),
    [
        (Decimal("1234567.891"), "margen", "1.234.568"),
        (Decimal("1234567.891"), "ticket_promedio", "1.234.567,89"),
        (0.51239, "rotacion", "0,5124"),
        (np.int64(1234), "clientes", "1.234"),
        (1234, "clientes", "1.234"),
        (12.0, "unidades", "12"),
        (Decimal("1234.500"), "unidades_vendidas", "1.234,5"),
        (True, "exito", "sí"),
        (False, "exito", "no"),
        (date(2026, 11, 1), "mes", "11/2026"),
        (pd.Timestamp(2026, 11, 1), "fecha", "01/11/2026"),
        ("compra_tarjeta", "tipo_transaccion", "compra tarjeta"),
        ("tarjeta_cuadra", "verificacion", "tarjeta_cuadra"),
        ("nan", "nombre", "nan"),
    ],
)
def test_a_cell_is_written_by_its_type_and_column(value: object, column: str, written: str) -> None:
    assert formats.cell(value, column) == written


@pytest.mark.parametrize("null", NULLS, ids=repr)
def test_a_null_is_written_in_one_way_by_every_format(null: object) -> None:
    for form in (
        *(formats.number, formats.pesos, formats.amount, formats.percent),
        *(formats.day, formats.month, formats.words),
    ):
        assert form(null) == formats.UNKNOWN == "sin dato"
    assert formats.cell(null, "mes") == formats.UNKNOWN


def test_every_column_has_a_heading_of_its_own() -> None:
    for question in QUESTIONS.values():
        headings = [formats.heading(column) for column in question.columns]
        assert len(set(headings)) == len(headings)
        assert not [heading for heading in headings if "_" in heading or heading[0].islower()]
    assert formats.heading("margen_pct") == "Margen (%)"
    assert formats.heading("stock_promedio") == "Stock promedio"


def test_months_are_those_of_the_warehouse() -> None:
    assert list(formats.MONTHS) == dimensions.MONTHS
    assert len(formats.WEEKDAYS) == len(dimensions.WEEKDAYS)


def test_the_page_in_airflow_needs_no_pandas_to_read() -> None:
    program = (
        "import sys\n"
        "from reading import formats, questions, warehouse\n"
        "assert not {'pandas', 'numpy', 'client360'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=folders.ROOT, check=True)
