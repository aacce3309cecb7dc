"""Files grouped by kind: those of one kind have names that differ by a date or a number, and the same columns."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from client360.ingest.column_names import column_name, column_names
from client360.ingest.file_names import DUPLICATE, NOT_READ, PARQUET, WORKBOOK
from client360.ingest.input_folder import find_files
from client360.ingest.raw_file import IN_ARCHIVE, RawFile
from tools.feed_draft.file_lines import NoTable, sheets_of
from tools.feed_draft.file_names import archive_part, literal_pattern, name_pattern, significant_part
from tools.feed_draft.file_sample import Sample, read_sample
from tools.feed_draft.tables import Table, describe_table, has_header
from tools.feed_draft.vocabulary import header_words, is_known

SUFFIXES = (".csv", ".txt", ".tsv", ".psv", ".dat", ".asc", ".tab", ".del", ".unl", ".prn", "")
"""How the names of tables of text end, compressed or not. Other files count where their first line is a header."""

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
    sheet: str | None = None
    """The sheet of its workbooks, if those have several."""
    doubt: str = ""
    """Why it may be of another entity, for a person to decide."""
    repeated: bool = False
    """Whether several rows tell of the same one of the entity, of which the first counts."""
    decimal_as: str = ""
    """Where its own amounts do not tell the decimal sign: which do not, and what it was taken from."""

    def to_raw_file(self) -> RawFile:
        return RawFile(name=self.pattern, dialect=self.table.dialect, sheet=self.sheet)

    def repeats(self, kind: "FileKind") -> bool:
        """Whether it is what the rows of a kind repeat."""
        return self.repeated and (self.pattern, self.sheet) == (kind.pattern, kind.sheet)

    @property
    def complete(self) -> bool:
        """Whether all of its files were read to the end."""
        return self.table.complete and len(self.paths) <= MAX_SAMPLES

    def words(self) -> frozenset[str]:
        """Those of the files' names, without what differs between them; of the sheet, where it tells them apart."""
        if self.sheet:
            return header_words(self.sheet)
        name = re.sub(r"\{[^{}]*\}|\[[^]]*\]|[*?]|\.\w+(\.gz)?$", " ", self.pattern)
        return header_words(name if re.search("[a-zA-Z]", name.rsplit("/", 1)[-1]) is None else name.rsplit("/", 1)[-1])

    def row_number(self, own: str) -> str:
        """The number of a row as an SQL expression, where rows stand for ids; `own` qualifies the columns."""
        above = self.table.skip + self.table.skip_below + self.table.header - self.table.named
        return f"({own}_linea - {above})::text" if above else f"{own}_linea::text"


def group_files(folder: Path) -> tuple[list[FileKind], list[str]]:
    """The kinds of files in a folder, and a message on each file that is left out."""
    samples: dict[str, Sample] = {}
    groups, left_out = _grouped(folder)
    found = []
    for (_, sheet), paths in groups.items():
        step = -(-len(paths) // MAX_SAMPLES)
        for path in paths[::step]:
            try:
                samples[path] = read_sample(folder / path, sheet)
            except NoTable as error:
                left_out.append(f"{path} is left out: {error}")
        sampled = [path for path in paths if path in samples]
        if not sampled:
            continue
        if _alike([samples[path] for path in sampled]):
            found.append(_kind(name_pattern(paths), sheet, paths, [samples[path] for path in sampled]))
        else:
            found += [_kind(literal_pattern(path), sheet, [path], [samples[path]]) for path in sampled]
    _decide_decimals(found)
    taken: Counter[str] = Counter()
    for kind in found:
        taken[kind.name] += 1
        if taken[kind.name] > 1:
            kind.name += f"_{taken[kind.name]}"
    return found, left_out


def _grouped(folder: Path) -> tuple[dict[tuple[str, str | None], list[str]], list[str]]:
    """The paths of tables by the shape of their names and by sheet, and a message on each file that is left out."""
    left_out = []
    by_shape: defaultdict[str, list[str]] = defaultdict(list)
    for file in sorted(find_files(folder), key=lambda file: file.path):
        path = file.path
        why = file.unread or next((why for ending, why in NOT_READ.items() if ending.search(path)), "")
        if why:
            left_out.append(f"{path} is left out: {why}")
        elif _may_be_table(folder / path):
            by_shape[_shape(path)].append(path)
        else:
            left_out.append(f"{path} is left out: save it as CSV, or name it .csv if it is one")
    left_out += _leave_out_downloads(by_shape)
    groups: defaultdict[tuple[str, str | None], list[str]] = defaultdict(list)
    for shape, paths in by_shape.items():
        for path in paths:
            try:
                for sheet in sheets_of(folder / path):
                    groups[shape, sheet].append(path)
            except NoTable as error:
                left_out.append(f"{path} is left out: {error}")
    return groups, left_out


def _may_be_table(path: Path) -> bool:
    name = re.sub(r"\.gz$", "", path.name, flags=re.IGNORECASE)
    by_name = Path(name).suffix.lower() in SUFFIXES or WORKBOOK.search(name) or PARQUET.search(name)
    return bool(by_name) or _has_known_header(path)


def _shape(path: str) -> str:
    """What the names of a kind have in common: all but their numbers, and whether they are in upper or lower case."""
    return re.sub(r"\d+", "0", archive_part(path) + significant_part(path)).lower()


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


def _kind(pattern: str, sheet: str | None, paths: list[str], samples: Sequence[Sample]) -> FileKind:
    found = describe_table(samples)
    stem = re.sub(r"\{[^{}]*\}|\[[^]]*\]|[*?]", "", pattern)
    if (inside := IN_ARCHIVE.split(stem)[-1]) and re.match(r"[^/.]*[^\W\d_]", inside):
        stem = inside  # what the member of an archive is called tells more than the archive
    stem = re.sub(r"^[\W\d_]+(?=[^\W\d_]+[^/]*\.)", "", stem)  # 1.Usuarios.csv holds usuarios
    stem = Path(re.sub(r"\.gz$", "", stem, flags=re.IGNORECASE)).with_suffix("").as_posix()
    # short enough for a table, and without the suffix of the tables behind the views
    name = column_name(sheet or stem)[:44].rstrip("_").removesuffix("_filas")
    return FileKind(
        name, pattern, paths, found, list(column_names(column.header for column in found.columns)), sheet=sheet
    )


def _decide_decimals(kinds: list[FileKind]) -> None:
    """The decimal sign of files whose amounts do not tell it: that of all others or, without any, a guess."""
    texts = [kind for kind in kinds if kind.table.is_text]
    others = {kind.table.dialect.decimal for kind in texts if kind.table.decided}
    for kind in texts:
        doubtful = [kind.table.columns[i] for i in kind.table.undecided]
        decimal: str = kind.table.dialect.decimal
        if not kind.table.decided and len(others) == 1:
            decimal = next(iter(others))
        elif doubtful:
            seen = doubtful[0].undecided
            decimal = {",": ".", ".": ","}[seen] if doubtful[0].thousands else seen
        kind.table = replace(kind.table, dialect=kind.table.dialect.model_copy(update={"decimal": decimal}))
        if doubtful:
            what = f"{doubtful[0].undecided!r} before three digits in {', '.join(kind.raw[i] for i in kind.table.undecided)}"
            known = f"{what}: decimal {decimal!r} as in the other files"
            kind.decimal_as = (
                known if len(others) == 1 else f"TODO: {what}: decimals or thousands? nothing else in the files tells"
            )


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
