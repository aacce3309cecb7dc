"""Group files by kind: those of one kind have the same columns, and names that differ by a date or a number."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from glob import escape
from pathlib import Path

from client360.ingest.column_names import column_name, column_names
from client360.ingest.feed_spec import RawFile
from tools.feed_draft.columns import YEARS
from tools.feed_draft.sniff import NoTable, Sample, Table, has_header, sample, table
from tools.feed_draft.words import known

SUFFIXES = (".csv", ".txt", ".tsv", ".psv", ".dat", "")
SAMPLES = 12
"""The most files of a kind that are read."""

DATES = {
    r"\d{4}-\d{2}-\d{2}": ("%Y-%m-%d",),
    r"\d{4}_\d{2}_\d{2}": ("%Y_%m_%d",),
    r"\d{4}\.\d{2}\.\d{2}": ("%Y.%m.%d",),
    r"\d{4}/\d{2}/\d{2}": ("%Y/%m/%d",),
    r"\d{2}-\d{2}-\d{4}": ("%d-%m-%Y", "%m-%d-%Y"),
    r"\d{2}_\d{2}_\d{4}": ("%d_%m_%Y", "%m_%d_%Y"),
    r"\d{2}\.\d{2}\.\d{4}": ("%d.%m.%Y",),
    r"\d{8}": ("%Y%m%d", "%d%m%Y", "%m%d%Y"),
    r"\d{4}-\d{2}": ("%Y-%m",),
    r"\d{4}_\d{2}": ("%Y_%m",),
    r"\d{6}": ("%Y%m", "%y%m%d"),
}
"""Formats of dates in the names of files."""


@dataclass
class Kind:
    """A kind of file: its raw table, the pattern of its names, its files, and the entity they seem to provide."""

    name: str
    pattern: str
    paths: list[str]
    table: Table
    raw: list[str]
    """The columns' names in the raw table."""
    entity: str | None = None
    found: dict[str, int] = field(default_factory=dict)
    """The position of each column of the entity."""

    def declares(self) -> RawFile:
        return RawFile(name=self.pattern, dialect=self.table.dialect)


def kinds(folder: Path) -> tuple[list[Kind], list[str]]:
    """The kinds of files in a folder, and a line about each file that is left out."""
    samples: dict[str, Sample] = {}
    left_out = []
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for relative in sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()):
        if any(part.startswith(".") for part in relative.split("/")):
            continue
        if Path(relative).suffix.lower() in SUFFIXES:
            groups[re.sub(r"\d+", "0", _significant(relative))].append(relative)
        else:
            left_out.append(f"{relative} is left out: save it as CSV")
    found = []
    for paths in groups.values():
        step = -(-len(paths) // SAMPLES)
        for path in paths[::step]:
            try:
                samples[path] = sample(folder / path)
            except NoTable as error:
                left_out.append(f"{path} is left out: {error}")
        sampled = [path for path in paths if path in samples]
        if not sampled:
            continue
        if _alike([samples[path] for path in sampled]):
            found.append(_kind(_pattern(paths), paths, [samples[path] for path in sampled]))
        else:
            found += [_kind(_literal(path), [path], [samples[path]]) for path in sampled]
    taken: Counter[str] = Counter()
    for kind in found:
        taken[kind.name] += 1
        if taken[kind.name] > 1:
            kind.name += f"_{taken[kind.name]}"
    return found, left_out


def _kind(pattern: str, paths: list[str], samples: Sequence[Sample]) -> Kind:
    found = table(samples, known)
    stem = re.sub(r"\{[^{}]*\}|\[[^]]*\]|[*?]", "", pattern)
    # short enough for a table, and without the suffix of the tables behind the views
    name = column_name(Path(stem).with_suffix("").as_posix())[:44].rstrip("_").removesuffix("_filas")
    return Kind(name, pattern, paths, found, list(column_names(column.header for column in found.columns)))


def _alike(samples: Sequence[Sample]) -> bool:
    """Whether files of similar names are of one kind: they share encoding, delimiter and at least half of the columns."""
    encodings = {one.encoding.removesuffix("-sig") for one in samples if not one.ascii_only}
    headers = [frozenset(map(column_name, one.rows[0])) for one in samples]
    wide = [one for one in samples if len(one.rows[0]) > 1]
    without_header = len({len(one.rows[0]) for one in samples}) == 1 and not any(
        has_header(one, known) for one in samples
    )
    return (
        len(encodings) <= 1
        and len({(one.delimiter, one.quote if one.quote == "'" else '"') for one in wide}) <= 1
        and (all(len(headers[0] & header) * 2 >= len(headers[0]) for header in headers) or without_header)
    )


def _significant(path: str) -> str:
    """The part of a path that names its kind: the file's name or, where only the folders have a date, the whole path."""
    file = path.rsplit("/", 1)[-1]
    return file if not _dates(path) or _dates(file) else path


def _dates(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """The start and end of each date in a text, and the formats it may have."""
    for expression, formats in DATES.items():
        found = [
            (match.start(), match.end(), fitting)
            for match in re.finditer(rf"(?<!\d){expression}(?!\d)", text)
            if (fitting := tuple(form for form in formats if _is_day(match[0], form)))
        ]
        if found:
            return found
    return []


def _is_day(text: str, form: str) -> bool:
    try:
        return datetime.strptime(text, form).year in YEARS  # noqa: DTZ007 (a day)
    except ValueError:
        return False


def _pattern(paths: list[str]) -> str:
    """The name of a kind of files: its date in braces, a span of dates as *, numbers that differ as [0-9]*."""
    texts = [_significant(path) for path in paths]
    dates = [_dates(text) for text in texts]
    counts = {len(found) for found in dates}
    if counts == {1}:
        formats = [form for form in dates[0][0][2] if all(form in found[0][2] for found in dates)]
        outside = {(text[: found[0][0]], text[found[0][1] :]) for text, found in zip(texts, dates, strict=True)}
        if formats and len(outside) == 1:
            ((before, after),) = outside
            return f"{_literal(before)}{{{formats[0]}}}{_literal(after)}"
    if min(counts) > 1:
        outside = {(text[: found[0][0]], text[found[-1][1] :]) for text, found in zip(texts, dates, strict=True)}
        if len(outside) == 1:
            ((before, after),) = outside
            return f"{_literal(before)}*{_literal(after)}"
    pieces = [re.split(r"(\d+)", text) for text in texts]
    return "".join(_literal(column[0]) if len(set(column)) == 1 else "[0-9]*" for column in zip(*pieces, strict=True))


def _literal(text: str) -> str:
    return re.sub(r"[{}]", "?", escape(text))
