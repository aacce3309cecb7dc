"""Whether the files that a business day needs have arrived."""

from datetime import date
from pathlib import Path

from client360.ingest.deliveries import find_deliveries
from client360.ingest.feed_spec import Feed


class FileMissing(ValueError):
    """A file with `missing: fail` is not there; the message names it and its day."""


class FileAwaited(RuntimeError):
    """A file with `missing: wait` is not there yet; a retry may find it."""


def require_files(feed: Feed, folder: Path, day: date) -> None:
    """Check that each kind of file with `missing: wait` or `fail` has a file for the day.

    That is a file with the day, or its month, in its name; or any file if names of the kind hold no date.
    Raises FileMissing if a file with `missing: fail` is absent, otherwise FileAwaited.
    """
    found = {(delivery.kind, delivery.file_date) for delivery in find_deliveries(feed, folder)}
    lacking = [
        (file.missing, f"{name} ({file.name})")
        for name, file in feed.files.items()
        if file.missing != "allow" and (name, file.date_for(day)) not in found
    ]
    if not lacking:
        return
    fatal = [what for missing, what in lacking if missing == "fail"]
    problem = (
        f"of feed {feed.name} there is no {', '.join(fatal or [what for _, what in lacking])} for {day} in {folder}"
    )
    if fatal:
        raise FileMissing(f"{problem}: put it there and run the day again")
    raise FileAwaited(f"{problem} yet; it is looked for again every five minutes")
