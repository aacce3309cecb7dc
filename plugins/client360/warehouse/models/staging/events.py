"""What happens on a day, as it waits in staging: bank movements, orders and what becomes of them, contacts, stock."""

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Mapped

from client360.warehouse.models.accounts import Balance
from client360.warehouse.models.base import (
    ESTADOS_ENVIO,
    ESTADOS_PAGO,
    ESTADOS_VENTA,
    GRUPOS_CAMPANIA,
    METODOS_PAGO,
    SENTIDOS,
    TIPOS_DE_CREDITO,
    TIPOS_DE_DEBITO,
    TIPOS_STOCK,
    TIPOS_TRANSACCION,
    Anyone,
    BusinessDay,
    Count,
    Day,
    Identifier,
    Key,
    Line,
    Movement,
    Order,
    Payment,
    Return,
    Shipment,
    StockMovement,
    Word,
    doc,
    first,
    last,
    partitioned,
)
from client360.warehouse.models.entity import (
    Reference,
    check,
    finite,
    known_by_fecha,
    needed,
    not_negative,
    one_of,
    positive,
)
from client360.warehouse.models.staging.landing import RATE_ON_FECHA, Landing, account_on, customer_on, order_where


class Transacciones(Movement, Landing):
    __tablename__ = "transacciones"
    __table_args__ = (
        positive("monto_positivo", "monto"),
        one_of("tipo_transaccion_conocido", "tipo_transaccion", TIPOS_TRANSACCION),
        one_of("sentido_conocido", "sentido", SENTIDOS),
        check(
            "tipo_de_credito",
            "sentido",
            f"(tipo_transaccion in {TIPOS_DE_CREDITO}) <= (sentido <> 'debito')",
            "tipo_transaccion",
        ),
        check(
            "tipo_de_debito",
            "sentido",
            f"(tipo_transaccion in {TIPOS_DE_DEBITO}) <= (sentido <> 'credito')",
            "tipo_transaccion",
        ),
        check("cuotas_positivas", "cuotas", "cuotas > 0"),
        needed("cliente_o_cuenta", "cliente_id", "cliente_id <> '' or cuenta_id is not null", "cuenta_id"),
        partitioned("staging", "fecha"),
    )
    natural_key = ("transaccion_id",)
    categories = ("rubro", "canal")
    references = (
        customer_on("fecha"),
        order_where("_ventas_fecha is not null", "an order"),
        account_on("fecha"),
        RATE_ON_FECHA,
    )
    last_layer = "mart"
    measured = "monto"

    transaccion_id: Mapped[Identifier] = first("bank movement")
    fecha: Mapped[BusinessDay] = first("business day of the movement")
    cliente_id: Mapped[Anyone] = first("customer; empty where only the account is known")


class Ventas(Order, Landing):
    __tablename__ = "ventas"
    __table_args__ = (
        known_by_fecha("venta_no_despues_de_conocida", "fecha_venta"),
        not_negative("total_no_negativo", "total"),
        not_negative("cargo_envio_no_negativo", "cargo_envio"),
        one_of("metodo_pago_conocido", "metodo_pago", METODOS_PAGO),
        one_of("estado_venta_conocido", "estado", ESTADOS_VENTA),
        partitioned("staging", "fecha"),
    )
    natural_key = ("venta_id", "estado")
    categories = ("metodo_pago", "provincia_envio", "estado", "canal", "sucursal")
    references = (
        customer_on("fecha_venta"),
        Reference("campanias", "campania_id", "_campanias_conocida is not null", "a campaign"),
        order_where(
            "cliente_id is not distinct from _ventas_cliente and fecha_venta = _ventas_fecha",
            "an order whose first state, of fecha = fecha_venta, has the same cliente_id and fecha_venta",
        ),
    )
    last_layer = "dw"
    measured = "total"

    venta_id: Mapped[Identifier] = first("order")
    fecha: Mapped[BusinessDay] = first("business day on which this state became known")
    fecha_venta: Mapped[Day] = first("business day of the order, that of its first state")
    cliente_id: Mapped[Anyone] = first("customer")


