"""The files of a feed below its input folder, and those among them that are new or have changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from pathlib import Path

from sqlalchemy import Engine, select

from client360.files import BadFile
from client360.ingest.content import open_content
from client360.ingest.feed_spec import BadFeed, Feed
from client360.ingest.file_names import UNFINISHED, WORKBOOK, why_archive_unread, why_unread
from client360.ingest.input_folder import FoundFile, find_files
from client360.ingest.raw_file import RawFile
from client360.warehouse.models import Entregas

BATCH_SIZE = 64 << 20
"""Bytes that one mapped task reads, roughly: enough to outweigh its start, few enough to run in parallel."""
BATCH_FILES = 500


@dataclass(frozen=True)
class Delivery:
    """A file of a feed, or a sheet of one."""

    path: str
    """Relative to the input folder, with / between folders. An archive is a folder of its members, and a workbook one of its
    sheets where feed.yaml names them."""
    kind: str
    """The name of its kind in feed.yaml, which is that of its raw table."""
    file_date: date | None
    """The date in its name."""
    size: int
    """In bytes; of a member of an archive, when it is unpacked."""
    sheet: str = ""
    """The sheet, where feed.yaml names it."""

    @property
    def file(self) -> str:
        """The path of the file."""
        return self.path.removesuffix(f"/{self.sheet}") if self.sheet else self.path


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
    deliveries: list[Delivery] = []
    unread: list[FoundFile] = []
    read = {""}
    """Archives of which a member is read, and no archive."""
    for file in find_files(folder):
        kinds = _kinds_of(feed, file)
        if not kinds:
            unread.append(file)
            continue
        if not file.path.isprintable():
            raise ValueError(f"{file.path!r}: the name of the file is no readable text")
        deliveries += [_delivery(file, kind, feed.files[kind]) for kind in kinds]
        read.add(file.archive)
    described = [
        UnreadFile(file.path, file.unread or why_unread(feed, file.path)) for file in unread if file.archive in read
    ]
    for archive in {file.archive for file in unread} - read:
        members = [file.path for file in unread if file.archive == archive]
        described.append(UnreadFile(archive, why_archive_unread(feed, members)))
    return Survey(sorted(deliveries, key=attrgetter("path")), sorted(described, key=attrgetter("path")))


def _kinds_of(feed: Feed, file: FoundFile) -> list[str]:
    """The kinds of file that it is of: of several only if it is a workbook of which they have a sheet each."""
    path = file.path
    if file.unread or path.lower().endswith(UNFINISHED):
        return []
    if file.broken:  # of whichever kind: it is refused when it is loaded
        return [name for name, kind in feed.files.items() if kind.lies_in(path)][:1]
    kinds = feed.kinds_of(path)
    sheets = {feed.files[kind].sheet for kind in kinds} if WORKBOOK.search(path) else {""}
    if len(kinds) > max(1, len(sheets)):
        raise BadFeed(f"feeds/{feed.name}/feed.yaml: {path} is a file of {' and of '.join(kinds)}: narrow the names")
    return kinds


def _delivery(file: FoundFile, name: str, kind: RawFile) -> Delivery:
    sheet = kind.sheet or "" if WORKBOOK.search(file.path) else ""
    day = None if file.broken else kind.date_of(file.path)
    return Delivery(f"{file.path}/{sheet}" if sheet else file.path, name, day, file.size, sheet)


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
            _sha256(folder, delivery),
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


def _sha256(folder: Path, delivery: Delivery) -> str:
    """That of the file's content; empty where it can not be unpacked, as loading it will say."""
    try:
        with open_content(folder, delivery.file) as content:
            return content.sha256()
    except BadFile:
        return ""
