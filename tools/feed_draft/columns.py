"""What the values of a column seem to be: dates, numbers or words, and how they are written."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tools.feed_draft.vocabulary import header_words

NULLS = ("NULL", "null", "(null)", "\\N", "N/A", "n/a", "#N/A", "NaN", "nan", "s/d", "S/D")
"""Words that always mean null."""

DOUBTFUL_NULLS = ("NA", "na", "ND", "nd", "None", "none", "-", "--", "?", ".", "sin dato", "Sin dato", "SIN DATO")
"""Words that mean null in columns of numbers or dates; elsewhere they may be values."""

MIN_SHARE = 0.9
"""Share of a column's values that must be of a type; the rest may be errors."""

NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")

GROUPED_THOUSANDS = {
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?"),
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?"),
}

PLAIN_DECIMALS = {",": re.compile(r"[+-]?\d+,\d+"), ".": re.compile(r"[+-]?\d+\.\d+")}

RATE = re.compile(r"0|0?[.,]\d+|[01]([.,]0+)?")

SIGNS = "$€£% "
"""What may be written around amounts."""
MINUS_BEHIND = re.compile(r"[^-()]*\d[^-()]*-\s*")
BRACKETS = re.compile(r"\s*\([^-()]*\d[^-()]*\)\s*")
"""How else than by a sign before them amounts are negative."""
UNDECIDED = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
"""An amount whose sign could stand before decimals or between thousands."""
PADDED = 6
"""Digits from which on numbers that all have as many, some of them zeros in front, are written without a decimal sign."""

DATE_FORMATS = {
    "%Y-%m-%d": "YYYY-MM-DD",
    "%d/%m/%Y": "DD/MM/YYYY",
    "%m/%d/%Y": "MM/DD/YYYY",
    "%d-%m-%Y": "DD-MM-YYYY",
    "%m-%d-%Y": "MM-DD-YYYY",
    "%d.%m.%Y": "DD.MM.YYYY",
    "%Y/%m/%d": "YYYY/MM/DD",
    "%Y%m%d": "YYYYMMDD",
    "%d/%m/%y": "DD/MM/YY",
    "%m/%d/%y": "MM/DD/YY",
    "%d-%m-%y": "DD-MM-YY",
    "%d-%b-%Y": "DD-Mon-YYYY",
    "%d-%b-%y": "DD-Mon-YY",
    "%d/%b/%Y": "DD/Mon/YYYY",
    "%d/%b/%y": "DD/Mon/YY",
    "%d %b %Y": "DD Mon YYYY",
    "%d %b %y": "DD Mon YY",
    "%d.%b.%Y": "DD.Mon.YYYY",
    "%d%b%Y": "DDMonYYYY",
}
"""Formats of dates, as strptime and as crudo.fecha have them. Day first comes before month first."""

MONTHS = {"ene": "jan", "abr": "apr", "ago": "aug", "set": "sep", "sept": "sep", "dic": "dec"}
"""Spanish months as strptime has them, where they differ; crudo.fecha reads both."""
MONTH = re.compile(r"(?<![a-z])[a-z]{3,4}(?![a-z])", re.IGNORECASE)

BARE_DATE_FORMATS = {"%y%m%d": "YYMMDD", "%d%m%y": "DDMMYY"}
"""Formats that any number of six digits may be in: for columns whose name says that they hold dates."""

TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?([AaPp]\.?[Mm]\.?|Z|[+-]\d{2}:?\d{2}))?")

ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[ T](?P<time>\d{2}:\d{2}(:\d{2})?)([.,]\d+)?( ?(Z|[+-]\d{2}(:?\d{2})?))?")

YEARS = range(1900, 2100)
"""Years in which dates are expected."""

MAX_WORDS = 20
"""A column with more distinct values holds no codes."""

MIN_REPEATS = 5
"""How often the values of a column of codes occur, on average."""