class DetalleVentas(Line, Landing):
    __tablename__ = "detalle_ventas"
    __table_args__ = (
        check("linea_positiva", "linea", "linea > 0"),
        positive("cantidad_positiva", "cantidad"),
        not_negative("precio_no_negativo", "precio_unitario"),
        check(
            "descuento_dentro_de_la_linea",
            "descuento",
            "descuento >= 0 and descuento <= round(cantidad * precio_unitario, 2)",
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
            "cliente_id is not distinct from _ventas_cliente and fecha = _ventas_fecha",
            "an order of the same cliente_id on fecha",
        ),
    )
    last_layer = "dw"

    venta_id: Mapped[Identifier] = first("order")
    linea: Mapped[Count] = first("line of the order, from 1")
    fecha: Mapped[BusinessDay] = first("business day of the order")
    cliente_id: Mapped[Anyone] = first("customer")

    @classmethod
    def measure(cls) -> ColumnElement:
        columns = cls.table().c
        return func.dw.valor(columns.cantidad, columns.precio_unitario) - columns.descuento


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
    categories = ("deposito", "estado")
    references = (
        Reference("clientes", "cliente_id", "_clientes_conocido is not null", "a customer"),
        order_where(
            "cliente_id is not distinct from _ventas_cliente and fecha >= _ventas_fecha",
            "an order of the same cliente_id, known by fecha",
        ),
    )
    last_layer = "dw"
    measured = "costo_envio"

    venta_id: Mapped[Identifier] = first("order that is shipped")
    fecha: Mapped[BusinessDay] = first("business day on which this state became known")
    cliente_id: Mapped[Anyone] = first("customer")
    deposito: Mapped[Identifier] = first("depot that ships; an order has one shipment from each")


class Devoluciones(Return, Landing):
    __tablename__ = "devoluciones"
    __table_args__ = (
        check("linea_positiva", "linea", "linea > 0"),
        positive("cantidad_positiva", "cantidad"),
        not_negative("monto_no_negativo", "monto"),
        partitioned("staging", "fecha"),
    )
    natural_key = ("devolucion_id",)
    references = (
        Reference("clientes", "cliente_id", "_clientes_conocido is not null", "a customer"),
        Reference("productos", "producto_id", "_productos_desde is not null", "a product"),
        Reference(
            "ventas",
            "venta_id",
            "case when _ventas_fecha is null then _ventas_rechazado is not true "
            "else fecha >= _ventas_fecha and cliente_id is not distinct from _ventas_cliente end",
            "an order that is not known or, where it is, one of the same cliente_id, known by fecha",
            needed=False,
        ),
    )
    last_layer = "dw"
    measured = "monto"

    devolucion_id: Mapped[Identifier] = first("return")
    fecha: Mapped[BusinessDay] = first("business day of the return")
    cliente_id: Mapped[Anyone] = first("customer")


class PagosVenta(Payment, Landing):
    __tablename__ = "pagos_venta"
    __table_args__ = (
        one_of("metodo_pago_conocido", "metodo_pago", METODOS_PAGO),
        one_of("estado_pago_conocido", "estado", ESTADOS_PAGO),
        check("cuotas_positivas", "cuotas", "cuotas > 0"),
        not_negative("monto_no_negativo", "monto"),
        partitioned("staging", "fecha"),
    )
    natural_key = ("pago_id", "estado")
    categories = ("metodo_pago", "estado")
    references = (
        Reference("clientes", "cliente_id", "_clientes_conocido is not null", "a customer"),
        order_where(
            "cliente_id is not distinct from _ventas_cliente and fecha >= _ventas_fecha",
            "an order of the same cliente_id, known by fecha",
        ),
    )
    last_layer = "dw"
    measured = "monto"

    pago_id: Mapped[Identifier] = first("payment")
    fecha: Mapped[BusinessDay] = first("business day on which this state became known")
    cliente_id: Mapped[Anyone] = first("customer")
    estado: Mapped[Key] = last("state of the payment: " + ", ".join(ESTADOS_PAGO))


class ContactosCampania(Landing):
    __tablename__ = "contactos_campania"
    __table_args__ = (
        one_of("grupo_conocido", "grupo", GRUPOS_CAMPANIA),
        partitioned("staging", "fecha"),
    )
    natural_key = ("campania_id", "cliente_id")
    categories = ("grupo",)
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
    categories = ("deposito", "tipo")
    references = (Reference("productos", "producto_id", "_productos_desde is not null", "a product"),)
    last_layer = "mart"
    measured = "cantidad"

    movimiento_id: Mapped[Identifier] = first("stock movement")
    fecha: Mapped[BusinessDay] = first("business day of the movement")
    producto_id: Mapped[Identifier] = first("product")


class Saldos(Balance, Landing):
    __tablename__ = "saldos"
    __table_args__ = partitioned("staging", "fecha")
    natural_key = ("cuenta_id", "fecha")
    references = (Reference("cuentas", "cuenta_id", "_cuentas_conocida is not null", "an account"),)
    last_layer = "mart"
    measured = "saldo"

    cuenta_id: Mapped[Identifier] = first("account")
    fecha: Mapped[BusinessDay] = first("business day of the balance")
