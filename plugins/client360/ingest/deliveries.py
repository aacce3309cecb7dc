"""The files of a feed below its input folder, and those among them that are new or have changed."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, select

from client360.ingest.feed_spec import BadFeed, Feed
from client360.warehouse.models import Entregas


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


def find_deliveries(feed: Feed, folder: Path) -> list[Delivery]:
    """All files of the feed, at any depth below the folder, sorted by path; without hidden and unfinished (.part) ones.

    Raises BadFeed if a file is of two kinds. Raises ValueError if there is no such folder, a file's name has no date although
    its kind has one, or the name is not printable.
    """
    if not folder.is_dir():
        raise ValueError(f"entrada is {folder}: there is no such folder")
    found = []
    for file in folder.rglob("*"):
        relative = file.relative_to(folder)
        if file.suffix == ".part" or any(part.startswith(".") for part in relative.parts) or not file.is_file():
            continue
        path = relative.as_posix()
        kinds = [name for name, kind in feed.files.items() if kind.matches(path)]
        if len(kinds) > 1:
            raise BadFeed(
                f"feeds/{feed.name}/feed.yaml: {path} is a file of {' and of '.join(kinds)}: narrow the names"
            )
        if kinds:
            if not path.isprintable():
                raise ValueError(f"{path!r}: the name of the file is no readable text")
            found.append(Delivery(path, kinds[0], feed.files[kinds[0]].date_of(path), file.stat().st_size))
    return sorted(found, key=lambda delivery: delivery.path)


def changed_deliveries(engine: Engine, feed: Feed, folder: Path) -> list[Delivery]:
    """The deliveries that were not loaded yet, or with other content, or under other settings of the feed.

    Raises as find_deliveries does.
    """
    with engine.connect() as connection:
        loaded = {
            row.archivo: (row.mundo, row.tabla, row.fecha_archivo, row.lectura, row.sha256)
            for row in connection.execute(select(Entregas.__table__))
        }
    return [
        delivery
        for delivery in find_deliveries(feed, folder)
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


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
