"""What a currency is worth: the content of a rate, and the star's table of rates."""

from sqlalchemy.orm import Mapped

from client360.warehouse.models.base import UNTIL, Base, Day, Key, Rate, doc, first, key, within


class ExchangeRate:
    """The content of a rate."""

    cotizacion: Mapped[Rate] = doc("pesos for one unit of the currency, from that day until its next rate")


class DimCotizacion(ExchangeRate, Base):
    __tablename__ = "dim_cotizacion"
    __table_args__ = within("dw")
    copied = True

    moneda: Mapped[Key] = key("currency, ISO 4217")
    vigente_desde: Mapped[Day] = key("first day of this rate")
    vigente_hasta: Mapped[Day] = first(UNTIL)
