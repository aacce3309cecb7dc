"""From the raw tables of a feed to staging: its mapping is run, every row is typed and judged, rejected rows are quarantined with
their reason, and the days that changed are delivered.

All of it is a pure function of the raw tables. `crudo._<entity>` keeps the typed rows of an entity from run to run, each with its
`_estado`: null for accepted, below 0 for a row that adds nothing, above 0 for rejected, by the number of its defect. A run judges
the rows of new, changed and withdrawn files, and those that are judged together with them: they leave crudo._<entity> for
`_antes_<entity>`, and come as `_ahora_<entity>`. Where SELECTs or rules allow for no less, that is all rows. These are plain
tables, since parallel workers cannot read temporary ones.

    copies -> changes -> extent -> parts -> typed_rows -> absence -> judging -> counting -> quarantine -> delivering -> retention
        -> outcome
"""

import logging
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import cast

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from client360.ingest.contract import (
    changes,
    copies,
    counting,
    delivering,
    judging,
    outcome,
    parts,
    quarantine,
    retention,
    typed_rows,
)
from client360.ingest.contract.absence import TooManyAbsent
from client360.ingest.contract.changes import Changes
from client360.ingest.contract.extent import Extent
from client360.ingest.contract.parts import DependsOnOthers
from client360.ingest.contract.quarantine import TooManyRejected
from client360.ingest.contract.retention import TextGone
from client360.ingest.contract.rules import DEPENDENCY_ORDER
from client360.ingest.contract.statements import Context, work_table
from client360.ingest.feed_spec import FUNCTIONS, LEFT_OUT, Feed
from client360.warehouse import locks
from client360.warehouse.ownership import hold_warehouse, require_files_of
from client360.warehouse.statistics import refresh_statistics
from client360.warehouse.templates import compose

__all__ = ["TooManyAbsent", "TooManyRejected", "apply_contract"]

log = logging.getLogger(__name__)


def apply_contract(
    engine: Engine,
    feed: Feed,
    run: str,
    threshold: float,
    copied: Collection[str] = (),
    *,
    rebuild: bool = False,
    folder: Path | None = None,
) -> list[date]:
    """Bring staging, control.cargas, rechazos and lecturas, and dw.dim_provincia up to date with the raw tables, and record what
    the run did in control.recuentos and entradas; returns the days of which anything changed, which then wait in staging.
    `copied` are the paths of the files that the run has read. Where files, feed, threshold and rules are those of the last time,
    there is nothing to judge, unless it is to `rebuild`. Files whose text is needed, and kept no longer, are read again from the
    `folder`.

    All or nothing, except where more than `threshold` per cent of the rows of an entity are rejected: then rechazos, lecturas and
    the record are kept for people to read, all else is left as it was, and TooManyRejected is raised. Raises BadFeed where the
    mapping does not give rows of the contract, TooManyAbsent, TextGone where such a file is not in the folder, and OwnerReplaced.
    """
    refresh_statistics(engine)  # of the raw tables
    result = None
    while result is None:
        try:
            result = _apply(engine, feed, run, threshold, copied, rebuild=rebuild)
        except DependsOnOthers as error:
            log.warning("%s: all rows are judged again.", error)
            rebuild = True
        except TextGone as gone:
            if folder is None:
                raise
            retention.read_again(engine, feed, folder, gone.files, run)
    days, excess = result
    if excess:
        raise TooManyRejected(excess)
    return days


def _apply(
    engine: Engine, feed: Feed, run: str, threshold: float, copied: Collection[str], *, rebuild: bool
) -> tuple[list[date], str | None]:
    with engine.begin() as connection:
        hold_warehouse(connection, feed.owner)
        require_files_of(connection, feed.owner, copied)
        locks.feed(connection, shared=False)
        context = Context(connection, cast("psycopg.Cursor", connection.connection.cursor()), feed)
        copies.set_aside(context)
        changed = changes.find(context, threshold, rebuild=rebuild)
        if not changed.anything:
            log.info("Nothing has changed since rows were last judged.")
            outcome.record(context, run, loaded=True)
            return [], None
        _prepare(context, changed)
        extents, left_out = _judge_all(context, changed)
        quarantine.record(context, extents, run)
        excess = quarantine.excess(context, threshold)
        days = [] if excess else delivering.deliver(context, extents, run)
        if excess:
            changes.forget(context)
        else:
            changes.record(context, changed, threshold, run)
            retention.drop_text(context, changed, extents | {LEFT_OUT: left_out})
        outcome.record(context, run, loaded=not excess)
        parts.tidy_up(context, changed)
        context.execute("limpieza")
    return days, excess


def _prepare(context: Context, changed: Changes) -> None:
    """The settings of the transaction, the functions that mappings and rules call, and the work tables of all entities."""
    context.execute("parametros_de_sesion", bucles="off" if changed.everything else "on")
    for file in FUNCTIONS:
        context.cursor.execute(compose(file.read_text(encoding="utf-8"), {"zona": sql.Literal(context.feed.timezone)}))
    for step in ("funciones", "tablas_de_trabajo"):
        context.execute(step)
    if changed.everything or not context.any_rows(work_table("calendario")):
        context.execute("calendario")
    quarantine.number_defects(context)
    parts.require_columns(context)
    parts.prepare(context, changed)


def _judge_all(context: Context, changed: Changes) -> tuple[dict[str, Extent], Extent]:
    """Judge the rows of all entities, parents before children; returns how much of each was judged, and of what is left out."""
    extents, known_otherwise = dict[str, Extent](), set[str]()
    for entity in DEPENDENCY_ORDER:
        extent = typed_rows.create_table(context, entity, changed)
        if extent is Extent.NOTHING and not known_otherwise & judging.parents(entity):
            continue
        if judging.judge(context, entity, extent, known_otherwise):
            known_otherwise.add(entity)
        counting.count(context, entity, extent)
        counting.keep(context, entity, extent)
        extents[entity] = extent
    left_out = typed_rows.create_left_out_table(context, changed)
    if left_out is not Extent.NOTHING:
        judging.leave_out(context, left_out)
        counting.count(context, LEFT_OUT, left_out)
        counting.keep(context, LEFT_OUT, left_out)
    counting.bring_up_to_date(context)
    if changed.comparable:
        changes.compare(context)
    return extents, left_out
