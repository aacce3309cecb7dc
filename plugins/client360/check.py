"""The checks that stand between the warehouse and the export: one SQL file each in include/sql/check.

Their examples name orders, products, campaigns and days. They name no customer, whose key is a document or an e-mail address
in some people's files, and quote no other value.
"""

from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import date

from psycopg.rows import dict_row
from sqlalchemy import Engine, delete, insert

from client360.folders import SQL
from client360.models import LANDING, Verificaciones
from client360.worlds import hold_world


class CheckFailed(ValueError):
    """The warehouse is not as it should be; the message names every failed check, its findings and one example."""


@dataclass(frozen=True)
class Scope:
    """What a run answers for: its day and world, and the days it touched."""

    fecha: date
    inicio: date
    mundo: str
    corrida: str
    dias: list[date]


def check(engine: Engine, scope: Scope) -> int:
    """Run every check and leave the results in control.verificaciones; returns how many there are.

    Raises CheckFailed, and WorldReplaced.
    """
    parameters = asdict(scope) | {
        "entidades": list(LANDING),
        "ultimas_capas": [model.last_layer for model in LANDING.values()],
        "dias_de_los_meses": _whole_months(scope.dias),
    }
    results = []
    with engine.begin() as connection:
        hold_world(connection, scope.mundo)
        cursor = connection.connection.cursor(row_factory=dict_row)
        for file in sorted((SQL / "check").glob("*.sql")):
            found = cursor.execute(file.read_text(encoding="utf-8"), parameters).fetchone()
            results.append(
                {
                    "fecha_corte": scope.fecha,
                    "verificacion": file.stem,
                    "correcta": found["hallazgos"] == 0,
                    "hallazgos": found["hallazgos"],
                    "ejemplo": found["ejemplo"],
                    "corrida": scope.corrida,
                    "detiene": True,
                }
            )
        connection.execute(delete(Verificaciones).where(Verificaciones.fecha_corte == scope.fecha))
        connection.execute(insert(Verificaciones), results)
    failed = [
        f"{result['verificacion']}: {result['hallazgos']} found, for example {result['ejemplo']}"
        for result in results
        if not result["correcta"]
    ]
    if failed:
        raise CheckFailed(f"{len(failed)} of {len(results)} checks of {scope.fecha} failed. " + "; ".join(failed))
    return len(results)


def _whole_months(days: list[date]) -> list[date]:
    """All days of the months that the days lie in."""
    months = {(day.year, day.month) for day in days}
    return [date(*month, day) for month in sorted(months) for day in range(1, monthrange(*month)[1] + 1)]
