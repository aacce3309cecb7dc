"""What the result of the contract depends on, as one hash: while it stays the same, there is nothing to judge."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from client360.folders import SQL
from client360.ingest.contract.statements import STATEMENTS, Context
from client360.ingest.feed_spec import FEEDS
from client360.simulate import facts
from client360.warehouse import models
from client360.warehouse.models import Contratos, Entregas

RULES = (
    Path(__file__).parent,
    Path(models.__file__).parent,
    Path(facts.__file__).parent / "world.yaml",
    STATEMENTS,
    SQL / "functions",
    FEEDS / "functions.sql",
)
"""The code that decides what becomes of a row. world.yaml lists the provinces."""


def applied_by(context: Context, threshold: float) -> str | None:
    """The run that applied the contract to these deliveries, with this feed, threshold and these rules, if that was the last
    time it was applied."""
    there = Contratos.mundo == context.feed.owner, Contratos.huella == _hash(context, threshold)
    return context.connection.scalar(select(Contratos.corrida).where(*there))


def record(context: Context, threshold: float, run: str) -> None:
    """Record what the contract was applied to."""
    applied = {"huella": _hash(context, threshold), "corrida": run}
    entry = insert(Contratos).values(mundo=context.feed.owner, **applied)
    context.connection.execute(entry.on_conflict_do_update(index_elements=[Contratos.mundo], set_=applied))


def _hash(context: Context, threshold: float) -> str:
    digest = sha256(f"{_rules()} {context.feed.version} {threshold}".encode())
    columns = (
        Entregas.archivo,
        Entregas.tabla,
        Entregas.fecha_archivo,
        Entregas.sha256,
        Entregas.lectura,
    )
    for row in context.connection.execute(select(*columns).order_by(Entregas.archivo)):
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


@cache
def _rules() -> str:
    digest = sha256()
    for place in RULES:
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.suffix in (".py", ".sql", ".yaml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()
