"""What has changed since rows were last judged: files, or that by which they are judged."""

import logging
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from psycopg import sql
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from client360.folders import SQL
from client360.ingest.contract import rules
from client360.ingest.contract.statements import STATEMENTS, Context, work_table
from client360.ingest.feed_spec import FUNCTIONS
from client360.ingest.raw_tables import columns_of
from client360.simulate import facts
from client360.warehouse import models
from client360.warehouse.models import Contratos

log = logging.getLogger(__name__)

RULES = (
    Path(__file__).parent,
    Path(models.__file__).parent,
    facts.WORLD_YAML,
    STATEMENTS,
    SQL / "functions",
    *FUNCTIONS,
)
"""The code that decides what becomes of a row. world.yaml lists the provinces."""


@dataclass(frozen=True)
class Changes:
    """What a run judges."""

    everything: bool
    """Whether all rows are judged anew: nothing is left of before, or the rules have changed."""
    deliveries: list[int]
    """The numbers of new, changed and withdrawn deliveries; of all, for everything."""
    kinds: frozenset[str]
    """Their kinds of files."""
    anything: bool
    """Whether there is anything to do: else the last run judged the same files by the same rules and threshold."""
    rules: str
    """The hash of what all rows are judged by."""
    comparable: bool
    """Whether everything, judged anew, has to come out as it was: nothing has changed but that it is to be judged."""


def find(context: Context, threshold: float, *, rebuild: bool) -> Changes:
    """Compare files and rules with those of the last time, or with nothing, to `rebuild`."""
    applied = context.connection.execute(
        select(Contratos.__table__).where(Contratos.mundo == context.feed.owner)
    ).first()
    judged_by = _hash(context)
    left = applied is not None and applied.huella == judged_by and _anything_left(context)
    found = context.execute("entregas_cambiadas").fetchall() if left else []
    everything, comparable = rebuild or not left, rebuild and left and not found
    if everything:
        if comparable:
            context.execute("resumen_de_antes")
        known = sql.SQL(", ").join(work_table(f"conocidos_{entity}") for entity in rules.REFERENCED)
        context.execute("tablas_vacias", conocidos=known)
        found = context.execute("entregas_cambiadas").fetchall()
    return Changes(
        everything=everything,
        deliveries=[delivery for delivery, _, _ in found],
        kinds=frozenset(kind for _, _, kind in found),
        anything=everything or bool(found) or applied is None or applied.umbral != threshold,
        rules=judged_by,
        comparable=comparable,
    )


def compare(context: Context) -> None:
    """Warn of the entities whose rows, judged anew, are not those that were kept."""
    for (entity,) in context.execute("resumen_distinto").fetchall():
        log.warning(
            "%s was not up to date: its rows, all judged again, are others than those that were kept. Is what feed.yaml says of "
            "rows that belong together right?",
            entity,
        )


def record(context: Context, changes: Changes, threshold: float, run: str) -> None:
    """Record what the rows were judged by, as it was when the run began to."""
    context.execute("entregas_juzgadas")
    applied = {"huella": changes.rules, "umbral": threshold, "corrida": run}
    entry = insert(Contratos).values(mundo=context.feed.owner, **applied)
    context.connection.execute(entry.on_conflict_do_update(index_elements=[Contratos.mundo], set_=applied))


def forget(context: Context) -> None:
    """Let the next run judge everything."""
    context.connection.execute(delete(Contratos).where(Contratos.mundo == context.feed.owner))


def _anything_left(context: Context) -> bool:
    """Whether the rows of the last time are there: a crash of the server, or a restore, empties what is unlogged."""
    return context.has("juzgadas") and context.any_rows(work_table("juzgadas"))


def _hash(context: Context) -> str:
    """Of the rules, the feed, and the kinds of files that have come, with their columns: a SELECT gives nothing until all that it
    reads have come, and may give each row as a whole."""
    come = {kind: columns_of(context.connection, kind) for kind in context.raw_tables()}
    return sha256(f"{_rules()} {context.feed.version} {come}".encode()).hexdigest()


@cache
def _rules() -> str:
    digest = sha256()
    for place in RULES:
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.suffix in (".py", ".sql", ".yaml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()
