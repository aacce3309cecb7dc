"""The marts: monthly summaries, and cliente_360 as of each business day."""

from typing import Any, ClassVar

from sqlalchemy import Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, declared_attr

from client360.warehouse.models.base import (
    Base,
    Count,
    Day,
    Key,
    Percentage,
    Ratio,
    Total,
    Units,
    Word,
    added,
    doc,
    partitioned,
    personal,
)

PURCHASES = ("ventas", "detalle_ventas")
"""What amounts of orders are made of."""
RETURNS = ("devoluciones",)
PAYMENTS = ("pagos_venta",)
HELD = ("cuentas", "titulares_cuenta")
NET = (*PURCHASES, *RETURNS)
"""What is made of orders and of what came back of them."""
MARGIN = ("productos", *PURCHASES)
"""What is made of orders and the costs of products."""
TIES = (
    "dealt out as by SQL's ntile(5), the first groups one larger where five do not divide them; equal ones all get that of the "
    "first of them, as with rank()"
)


class GastoMensual(Base):
    __tablename__ = "gasto_mensual"
    __table_args__ = (PrimaryKeyConstraint("cliente_id", "mes", "cuenta_id"), partitioned("mart", "mes"))

    cliente_id: Mapped[Key] = doc("customer; empty where movements name only their account")
    mes: Mapped[Day] = doc("first day of the month")
    ingresos: Mapped[Total | None] = doc("salary or pension received, without aguinaldo, in pesos; null without one")
    aguinaldo: Mapped[Total] = doc("half-yearly bonus received, in pesos")
    compra_tarjeta: Mapped[Total] = doc("card purchases, in pesos")
    pago_servicio: Mapped[Total] = doc("bills paid, in pesos")
    debito_automatico: Mapped[Total] = doc("direct debits, in pesos")
    extraccion_cajero: Mapped[Total] = doc("cash withdrawals, in pesos")
    movimientos: Mapped[Count] = doc("number of movements of any kind")
    ingresos_totales: Mapped[Total | None] = doc(
        "money that came in, in pesos: credits but for ahorro, moneda_extranjera and what is given back on a credit card; null "
        "where no movement of the month has a sentido"
    )
    egresos_totales: Mapped[Total | None] = doc(
        "money that left, in pesos: debits but for ahorro, moneda_extranjera and what is charged to a credit card, whose "
        "statement counts when it is paid; null where no movement of the month has a sentido"
    )
    depositos: Mapped[Total | None] = doc("deposito, cobro and beneficio received, in pesos; null without one")
    cuenta_id: Mapped[Key] = added(
        "account of movements that name no customer, which are its holders': see dw.titularidad; empty where they name one"
    )


class StockMensual(Base):
    __tablename__ = "stock_mensual"
    __table_args__ = (PrimaryKeyConstraint("mes", "producto_id", "deposito"), {"schema": "mart"})

    producto_id: Mapped[Key] = doc("product")
    deposito: Mapped[Key] = doc("depot")
    mes: Mapped[Day] = doc("first day of the month")
    cambio: Mapped[Units] = doc("units that came less units that left in the month")
    unidades_vendidas: Mapped[Units] = doc("units that left as sales in the month")
    unidades_dia: Mapped[Units] = doc(
        "units that came less units that left, each times the days from its own to the last of the month: the month's stock, "
        "beyond what it began with, added up over its days"
    )


class AsOf(Base):
    """A relation with rows for every business day it was computed for; the view of the same name shows the newest."""

    __abstract__ = True
    copied = True
    needs: ClassVar[tuple[str, ...]]
    """The entities of the contract without which it is empty."""

    @declared_attr
    def fecha_corte(cls) -> Mapped[Day]:  # noqa: N805 (SQLAlchemy calls it with the class)
        lacking = " or no ".join(cls.needs)
        return doc(
            f"business day as of which the row holds; no rows where the source provides no {lacking}", sort_order=1
        )


def answer(*keys: str) -> tuple[PrimaryKeyConstraint, dict[str, Any]]:
    """An answer's table. A day has few rows, so it is not partitioned; its key begins with the day, which is replaced whole."""
    return (PrimaryKeyConstraint("fecha_corte", *keys), {"schema": "mart"})


