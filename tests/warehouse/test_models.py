import csv
import io
import re
import runpy

import pytest
from sqlalchemy import CheckConstraint

from client360 import folders
from client360.publish.csv_files import write_dictionary
from client360.publish.outgoing import entries
from client360.warehouse import models
from client360.warehouse.models.entity import Entity


def test_the_dictionary_describes_every_column_of_every_table(tmp_path) -> None:
    write_dictionary(tmp_path / "diccionario.csv", list(entries("ARS", anonymous=False)))
    found = list(csv.DictReader(io.StringIO((tmp_path / "diccionario.csv").read_text(encoding="utf-8-sig"))))
    assert [(entry["relacion"], entry["columna"]) for entry in found] == [
        (table.fullname, column.name) for table in models.tables() for column in table.columns
    ]
    assert all(entry["descripcion"] and entry["tipo"] for entry in found)
    assert {entry["publicada_como"] for entry in found} == {"", *models.EXPORTED}
    money = next(entry for entry in found if entry["columna"] == "monto")
    assert (money["tipo"], money["obligatoria"]) == ("numeric(14, 2)", "si")


def test_the_dictionary_names_the_currency_of_the_rows(tmp_path) -> None:
    described = {}
    for currency in ("ARS", "CLP"):
        write_dictionary(tmp_path / "diccionario.csv", list(entries(currency, anonymous=False)))
        described[currency] = (tmp_path / "diccionario.csv").read_text(encoding="utf-8-sig")
    assert "amount in pesos, always positive" in described["ARS"]
    assert "amount in CLP, always positive" in described["CLP"]
    assert "pesos" not in described["CLP"]


@pytest.mark.parametrize("page", ["erd", "contract"])
def test_pages_that_are_drawn_from_the_models_are_up_to_date(page: str) -> None:
    draw = runpy.run_path(str(folders.ROOT / "docs" / f"{page}.py"))["draw"]
    assert (folders.ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8") == draw(), f"make {page}"


ENTITIES: dict[str, type[Entity]] = {"provincias": models.dw.DimProvincia, **models.LANDING}


@pytest.mark.parametrize("model", ENTITIES.values(), ids=ENTITIES)
def test_an_entity_declares_its_key_rules_and_references_on_columns_that_it_has(model: type[Entity]) -> None:
    columns = set(model.__table__.columns.keys())
    assert set(model.natural_key) <= columns
    assert not model.versioned or model.natural_key[-1] == "fecha"
    for rule in model.rules():
        words = set(re.findall(r"\w+", re.sub(r"'[^']*'", "", rule.condition)))
        assert columns & words == {rule.column, *rule.others}, rule.condition
        assert all(f"'{word}'" in rule.condition for word in rule.words)
    for reference in model.references:
        assert reference.entity in ENTITIES
        assert reference.column in columns


@pytest.mark.parametrize("model", ENTITIES.values(), ids=ENTITIES)
def test_every_check_constraint_of_an_entity_is_a_rule(model: type[Entity]) -> None:
    checks = {str(check.sqltext) for check in model.__table__.constraints if isinstance(check, CheckConstraint)}
    assert checks == {rule.condition for rule in model.rules() if rule.constraint}


@pytest.mark.parametrize("model", models.LANDING.values(), ids=str)
def test_every_landing_file_names_its_day(model: type[models.Landing]) -> None:
    assert "fecha" in models.columns(model)
    assert model.last_layer in ("dw", "mart")
