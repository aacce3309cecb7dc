"""Amounts are in the currency of the source, wherever people read them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from client360.publish.csv_files import write_dictionary
from client360.warehouse.models import dictionary
from reading import formats, money, published


@pytest.fixture(autouse=True)
def pesos_again() -> Iterator[None]:
    yield
    money.show_in(money.PESOS)


@pytest.mark.parametrize(
    ("text", "in_another", "in_an_unknown_one"),
    [
        ("Deuda ($)", "Deuda (UYU)", "Deuda"),
        ("Deuda media, en pesos", "Deuda media, en UYU", "Deuda media, en la moneda de la fuente"),
        ("pesos por mes", "UYU por mes", "en la moneda de la fuente por mes"),
        ("12,3 millones de pesos", "12,3 millones de UYU", "12,3 millones en la moneda de la fuente"),
        ("950.000 pesos", "950.000 UYU", "950.000 en la moneda de la fuente"),
        ("$ -1.235 M", "UYU -1.235 M", "-1.235 M"),
        ("${}M", "UYU {}M", "{}M"),
        ("Clientes en mora, % de los que tienen crédito", *["Clientes en mora, % de los que tienen crédito"] * 2),
        ("pesos_propios", "pesos_propios", "pesos_propios"),
    ],
)
def test_what_is_written_for_pesos_is_said_in_the_currency_of_the_source(
    text: str, in_another: str, in_an_unknown_one: str
) -> None:
    for currency, expected in (("UYU", in_another), (None, in_an_unknown_one), (money.PESOS, text)):
        money.show_in(currency)
        assert money.restate(text) == money.restate(money.restate(text)) == expected


def test_amounts_and_headings_are_in_it() -> None:
    money.show_in("BRL")
    assert formats.amount(1235) == "BRL 1.235"
    assert formats.amount(123_456_789) == "BRL 123,5 M"
    assert formats.pesos(12_300_000) == "12,3 millones de BRL"
    assert formats.heading("ingreso_medio") == "Ingreso medio (BRL)"
    signed = [column for column, heading in formats.HEADINGS.items() if "$" in heading]
    assert len(signed) > 40
    assert [column for column in signed if "$" in formats.heading(column)] == []


@pytest.mark.parametrize("currency", ["ARS", "UYU"])
def test_exported_files_say_their_currency(tmp_path: Path, currency: str) -> None:
    write_dictionary(tmp_path / published.DICTIONARY, list(dictionary(currency)))
    assert published.Files(date(2026, 11, 20), tmp_path).currency == currency
