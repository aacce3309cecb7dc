"""The landing files, as they wait in staging for the transform step."""

from sqlalchemy import CheckConstraint, ColumnElement
from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import (
    ESTADOS_ENVIO,
    ESTADOS_VENTA,
    GRUPOS_CAMPANIA,
    METODOS_PAGO,
    TIPOS_STOCK,
    TIPOS_TRANSACCION,
    Base,
    Campaign,
    Count,
    Customer,
    Day,
    Key,
    Line,
    Movement,
    Order,
    Product,
    Shipment,
    StockMovement,
    Word,
    doc,
    first,
    identified_by,
    partitioned,
)


class Landing(Base):
    """A landing file. Its rows are moved on by the transform step, so the table has no key of its own."""

    __abstract__ = True
    last_layer: str
    """Where a day of the file has to arrive for its load to be complete: dw or mart."""

    @classmethod
    def measure(cls) -> ColumnElement | None:
        """What is added up by day at load and again in the star, besides the rows."""
        return None


class Clientes(Customer, Landing):
    __tablename__ = "clientes"
    __table_args__ = (
        # below infinity: PostgreSQL takes NaN for the largest number
        CheckConstraint("ingresos_mensuales >= 0 and ingresos_mensuales < 'Infinity'", name="ingresos_no_negativos"),
        CheckConstraint("isfinite(fecha_nacimiento)", name="fecha_nacimiento_finita"),
        CheckConstraint("isfinite(fecha_alta)", name="fecha_alta_finita"),
        CheckConstraint("isfinite(fecha_baja)", name="fecha_baja_finita"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = identified_by("cliente_id", "fecha")
    last_layer = "dw"

    cliente_id: Mapped[Key] = first("customer")
    fecha: Mapped[Day] = first("business day on which this version became known")

    @classmethod
    def measure(cls) -> ColumnElement:
        return cls.table().c.ingresos_mensuales


class Productos(Product, Landing):
    __tablename__ = "productos"
    __table_args__ = (
        CheckConstraint("precio > 0 and precio < 'Infinity'", name="precio_positivo"),
        CheckConstraint("costo >= 0 and costo < 'Infinity'", name="costo_no_negativo"),
        CheckConstraint("isfinite(fecha_alta)", name="fecha_alta_finita"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = identified_by("producto_id", "fecha")
    last_layer = "dw"

    producto_id: Mapped[Key] = first("product")
    fecha: Mapped[Day] = first("business day on which this version became known")

    @classmethod
    def measure(cls) -> ColumnElement:
        return cls.table().c.precio


class Campanias(Campaign, Landing):
    __tablename__ = "campanias"
    __table_args__ = (
        CheckConstraint("fecha_fin >= fecha_inicio", name="fin_no_antes_de_inicio"),
        CheckConstraint("isfinite(fecha_inicio) and isfinite(fecha_fin)", name="fechas_finitas"),
        CheckConstraint("presupuesto >= 0 and presupuesto < 'Infinity'", name="presupuesto_no_negativo"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = identified_by("campania_id", "fecha")
    last_layer = "dw"

    campania_id: Mapped[Key] = first("campaign")
    fecha: Mapped[Day] = first("business day on which this became known of the campaign")

    @classmethod
    def measure(cls) -> ColumnElement:
        return cls.table().c.presupuesto


class Transacciones(Movement, Landing):
    __tablename__ = "transacciones"
    __table_args__ = (
        CheckConstraint("monto > 0 and monto < 'Infinity'", name="monto_positivo"),
        CheckConstraint(f"tipo_transaccion in {TIPOS_TRANSACCION}", name="tipo_transaccion_conocido"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = identified_by("cliente_id", "fecha", "transaccion_id")
    last_layer = "mart"

    transaccion_id: Mapped[Key] = first("bank movement")
    fecha: Mapped[Day] = first("business day of the movement")
    cliente_id: Mapped[Key] = first("customer")

    @classmethod
    def measure(cls) -> ColumnElement:
        return cls.table().c.monto


class Ventas(Order, Landing):
    __tablename__ = "ventas"
    __table_args__ = (
        CheckConstraint("fecha_venta <= fecha and fecha_venta > '-infinity'", name="venta_no_despues_de_conocida"),
        CheckConstraint("total >= 0 and total < 'Infinity'", name="total_no_negativo"),
        CheckConstraint(f"metodo_pago in {METODOS_PAGO}", name="metodo_pago_conocido"),
        CheckConstraint(f"estado in {ESTADOS_VENTA}", name="estado_venta_conocido"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = identified_by("cliente_id", "fecha", "venta_id")
    last_layer = "dw"

    venta_id: Mapped[Key] = first("order")
    fecha: Mapped[Day] = first("business day on which this state became known")
    fecha_venta: Mapped[Day] = first("business day of the order, that of its first state")
    cliente_id: Mapped[Key] = first("customer")

    @classmethod
    def measure(cls) -> ColumnElement:
        return cls.table().c.total


class DetalleVentas(Line, Landing):
    __tablename__ = "detalle_ventas"
    __table_args__ = (
        CheckConstraint("linea > 0", name="linea_positiva"),
        CheckConstraint("cantidad > 0", name="cantidad_positiva"),
        CheckConstraint("precio_unitario >= 0 and precio_unitario < 'Infinity'", name="precio_no_negativo"),
        CheckConstraint(
            "descuento >= 0 and descuento <= cantidad * precio_unitario", name="descuento_dentro_de_la_linea"
        ),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = identified_by("cliente_id", "fecha", "venta_id", "linea")
    last_layer = "dw"

    venta_id: Mapped[Key] = first("order")
    linea: Mapped[Count] = first("line of the order, from 1")
    fecha: Mapped[Day] = first("business day of the order")
    cliente_id: Mapped[Key] = first("customer")

    @classmethod
    def measure(cls) -> ColumnElement:
        columns = cls.table().c
        return columns.cantidad * columns.precio_unitario - columns.descuento


class Envios(Shipment, Landing):
    __tablename__ = "envios"
    __table_args__ = (
        CheckConstraint(f"estado in {ESTADOS_ENVIO}", name="estado_envio_conocido"),
        CheckConstraint("costo_envio >= 0 and costo_envio < 'Infinity'", name="costo_envio_no_negativo"),
        CheckConstraint("isfinite(fecha_prometida)", name="fecha_prometida_finita"),
        CheckConstraint("fecha_despacho <= fecha and fecha_despacho > '-infinity'", name="despacho_conocido"),
        CheckConstraint("fecha_entrega <= fecha and fecha_entrega > '-infinity'", name="entrega_conocida"),
        CheckConstraint("(estado = 'entregado') <= (fecha_entrega is not null)", name="entregado_con_fecha"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = identified_by("cliente_id", "fecha", "venta_id")
    last_layer = "dw"

    venta_id: Mapped[Key] = first("order that is shipped")
    fecha: Mapped[Day] = first("business day on which this state became known")
    cliente_id: Mapped[Key] = first("customer")
    deposito: Mapped[Key] = first("depot that ships; an order has one shipment from each")

    @classmethod
    def measure(cls) -> ColumnElement:
        return cls.table().c.costo_envio


class ContactosCampania(Landing):
    __tablename__ = "contactos_campania"
    __table_args__ = (
        CheckConstraint(f"grupo in {GRUPOS_CAMPANIA}", name="grupo_conocido"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = identified_by("cliente_id", "fecha", "campania_id")
    last_layer = "dw"

    campania_id: Mapped[Key] = doc("campaign")
    fecha: Mapped[Day] = doc("business day of the assignment")
    cliente_id: Mapped[Key] = doc("customer")
    grupo: Mapped[Word] = doc("group the customer is assigned to at random: " + ", ".join(GRUPOS_CAMPANIA))


class MovimientosStock(StockMovement, Landing):
    __tablename__ = "movimientos_stock"
    __table_args__ = (
        CheckConstraint(f"tipo in {TIPOS_STOCK}", name="tipo_stock_conocido"),
        CheckConstraint(
            "case tipo when 'venta' then cantidad < 0 when 'ajuste' then cantidad <> 0 else cantidad > 0 end",
            name="signo_de_cantidad",
        ),
        CheckConstraint("costo_unitario >= 0 and costo_unitario < 'Infinity'", name="costo_unitario_no_negativo"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = identified_by("producto_id", "fecha", "movimiento_id")
    last_layer = "mart"

    movimiento_id: Mapped[Key] = first("stock movement")
    fecha: Mapped[Day] = first("business day of the movement")
    producto_id: Mapped[Key] = first("product")

    @classmethod
    def measure(cls) -> ColumnElement:
        return cls.table().c.cantidad


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
