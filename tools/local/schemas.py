"""Judges each JSON schema once: `dag.test` has jsonschema judge the schema of each parameter of each task anew, several times,
which takes a fifth of a short run."""

import json
from typing import Any

from jsonschema import Draft202012Validator


def judge_schemas_once() -> None:
    """Have jsonschema remember which schemas are valid. Others raise as before, each time."""
    judge = Draft202012Validator.check_schema
    valid: set[str] = set()

    def check_schema(schema: Any, *args: Any, **kwargs: Any) -> None:
        written = json.dumps([schema, args, kwargs], sort_keys=True, default=repr)
        if written not in valid:
            judge(schema, *args, **kwargs)
            valid.add(written)

    Draft202012Validator.check_schema = staticmethod(check_schema)
