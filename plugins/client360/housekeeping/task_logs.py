"""Old logs: the files that Airflow writes below its log folder, together by run, and by day of the DAG processor.

The logs of a run stay or go together, by the newest of them, so that a run at work keeps those of its first tasks. Links are
neither followed nor removed.
"""

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from fnmatch import fnmatch
from pathlib import Path

from client360.publish.made_files import CannotRemove

TOGETHER = (
    ("dag_id=*", "run_id=*"),
    ("dag_processor", "????-??-??"),
    ("executor_callbacks", "*", "*"),
)
"""The folders, from the log folder down, whose files stay or go together. Whatever else is there stays."""


@dataclass(frozen=True)
class Logs:
    """The log files of a run, or of a day of the DAG processor; `size` in bytes, the times are of their last writes."""

    folder: Path
    files: tuple[Path, ...]
    size: int
    oldest: datetime
    newest: datetime


def older(place: Path, before: datetime) -> list[Logs]:
    """What was not written to since that moment, oldest first; nothing where there is no such folder."""
    found = [_logs(folder) for names in TOGETHER for folder in _folders(place, names)]
    return sorted((logs for logs in found if logs and logs.newest < before), key=lambda logs: logs.newest)


def remove(found: Collection[Logs]) -> None:
    """Remove the files, and folders that are then empty. Raises CannotRemove. Others may remove the same at the same time."""
    try:
        for logs in found:
            for file in logs.files:
                file.unlink(missing_ok=True)
            for folder, _, _ in os.walk(logs.folder, topdown=False):
                with suppress(OSError):  # it holds something else, or is gone
                    Path(folder).rmdir()
    except OSError as error:
        raise CannotRemove(
            f"{error.filename} can not be removed ({error.strerror}): make its folder writable, and repeat"
        ) from None


def _folders(place: Path, names: Collection[str]) -> Iterator[Path]:
    """The folders, no links, on which the names lead."""
    if not names:
        yield place
        return
    name, *rest = names
    with suppress(FileNotFoundError):
        for entry in sorted(place.iterdir()):
            if fnmatch(entry.name, name) and entry.is_dir() and not entry.is_symlink():
                yield from _folders(entry, rest)


def _logs(folder: Path) -> Logs | None:
    """What is in the folder; None if that is gone."""
    files: list[Path] = []
    size, times = 0, []
    for parent, _, names in os.walk(folder):
        for path in (Path(parent), *(Path(parent, name) for name in names)):
            with suppress(FileNotFoundError):
                found = path.lstat()
                times.append(datetime.fromtimestamp(found.st_mtime, timezone.utc))
                if stat.S_ISREG(found.st_mode):
                    files.append(path)
                    size += found.st_size
    return Logs(folder, tuple(files), size, min(times), max(times)) if times else None
