"""The text of a SELECT as sqlfluff has it."""

import re
from dataclasses import dataclass
from textwrap import wrap

from tools.feed_draft.conversions import Drafted
from tools.feed_draft.quoting import WIDTH, named

SIMPLE_EXPRESSION = r"""[\w."]+|'[^']*'"""


@dataclass(frozen=True)
class Select:
    """A SELECT of one kind of file."""

    columns: dict[str, Drafted]
    """All of the entity's, in any order."""
    own: str
    """What qualifies `_archivo` and `_linea`."""
    source: list[str]
    """The lines from `from` on."""
    ctes: list[tuple[str, ...]]
    """The lines of each common table expression that it reads."""
    decimal: str
    """The decimal sign of its numbers."""
    key: str = ""
    """The expression of which each value gives one row, the first; without it, all rows count."""

    def text(self) -> str:
        """Without the common table expressions."""
        lines = [f"    {self.own}_archivo,", f"    {self.own}_linea,"]
        for i, (name, drafted) in enumerate(self.columns.items(), start=1):
            comma = "," if i < len(self.columns) else ""
            lines += _line(f"{named(drafted.sql, name)}{comma}", drafted.remark)
        first, last = (
            [f"select distinct on ({self.key})"],
            [f"order by {self.key}, {self.own}_archivo, {self.own}_linea"],
        )
        return (
            "\n".join([*(first if self.key else ["select"]), *lines, *self.source, *(last if self.key else [])]) + "\n"
        )


def first_rows(columns: dict[str, str], source: str) -> list[str]:
    """The first row of each order; `columns` are expressions by name."""
    key = columns["venta_id"]
    # computed ones last, as sqlfluff has it
    ordered = sorted(columns.items(), key=lambda item: re.fullmatch(SIMPLE_EXPRESSION, item[1]) is None)
    return [
        f"    select distinct on ({key})",
        ",\n".join(f"        {named(sql, name)}" for name, sql in ordered),
        f"    from {source}",
        f"    order by {key}, _archivo, _linea",
    ]


def join_lines(join: str) -> list[str]:
    """A join, on two lines where it is long."""
    return [join] if len(join) <= WIDTH else join.replace(" on ", "\n    on ", 1).split("\n")


def _line(code: str, remark: str | None) -> list[str]:
    if remark is None:
        return [f"    {code}"]
    if "\n" not in code and len(code) + len(remark) + 9 <= WIDTH:
        return [f"    {code}  -- {remark}"]
    return [*(f"    -- {part}" for part in wrap(remark, WIDTH - 10)), f"    {code}"]
