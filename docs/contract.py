"""Draws docs/contract.md, every column that a feed can provide, from the models: `make contract`."""

from pathlib import Path

from sqlalchemy import Column, Date, DateTime, Integer, Numeric

from client360.ingest.contract import expected
from client360.ingest.contract.rules import MODELS
from client360.ingest.feed_spec import ENTITIES
from client360.warehouse.models.entity import Entity, Rule, required
from tools.feed_draft.entity_columns import DEFAULTS, DERIVED, OWN_IDS, version_days

HEAD = """# The columns of the contract

`make contract` draws this page from the models in `plugins/client360/warehouse/models`.
[feeds.md](feeds.md#the-contract) has what a row of each entity is. A column that is **required** must be there in
each row; an optional one that is missing is unknown, never 0. Amounts are in the feed's `currency` where a meaning
says pesos, and are rounded to two decimals, prices and costs of a unit to six, quantities to three,
percentages to four. Keys are text of
at most 200 bytes. Days are written `YYYY-MM-DD`, business days are from 1990-01-01 to 2099-12-31; moments,
`YYYY-MM-DDTHH:MM:SS` with an offset or Z, [as ISO 8601 has it](feeds.md#moments). The last column has what `make feed`
writes where no file has the column.

"""
NUMBERS = {2: "amount", 3: "quantity", 4: "percentage", 6: "price", 10: "rate"}
"""What numbers are, by their decimals."""
FROM_ELSEWHERE = {"linea": "the number of the line within its order", "fecha_venta": "`fecha`"}
TOLD_ABOVE = ("octet_length(", "isfinite(", "between date '1990")


def draw() -> str:
    """The page, in Markdown."""
    return HEAD + "\n".join(_section(entity, MODELS[entity]) for entity in ENTITIES)


def _section(entity: str, model: type[Entity]) -> str:
    rows = [
        f"| `{column.name}` | {_need(entity, model, column)} | {_type(column)} | {_range(model, column)} | {column.comment} | "
        f"{_default(entity, column)} |"
        for column in model.__table__.columns
    ]
    head = ["| column | | type | range | meaning | else |", "|---|---|---|---|---|---|"]
    return "\n".join([f"## {entity}", "", *head, *rows, ""])


def _need(entity: str, model: type[Entity], column: Column) -> str:
    if column.name in model.natural_key:
        return "**required**, key"
    return "**required**" if required(column) else ""


def _type(column: Column) -> str:
    if isinstance(column.type, Date):
        return "day"
    if isinstance(column.type, DateTime):
        return "moment"
    if isinstance(column.type, Integer):
        return "whole number"
    return NUMBERS[column.type.scale or 0] if isinstance(column.type, Numeric) else "text"


def _range(model: type[Entity], column: Column) -> str:
    rules = [_condition(rule, column) for rule in model.rules() if rule.column == column.name]
    parents = [reference.expected for reference in model.references if reference.column == column.name]
    return "; ".join([rule for rule in rules if rule] + parents)


def _condition(rule: Rule, column: Column) -> str:
    if rule.words:
        return ", ".join(f"`{word}`" for word in rule.words)
    if any(told in rule.condition for told in TOLD_ABOVE):
        return ""
    return f"`{expected.condition(rule, column).split(', once rounded')[0]}`"


def _default(entity: str, column: Column) -> str:
    if f"{entity}.{column.name}" in DEFAULTS:
        expression, assumed = DEFAULTS[f"{entity}.{column.name}"]
        return f"`{expression.format(own='')}`: {assumed}".replace("|", "\\|")
    if f"{entity}.{column.name}" in OWN_IDS:
        return "the number of the row"
    if column.name in version_days(entity):
        return "the day of the file, of its beginning, or the first day of history"
    if column.name in DERIVED.get(entity, ()):
        return FROM_ELSEWHERE.get(column.name, "that of the order")
    return "" if required(column) else "null"


if __name__ == "__main__":
    Path(__file__).with_name("contract.md").write_text(draw(), encoding="utf-8")
