"""The answers about what sells, to whom, and what it earns."""

from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import Count, Day, Key, Percentage, Total, Units, Word, added, doc
from client360.warehouse.models.mart import PURCHASES, RETURNS, AsOf, answer


class ProductosMasVendidosHistorico(AsOf):
    __tablename__ = "productos_mas_vendidos_historico"
    __table_args__ = answer("categoria", "mes", "puesto")
    needs = ("productos", *PURCHASES)

    categoria: Mapped[Key] = doc("category of the product on the day of the order; sin_dato where it is not known")
    mes: Mapped[Day] = doc("first day of the month of the order, one of the 13 that end with that of fecha_corte")
    puesto: Mapped[Count] = doc(
        "rank within category and month, 1 to 10, by units and then by amount, both less what came back in the month"
    )
    producto_id: Mapped[Key] = doc("product")
    nombre: Mapped[Word | None] = doc("name of the product at fecha_corte")
    unidades: Mapped[Units] = doc("units sold in orders not cancelled or returned by fecha_corte")
    ingresos: Mapped[Total] = doc("amount of their lines, in pesos")
    margen: Mapped[Total | None] = doc(
        "that less their cost, in pesos, where returns are known less that of what came back; null where no cost is known"
    )
    unidades_devueltas: Mapped[Units | None] = added("units that came back in the month", needs=RETURNS)
    devoluciones: Mapped[Total | None] = added("amount given back in the month, in pesos", needs=RETURNS)
    ingresos_netos: Mapped[Total | None] = added("ingresos - devoluciones, in pesos", needs=RETURNS)
    tasa_devolucion_pct: Mapped[Percentage | None] = added(
        "return rate: devoluciones over ingresos, percent", needs=RETURNS
    )


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
    devoluciones_nuevos: Mapped[Total | None] = added(
        "amount given back in the month to the new, in pesos", needs=RETURNS
    )
    devoluciones_recurrentes: Mapped[Total | None] = added(
        "amount given back in the month to all other customers, also to those who bought nothing in it, in pesos",
        needs=RETURNS,
    )
    ingresos_netos_nuevos: Mapped[Total | None] = added(
        "ingresos_nuevos - devoluciones_nuevos, in pesos", needs=RETURNS
    )
    ingresos_netos_recurrentes: Mapped[Total | None] = added(
        "ingresos_recurrentes - devoluciones_recurrentes, in pesos", needs=RETURNS
    )
    ingresos_sin_cliente: Mapped[Total] = added("amount of the month's orders without a known customer, in pesos")
    sin_cliente_pct: Mapped[Percentage | None] = added(
        "share of these in the amount of all orders of the month, percent; null where nothing was sold"
    )
    devoluciones_sin_cliente: Mapped[Total | None] = added(
        "amount given back in the month to nobody that is known, in pesos", needs=RETURNS
    )


class RentabilidadMensualHistorico(AsOf):
    __tablename__ = "rentabilidad_mensual_historico"
    __table_args__ = answer("categoria", "mes")
    needs = ("productos", *PURCHASES)

    categoria: Mapped[Key] = doc("category of the product on the day of the order; sin_dato where it is not known")
    mes: Mapped[Day] = doc("first day of the month of the order, one of the 13 that end with that of fecha_corte")
    ingresos: Mapped[Total] = doc("amount of the lines of orders not cancelled or returned by fecha_corte, in pesos")
    costo: Mapped[Total | None] = doc(
        "cost of the lines whose cost is known, where returns are known less that of what came back, in pesos; null where no "
        "line's is"
    )
    margen: Mapped[Total | None] = doc(
        "ingresos (where returns are known less devoluciones) - costo of the same lines, in pesos; null where no line's cost is "
        "known"
    )
    margen_pct: Mapped[Percentage | None] = doc(
        "margen over the amount of those lines, percent; null unless that is above 0"
    )
    ingresos_sin_costo: Mapped[Total] = doc("amount of the lines whose cost is not known, in pesos")
    variacion_ingresos_pct: Mapped[Percentage | None] = doc(
        "change of ingresos_netos or, where returns are not known, of ingresos on the month before, percent; null while the "
        "month is not over, where the one before was not whole, or where it had none"
    )
    devoluciones: Mapped[Total | None] = added(
        "amount given back in the month for products of the category, in pesos", needs=RETURNS
    )
    ingresos_netos: Mapped[Total | None] = added("ingresos - devoluciones, in pesos", needs=RETURNS)
    tasa_devolucion_pct: Mapped[Percentage | None] = added(
        "return rate: devoluciones over ingresos, percent; null where nothing was sold", needs=RETURNS
    )
    participacion_pct: Mapped[Percentage | None] = added(
        "share of the category in the ingresos of the month, percent; null where nothing was sold"
    )
    costo_conocido_pct: Mapped[Percentage | None] = added(
        "share of ingresos of which the cost is known, percent; null where nothing was sold"
    )
