"""Files of a feed into their raw tables, each in one transaction."""

import logging
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from client360.files import BadFile
from client360.ingest.column_names import column_name
from client360.ingest.csv_file import ends_with_line_break, open_csv, require_columns
from client360.ingest.csv_scanner import Records
from client360.ingest.deliveries import Delivery, changed_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.file_names import SHOWN
from client360.ingest.raw_copy import CopyResult, CopyTarget, copy_records
from client360.ingest.raw_tables import delete_rows, ensure_raw_table, set_rows_aside
from client360.warehouse import locks
from client360.warehouse.models import Entregas, Rechazos
from client360.warehouse.ownership import OwnerReplaced, hold_warehouse

log = logging.getLogger(__name__)


def load_raw_files(engine: Engine, feed: Feed, folder: Path, deliveries: Sequence[Delivery], run: str) -> int:
    """Load files, but those that the run has loaded in an earlier try; returns the number of rows.

    A file that is refused keeps no other one from being loaded. Raises BadFile afterwards, which names those that were, and as
    load_raw_file does.
    """
    rows, refused = 0, list[str]()
    for delivery in _not_loaded(engine, feed, folder, deliveries, run):
        try:
            rows += load_raw_file(engine, feed, folder, delivery, run)
        except BadFile as error:
            log.error("%s", error)
            refused.append(str(error))
    if refused:
        more = f"{len(refused):,} of {len(deliveries):,} files are refused: " if len(refused) > 1 else ""
        raise BadFile(
            more + "; ".join(refused[:SHOWN]) + (f"; and {len(refused) - SHOWN:,} more" if refused[SHOWN:] else "")
        )
    return rows


def _not_loaded(engine: Engine, feed: Feed, folder: Path, deliveries: Sequence[Delivery], run: str) -> list[Delivery]:
    """The deliveries but those that this run has loaded as they are now."""
    with engine.connect() as connection:
        loaded = set(connection.scalars(select(Entregas.archivo).where(Entregas.corrida == run)))
    again = [delivery for delivery in deliveries if delivery.path in loaded]
    changed = changed_deliveries(engine, feed, folder, again) if again else []
    return [delivery for delivery in deliveries if delivery not in again or delivery in changed]


def load_raw_file(engine: Engine, feed: Feed, folder: Path, delivery: Delivery, run: str) -> int:
    """Load a file into its raw table in place of what the same path delivered before; returns the number of rows.

    All or nothing: the rows, their delivery in control.entregas, and broken lines in control.rechazos. Several files may be
    loaded at once, but none while a run judges rows. Raises BadFile if the file is refused whole, and OwnerReplaced if the
    warehouse belongs to another owner.
    """
    kind = feed.files[delivery.kind]
    path = delivery.path
    with (folder / path).open("rb") as file:
        digest = sha256()
        csv_file = open_csv(file, digest.update, kind, path)
        with engine.begin() as connection:
            hold_warehouse(connection, feed.owner)
            locks.feed(connection, shared=True)
            before = _claim_delivery(connection, feed, delivery, run)
            optional = (column_name(name) for name in kind.optional)
            columns = tuple(dict.fromkeys((*csv_file.columns, *optional)))
            # before any row is touched: a table cannot get a column while two loads that wait for that have touched its rows
            ensure_raw_table(connection, delivery.kind, columns, kind.dialect.nulls)
            if kind.columns is None:
                required = [column_name(name) for name in kind.required]
                require_columns(csv_file, kind, required or _first_columns(connection, feed, delivery), path)
            if before.sha256:  # empty in the row that was just inserted
                _remove_rows(connection, feed, before)
            target = CopyTarget(delivery.kind, csv_file.columns, kind.dialect, path, before.entrega, run)
            copied = _copy(connection, csv_file.batches, target)
            if copied.incomplete_line and not ends_with_line_break(file):
                raise BadFile(
                    f"{path} ends in the middle of line {copied.incomplete_line}: it was cut off, deliver it whole or, if that "
                    "is all there is, with a line end"
                )
            settings = kind.read_settings()
            _record(connection, delivery, target, copied, digest=digest.hexdigest(), settings=settings)
    return copied.rows


def _claim_delivery(connection: Connection, feed: Feed, delivery: Delivery, run: str) -> Row:
    """The delivery before of the path, or a new one: its row of control.entregas, for which another transaction that loads the
    same path waits. Raises OwnerReplaced."""
    other = connection.scalar(select(Entregas.mundo).where(Entregas.mundo != feed.owner).limit(1))
    if other:
        raise OwnerReplaced(f"the warehouse now holds files of {other}, not of {feed.owner}: run again")
    new = insert(Entregas).values(
        archivo=delivery.path,
        tabla=delivery.kind,
        sha256="",
        lineas=0,
        leidas=0,
        mundo=feed.owner,
        corrida=run,
        primera_corrida=run,
    )
    locked = new.on_conflict_do_update(index_elements=[Entregas.archivo], set_={"corrida": run})
    return connection.execute(
        locked.returning(Entregas.archivo, Entregas.entrega, Entregas.tabla, Entregas.sha256)
    ).one()


def _remove_rows(connection: Connection, feed: Feed, before: Row) -> None:
    """Remove the rows and broken lines of a delivery, of which a group of rows may lose one."""
    (set_rows_aside if feed.together else delete_rows)(connection, before.tabla, before.entrega)
    broken = (Rechazos.archivo == before.archivo) & (Rechazos.entidad == "")
    connection.execute(delete(Rechazos).where(broken))


def _first_columns(connection: Connection, feed: Feed, delivery: Delivery) -> list[str]:
    """Columns of the first file of this kind that was loaded with the current settings; empty if none was."""
    query = (
        select(Entregas.columnas)
        .where(Entregas.mundo == feed.owner, Entregas.tabla == delivery.kind)
        .where(Entregas.lectura == feed.files[delivery.kind].read_settings())
        .order_by(Entregas.entrega)
        .limit(1)
    )
    first = connection.scalar(query)
    return first.split(",") if first else []


def _copy(connection: Connection, batches: Iterator[Records], target: CopyTarget) -> CopyResult:
    cursor: Any = connection.connection.cursor()
    try:
        return copy_records(cursor, batches, target)
    except (psycopg.DataError, psycopg.errors.ProgramLimitExceeded) as error:
        # the error's context quotes the row, which may hold personal data
        raise BadFile(f"{target.path}: PostgreSQL refuses a row: {error.diag.message_primary}") from None


def _record(
    connection: Connection, delivery: Delivery, target: CopyTarget, copied: CopyResult, *, digest: str, settings: str
) -> None:
    """Complete the row of control.entregas."""
    loaded = {
        "tabla": delivery.kind,
        "fecha_archivo": delivery.file_date,
        "sha256": digest,
        "lectura": settings,
        "columnas": ",".join(target.columns),
        "lineas": copied.lines,
        "leidas": copied.rows,
        "sin_texto": False,
        "corrida": target.run,
    }
    connection.execute(update(Entregas).where(Entregas.archivo == delivery.path).values(loaded))
