"""The answers about customers: what campaigns added, and where they live."""

from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import Count, Day, Flag, Key, Money, Percentage, Ratio, Total, Word, added, doc
from client360.warehouse.models.mart import MARGIN, NET, PURCHASES, RETURNS, AsOf, answer


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
        "return: (ingresos_netos_incrementales or, where returns are not known, ingresos_incrementales - presupuesto) / "
        "presupuesto; null where that is 0",
        needs=PURCHASES,
    )
    exito: Mapped[Flag | None] = doc(
        "whether the whole interval of pedidos_incrementales lies above 0", needs=PURCHASES
    )
    devoluciones_incrementales: Mapped[Total | None] = added(
        "amount given back by fecha_corte for those orders more than at the mean of the control, in pesos", needs=NET
    )
    ingresos_netos_incrementales: Mapped[Total | None] = added(
        "ingresos_incrementales - devoluciones_incrementales, in pesos, of what each customer kept", needs=NET
    )
    ingresos_netos_incrementales_desde: Mapped[Total | None] = added("lower bound of their 95 % interval", needs=NET)
    ingresos_netos_incrementales_hasta: Mapped[Total | None] = added("upper bound of the same", needs=NET)
    margen_incremental: Mapped[Total | None] = added(
        "margin of those orders, of lines whose cost is known, where returns are known less that of what came back, in pesos; "
        "null where no line's is",
        needs=MARGIN,
    )
    margen_incremental_desde: Mapped[Total | None] = added("lower bound of its 95 % interval", needs=MARGIN)
    margen_incremental_hasta: Mapped[Total | None] = added("upper bound of the same", needs=MARGIN)
    roi_margen: Mapped[Ratio | None] = added(
        "return on margin: (margen_incremental - presupuesto) / presupuesto; null where that is 0, as for a campaign that "
        "contacts nobody",
        needs=MARGIN,
    )
    roi_margen_desde: Mapped[Ratio | None] = added("lower bound of its 95 % interval", needs=MARGIN)
    roi_margen_hasta: Mapped[Ratio | None] = added("upper bound of the same", needs=MARGIN)


class DistribucionGeograficaHistorico(AsOf):
    __tablename__ = "distribucion_geografica_historico"
    __table_args__ = answer("provincia", "pais")
    needs = ("clientes",)

    provincia: Mapped[Key] = doc("province; sin_dato where it is not known, in another country than that of the source")
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
        "what those would buy in a year at ingresos_netos_por_cliente or, where returns are not known, ingresos_por_cliente (of "
        "the whole country where there are no customers), in pesos",
        needs=PURCHASES,
    )
    puesto: Mapped[Count | None] = doc(
        "rank of opportunity, by ingresos_potenciales; null where that is unknown", needs=PURCHASES
    )
    motivo: Mapped[Word | None] = doc(
        "why: poca_penetracion (below that of the whole country), buen_gasto (what a customer buys is not below), "
        "poca_penetracion_y_buen_gasto, mercado_cubierto (neither), or poblacion_desconocida",
        needs=PURCHASES,
    )
    devoluciones_por_cliente: Mapped[Total | None] = added(
        "mean monto_devuelto_12m of the customers there, in pesos; null without customers", needs=RETURNS
    )
    ingresos_netos_por_cliente: Mapped[Total | None] = added(
        "mean monto_neto_12m of the customers there, in pesos; null without customers", needs=NET
    )
    pais: Mapped[Key] = added(
        "country, ISO 3166-1 alpha-2: of the source all provinces, of others those with customers; empty of days computed before "
        "this was known"
    )
