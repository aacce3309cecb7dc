"""Who may read what is in the data folder: its owner and the group, unless CLIENT360_UMASK says otherwise."""

import os
import re
import stat
from contextlib import suppress
from pathlib import Path

VARIABLE = "CLIENT360_UMASK"
STANDARD = "027"
"""Others get nothing, the group does not write: files have 0640, folders 0750."""


def umask() -> int:
    """The permissions that files and folders do not get, whatever the umask of the process. Raises ValueError, in one line."""
    given = os.environ.get(VARIABLE) or STANDARD
    if not re.fullmatch("0?0[0-7]{2}", given):
        raise ValueError(f"{VARIABLE} is {given!r}: give three octal digits that begin with 0, such as {STANDARD}")
    return int(given, 8)


def restrict_file(descriptor: int) -> None:
    """Give a file that is open its permissions."""
    os.fchmod(descriptor, 0o666 & ~umask())


def make_folder(folder: Path) -> None:
    """Make the folder and those above it, unless they are there."""
    if not folder.is_dir():
        make_folder(folder.parent)
        wanted = 0o777 & ~umask()
        folder.mkdir(wanted, exist_ok=True)
        mode = stat.S_IMODE(folder.stat().st_mode)
        if mode & 0o777 != wanted:  # the umask of the process is stricter
            _change(folder, mode | wanted)


def restrict_folder(folder: Path) -> None:
    """Make the folder, and take from it the permissions that it should not have, not from those above it."""
    folder.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & umask():
        _change(folder, mode & ~umask())


def _change(folder: Path, mode: int) -> None:
    with suppress(PermissionError):  # somebody else's: theirs to open or close
        folder.chmod(mode)
