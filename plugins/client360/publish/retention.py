"""Retention: what a run removes at its end, if it is asked to: old published days, and landing files that are loaded.

The last published day of a month always stays. So does for a day, whatever its age, what was just checked or written: who asked
for an old day finds it, and no run loses what it is about to load or to export.
"""

import logging
import time
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, delete, func, or_, select, text
from sqlalchemy.exc import OperationalError

from client360.files import ABANDONED
from client360.publish import made_files
from client360.publish.export import PUBLISHED_DAYS
from client360.publish.made_files import MadeFiles
from client360.warehouse import locks
from client360.warehouse.models import EXPORTED, Cortes, Verificaciones
from client360.warehouse.ownership import hold_warehouse
from client360.warehouse.statistics import refresh_statistics

GRACE = timedelta(seconds=ABANDONED)
"""How long what was checked or written stays in any case."""
PATIENCE = "2s"
"""How long a month that somebody reads or computes is waited for. Who comes to read it meanwhile waits too."""
SETTLED = or_(Verificaciones.momento.is_(None), Verificaciones.momento < func.now() - GRACE)
CHECKED_DAYS = select(Verificaciones.fecha_corte).distinct()
REMOVE = text("select filas, bytes from control.remove_days(cast(:table as regclass), :days)")

log = logging.getLogger(__name__)


def remove_published_days(engine: Engine, owner: str, data: Path, months: int) -> list[date]:
    """Remove the published days of the owner that are kept no longer, rows and files, and days of then that failed; returns them.

    Days are kept daily in the month of the newest one and `months` before it; of 0, all are kept. Raises OwnerReplaced and
    CannotRemove.
    """
    with engine.begin() as connection:
        hold_warehouse(connection, owner)
        published = list(connection.scalars(PUBLISHED_DAYS))
        checked, settled = (set(connection.scalars(query)) for query in (CHECKED_DAYS, CHECKED_DAYS.where(SETTLED)))
    if not months or not published:
        log.info("No published day is removed: conservar is %s, and %s days are published.", months, len(published))
        return []
    since = first_daily(max(published), months)
    if spared := overdue(checked - settled, published, since):
        log.warning(
            "%s to %s: %s days from before %s were run within a day, and stay so long; then a run removes them.",
            *(spared[0], spared[-1], len(spared), since),
        )
    removed = set[date]()
    for _, days in groupby(overdue(settled, published, since), lambda day: day.replace(day=1)):
        removed |= _remove_rows(engine, owner, list(days))
    removed |= _remove_folders(engine, owner, data, since)
    if removed:
        refresh_statistics(engine)
    else:
        log.info(
            "No published day is to be removed: from %s on all are kept, before that the last of each month.", since
        )
    return sorted(removed)


def remove_landing_files(
    engine: Engine, owner: str, data: Path, loaded: Collection[date], age: timedelta = GRACE, *, apply: bool = True
) -> None:
    """Remove the landing files of the owner all of whose days are loaded, and that were not written to for that time, a day at
    least; without `apply`, only say which. Raises OwnerReplaced and CannotRemove."""
    with engine.begin() as connection:
        _hold(connection, owner)
        gone = [
            each
            for each in made_files.landed(data)
            if each.owner == owner
            and each.range
            and set(each.range.days()) <= set(loaded)
            and not _is_new(each, max(age, GRACE))
        ]
        if apply:
            _remove_files(gone)
        else:
            for line in made_files.listed(gone):
                log.warning("would be removed: %s", line)
    if not gone:
        log.info("No landing file is to be removed.")


def first_daily(newest: date, months: int) -> date:
    """The first day from which on all are kept: that of the month so many months before the newest day's."""
    month = newest.year * 12 + newest.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def overdue(days: Iterable[date], staying: Iterable[date], since: date) -> list[date]:
    """Those of the days before `since` after which their month has another one of `staying`, in order."""
    last = {day.replace(day=1): day for day in sorted(staying)}
    return [day for day in sorted(days) if day < since and day < last.get(day.replace(day=1), day)]


def _hold(connection: Connection, owner: str) -> None:
    """Until the transaction ends no other run publishes or removes, and the owner stays. Raises OwnerReplaced."""
    hold_warehouse(connection, owner)
    locks.export(connection)


def _remove_rows(engine: Engine, owner: str, days: list[date]) -> set[date]:
    """Remove the rows of days of one month; returns the days whose rows are gone: all, or none if somebody is at the month."""
    try:
        with engine.begin() as connection:
            _hold(connection, owner)
            connection.execute(select(func.set_config("lock_timeout", PATIENCE, True)))
            # who computes a day anew deletes its checks first: that day is waited for, and then not among those that are gone
            which = delete(Verificaciones).where(Verificaciones.fecha_corte.in_(days), SETTLED)
            gone = sorted(set(connection.scalars(which.returning(Verificaciones.fecha_corte))))
            if not gone:
                return set()
            connection.execute(delete(Cortes).where(Cortes.fecha_corte.in_(gone)))
            found = [
                connection.execute(REMOVE, {"table": model.table().fullname, "days": gone}).one()
                for model in EXPORTED.values()
            ]
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        log.warning(
            "%s to %s: %s days stay for now, since somebody reads or computes days of that month; the next run removes them.",
            *(days[0], days[-1], len(days)),
        )
        return set()
    rows, freed = sum(each.filas for each in found), sum(each.bytes for each in found)
    log.warning(
        "removed: mart: %s to %s, %s days, %s rows, %s bytes", gone[0], gone[-1], len(gone), f"{rows:,}", f"{freed:,}"
    )
    return set(gone)


def _remove_folders(engine: Engine, owner: str, data: Path, since: date) -> set[date]:
    """Remove the folders of days that are overdue among those there are, unless the warehouse still has the day."""
    gone: dict[date, list[MadeFiles]] = {}
    with engine.begin() as connection:
        _hold(connection, owner)
        checked = set(connection.scalars(CHECKED_DAYS))
        mine = [each for each in made_files.published(data) if each.owner == owner and each.range]
        for _, group in groupby(mine, lambda each: each.place):
            folders = {each.range.first: each for each in group if each.range}
            for day in overdue(folders.keys() - checked, folders, since):
                gone.setdefault(day, []).append(folders[day])
        _remove_files([each for day in sorted(gone) for each in gone[day]])
    return set(gone)


def _remove_files(gone: Collection[MadeFiles]) -> None:
    in_places = sorted(gone, key=lambda each: (each.place, each.days))
    said = list(made_files.listed(in_places))
    made_files.remove(in_places)
    for line in said:
        log.warning("removed: %s", line)


def _is_new(made: MadeFiles, age: timedelta) -> bool:
    return max(path.stat().st_mtime for path in made.files) > time.time() - age.total_seconds()
