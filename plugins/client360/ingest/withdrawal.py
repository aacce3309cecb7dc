"""Withdraws a file of a feed, as if it had never come."""

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, insert, select, union

from client360.ingest.content import locate
from client360.ingest.feed_spec import OWNER, BadFeed, read_feed
from client360.ingest.raw_file import composed
from client360.ingest.raw_tables import delete_rows, drop_raw_table
from client360.warehouse import locks
from client360.warehouse.models import Cargas, Contratos, Entradas, Entregas, Lecturas, Rechazos, Retiros


class NotWithdrawn(ValueError):
    """A file that can not be withdrawn; the message says why, and what to do."""


@dataclass(frozen=True)
class Withdrawn:
    """A file that was withdrawn."""

    path: str
    owner: str
    lines: int
    """Its lines, rejected ones included."""
    copies: list[str]
    """The files that were copies of it, the first of which counts from now on."""


def withdraw(engine: Engine, path: str) -> Withdrawn:
    """Remove what the warehouse holds of a file: its raw rows, and its records in control. control.retiros notes that it is gone.

    All or nothing. The next run finds the days whose rows have changed, as it does after a correction. Waits until no run is
    writing. Raises NotWithdrawn where the warehouse holds a simulated world, no file of that path was read, or the next run
    would read it again.
    """
    with engine.begin() as connection:
        locks.warehouse(connection, shared=False)
        _refuse_simulated(connection)
        known = _known_path(connection, path)
        delivery = connection.execute(select(Entregas.__table__).where(Entregas.archivo == known)).one()
        _refuse_present(connection, delivery.mundo, known)
        for model in (Entregas, Lecturas, Rechazos):
            connection.execute(delete(model).where(model.archivo == known))
        gone = {"archivo": known, "momento": func.now(), "mundo": delivery.mundo, "lineas": delivery.lineas}
        connection.execute(insert(Retiros).values(**gone))
        if _has_groups(delivery.mundo):
            connection.execute(delete(Contratos))  # no run can tell which groups lost a row
        of_kind = select(func.count()).select_from(Entregas).where(Entregas.tabla == delivery.tabla)
        if connection.scalar(of_kind):
            delete_rows(connection, delivery.tabla, delivery.entrega)
        else:
            drop_raw_table(connection, delivery.tabla)
        copies = select(Entregas.archivo).where(Entregas.copia_de == known).order_by(Entregas.archivo)
        return Withdrawn(known, delivery.mundo, delivery.lineas, list(connection.scalars(copies)))


def _has_groups(owner: str) -> bool:
    """Whether rows of the feed belong together in groups, as far as is known."""
    try:
        return bool(read_feed(owner.removeprefix(OWNER)).together)
    except BadFeed:
        return True


def _refuse_simulated(connection: Connection) -> None:
    owners = union(select(Cargas.mundo), select(Entregas.mundo)).subquery()
    simulated = connection.scalar(select(owners.c.mundo).where(~owners.c.mundo.startswith(OWNER)).limit(1))
    if simulated:
        raise NotWithdrawn(f"the warehouse holds {simulated}: only files of a feed can be withdrawn")


def _known_path(connection: Connection, path: str) -> str:
    """The path as control.entregas has it, however its accents are written."""
    known = list(connection.scalars(select(Entregas.archivo).order_by(Entregas.archivo)))
    same = [each for each in known if each == path] or [each for each in known if composed(each) == composed(path)]
    if len(same) == 1:
        return same[0]
    near = _similar(path, known)
    hint = f"is it {' or '.join(near)}?" if near else 'make psql SQL="select archivo from control.entregas" lists them'
    raise NotWithdrawn(f"file is {path!r}: no run has read such a file below its folder; {hint}")


def _similar(path: str, known: list[str]) -> list[str]:
    """The paths whose files have the most similar names, in whatever folder, the most similar first."""
    names = {each: _name(each) for each in known}
    near = get_close_matches(_name(path), set(names.values()))
    return sorted((each for each in known if names[each] in near), key=lambda each: near.index(names[each]))[:3]


def _name(path: str) -> str:
    return composed(path.rsplit("/", 1)[-1]).lower()


def _refuse_present(connection: Connection, owner: str, path: str) -> None:
    newest = select(Entradas.carpeta).where(Entradas.mundo == owner).order_by(Entradas.momento.desc()).limit(1)
    folder = connection.scalar(newest)
    if folder is not None and os.access(locate(Path(folder), path)[0], os.F_OK):
        raise NotWithdrawn(
            f"{path} is still in {folder}, so that the next run would read it again: move it away, then withdraw it"
        )
