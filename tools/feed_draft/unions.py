"""The SELECTs of several kinds of files as one: a union goes by the position of columns, and needs equal types."""

import re
from collections.abc import Sequence
from dataclasses import replace
from textwrap import indent

from tools.feed_draft.conversions import Drafted
from tools.feed_draft.quoting import UNION
from tools.feed_draft.select_text import SIMPLE_EXPRESSION, Select

NUMBER = re.compile(r"(numero|trim_scale|round|row_number)\(.*|lineas\.total|\d+", re.DOTALL)
DATE_OF_FILE = re.compile(r"([\w\"]+\.)?_fecha")


def union(selects: Sequence[Select]) -> str:
    """The text of all of them. The common table expressions that they read come first, each once."""
    ctes = list(dict.fromkeys(cte for select in selects for cte in select.ctes))
    texts = [select.text() for select in _alike(selects)]
    if len(texts) > 1:  # an order within a union needs brackets
        texts = [
            f"(\n{indent(text, '    ')})\n" if select.key else text for select, text in zip(selects, texts, strict=True)
        ]
    return "".join([*_with(ctes), UNION.join(texts)])


def _alike(selects: Sequence[Select]) -> list[Select]:
    """With columns in the same order, computed ones of the first last, as sqlfluff has it; several, with columns of one type."""
    first = selects[0].columns
    names = sorted(first, key=lambda name: not re.fullmatch(SIMPLE_EXPRESSION, first[name].sql))
    if len(selects) == 1:
        return [replace(selects[0], columns={name: first[name] for name in names})]
    numbers = {name for one in selects for name in names if NUMBER.fullmatch(one.columns[name].sql)}
    return [
        replace(one, columns={name: _typed(one.columns[name], one.decimal, number=name in numbers) for name in names})
        for one in selects
    ]


def _typed(drafted: Drafted, decimal: str, *, number: bool) -> Drafted:
    if number and not NUMBER.fullmatch(drafted.sql):
        return replace(drafted, sql=f"numero({drafted.sql}, '{decimal}')")
    if drafted.sql.startswith("date '"):
        return replace(drafted, sql=drafted.sql.removeprefix("date "))
    return replace(drafted, sql=f"{drafted.sql}::text") if DATE_OF_FILE.fullmatch(drafted.sql) else drafted


def _with(ctes: Sequence[tuple[str, ...]]) -> list[str]:
    """The lines of common table expressions, each of which begins with a comment."""
    lines: list[str] = []
    for i, (comment, first, *rest) in enumerate(ctes):
        last = "),\n" if i + 1 < len(ctes) else ")\n"
        lines += [comment, first if i else f"with {first}", *rest[:-1], last]
    return [f"{line}\n" for line in lines]
