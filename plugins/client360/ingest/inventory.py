"""control.entradas: what lay in the input folder of a run, and what the feed expected there."""

import logging
from datetime import date, datetime, timezone
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql import insert

from client360.ingest.arrival import describe_absent, described, kinds_without_file
from client360.ingest.deliveries import survey
from client360.ingest.feed_spec import Feed
from client360.ingest.file_names import first_names
from client360.warehouse.models import Entradas

log = logging.getLogger(__name__)


def record_input(engine: Engine, feed: Feed, folder: Path, day: date, run: str, *, new: int) -> None:
    """Record what is in the folder, and warn of files that are not read and of kinds of which no file ever came.

    `new` is the number of files that the run is going to read.
    """
    found = survey(feed, folder)
    unread, count = first_names(described(found.unread)), len(found.unread)
    absent = "; ".join(describe_absent(feed, kind, found) for kind in kinds_without_file(engine, feed, found))
    noted = {
        "fecha_corte": day,
        "momento": datetime.now(timezone.utc),
        "mundo": feed.owner,
        "carpeta": str(folder),
        "archivos": len(found.deliveries),
        "nuevos": new,
        "sin_leer": count,
        "sin_leer_primeros": unread or None,
        "tipos_sin_archivo": absent or None,
    }
    with engine.begin() as connection:
        entry = insert(Entradas).values(corrida=run, **noted)
        connection.execute(entry.on_conflict_do_update(index_elements=[Entradas.corrida], set_=noted))
    if count:
        log.warning("Not read of %s, since no name of feed %s fits: %d, %s.", folder, feed.name, count, unread)
    if absent:
        log.warning("Of feed %s no file has come yet for: %s.", feed.name, absent)
