"""The declared kinds of defects: `defects.yaml`, read once and checked."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

DEFECTS_YAML = Path(__file__).with_name("defects.yaml")
REPEATED = "repetida"
"""What becomes of an exact duplicate: it is counted, not rejected."""


class Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(Facts):
    """A kind of defect; `motivo` is empty where it depends on the row, and `undetectable` says then why."""

    weight: float
    motivo: str = ""
    undetectable: str = ""


class Defects(Facts):
    cut: float
    kinds: dict[str, Kind]
    no_numbers: tuple[str, ...]
    no_dates: tuple[str, ...]


@lru_cache
def defects() -> Defects:
    return Defects.model_validate(yaml.safe_load(DEFECTS_YAML.read_text(encoding="utf-8")))
