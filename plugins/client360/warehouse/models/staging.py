"""The landing files, as they wait in staging for the transform step."""

from typing import Any, ClassVar

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped, declared_attr

from client360.warehouse.models.base import (
    ESTADOS_ENVIO,
    ESTADOS_VENTA,
    GRUPOS_CAMPANIA,
    METODOS_PAGO,
    TIPOS_STOCK,
    TIPOS_TRANSACCION,
    Base,
    BusinessDay,
    Campaign,
    Count,
    Customer,
    Day,
    Identifier,
    Line,
    Movement,
    Order,
    Product,
    Shipment,
    StockMovement,
    Word,
    doc,
    first,
    partitioned,
)
from client360.warehouse.models.entity import (
    Entity,
    Reference,
    check,
    finite,
    known_by_fecha,
    not_negative,
    one_of,
    positive,
)


def customer_on(day: str) -> Reference:
    return Reference(
        "clientes",
        "cliente_id",
        f"_clientes_dias @> {day}",
        f"a customer on {day}: by the version of that day, from fecha_alta on and before fecha_baja",
    )


def order_where(holds: str, expected: str) -> Reference:
    return Reference("ventas", "venta_id", holds, expected, "_ventas_fecha is not null")


class Landing(Entity, Base):
    """A landing file. The transform step moves its rows on, so the table has no primary key."""

    __abstract__ = True
    last_layer: ClassVar[str]
    """The layer that a day of the file has to reach for its load to be complete: dw or mart."""
    measured: ClassVar[str | None] = None

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 (SQLAlchemy calls it with the class)
        return {"primary_key": cls.natural_key}

    @classmethod
    def measure(cls) -> ColumnElement | None:
        """The column whose daily sum is recorded at load and checked again in the star."""
        return None if cls.measured is None else cls.table().columns[cls.measured]


class Clientes(Customer, Landing):
    __tablename__ = "clientes"
    __table_args__ = (
        not_negative("ingresos_no_negativos", "ingresos_mensuales"),
        finite("fecha_nacimiento_finita", "fecha_nacimiento"),
        finite("fecha_alta_finita", "fecha_alta"),
        finite("fecha_baja_finita", "fecha_baja"),
        partitioned("staging", "fecha"),
    )
    natural_key = ("cliente_id", "fecha")
    versioned = True
    last_layer = "dw"
    measured = "ingresos_mensuales"

    cliente_id: Mapped[Identifier] = first("customer")
    fecha: Mapped[BusinessDay] = first("business day on which this version became known")


class Productos(Product, Landing):
    __tablename__ = "productos"
    __table_args__ = (
        positive("precio_positivo", "precio"),
        not_negative("costo_no_negativo", "costo"),
        finite("fecha_alta_finita", "fecha_alta"),
        partitioned("staging", "fecha"),
    )
    natural_key = ("producto_id", "fecha")
    versioned = True
    last_layer = "dw"
    measured = "precio"

    producto_id: Mapped[Identifier] = first("product")
    fecha: Mapped[BusinessDay] = first("business day on which this version became known")


class Campanias(Campaign, Landing):
    __tablename__ = "campanias"
    __table_args__ = (
        check("fin_no_antes_de_inicio", "fecha_fin", "fecha_fin >= fecha_inicio", "fecha_inicio"),
        check("fechas_finitas", "fecha_inicio", "isfinite(fecha_inicio) and isfinite(fecha_fin)", "fecha_fin"),
        not_negative("presupuesto_no_negativo", "presupuesto"),
        partitioned("staging", "fecha"),
    )
    natural_key = ("campania_id", "fecha")
    versioned = True
    last_layer = "dw"
    measured = "presupuesto"

    campania_id: Mapped[Identifier] = first("campaign")
    fecha: Mapped[BusinessDay] = first("business day on which this became known of the campaign")


class Transacciones(Movement, Landing):
    __tablename__ = "transacciones"
    __table_args__ = (
        positive("monto_positivo", "monto"),
        one_of("tipo_transaccion_conocido", "tipo_transaccion", TIPOS_TRANSACCION),
        partitioned("staging", "fecha"),
    )
    natural_key = ("transaccion_id",)
    references = (
        customer_on("fecha"),
        order_where("_ventas_fecha is not null", "an order"),
    )
    last_layer = "mart"
    measured = "monto"

    transaccion_id: Mapped[Identifier] = first("bank movement")
    fecha: Mapped[BusinessDay] = first("business day of the movement")
    cliente_id: Mapped[Identifier] = first("customer")


class Ventas(Order, Landing):
    __tablename__ = "ventas"
    __table_args__ = (
        known_by_fecha("venta_no_despues_de_conocida", "fecha_venta"),
        not_negative("total_no_negativo", "total"),
        one_of("metodo_pago_conocido", "metodo_pago", METODOS_PAGO),
        one_of("estado_venta_conocido", "estado", ESTADOS_VENTA),
        partitioned("staging", "fecha"),
    )
    natural_key = ("venta_id", "estado")
    references = (
        customer_on("fecha_venta"),
        Reference("campanias", "campania_id", "_campanias_conocida is not null", "a campaign"),
        order_where(
            "cliente_id = _ventas_cliente and fecha_venta = _ventas_fecha",
            "an order whose first state, of fecha = fecha_venta, has the same cliente_id and fecha_venta",
        ),
    )
    last_layer = "dw"
    measured = "total"

    venta_id: Mapped[Identifier] = first("order")
    fecha: Mapped[BusinessDay] = first("business day on which this state became known")
    fecha_venta: Mapped[Day] = first("business day of the order, that of its first state")
    cliente_id: Mapped[Identifier] = first("customer")


