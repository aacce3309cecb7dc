"""Where a cell of cliente_360 comes from: what it means, the figures in between, and the rows of the star, which add up to it.

The value is worked out from those rows once more, by arithmetic of its own that shares nothing with the SQL of the pipeline.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import psycopg

from reading import warehouse
from reading.explain import balances, contacts, credit, flows, identity, purchases, ranks
from reading.explain.evidence import Answer, Explain, Facts, Rows, steps_table

__all__ = ["COLUMNS", "Explanation", "NoSuchCell", "Rows", "explain", "facts_of", "steps_table"]

COLUMNS: dict[str, Explain] = {
    **identity.COLUMNS,
    **flows.COLUMNS,
    **ranks.COLUMNS,
    **purchases.COLUMNS,
    **contacts.COLUMNS,
    **credit.COLUMNS,
    **balances.COLUMNS,
}


class NoSuchCell(ValueError):
    """There is no such customer, column or published day, or the day can not be explained; the message says which."""


@dataclass(frozen=True)
class Explanation:
    """A published cell and where it comes from."""

    published: Any
    definition: str
    answer: Answer
    source: str
    """The world or feed of the warehouse."""

    @property
    def holds(self) -> bool:
        """Whether the rows come to the published value."""
        return bool(self.answer.value == self.published)


def explain(connection: psycopg.Connection, cliente_id: str, columna: str, fecha: date) -> Explanation:
    """Explain a cell as of a published day. Raises NoSuchCell."""
    if columna not in COLUMNS:
        raise NoSuchCell(f"cliente_360 has no column {columna!r}: give one of {', '.join(sorted(COLUMNS))}")
    facts = facts_of(connection, cliente_id, fecha)
    answer = COLUMNS[columna](facts)
    rows = tuple(facts.with_origins(rows.shown_to(cliente_id)) for rows in answer.rows if rows.records)
    return Explanation(
        facts.published[columna],
        dict(warehouse.read(connection, "explain/definiciones").rows)[columna],
        replace(answer, rows=rows),
        warehouse.read(connection, "explain/fuente").rows[0][0],
    )


def facts_of(connection: psycopg.Connection, cliente_id: str, fecha: date) -> Facts:
    """What the columns of a customer are explained from. Raises NoSuchCell."""
    published = [day.fecha for day in warehouse.days(connection) if day.published]
    if fecha not in published:
        days = f"published are {published[-1]} to {published[0]}" if published else "none is yet: make run"
        raise NoSuchCell(f"{fecha} is not published: {days}")
    profile = warehouse.read(connection, "perfil", cliente_id=cliente_id, fecha=fecha)
    if not profile.rows:
        raise NoSuchCell(f"{cliente_id} is no customer as of {fecha}")
    with_what = warehouse.read(connection, "explain/corte", fecha=fecha).rows
    if not with_what:
        raise NoSuchCell(f"{fecha} was computed by a version that did not note with what: make run FECHA={fecha}")
    ((inicio, pais, entities),) = with_what
    given = frozenset(entities)
    delivered = given.intersection(warehouse.read(connection, "explain/entregadas", fecha=fecha).values("entidad"))
    row = dict(zip(profile.columns, profile.rows[0], strict=True)) | {"fecha_corte": fecha}
    return Facts(connection, cliente_id, fecha, inicio, pais, given, delivered, row)