@dataclass(frozen=True)
class Column:
    """A column, as its values in the samples suggest."""

    header: str
    kind: Literal["nothing", "integer", "number", "date", "word"]
    formats: tuple[str, ...] = ()
    """Formats that fit its dates equally well, as crudo.fecha writes them, day first before month first."""
    before_time: str = ""
    """The text between the date and a time, if there are times."""
    first_day: date | None = None
    """The earliest of its dates."""
    timed: bool = False
    """Whether it has times of day that the contract reads, ISO ones, and not midnight throughout."""
    signs: str = ""
    """What is written around its amounts."""
    negative: bool = False
    minus: Literal["", "behind", "brackets"] = ""
    """How some are negative, if not by a sign before them."""
    undecided: str = ""
    """The sign that its amounts have before three digits, or none, so that it could stand before decimals or thousands."""
    thousands: bool = False
    """Whether it then looks like thousands: small amounts have none, or most of them are round."""
    padded: int = 0
    """How many digits each of its numbers has, where some have zeros in front."""
    grouped: bool = False
    """Whether some have commas between thousands, which only crudo.numero reads."""
    rate: bool = False
    """Whether all of its numbers are between 0 and 1, and some are fractions: a share rather than an amount."""
    short: bool = False
    """Whether all of its numbers have four digits at most: a day of the month or a year rather than a date."""
    whole: bool = False
    """Whether all of its numbers end in .0, as a program writes ids of which some are missing."""
    codes: bool = False
    """Whether a few values occur again and again: a kind rather than an id."""
    words: tuple[str, ...] = ()
    """Its distinct values, the most frequent first; empty if there are more than MAX_WORDS."""
    distinct: int = 0
    """How many they are."""
    unshared: float = 1.0
    """Of the rows of a file that have a value, the share of different ones: less than 1 if some repeat."""

    @property
    def description(self) -> str:
        """The kind, for a person to read."""
        if self.kind == "date":
            return f"date, {' or '.join(self.formats)}"
        return {"nothing": "empty", "integer": "whole number", "number": "number", "word": "text"}[self.kind]


def describe_column(header: str, values: Counter[str], nulls: Sequence[str]) -> Column:
    """The kind of a column, from how often each value occurs; `nulls` are left out."""
    found = {value: count for value, count in values.items() if value not in nulls}
    total = sum(found.values())
    if not total:
        return Column(header, "nothing")
    named = "fecha" in header_words(header)
    dates = _dates(found, total, DATE_FORMATS | BARE_DATE_FORMATS if named else DATE_FORMATS)
    if dates:
        return Column(header, "date", *dates, timed=_timed(found), distinct=len(found))
    numbers: Counter[str] = Counter()
    for value, count in found.items():
        if NUMBER.fullmatch(bare := bare_amount(value)):
            numbers[bare] += count
    words = tuple(sorted(found, key=lambda word: (-found[word], word))) if len(found) <= MAX_WORDS else ()
    codes = bool(words) and total >= MIN_REPEATS * len(words)
    if sum(numbers.values()) < MIN_SHARE * total:
        return Column(header, "word", codes=codes, words=words, distinct=len(found))
    signs = "".join(
        sign for sign in SIGNS if 2 * sum(count for value, count in found.items() if sign in value) >= total
    )
    kind: Literal["integer", "number"] = (
        "integer" if all(value.lstrip("+-").isdigit() for value in numbers) else "number"
    )
    return Column(
        header,
        kind,
        signs=signs,
        negative=any(value.startswith("-") for value in numbers),
        minus="behind"
        if any(map(MINUS_BEHIND.fullmatch, found))
        else "brackets"
        if any(map(BRACKETS.fullmatch, found))
        else "",
        undecided=_undecided(numbers),
        thousands=any(value.lstrip("+-").isdigit() for value in numbers)
        or 2 * sum(value.endswith("00") for value in numbers) > len(numbers),
        padded=_padded(numbers),
        grouped=any(GROUPED_THOUSANDS["."].fullmatch(value) for value in numbers),
        rate=kind == "number" and all(RATE.fullmatch(value) for value in numbers),
        short=all(value.isdigit() and len(value) <= 4 for value in numbers),
        whole=all(value.endswith(".0") for value in numbers),
        codes=codes,
        words=words,
        distinct=len(found),
    )


