"""What all landing files have in common."""

from typing import Any, ClassVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import declared_attr

from client360.warehouse.models.base import Base
from client360.warehouse.models.entity import Entity, Reference


class Landing(Entity, Base):
    """A landing file. The transform step moves its rows on, so the table has no primary key."""

    __abstract__ = True
    last_layer: ClassVar[str]
    """The layer that a day of the file has to reach for its load to be complete: dw or mart."""
    measured: ClassVar[str | None] = None
    categories: ClassVar[tuple[str, ...]] = ()
    """Columns of few values, whose rows are counted by value in control.medidas."""

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 (SQLAlchemy calls it with the class)
        return {"primary_key": cls.natural_key}

    @classmethod
    def measure(cls) -> ColumnElement | None:
        """The column whose daily sum is recorded at load and checked again in the star."""
        return None if cls.measured is None else cls.table().columns[cls.measured]


def customer_on(day: str) -> Reference:
    return Reference(
        "clientes",
        "cliente_id",
        f"_clientes_dias @> {day}",
        f"a customer on {day}: by the version of that day, from fecha_alta on and before fecha_baja",
    )


def account_on(day: str) -> Reference:
    return Reference(
        "cuentas",
        "cuenta_id",
        f"_cuentas_dias @> {day}",
        f"an account open on {day}: by the version of that day, from fecha_apertura on and before fecha_cierre",
    )


RATE_ON_FECHA = Reference(
    "cotizaciones", "moneda", "fecha >= _cotizaciones_desde", "a currency with a rate of fecha or of a day before"
)


def order_where(holds: str, expected: str) -> Reference:
    return Reference("ventas", "venta_id", holds, expected, accepted="_ventas_fecha is not null")
