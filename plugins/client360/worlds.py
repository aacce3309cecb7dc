"""Whose rows the warehouse holds: one world, or one feed, at a time."""

import logging

from sqlalchemy import Connection, select, text, union

from client360 import locks
from client360.models import Cargas, Entregas, tables

SIMULATED = "simulador"
"""How the names of simulated worlds begin."""

log = logging.getLogger(__name__)


class WorldTaken(ValueError):
    """The warehouse holds rows that must not give way."""


class WorldReplaced(ValueError):
    """Another run has given the warehouse to another world since this run planned its work."""


def make_way(connection: Connection, world: str, *, replace: bool) -> None:
    """Empty the warehouse of other worlds, or (`replace`) of everything.

    Another simulated world gives way; rows that came from files do not, unless asked to: raises WorldTaken.
    """
    from client360.feeds import raw  # it holds the world too

    locks.world(connection, shared=False)
    held = union(select(Cargas.mundo), select(Entregas.mundo)).subquery()
    others = connection.scalars(select(held.c.mundo).where(held.c.mundo != world)).all()
    for other in others:
        if not other.startswith(SIMULATED) and not replace:
            raise WorldTaken(
                f"the warehouse holds {other}, which the run would replace with {world}: set reemplazar if you mean that"
            )
    if not others and not replace:
        return
    connection.execute(text(f"truncate {', '.join(table.fullname for table in tables())}"))
    raw.forget(connection)
    log.warning("The warehouse gives up %s for %s.", ", ".join(others) or "all it held", world)


def hold_world(connection: Connection, world: str) -> None:
    """Keep the warehouse from being given to another world until the transaction ends. Raises WorldReplaced."""
    locks.world(connection, shared=True)
    other = connection.scalar(select(Cargas.mundo).where(Cargas.mundo != world).limit(1))
    if other:
        raise WorldReplaced(f"the warehouse now holds {other}, which another run put there, not {world}: run again")
