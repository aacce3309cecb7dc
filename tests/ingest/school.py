"""A feed of people, for tests of how files reach their raw tables, and what is in the warehouse afterwards."""

from sqlalchemy import Engine, text

from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import Dialect, RawFile

PEOPLE = RawFile(name="people*.csv", dialect=Dialect())

HEADER = b"id,name,city\n"


def feed(**files: RawFile) -> Feed:
    return Feed("school", "AR", "ARS", 5, files or {"people": PEOPLE}, {}, "feed school")


def with_dialect(**dialect: object) -> Feed:
    return feed(people=RawFile(name="people*.csv", dialect=Dialect(**dialect)))


def query(warehouse: Engine, statement: str) -> list[tuple]:
    with warehouse.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def people(warehouse: Engine, columns: str = "_linea, id, name, city") -> list[tuple]:
    return query(warehouse, f"select {columns} from crudo.people order by _archivo, _linea")


def rejected(warehouse: Engine, columns: str = "linea, motivo, detalle, texto") -> list[tuple]:
    return query(warehouse, f"select {columns} from control.rechazos order by archivo, linea")


def counts(warehouse: Engine) -> dict[str, tuple[int, int]]:
    return {row[0]: row[1:] for row in query(warehouse, "select archivo, lineas, leidas from control.entregas")}


def everything(warehouse: Engine) -> list:
    there = query(
        warehouse,
        "select relname from pg_class where relnamespace = 'crudo'::regnamespace and relkind in ('r', 'v') order by 1",
    )
    tables = ["control.entregas", "control.rechazos", *(f"crudo.{name}" for (name,) in there)]
    return [there, *(sorted(query(warehouse, f"select * from {name}"), key=str) for name in tables)]
