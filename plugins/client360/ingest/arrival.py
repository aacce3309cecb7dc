"""Whether the files that a business day needs have arrived."""

from contextlib import suppress
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, select

from client360.ingest.deliveries import Survey, UnreadFile, find_deliveries, survey
from client360.ingest.feed_spec import CUSTOMERS, Feed
from client360.ingest.file_names import first_names, nearest_name
from client360.warehouse.models import Entregas


class FileMissing(ValueError):
    """A file without which a run is of no use is not there; the message names it."""


class FileAwaited(RuntimeError):
    """A file with `missing: wait` is not there yet; a retry may find it."""


def require_input(engine: Engine, feed: Feed, folder: Path, day: date, *, replace: bool) -> None:
    """Judge the folder before a run changes anything: with `replace`, files that were read before count no more.

    Raises FileMissing where it has no file of the feed, none for the customers, or none that `missing: fail` asks for; unless
    a file may be waited for. Raises as survey does.
    """
    found = survey(feed, folder)
    absent = kinds_without_file(engine, feed, found, replace=replace)
    awaited = [kind for kind in absent if feed.files[kind].missing == "wait"]
    if len(absent) == len(feed.files) and not awaited:
        names = ", ".join(f"{name} ({kind.name})" for name, kind in feed.files.items())
        there = first_names(described(found.unread)) if found.unread else "nothing"
        raise FileMissing(f"no file in {folder} is of feed {feed.name}, which looks for {names}: there is {there}")
    for kind in absent:
        if CUSTOMERS in feed.readers(kind) and kind not in awaited:
            raise FileMissing(
                f"there is no {describe_absent(feed, kind, found)}, in {folder}: without it there are no customers to publish"
            )
    with suppress(FileAwaited):  # the task that looks for new files waits
        require_files(feed, folder, day)


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


def kinds_without_file(engine: Engine, feed: Feed, found: Survey, *, replace: bool = False) -> list[str]:
    """The kinds of files of the feed of which none is in the folder and, unless `replace`, none was read before."""
    read = select(Entregas.tabla).where(Entregas.mundo == feed.owner).distinct()
    with engine.connect() as connection:
        known = set() if replace else set(connection.scalars(read))
    known |= {delivery.kind for delivery in found.deliveries}
    return [kind for kind in feed.files if kind not in known]


def describe_absent(feed: Feed, kind: str, found: Survey) -> str:
    """A kind of file without any file, with the entities that lack it and the nearest name in the folder."""
    name, readers = feed.files[kind].name, feed.readers(kind)
    near = nearest_name(name, [file.path for file in found.unread])
    lacking = f", so that {', '.join(readers)} have no rows" if readers else ""
    return f"{kind} ({name}){lacking}" + (f" (is it {near}?)" if near else "")


def described(files: list[UnreadFile]) -> list[str]:
    """The paths of files that are not read, each with what is known of it."""
    return [f"{file.path} ({file.why})" if file.why else file.path for file in files]