class DetalleVentas(Line, Landing):
    __tablename__ = "detalle_ventas"
    __table_args__ = (
        check("linea_positiva", "linea", "linea > 0"),
        check("cantidad_positiva", "cantidad", "cantidad > 0"),
        not_negative("precio_no_negativo", "precio_unitario"),
        check(
            "descuento_dentro_de_la_linea",
            "descuento",
            "descuento >= 0 and descuento <= cantidad * precio_unitario",
            "cantidad",
            "precio_unitario",
        ),
        partitioned("staging", "fecha"),
    )
    natural_key = ("venta_id", "linea")
    references = (
        customer_on("fecha"),
        Reference("productos", "producto_id", "fecha >= _productos_desde", "a product on fecha: from fecha_alta on"),
        order_where(
            "cliente_id = _ventas_cliente and fecha = _ventas_fecha", "an order of the same cliente_id on fecha"
        ),
    )
    last_layer = "dw"

    venta_id: Mapped[Identifier] = first("order")
    linea: Mapped[Count] = first("line of the order, from 1")
    fecha: Mapped[BusinessDay] = first("business day of the order")
    cliente_id: Mapped[Identifier] = first("customer")

    @classmethod
    def measure(cls) -> ColumnElement:
        columns = cls.table().c
        return columns.cantidad * columns.precio_unitario - columns.descuento


class Envios(Shipment, Landing):
    __tablename__ = "envios"
    __table_args__ = (
        one_of("estado_envio_conocido", "estado", ESTADOS_ENVIO),
        not_negative("costo_envio_no_negativo", "costo_envio"),
        finite("fecha_prometida_finita", "fecha_prometida"),
        known_by_fecha("despacho_conocido", "fecha_despacho"),
        known_by_fecha("entrega_conocida", "fecha_entrega"),
        check(
            "entregado_con_fecha", "fecha_entrega", "(estado = 'entregado') <= (fecha_entrega is not null)", "estado"
        ),
        partitioned("staging", "fecha"),
    )
    natural_key = ("venta_id", "deposito", "estado")
    references = (
        Reference("clientes", "cliente_id", "_clientes_conocido is not null", "a customer"),
        order_where(
            "cliente_id = _ventas_cliente and fecha >= _ventas_fecha", "an order of the same cliente_id, known by fecha"
        ),
    )
    last_layer = "dw"
    measured = "costo_envio"

    venta_id: Mapped[Identifier] = first("order that is shipped")
    fecha: Mapped[BusinessDay] = first("business day on which this state became known")
    cliente_id: Mapped[Identifier] = first("customer")
    deposito: Mapped[Identifier] = first("depot that ships; an order has one shipment from each")


class ContactosCampania(Landing):
    __tablename__ = "contactos_campania"
    __table_args__ = (
        one_of("grupo_conocido", "grupo", GRUPOS_CAMPANIA),
        partitioned("staging", "fecha"),
    )
    natural_key = ("campania_id", "cliente_id")
    references = (
        Reference("clientes", "cliente_id", "fecha >= _clientes_conocido", "a customer known by fecha"),
        Reference("campanias", "campania_id", "fecha >= _campanias_conocida", "a campaign known by fecha"),
    )
    last_layer = "dw"

    campania_id: Mapped[Identifier] = doc("campaign")
    fecha: Mapped[BusinessDay] = doc("business day of the assignment")
    cliente_id: Mapped[Identifier] = doc("customer")
    grupo: Mapped[Word] = doc("group the customer is assigned to at random: " + ", ".join(GRUPOS_CAMPANIA))


class MovimientosStock(StockMovement, Landing):
    __tablename__ = "movimientos_stock"
    __table_args__ = (
        one_of("tipo_stock_conocido", "tipo", TIPOS_STOCK),
        check(
            "signo_de_cantidad",
            "cantidad",
            "case tipo when 'venta' then cantidad < 0 when 'ajuste' then cantidad <> 0 else cantidad > 0 end",
            "tipo",
        ),
        not_negative("costo_unitario_no_negativo", "costo_unitario"),
        partitioned("staging", "fecha"),
    )
    natural_key = ("movimiento_id",)
    references = (Reference("productos", "producto_id", "_productos_desde is not null", "a product"),)
    last_layer = "mart"
    measured = "cantidad"

    movimiento_id: Mapped[Identifier] = first("stock movement")
    fecha: Mapped[BusinessDay] = first("business day of the movement")
    producto_id: Mapped[Identifier] = first("product")


LANDING: dict[str, type[Landing]] = {
    model.__tablename__: model
    for model in (
        Clientes,
        Productos,
        Campanias,
        Transacciones,
        Ventas,
        DetalleVentas,
        Envios,
        ContactosCampania,
        MovimientosStock,
    )
}
"""Entities of the landing contract, in loading order."""
