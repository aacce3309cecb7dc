"""The defects that rows can have, derived from the models."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

from psycopg import sql
from sqlalchemy import Column, Date, DateTime, Integer, Numeric, Table, Text

from client360.ingest.contract import expected
from client360.ingest.contract.statements import fill
from client360.ingest.feed_spec import ENTITIES, PROVINCES
from client360.warehouse.models import LANDING, dw
from client360.warehouse.models.entity import Entity, Reference, required

MODELS: dict[str, type[Entity]] = {PROVINCES: dw.DimProvincia, **LANDING}
REFERENCED = {reference.entity for model in MODELS.values() for reference in model.references}
"""Entities that rows refer to."""
DEPENDENCY_ORDER = tuple(
    TopologicalSorter(
        {
            entity: {reference.entity for reference in MODELS[entity].references if reference.entity != entity}
            for entity in ENTITIES
        }
    ).static_order()
)
"""Entities, parents before children."""
REPEATED_KEY = "clave_repetida"


@dataclass(frozen=True)
class Defect:
    """Why a row is rejected: the first one whose `condition`, an expression over the typed row, holds."""

    reason: str
    column: str
    detail: str | None
    condition: sql.Composable
    parent: str | None = None
    """The referenced entity, for a defect of a reference."""


def table_of(entity: str) -> Table:
    return MODELS[entity].__table__


@cache
def defects(entity: str) -> tuple[Defect, ...]:
    """The defects that a row of the entity can have, in the order in which they are looked for: in its values, in its natural
    key among those of other rows, in its references."""
    return (
        *_unreadable(entity),
        *_taken_from_no_parent(entity),
        *_missing(entity),
        *_out_of_bounds(entity),
        _repeated(entity),
        *_orphaned(entity),
    )


def numbered(entity: str) -> list[tuple[int, Defect]]:
    """The defects of the entity, each with the state of the rows that have it."""
    return list(enumerate(defects(entity), start=1))


def repeated_key(entity: str) -> int:
    """The state of rows that contradict another row with their natural key."""
    return next(state for state, defect in numbered(entity) if defect.reason == REPEATED_KEY)


def value_defect(entity: str) -> sql.Composed:
    """The WHEN branches that give the state of a row with a defect in its values."""
    return _branches(entity, [each for each in numbered(entity) if each[1].parent is None])


def state(entity: str) -> sql.Composable:
    """The state of a row whose values are judged, beside what is known of its parents. Rows of the entity itself that it refers
    to are judged later, once they are known."""
    others = [each for each in numbered(entity) if each[1].parent not in (None, entity)]
    return (
        fill("least(_valor, (case {branches} end)::smallint)", branches=_branches(entity, others))
        if others
        else sql.Identifier("_valor")
    )


def own_parent_defect(entity: str) -> sql.Composed:
    """The WHEN branches that give the state of a row with a defect in a reference to a row of the entity itself."""
    return _branches(entity, [each for each in numbered(entity) if each[1].parent == entity])


def lacks_what_parents_give(entity: str) -> sql.Composable:
    """Whether a row lacks a required column that feeds take from its parent."""
    lacking = [_lacking(reference, entity) for reference in MODELS[entity].references]
    return (
        sql.SQL(" or ").join(column for columns in lacking for column in columns) if any(lacking) else sql.SQL("false")
    )


def _branches(entity: str, defects: list[tuple[int, Defect]]) -> sql.Composed:
    return sql.SQL(" ").join(
        fill("when {condition} then {state}", condition=defect.condition, state=sql.Literal(state))
        for state, defect in defects
    )


def written(column: Column) -> sql.Identifier:
    """The column with the original text of a value; for text columns, the column itself."""
    return sql.Identifier(column.name if isinstance(column.type, Text) else f"_{column.name}_escrito")


def type_name(column: Column) -> str:
    return str(column.type).lower()


def _numbers(entity: str) -> list[Column]:
    return [column for column in table_of(entity).columns if isinstance(column.type, Numeric | Integer)]


def _unreadable(entity: str) -> Iterator[Defect]:
    for column in table_of(entity).columns:
        parts = {"written": written(column), "value": sql.Identifier(column.name)}
        if isinstance(column.type, Date | DateTime):
            no_time = fill("{written} is not null and {value} is null", **parts)
            yield Defect("tipo_invalido", column.name, expected.time(column), no_time)
        elif not isinstance(column.type, Text):
            is_number = "crudo.es_entero" if isinstance(column.type, Integer) else "crudo.es_decimal"
            no_number = fill(f"{{written}} is not null and {{value}} is null and not {is_number}({{written}})", **parts)
            yield Defect("tipo_invalido", column.name, expected.number(column), no_number)


def _taken_from_no_parent(entity: str) -> Iterator[Defect]:
    """Such as a line without fecha, whose order was rejected: the order is to be mended, not the line."""
    for reference in MODELS[entity].references:
        if _lacking(reference, entity):
            absent = fill(f"{reference.column} is not null and _incompleta and ({reference.accepted}) is not true")
            yield from _with_parent_rejected(reference, absent)


def _lacking(reference: Reference, entity: str) -> list[sql.Composed]:
    """For each required column that feeds take from the parent, whether it is absent."""
    if not reference.accepted or reference.entity == entity:
        return []
    return [
        fill("{written} is null", written=written(column))
        for column in table_of(entity).columns
        if required(column) and re.search(rf"\b{column.name}\b", reference.holds)
    ]


def _missing(entity: str) -> Iterator[Defect]:
    for column in table_of(entity).columns:
        if required(column):
            yield Defect("falta_valor", column.name, None, fill("{written} is null", written=written(column)))
    for rule in MODELS[entity].rules():
        if rule.lacking:
            yield Defect("falta_valor", rule.column, None, fill(f"({rule.condition}) is not true"))


def _out_of_bounds(entity: str) -> Iterator[Defect]:
    for column in _numbers(entity):
        does_not_fit = fill("{written} is not null and {value} is null", written=written(column), value=column.name)
        yield Defect("fuera_de_rango", column.name, expected.size(column), does_not_fit)
    for rule in (rule for rule in MODELS[entity].rules() if not rule.lacking):
        reason = "valor_desconocido" if rule.words else "fuera_de_rango"
        detail = expected.condition(rule, table_of(entity).columns[rule.column])
        yield Defect(reason, rule.column, detail, fill(f"({rule.condition}) is false"))


def _repeated(entity: str) -> Defect:
    key = MODELS[entity].natural_key
    # the rows are compared with each other, not one by one
    return Defect(REPEATED_KEY, key[0], f"one row for each {', '.join(key)}", sql.SQL("false"))


def _orphaned(entity: str) -> Iterator[Defect]:
    for reference in MODELS[entity].references:
        yield from _with_parent_rejected(
            reference, fill(f"{reference.column} is not null and ({reference.holds}) is not true")
        )


def _with_parent_rejected(reference: Reference, unknown: sql.Composed) -> Iterator[Defect]:
    """The defects of a row whose parent is unknown: that it was rejected, or that it is not there."""
    rejected = fill(f"{{unknown}} and _{reference.entity}_rechazado", unknown=unknown)
    for reason, condition in (("padre_rechazado", rejected), ("padre_desconocido", unknown)):
        yield Defect(reason, reference.column, reference.expected, condition, reference.entity)
