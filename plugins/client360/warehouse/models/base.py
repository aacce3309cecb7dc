"""What all tables are made of."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, cast

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Double, Integer, Numeric, PrimaryKeyConstraint, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from client360.days import FIRST_DAY, LAST_DAY
from client360.warehouse.models.entity import OR_EMPTY, bounded, currency, on_day

FOREVER = date(9999, 12, 31)
"""vigente_hasta of a version that is still valid."""
UNTIL = f"first day of the next version; {FOREVER} while there is none"

TIPOS_TRANSACCION = (
    "compra_tarjeta",
    "transferencia",
    "debito_automatico",
    "extraccion_cajero",
    "pago_servicio",
    "ingreso_sueldo",
    "deposito",
    "cobro",
    "beneficio",
    "interes",
    "prestamo_otorgado",
    "reintegro",
    "pago_tarjeta",
    "cuota_prestamo",
    "comision",
    "impuesto",
    "ahorro",
    "moneda_extranjera",
)
SENTIDOS = ("debito", "credito")
TIPOS_DE_CREDITO = ("ingreso_sueldo", "deposito", "cobro", "beneficio", "prestamo_otorgado", "reintegro")
TIPOS_DE_DEBITO = (
    *("compra_tarjeta", "debito_automatico", "extraccion_cajero", "pago_servicio"),
    *("pago_tarjeta", "cuota_prestamo", "comision", "impuesto"),
)
"""Kinds that have a direction of their own; the others go both ways."""
METODOS_PAGO = ("tarjeta", "billetera_virtual", "transferencia", "otra_tarjeta", "efectivo")
PASOS_VENTA = ("completada", "creada", "aprobada", "facturada", "despachada", "entregada")
"""States in which an order counts, in the order in which one follows the other."""
ESTADOS_VENTA = (*PASOS_VENTA, "cancelada", "devuelta")
ESTADOS_PAGO = ("aprobado", "rechazado", "reembolsado")
ESTADOS_ENVIO = ("preparacion", "despachado", "entregado", "cancelado")
GRUPOS_CAMPANIA = ("tratamiento", "control")
TIPOS_STOCK = ("recepcion", "venta", "devolucion", "ajuste")

NEEDS = "needs"
"""Name in the info of a column for the entities of the contract that its values are made of."""
PERSONAL = "personal"
"""Name in the info of a column that identifies a customer, for the kind of anonymisation."""

# Keys compare byte by byte, so that order and uniqueness do not depend on the server's locale.
Key = Annotated[str, mapped_column(Text(collation="C"))]
# The keys of the star have to fit in an index.
Identifier = Annotated[str, mapped_column(Text(collation="C"), info=bounded("octet_length({column}) <= 200"))]
# Who may be unknown: keys of the star are not null.
Anyone = Annotated[
    str, mapped_column(Text(collation="C"), info=bounded("octet_length({column}) <= 200") | {OR_EMPTY: True})
]
Word = Annotated[str, mapped_column(Text)]
Day = Annotated[date, mapped_column(Date)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
BusinessDay = Annotated[
    date, mapped_column(Date, info=bounded(f"{{column}} between date '{FIRST_DAY}' and date '{LAST_DAY}'"))
]
Money = Annotated[Decimal, mapped_column(Numeric(14, 2))]
# What is worked out of amounts: many of the largest, at the highest rate.
Total = Annotated[Decimal, mapped_column(Numeric(30, 2))]
UnitPrice = Annotated[Decimal, mapped_column(Numeric(18, 6))]
Quantity = Annotated[Decimal, mapped_column(Numeric(15, 3))]
# Sums of quantities: in Spanish, 12.000 reads as twelve thousand, so that whole ones are written without decimals.
Units = Annotated[Decimal, mapped_column(Numeric)]
Rate = Annotated[Decimal, mapped_column(Numeric(22, 10))]
Interest = Annotated[Decimal, mapped_column(Numeric(14, 2))]
# The largest total, of a cent.
Percentage = Annotated[Decimal, mapped_column(Numeric(36, 2))]
Tenths = Annotated[Decimal, mapped_column(Numeric(36, 1))]
Ratio = Annotated[Decimal, mapped_column(Numeric(36, 4))]
Proportion = Annotated[Decimal, mapped_column(Numeric(16, 4))]
Share = Annotated[float, mapped_column(Double)]
Count = Annotated[int, mapped_column(Integer)]
LargeCount = Annotated[int, mapped_column(BigInteger)]
Flag = Annotated[bool, mapped_column(Boolean)]


class Base(DeclarativeBase):
    copied: ClassVar[bool] = False
    """Whether every machine of a cluster keeps a copy: few rows that many join. See client360.warehouse.distribution."""

    @classmethod
    def table(cls) -> Table:
        return cast("Table", cls.__table__)


def doc(comment: str, *, needs: tuple[str, ...] = (), **options: Any) -> Any:
    """A column with its line in the data dictionary. It is null where the source provides not all entities that it `needs`."""
    if needs:
        comment = f"{comment}; null where the source provides no {' or no '.join(needs)}"
        options["info"] = {NEEDS: needs}
    return mapped_column(comment=comment, **options)


def first(comment: str, **options: Any) -> Any:
    """A column before those that the table shares with others."""
    return doc(comment, sort_order=-1, **options)


def last(comment: str) -> Any:
    """A column after those that the table shares with others."""
    return doc(comment, sort_order=1)


def added(comment: str, *, needs: tuple[str, ...] = (), **options: Any) -> Any:
    """A column that came later, after all others."""
    return doc(comment, needs=needs, sort_order=2, **options)


def personal(comment: str, kind: str, **options: Any) -> Any:
    """A column that identifies a customer, by their `key` or by their `name`."""
    return doc(comment, info={PERSONAL: kind}, **options)


def key(comment: str) -> Any:
    """A column of the primary key."""
    return first(comment, primary_key=True)


def within(schema: str) -> dict[str, Any]:
    return {"schema": schema}


def proven(*columns: str) -> PrimaryKeyConstraint:
    """A primary key of which the warehouse keeps no index: the rows of a day come and go as a whole, and a check proves it before
    the day is published."""
    return PrimaryKeyConstraint(*columns).ddl_if(callable_=lambda *_, **__: False)


FILLED = "filled"
"""In a table's `info`: a step makes its months as it fills them, see client360.warehouse.partitions."""


