"""What is known of a world on a day: the rows of its landing files up to then, and what the answer key makes of them.

Rows are dictionaries by column of the landing files; amounts outside rows are cents.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import pyarrow as pa

from client360.simulate.simulation import parts
from client360.simulate.world import World
from client360.warehouse.models import LANDING
from proof.exact import cents

Row = dict[str, Any]

ONE_DAY = timedelta(days=1)
YEAR = timedelta(days=365)
NO_DATA = "sin_dato"
"""The province of a delivery whose order is not known."""
REPORTED = 13
"""Months that the answers cover, at most: that of the day, and twelve before it."""


@dataclass(frozen=True)
class Month:
    """A calendar month, or the part of it that is known."""

    first: date
    last: date

    @property
    def name(self) -> date:
        """The first day of the calendar month, which names it in the answers."""
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


def months(first: date, last: date) -> list[Month]:
    """The months from day `first` to day `last`, the first and the last one as far as they are within."""
    found = []
    while first <= last:
        following = month_of(month_of(first) + timedelta(days=31))
        found.append(Month(first, min(following - ONE_DAY, last)))
        first = following
    return found


class Versions:
    """The versions of all customers, products or campaigns."""

    def __init__(self, rows: Iterable[Row], key: str) -> None:
        self._of: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(rows, key=_known_on):
            self._of[row[key]].append(row)

    def on(self, key: str, day: date) -> Row:
        """The version with that key that is valid on a day. Raises IndexError where there is none."""
        return [row for row in self._of[key] if row["fecha"] <= day][-1]

    def during(self, key: str, first: date, last: date) -> Iterator[tuple[date, date, Row]]:
        """The versions with that key that are valid between two days, each with its first and last of these days."""
        rows = self._of[key]
        for row, following in zip(rows, [*rows[1:], None], strict=True):
            start = max(row["fecha"], first)
            end = min(following["fecha"] - ONE_DAY, last) if following else last
            if start <= end:
                yield start, end, row

    def valid(self, day: date) -> dict[str, Row]:
        """The version valid on a day, by key, of all known by then."""
        return {key: self.on(key, day) for key, rows in self._of.items() if rows[0]["fecha"] <= day}


@dataclass(frozen=True)
class Line:
    """A line of an order; amounts are cents."""

    product: str
    """producto_id."""
    category: str
    units: int
    amount: int
    """Less the discount."""
    cost: int

    @property
    def margin(self) -> int:
        return self.amount - self.cost


@dataclass(frozen=True)
class Order:
    """A valid order: known, and neither cancelled nor returned by then."""

    customer: str
    """cliente_id."""
    day: date
    lines: list[Line]

    @property
    def amount(self) -> int:
        """Cents."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class Delivery:
    """A shipment known as delivered."""

    customer: str
    """cliente_id."""
    province: str
    depot: str
    day: date
    delay: int
    """Days after the promised day, 0 when it came in time."""


