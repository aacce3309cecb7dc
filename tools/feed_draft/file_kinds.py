"""Files grouped by kind: those of one kind have names that differ by a date or a number, and the same columns."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from client360.ingest.column_names import column_name, column_names
from client360.ingest.file_names import COMPRESSED, DUPLICATE, UNFINISHED
from client360.ingest.raw_file import RawFile
from tools.feed_draft.file_names import literal_pattern, name_pattern, significant_part
from tools.feed_draft.file_sample import NoTable, Sample, read_sample
from tools.feed_draft.tables import Table, describe_table, has_header
from tools.feed_draft.vocabulary import header_words, is_known

SUFFIXES = (".csv", ".txt", ".tsv", ".psv", ".dat", ".asc", ".tab", ".del", ".unl", ".prn", "")
"""How the names of tables of text end. Other files count where their first line is a header."""

MAX_SAMPLES = 12
"""Files of a kind that are sampled, evenly spread over its names."""


@dataclass
class FileKind:
    """A kind of file as the draft declares it, and the entity that it seems to provide."""

    name: str
    """That of its raw table."""
    pattern: str
    """Which names its files have, as in feed.yaml."""
    paths: list[str]
    table: Table
    raw: list[str]
    """The columns' names in the raw table."""
    entity: str | None = None
    found: dict[str, int] = field(default_factory=dict)
    """The index in `raw` of each column of the entity that was found."""
    doubt: str = ""
    """Why it may be of another entity, for a person to decide."""
    repeated: bool = False
    """Whether several rows tell of the same one of the entity, of which the first counts."""

    def to_raw_file(self) -> RawFile:
        return RawFile(name=self.pattern, dialect=self.table.dialect)

    def repeats(self, kind: "FileKind") -> bool:
        """Whether it is what the rows of a kind repeat."""
        return self.repeated and self.pattern == kind.pattern

    @property
    def complete(self) -> bool:
        """Whether all of its files were read to the end."""
        return self.table.complete and len(self.paths) <= MAX_SAMPLES

    def words(self) -> frozenset[str]:
        """Those of the files' names, without what differs between them."""
        name = re.sub(r"\{[^{}]*\}|\[[^]]*\]|[*?]|\.\w+$", " ", self.pattern)
        return header_words(name if re.search("[a-zA-Z]", name.rsplit("/", 1)[-1]) is None else name.rsplit("/", 1)[-1])

    def row_number(self, own: str) -> str:
        """The number of a row as an SQL expression, where rows stand for ids; `own` qualifies the columns."""
        above = self.table.skip + self.table.header
        return f"({own}_linea - {above})::text" if above else f"{own}_linea::text"


def group_files(folder: Path) -> tuple[list[FileKind], list[str]]:
    """The kinds of files in a folder, and a message on each file that is left out."""
    samples: dict[str, Sample] = {}
    groups, left_out = _grouped(folder)
    found = []
    for paths in filter(None, groups.values()):
        step = -(-len(paths) // MAX_SAMPLES)
        for path in paths[::step]:
            try:
                samples[path] = read_sample(folder / path)
            except NoTable as error:
                left_out.append(f"{path} is left out: {error}")
        sampled = [path for path in paths if path in samples]
        if not sampled:
            continue
        if _alike([samples[path] for path in sampled]):
            found.append(_kind(name_pattern(paths), paths, [samples[path] for path in sampled]))
        else:
            found += [_kind(literal_pattern(path), [path], [samples[path]]) for path in sampled]
    taken: Counter[str] = Counter()
    for kind in found:
        taken[kind.name] += 1
        if taken[kind.name] > 1:
            kind.name += f"_{taken[kind.name]}"
    return found, left_out


def _grouped(folder: Path) -> tuple[dict[str, list[str]], list[str]]:
    """The paths of tables of text by the shape of their names, and a message on each file that is left out."""
    left_out = []
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for relative in sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()):
        if any(part.startswith(".") for part in relative.split("/")):
            continue
        if relative.lower().endswith(UNFINISHED):
            left_out.append(f"{relative} is left out: unfinished")
        elif Path(relative).suffix.lower() in SUFFIXES or _has_known_header(folder / relative):
            groups[_shape(relative)].append(relative)
        elif COMPRESSED.search(relative):
            left_out.append(f"{relative} is left out: compressed: unpack it")
        else:
            left_out.append(f"{relative} is left out: save it as CSV, or name it .csv if it is one")
    return groups, left_out + _leave_out_downloads(groups)


def _shape(path: str) -> str:
    """What the names of a kind have in common: all but their numbers, and whether they are in upper or lower case."""
    return re.sub(r"\d+", "0", significant_part(path)).lower()


def _leave_out_downloads(groups: dict[str, list[str]]) -> list[str]:
    """Take files out that are other downloads of those of a kind, as `x (1).csv` is of `x.csv`; a message on each."""
    left_out = []
    for shape in list(groups):
        originals = {path: DUPLICATE.sub("", path) for path in groups[shape]}
        others = {
            path: original for path, original in originals.items() if path != original and _shape(original) in groups
        }
        left_out += [
            f"{path} is left out: another download of {original}: name it so, or remove it"
            for path, original in others.items()
        ]
        if others:
            groups[shape] = [path for path in groups[shape] if path not in others]
    return left_out


def _has_known_header(path: Path) -> bool:
    """Whether a file is a table of text whose first line names columns that are known."""
    try:
        names = read_sample(path).rows[0]
    except NoTable:
        return False
    return len(names) > 1 and 2 * sum(map(is_known, names)) >= len(names)


def _kind(pattern: str, paths: list[str], samples: Sequence[Sample]) -> FileKind:
    found = describe_table(samples)
    stem = re.sub(r"\{[^{}]*\}|\[[^]]*\]|[*?]", "", pattern)
    stem = re.sub(r"^[\W\d_]+(?=[^\W\d_]+[^/]*\.)", "", stem)  # 1.Usuarios.csv holds usuarios
    # short enough for a table, and without the suffix of the tables behind the views
    name = column_name(Path(stem).with_suffix("").as_posix())[:44].rstrip("_").removesuffix("_filas")
    return FileKind(name, pattern, paths, found, list(column_names(column.header for column in found.columns)))


def _alike(samples: Sequence[Sample]) -> bool:
    """Whether files of similar names are of one kind: the same encoding and delimiter, and at least half of the columns."""
    encodings = {one.encoding.removesuffix("-sig") for one in samples if not one.ascii_only}
    headers = [frozenset(map(column_name, one.rows[0])) for one in samples]
    wide = [one for one in samples if len(one.rows[0]) > 1]
    without_header = len({len(one.rows[0]) for one in samples}) == 1 and not any(has_header(one) for one in samples)
    return (
        len(encodings) <= 1
        and len({one.skip for one in samples}) == 1
        and len({(one.delimiter, one.quote if one.quote == "'" else '"') for one in wide}) <= 1
        and (all(len(headers[0] & header) * 2 >= len(headers[0]) for header in headers) or without_header)
    )
