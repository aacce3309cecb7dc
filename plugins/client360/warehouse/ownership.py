"""Ownership: the warehouse holds the rows of one source at a time, a simulated world or a feed."""

import logging

from sqlalchemy import Connection, select, text, union

from client360.warehouse import locks
from client360.warehouse.models import Cargas, Entregas, tables
from client360.warehouse.raw_schema import drop_raw_tables

SIMULATED = "simulador"
"""How the names of simulated worlds begin."""

log = logging.getLogger(__name__)


class OwnedByAnother(ValueError):
    """The warehouse holds rows of another source, which are not replaced without `reemplazar`."""


class OwnerReplaced(ValueError):
    """Another run replaced the owner of the warehouse after this run planned its work."""


def claim_warehouse(connection: Connection, owner: str, *, replace: bool) -> None:
    """Make `owner` the owner: empty the warehouse of any other, and with `replace` of its own rows too.

    Another simulated world is replaced. Raises OwnedByAnother where rows that came from files would be, without `replace`.
    """
    locks.warehouse(connection, shared=False)
    held = union(select(Cargas.mundo), select(Entregas.mundo)).subquery()
    others = connection.scalars(select(held.c.mundo).where(held.c.mundo != owner)).all()
    for other in others:
        if not other.startswith(SIMULATED) and not replace:
            raise OwnedByAnother(
                f"the warehouse holds {other}, which the run would replace with {owner}: set reemplazar if you mean that"
            )
    if not others and not replace:
        return
    connection.execute(text(f"truncate {', '.join(table.fullname for table in tables())}"))
    drop_raw_tables(connection)
    log.warning("The warehouse gives up %s for %s.", ", ".join(others) or "all it held", owner)


def hold_warehouse(connection: Connection, owner: str) -> None:
    """Keep the ownership as it is until the transaction ends. Raises OwnerReplaced where `owner` no longer has it."""
    other = other_owner(connection, owner)
    if other:
        raise OwnerReplaced(f"the warehouse now holds {other}, which another run put there, not {owner}: run again")


def other_owner(connection: Connection, owner: str) -> str | None:
    """The other owner that the warehouse has, if it is not `owner`'s; the ownership stays so until the transaction ends."""
    locks.warehouse(connection, shared=True)
    return connection.scalar(select(Cargas.mundo).where(Cargas.mundo != owner).limit(1))
