"""JSON schemas are judged once, and no worse."""

import pytest
from jsonschema import Draft202012Validator, SchemaError, ValidationError, validate

from tools.local.schemas import judge_schemas_once


def test_a_schema_is_judged_once_and_values_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[object] = []
    monkeypatch.setattr(Draft202012Validator, "check_schema", judged.append)
    judge_schemas_once()
    for value in (1, 2):
        validate(value, {"type": "integer"})
    with pytest.raises(ValidationError):
        validate("one", {"type": "integer"})
    assert judged == [{"type": "integer"}]


def test_what_is_no_schema_is_refused_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Draft202012Validator, "check_schema", Draft202012Validator.check_schema)
    judge_schemas_once()
    for _ in range(2):
        with pytest.raises(SchemaError):
            validate(1, {"type": "number of pesos"})
