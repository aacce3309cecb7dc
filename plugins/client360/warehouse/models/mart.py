"""The marts: monthly summaries, cliente_360 and the answers, as of each business day."""

from typing import Any

from sqlalchemy import Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import (
    Base,
    Count,
    Day,
    Flag,
    Key,
    LargeCount,
    Money,
    Percentage,
    Ratio,
    Tenths,
    Total,
    Word,
    doc,
    partitioned,
    personal,
)


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
    needs: tuple[str, ...]
    """The entities of the contract without which it is empty."""

    fecha_corte: Mapped[Day] = doc("business day as of which the row holds", sort_order=1)


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
    compras_12m: Mapped[Count] = doc(
        "orders of the 365 days that end at fecha_corte; here and below without those cancelled or returned by then"
    )
    monto_compras_12m: Mapped[Money] = doc("amount of those orders, in pesos")
    ticket_promedio: Mapped[Money | None] = doc("monto_compras_12m over compras_12m, in pesos; null without orders")
    primera_compra: Mapped[Day | None] = doc("day of the first order since the beginning of the history")
    ultima_compra: Mapped[Day | None] = doc("day of the last order since the beginning of the history")
    dias_sin_comprar: Mapped[Count | None] = doc("days from ultima_compra to fecha_corte")
    tipo_comprador: Mapped[Word] = doc(
        "sin_compras (never), nuevo (first order within 90 days), recurrente (two orders or more in 365 days), ocasional "
        "(one), inactivo (none in 365 days): the first of these that is true"
    )
    segmento_rfm: Mapped[Word | None] = doc(
        "quintiles of recency, frequency and amount of orders among those who ever bought, three digits, 5 the best"
    )
    categoria_favorita: Mapped[Key | None] = doc("category with the largest amount of orders in 365 days")
    entregas_demoradas_pct: Mapped[Percentage | None] = doc(
        "deliveries of the 365 days that came after the day promised, percent; null without deliveries"
    )
    contactos_campania_12m: Mapped[Count] = doc("campaigns that contacted the customer in the 365 days")


def answer(*keys: str) -> tuple[PrimaryKeyConstraint, dict[str, Any]]:
    """An answer's table. A day has few rows, so it is not partitioned; its key begins with the day, which is replaced whole."""
    return (PrimaryKeyConstraint("fecha_corte", *keys), {"schema": "mart"})


class ProductosMasVendidosHistorico(AsOf):
    __tablename__ = "productos_mas_vendidos_historico"
    __table_args__ = answer("categoria", "mes", "puesto")
    needs = ("productos", "detalle_ventas")

    categoria: Mapped[Key] = doc("category of the product on the day of the order")
    mes: Mapped[Day] = doc("first day of the month of the order, one of the 13 that end with that of fecha_corte")
    puesto: Mapped[Count] = doc("rank by units within category and month, 1 to 10")
    producto_id: Mapped[Key] = doc("product")
    nombre: Mapped[Word | None] = doc("name of the product at fecha_corte")
    unidades: Mapped[LargeCount] = doc("units sold in orders not cancelled or returned by fecha_corte")
    ingresos: Mapped[Total] = doc("amount of their lines, in pesos")
    margen: Mapped[Total | None] = doc("that less their cost, in pesos; null where no cost is known")


class ClientesNuevosRecurrentesHistorico(AsOf):
    __tablename__ = "clientes_nuevos_recurrentes_historico"
    __table_args__ = answer("mes")
    needs = ("ventas", "detalle_ventas")

    mes: Mapped[Day] = doc("first day of the month, one of the 13 that end with that of fecha_corte")
    compradores: Mapped[Count] = doc("customers with an order in the month, not cancelled or returned by fecha_corte")
    nuevos: Mapped[Count] = doc("those of them whose first order lies in the month")
    recurrentes: Mapped[Count] = doc("those of them who had ordered in an earlier month")
    ingresos_nuevos: Mapped[Total] = doc("amount of the month's orders of the new, in pesos")
    ingresos_recurrentes: Mapped[Total] = doc("amount of the month's orders of the returning, in pesos")
    tasa_recompra_pct: Mapped[Percentage | None] = doc(
        "repeat rate: share of the month's customers with two orders or more by its end, percent; null where nobody bought"
    )


class RotacionStockHistorico(AsOf):
    __tablename__ = "rotacion_stock_historico"
    __table_args__ = answer("categoria", "mes")
    needs = ("productos", "movimientos_stock")

    categoria: Mapped[Key] = doc("category of the products at the end of the month, or at fecha_corte")
    mes: Mapped[Day] = doc("first day of the month, one of the 13 that end with that of fecha_corte")
    unidades_vendidas: Mapped[LargeCount] = doc("units that left the depots as sales in the month")
    stock_promedio: Mapped[Total] = doc("units in stock at the end of a day, mean over the days of the month")
    rotacion: Mapped[Ratio | None] = doc("turnover: unidades_vendidas over stock_promedio; null without stock")
    dias_de_stock: Mapped[Tenths | None] = doc(
        "days for which stock_promedio would last at the month's rate of sale; null where nothing was sold"
    )


class DemorasLogisticasHistorico(AsOf):
    __tablename__ = "demoras_logisticas_historico"
    __table_args__ = answer("provincia", "deposito", "mes")
    needs = ("envios",)

    provincia: Mapped[Key] = doc("province to which the order was shipped; sin_dato where the order is not known")
    deposito: Mapped[Key] = doc("depot that shipped it")
    mes: Mapped[Day] = doc("first day of the month of the delivery, one of the 13 that end with that of fecha_corte")
    entregas: Mapped[Count] = doc("deliveries known by fecha_corte")
    demoradas: Mapped[Count] = doc("those after the day promised")
    demoradas_pct: Mapped[Percentage] = doc("those after the day promised, percent")
    demora_media_dias: Mapped[Percentage] = doc(
        "mean over all deliveries of the days after the day promised, 0 if not late"
    )
    demora_p90_dias: Mapped[Count] = doc("90th percentile of the same")


