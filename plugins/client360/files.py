"""Atomic files, and the error for files that are refused."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from platform import node
from typing import IO

from client360 import permissions

FULL = (errno.ENOSPC, errno.EDQUOT)
"""Of an OSError, where there is no room left."""
ABANDONED = 24 * 60 * 60
"""Seconds without a write after which the writer on another machine is dead: no run takes as long."""


class BadFile(ValueError):
    """A file that breaks its contract and is refused whole."""


@contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that appears under its name, or replaces the one there, only once it is complete and on disk.

    Leftovers of killed writers are removed: of this machine at once, of others that share the folder after a day. Where the
    disk is full, the OSError names the file.
    """
    permissions.make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{node()}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            permissions.restrict_file(file.fileno())
            _remove_leftovers(path, temporary.stat().st_mtime)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise OSError(error.errno, "there is no room left on the disk of this file", str(path)) from None
    finally:
        temporary.unlink(missing_ok=True)


def _remove_leftovers(path: Path, now: float) -> None:
    """Remove what dead writers have begun of the file. `now` is the time of the file server, whose clock may be another."""
    begun = re.compile(rf"\.{re.escape(path.name)}\.(.+)\.(\d+)\.part")
    for other in path.parent.iterdir():
        if found := begun.fullmatch(other.name):
            with suppress(FileNotFoundError):  # it is complete by now, or another writer has removed it
                idle = now - other.stat().st_mtime
                dead = not _alive(int(found[2])) if found[1] == node() else idle > ABANDONED
                if dead:
                    other.unlink()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
