"""What the names of files that are of no kind of a feed let suppose."""

import json
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import DATE, IN_ARCHIVE, Dialect, RawFile, digits_glob

UNFINISHED = ".part"
"""How the name of a file ends that is still being written."""
WORKBOOK = re.compile(r"\.(xlsx|xlsm|xlsb|xls|ods)(\.gz)?$", re.IGNORECASE)
PARQUET = re.compile(r"\.parquet(\.gz)?$", re.IGNORECASE)
NOT_READ = {
    re.compile(ending, re.IGNORECASE): why
    for ending, why in {
        re.escape(UNFINISHED) + "$": "unfinished",
        r"\.zip$": "an archive that can not be opened: deliver it again",
        r"\.(bz2|xz|zst|7z|rar|tar|tgz|tar\.gz)$": "compressed in a way that is not read: pack it as .gz or .zip, or unpack it",
        r"\.numbers$": "a workbook of a kind that is not read: save it as .xlsx or CSV",
    }.items()
}
"""How the names of files end that are not read, with the reason."""
TO_BE_NAMED = {WORKBOOK: "a workbook", PARQUET: "Parquet", re.compile(r"\.gz$", re.IGNORECASE): "compressed"}
"""What is read where the name of a kind of file has it."""
DUPLICATE = re.compile(r"( ?\(\d+\)| - cop(y|ia)( \(\d+\))?| cop(y|ia)( \d+)?|_cop(y|ia))+(?=\.\w+$|$)", re.IGNORECASE)
"""What browsers and desktops add to the name of a file that is there already."""
SHOWN = 5
"""How many names a message shows."""


def why_unread(feed: Feed, path: str) -> str:
    """What is known of a file of no kind: how it is to become one of the feed's. Empty where nothing is known."""
    for ending, why in NOT_READ.items():
        if ending.search(path):
            return why
    original = DUPLICATE.sub("", path)
    if original != path and feed.kinds_of(original):
        return f"another download of {_file(original)}: name it so, or remove it"
    shorter = re.sub(r"\.(txt|csv)$", "", path, flags=re.IGNORECASE)
    if shorter != path and feed.kinds_of(shorter):
        return f"name it {_file(shorter)}"
    return _to_be_read(feed, path)


def why_archive_unread(feed: Feed, members: Sequence[str]) -> str:
    """How the members of an archive, by their paths below the input folder, are to become files of the feed."""
    names = [kind.name for kind in feed.files.values() if "/" not in kind.name]
    candidates = [(member, any_archive(member) + name) for member in members for name in names]
    first = (members[0], any_archive(members[0]) + _file(members[0]))
    member, name = next((each for each in candidates if _named(each[1]).matches(each[0])), first)
    return f"an archive with {_file(member)}: to read that, write name: {json.dumps(name)} in feed.yaml"


def any_archive(path: str) -> str:
    """What leads to a member of an archive like that of the path, whatever its archive and its folder there are called."""
    return "*.zip/*/" if "/" in IN_ARCHIVE.split(path, maxsplit=1)[1] else "*.zip/"


def _to_be_read(feed: Feed, path: str) -> str:
    """What to write in feed.yaml for a compressed file, a workbook or Parquet to be read; empty for any other file."""
    for ending, what in TO_BE_NAMED.items():
        if found := ending.search(path):
            ends = found[0].lower()
            names = [
                f"{kind.name}*" if what == "compressed" else re.sub(r"\.\w+$", "", kind.name) + ends
                for kind in feed.files.values()
            ]
            name = next((name for name in names if _named(name).matches(path)), _file(path))
            return f"{what}: to read it, write name: {json.dumps(name)} in feed.yaml"
    return ""


def _named(name: str) -> RawFile:
    return RawFile(name=name, dialect=Dialect())


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
