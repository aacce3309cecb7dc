"""What the names of files that are of no kind of a feed let suppose."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import DATE, digits_glob

UNFINISHED = ".part"
"""How the name of a file ends that is still being written."""
COMPRESSED = re.compile(r"\.(gz|zip|bz2|xz|zst|7z|rar|tar|tgz)$", re.IGNORECASE)
WORKBOOK = re.compile(r"\.(xlsx|xlsm|xlsb|xls|ods|numbers)$", re.IGNORECASE)
DUPLICATE = re.compile(r"( ?\(\d+\)| - cop(y|ia)( \(\d+\))?| cop(y|ia)( \d+)?|_cop(y|ia))+(?=\.\w+$|$)", re.IGNORECASE)
"""What browsers and desktops add to the name of a file that is there already."""
SHOWN = 5
"""How many names a message shows."""


def why_unread(feed: Feed, path: str) -> str:
    """What is known of a file of no kind: how it is to become one of the feed's. Empty where nothing is known."""
    if path.lower().endswith(UNFINISHED):
        return "unfinished"
    if COMPRESSED.search(path):
        return "compressed: unpack it"
    if WORKBOOK.search(path):
        return "a workbook: save it as CSV"
    original = DUPLICATE.sub("", path)
    if original != path and feed.kinds_of(original):
        return f"another download of {_file(original)}: name it so, or remove it"
    shorter = re.sub(r"\.(txt|csv)$", "", path, flags=re.IGNORECASE)
    if shorter != path and feed.kinds_of(shorter):
        return f"name it {_file(shorter)}"
    return ""


def nearest_name(name: str, paths: Iterable[str]) -> str | None:
    """The path whose file has the name most like that of a kind, whatever its date; None if none is similar."""
    wanted = _shape(DATE.sub(lambda found: digits_glob(found["format"]), name))
    shapes = {_shape(path): path for path in paths}
    close = get_close_matches(wanted, shapes, n=1, cutoff=0.75)
    return shapes[close[0]] if close else None


def first_names(names: Sequence[str]) -> str:
    """The first names, and how many there are besides."""
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _file(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _shape(path: str) -> str:
    """The name of a file without what varies: the case, digits, and the signs of a glob."""
    name = re.sub(r"\[0-9\]|\d", "0", _file(path).lower())
    return re.sub(r"[*?]|0+", lambda found: "0" if found[0][0] == "0" else "", name)
