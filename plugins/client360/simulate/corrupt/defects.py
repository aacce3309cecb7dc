"""The kinds of defects that `defects.yaml` declares, read once and checked."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

DEFECTS_YAML = Path(__file__).with_name("defects.yaml")
REPEATED = "repetida"
"""The reason of an exact duplicate, which is counted and not rejected."""


class Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(Facts):
    """A kind of defect."""

    weight: float
    """How often it is drawn, relative to the other kinds that the row allows."""
    reason: str = ""
    """Reason for which the row must be rejected; empty where it depends on the row."""
    undetectable: str = ""
    """Why some rows of the kind cannot be told from sound ones; empty where all can."""


class DayKind(Facts):
    """A kind of defect of a whole day."""

    columns: dict[str, tuple[str, ...]] = Field(alias="in")
    """The entities that it is drawn for, with the columns of which it changes one."""


class Days(Facts):
    """Days that are corrupted as a whole."""

    share: float
    part: float
    kinds: dict[str, DayKind]


class Defects(Facts):
    """The content of defects.yaml, which explains each key."""

    cut: float
    days: Days
    kinds: dict[str, Kind]
    no_numbers: tuple[str, ...]
    no_dates: tuple[str, ...]


@lru_cache
def defects() -> Defects:
    """The content of defects.yaml. pydantic.ValidationError names a key that is missing, unknown or of the wrong type."""
    return Defects.model_validate(yaml.safe_load(DEFECTS_YAML.read_text(encoding="utf-8")))
