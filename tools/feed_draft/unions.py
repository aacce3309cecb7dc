"""The SELECTs of several kinds of files as one: a union goes by the position of columns, and needs equal types."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tools.feed_draft.conversions import Drafted

UNION = "\nunion all\n\n"
NUMBER = re.compile(r"(numero|trim_scale|round|row_number)\(.*|lineas\.total|\d+", re.DOTALL)
DATE = re.compile(r"date '.*'|([\w\"]+\.)?_fecha")


def same_columns(selects: Sequence[dict[str, Drafted]], decimals: Sequence[str]) -> list[dict[str, Drafted]]:
    """The columns of each SELECT, in the order of the first one and of one type each; `decimals` are the files' decimal signs."""
    numbers = {name for columns in selects for name, drafted in columns.items() if NUMBER.fullmatch(drafted.sql)}
    return [
        {name: _alike(columns[name], decimal, number=name in numbers) for name in selects[0]}
        for columns, decimal in zip(selects, decimals, strict=True)
    ]


def _alike(drafted: Drafted, decimal: str, *, number: bool) -> Drafted:
    if number and not NUMBER.fullmatch(drafted.sql):
        return replace(drafted, sql=f"numero({drafted.sql}, '{decimal}')")
    if DATE.fullmatch(drafted.sql):
        return replace(drafted, sql=f"{drafted.sql}::text")
    return drafted
