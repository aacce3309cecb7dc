"""The star, and the states of orders and shipments that its accumulating facts are derived from."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from client360.warehouse.models.accounts import DimCuenta
from client360.warehouse.models.base import (
    ESTADOS_PAGO,
    FILLED,
    GRUPOS_CAMPANIA,
    UNTIL,
    Base,
    Campaign,
    Count,
    Customer,
    Day,
    Flag,
    Identifier,
    Key,
    LargeCount,
    Line,
    Moment,
    Money,
    Movement,
    Order,
    Payment,
    Product,
    Return,
    Shipment,
    StockMovement,
    Total,
    Word,
    added,
    doc,
    first,
    key,
    last,
    partitioned,
    proven,
    within,
)
from client360.warehouse.models.entity import Entity, bounded
from client360.warehouse.models.rates import DimCotizacion


class DimFecha(Base):
    __tablename__ = "dim_fecha"
    __table_args__ = within("dw")
    copied = True

    fecha: Mapped[Day] = key("day")
    anio: Mapped[Count] = doc("year")
    trimestre: Mapped[Count] = doc("quarter, 1 to 4")
    mes: Mapped[Count] = doc("month, 1 to 12")
    dia: Mapped[Count] = doc("day of the month")
    semana: Mapped[Count] = doc("ISO week, 1 to 53")
    dia_semana: Mapped[Count] = doc("day of the week, 1 Monday to 7 Sunday")
    nombre_mes: Mapped[Word] = doc("name of the month")
    nombre_dia: Mapped[Word] = doc("name of the day of the week")
    fin_de_semana: Mapped[Flag] = doc("whether it is a Saturday or Sunday")
    feriado: Mapped[Word | None] = doc("public holiday, by its name in the package holidays, in Spanish if it has one")
    dia_especial: Mapped[Word | None] = doc("day of trade, such as hot_sale or cyber_monday")


class DimProvincia(Entity, Base):
    __tablename__ = "dim_provincia"
    __table_args__ = within("dw")
    copied = True
    natural_key = ("provincia",)

    provincia: Mapped[Identifier] = key("province")
    region: Mapped[Word | None] = doc(
        "region, those of INDEC's price index, the capital apart, or as a feed says; null if unknown"
    )
    poblacion: Mapped[Count | None] = doc(
        "inhabitants, INDEC, census of 2022, or as a feed says; null if unknown", info=bounded("{column} > 0")
    )


class GrafiaProvincia(Base):
    __tablename__ = "grafia_provincia"
    __table_args__ = within("dw")
    copied = True

    grafia: Mapped[Key] = key("what rows of a feed write instead of the name of a province")
    provincia: Mapped[Key | None] = doc(
        "province that is meant; null where it is not known, and then a province of its own"
    )
    filas: Mapped[LargeCount] = doc("rows of the feed that write it so")


class DimCliente(Customer, Base):
    __tablename__ = "dim_cliente"
    __table_args__ = within("dw")

    cliente_id: Mapped[Key] = key("customer")
    vigente_desde: Mapped[Day] = key("first day of this version")
    vigente_hasta: Mapped[Day] = first(UNTIL)


class DimProducto(Product, Base):
    __tablename__ = "dim_producto"
    __table_args__ = within("dw")
    copied = True

    producto_id: Mapped[Key] = key("product")
    vigente_desde: Mapped[Day] = key("first day of this version")
    vigente_hasta: Mapped[Day] = first(UNTIL)


class DimCampania(Campaign, Base):
    __tablename__ = "dim_campania"
    __table_args__ = within("dw")
    copied = True

    campania_id: Mapped[Key] = key("campaign")
    vigente_desde: Mapped[Day] = key("first day of this version")
    vigente_hasta: Mapped[Day] = first(UNTIL)


class HechoTransacciones(Movement, Base):
    __tablename__ = "hecho_transacciones"
    __table_args__ = (
        proven("cliente_id", "fecha", "transaccion_id"),
        Index("hecho_transacciones_cliente", "cliente_id"),
        partitioned("dw", "fecha", info={FILLED: True}),
    )

    cliente_id: Mapped[Key] = key("customer; empty where only the account is known")
    fecha: Mapped[Day] = key("business day of the movement")
    transaccion_id: Mapped[Key] = key("bank movement")
    monto: Mapped[Total] = doc("amount in pesos, always positive")
    monto_original: Mapped[Money | None] = doc(
        "amount in moneda, as delivered, of which monto is what it was worth on that day; null where moneda is",
        sort_order=3,
    )


class HistoriaVentas(Order, Base):
    __tablename__ = "historia_ventas"
    __table_args__ = (Index("historia_ventas_fecha", "fecha"), {"schema": "dw"})

    cliente_id: Mapped[Key] = key("customer; empty where none is known")
    venta_id: Mapped[Key] = key("order")
    fecha: Mapped[Day] = key("business day on which this state became known")
    fecha_venta: Mapped[Day] = first("business day of the order, that of its first state")
    estado: Mapped[Key] = doc("state of the order", primary_key=True)


class HistoriaEnvios(Shipment, Base):
    __tablename__ = "historia_envios"
    __table_args__ = (Index("historia_envios_fecha", "fecha"), {"schema": "dw"})

    cliente_id: Mapped[Key] = key("customer; empty where none is known")
    venta_id: Mapped[Key] = key("order that is shipped")
    fecha: Mapped[Day] = key("business day on which this state became known")
    deposito: Mapped[Key] = key("depot that ships")
    estado: Mapped[Key] = doc("state of the shipment", primary_key=True)


class HechoPedidos(Base):
    __tablename__ = "hecho_pedidos"
    __table_args__ = (
        # the first and last order of a customer, however long the history
        Index("hecho_pedidos_cliente_fecha", "cliente_id", "fecha"),
        # rows come in by day, so that reading a year skips the ones before
        Index("hecho_pedidos_fecha", "fecha", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
        within("dw"),
    )

    cliente_id: Mapped[Key] = key("customer; empty where none is known")
    venta_id: Mapped[Key] = key("order")
    fecha: Mapped[Day] = doc("business day of the order")
    metodo_pago: Mapped[Word | None] = doc("method of payment")
    provincia_envio: Mapped[Key | None] = doc("province to which the order is shipped")
    campania_id: Mapped[Key | None] = doc("campaign to which the shop attributes the order")
    canal: Mapped[Key | None] = doc("channel in which it was sold")
    sucursal: Mapped[Key | None] = doc("branch that sold it")
    vendedor: Mapped[Key | None] = doc("who sold it")
    cargo_envio: Mapped[Money | None] = doc("what the customer is charged for the shipment, in pesos")
    lineas: Mapped[Count] = doc("number of its lines; 0 while none is known")
    importe: Mapped[Total | None] = doc("amount of its lines, in pesos; null while none is known")
    fecha_aprobada: Mapped[Day | None] = doc("business day on which it became known as approved")
    fecha_facturada: Mapped[Day | None] = doc("business day on which it became known as invoiced")
    fecha_despachada: Mapped[Day | None] = doc("business day on which it became known as dispatched")
    fecha_entregada: Mapped[Day | None] = doc("business day on which it became known as delivered")
    fecha_anulacion: Mapped[Day | None] = doc("business day on which it became known as cancelled or returned")
    anulacion: Mapped[Word | None] = doc("cancelada or devuelta")
    momento: Mapped[Moment | None] = doc(
        "when it was made; this and those below are null where no time of day is known"
    )
    momento_aprobada: Mapped[Moment | None] = doc("when it was approved")
    momento_facturada: Mapped[Moment | None] = doc("when it was invoiced")
    momento_despachada: Mapped[Moment | None] = doc("when it was dispatched")
    momento_entregada: Mapped[Moment | None] = doc("when it was delivered")


class HechoVentas(Line, Base):
    __tablename__ = "hecho_ventas"
    __table_args__ = partitioned("dw", "fecha")

    cliente_id: Mapped[Key] = key("customer; empty where none is known")
    fecha: Mapped[Day] = key("business day of the order")
    venta_id: Mapped[Key] = key("order")
    linea: Mapped[Count] = key("line of the order, from 1")
    importe: Mapped[Total] = last("cantidad * precio_unitario, rounded to cents, - descuento, in pesos")
    categoria: Mapped[Key | None] = last("category of the product on that day; null where it is not known")
    costo: Mapped[Total | None] = last("cost of the units as known for that day, in pesos; null before the first cost")
    margen: Mapped[Total | None] = last("importe - costo, in pesos")
    metodo_pago: Mapped[Word | None] = last("method of payment")
    provincia_envio: Mapped[Key | None] = last("province to which the order is shipped")
    campania_id: Mapped[Key | None] = last("campaign to which the shop attributes the order")
    fecha_anulacion: Mapped[Day | None] = last("business day on which the order became known as cancelled or returned")
    anulacion: Mapped[Word | None] = last("cancelada or devuelta")


class HechoDevoluciones(Return, Base):
    __tablename__ = "hecho_devoluciones"
    __table_args__ = partitioned("dw", "fecha")

    cliente_id: Mapped[Key] = key("customer; empty where none is known")
    fecha: Mapped[Day] = key("business day of the return")
    devolucion_id: Mapped[Key] = key("return")
    categoria: Mapped[Key | None] = last("category of the product on that day; null where it is not known")
    costo: Mapped[Total | None] = last(
        "cost of the units as known for that day, in pesos; 0 where none comes back; null where it is not known"
    )
    fecha_anulacion: Mapped[Day | None] = last(
        "business day on which its order became known as cancelled or returned as a whole: from then on, neither counts"
    )


class HechoPagos(Payment, Base):
    __tablename__ = "hecho_pagos"
    __table_args__ = partitioned("dw", "fecha")

    cliente_id: Mapped[Key] = key("customer; empty where none is known")
    fecha: Mapped[Day] = key("business day on which this state became known")
    pago_id: Mapped[Key] = key("payment")
    estado: Mapped[Key] = doc("state of the payment: " + ", ".join(ESTADOS_PAGO), primary_key=True)


class HechoEnvios(Base):
    __tablename__ = "hecho_envios"
    __table_args__ = (Index("hecho_envios_entrega", "entrega_conocida"), partitioned("dw", "fecha"))

    cliente_id: Mapped[Key] = key("customer; empty where none is known")
    fecha: Mapped[Day] = key("business day on which the shipment became known")
    venta_id: Mapped[Key] = key("order that is shipped")
    deposito: Mapped[Key] = key("depot that ships")
    provincia_envio: Mapped[Key | None] = doc("province to which the order is shipped")
    fecha_prometida: Mapped[Day | None] = doc("day of delivery promised to the customer")
    costo_envio: Mapped[Money | None] = doc("what the carrier is paid for the shipment, in pesos")
    fecha_despacho: Mapped[Day | None] = doc("day of dispatch")
    fecha_entrega: Mapped[Day | None] = doc("day of delivery")
    entrega_conocida: Mapped[Day | None] = doc("business day on which the delivery became known")
    fecha_cancelacion: Mapped[Day | None] = doc("business day on which the shipment became known as cancelled")
    momento_despacho: Mapped[Moment | None] = added("when it was dispatched; null where no time of day is known")
    momento_entrega: Mapped[Moment | None] = added("when it was delivered; null where no time of day is known")
    fecha_venta: Mapped[Day | None] = added("business day of the order; null where it is not known")
    momento_venta: Mapped[Moment | None] = added("when the order was made; null where no time of day is known")
    promesa_conocida: Mapped[Day | None] = added("business day on which the day promised became known")
    costo_conocido: Mapped[Day | None] = added("business day on which the cost became known")
    despacho_conocido: Mapped[Day | None] = added("business day on which the dispatch became known")


class HechoContactos(Base):
    __tablename__ = "hecho_contactos"
    __table_args__ = partitioned("dw", "fecha")

    cliente_id: Mapped[Key] = key("customer")
    fecha: Mapped[Day] = key("business day of the assignment")
    campania_id: Mapped[Key] = key("campaign")
    grupo: Mapped[Word] = doc("group the customer is assigned to at random: " + ", ".join(GRUPOS_CAMPANIA))


class HechoStock(StockMovement, Base):
    __tablename__ = "hecho_stock"
    __table_args__ = partitioned("dw", "fecha")

    producto_id: Mapped[Key] = key("product")
    fecha: Mapped[Day] = key("business day of the movement")
    movimiento_id: Mapped[Key] = key("stock movement")


REFERENCES: dict[str, type[Base]] = {
    "cliente_id": DimCliente,
    "producto_id": DimProducto,
    "campania_id": DimCampania,
    "cuenta_id": DimCuenta,
    "moneda": DimCotizacion,
    "provincia": DimProvincia,
    "provincia_envio": DimProvincia,
    "fecha": DimFecha,
}
"""The dimension that a column of this name leads to, by the column of the same name, `provincia`, or `fecha`. Not foreign
keys: a dimension may have several versions, facts may arrive before their dimension, and the checks name what is missing."""
