"""What a column of a file holds, by its values: whole numbers, amounts, dates or words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

NULLS = ("NULL", "null", "(null)", "\\N", "N/A", "n/a", "#N/A", "NaN", "nan", "s/d", "S/D")
"""Words that mean no value wherever they are a whole cell."""
DOUBTFUL_NULLS = ("NA", "na", "ND", "nd", "None", "none", "-", "--", "?", ".", "sin dato", "Sin dato", "SIN DATO")
"""Words that mean no value in a column of numbers or dates."""
MOSTLY = 0.9
"""Share of its values that decides what a column holds: some values of real files are errors."""

NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")
THOUSANDS = {",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?"), ".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")}
PLAIN = {",": re.compile(r"[+-]?\d+,\d+"), ".": re.compile(r"[+-]?\d+\.\d+")}
SIGNS = "$€£% "
"""Characters beside an amount that are no part of the number."""
DAYS = {
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
    "%d %b %Y": "DD Mon YYYY",
}
"""Formats of days, of strptime and of crudo.fecha, day first before month first."""
TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?([AaPp]\.?[Mm]\.?|Z|[+-]\d{2}:?\d{2}))?")
YEARS = range(1900, 2100)


@dataclass(frozen=True)
class Column:
    """The contents of a column in the sample."""

    header: str
    kind: Literal["nothing", "integer", "number", "date", "word"]
    formats: tuple[str, ...] = ()
    """Formats of crudo.fecha that fit its dates equally well, day first before month first."""
    before_time: str = ""
    """The character between the day and the time, where there is a time."""
    first: date | None = None
    """The earliest of its dates."""
    signs: str = ""
    """Those of SIGNS beside its amounts."""
    negative: bool = False
    words: tuple[str, ...] = ()
    """Its different values, the most frequent first; none if there are more than 20."""

    @property
    def holds(self) -> str:
        if self.kind == "date":
            return f"date, {' or '.join(self.formats)}"
        return {"nothing": "empty", "integer": "whole number", "number": "number", "word": "text"}[self.kind]


def describe_column(header: str, values: Counter[str], nulls: Sequence[str]) -> Column:
    """Describe a column by its values and how often each occurs; `nulls` are the values that mean none."""
    found = {value: count for value, count in values.items() if value not in nulls}
    total = sum(found.values())
    if not total:
        return Column(header, "nothing")
    dates = _dates(found, total)
    if dates:
        return Column(header, "date", *dates)
    bare = {value.strip(SIGNS): count for value, count in found.items()}
    numbers = {value: count for value, count in bare.items() if NUMBER.fullmatch(value)}
    words = tuple(sorted(found, key=lambda word: (-found[word], word))) if len(found) <= 20 else ()
    if sum(numbers.values()) < MOSTLY * total:
        return Column(header, "word", words=words)
    signs = "".join(
        sign for sign in SIGNS if 2 * sum(count for value, count in found.items() if sign in value) >= total
    )
    kind: Literal["integer", "number"] = (
        "integer" if all(value.lstrip("+-").isdigit() for value in numbers) else "number"
    )
    negative = any(value.startswith("-") for value in numbers)
    return Column(header, kind, signs=signs, negative=negative, words=words)


def decimal_signs(values: Counter[str]) -> Iterator[str]:
    """The decimal sign of each different amount that is unambiguous: 1.234 could be a thousand."""
    for value in values:
        bare = value.strip(SIGNS)
        for sign, other in ((",", "."), (".", ",")):
            plain = PLAIN[sign].fullmatch(bare) and not THOUSANDS[other].fullmatch(bare)
            if plain or (THOUSANDS[sign].fullmatch(bare) and (sign in bare or bare.count(other) > 1)):
                yield sign


def _dates(values: dict[str, int], total: int) -> tuple[tuple[str, ...], str, date] | None:
    """The formats that most of the values fit, the character before times, and the earliest day by the first format."""
    days: Counter[str] = Counter()
    for value, count in values.items():
        days[TIME.sub("", value) if ":" in value else value] += count
    best: tuple[int, list[tuple[str, date]]] = (0, [])
    some = list(days)[:30]
    for strptime, template in DAYS.items():
        if 2 * sum(_day(value, strptime) is not None for value in some) < len(some):
            continue
        found = [(day, count) for value, count in days.items() if (day := _day(value, strptime))]
        fits = sum(count for _, count in found)
        if fits >= MOSTLY * total and fits >= best[0]:
            fitting = (template, min(day for day, _ in found))
            best = (fits, [*best[1], fitting] if fits == best[0] else [fitting])
    if not best[1]:
        return None
    before_time = next((time[0][0] for value in values if (time := TIME.search(value))), "")
    return tuple(template for template, _ in best[1]), before_time, best[1][0][1]


def _day(value: str, strptime: str) -> date | None:
    if len(value) < 6 or (strptime == "%Y%m%d" and len(value) != 8):  # strptime reads 2025111 too
        return None
    try:
        day = datetime.strptime(value, strptime).date()  # noqa: DTZ007 (a day)
    except ValueError:
        return None
    return day if day.year in YEARS else None
