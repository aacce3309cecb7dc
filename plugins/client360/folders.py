"""Paths: the checkout, the SQL files, the data folder, and where input may lie."""

import os
import tempfile
from pathlib import Path

from client360 import permissions

ROOT = Path(__file__).parents[2]
SQL = ROOT / "include" / "sql"
INPUT_FOLDERS = "CLIENT360_FOLDERS"
"""The variable that names more folders for input, with : or line breaks between them."""
RUN_LOG = "CLIENT360_LOG"
"""The variable that names the file to which the log of a run goes, where no server shows it."""


def data() -> Path:
    """The data folder, with `raw` (landing files) and `processed` (exports): CLIENT360_DATA, or `data` in the checkout."""
    return Path(os.environ.get("CLIENT360_DATA") or ROOT / "data")


def require_writable(folder: Path, variable: str = "CLIENT360_DATA") -> None:
    """Make the folder, if it is not there. Raises ValueError, in one line, where files can not be made in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ValueError(
            f"the folder {folder} can not be written to ({error.strerror}): make it writable, or set {variable}"
        ) from None


def prepare_data() -> None:
    """Make `raw` and `processed` in the data folder, which not everybody may enter.

    Raises ValueError, in one line, where files can not be made in them.
    """
    for name in ("raw", "processed"):
        require_writable(data() / name)
        permissions.restrict_folder(data() / name)


def of_input() -> list[Path]:
    """The folders below which input may lie, without links: the data folder, and those that INPUT_FOLDERS names."""
    value = os.environ.get(INPUT_FOLDERS, "")
    named = value.split("\n" if "\n" in value else os.pathsep)
    return [data().resolve(), *(Path(folder).expanduser().resolve() for folder in named if folder)]


def input_folder(entrada: str) -> Path:
    """The folder that `entrada` names, without links; a relative one is below the data folder.

    Raises ValueError, in one line, where it lies elsewhere than input may, or can not be read.
    """
    if not entrada.isprintable():
        raise ValueError(f"entrada is {entrada!r}: that is no readable text")
    try:
        folder, own = (data() / entrada).resolve(), data().resolve()
        if folder == own or not any(folder.is_relative_to(root) for root in of_input()):
            raise ValueError(
                f"entrada is {entrada!r}, which is {folder}: give a folder below {own}, or have {INPUT_FOLDERS} name it"
            )
        if not folder.is_dir():
            raise ValueError(
                f"entrada is {folder}: there is no such folder (a stack in Docker sees those below data only)"
            )
        with os.scandir(folder):
            return folder
    except OSError as error:
        raise ValueError(f"entrada is {entrada!r}: that folder can not be read ({error.strerror})") from None
    except RuntimeError:  # before Python 3.13, of links that lead in a circle
        raise ValueError(f"entrada is {entrada!r}: its links lead in a circle") from None
