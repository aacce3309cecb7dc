"""What the pipeline knows about its work."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from client360.models.base import Base, Count, Day, Flag, Key, Total, Word, doc, within


class Cargas(Base):
    __tablename__ = "cargas"
    __table_args__ = (
        CheckConstraint("capa in ('staging', 'dw', 'mart')", name="capa_conocida"),
        CheckConstraint("capa_alcanzada in ('staging', 'dw', 'mart')", name="capa_alcanzada_conocida"),
        {"schema": "control"},
    )

    entidad: Mapped[Key] = doc("landing file", primary_key=True)
    fecha: Mapped[Day] = doc("business day", primary_key=True)
    filas: Mapped[Count] = doc("rows of the day")
    suma: Mapped[Total] = doc(
        "sum over those rows of monto, total, amount of the line, costo_envio, cantidad, precio, presupuesto or declared "
        "income, by landing file; 0 for one without amounts"
    )
    archivo: Mapped[Word] = doc("file they came from, relative to the data folder")
    sha256: Mapped[Key] = doc("of that file")
    mundo: Mapped[Word] = doc("world or feed they belong to")
    corrida: Mapped[Word] = doc("DAG run that loaded them")
    capa: Mapped[Word] = doc("layer that the last delivery of the day has reached: staging, dw or mart")
    capa_alcanzada: Mapped[Word] = doc("furthest layer that any delivery of the day has reached; it only goes up")


class Verificaciones(Base):
    __tablename__ = "verificaciones"
    __table_args__ = within("control")

    fecha_corte: Mapped[Day] = doc("business day", primary_key=True)
    verificacion: Mapped[Key] = doc("check: its file in include/sql/check", primary_key=True)
    correcta: Mapped[Flag] = doc("whether nothing was found")
    hallazgos: Mapped[Count] = doc("number of things found wrong")
    ejemplo: Mapped[Word | None] = doc("one of them")
    corrida: Mapped[Word] = doc("DAG run that checked")
