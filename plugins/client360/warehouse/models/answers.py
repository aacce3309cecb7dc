"""The answers, as of each business day, and what is published of them and of cliente_360."""

from typing import Any

from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import (
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
)
from client360.warehouse.models.mart import PURCHASES, AsOf, Cliente360Historico


def answer(*keys: str) -> tuple[PrimaryKeyConstraint, dict[str, Any]]:
    """An answer's table. A day has few rows, so it is not partitioned; its key begins with the day, which is replaced whole."""
    return (PrimaryKeyConstraint("fecha_corte", *keys), {"schema": "mart"})


class ProductosMasVendidosHistorico(AsOf):
    __tablename__ = "productos_mas_vendidos_historico"
    __table_args__ = answer("categoria", "mes", "puesto")
    needs = ("productos", *PURCHASES)

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
    needs = PURCHASES

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
    rotacion: Mapped[Ratio | None] = doc("turnover: unidades_vendidas over stock_promedio; null unless that is above 0")
    dias_de_stock: Mapped[Tenths | None] = doc(
        "days for which stock_promedio would last at the month's rate of sale; null where nothing was sold, or where "
        "stock_promedio is below 0"
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
        "share of the contacted with an order during the campaign, not cancelled or returned by fecha_corte, percent",
        needs=PURCHASES,
    )
    conversion_control_pct: Mapped[Percentage | None] = doc("the same of the control group", needs=PURCHASES)
    pedidos_incrementales: Mapped[Total | None] = doc(
        "orders more than the contacted would have made at the mean of the control group", needs=PURCHASES
    )
    pedidos_incrementales_desde: Mapped[Total | None] = doc(
        "lower bound of their 95 % interval (normal approximation)", needs=PURCHASES
    )
    pedidos_incrementales_hasta: Mapped[Total | None] = doc("upper bound of the same", needs=PURCHASES)
    ingresos_incrementales: Mapped[Total | None] = doc(
        "amount of orders more than at the mean of the control, in pesos", needs=PURCHASES
    )
    ingresos_incrementales_desde: Mapped[Total | None] = doc("lower bound of their 95 % interval", needs=PURCHASES)
    ingresos_incrementales_hasta: Mapped[Total | None] = doc("upper bound of the same", needs=PURCHASES)
    presupuesto: Mapped[Money] = doc("budget of the campaign, in pesos")
    roi: Mapped[Ratio | None] = doc(
        "return: (ingresos_incrementales - presupuesto) / presupuesto; null where that is 0", needs=PURCHASES
    )
    exito: Mapped[Flag | None] = doc(
        "whether the whole interval of pedidos_incrementales lies above 0", needs=PURCHASES
    )


class RentabilidadMensualHistorico(AsOf):
    __tablename__ = "rentabilidad_mensual_historico"
    __table_args__ = answer("categoria", "mes")
    needs = ("productos", *PURCHASES)

    categoria: Mapped[Key] = doc("category of the product on the day of the order")
    mes: Mapped[Day] = doc("first day of the month of the order, one of the 13 that end with that of fecha_corte")
    ingresos: Mapped[Total] = doc("amount of the lines of orders not cancelled or returned by fecha_corte, in pesos")
    costo: Mapped[Total | None] = doc("cost of the lines whose cost is known, in pesos; null where no line's is")
    margen: Mapped[Total | None] = doc(
        "ingresos - costo of the same lines, in pesos; null where no line's cost is known"
    )
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
    clientes: Mapped[Count] = doc("customers living there at fecha_corte; no rows where nobody's province is known")
    clientes_por_1000_hab: Mapped[Ratio | None] = doc("penetration: clientes for each 1,000 inhabitants")
    clientes_hace_12m: Mapped[Count | None] = doc("customers 365 days earlier; null where the history does not reach")
    crecimiento_pct: Mapped[Percentage | None] = doc("change of clientes since, percent")
    ingresos_por_cliente: Mapped[Total | None] = doc(
        "mean monto_compras_12m of the customers there, in pesos; null without customers", needs=PURCHASES
    )
    clientes_potenciales: Mapped[Count | None] = doc(
        "customers more it would have at the penetration of the whole country"
    )
    ingresos_potenciales: Mapped[Total | None] = doc(
        "what those would buy in a year at ingresos_por_cliente (of the whole country where there are no customers), in pesos",
        needs=PURCHASES,
    )
    puesto: Mapped[Count | None] = doc(
        "rank of opportunity, by ingresos_potenciales; null where that is unknown", needs=PURCHASES
    )
    motivo: Mapped[Word | None] = doc(
        "why: poca_penetracion (below that of the whole country), buen_gasto (ingresos_por_cliente not below), "
        "poca_penetracion_y_buen_gasto, mercado_cubierto (neither), or poblacion_desconocida",
        needs=PURCHASES,
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
