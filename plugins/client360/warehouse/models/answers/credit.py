"""The answer about credit: how late customers are, and what becomes of them."""

from typing import Any

from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import Count, Day, Percentage, Total, doc
from client360.warehouse.models.mart import AsOf, answer


def roll(situation: int) -> Any:
    return doc(
        f"share of the row's customers who are in situation {situation} at the next month's end, percent; null in the last "
        "month; those who have no credit then are in none"
    )


class RiesgoCrediticioHistorico(AsOf):
    __tablename__ = "riesgo_crediticio_historico"
    __table_args__ = answer("mes", "situacion")
    needs = ("clientes",)

    mes: Mapped[Day] = doc(
        "first day of the month, one of the 13 that end with that of fecha_corte, none before that of inicio; customers are "
        "as of its last day, in the last month as of fecha_corte, by what is known at fecha_corte"
    )
    situacion: Mapped[Count] = doc(
        "1 to 5 by days past due: up to 31, 90, 180, 365 and beyond. Without credit of any customer, there are no rows"
    )
    clientes: Mapped[Count] = doc("customers in it")
    deuda: Mapped[Total | None] = doc("what they owe, in pesos; null where that of one is not known")
    en_mora: Mapped[Count] = doc("customers of these with days past due")
    en_mora_pct: Mapped[Percentage] = doc("share of these in clientes, percent")
    pasan_a_1_pct: Mapped[Percentage | None] = roll(1)
    pasan_a_2_pct: Mapped[Percentage | None] = roll(2)
    pasan_a_3_pct: Mapped[Percentage | None] = roll(3)
    pasan_a_4_pct: Mapped[Percentage | None] = roll(4)
    pasan_a_5_pct: Mapped[Percentage | None] = roll(5)
