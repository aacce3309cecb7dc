"""The content of a file of a feed: unpacked where it is compressed, or lies in an archive, and hashed as it is read."""

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from client360.files import BadFile

COMPRESSED = ".gz"
ARCHIVE = ".zip"
READ_SIZE = 1 << 20
BROKEN = (OSError, EOFError, ValueError, NotImplementedError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
"""What unpacking raises where the bytes are not those that were packed."""


class Content:
    """The bytes of a file, from the beginning."""

    def __init__(self, file: IO[bytes], path: str, stack: ExitStack, *, packed: bool) -> None:
        self._file, self._path, self._stack, self._packed = file, path, stack, packed
        self._hash = sha256()
        self._sha256 = ""
        self._last = b""

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes, all of them by default, and none at the end. Raises BadFile where they can not be unpacked."""
        try:
            block = self._file.read(size)
        except BROKEN as error:
            if not self._packed:
                raise
            raise _not_unpacked(self._path, error) from None
        self._hash.update(block)
        self._last = block[-1:] or self._last
        return block

    def sha256(self) -> str:
        """Of all bytes, of which those that are left are read."""
        if not self._sha256:
            while self.read(READ_SIZE):
                pass
            self._sha256 = self._hash.hexdigest()
        return self._sha256

    def seekable(self) -> IO[bytes]:
        """All of it, for which nothing may be read before, as a file in which one can seek, until this one is closed: a temporary
        one where it is packed."""
        if not self._packed:
            self.sha256()
            self._file.seek(0)
            return self._file
        whole = self._stack.enter_context(TemporaryFile())  # noqa: SIM115
        while block := self.read(READ_SIZE):
            whole.write(block)
        whole.seek(0)
        return whole

    @property
    def ends_with_line_break(self) -> bool:
        """Whether the last byte that was read ends a line."""
        return self._last in (b"\n", b"\r")


@contextmanager
def open_content(folder: Path, path: str) -> Iterator[Content]:
    """Open a file by its path below a folder, in which an archive counts as a folder of its members.

    Raises BadFile if it can not be unpacked.
    """
    file, member = locate(folder, path)
    if path.lower().endswith(ARCHIVE):
        raise _not_unpacked(path, EOFError())
    with ExitStack() as stack:
        content: IO[bytes] = stack.enter_context(file.open("rb"))
        if member:
            content = stack.enter_context(_open_member(content, member, path))
        if compressed := path.lower().endswith(COMPRESSED):
            content = stack.enter_context(cast(IO[bytes], gzip.GzipFile(fileobj=content)))
        yield Content(content, path, stack, packed=bool(member) or compressed)


def locate(folder: Path, path: str) -> tuple[Path, str]:
    """The file on disk that a path below a folder leads to, and what the rest of the path names in it; empty if nothing."""
    for at, letter in enumerate(path):
        if letter == "/" and (folder / path[:at]).is_file():
            return folder / path[:at], path[at + 1 :]
    return folder / path, ""


def members(archive: Path) -> dict[str, int]:
    """The files in an archive, by their paths there, with their bytes when unpacked. Raises BadFile if it can not be opened."""
    try:
        with zipfile.ZipFile(archive) as opened:
            return {info.filename: info.file_size for info in opened.infolist() if not info.is_dir()}
    except BROKEN as error:
        raise _not_unpacked(archive.name, error) from None


def _open_member(archive: IO[bytes], member: str, path: str) -> IO[bytes]:
    try:
        return zipfile.ZipFile(archive).open(member)
    except (KeyError, RuntimeError, *BROKEN) as error:
        raise _not_unpacked(path, error) from None


def _not_unpacked(path: str, error: Exception) -> BadFile:
    """The refusal of a file; what the error says may quote its bytes."""
    if isinstance(error, EOFError):
        why = "it was cut off"
    elif type(error) is RuntimeError:
        why = "it has a password"
    else:
        why = "it is broken, or packed in another way"
    return BadFile(f"{path} can not be unpacked, since {why}: deliver it again, as a whole .zip or .gz")
