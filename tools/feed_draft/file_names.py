"""The names of files: where they hold dates, and the pattern that the names of a kind share."""

import re
from datetime import datetime
from glob import escape

from client360.ingest.file_names import any_archive
from client360.ingest.raw_file import IN_ARCHIVE
from tools.feed_draft.columns import YEARS

DATES_IN_NAMES = {
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
"""Regular expressions of dates in the names of files, with the strptime formats that each may be."""


def significant_part(path: str) -> str:
    """The file's name or, if only its folders hold a date, the whole path: it tells kinds of files apart. Of a member of
    an archive, all of it unless the member's name holds a date."""
    file = path.rsplit("/", 1)[-1]
    if IN_ARCHIVE.search(path):
        return file if _dates(file) else path
    return file if not _dates(path) or _dates(file) else path


def archive_part(path: str) -> str:
    """What the pattern of a member of an archive begins with, if its own name tells which file it is; empty otherwise."""
    return any_archive(path) if IN_ARCHIVE.search(path) and not IN_ARCHIVE.search(significant_part(path)) else ""


def _dates(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Start, end and possible formats of each date in a text."""
    for expression, formats in DATES_IN_NAMES.items():
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


def name_pattern(paths: list[str]) -> str:
    """The `name` of a kind of file in feed.yaml: a date in braces, a span of dates as *, numbers that differ as [0-9]*."""
    return archive_part(paths[0]) + _pattern(paths)


def _pattern(paths: list[str]) -> str:
    texts = [significant_part(path) for path in paths]
    if len({re.sub(r"\d+", "", text) for text in texts}) > 1:  # they differ in case, which runs do not mind
        texts = [text.lower() for text in texts]
    dates = [_dates(text) for text in texts]
    counts = {len(found) for found in dates}
    if counts == {1}:
        formats = [form for form in dates[0][0][2] if all(form in found[0][2] for found in dates)]
        outside = {(text[: found[0][0]], text[found[0][1] :]) for text, found in zip(texts, dates, strict=True)}
        if formats and len(outside) == 1:
            ((before, after),) = outside
            return f"{literal_pattern(before)}{{{formats[0]}}}{literal_pattern(after)}"
    if min(counts) > 1:
        outside = {(text[: found[0][0]], text[found[-1][1] :]) for text, found in zip(texts, dates, strict=True)}
        if len(outside) == 1:
            ((before, after),) = outside
            return f"{literal_pattern(before)}*{literal_pattern(after)}"
    pieces = [re.split(r"(\d+)", text) for text in texts]
    return "".join(
        literal_pattern(column[0]) if len(set(column)) == 1 else "[0-9]*" for column in zip(*pieces, strict=True)
    )


def literal_pattern(text: str) -> str:
    """A glob that matches the text; braces, which would mean a date, match as ?."""
    return re.sub(r"[{}]", "?", escape(text))
