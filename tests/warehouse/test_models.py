import csv
import io
import runpy

import pytest

from client360 import folders
from client360.publish.export import _write_dictionary
from client360.warehouse import models


def test_the_dictionary_describes_every_column_of_every_table(tmp_path) -> None:
    _write_dictionary(tmp_path / "diccionario.csv")
    entries = list(csv.DictReader(io.StringIO((tmp_path / "diccionario.csv").read_text(encoding="utf-8-sig"))))
    assert [(entry["relacion"], entry["columna"]) for entry in entries] == [
        (table.fullname, column.name) for table in models.tables() for column in table.columns
    ]
    assert all(entry["descripcion"] and entry["tipo"] for entry in entries)
    assert {entry["publicada_como"] for entry in entries} == {"", *models.EXPORTED}
    money = next(entry for entry in entries if entry["columna"] == "monto")
    assert (money["tipo"], money["obligatoria"]) == ("numeric(14, 2)", "si")


def test_the_dictionary_names_the_currency_of_the_rows(tmp_path) -> None:
    described = {}
    for currency in ("ARS", "CLP"):
        _write_dictionary(tmp_path / "diccionario.csv", currency=currency)
        described[currency] = (tmp_path / "diccionario.csv").read_text(encoding="utf-8-sig")
    assert "amount in pesos, always positive" in described["ARS"]
    assert "amount in CLP, always positive" in described["CLP"]
    assert "pesos" not in described["CLP"]


def test_the_diagram_of_the_star_is_that_of_the_models() -> None:
    draw = runpy.run_path(str(folders.ROOT / "docs" / "erd.py"))["draw"]
    assert (folders.ROOT / "docs" / "erd.md").read_text(encoding="utf-8") == draw(), "make erd"


@pytest.mark.parametrize("model", models.LANDING.values(), ids=str)
def test_every_landing_file_names_its_day(model: type[models.Landing]) -> None:
    assert "fecha" in models.columns(model)
    assert model.last_layer in ("dw", "mart")
