"""How long the text of files is kept: the `retain` of feed.yaml. Judged rows stay. Files are read again where lines have to be
judged whose text is gone.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, select

from client360.ingest.contract.changes import Changes
from client360.ingest.contract.extent import Extent, kinds_read
from client360.ingest.contract.statements import Context
from client360.ingest.deliveries import find_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.file_names import SHOWN
from client360.ingest.raw_load import load_raw_files
from client360.ingest.raw_tables import delete_rows
from client360.warehouse.models import Entregas

log = logging.getLogger(__name__)


class TextGone(ValueError):
    """Lines have to be judged whose text the warehouse keeps no longer."""

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__(
            f"{len(files):,} files have to be judged again, and their text is kept no longer (retain, in feed.yaml): put "
            f"{_named(files)} back into the folder, from where they are read again"
        )
        self.files = files


def require_text(context: Context, changes: Changes, extent: Extent) -> None:
    """Raises TextGone where lines have to be judged whose text is kept no longer: those of all files, or of changed ones."""
    gone = select(Entregas.archivo).where(Entregas.mundo == context.feed.owner, Entregas.sin_texto)
    if extent is not Extent.WHOLE:
        gone = gone.where(Entregas.entrega.in_(changes.deliveries))
    files = context.connection.scalars(gone.order_by(Entregas.archivo)).all()
    if files:
        raise TextGone(files)


def read_again(engine: Engine, feed: Feed, folder: Path, files: Sequence[str], run: str) -> None:
    """Load these files once more. Raises TextGone where one is no longer in the folder, and as load_raw_files does."""
    there = {delivery.path: delivery for delivery in find_deliveries(feed, folder)}
    missing = [path for path in files if path not in there]
    if missing:
        raise TextGone(missing)
    log.warning("%s files are read again, since their lines have to be judged and their text was not kept.", len(files))
    load_raw_files(engine, feed, folder, [there[path] for path in files], run)


def drop_text(context: Context, changes: Changes, extents: dict[str, Extent]) -> None:
    """Delete the raw rows of files that are older than their kind is kept: once a run has shown that each SELECT that reads them
    needs the text of changed files only."""
    for kind, file in context.feed.files.items():
        if file.days_kept is None or kind not in changes.kinds or changes.everything:
            continue
        whole = (name for name, extent in extents.items() if extent is Extent.WHOLE)
        if needs_all := next((name for name in whole if kind in kinds_read(context, name)), None):
            log.warning("All text of %s is kept: %s had to read all of it.", kind, context.mapping_file(needs_all))
            continue
        for (delivery,) in context.execute("textos_vencidos", tabla=kind, dias=file.days_kept).fetchall():
            delete_rows(context.connection, kind, delivery)


def _named(files: Sequence[str]) -> str:
    return ", ".join(files[:SHOWN]) + (f" and {len(files) - SHOWN:,} more" if files[SHOWN:] else "")
