"""The files in the input folder of a feed, through its folders and its links."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from client360 import folders
from client360.files import BadFile
from client360.ingest.content import ARCHIVE, members

SYSTEM_FILES = ("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx")
"""Files that a system or a program leaves in folders, in lower case; hidden files and the locks of Office are others."""


@dataclass(frozen=True)
class FoundFile:
    """A file in the input folder, or what stands in its place there."""

    path: str
    """Relative to the input folder, with / between folders and between an archive and its members."""
    size: int = 0
    """In bytes; of a member, when it is unpacked."""
    unread: str = ""
    """Why it can not be read: where a link or a folder is not followed."""
    archive: str = ""
    """The path of the archive of which it is a member."""
    broken: bool = False
    """Whether it is an archive that can not be opened."""


def find_files(folder: Path) -> Iterator[FoundFile]:
    """All files below the folder, in no order, without hidden ones and those of the system; of an archive its members.

    Links are followed unless they lead to where input may not lie. A folder is read once, under its own name
    rather than that of a link. Raises ValueError if the folder can not be read.
    """
    allowed = [os.path.realpath(root) for root in (folder, *folders.of_input())]
    read: set[str] = set()
    places, links = [""], list[str]()
    while places or links:
        if not places:
            links.sort(reverse=True)
        place = places.pop() if places else links.pop()
        if (real := os.path.realpath(folder / place)) in read:
            continue
        read.add(real)
        try:
            entries = list(os.scandir(folder / place))
        except OSError as error:
            if not place:
                raise ValueError(f"entrada is {folder}: that folder can not be read ({error.strerror})") from None
            yield FoundFile(f"{place}/", unread=f"it can not be read: {error.strerror}")
            continue
        for entry in entries:
            path = f"{place}/{entry.name}" if place else entry.name
            if _of_system(entry.name):
                continue
            if entry.is_symlink() and (unread := _not_followed(entry.path, allowed)):
                yield FoundFile(path, unread=unread)
            elif entry.is_dir():
                (links if entry.is_symlink() else places).append(path)
            elif entry.is_file():
                file = FoundFile(path, entry.stat().st_size)
                yield from _members(folder, file) if path.lower().endswith(ARCHIVE) else [file]


def _members(folder: Path, archive: FoundFile) -> Iterator[FoundFile]:
    """The files in an archive, or the archive where it can not be opened or has none."""
    try:
        found = members(folder / archive.path)
    except BadFile:
        yield replace(archive, broken=True)
        return
    if not found:
        yield replace(archive, unread="an archive without a file")
    for member, size in found.items():
        if not any(_of_system(part) for part in member.split("/")):
            yield FoundFile(f"{archive.path}/{member}", size, archive=archive.path)


def _of_system(name: str) -> bool:
    """Whether a system or a program leaves files or folders of that name."""
    return name.startswith((".", "~$")) or name.lower() in SYSTEM_FILES


def _not_followed(link: str, allowed: list[str]) -> str:
    """Why a link is not followed; empty where it is."""
    target = os.path.realpath(link)
    if not Path(target).exists():
        return "a link that leads nowhere"
    if not any(target == root or target.startswith(root.rstrip("/") + "/") for root in allowed):
        return "a link that leads out of the folder"
    return ""
