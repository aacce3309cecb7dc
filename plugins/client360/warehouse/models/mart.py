"""The marts: monthly summaries, and cliente_360 as of each business day."""

from typing import ClassVar

from sqlalchemy import Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, declared_attr

from client360.warehouse.models.base import (
    Base,
    Count,
    Day,
    Key,
    LargeCount,
    Money,
    Percentage,
    Ratio,
    Word,
    doc,
    partitioned,
    personal,
)

PURCHASES = ("ventas", "detalle_ventas")
"""What amounts of orders are made of."""
TIES = "equal ones all get that of the first of them, as with SQL's rank()"


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


class StockMensual(Base):
    __tablename__ = "stock_mensual"
    __table_args__ = (PrimaryKeyConstraint("mes", "producto_id", "deposito"), {"schema": "mart"})

    producto_id: Mapped[Key] = doc("product")
    deposito: Mapped[Key] = doc("depot")
    mes: Mapped[Day] = doc("first day of the month")
    cambio: Mapped[LargeCount] = doc("units that came less units that left in the month")
    unidades_vendidas: Mapped[LargeCount] = doc("units that left as sales in the month")
    unidades_dia: Mapped[LargeCount] = doc(
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
    ingresos_mensuales: Mapped[Money | None] = doc(
        "estimate of fixed monthly income, in pesos: median, over those of the last 6 observed months that had one, of the "
        "month's salary or pension without aguinaldo; with none, the income declared by the customer"
    )
    gasto_mensual_promedio: Mapped[Money | None] = doc(
        "mean over the observed months of card purchases, bills, direct debits and cash withdrawals, in pesos; null with no "
        "observed month (a complete month of the last 12 in which the person was a customer from its first day)",
        needs=("transacciones",),
    )
    score_endeudamiento: Mapped[Ratio | None] = doc(
        "mean monthly bills and direct debits over ingresos_mensuales; null when the income is 0 or unknown",
        needs=("transacciones",),
    )
    origen_ingresos: Mapped[Word | None] = doc("observado (from movements) or declarado (by the customer)")
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
    monto_compras_12m: Mapped[Money | None] = doc("amount of those orders, in pesos", needs=PURCHASES)
    ticket_promedio: Mapped[Money | None] = doc(
        "monto_compras_12m over compras_12m, in pesos; null without orders", needs=PURCHASES
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
        "quintiles of ultima_compra, compras_12m and monto_compras_12m among those who ever bought, three digits, 5 the best; "
        f"{TIES}",
        needs=PURCHASES,
    )
    categoria_favorita: Mapped[Key | None] = doc(
        "category with the largest amount of orders in 365 days", needs=(*PURCHASES, "productos")
    )
    entregas_demoradas_pct: Mapped[Percentage | None] = doc(
        "deliveries of the 365 days that came after the day promised, percent; null without deliveries",
        needs=("envios",),
    )
    contactos_campania_12m: Mapped[Count | None] = doc(
        "campaigns that contacted the customer in the 365 days", needs=("contactos_campania",)
    )
