"""The files in the input folder of a feed, through its folders and its links."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from client360 import folders

SYSTEM_FILES = ("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx")
"""Files that a system or a program leaves in folders, in lower case; hidden files and the locks of Office are others."""


@dataclass(frozen=True)
class FoundFile:
    """A file in the input folder, or what stands in its place there."""

    path: str
    """Relative to the input folder, with / between folders."""
    size: int = 0
    """In bytes."""
    unread: str = ""
    """Why it can not be read: where a link or a folder is not followed."""


def find_files(folder: Path) -> Iterator[FoundFile]:
    """All files below the folder, in no order, without hidden ones and those of the system.

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
            if entry.name.startswith((".", "~$")) or entry.name.lower() in SYSTEM_FILES:
                continue
            if entry.is_symlink() and (unread := _not_followed(entry.path, allowed)):
                yield FoundFile(path, unread=unread)
            elif entry.is_dir():
                (links if entry.is_symlink() else places).append(path)
            elif entry.is_file():
                yield FoundFile(path, entry.stat().st_size)


def _not_followed(link: str, allowed: list[str]) -> str:
    """Why a link is not followed; empty where it is."""
    target = os.path.realpath(link)
    if not Path(target).exists():
        return "a link that leads nowhere"
    if not any(target == root or target.startswith(root.rstrip("/") + "/") for root in allowed):
        return "a link that leads out of the folder"
    return ""
