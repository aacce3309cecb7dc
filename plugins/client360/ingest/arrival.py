"""Whether the files of the day have come."""

from datetime import date
from pathlib import Path

from client360.ingest import raw_tables
from client360.ingest.feed_spec import Feed


class FileMissing(ValueError):
    """A file without which the feed can not be read, and for which nobody waits; the message says which, and of which day."""


class FileAwaited(RuntimeError):
    """A file that is to come; trying again later may find it."""


def complete(feed: Feed, folder: Path, day: date) -> None:
    """Go on only if every kind of file that has to be there is: with the day or its month in its name or, of those without a
    date, at all.

    Raises FileMissing or, where nothing else lacks, FileAwaited.
    """
    found = {(delivery.tabla, delivery.fecha_archivo) for delivery in raw_tables.find_deliveries(feed, folder)}
    lacking = [
        (file.missing, f"{name} ({file.name})")
        for name, file in feed.files.items()
        if file.missing != "allow" and (name, file.date_for(day)) not in found
    ]
    if not lacking:
        return
    fatal = [what for missing, what in lacking if missing == "fail"]
    said = f"of feed {feed.name} there is no {', '.join(fatal or [what for _, what in lacking])} for {day} in {folder}"
    if fatal:
        raise FileMissing(f"{said}: put it there and run the day again")
    raise FileAwaited(f"{said} yet; it is looked for again every five minutes")
