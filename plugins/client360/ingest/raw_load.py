"""Files of a feed into their raw tables, each whole or not at all."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from operator import attrgetter
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from client360.files import BadFile
from client360.ingest.column_names import column_name
from client360.ingest.content import Content, open_content
from client360.ingest.csv_scanner import Records
from client360.ingest.deliveries import Delivery, changed_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.file_names import SHOWN
from client360.ingest.keeping_out import keep_out, keep_out_broken
from client360.ingest.raw_copy import CopyResult, CopyTarget, copy_records
from client360.ingest.raw_tables import delete_rows, ensure_raw_table, set_rows_aside
from client360.ingest.table_file import TableFile, open_table, require_columns
from client360.warehouse import erased, locks
from client360.warehouse.models import Entregas, Rechazos
from client360.warehouse.ownership import OwnerReplaced, hold_warehouse

log = logging.getLogger(__name__)

FILES_TOGETHER, BYTES_TOGETHER = 100, 4 << 20
"""How many small files share a transaction, whose beginning and end cost more than their rows, and how many bytes of them."""


def load_raw_files(engine: Engine, feed: Feed, folder: Path, deliveries: Sequence[Delivery], run: str) -> int:
    """Load files, but those that the run has loaded in an earlier try; returns the number of rows.

    A file that is refused keeps no other one from being loaded. Raises BadFile afterwards, which names those that were, and as
    load_raw_file does.
    """
    rows, refused = 0, list[str]()
    waiting = _not_loaded(engine, feed, folder, deliveries, run)
    with _Loading(engine, feed, folder, run) as loading:
        for delivery in sorted(waiting, key=attrgetter("kind", "path")):
            try:
                rows += loading.load(delivery)
            except BadFile as error:
                log.error("%s", error)
                refused.append(str(error))
    if refused:
        more = f"{len(refused):,} of {len(deliveries):,} files are refused: " if len(refused) > 1 else ""
        raise BadFile(
            more + "; ".join(refused[:SHOWN]) + (f"; and {len(refused) - SHOWN:,} more" if refused[SHOWN:] else "")
        )
    return rows


def load_raw_file(engine: Engine, feed: Feed, folder: Path, delivery: Delivery, run: str) -> int:
    """Load a file into its raw table in place of what the same path delivered before; returns the number of rows.

    All or nothing: the rows, their delivery in control.entregas, and broken lines in control.rechazos. Several files may be
    loaded at once, but none while a run judges rows. Raises BadFile if the file is refused whole, and OwnerReplaced if the
    warehouse belongs to another owner.
    """
    with _Loading(engine, feed, folder, run) as loading:
        return loading.load(delivery)


def _not_loaded(engine: Engine, feed: Feed, folder: Path, deliveries: Sequence[Delivery], run: str) -> list[Delivery]:
    """The deliveries but those that this run has loaded as they are now."""
    with engine.connect() as connection:
        loaded = set(connection.scalars(select(Entregas.archivo).where(Entregas.corrida == run)))
    again = [delivery for delivery in deliveries if delivery.path in loaded]
    changed = changed_deliveries(engine, feed, folder, again) if again else []
    return [delivery for delivery in deliveries if delivery not in again or delivery in changed]


class _Loading:
    """Loads files one after the other. Small ones of a kind, with the same columns, share a transaction, of which each is a
    savepoint."""

    def __init__(self, engine: Engine, feed: Feed, folder: Path, run: str) -> None:
        self._engine, self._feed, self._folder, self._run = engine, feed, folder, run
        self._transaction = ExitStack()
        self._connection: Connection | None = None
        self._files = self._bytes = 0
        self._shape: tuple[str, ...] = ()
        """The kind of the transaction's files, and their columns."""
        self._first: dict[str, list[str]] = {}
        """The columns of the first file of a kind, which later ones have too."""

    def __enter__(self) -> "_Loading":
        return self

    def __exit__(self, *raised: Any) -> None:
        self._transaction.__exit__(*raised)

    def load(self, delivery: Delivery) -> int:
        """As load_raw_file does, with which it shares its errors; after a BadFile others can be loaded."""
        kind = self._feed.files[delivery.kind]
        with open_content(self._folder, delivery.file) as content:
            table = open_table(content, delivery, kind)
            columns = tuple(dict.fromkeys((*table.columns, *(column_name(name) for name in kind.optional))))
            connection = self._begun(delivery, columns)
            with connection.begin_nested():
                copied = self._load(connection, delivery, table, content)
        _log_left_out(table, delivery.path)
        return copied.rows

    def _begun(self, delivery: Delivery, columns: tuple[str, ...]) -> Connection:
        """The transaction of the files before, or a new one."""
        shape = (delivery.kind, *columns)
        full = self._files == FILES_TOGETHER or self._bytes + delivery.size > BYTES_TOGETHER
        if self._connection is None or shape != self._shape or full:
            self._transaction.close()
            self._connection = self._transaction.enter_context(self._engine.begin())
            self._shape, self._files, self._bytes = shape, 0, 0
            hold_warehouse(self._connection, self._feed.owner)
            locks.feed(self._connection, shared=True)
            _require_own_files(self._connection, self._feed)
            # before any row is touched: a table cannot get a column while two loads that wait for that have touched its rows
            ensure_raw_table(self._connection, delivery.kind, columns, self._feed.files[delivery.kind].dialect.nulls)
        self._files, self._bytes = self._files + 1, self._bytes + delivery.size
        return self._connection

    def _load(
        self,
        connection: Connection,
        delivery: Delivery,
        table: TableFile,
        content: Content,
    ) -> CopyResult:
        kind, path = self._feed.files[delivery.kind], delivery.path
        before = _claim_delivery(connection, self._feed, delivery, self._run)
        if kind.columns is None:
            required = [column_name(name) for name in kind.required]
            require_columns(table, kind, required or self._first_columns(connection, delivery), path)
        if before.sha256:  # empty in the row that was just inserted
            _remove_rows(connection, self._feed, before)
            self._first.clear()
        target = CopyTarget(delivery.kind, table.columns, table.dialect, path, before.entrega, self._run)
        copied = _copy(connection, table.batches, target)
        # the last line of a file that has a footer is none of its rows
        if copied.incomplete_line and not kind.footer and not content.ends_with_line_break:
            raise BadFile(
                f"{path} ends in the middle of line {copied.incomplete_line}: it was cut off, deliver it whole or, if that "
                "is all there is, with a line end"
            )
        _record(connection, delivery, target, copied, digest=content.sha256(), settings=kind.read_settings())
        if who := erased.read(connection):
            keep_out(connection, self._feed, delivery.kind, who, before.entrega)
            keep_out_broken(connection, who, path)
        return copied

    def _first_columns(self, connection: Connection, delivery: Delivery) -> list[str]:
        """Columns of the first file of this kind that was loaded with the current settings; empty if none was."""
        if not self._first.get(delivery.kind):
            self._first[delivery.kind] = _first_columns(connection, self._feed, delivery)
        return self._first[delivery.kind]


def _log_left_out(table: TableFile, path: str) -> None:
    found = [f"{count:,} {what}" for what, count in table.left_out.items() if count]
    if found:
        log.info("Of %s, these lines are no rows, as feed.yaml says: %s.", path, ", ".join(found))


def _require_own_files(connection: Connection, feed: Feed) -> None:
    """Raises OwnerReplaced."""
    other = connection.scalar(select(Entregas.mundo).where(Entregas.mundo != feed.owner).limit(1))
    if other:
        raise OwnerReplaced(f"the warehouse now holds files of {other}, not of {feed.owner}: run again")


def _claim_delivery(connection: Connection, feed: Feed, delivery: Delivery, run: str) -> Row:
    """The delivery before of the path, or a new one: its row of control.entregas, for which another transaction that loads the
    same path waits."""
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
