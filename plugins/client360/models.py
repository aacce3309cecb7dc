"""The tables, defined once.

DDL, CSV headers, COPY column lists and the data dictionary are derived from these models. Schemas: `staging` (landing rows
of the load in hand), `dw` (the star), `mart` (what people read), `control` (what the pipeline knows about its work).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, cast

from sqlalchemy import Boolean, CheckConstraint, Date, Engine, Integer, Numeric, Table, Text, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateSchema

from client360 import locks

SCHEMAS = ("staging", "dw", "mart", "control")
FOREVER = date(9999, 12, 31)
"""vigente_hasta of a version that is still valid."""

TIPOS_TRANSACCION = (
    "compra_tarjeta",
    "transferencia",
    "debito_automatico",
    "extraccion_cajero",
    "pago_servicio",
    "ingreso_sueldo",
)
METODOS_PAGO = ("tarjeta", "billetera_virtual", "transferencia", "otra_tarjeta", "efectivo")
ESTADOS_VENTA = ("completada", "cancelada", "devuelta")
ESTADOS_ENVIO = ("preparacion", "despachado", "entregado", "cancelado")
GRUPOS_CAMPANIA = ("tratamiento", "control")
TIPOS_STOCK = ("recepcion", "venta", "devolucion", "ajuste")

# Keys compare byte by byte, so that order and uniqueness do not depend on the server's locale.
Key = Annotated[str, mapped_column(Text(collation="C"))]
Word = Annotated[str, mapped_column(Text)]
Day = Annotated[date, mapped_column(Date)]
Money = Annotated[Decimal, mapped_column(Numeric(14, 2))]
Ratio = Annotated[Decimal, mapped_column(Numeric(14, 4))]
Count = Annotated[int, mapped_column(Integer)]


class Base(DeclarativeBase):
    @classmethod
    def table(cls) -> Table:
        return cast("Table", cls.__table__)


def doc(comment: str, **options: Any) -> Any:
    """A column with its line in the data dictionary."""
    return mapped_column(comment=comment, **options)


def partitioned(schema: str, column: str) -> dict[str, Any]:
    return {"schema": schema, "postgresql_partition_by": f"RANGE ({column})"}


# --- staging: the landing files


class Landing(Base):
    """A landing file. Its rows are moved on by the transform step, so the table has no key of its own."""

    __abstract__ = True
    last_layer: str
    """Where a day of the file has to arrive for its load to be complete: dw or mart."""


class Clientes(Landing):
    __tablename__ = "clientes"
    __table_args__ = (
        # below infinity: PostgreSQL takes NaN for the largest number
        CheckConstraint("ingresos_mensuales >= 0 and ingresos_mensuales < 'Infinity'", name="ingresos_no_negativos"),
        CheckConstraint("isfinite(fecha_nacimiento)", name="fecha_nacimiento_finita"),
        CheckConstraint("isfinite(fecha_alta)", name="fecha_alta_finita"),
        CheckConstraint("isfinite(fecha_baja)", name="fecha_baja_finita"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = {"primary_key": ["cliente_id", "fecha"]}
    last_layer = "dw"

    cliente_id: Mapped[Key] = doc("customer")
    fecha: Mapped[Day] = doc("business day on which this version became known")
    dni: Mapped[Key | None] = doc("national identity number")
    nombre: Mapped[Word | None] = doc("first name")
    apellido: Mapped[Word | None] = doc("surname")
    email: Mapped[Word | None] = doc("e-mail address")
    fecha_nacimiento: Mapped[Day | None] = doc("date of birth")
    provincia: Mapped[Word | None] = doc("province of residence")
    ciudad: Mapped[Word | None] = doc("city of residence")
    ocupacion: Mapped[Word | None] = doc("occupation")
    ingresos_mensuales: Mapped[Money | None] = doc("monthly income as declared by the customer, in pesos")
    fecha_alta: Mapped[Day] = doc("first day as a customer")
    fecha_baja: Mapped[Day | None] = doc("first day no longer a customer")


class Transacciones(Landing):
    __tablename__ = "transacciones"
    __table_args__ = (
        CheckConstraint("monto > 0 and monto < 'Infinity'", name="monto_positivo"),
        CheckConstraint(f"tipo_transaccion in {TIPOS_TRANSACCION}", name="tipo_transaccion_conocido"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = {"primary_key": ["cliente_id", "fecha", "transaccion_id"]}
    last_layer = "mart"

    transaccion_id: Mapped[Key] = doc("bank movement")
    fecha: Mapped[Day] = doc("business day of the movement")
    cliente_id: Mapped[Key] = doc("customer")
    tipo_transaccion: Mapped[Word] = doc("kind of movement: " + ", ".join(TIPOS_TRANSACCION))
    monto: Mapped[Money] = doc("amount in pesos, always positive")
    rubro: Mapped[Word | None] = doc("category of a purchase, bill, salary or transfer")
    venta_id: Mapped[Key | None] = doc("order of the shop that the movement pays or refunds")


LANDING: dict[str, type[Landing]] = {model.__tablename__: model for model in (Clientes, Transacciones)}
"""Entities of the landing contract, in loading order."""


class Productos(Landing):
    __tablename__ = "productos"
    __table_args__ = (
        CheckConstraint("precio > 0", name="precio_positivo"),
        CheckConstraint("costo >= 0", name="costo_no_negativo"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = {"primary_key": ["producto_id", "fecha"]}
    last_layer = "dw"

    producto_id: Mapped[Key] = doc("product")
    fecha: Mapped[Day] = doc("business day on which this version became known")
    nombre: Mapped[Word | None] = doc("name of the product")
    categoria: Mapped[Word] = doc("category of the product")
    precio: Mapped[Money] = doc("price of a unit from that day on, in pesos")
    costo: Mapped[Money] = doc("cost of a unit from that day on, in pesos")
    fecha_alta: Mapped[Day] = doc("first day on sale")


class Ventas(Landing):
    __tablename__ = "ventas"
    __table_args__ = (
        CheckConstraint("total >= 0", name="total_no_negativo"),
        CheckConstraint(f"metodo_pago in {METODOS_PAGO}", name="metodo_pago_conocido"),
        CheckConstraint(f"estado in {ESTADOS_VENTA}", name="estado_venta_conocido"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = {"primary_key": ["cliente_id", "fecha", "venta_id"]}
    last_layer = "mart"

    venta_id: Mapped[Key] = doc("order")
    fecha: Mapped[Day] = doc("business day on which this state became known")
    fecha_venta: Mapped[Day] = doc("business day of the order")
    cliente_id: Mapped[Key] = doc("customer")
    metodo_pago: Mapped[Word] = doc("method of payment: " + ", ".join(METODOS_PAGO) + "; tarjeta is the bank's card")
    provincia_envio: Mapped[Word] = doc("province to which the order is shipped")
    campania_id: Mapped[Key | None] = doc("campaign to which the shop attributes the order")
    estado: Mapped[Word] = doc("state of the order: " + ", ".join(ESTADOS_VENTA))
    total: Mapped[Money] = doc("sum over the lines of cantidad * precio_unitario - descuento, in pesos")


class DetalleVentas(Landing):
    __tablename__ = "detalle_ventas"
    __table_args__ = (
        CheckConstraint("linea > 0", name="linea_positiva"),
        CheckConstraint("cantidad > 0", name="cantidad_positiva"),
        CheckConstraint("precio_unitario >= 0", name="precio_unitario_no_negativo"),
        CheckConstraint("descuento >= 0", name="descuento_no_negativo"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = {"primary_key": ["cliente_id", "fecha", "venta_id", "linea"]}
    last_layer = "mart"

    venta_id: Mapped[Key] = doc("order")
    linea: Mapped[Count] = doc("line of the order, from 1")
    fecha: Mapped[Day] = doc("business day of the order")
    cliente_id: Mapped[Key] = doc("customer")
    producto_id: Mapped[Key] = doc("product")
    cantidad: Mapped[Count] = doc("units")
    precio_unitario: Mapped[Money] = doc("price of a unit on that day, in pesos")
    descuento: Mapped[Money] = doc("discount on the whole line, in pesos")


class Envios(Landing):
    __tablename__ = "envios"
    __table_args__ = (
        CheckConstraint(f"estado in {ESTADOS_ENVIO}", name="estado_envio_conocido"),
        CheckConstraint("costo_envio >= 0", name="costo_envio_no_negativo"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = {"primary_key": ["cliente_id", "fecha", "venta_id"]}
    last_layer = "mart"

    venta_id: Mapped[Key] = doc("order that is shipped; one shipment for each")
    fecha: Mapped[Day] = doc("business day on which this state became known")
    cliente_id: Mapped[Key] = doc("customer")
    deposito: Mapped[Word] = doc("depot that ships the order")
    estado: Mapped[Word] = doc("state of the shipment: " + ", ".join(ESTADOS_ENVIO))
    fecha_despacho: Mapped[Day | None] = doc("day of dispatch, once dispatched")
    fecha_prometida: Mapped[Day] = doc("day of delivery promised to the customer")
    fecha_entrega: Mapped[Day | None] = doc("day of delivery, once delivered")
    costo_envio: Mapped[Money] = doc("cost of the shipment, in pesos")


class Campanias(Landing):
    __tablename__ = "campanias"
    __table_args__ = (
        CheckConstraint("fecha_fin >= fecha_inicio", name="fin_no_antes_de_inicio"),
        CheckConstraint("presupuesto >= 0", name="presupuesto_no_negativo"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = {"primary_key": ["campania_id", "fecha"]}
    last_layer = "dw"

    campania_id: Mapped[Key] = doc("campaign")
    fecha: Mapped[Day] = doc("business day on which the campaign became known")
    nombre: Mapped[Word | None] = doc("name of the campaign")
    canal: Mapped[Word] = doc("channel of contact")
    categoria: Mapped[Word | None] = doc("category of product that is promoted")
    fecha_inicio: Mapped[Day] = doc("first day of the campaign")
    fecha_fin: Mapped[Day] = doc("last day of the campaign")
    presupuesto: Mapped[Money] = doc("budget, in pesos")


class ContactosCampania(Landing):
    __tablename__ = "contactos_campania"
    __table_args__ = (
        CheckConstraint(f"grupo in {GRUPOS_CAMPANIA}", name="grupo_conocido"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = {"primary_key": ["cliente_id", "fecha", "campania_id"]}
    last_layer = "mart"

    campania_id: Mapped[Key] = doc("campaign")
    fecha: Mapped[Day] = doc("business day of the assignment")
    cliente_id: Mapped[Key] = doc("customer")
    grupo: Mapped[Word] = doc("group the customer is assigned to at random: " + ", ".join(GRUPOS_CAMPANIA))


class MovimientosStock(Landing):
    __tablename__ = "movimientos_stock"
    __table_args__ = (
        CheckConstraint(f"tipo in {TIPOS_STOCK}", name="tipo_stock_conocido"),
        CheckConstraint(
            "case tipo when 'venta' then cantidad < 0 when 'ajuste' then cantidad <> 0 else cantidad > 0 end",
            name="signo_de_cantidad",
        ),
        CheckConstraint("costo_unitario >= 0", name="costo_unitario_no_negativo"),
        partitioned("staging", "fecha"),
    )
    __mapper_args__ = {"primary_key": ["producto_id", "fecha", "movimiento_id"]}
    last_layer = "mart"

    movimiento_id: Mapped[Key] = doc("stock movement")
    fecha: Mapped[Day] = doc("business day of the movement")
    producto_id: Mapped[Key] = doc("product")
    deposito: Mapped[Word] = doc("depot")
    tipo: Mapped[Word] = doc("kind of movement: " + ", ".join(TIPOS_STOCK))
    cantidad: Mapped[Count] = doc("units, negative where they leave the depot")
    costo_unitario: Mapped[Money] = doc("cost of a unit on that day, in pesos")


SHOP: dict[str, type[Landing]] = {
    model.__tablename__: model
    for model in (Productos, Campanias, Ventas, DetalleVentas, Envios, ContactosCampania, MovimientosStock)
}
"""Entities of the shop, which the simulator writes and the pipeline does not load yet."""


# --- dw: the star


class DimCliente(Base):
    __tablename__ = "dim_cliente"
    __table_args__ = {"schema": "dw"}

    cliente_id: Mapped[Key] = doc("customer", primary_key=True)
    vigente_desde: Mapped[Day] = doc("first day of this version", primary_key=True)
    vigente_hasta: Mapped[Day] = doc(f"first day of the next version; {FOREVER} while there is none")
    dni: Mapped[Key | None] = doc("national identity number")
    nombre: Mapped[Word | None] = doc("first name")
    apellido: Mapped[Word | None] = doc("surname")
    email: Mapped[Word | None] = doc("e-mail address")
    fecha_nacimiento: Mapped[Day | None] = doc("date of birth")
    provincia: Mapped[Word | None] = doc("province of residence")
    ciudad: Mapped[Word | None] = doc("city of residence")
    ocupacion: Mapped[Word | None] = doc("occupation")
    ingresos_mensuales: Mapped[Money | None] = doc("monthly income as declared by the customer, in pesos")
    fecha_alta: Mapped[Day] = doc("first day as a customer")
    fecha_baja: Mapped[Day | None] = doc("first day no longer a customer")


class HechoTransacciones(Base):
    __tablename__ = "hecho_transacciones"
    __table_args__ = partitioned("dw", "fecha")

    cliente_id: Mapped[Key] = doc("customer", primary_key=True)
    fecha: Mapped[Day] = doc("business day of the movement", primary_key=True)
    transaccion_id: Mapped[Key] = doc("bank movement", primary_key=True)
    tipo_transaccion: Mapped[Word] = doc("kind of movement: " + ", ".join(TIPOS_TRANSACCION))
    monto: Mapped[Money] = doc("amount in pesos, always positive")
    rubro: Mapped[Word | None] = doc("category of a purchase, bill, salary or transfer")
    venta_id: Mapped[Key | None] = doc("order of the shop that the movement pays or refunds")


# --- mart: what people read


class GastoMensual(Base):
    __tablename__ = "gasto_mensual"
    __table_args__ = partitioned("mart", "mes")

    cliente_id: Mapped[Key] = doc("customer", primary_key=True)
    mes: Mapped[Day] = doc("first day of the month", primary_key=True)
    ingresos: Mapped[Money | None] = doc("salary or pension received, without aguinaldo, in pesos; null without one")
    aguinaldo: Mapped[Money] = doc("half-yearly bonus received, in pesos")
    compra_tarjeta: Mapped[Money] = doc("card purchases, in pesos")
    pago_servicio: Mapped[Money] = doc("bills paid, in pesos")
    debito_automatico: Mapped[Money] = doc("direct debits, in pesos")
    extraccion_cajero: Mapped[Money] = doc("cash withdrawals, in pesos")
    movimientos: Mapped[Count] = doc("number of movements of any kind")


class Cliente360Historico(Base):
    __tablename__ = "cliente_360_historico"
    __table_args__ = partitioned("mart", "fecha_corte")

    cliente_id: Mapped[Key] = doc("customer", primary_key=True)
    nombre: Mapped[Word | None] = doc("first name and surname")
    edad: Mapped[Count | None] = doc("age in whole years at fecha_corte")
    provincia: Mapped[Word | None] = doc("province of residence at fecha_corte")
    ingresos_mensuales: Mapped[Money | None] = doc(
        "estimate of fixed monthly income, in pesos: median, over those of the last 6 observed months that had one, of the "
        "month's salary or pension without aguinaldo; with none, the income declared by the customer"
    )
    gasto_mensual_promedio: Mapped[Money | None] = doc(
        "mean over the observed months of card purchases, bills, direct debits and cash withdrawals, in pesos; null with no "
        "observed month (a complete month of the last 12 in which the person was a customer from its first day)"
    )
    score_endeudamiento: Mapped[Ratio | None] = doc(
        "mean monthly bills and direct debits over ingresos_mensuales; null when the income is 0 or unknown"
    )
    origen_ingresos: Mapped[Word | None] = doc("observado (from movements) or declarado (by the customer)")
    meses_observados: Mapped[Count] = doc("number of observed months, 0 to 12")
    ocupacion: Mapped[Word | None] = doc("occupation at fecha_corte")
    antiguedad_meses: Mapped[Count] = doc("whole months as a customer at fecha_corte")
    segmento_ingresos: Mapped[Count | None] = doc("income quintile among the customers at fecha_corte, 1 the lowest")
    fecha_corte: Mapped[Day] = doc("business day as of which the row holds", primary_key=True)


# --- control: what the pipeline knows about its work


class Cargas(Base):
    __tablename__ = "cargas"
    __table_args__ = (
        CheckConstraint("capa in ('staging', 'dw', 'mart')", name="capa_conocida"),
        CheckConstraint("capa_alcanzada in ('staging', 'dw', 'mart')", name="capa_alcanzada_conocida"),
        {"schema": "control"},
    )

    entidad: Mapped[Key] = doc("landing file", primary_key=True)
    fecha: Mapped[Day] = doc("business day", primary_key=True)
    filas: Mapped[Count] = doc("rows of the day")
    archivo: Mapped[Word] = doc("file they came from, relative to the data folder")
    sha256: Mapped[Key] = doc("of that file")
    mundo: Mapped[Word] = doc("world or feed they belong to")
    corrida: Mapped[Word] = doc("DAG run that loaded them")
    capa: Mapped[Word] = doc("layer that the last delivery of the day has reached: staging, dw or mart")
    capa_alcanzada: Mapped[Word] = doc("furthest layer that any delivery of the day has reached; it only goes up")


class Verificaciones(Base):
    __tablename__ = "verificaciones"
    __table_args__ = {"schema": "control"}

    fecha_corte: Mapped[Day] = doc("business day", primary_key=True)
    verificacion: Mapped[Key] = doc("check: its file in include/sql/check", primary_key=True)
    correcta: Mapped[bool] = mapped_column(Boolean, comment="whether nothing was found")
    hallazgos: Mapped[Count] = doc("number of things found wrong")
    ejemplo: Mapped[Word | None] = doc("one of them")
    corrida: Mapped[Word] = doc("DAG run that checked")


def tables() -> Sequence[Table]:
    """All tables, in order of schema and definition."""
    return [table for schema in SCHEMAS for table in Base.metadata.tables.values() if table.schema == schema]


def columns(model: type[Base]) -> list[str]:
    """Column names in order: the header of the CSV file."""
    return [column.name for column in model.table().columns]


class OtherVersion(ValueError):
    """The warehouse was made by another version of client360."""


def create(engine: Engine) -> None:
    """Create the schemas and tables that are missing. Safe to call from several processes at once.

    Raises OtherVersion where a table that is there has other columns.
    """
    with engine.begin() as connection:
        locks.schema(connection)
        for schema in SCHEMAS:
            connection.execute(CreateSchema(schema, if_not_exists=True))
        Base.metadata.create_all(connection)
        there = inspect(connection)
        for table in tables():
            found = [column["name"] for column in there.get_columns(table.name, table.schema)]
            if found != [column.name for column in table.columns]:
                raise OtherVersion(
                    f"{table.fullname} has the columns {', '.join(found)}, made by another version of client360: "
                    "make clean and run again; a simulated world is made anew"
                )


def dictionary() -> Iterator[dict[str, str | int]]:
    """The data dictionary: one entry for each column of each table that people read or write."""
    for table in tables():
        for position, column in enumerate(table.columns, start=1):
            yield {
                "relacion": table.fullname,
                "posicion": position,
                "columna": column.name,
                "tipo": str(column.type).split(" COLLATE")[0].lower(),
                "obligatoria": "no" if column.nullable else "si",
                "descripcion": column.comment or "",
            }
