"""From the raw tables of a feed to staging: its mapping is run, every row is typed and judged, rejected rows are quarantined with
their reason, and the days that changed are delivered.

All of it is a pure function of the raw tables. During the transaction `crudo._<entity>` holds the typed rows of an entity, each
with its `_estado`: null for accepted, below 0 for a row that adds nothing, above 0 for rejected, by the number of its defect.
These are plain tables, since parallel workers cannot read temporary ones.

    inputs -> copies -> rules -> typed_rows -> judging -> quarantine -> delivering
"""

import logging
from collections.abc import Collection
from datetime import date
from typing import cast

import psycopg
from sqlalchemy import Engine

from client360.ingest.contract import copies, delivering, inputs, judging, quarantine, typed_rows
from client360.ingest.contract.quarantine import TooManyRejected
from client360.ingest.contract.rules import DEPENDENCY_ORDER
from client360.ingest.contract.statements import Context
from client360.ingest.feed_spec import FEEDS, Feed
from client360.warehouse import locks
from client360.warehouse.ownership import hold_warehouse, require_files_of
from client360.warehouse.statistics import refresh_statistics

__all__ = ["TooManyRejected", "apply_contract"]

log = logging.getLogger(__name__)


def apply_contract(
    engine: Engine, feed: Feed, run: str, threshold: float, copied: Collection[str] = (), *, rebuild: bool = False
) -> list[date]:
    """Bring staging, control.cargas, rechazos and lecturas, and dw.dim_provincia up to date with the raw tables; returns the
    days of which anything changed, which then wait in staging. `copied` are the paths of the files that the run has read. Where
    files, feed, threshold and rules are those of the last time, there is nothing to do, unless it is to `rebuild`.

    All or nothing, except where more than `threshold` per cent of the rows of an entity are rejected: then rechazos and lecturas
    are kept for people to read, all else is left as it was, and TooManyRejected is raised. Raises BadFeed where the mapping does
    not give rows of the contract, and OwnerReplaced.
    """
    refresh_statistics(engine)  # of the raw tables
    with engine.begin() as connection:
        hold_warehouse(connection, feed.owner)
        require_files_of(connection, feed.owner, copied)
        locks.feed(connection)
        context = Context(connection, cast("psycopg.Cursor", connection.connection.cursor()), feed)
        before = None if rebuild else inputs.applied_by(context, threshold)
        if before:
            log.info("Nothing has changed since run %s judged all rows.", before)
            return []
        _prepare(context)
        copies.set_aside(context)
        for entity in DEPENDENCY_ORDER:
            typed_rows.create_table(context, entity)
            judging.judge(context, entity)
        typed_rows.create_left_out_table(context)
        judging.count_left_out(context)
        quarantine.record(context, run)
        excess = quarantine.excess(context, threshold)
        days = [] if excess else delivering.deliver(context, run)
        if not excess:
            inputs.record(context, threshold, run)
        delivering.drop_work_tables(context)
    if excess:
        raise TooManyRejected(excess)
    return days


def _prepare(context: Context) -> None:
    """The settings of the transaction, the functions that mappings and rules call, and the work tables of all entities."""
    context.execute("parametros_de_sesion")
    context.cursor.execute((FEEDS / "functions.sql").read_text(encoding="utf-8"))
    for step in ("funciones", "tablas_de_trabajo", "calendario"):
        context.execute(step)
    quarantine.number_defects(context)
