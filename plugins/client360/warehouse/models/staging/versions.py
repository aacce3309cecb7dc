"""Customers, products, campaigns, accounts, who holds them, and rates, as they wait in staging: a row says what is so from its
day on."""

from sqlalchemy.orm import Mapped

from client360.warehouse.models.accounts import ROLES_TITULAR, TIPOS_CUENTA, Account, Holder
from client360.warehouse.models.base import (
    BusinessDay,
    Campaign,
    Customer,
    Identifier,
    Key,
    Product,
    first,
    partitioned,
)
from client360.warehouse.models.entity import Reference, check, currency, finite, not_negative, one_of, positive
from client360.warehouse.models.rates import ExchangeRate
from client360.warehouse.models.staging.landing import Landing


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
    categories = ("provincia", "ocupacion")
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
    categories = ("categoria",)
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
    categories = ("canal", "categoria")
    versioned = True
    last_layer = "dw"
    measured = "presupuesto"

    campania_id: Mapped[Identifier] = first("campaign")
    fecha: Mapped[BusinessDay] = first("business day on which this became known of the campaign")


class Cuentas(Account, Landing):
    __tablename__ = "cuentas"
    __table_args__ = (
        one_of("tipo_cuenta_conocido", "tipo", TIPOS_CUENTA),
        finite("fecha_apertura_finita", "fecha_apertura"),
        finite("fecha_cierre_finita", "fecha_cierre"),
        partitioned("staging", "fecha"),
    )
    natural_key = ("cuenta_id", "fecha")
    categories = ("tipo", "moneda", "sucursal")
    versioned = True
    last_layer = "dw"
    measured = "saldo_inicial"

    cuenta_id: Mapped[Identifier] = first("account")
    fecha: Mapped[BusinessDay] = first("business day on which this version became known")


class TitularesCuenta(Holder, Landing):
    __tablename__ = "titulares_cuenta"
    __table_args__ = (
        check("participacion_en_porcentaje", "participacion", "participacion between 0 and 100"),
        one_of("rol_conocido", "rol", ROLES_TITULAR),
        finite("desde_finita", "desde"),
        finite("hasta_finita", "hasta"),
        partitioned("staging", "fecha"),
    )
    natural_key = ("cuenta_id", "cliente_id", "fecha")
    categories = ("rol",)
    versioned = True
    references = (
        Reference("cuentas", "cuenta_id", "_cuentas_conocida is not null", "an account"),
        Reference("clientes", "cliente_id", "_clientes_conocido is not null", "a customer"),
    )
    last_layer = "dw"
    measured = "participacion"

    cuenta_id: Mapped[Identifier] = first("account")
    cliente_id: Mapped[Identifier] = first("customer who holds it")
    fecha: Mapped[BusinessDay] = first("business day on which this version became known")


class Cotizaciones(ExchangeRate, Landing):
    __tablename__ = "cotizaciones"
    __table_args__ = (
        positive("cotizacion_positiva", "cotizacion"),
        # few rows: what a source does not provide costs no partitions
        {"schema": "staging"},
    )
    natural_key = ("moneda", "fecha")
    versioned = True
    last_layer = "dw"
    measured = "cotizacion"

    moneda: Mapped[Key] = first("currency, ISO 4217", info=currency())
    fecha: Mapped[BusinessDay] = first("first business day of this rate")
