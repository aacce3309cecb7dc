"""What a cell is explained with: the rows of the star that it comes from, the figures in between, the value they come to."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from reading import warehouse
from reading.warehouse import Table

Record = dict[str, Any]
TYPES = {bool: "boolean", int: "integer", Decimal: "numeric", date: "date"}


@dataclass(frozen=True)
class Kind:
    """A query of rows: their relation, the entity of the contract that they were loaded as, and the columns that tell rows of
    that entity apart."""

    relation: str
    entity: str = ""
    key: tuple[str, ...] = ()


KINDS = {
    "contactos": Kind("dw.hecho_contactos", "contactos_campania", ("campania_id", "cliente_id", "fecha")),
    "cotizaciones": Kind("dw.dim_cotizacion", "cotizaciones", ("moneda", "fecha")),
    "cuentas": Kind("dw.dim_cuenta", "cuentas", ("cuenta_id", "fecha")),
    "cuotas": Kind("dw.historia_cuotas", "cuotas", ("cuota_id", "fecha")),
    "devoluciones": Kind("dw.hecho_devoluciones", "devoluciones", ("devolucion_id", "fecha")),
    "envios": Kind("dw.historia_envios", "envios", ("venta_id", "deposito", "estado", "fecha")),
    "grafias": Kind("dw.grafia_provincia"),
    "lineas": Kind("dw.hecho_ventas", "detalle_ventas", ("venta_id", "linea", "fecha")),
    "movimientos": Kind("dw.hecho_transacciones", "transacciones", ("transaccion_id", "fecha")),
    "movimientos_de_cuentas": Kind("dw.hecho_transacciones", "transacciones", ("transaccion_id", "fecha")),
    "ordenes": Kind("dw.historia_ordenes_permanentes", "ordenes_permanentes", ("orden_id", "fecha")),
    "pagos": Kind("dw.hecho_pagos", "pagos_venta", ("pago_id", "estado", "fecha")),
    "parecidos": Kind("dw.dim_cliente", "clientes", ("cliente_id", "fecha")),
    "pedidos": Kind("dw.hecho_pedidos", "ventas", ("venta_id", "fecha")),
    "prestamos": Kind("dw.historia_prestamos", "prestamos", ("prestamo_id", "fecha")),
    "resumenes": Kind("dw.historia_resumenes", "resumenes", ("resumen_id", "fecha")),
    "saldos": Kind("dw.hecho_saldos", "saldos", ("cuenta_id", "fecha")),
    "tarjetas": Kind("dw.historia_tarjetas", "tarjetas", ("tarjeta_id", "fecha")),
    "titularidad": Kind("dw.titularidad", "titulares_cuenta", ("cuenta_id", "cliente_id", "fecha")),
    "versiones": Kind("dw.dim_cliente", "clientes", ("cliente_id", "fecha")),
}


@dataclass(frozen=True)
class Rows:
    """Rows of a relation of the star."""

    kind: Kind
    types: dict[str, str]
    records: list[Record]
    withheld: int = 0
    """How many more count, which are not shown."""

    def where(self, holds: Callable[[Record], object]) -> "Rows":
        return replace(self, records=[record for record in self.records if holds(record)])

    def shown_to(self, cliente_id: str) -> "Rows":
        """Without the rows that name somebody else, such as what another holder of an account bought: who reads of a customer
        reads of nobody else. Of who may be the same person, the published value names the other one itself."""
        if self.kind.entity == "clientes":
            return self
        shown = self.where(lambda record: record.get("cliente_id") in (None, "", cliente_id))
        return replace(shown, withheld=len(self.records) - len(shown.records))

    def table(self) -> Table:
        return Table(self.types, [tuple(record.values()) for record in self.records])


@dataclass(frozen=True)
class Answer:
    """A value, and what it was worked out from. `steps` are figures that the rows come to one by one, such as those of months."""

    value: Any
    formula: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    steps: list[Record] = field(default_factory=list)
    rows: tuple[Rows, ...] = ()


Explain = Callable[["Facts"], Answer]


@dataclass
class Facts:
    """What is known of a customer by the end of a published day."""

    connection: psycopg.Connection
    cliente_id: str
    fecha: date
    inicio: date
    pais: str
    entities: frozenset[str]
    """The entities that the source provides."""
    delivered: frozenset[str]
    """Those about credit and accounts of which something was delivered by then."""
    published: Record
    """The row of cliente_360."""
    _read: dict[str, Rows] = field(default_factory=dict)

    @property
    def desde_12m(self) -> date:
        """The first of the 365 days."""
        return max(self.inicio, self.fecha - timedelta(days=364))

    def provides(self, *entities: str) -> bool:
        return self.entities.issuperset(entities)

    def rows(self, query: str, **parameters: object) -> Rows:
        """The rows of a query, none where the source does not provide them."""
        name = f"{query} {parameters}"
        if name not in self._read:
            self._read[name] = self._rows(query, **parameters)
        return self._read[name]

    def _rows(self, query: str, **parameters: object) -> Rows:
        kind = KINDS[query]
        table = self.table(query, **parameters)
        there = table.rows if not kind.entity or self.provides(kind.entity) else []
        return Rows(kind, table.types, [dict(zip(table.columns, row, strict=True)) for row in there])

    def table(self, query: str, **parameters: object) -> Table:
        known = {name: getattr(self, name) for name in ("cliente_id", "fecha", "inicio", "desde_12m")}
        return warehouse.read(self.connection, f"explain/{query}", **known | parameters)

    def holder_of(self, rows: Iterable[Record]) -> dict[str, Record]:
        """By account, the row of its parts that holds on the day, of those in which the customer has one."""
        return {
            row["cuenta_id"]: row for row in rows if row["desde"] <= self.fecha < row["hasta"] and row["participacion"]
        }

    def with_origins(self, rows: Rows) -> Rows:
        """The rows with `origen`: file and line or, of a simulated world, the landing file of their day."""
        if not rows.kind.entity or not rows.records:
            return rows
        keys = [{name: _text(record[name]) for name in rows.kind.key} for record in rows.records]
        origins = self.table("origen", entidad=rows.kind.entity, claves=json.dumps(keys)).rows
        records = [record | {"origen": origin} for record, (_, origin) in zip(rows.records, origins, strict=True)]
        return replace(rows, types=rows.types | {"origen": "text"}, records=records)


def steps_table(steps: list[Record]) -> Table:
    """Steps as a table; each has the columns of the first."""
    types = {
        name: next((TYPES.get(type(step[name]), "text") for step in steps if step[name] is not None), "text")
        for name in steps[0]
    }
    return Table(types, [tuple(step.values()) for step in steps])


def unknown(*entities: str) -> Answer:
    """The answer of a column that needs what the source does not provide."""
    return Answer(None, f"unknown: the source provides no {' or no '.join(entities)}")


def _text(value: object) -> str | None:
    return None if value is None else str(value)
