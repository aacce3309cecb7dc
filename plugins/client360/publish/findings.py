"""What people should know of a run that has ended well: by entity, check and count. Nothing here names a value of a row."""

from datetime import date

from sqlalchemy import Engine

from client360.folders import SQL

ALERT = SQL / "alert"


def new_warnings(engine: Engine, day: date, run: str) -> list[str]:
    """The checks that warned in the run, with their counts, but those that found the same on the day before."""
    return [
        f"{check}: {count:,} found" for check, count in _rows(engine, "advertencias", {"fecha": day, "corrida": run})
    ]


def rejected_beyond(engine: Engine, run: str, percent: float) -> list[str]:
    """The entities of which the run rejected more than so many per cent of the rows that it read, with their counts."""
    found = _rows(engine, "rechazadas", {"corrida": run, "umbral": percent})
    return [f"{entity}: {rejected:,} of {rows:,} rows" for entity, rejected, rows in found]


def _rows(engine: Engine, name: str, parameters: dict[str, object]) -> list[tuple]:
    statement = (ALERT / f"{name}.sql").read_text(encoding="utf-8")
    with engine.begin() as connection:
        return connection.connection.cursor().execute(statement, parameters).fetchall()
