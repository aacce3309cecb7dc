"""The parents that a row needs, and for which days."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from proof.corruption.lines import Values
from proof.corruption.rules import REFERRED, VERSIONED


@dataclass
class Known:
    """What the versions of a customer, product or campaign say."""

    versions: list[Values] = field(default_factory=list)
    """By the day on which they became known."""

    def by(self, day: date) -> bool:
        """Whether it is known by a day."""
        return any(version["fecha"] <= day for version in self.versions)

    def launched(self, day: date) -> bool:
        """Whether it is on sale by a day, as any version says."""
        return any(version["fecha_alta"] <= day for version in self.versions)

    def joined(self, day: date) -> bool:
        """Whether it is a customer on a day, as the version of that day says."""
        valid = [version for version in self.versions if version["fecha"] <= day][-1:]
        return any(version["fecha_alta"] <= day < (version["fecha_baja"] or date.max) for version in valid)

    def open(self, day: date) -> bool:
        """Whether it is an open account on a day, as the version of that day says."""
        valid = [version for version in self.versions if version["fecha"] <= day][-1:]
        return any(
            (version["fecha_apertura"] or version["fecha"]) <= day < (version["fecha_cierre"] or date.max)
            for version in valid
        )


UNKNOWN = Known()


class Order(NamedTuple):
    """What identifies an order: its customer and its day."""

    customer: str | None
    day: date


@dataclass
class Parents:
    """The parents accepted so far, by entity and key."""

    versions: dict[str, dict[str, Known]] = field(default_factory=lambda: {entity: {} for entity in VERSIONED})
    orders: dict[str, Order] = field(default_factory=dict)
    refused: dict[str, set[str]] = field(default_factory=lambda: {column: set() for column in REFERRED.values()})
    """Keys of rejected rows, by the column that refers to them."""

    def known(self, entity: str, key: str) -> Known:
        return self.versions[entity].get(key, UNKNOWN)


def _customer(parents: Parents, key: str, row: Values) -> bool:
    return parents.known("clientes", key).joined(row["fecha"])


def _buyer(parents: Parents, key: str, row: Values) -> bool:
    return parents.known("clientes", key).joined(row["fecha_venta"])


def _person(parents: Parents, key: str, row: Values) -> bool:
    return key in parents.versions["clientes"]


def _contacted(parents: Parents, key: str, row: Values) -> bool:
    return parents.known("clientes", key).by(row["fecha"])


def _on_sale(parents: Parents, key: str, row: Values) -> bool:
    return parents.known("productos", key).launched(row["fecha"])


def _product(parents: Parents, key: str, row: Values) -> bool:
    return key in parents.versions["productos"]


def _campaign(parents: Parents, key: str, row: Values) -> bool:
    return key in parents.versions["campanias"]


def _announced(parents: Parents, key: str, row: Values) -> bool:
    return parents.known("campanias", key).by(row["fecha"])


def _order(parents: Parents, key: str, row: Values) -> bool:
    return key in parents.orders


def _order_of_the_day(parents: Parents, key: str, row: Values) -> bool:
    return parents.orders.get(key) == Order(row["cliente_id"], row["fecha"])


def _order_by_then(parents: Parents, key: str, row: Values) -> bool:
    order = parents.orders.get(key)
    return order is not None and order.customer == row["cliente_id"] and order.day <= row["fecha"]


def _order_if_known(parents: Parents, key: str, row: Values) -> bool:
    """What comes back may be of an order of long ago, but not of one that was refused."""
    return _order_by_then(parents, key, row) if key in parents.orders else key not in parents.refused["venta_id"]


def _account(parents: Parents, key: str, row: Values) -> bool:
    return key in parents.versions["cuentas"]


def _account_of_nobody(parents: Parents, key: str, row: Values) -> bool:
    return row["cliente_id"] is not None or _account(parents, key, row)


def _open_account(parents: Parents, key: str, row: Values) -> bool:
    return parents.known("cuentas", key).open(row["fecha"])


def _rated(parents: Parents, key: str, row: Values) -> bool:
    """The simulator's own currency needs no rate."""
    return key == "ARS" or parents.known("cotizaciones", key).by(row["fecha"])


def _card(parents: Parents, key: str, row: Values) -> bool:
    return key in parents.versions["tarjetas"]


def _loan(parents: Parents, key: str, row: Values) -> bool:
    return key in parents.versions["prestamos"]


PARENTS: dict[str, dict[str, Callable[[Parents, str, Values], bool]]] = {
    "saldos": {"cuenta_id": _account},
    "titulares_cuenta": {"cuenta_id": _account, "cliente_id": _person},
    "transacciones": {"cliente_id": _customer, "venta_id": _order, "cuenta_id": _open_account, "moneda": _rated},
    "ventas": {"cliente_id": _buyer, "campania_id": _campaign},
    "detalle_ventas": {"cliente_id": _customer, "producto_id": _on_sale, "venta_id": _order_of_the_day},
    "envios": {"cliente_id": _person, "venta_id": _order_by_then},
    "devoluciones": {"cliente_id": _person, "producto_id": _product, "venta_id": _order_if_known},
    "pagos_venta": {"cliente_id": _person, "venta_id": _order_by_then},
    "contactos_campania": {"cliente_id": _contacted, "campania_id": _announced},
    "movimientos_stock": {"producto_id": _product},
    "tarjetas": {"cliente_id": _person, "cuenta_id": _account_of_nobody},
    "resumenes": {"cliente_id": _person, "tarjeta_id": _card},
    "prestamos": {"cliente_id": _person, "cuenta_id": _account_of_nobody},
    "cuotas": {"cliente_id": _person, "prestamo_id": _loan},
    "ordenes_permanentes": {"cliente_id": _person, "cuenta_id": _account_of_nobody},
}
"""Whether a parent is there for a row, by the column that refers to it, in the order of judging."""
