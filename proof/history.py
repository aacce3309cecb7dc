"""What is known of a world on a day: the rows of its landing files up to then, and what the answer key says they mean."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pyarrow as pa

from client360.simulate.simulation import parts
from client360.simulate.world import World
from proof.exact import cents

Row = dict[str, Any]

ONE_DAY = timedelta(days=1)
YEAR = timedelta(days=365)
REPORTED = 13
"""Months that the answers cover, at most: that of the day, and twelve before it."""


@dataclass(frozen=True)
class Month:
    """A calendar month, or the part of it that is known."""

    first: date
    last: date

    @property
    def mes(self) -> date:
        """What the month is called: the first day of the calendar month."""
        return month_of(self.first)

    @property
    def days(self) -> int:
        """How many days of it are known."""
        return (self.last - self.first).days + 1

    @property
    def whole(self) -> bool:
        return self.first.day == 1 and (self.last + ONE_DAY).day == 1


def month_of(day: date) -> date:
    """The first day of its calendar month."""
    return day.replace(day=1)


def months(inicio: date, fecha: date) -> list[Month]:
    """The months from that of `inicio` to that of `fecha`."""
    found = []
    first = inicio
    while first <= fecha:
        following = month_of(month_of(first) + timedelta(days=31))
        found.append(Month(first, min(following - ONE_DAY, fecha)))
        first = following
    return found


class Versions:
    """The versions of all customers, products or campaigns."""

    def __init__(self, rows: Iterable[Row], key: str) -> None:
        self._of: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(rows, key=_fecha):
            self._of[row[key]].append(row)

    def on(self, key: str, day: date) -> Row:
        """The version of one of them that is valid on a day. Raises IndexError where there is none."""
        return [row for row in self._of[key] if row["fecha"] <= day][-1]

    def valid(self, day: date) -> dict[str, Row]:
        """The version valid on a day of each one known by then."""
        return {key: self.on(key, day) for key, rows in self._of.items() if rows[0]["fecha"] <= day}


@dataclass(frozen=True)
class Line:
    """A line of an order; amounts are cents."""

    producto_id: str
    categoria: str
    unidades: int
    importe: int
    costo: int

    @property
    def margen(self) -> int:
        return self.importe - self.costo


@dataclass(frozen=True)
class Order:
    """A valid order: known, and neither cancelled nor returned by then."""

    cliente_id: str
    fecha_venta: date
    lines: list[Line]

    @property
    def importe(self) -> int:
        return sum(line.importe for line in self.lines)


@dataclass(frozen=True)
class Delivery:
    """A shipment known as delivered."""

    cliente_id: str
    provincia: str
    deposito: str
    fecha_entrega: date
    delay: int
    """Days after the day promised, 0 when it came in time."""


@dataclass(frozen=True)
class History:
    """A world as it is known on `fecha`."""

    inicio: date
    fecha: date
    tables: dict[str, list[pa.Table]]
    """The rows of each landing file up to `fecha`."""

    @classmethod
    def read(cls, world: World, fecha: date) -> "History":
        tables: dict[str, list[pa.Table]] = defaultdict(list)
        for part in parts(world):
            for month in months(world.first_day, fecha):
                for entity, table in part.rows(month.first, month.last).items():
                    tables[entity].append(table)
        return cls(world.first_day, fecha, dict(tables))

    def rows(self, entity: str) -> Iterator[Row]:
        """The rows of a landing file."""
        for table in self.tables.get(entity, []):
            yield from table.to_pylist()

    @property
    def months(self) -> list[Month]:
        """All months known."""
        return months(self.inicio, self.fecha)

    @property
    def reported(self) -> list[Month]:
        """The months that the answers cover."""
        return self.months[-REPORTED:]

    def recent(self, day: date) -> bool:
        """Whether a day that is known is one of the last 365."""
        return day > self.fecha - YEAR

    @cached_property
    def products(self) -> Versions:
        return Versions(self.rows("productos"), "producto_id")

    @cached_property
    def campaigns(self) -> dict[str, Row]:
        """The campaigns known, by campania_id."""
        return Versions(self.rows("campanias"), "campania_id").valid(self.fecha)

    @cached_property
    def _persons(self) -> Versions:
        return Versions(self.rows("clientes"), "cliente_id")

    def customers(self, day: date) -> dict[str, Row]:
        """The version valid on a day of each one who is a customer on it, by cliente_id."""
        return {
            key: version
            for key, version in sorted(self._persons.valid(day).items())
            if version["fecha_alta"] <= day and (version["fecha_baja"] is None or version["fecha_baja"] > day)
        }

    def categories(self, month: Month) -> list[str]:
        """The categories of the products known by the end of a month, in alphabetical order."""
        return sorted({product["categoria"] for product in self.products.valid(month.last).values()})

    @cached_property
    def _states(self) -> dict[str, list[Row]]:
        """The states of each order, first to last, by venta_id."""
        states: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.rows("ventas"), key=_fecha):
            states[row["venta_id"]].append(row)
        return dict(states)

    @cached_property
    def orders(self) -> list[Order]:
        """The valid orders, from the first day of the world on."""
        lines: dict[str, list[Line]] = defaultdict(list)
        for row in self.rows("detalle_ventas"):
            venta = row["venta_id"]
            product = self.products.on(row["producto_id"], self._states[venta][0]["fecha_venta"])
            lines[venta].append(
                Line(
                    producto_id=row["producto_id"],
                    categoria=product["categoria"],
                    unidades=row["cantidad"],
                    importe=row["cantidad"] * cents(row["precio_unitario"]) - cents(row["descuento"]),
                    costo=row["cantidad"] * cents(product["costo"]),
                )
            )
        return [
            Order(states[0]["cliente_id"], states[0]["fecha_venta"], lines[venta])
            for venta, states in self._states.items()
            if all(state["estado"] == "completada" for state in states)
        ]

    @cached_property
    def orders_of(self) -> dict[str, list[Order]]:
        """The valid orders of each customer who has any, first to last, by cliente_id."""
        by_customer: dict[str, list[Order]] = defaultdict(list)
        for order in sorted(self.orders, key=lambda order: order.fecha_venta):
            by_customer[order.cliente_id].append(order)
        return dict(by_customer)

    def recent_orders(self, cliente_id: str) -> list[Order]:
        """The valid orders of a customer in the last 365 days."""
        return [order for order in self.orders_of.get(cliente_id, []) if self.recent(order.fecha_venta)]

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """The shipments known as delivered, also those of orders that were annulled later."""
        newest = {}
        for row in sorted(self.rows("envios"), key=_fecha):
            if row["fecha_entrega"]:
                newest[row["venta_id"], row["deposito"]] = row
        return [
            Delivery(
                cliente_id=row["cliente_id"],
                provincia=self._states[venta][0]["provincia_envio"],
                deposito=deposito,
                fecha_entrega=row["fecha_entrega"],
                delay=max((row["fecha_entrega"] - row["fecha_prometida"]).days, 0),
            )
            for (venta, deposito), row in newest.items()
        ]


def _fecha(row: Row) -> date:
    return row["fecha"]