class ImpactoCampaniasHistorico(AsOf):
    __tablename__ = "impacto_campanias_historico"
    __table_args__ = answer("campania_id")
    needs = ("campanias", "contactos_campania")

    campania_id: Mapped[Key] = doc("campaign that began in one of the 13 months that end with that of fecha_corte")
    nombre: Mapped[Word | None] = doc("its name")
    canal: Mapped[Word] = doc("its channel of contact")
    categoria: Mapped[Key | None] = doc("category of product that it promotes")
    fecha_inicio: Mapped[Day] = doc("its first day")
    fecha_fin: Mapped[Day] = doc("its last day")
    contactados: Mapped[Count] = doc("customers who were assigned to be contacted")
    control: Mapped[Count] = doc("customers who were assigned to the control group")
    conversion_contactados_pct: Mapped[Percentage | None] = doc(
        "share of the contacted with an order during the campaign, not cancelled or returned by fecha_corte, percent"
    )
    conversion_control_pct: Mapped[Percentage | None] = doc("the same of the control group")
    pedidos_incrementales: Mapped[Total | None] = doc(
        "orders more than the contacted would have made at the mean of the control group"
    )
    pedidos_incrementales_desde: Mapped[Total | None] = doc("lower bound of their 95 % interval (normal approximation)")
    pedidos_incrementales_hasta: Mapped[Total | None] = doc("upper bound of the same")
    ingresos_incrementales: Mapped[Total | None] = doc(
        "amount of orders more than at the mean of the control, in pesos"
    )
    ingresos_incrementales_desde: Mapped[Total | None] = doc("lower bound of their 95 % interval")
    ingresos_incrementales_hasta: Mapped[Total | None] = doc("upper bound of the same")
    presupuesto: Mapped[Money] = doc("budget of the campaign, in pesos")
    roi: Mapped[Ratio | None] = doc("return: (ingresos_incrementales - presupuesto) / presupuesto")
    exito: Mapped[Flag | None] = doc("whether the whole interval of pedidos_incrementales lies above 0")


class RentabilidadMensualHistorico(AsOf):
    __tablename__ = "rentabilidad_mensual_historico"
    __table_args__ = answer("categoria", "mes")
    needs = ("productos", "detalle_ventas")

    categoria: Mapped[Key] = doc("category of the product on the day of the order")
    mes: Mapped[Day] = doc("first day of the month of the order, one of the 13 that end with that of fecha_corte")
    ingresos: Mapped[Total] = doc("amount of the lines of orders not cancelled or returned by fecha_corte, in pesos")
    costo: Mapped[Total] = doc("their cost, in pesos, where it is known")
    margen: Mapped[Total] = doc("ingresos - costo of the lines whose cost is known, in pesos")
    margen_pct: Mapped[Percentage | None] = doc("margen over the amount of those lines, percent; null without any")
    ingresos_sin_costo: Mapped[Total] = doc("amount of the lines whose cost is not known, in pesos")
    variacion_ingresos_pct: Mapped[Percentage | None] = doc(
        "change of ingresos on the month before, percent; null while the month is not over, where the one before was not "
        "whole, or where it had none"
    )


class DistribucionGeograficaHistorico(AsOf):
    __tablename__ = "distribucion_geografica_historico"
    __table_args__ = answer("provincia")
    needs = ("clientes",)

    provincia: Mapped[Key] = doc("province")
    region: Mapped[Word | None] = doc("region; null if unknown")
    poblacion: Mapped[Count | None] = doc("inhabitants; null if unknown, and then so is what is compared with them")
    clientes: Mapped[Count] = doc("customers living there at fecha_corte")
    clientes_por_1000_hab: Mapped[Ratio | None] = doc("penetration: clientes for each 1,000 inhabitants")
    clientes_hace_12m: Mapped[Count | None] = doc("customers 365 days earlier; null where the history does not reach")
    crecimiento_pct: Mapped[Percentage | None] = doc("change of clientes since, percent")
    ingresos_por_cliente: Mapped[Total | None] = doc("mean monto_compras_12m of the customers there, in pesos")
    clientes_potenciales: Mapped[Count | None] = doc(
        "customers more it would have at the penetration of the whole country"
    )
    ingresos_potenciales: Mapped[Total | None] = doc(
        "what those would buy in a year at ingresos_por_cliente (of the whole country where there are no customers), in pesos"
    )
    puesto: Mapped[Count] = doc("rank of opportunity, by ingresos_potenciales")
    motivo: Mapped[Word] = doc(
        "why: poca_penetracion (below that of the whole country), buen_gasto (ingresos_por_cliente not below), "
        "poca_penetracion_y_buen_gasto, mercado_cubierto (neither), or poblacion_desconocida"
    )


EXPORTED: dict[str, type[AsOf]] = {
    model.__tablename__.removesuffix("_historico"): model
    for model in (
        Cliente360Historico,
        ProductosMasVendidosHistorico,
        ClientesNuevosRecurrentesHistorico,
        RotacionStockHistorico,
        DemorasLogisticasHistorico,
        ImpactoCampaniasHistorico,
        RentabilidadMensualHistorico,
        DistribucionGeograficaHistorico,
    )
}
"""What is published as of a business day, by the name of its view and CSV file."""
