"""control.entradas: what lay in the input folder of a run, and what the feed expected there."""

import logging
from collections.abc import Collection
from datetime import date, datetime, timezone
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert

from client360.ingest.arrival import describe_absent, described, kinds_without_file
from client360.ingest.deliveries import Delivery, survey
from client360.ingest.feed_spec import Feed
from client360.ingest.file_names import first_names
from client360.warehouse.models import Entradas, Entregas

log = logging.getLogger(__name__)


def record_input(
    engine: Engine, feed: Feed, folder: Path, day: date, run: str, *, changed: Collection[Delivery]
) -> None:
    """Record what is in the folder, and warn of files that are not read and of kinds of which no file ever came.

    `changed` are the files that the run is going to read; those that it has read in an earlier try count as well.
    """
    found = survey(feed, folder)
    unread, count = first_names(described(found.unread)), len(found.unread)
    absent = "; ".join(describe_absent(feed, kind, found) for kind in kinds_without_file(engine, feed, found))
    noted: dict[str, object] = {
        "fecha_corte": day,
        "momento": datetime.now(timezone.utc),
        "mundo": feed.owner,
        "carpeta": str(folder),
        "archivos": len(found.deliveries),
        "sin_leer": count,
        "sin_leer_primeros": unread or None,
        "tipos_sin_archivo": absent or None,
    }
    with engine.begin() as connection:
        noted |= _news(connection, found.deliveries, {delivery.path for delivery in changed}, run)
        entry = insert(Entradas).values(corrida=run, **noted)
        connection.execute(entry.on_conflict_do_update(index_elements=[Entradas.corrida], set_=noted))
    if count:
        log.warning("Not read of %s, since no name of feed %s fits: %d, %s.", folder, feed.name, count, unread)
    if absent:
        log.warning("Of feed %s no file has come yet for: %s.", feed.name, absent)


def _news(connection: Connection, deliveries: list[Delivery], changed: Collection[str], run: str) -> dict[str, int]:
    """How many of the files are new, and how many an earlier run has read with other content or settings."""
    columns = (Entregas.archivo, Entregas.corrida, Entregas.primera_corrida)
    read = {path: (last, first) for path, last, first in connection.execute(select(*columns))}
    last_and_first = {delivery.path: read.get(delivery.path, (run, run)) for delivery in deliveries}
    new = {path for path, (_, first) in last_and_first.items() if first == run}
    again = {path for path, (last, _) in last_and_first.items() if path in changed or last == run}
    return {"nuevos": len(new), "cambiados": len(again - new)}
