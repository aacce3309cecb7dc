"""What is known of a world on a day: the rows of its landing files up to then, and what the answer key makes of them.

Rows are dictionaries by column of the landing files; amounts outside rows are cents.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pyarrow as pa

from client360.simulate.simulation import parts
from client360.simulate.world import World
from client360.warehouse.models import LANDING
from proof.accounts import Holders
from proof.exact import cents, value
from proof.months import ONE_DAY, Month, days_between, months
from proof.trade import Delivery, Line, Order, Payment, Return

Row = dict[str, Any]

YEAR = timedelta(days=365)
NO_DATA = "sin_dato"
"""What stands for a province, a category, a channel and so on that is not known."""
ANNULLED = ("cancelada", "devuelta")
"""The states of an order in which it counts nowhere."""
UNKNOWN: Row = {"categoria": None, "costo": None}
"""A product of a source that provides none."""
REPORTED = 13
"""Months that the answers cover, at most: that of the day, and twelve before it."""


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
        return sorted({product["categoria"] or NO_DATA for product in self.products.valid(month.last).values()})

    @cached_property
    def states(self) -> dict[str, list[Row]]:
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
        for row in self.rows("detalle_ventas"):
            order = row["venta_id"]
            sold_on = self.states[order][0]["fecha_venta"]
            product = self.products.on(row["producto_id"], sold_on) if self.provides("productos") else UNKNOWN
            lines[order].append(
                Line(
                    product=row["producto_id"],
                    category=product["categoria"],
                    units=row["cantidad"],
                    amount=value(row["cantidad"], row["precio_unitario"]) - cents(row["descuento"]),
                    cost=_cost(row["cantidad"], product),
                )
            )
        return [
            Order(
                order,
                made["cliente_id"],
                made["fecha_venta"],
                lines[order],
                _place(made),
                None if made["cargo_envio"] is None else cents(made["cargo_envio"]),
            )
            for order, (made, *later) in self.states.items()
            if not {state["estado"] for state in (made, *later)} & set(ANNULLED)
        ]

    def place(self, order: str | None) -> tuple[str, str, str]:
        """Channel, branch and seller of an order, by venta_id, as far as they are known."""
        return _place(self.states[order][0]) if order in self.states else (NO_DATA,) * 3

    @property
    def returns_known(self) -> bool:
        """Whether it is known what comes back."""
        return self.provides("devoluciones")

    @cached_property
    def returns(self) -> list[Return]:
        """What came back of orders that count, or of orders that are not known."""
        found = []
        for row in self.rows("devoluciones"):
            states = self.states.get(row["venta_id"], [])
            if any(state["estado"] in ANNULLED for state in states):
                continue
            product = self.products.on(row["producto_id"], row["fecha"]) if self.provides("productos") else UNKNOWN
            found.append(
                Return(
                    customer=row["cliente_id"],
                    order=row["venta_id"],
                    day=row["fecha"],
                    product=row["producto_id"],
                    category=product["categoria"],
                    units=row["cantidad"] or 0,
                    amount=cents(row["monto"]),
                    cost=_cost(row["cantidad"] or 0, product),
                )
            )
        return found

    @cached_property
    def returns_of(self) -> dict[str | None, list[Return]]:
        """What came back of each order, by venta_id."""
        given: dict[str | None, list[Return]] = defaultdict(list)
        for each in self.returns:
            given[each.order].append(each)
        return given

    @cached_property
    def returned_of(self) -> Counter[str | None]:
        """Cents given back for each order, by venta_id."""
        given: Counter[str | None] = Counter()
        for each in self.returns:
            given[each.order] += each.amount
        return given

    @cached_property
    def payments(self) -> list[Payment]:
        """What became of payments, also of those of orders that were annulled later."""
        return [
            Payment(
                customer=row["cliente_id"],
                order=row["venta_id"],
                day=row["fecha"],
                method=row["metodo_pago"],
                instalments=row["cuotas"],
                amount=cents(row["monto"]),
                state=row["estado"],
            )
            for row in self.rows("pagos_venta")
        ]

    @cached_property
    def holders(self) -> Holders:
        """Who holds which account."""
        return Holders(self.rows("titulares_cuenta"))

    @cached_property
    def orders_of(self) -> dict[str, list[Order]]:
        """The valid orders of each customer who has any, first to last, by cliente_id."""
        by_customer: dict[str, list[Order]] = defaultdict(list)
        for order in sorted(self.orders, key=lambda order: order.day):
            if order.customer is not None:
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
                province=self.states[order][0]["provincia_envio"] if self.provides("ventas") else NO_DATA,
                depot=depot,
                day=row["fecha_entrega"],
                beyond=(row["fecha_entrega"] - row["fecha_prometida"]).days if row["fecha_prometida"] else None,
                taken=days_between(
                    (self.states[order][0]["fecha_venta"], self.states[order][0]["momento"]),
                    (row["fecha_entrega"], row["momento_entrega"]),
                )
                if self.provides("ventas")
                else None,
            )
            for (order, depot), row in newest.items()
        ]


def _cost(units: int, product: Row) -> int | None:
    """Cents that units of a product cost; None where that is not known."""
    if units == 0:
        return 0
    return None if product["costo"] is None else value(units, product["costo"])


def is_customer(version: Row, day: date) -> bool:
    """Whether a version says of a day of its own that the person is a customer."""
    return version["fecha_alta"] <= day and (version["fecha_baja"] is None or version["fecha_baja"] > day)


def _place(order: Row) -> tuple[str, str, str]:
    """Channel, branch and seller."""
    return order["canal"] or NO_DATA, order["sucursal"] or NO_DATA, order["vendedor"] or NO_DATA


def _known_on(row: Row) -> date:
    return row["fecha"]