def partitioned(schema: str, column: str, *, info: dict[str, bool] | None = None) -> dict[str, Any]:
    return {"schema": schema, "postgresql_partition_by": f"RANGE ({column})", "info": info or {}}


class Customer:
    """The content of a version of a customer."""

    dni: Mapped[Key | None] = doc("national identity number")
    nombre: Mapped[Word | None] = doc("first name")
    apellido: Mapped[Word | None] = doc("surname")
    email: Mapped[Word | None] = doc("e-mail address")
    fecha_nacimiento: Mapped[Day | None] = doc(
        "date of birth", info=bounded("{column} between (fecha - interval '130 years')::date and fecha", "fecha")
    )
    provincia: Mapped[Identifier | None] = doc("province of residence")
    ciudad: Mapped[Word | None] = doc("city of residence")
    ocupacion: Mapped[Word | None] = doc("occupation")
    ingresos_mensuales: Mapped[Money | None] = doc("monthly income as declared by the customer, in pesos")
    fecha_alta: Mapped[Day] = doc("first day as a customer")
    fecha_baja: Mapped[Day | None] = doc("first day no longer a customer")
    pais: Mapped[Key | None] = added(
        "country of residence, ISO 3166-1 alpha-2; null where it is that of the feed",
        info=bounded("{column} ~ '^[A-Z][A-Z]$'"),
    )


class Product:
    """The content of a version of a product."""

    nombre: Mapped[Word | None] = doc("name of the product")
    categoria: Mapped[Key | None] = doc("category of the product; null while it is unknown")
    precio: Mapped[UnitPrice | None] = doc("price of a unit from that day on, in pesos; null while it is unknown")
    costo: Mapped[UnitPrice | None] = doc("cost of a unit from that day on, in pesos; null while it is unknown")
    fecha_alta: Mapped[Day] = doc("first day on sale")


class Campaign:
    """The content of a version of a campaign."""

    nombre: Mapped[Word | None] = doc("name of the campaign")
    canal: Mapped[Word] = doc("channel of contact")
    categoria: Mapped[Key | None] = doc("category of product that is promoted")
    fecha_inicio: Mapped[Day] = doc("first day of the campaign")
    fecha_fin: Mapped[Day] = doc("last day of the campaign")
    presupuesto: Mapped[Money] = doc("budget, in pesos")


