"""How well checks that warn notice what no quarantine can: days that are corrupted as a whole, and unit prices times ten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from rich.table import Table
from sqlalchemy import Connection, text

from client360.simulate.corrupt.corrupted_world import FILES
from client360.simulate.corrupt.days import CorruptedDay
from client360.simulate.corrupt.defects import defects
from client360.simulate.corrupt.ledger import read_ledgers
from client360.warehouse.models.control import MEDIDAS

ROWS = 15
"""What an entity usually has on a day to judge its volume, at least."""
JUDGED = text(
    "select entidad, fecha from control.usual_measures('filas', :days) where comparados >= 8 and mediana >= :rows"
)
NOTICED = text(
    "select distinct noticed.entidad, noticed.fecha from unnest(cast(:measures as text[])) as measure "
    "cross join lateral control.unusual_measures(measure, :days) as noticed "
    "union select entidad, fecha from control.new_spellings(:days)"
)

PRICED = text(
    "select coalesce(dw.es_otro_precio(linea.precio_unitario, producto.precio), false) from dw.hecho_ventas as linea "
    "left join dw.dim_producto as producto on linea.producto_id = producto.producto_id "
    "and dw.vigente(producto.vigente_desde, producto.vigente_hasta, linea.fecha) "
    "where linea.venta_id = :order and linea.linea = :line and linea.fecha <= :last"
)

EntityDay = tuple[str, date]


@dataclass
class WarningGrade:
    """The grade of one kind of defect."""

    kind: str
    injected: int = 0
    judged: int = 0
    """Of these, days of an entity with a history that is long enough and of enough rows; lines that were accepted."""
    noticed: int = 0
    missed: list[tuple] = field(default_factory=list)
    """What was judged and not noticed: entity and day, order and line."""

    @property
    def recall(self) -> float | None:
        return self.noticed / self.judged if self.judged else None


def judged_days(connection: Connection, days: Sequence[date]) -> set[EntityDay]:
    """The entities and days with a history that is long enough and of enough rows."""
    return set(map(tuple, connection.execute(JUDGED, {"days": list(days), "rows": ROWS})))


def noticed_days(connection: Connection, days: Sequence[date]) -> set[EntityDay]:
    """The entities and days of which a monitor warns."""
    return set(map(tuple, connection.execute(NOTICED, {"days": list(days), "measures": list(MEDIDAS)})))


def grade_days(connection: Connection, corrupted: Iterable[CorruptedDay], days: Sequence[date]) -> list[WarningGrade]:
    """The grades of the monitors by kind of defect, of the corrupted days among these."""
    judged, noticed = judged_days(connection, days), noticed_days(connection, days)
    grades = {kind: WarningGrade(kind) for kind in defects().days.kinds}
    for entity, text_of_day, kind, _ in corrupted:
        day, grade = date.fromisoformat(text_of_day), grades[kind]
        if day not in days:
            continue
        grade.injected += 1
        if (entity, day) in judged:
            grade.judged += 1
            # rows that are dated a day later are missing on one day, and too many on the next
            if {(entity, day), (entity, day + timedelta(kind == "dia_corrido"))} & noticed:
                grade.noticed += 1
            else:
                grade.missed.append((entity, day))
    return [grade for grade in grades.values() if grade.injected]


def grade_prices(connection: Connection, folder: Path, last: date) -> WarningGrade:
    """The grade of the check of list prices, of the unit prices times ten in the files of a corrupted world up to a day."""
    grade = WarningGrade("por_diez de precio_unitario")
    lines = dict[str, list[bytes]]()
    for row in read_ledgers(folder):
        if (row.defect, row.column) != ("por_diez", "precio_unitario"):
            continue
        if row.file not in lines:
            lines[row.file] = (folder / FILES / row.file).read_bytes().split(b"\n")
        grade.injected += 1
        order, line, *_ = lines[row.file][row.line - 1].decode().split(",")
        found = connection.scalar(PRICED, {"order": order, "line": int(line), "last": last})
        if found is not None:
            grade.judged += 1
            grade.noticed += found
            grade.missed += [] if found else [(order, int(line))]
    return grade


def table(grades: Sequence[WarningGrade]) -> Table:
    """The grades as a table for the console."""
    drawn = Table(box=None, pad_edge=False, collapse_padding=True)
    drawn.add_column("warned of", no_wrap=True)
    for name in ("broken", "judged", "noticed", "recall"):
        drawn.add_column(name, justify="right", no_wrap=True)
    for one in grades:
        figures = (f"{figure:,}" for figure in (one.injected, one.judged, one.noticed))
        drawn.add_row(one.kind, *figures, "" if one.recall is None else f"{one.recall:.1%}")
    return drawn
