"""Cards, statements, loans, instalments and standing orders, as they wait in staging: a row says what is so from its day on.

Their tables are not partitioned: what a source does not provide costs no partitions.
"""

from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import Anyone, BusinessDay, Identifier, first
from client360.warehouse.models.credit import ESTADOS_PRESTAMO, KNOWN, Card, Instalment, Loan, StandingOrder, Statement
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
from client360.warehouse.models.staging.landing import Landing

CUSTOMER = Reference("clientes", "cliente_id", "_clientes_conocido is not null", "a customer")
ACCOUNT = Reference(
    "cuentas",
    "cuenta_id",
    "cliente_id is not null or _cuentas_conocida is not null",
    "an account, where no customer is named",
    needed=False,
)


class Tarjetas(Card, Landing):
    __tablename__ = "tarjetas"
    __table_args__ = (
        not_negative("limite_no_negativo", "limite"),
        check("cierre_en_el_mes", "dia_cierre", "dia_cierre between 1 and 31"),
        check("vencimiento_en_el_mes", "dia_vencimiento", "dia_vencimiento between 1 and 31"),
        finite("fecha_alta_finita", "fecha_alta"),
        finite("fecha_baja_finita", "fecha_baja"),
        needed("cliente_o_cuenta", "cliente_id", "cliente_id <> '' or cuenta_id is not null", "cuenta_id"),
        {"schema": "staging"},
    )
    natural_key = ("tarjeta_id", "fecha")
    versioned = True
    references = (CUSTOMER, ACCOUNT)
    last_layer = "dw"
    measured = "limite"

    tarjeta_id: Mapped[Identifier] = first("card")
    fecha: Mapped[BusinessDay] = first(KNOWN)
    cliente_id: Mapped[Anyone] = first("customer; empty where only the account is known")


class Resumenes(Statement, Landing):
    __tablename__ = "resumenes"
    __table_args__ = (
        not_negative("minimo_no_negativo", "minimo"),
        not_negative("pagado_no_negativo", "pagado"),
        finite("fecha_cierre_finita", "fecha_cierre"),
        finite("fecha_vencimiento_finita", "fecha_vencimiento"),
        known_by_fecha("pago_conocido", "pagado_el"),
        {"schema": "staging"},
    )
    natural_key = ("resumen_id", "fecha")
    versioned = True
    references = (CUSTOMER, Reference("tarjetas", "tarjeta_id", "_tarjetas_conocida is not null", "a card"))
    last_layer = "dw"
    measured = "total"

    resumen_id: Mapped[Identifier] = first("statement")
    fecha: Mapped[BusinessDay] = first(KNOWN)
    cliente_id: Mapped[Anyone] = first("customer; empty where it is only known by its card")


class Prestamos(Loan, Landing):
    __tablename__ = "prestamos"
    __table_args__ = (
        positive("monto_positivo", "monto"),
        not_negative("tasa_no_negativa", "tasa"),
        check("plazo_positivo", "plazo", "plazo > 0"),
        not_negative("saldo_no_negativo", "saldo"),
        one_of("estado_prestamo_conocido", "estado", ESTADOS_PRESTAMO),
        finite("fecha_otorgamiento_finita", "fecha_otorgamiento"),
        needed("cliente_o_cuenta", "cliente_id", "cliente_id <> '' or cuenta_id is not null", "cuenta_id"),
        {"schema": "staging"},
    )
    natural_key = ("prestamo_id", "fecha")
    versioned = True
    references = (CUSTOMER, ACCOUNT)
    last_layer = "dw"
    measured = "monto"

    prestamo_id: Mapped[Identifier] = first("loan")
    fecha: Mapped[BusinessDay] = first(KNOWN)
    cliente_id: Mapped[Anyone] = first("customer; empty where only the account is known")


class Cuotas(Instalment, Landing):
    __tablename__ = "cuotas"
    __table_args__ = (
        check("numero_positivo", "numero", "numero > 0"),
        not_negative("monto_no_negativo", "monto"),
        not_negative("capital_no_negativo", "capital"),
        finite("vencimiento_finita", "vencimiento"),
        known_by_fecha("pago_conocido", "pagado_el"),
        {"schema": "staging"},
    )
    natural_key = ("cuota_id", "fecha")
    versioned = True
    references = (CUSTOMER, Reference("prestamos", "prestamo_id", "_prestamos_conocido is not null", "a loan"))
    last_layer = "dw"
    measured = "monto"

    cuota_id: Mapped[Identifier] = first("instalment")
    fecha: Mapped[BusinessDay] = first(KNOWN)
    cliente_id: Mapped[Anyone] = first("customer; empty where it is only known by its loan")


class OrdenesPermanentes(StandingOrder, Landing):
    __tablename__ = "ordenes_permanentes"
    __table_args__ = (
        not_negative("monto_no_negativo", "monto"),
        finite("desde_finita", "desde"),
        check("hasta_no_antes_de_desde", "hasta", "hasta >= desde and isfinite(hasta)", "desde"),
        needed("cliente_o_cuenta", "cliente_id", "cliente_id <> '' or cuenta_id is not null", "cuenta_id"),
        {"schema": "staging"},
    )
    natural_key = ("orden_id", "fecha")
    versioned = True
    references = (CUSTOMER, ACCOUNT)
    last_layer = "dw"
    measured = "monto"

    orden_id: Mapped[Identifier] = first("standing order")
    fecha: Mapped[BusinessDay] = first(KNOWN)
    cliente_id: Mapped[Anyone] = first("customer; empty where only the account is known")