def bare_amount(value: str) -> str:
    """An amount without what is written around it, its minus in front."""
    bare = value.strip(SIGNS)
    if MINUS_BEHIND.fullmatch(bare) or BRACKETS.fullmatch(bare):
        return "-" + bare.strip("-()" + SIGNS)
    return bare[:1] + bare[1:].lstrip(SIGNS) if bare.startswith(("-", "+")) else bare


def _undecided(numbers: Collection[str]) -> str:
    """The one sign before three digits that all numbers have but those below a thousand, if any."""
    others = [value for value in numbers if not (value.lstrip("+-").isdigit() and abs(int(value)) < 1000)]
    signs = {match[1] if match else "" for match in map(UNDECIDED.fullmatch, others)}
    return signs.pop() if len(signs) == 1 else ""


def _padded(numbers: Collection[str]) -> int:
    """The width of numbers that are all as wide, some with zeros in front; 0 if they are not."""
    bare = [value.lstrip("-") for value in numbers]
    widths = {len(value) if value.isdigit() else 0 for value in bare}
    width = widths.pop() if len(widths) == 1 else 0
    return width if width >= PADDED and any(value.startswith("0") for value in bare) else 0


def decimal_signs(values: Counter[str]) -> Iterator[str]:
    """The decimal sign of each distinct amount in which it is certain: 1.234 could be a thousand, 0.234 could not."""
    for value in values:
        bare = bare_amount(value)
        for sign, other in ((",", "."), (".", ",")):
            plain = PLAIN_DECIMALS[sign].fullmatch(bare) and not GROUPED_THOUSANDS[other].fullmatch(bare)
            if plain or (GROUPED_THOUSANDS[sign].fullmatch(bare) and (sign in bare or bare.count(other) > 1)):
                yield sign


def _dates(values: dict[str, int], total: int, formats: dict[str, str]) -> tuple[tuple[str, ...], str, date] | None:
    """The formats that fit the most values, the text before times, and the earliest day by the first format; or None."""
    days: Counter[str] = Counter()
    for value, count in values.items():
        days[TIME.sub("", value) if ":" in value else value] += count
    best: tuple[int, list[tuple[str, date]]] = (0, [])
    some = list(days)[:30]
    for strptime, template in formats.items():
        if 2 * sum(_day(value, strptime) is not None for value in some) < len(some):
            continue
        found = [(day, count) for value, count in days.items() if (day := _day(value, strptime))]
        fits = sum(count for _, count in found)
        if fits >= MIN_SHARE * total and fits >= best[0]:
            fitting = (template, min(day for day, _ in found))
            best = (fits, [*best[1], fitting] if fits == best[0] else [fitting])
    if not best[1]:
        return None
    before_time = next((time[0][0] for value in values if (time := TIME.search(value))), "")
    return tuple(template for template, _ in best[1]), before_time, best[1][0][1]


def _timed(values: Collection[str]) -> bool:
    times = [match["time"] for value in values if (match := ISO_TIME.fullmatch(value))]
    return len(times) == len(values) and any(time.strip("0:") for time in times)


def _day(value: str, strptime: str) -> date | None:
    """The day that a value is in the format, if any."""
    # strptime would read 2025111 too
    if len(value) < 6 or len(value) != {"%Y%m%d": 8, "%y%m%d": 6, "%d%m%y": 6}.get(strptime, len(value)):
        return None
    if "%b" in strptime:
        value = MONTH.sub(lambda name: MONTHS.get(name[0].lower(), name[0]), value)
    try:
        day = datetime.strptime(value, strptime).date()  # noqa: DTZ007 (a day)
    except ValueError:
        return None
    return day if day.year in YEARS else None
