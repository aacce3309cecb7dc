"""Atomic files, and the error for files that are refused."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from platform import node
from typing import IO


class BadFile(ValueError):
    """A file that breaks its contract and is refused whole."""


@contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that appears under its name, or replaces the one there, only once it is complete and on disk.

    Leftovers of killed writers on this machine are removed. Where the disk is full, the OSError names the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{path.name}.{node()}."
    ours = re.compile(rf"{re.escape(prefix)}(\d+)\.part")
    for other in path.parent.iterdir():
        if (found := ours.fullmatch(other.name)) and not _alive(int(found[1])):
            other.unlink(missing_ok=True)
    temporary = path.with_name(f"{prefix}{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise OSError(error.errno, "there is no room left on the disk of this file", str(path)) from None
    finally:
        temporary.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
