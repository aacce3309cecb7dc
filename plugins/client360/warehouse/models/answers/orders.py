"""The answers about orders: how they are paid, where they are sold, how long they take."""

from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import Count, Day, Key, LargeCount, Percentage, Tenths, Total, doc
from client360.warehouse.models.mart import PAYMENTS, PURCHASES, RETURNS, AsOf, answer


class MediosDePagoHistorico(AsOf):
    __tablename__ = "medios_de_pago_historico"
    __table_args__ = answer("metodo_pago", "mes")
    needs = PAYMENTS

    metodo_pago: Mapped[Key] = doc("method of payment")
    mes: Mapped[Day] = doc("first day of the month of the payment, one of the 13 that end with that of fecha_corte")
    pagos: Mapped[LargeCount] = doc("payments approved in the month")
    pedidos: Mapped[LargeCount] = doc("orders of these; one that is paid by several methods counts for each")
    monto: Mapped[Total] = doc("amount of these payments, in pesos")
    reembolsado: Mapped[Total] = doc("amount refunded in the month, whenever it was paid, in pesos")
    monto_neto: Mapped[Total] = doc("monto - reembolsado, in pesos")
    participacion_pct: Mapped[Percentage | None] = doc(
        "share of monto_neto in that of all methods in the month, percent; null unless that is above 0"
    )
    cuotas_promedio: Mapped[Percentage | None] = doc(
        "mean instalments of the payments whose instalments are known; null where none's are"
    )
    rechazados: Mapped[LargeCount] = doc("payments refused in the month")
    rechazados_pct: Mapped[Percentage | None] = doc(
        "share of these in the payments approved or refused, percent; null where there are none"
    )


class VentasPorCanalHistorico(AsOf):
    __tablename__ = "ventas_por_canal_historico"
    __table_args__ = answer("canal", "sucursal", "vendedor", "mes")
    needs = PURCHASES

    canal: Mapped[Key] = doc(
        "channel in which it was sold; sin_dato where it is not known, no rows where nothing is known of any order"
    )
    sucursal: Mapped[Key] = doc("branch that sold it, or sin_dato")
    vendedor: Mapped[Key] = doc("who sold it, or sin_dato")
    mes: Mapped[Day] = doc("first day of the month of the order, one of the 13 that end with that of fecha_corte")
    pedidos: Mapped[Count] = doc("orders not cancelled or returned by fecha_corte")
    ingresos: Mapped[Total] = doc("amount of their lines, in pesos")
    ticket_promedio: Mapped[Total | None] = doc("ingresos over pedidos, in pesos; null without orders")
    cargo_envio: Mapped[Total | None] = doc(
        "what customers were charged for their shipments, in pesos; null where no order's charge is known"
    )
    devoluciones: Mapped[Total | None] = doc("amount given back in the month, in pesos", needs=RETURNS)
    ingresos_netos: Mapped[Total | None] = doc("ingresos - devoluciones, in pesos", needs=RETURNS)
    participacion_pct: Mapped[Percentage | None] = doc(
        "share of ingresos_netos or, where returns are not known, ingresos in that of all of the month, percent; null unless "
        "that is above 0"
    )


class TiemposPedidosHistorico(AsOf):
    __tablename__ = "tiempos_pedidos_historico"
    __table_args__ = answer("estado", "mes")
    needs = ("ventas",)

    estado: Mapped[Key] = doc("state of an order that another one followed")
    mes: Mapped[Day] = doc("first day of the month of the order, one of the 13 that end with that of fecha_corte")
    pedidos: Mapped[Count] = doc("orders of the month that have left it for a later step by fecha_corte")
    dias_media: Mapped[Tenths] = doc("mean days that they were in it")
    dias_p90: Mapped[Tenths] = doc("90th percentile of the same")
