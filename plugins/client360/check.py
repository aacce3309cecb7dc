"""The checks that stand between the warehouse and the export: one SQL file each in include/sql/check."""

from dataclasses import asdict, dataclass
from datetime import date

from psycopg.rows import dict_row
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert

from client360.folders import SQL
from client360.models import LANDING, Verificaciones


class CheckFailed(ValueError):
    """The warehouse is not as it should be; the message names every failed check, its findings and one example."""


@dataclass(frozen=True)
class Scope:
    """What a run answers for: its day and world, and the days it touched."""

    fecha: date
    inicio: date
    mundo: str
    desde: date
    hasta: date
    corrida: str


def check(engine: Engine, scope: Scope) -> int:
    """Run every check and leave the results in control.verificaciones; returns how many there are. Raises CheckFailed."""
    parameters = asdict(scope) | {"entidades": list(LANDING)}
    results = []
    with engine.begin() as connection:
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
                }
            )
        note = insert(Verificaciones).values(results)
        key = [Verificaciones.fecha_corte, Verificaciones.verificacion]
        rest = {name: note.excluded[name] for name in ("correcta", "hallazgos", "ejemplo", "corrida")}
        connection.execute(note.on_conflict_do_update(index_elements=key, set_=rest))
    failed = [
        f"{result['verificacion']}: {result['hallazgos']} found, for example {result['ejemplo']}"
        for result in results
        if not result["correcta"]
    ]
    if failed:
        raise CheckFailed(f"{len(failed)} of {len(results)} checks of {scope.fecha} failed. " + "; ".join(failed))
    return len(results)
