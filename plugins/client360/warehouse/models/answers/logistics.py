"""The answers about stock and deliveries."""

from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import Count, Day, Key, Percentage, Ratio, Tenths, Total, Units, added, doc
from client360.warehouse.models.mart import AsOf, answer


class RotacionStockHistorico(AsOf):
    __tablename__ = "rotacion_stock_historico"
    __table_args__ = answer("categoria", "mes")
    needs = ("productos", "movimientos_stock")

    categoria: Mapped[Key] = doc(
        "category of the products at the end of the month, or at fecha_corte; sin_dato where it is not known"
    )
    mes: Mapped[Day] = doc("first day of the month, one of the 13 that end with that of fecha_corte")
    unidades_vendidas: Mapped[Units] = doc("units that left the depots as sales in the month")
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
    demoradas: Mapped[Count | None] = doc("those after the day promised; null where none was promised")
    demoradas_pct: Mapped[Percentage | None] = doc("those after the day promised, percent of con_promesa")
    demora_media_dias: Mapped[Percentage | None] = doc(
        "mean over con_promesa of the days after the day promised, 0 if not late"
    )
    demora_p90_dias: Mapped[Count | None] = doc("90th percentile of the same")
    con_promesa: Mapped[Count] = added("deliveries with a day promised")
    anticipadas: Mapped[Count | None] = added("those before the day promised; null where none was promised")
    anticipadas_pct: Mapped[Percentage | None] = added("those before the day promised, percent of con_promesa")
    anticipo_medio_dias: Mapped[Percentage | None] = added(
        "mean over con_promesa of the days before the day promised, 0 if not early"
    )
    dias_hasta_entrega: Mapped[Tenths | None] = added(
        "mean days from order to door; null where no order is known", needs=("ventas",)
    )
    dias_hasta_entrega_p90: Mapped[Tenths | None] = added("90th percentile of the same", needs=("ventas",))