class Movement:
    """The content of a bank movement."""

    tipo_transaccion: Mapped[Word | None] = first(
        "kind of movement: " + ", ".join(TIPOS_TRANSACCION) + "; null while it is unknown"
    )
    monto: Mapped[Money] = doc("amount in pesos, always positive")
    rubro: Mapped[Word | None] = doc("category of a purchase, bill, salary or transfer")
    venta_id: Mapped[Identifier | None] = doc("order of the shop that the movement pays or refunds")
    momento: Mapped[Moment | None] = added("when it happened; null where no time of day is known", info=on_day("fecha"))
    sentido: Mapped[Key | None] = added(
        "direction: " + ", ".join(SENTIDOS) + "; credito is what comes in, null where the source does not say"
    )
    tarjeta_id: Mapped[Identifier | None] = added("credit card that it is charged to; null where it moves an account")
    cuotas: Mapped[Count | None] = added("instalments of a purchase; null where they are not known")
    contraparte: Mapped[Word | None] = added("who is at the other end, as the source writes it")
    comercio: Mapped[Word | None] = added("shop of a purchase, as the source writes it")
    canal: Mapped[Identifier | None] = added("channel, such as cajero or web")
    cuenta_id: Mapped[Identifier | None] = added("account that it is on; null where only the customer is known")
    moneda: Mapped[Key | None] = added(
        "currency in which it is delivered, ISO 4217; null where it is that of the feed",
        info=currency(or_reporting=True),
    )


METHOD = "method of payment: " + ", ".join(METODOS_PAGO) + "; tarjeta is the bank's card"


class Order:
    """The content of a state of an order."""

    metodo_pago: Mapped[Word | None] = doc(f"{METHOD}; null where it is not known, or where only its payments have one")
    provincia_envio: Mapped[Key] = doc("province to which the order is shipped")
    campania_id: Mapped[Identifier | None] = doc("campaign to which the shop attributes the order")
    estado: Mapped[Key] = doc("state of the order: " + ", ".join(ESTADOS_VENTA))
    total: Mapped[Money] = doc(
        "sum over the lines of cantidad * precio_unitario, rounded to cents, - descuento, in pesos"
    )
    momento: Mapped[Moment | None] = added(
        "when the order reached this state; null where no time of day is known", info=on_day("fecha")
    )
    canal: Mapped[Identifier | None] = added("channel in which it was sold, such as web or local")
    sucursal: Mapped[Identifier | None] = added("branch that sold it")
    vendedor: Mapped[Identifier | None] = added("who sold it")
    cargo_envio: Mapped[Money | None] = added("what the customer is charged for the shipment, beside total, in pesos")


class Line:
    """The content of a line of an order."""

    producto_id: Mapped[Identifier] = doc("product")
    cantidad: Mapped[Quantity] = doc("units, or kilos, litres or metres")
    precio_unitario: Mapped[UnitPrice] = doc("price of a unit on that day, in pesos")
    descuento: Mapped[Money] = doc("discount on the whole line, in pesos")


class Shipment:
    """The content of a state of a shipment."""

    estado: Mapped[Key] = doc("state of the shipment: " + ", ".join(ESTADOS_ENVIO))
    fecha_despacho: Mapped[Day | None] = doc("day of dispatch, once dispatched")
    fecha_prometida: Mapped[Day | None] = doc("day of delivery promised to the customer")
    fecha_entrega: Mapped[Day | None] = doc("day of delivery, once delivered")
    costo_envio: Mapped[Money | None] = doc("what the carrier is paid for the shipment, in pesos")
    momento_despacho: Mapped[Moment | None] = added(
        "when it was dispatched; null where no time of day is known", info=on_day("fecha_despacho")
    )
    momento_entrega: Mapped[Moment | None] = added(
        "when it was delivered; null where no time of day is known", info=on_day("fecha_entrega")
    )


class Return:
    """The content of a return of goods, or of an amount."""

    venta_id: Mapped[Identifier | None] = doc("order of which something comes back")
    linea: Mapped[Count | None] = doc("line of the order that comes back")
    producto_id: Mapped[Identifier | None] = doc("product that comes back")
    cantidad: Mapped[Quantity | None] = doc("units that come back; null where an amount only is given back")
    monto: Mapped[Money] = doc("amount given back, in pesos")


class Payment:
    """The content of a state of a payment."""

    venta_id: Mapped[Identifier] = doc("order that it pays")
    metodo_pago: Mapped[Key] = doc(METHOD)
    cuotas: Mapped[Count | None] = doc("instalments in which the customer pays it; null where they are not known")
    monto: Mapped[Money] = doc(
        "amount paid, refused or, of a refund, given back, in pesos, without interest for instalments"
    )
    momento: Mapped[Moment | None] = added(
        "when the payment reached this state; null where no time of day is known", info=on_day("fecha")
    )


class StockMovement:
    """The content of a stock movement."""

    deposito: Mapped[Identifier] = doc("depot")
    tipo: Mapped[Word] = doc("kind of movement: " + ", ".join(TIPOS_STOCK))
    cantidad: Mapped[Quantity] = doc("units, negative where they leave the depot")
    costo_unitario: Mapped[UnitPrice | None] = doc("cost of a unit on that day, in pesos; null while it is unknown")
