"""The files of a feed below its input folder, and those among them that are new or have changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from operator import attrgetter
from pathlib import Path

from sqlalchemy import Engine, select

from client360.ingest.feed_spec import BadFeed, Feed
from client360.ingest.file_names import UNFINISHED, why_unread
from client360.ingest.input_folder import find_files
from client360.warehouse.models import Entregas

BATCH_SIZE = 64 << 20
"""Bytes that one mapped task reads, roughly: enough to outweigh its start, few enough to run in parallel."""
BATCH_FILES = 500


@dataclass(frozen=True)
class Delivery:
    """A file of a feed."""

    path: str
    """Relative to the input folder, with / between folders."""
    kind: str
    """The name of its kind in feed.yaml, which is that of its raw table."""
    file_date: date | None
    """The date in its name."""
    size: int
    """In bytes."""


@dataclass(frozen=True)
class UnreadFile:
    """A file in the input folder that is of no kind, or that can not be read."""

    path: str
    why: str = ""
    """What is known of it; empty where only its name fits no kind."""


@dataclass(frozen=True)
class Survey:
    """What is in the input folder of a feed, sorted by path."""

    deliveries: list[Delivery]
    unread: list[UnreadFile]


def survey(feed: Feed, folder: Path) -> Survey:
    """All files below the folder, at any depth, without hidden ones and those of the system.

    Raises BadFeed if a file is of two kinds. Raises ValueError if there is no such folder, a file's name has no date although
    its kind has one, or the name is not printable.
    """
    if not folder.is_dir():
        raise ValueError(f"entrada is {folder}: there is no such folder")
    deliveries, unread = [], []
    for file in find_files(folder):
        path = file.path
        kinds = [] if file.unread or path.lower().endswith(UNFINISHED) else feed.kinds_of(path)
        if len(kinds) > 1:
            raise BadFeed(
                f"feeds/{feed.name}/feed.yaml: {path} is a file of {' and of '.join(kinds)}: narrow the names"
            )
        if not kinds:
            unread.append(UnreadFile(path, file.unread or why_unread(feed, path)))
            continue
        if not path.isprintable():
            raise ValueError(f"{path!r}: the name of the file is no readable text")
        deliveries.append(Delivery(path, kinds[0], feed.files[kinds[0]].date_of(path), file.size))
    return Survey(sorted(deliveries, key=attrgetter("path")), sorted(unread, key=attrgetter("path")))


def find_deliveries(feed: Feed, folder: Path) -> list[Delivery]:
    """The files of the feed. Raises as survey does."""
    return survey(feed, folder).deliveries


def changed_deliveries(
    engine: Engine, feed: Feed, folder: Path, among: Sequence[Delivery] | None = None
) -> list[Delivery]:
    """The deliveries that were not loaded yet, or with other content, or under other settings of the feed: of the whole folder,
    or of those given.

    Raises as find_deliveries does.
    """
    deliveries = find_deliveries(feed, folder) if among is None else among
    with engine.connect() as connection:
        loaded = {
            row.archivo: (row.mundo, row.tabla, row.fecha_archivo, row.lectura, row.sha256)
            for row in connection.execute(select(Entregas.__table__))
        }
    return [
        delivery
        for delivery in deliveries
        if delivery.path not in loaded
        or loaded[delivery.path]
        != (
            feed.owner,
            delivery.kind,
            delivery.file_date,
            feed.files[delivery.kind].read_settings(),
            _sha256(folder / delivery.path),
        )
    ]


def in_batches(deliveries: Sequence[Delivery]) -> list[list[Delivery]]:
    """The deliveries in their order, in batches for mapped tasks. A file is never divided."""
    batches: list[list[Delivery]] = []
    size = 0
    for delivery in deliveries:
        if not batches or len(batches[-1]) == BATCH_FILES or size + delivery.size > BATCH_SIZE:
            batches.append([])
            size = 0
        batches[-1].append(delivery)
        size += delivery.size
    return batches


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
