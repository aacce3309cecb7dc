"""What customers owe: the content of cards, statements, loans, instalments and standing orders, and their history in the star."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import Base, Count, Day, Identifier, Interest, Key, Money, Word, doc, key
from client360.warehouse.models.entity import currency

ESTADOS_PRESTAMO = ("vigente", "cancelado", "refinanciado", "incobrable")
CURRENCY = "currency of its amounts, ISO 4217; null where it is that of the feed"
KNOWN = "business day on which this version became known"


class Card:
    """The content of a version of a credit card."""

    cuenta_id: Mapped[Identifier | None] = doc(
        "account of which it is paid, and whose holders' it is where no customer is named"
    )
    moneda: Mapped[Key | None] = doc(CURRENCY, info=currency(or_reporting=True))
    limite: Mapped[Money | None] = doc("credit limit, in the currency of the card; null where it is not known")
    dia_cierre: Mapped[Count | None] = doc("day of the month on which its statement closes")
    dia_vencimiento: Mapped[Count | None] = doc("day of the month on which its statement is due")
    fecha_alta: Mapped[Day | None] = doc("first day on which it is open; null where it is that of its first version")
    fecha_baja: Mapped[Day | None] = doc("first day on which it is open no longer")


class Statement:
    """The content of a version of a card's statement."""

    tarjeta_id: Mapped[Identifier] = doc("card")
    fecha_cierre: Mapped[Day] = doc("day on which it closes")
    fecha_vencimiento: Mapped[Day] = doc("day by which the minimum is to be paid")
    total: Mapped[Money] = doc("amount owed at its close, in the currency of the card; negative where the bank owes it")
    minimo: Mapped[Money] = doc("least amount to pay, in the currency of the card")
    pagado: Mapped[Money | None] = doc("amount paid so far, in the currency of the card; null for nothing")
    pagado_el: Mapped[Day | None] = doc("day on which the minimum was covered; null while it is not")


class Loan:
    """The content of a version of a loan."""

    cuenta_id: Mapped[Identifier | None] = doc(
        "account of which it is paid, and whose holders' it is where no customer is named"
    )
    moneda: Mapped[Key | None] = doc(CURRENCY, info=currency(or_reporting=True))
    fecha_otorgamiento: Mapped[Day] = doc("day on which it was granted")
    monto: Mapped[Money] = doc("amount that was lent, in the currency of the loan")
    tasa: Mapped[Interest | None] = doc("nominal interest, percent a year")
    plazo: Mapped[Count | None] = doc("term in months")
    estado: Mapped[Key | None] = doc("state: " + ", ".join(ESTADOS_PRESTAMO) + "; null for vigente")
    saldo: Mapped[Money | None] = doc(
        "principal still owed, in the currency of the loan; null where it is that of the unpaid instalments"
    )


class Instalment:
    """The content of a version of an instalment of a loan."""

    prestamo_id: Mapped[Identifier] = doc("loan")
    numero: Mapped[Count | None] = doc("its number within the loan, from 1")
    vencimiento: Mapped[Day] = doc("day by which it is to be paid")
    monto: Mapped[Money] = doc("amount to pay, with interest, in the currency of the loan")
    capital: Mapped[Money | None] = doc("principal in it, in the currency of the loan; null where it is not known")
    pagado_el: Mapped[Day | None] = doc("day on which it was paid; null while it is not")


class StandingOrder:
    """The content of a version of a standing order."""

    cuenta_id: Mapped[Identifier | None] = doc(
        "account that is debited, and whose holders' it is where no customer is named"
    )
    monto: Mapped[Money | None] = doc("amount of each payment, in pesos; null where it varies")
    contraparte: Mapped[Word | None] = doc("who is paid")
    rubro: Mapped[Word | None] = doc("what is paid")
    desde: Mapped[Day] = doc("first day on which it holds")
    hasta: Mapped[Day | None] = doc("first day on which it holds no longer")


class HistoriaTarjetas(Card, Base):
    __tablename__ = "historia_tarjetas"
    __table_args__ = (Index("historia_tarjetas_fecha", "fecha"), {"schema": "dw"})

    cliente_id: Mapped[Key] = key("customer; empty where only the account is known")
    tarjeta_id: Mapped[Key] = key("card")
    fecha: Mapped[Day] = key(KNOWN)


class HistoriaResumenes(Statement, Base):
    __tablename__ = "historia_resumenes"
    __table_args__ = (Index("historia_resumenes_fecha", "fecha"), {"schema": "dw"})

    cliente_id: Mapped[Key] = key("customer; empty where it is only known by its card")
    resumen_id: Mapped[Key] = key("statement")
    fecha: Mapped[Day] = key(KNOWN)


class HistoriaPrestamos(Loan, Base):
    __tablename__ = "historia_prestamos"
    __table_args__ = (Index("historia_prestamos_fecha", "fecha"), {"schema": "dw"})

    cliente_id: Mapped[Key] = key("customer; empty where only the account is known")
    prestamo_id: Mapped[Key] = key("loan")
    fecha: Mapped[Day] = key(KNOWN)


class HistoriaCuotas(Instalment, Base):
    __tablename__ = "historia_cuotas"
    __table_args__ = (Index("historia_cuotas_fecha", "fecha"), {"schema": "dw"})

    cliente_id: Mapped[Key] = key("customer; empty where it is only known by its loan")
    cuota_id: Mapped[Key] = key("instalment")
    fecha: Mapped[Day] = key(KNOWN)


class HistoriaOrdenesPermanentes(StandingOrder, Base):
    __tablename__ = "historia_ordenes_permanentes"
    __table_args__ = (Index("historia_ordenes_permanentes_fecha", "fecha"), {"schema": "dw"})

    cliente_id: Mapped[Key] = key("customer; empty where only the account is known")
    orden_id: Mapped[Key] = key("standing order")
    fecha: Mapped[Day] = key(KNOWN)
