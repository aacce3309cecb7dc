"""Ownership: the warehouse holds the rows of one source at a time, a simulated world or a feed."""

from collections.abc import Collection

from sqlalchemy import Connection, select, union

from client360.warehouse import locks
from client360.warehouse.models import Base, Cargas, Entregas, Olvidados
from client360.warehouse.raw_schema import drop_raw_tables


class OwnedByAnother(ValueError):
    """The warehouse holds rows of another source, which are replaced with `reemplazar` only."""


class OwnerReplaced(ValueError):
    """Another run replaced the owner of the warehouse after this run planned its work."""


def claim_warehouse(connection: Connection, owner: str, *, replace: bool) -> bool:
    """Make `owner` the owner; returns whether what the warehouse holds has to give way to a replacement first.

    A source holds the warehouse with its first accepted row; what is left of those that loaded none is deleted. Raises
    OwnedByAnother where rows of another source would have to give way without `replace`.
    """
    locks.warehouse(connection, shared=False)
    held = owners(connection)
    if held and replace:
        return True
    others = [other for other in held if other != owner]
    if others:
        raise OwnedByAnother(
            f"the warehouse holds {', '.join(others)}, and this run asks for {owner}: to replace it, run with reemplazar "
            "(make: REEMPLAZAR=1); to keep it, ask for it again, in the defaults of the schedule too (CLIENT360_...)"
        )
    traces = union(select(Cargas.mundo), select(Entregas.mundo)).subquery()
    if replace or connection.scalar(select(traces.c.mundo).where(traces.c.mundo != owner).limit(1)):
        for table in reversed(Base.metadata.sorted_tables):
            if table is not Olvidados.table():  # nobody comes back because another source does
                connection.execute(table.delete())
        drop_raw_tables(connection)
    return False


def owners(connection: Connection) -> list[str]:
    """The sources, by name, whose accepted rows the warehouse holds: one or none, but for what an older version left."""
    query = select(Cargas.mundo).where(Cargas.filas > 0).distinct().order_by(Cargas.mundo)
    return list(connection.scalars(query))


def hold_warehouse(connection: Connection, owner: str) -> None:
    """Keep the ownership as it is until the transaction ends. Raises OwnerReplaced where `owner` no longer has it."""
    other = other_owner(connection, owner)
    if other:
        raise OwnerReplaced(f"the warehouse now holds {other}, which another run put there, not {owner}: run again")


def require_files_of(connection: Connection, owner: str, files: Collection[str]) -> None:
    """Raises OwnerReplaced where another source claimed the warehouse after these files were read, and removed their rows."""
    there = set(connection.scalars(select(Entregas.archivo).where(Entregas.mundo == owner)))
    gone = sorted(set(files) - there)
    if gone:
        raise OwnerReplaced(
            f"of the files that this run has read {len(gone)} are gone, for example {gone[0]}, since a run of another source "
            "has claimed the warehouse, or they were withdrawn: run again"
        )


def other_owner(connection: Connection, owner: str) -> str | None:
    """The other owner that the warehouse has, if it is not `owner`'s; the ownership stays so until the transaction ends."""
    locks.warehouse(connection, shared=True)
    return connection.scalar(select(Cargas.mundo).where(Cargas.mundo != owner).limit(1))