class Cliente360Historico(AsOf):
    __tablename__ = "cliente_360_historico"
    __table_args__ = (
        PrimaryKeyConstraint("cliente_id", "fecha_corte"),
        # rows of one day are stored together, so that reading a day skips the rest of its month
        Index(
            "cliente_360_historico_fecha_corte",
            "fecha_corte",
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        ),
        partitioned("mart", "fecha_corte"),
    )
    needs = ("clientes",)

    cliente_id: Mapped[Key] = personal("customer", "key")
    nombre: Mapped[Word | None] = personal("first name and surname", "name")
    edad: Mapped[Count | None] = doc("age in whole years at fecha_corte")
    provincia: Mapped[Key | None] = doc("province of residence at fecha_corte")
    ingresos_mensuales: Mapped[Total | None] = doc(
        "estimate of fixed monthly income, in pesos: median, over those of the last 6 observed months that had one, of the "
        "month's salary or pension without aguinaldo; with none, and deposits (deposito, cobro, beneficio) in 3 or more of those "
        "months and in two thirds of them or more, the median of the months' deposits; else the income declared by the customer"
    )
    gasto_mensual_promedio: Mapped[Total | None] = doc(
        "mean over the observed months of card purchases, bills, direct debits and cash withdrawals, in pesos; null with no "
        "observed month (a complete month of the last 12 in which the person was a customer from its first day and, where the "
        "source provides titulares_cuenta, had a part of an account on its last day or is named by a movement)",
        needs=("transacciones",),
    )
    score_endeudamiento: Mapped[Ratio | None] = doc(
        "mean monthly bills and direct debits over ingresos_mensuales; null when the income is 0 or unknown",
        needs=("transacciones",),
    )
    origen_ingresos: Mapped[Word | None] = doc(
        "observado (from salaries), depositos (from other money received) or declarado (by the customer)"
    )
    meses_observados: Mapped[Count | None] = doc("number of observed months, 0 to 12", needs=("transacciones",))
    ocupacion: Mapped[Word | None] = doc("occupation at fecha_corte")
    antiguedad_meses: Mapped[Count] = doc("whole months as a customer at fecha_corte")
    segmento_ingresos: Mapped[Count | None] = doc(
        f"quintile of ingresos_mensuales among the customers at fecha_corte, 1 the lowest; {TIES}"
    )
    compras_12m: Mapped[Count | None] = doc(
        "orders of the 365 days that end at fecha_corte; here and below without those cancelled or returned by then",
        needs=PURCHASES,
    )
    monto_compras_12m: Mapped[Total | None] = doc("amount of those orders, in pesos", needs=PURCHASES)
    ticket_promedio: Mapped[Total | None] = doc(
        "monto_neto_12m or, where returns are not known, monto_compras_12m, over compras_12m, in pesos; null without orders",
        needs=PURCHASES,
    )
    primera_compra: Mapped[Day | None] = doc(
        "day of the first order since the beginning of the history", needs=PURCHASES
    )
    ultima_compra: Mapped[Day | None] = doc("day of the last order since the beginning of the history", needs=PURCHASES)
    dias_sin_comprar: Mapped[Count | None] = doc("days from ultima_compra to fecha_corte", needs=PURCHASES)
    tipo_comprador: Mapped[Word | None] = doc(
        "sin_compras (never), nuevo (first order within 90 days), recurrente (two orders or more in 365 days), ocasional "
        "(one), inactivo (none in 365 days): the first of these that is true",
        needs=PURCHASES,
    )
    segmento_rfm: Mapped[Word | None] = doc(
        "quintiles of ultima_compra, compras_12m and monto_neto_12m (where returns are not known, monto_compras_12m) among those "
        f"who ever bought, three digits, 5 the best; {TIES}",
        needs=PURCHASES,
    )
    categoria_favorita: Mapped[Key | None] = doc(
        "category with the largest amount of orders in 365 days, less what came back of it",
        needs=(*PURCHASES, "productos"),
    )
    entregas_demoradas_pct: Mapped[Percentage | None] = doc(
        "deliveries of the 365 days that came after the day promised, percent; null without deliveries with one",
        needs=("envios",),
    )
    contactos_campania_12m: Mapped[Count | None] = doc(
        "campaigns that contacted the customer in the 365 days", needs=("contactos_campania",)
    )
    monto_devuelto_12m: Mapped[Total | None] = added(
        "amount given back in the 365 days for what came back of orders that count, in pesos", needs=RETURNS
    )
    monto_neto_12m: Mapped[Total | None] = added("monto_compras_12m - monto_devuelto_12m, in pesos", needs=NET)
    posible_duplicado_de: Mapped[Key | None] = personal(
        "customer who may be the same person: the smallest cliente_id among the customers at fecha_corte with the same document, "
        "or the same e-mail address and date of birth; null where there is none, or none smaller",
        "key",
        sort_order=2,
    )
    medio_pago_preferido: Mapped[Key | None] = added(
        "method with the largest amount approved less refunded in the 365 days, the alphabetically first of equal ones; null "
        "without an approved payment",
        needs=PAYMENTS,
    )
    pais: Mapped[Key | None] = added(
        "country of residence, ISO 3166-1 alpha-2: as the source says, else its own; null of days computed before this was known"
    )
    ingresos_totales_promedio: Mapped[Total | None] = added(
        "mean over the observed months of the money that came in, in pesos: credits but for ahorro, moneda_extranjera and "
        "what is given back on a credit card; a month whose movements all lack a sentido does not count; null where the "
        "movements of everybody do",
        needs=("transacciones",),
    )
    egresos_totales_promedio: Mapped[Total | None] = added(
        "mean over the same months of the money that left, in pesos: debits but for ahorro, moneda_extranjera and what is "
        "charged to a credit card, whose statement counts when it is paid; null where ingresos_totales_promedio is",
        needs=("transacciones",),
    )
    ahorro_promedio: Mapped[Total | None] = added(
        "mean over the same months of what came in less what left, in pesos; below 0 where more left",
        needs=("transacciones",),
    )
    deuda_total: Mapped[Total | None] = added(
        "what is owed at fecha_corte, in pesos: of loans neither cancelled nor refinanced the saldo (where it is 0, "
        "nothing, whatever instalments are unpaid) or, where none is delivered, the principal (where that is not known, the "
        "amount) of the unpaid instalments; of each card the last statement, less "
        "what is paid of it, never below 0; null where a part is not known, or the source has neither prestamos nor resumenes"
    )
    cuota_sobre_ingreso: Mapped[Ratio | None] = added(
        "instalments of loans and minimum payments of statements that are due in the month of fecha_corte, paid or not, over "
        "ingresos_mensuales; null when that is 0 or unknown, where the instalments of a loan are not known, or the source has "
        "neither cuotas nor resumenes"
    )
    uso_de_limite: Mapped[Ratio | None] = added(
        "debt on cards over the limits of the open ones; null without an open card, where the limit of one is not known, all are "
        "0, or the source has no resumenes",
        needs=("tarjetas", "resumenes"),
    )
    dias_mora_max: Mapped[Count | None] = added(
        "most days past due at fecha_corte of an unpaid instalment, also of a loan whose saldo is 0, or of a statement whose "
        "minimum is not covered; 0 where nothing is late; null without credit (a loan on which something is owed, an open "
        "card, or a debt on one), or where the instalments of a loan or the statements of cards are not known"
    )
    situacion: Mapped[Count | None] = added(
        "1 to 5 by dias_mora_max, up to 31, 90, 180, 365 and beyond: the scale of Argentina's central bank for consumers"
    )
    productos: Mapped[Word | None] = added(
        "what the customer holds at fecha_corte, in alphabetical order: kinds of accounts (not those of which one is only "
        "authorized, without a part), orden_permanente, prestamo (on which something is owed, or an instalment is past due), "
        "tarjeta_credito; ninguno without any; null where "
        "the source has none of these"
    )
    saldo_total: Mapped[Total | None] = added(
        "balance at fecha_corte of the accounts open then of which a part is the customer's, in that part, in pesos: of each the "
        "last delivered or, without any, saldo_inicial and what moved since; null without such an account, or where "
        "one is not known",
        needs=HELD,
    )
    saldo_minimo_90d: Mapped[Total | None] = added(
        "lowest balance of the same accounts, as far as they were open, at the end of one of the 90 days that end at fecha_corte "
        "on which it is known, in pesos; null without such an account",
        needs=HELD,
    )