@dataclass(frozen=True)
class History:
    """A world as it is known at the end of `day`."""

    first_day: date
    day: date
    tables: dict[str, list[pa.Table]]
    """The rows of each landing file up to `day`, by entity."""
    entities: Collection[str] = tuple(LANDING)
    """The entities that the source provides; what is made of others is not known."""

    @classmethod
    def read(cls, world: World, day: date, entities: Collection[str] = tuple(LANDING)) -> "History":
        """The history that the world generates, as a source that provides these entities would tell it."""
        tables: dict[str, list[pa.Table]] = defaultdict(list)
        for part in parts(world):
            for month in months(world.first_day, day):
                for entity, table in part.rows(month.first, month.last).items():
                    tables[entity].append(table)
        return cls(world.first_day, day, dict(tables), entities)

    def provides(self, *entities: str) -> bool:
        """Whether the source provides all of them."""
        return set(entities) <= set(self.entities)

    @property
    def sells(self) -> bool:
        """Whether amounts of orders are known."""
        return self.provides("ventas", "detalle_ventas")

    def rows(self, entity: str) -> Iterator[Row]:
        """The rows of the landing files of an entity; none of one that the source does not provide."""
        for table in self.tables.get(entity, []) if self.provides(entity) else []:
            yield from table.to_pylist()

    @property
    def months(self) -> list[Month]:
        """All months known."""
        return months(self.first_day, self.day)

    @property
    def reported(self) -> list[Month]:
        """The months that the answers cover."""
        return self.months[-REPORTED:]

    def recent(self, day: date) -> bool:
        """Whether a day of the history is one of its last 365."""
        return day > self.day - YEAR

    @cached_property
    def products(self) -> Versions:
        return Versions(self.rows("productos"), "producto_id")

    @cached_property
    def campaigns(self) -> dict[str, Row]:
        """The campaigns known, by campania_id."""
        return Versions(self.rows("campanias"), "campania_id").valid(self.day)

    @cached_property
    def _persons(self) -> Versions:
        return Versions(self.rows("clientes"), "cliente_id")

    def customers(self, day: date) -> dict[str, Row]:
        """The version valid on a day of each customer of that day, by cliente_id."""
        return {key: version for key, version in sorted(self._persons.valid(day).items()) if is_customer(version, day)}

    def customer_throughout(self, customer: str, month: Month) -> bool:
        """Whether a person is a customer on each day of a month, by the version of the day."""
        versions = list(self._persons.during(customer, month.first, month.last))
        return (
            bool(versions)
            and versions[0][0] == month.first
            and all(is_customer(version, start) and is_customer(version, end) for start, end, version in versions)
        )

    def categories(self, month: Month) -> list[str]:
        """The categories of the products known by the end of a month, in alphabetical order."""
        return sorted({product["categoria"] for product in self.products.valid(month.last).values()})

    @cached_property
    def _states(self) -> dict[str, list[Row]]:
        """The states of each order, first to last, by venta_id."""
        states: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.rows("ventas"), key=_known_on):
            states[row["venta_id"]].append(row)
        return dict(states)

    @cached_property
    def orders(self) -> list[Order]:
        """The valid orders, from the first day of the world on; none where their amounts are not known."""
        if not self.sells:
            return []
        lines: dict[str, list[Line]] = defaultdict(list)
        unknown: Row = {
            "categoria": "",
            "costo": Decimal(0),
        }  # nothing that is made of products is asked for without them
        for row in self.rows("detalle_ventas"):
            order = row["venta_id"]
            sold_on = self._states[order][0]["fecha_venta"]
            product = self.products.on(row["producto_id"], sold_on) if self.provides("productos") else unknown
            lines[order].append(
                Line(
                    product=row["producto_id"],
                    category=product["categoria"],
                    units=row["cantidad"],
                    amount=row["cantidad"] * cents(row["precio_unitario"]) - cents(row["descuento"]),
                    cost=row["cantidad"] * cents(product["costo"]),
                )
            )
        return [
            Order(states[0]["cliente_id"], states[0]["fecha_venta"], lines[order])
            for order, states in self._states.items()
            if all(state["estado"] == "completada" for state in states)
        ]

    @cached_property
    def orders_of(self) -> dict[str, list[Order]]:
        """The valid orders of each customer who has any, first to last, by cliente_id."""
        by_customer: dict[str, list[Order]] = defaultdict(list)
        for order in sorted(self.orders, key=lambda order: order.day):
            by_customer[order.customer].append(order)
        return dict(by_customer)

    def recent_orders(self, customer: str) -> list[Order]:
        """The valid orders of a customer in the last 365 days."""
        return [order for order in self.orders_of.get(customer, []) if self.recent(order.day)]

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """The shipments known as delivered, also those of orders that were annulled later."""
        newest = {}
        for row in sorted(self.rows("envios"), key=_known_on):
            if row["fecha_entrega"]:
                newest[row["venta_id"], row["deposito"]] = row
        return [
            Delivery(
                customer=row["cliente_id"],
                province=self._states[order][0]["provincia_envio"] if self.provides("ventas") else NO_DATA,
                depot=depot,
                day=row["fecha_entrega"],
                delay=max((row["fecha_entrega"] - row["fecha_prometida"]).days, 0),
            )
            for (order, depot), row in newest.items()
        ]


def is_customer(version: Row, day: date) -> bool:
    """Whether a version says of a day of its own that the person is a customer."""
    return version["fecha_alta"] <= day and (version["fecha_baja"] is None or version["fecha_baja"] > day)


def _known_on(row: Row) -> date:
    return row["fecha"]
