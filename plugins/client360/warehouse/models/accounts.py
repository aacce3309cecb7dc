"""Accounts and who holds them: their content, and the star's tables of them."""

from decimal import Decimal

from sqlalchemy import Index, Numeric
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from client360.warehouse.models.base import (
    FOREVER,
    UNTIL,
    Base,
    Count,
    Day,
    Identifier,
    Key,
    Money,
    Proportion,
    Total,
    added,
    doc,
    first,
    key,
    partitioned,
    within,
)
from client360.warehouse.models.entity import currency

TIPOS_CUENTA = ("caja_ahorro", "cuenta_corriente", "cuenta_sueldo", "plazo_fijo", "inversion")
ROLES_TITULAR = ("titular", "cotitular", "autorizado")


class Account:
    """The content of a version of an account."""

    tipo: Mapped[Key | None] = doc("kind of account: " + ", ".join(TIPOS_CUENTA) + "; null while it is unknown")
    moneda: Mapped[Key | None] = doc(
        "currency of the account, ISO 4217; null where it is that of the feed",
        info=currency(or_reporting=True),
    )
    sucursal: Mapped[Identifier | None] = doc("branch that keeps the account")
    fecha_apertura: Mapped[Day | None] = doc("first day of the account; null where it is only known since this version")
    fecha_cierre: Mapped[Day | None] = doc("first day on which the account is closed")
    saldo_inicial: Mapped[Money | None] = doc(
        "balance before its first movement that is delivered, in the currency of the account, negative where it is overdrawn; "
        "null where it is unknown"
    )


class Holder:
    """The content of a version of who holds an account."""

    rol: Mapped[Key | None] = doc("role of the person: " + ", ".join(ROLES_TITULAR) + "; null while it is unknown")
    participacion: Mapped[Proportion | None] = doc(
        "part of the account that is the person's, percent; null where none is said"
    )
    desde: Mapped[Day | None] = doc("first day as a holder; null where that is only known since this version")
    hasta: Mapped[Day | None] = doc("first day no longer a holder")


class Balance:
    """The content of a balance of an account."""

    saldo: Mapped[Money] = doc(
        "balance at the end of the day, in the currency of the account, negative where it is overdrawn"
    )


class DimCuenta(Account, Base):
    __tablename__ = "dim_cuenta"
    __table_args__ = within("dw")
    copied = True

    cuenta_id: Mapped[Key] = key("account")
    vigente_desde: Mapped[Day] = key("first day of this version")
    vigente_hasta: Mapped[Day] = first(UNTIL)


class DimTitular(Holder, Base):
    __tablename__ = "dim_titular"
    __table_args__ = (Index("dim_titular_cuenta", "cuenta_id"), within("dw"))

    cuenta_id: Mapped[Key] = key("account")
    cliente_id: Mapped[Key] = key("customer who holds it")
    vigente_desde: Mapped[Day] = key("first day of this version")
    vigente_hasta: Mapped[Day] = first(UNTIL)


class Titularidad(Base):
    __tablename__ = "titularidad"
    __table_args__ = (Index("titularidad_cuenta", "cuenta_id"), within("dw"))

    cuenta_id: Mapped[Key] = key("account")
    cliente_id: Mapped[Key] = key("customer who holds it")
    desde: Mapped[Day] = key("first day of a time in which neither who holds the account nor a part of it changes")
    hasta: Mapped[Day] = doc(f"first day after that time; {FOREVER} while nothing ends it")
    rol: Mapped[Key | None] = doc("role of the person; null while it is unknown")
    participacion: Mapped[Proportion] = doc(
        "part of the account that is the person's, of de: as the source says or, where it says none of anybody's, all of it the "
        "main holder's, who is the titular with the smallest cliente_id or, without one, the smallest of the others"
    )
    de: Mapped[Proportion] = doc("sum of the parts of all who hold it")
    otras: Mapped[list[Decimal] | None] = mapped_column(
        ARRAY(Numeric(16, 4)),
        comment="of the main one of those with a part, to whom go cents that are left over: the parts of the others; else null",
    )


class HechoSaldos(Balance, Base):
    __tablename__ = "hecho_saldos"
    __table_args__ = partitioned("dw", "fecha")

    cuenta_id: Mapped[Key] = key("account")
    fecha: Mapped[Day] = key("business day of the balance")


class CuentaMensual(Base):
    __tablename__ = "cuenta_mensual"
    __table_args__ = within("mart")

    cuenta_id: Mapped[Key] = key("account")
    mes: Mapped[Day] = key("first day of the month")
    neto: Mapped[Total] = doc("credits of the account less its debits in the month, in the currency of the row")
    sin_sentido: Mapped[Count] = doc("its movements of the month of which it is not known in which direction they go")
    saldo: Mapped[Money | None] = doc(
        "the last balance delivered in the month, in the currency of the account, on the row of an empty moneda; null without one"
    )
    moneda: Mapped[Key] = added("currency of the movements; empty for that of the feed", primary_key=True)
