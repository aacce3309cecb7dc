"""The rows that belong to no entity: nothing but delimiters, and totals below a list."""

from collections.abc import Iterable
from textwrap import indent, wrap

from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.quoting import quoted
from tools.feed_draft.unions import UNION

WIDTH = 120
TOTAL = r"'^\s*(sub)?total(es)?\M'"
"""How a line of totals begins, as PostgreSQL's regular expressions have it."""
HEAD = "-- Drafted by make feed: rows that are left out.\n"
DOUBT = "-- TODO: lines that begin with the word total are taken for totals of the others\n"


def draft_left_out(kinds: Iterable[FileKind]) -> str | None:
    """The SELECT of the rows to leave out, if any were seen: descartes.sql."""
    those = [kind for kind in kinds if kind.entity and (kind.table.blank_rows or kind.table.total is not None)]
    if not those:
        return None
    selects = [
        f"select\n    _archivo,\n    _linea\nfrom crudo.{quoted(kind.name)}\n" + _where(_left_out(kind), "or")
        for kind in those
    ]
    doubt = DOUBT if any(kind.table.total is not None for kind in those) else ""
    return f"{HEAD}{doubt}\n" + UNION.join(selects)


def kept_rows(kind: FileKind, own: str) -> str:
    """The condition of the other rows, empty if there are only those; `own` qualifies the columns."""
    conditions = [_filled(kind, own, "is not null")] if kind.table.blank_rows else []
    if kind.table.total is not None:
        conditions.append(f"coalesce({own}{quoted(kind.raw[kind.table.total])}, '') !~* {TOTAL}")
    return _where(conditions, "and")


def _left_out(kind: FileKind) -> list[str]:
    conditions = [_filled(kind, "", "is null")] if kind.table.blank_rows else []
    if kind.table.total is not None:
        conditions.append(f"{quoted(kind.raw[kind.table.total])} ~* {TOTAL}")
    return conditions


def _where(conditions: list[str], word: str) -> str:
    """The lines of a where, in one where it fits."""
    if not conditions:
        return ""
    line = f"where {f' {word} '.join(conditions)}\n"
    if len(line) <= WIDTH and "\n" not in line[:-1]:
        return line
    return "where\n" + indent(f"\n{word} ".join(conditions), " " * 4) + "\n"


def _filled(kind: FileKind, own: str, what: str) -> str:
    """The condition that a row has a value, or none."""
    names = ", ".join(f"{own}{quoted(name)}" for name in kind.raw)
    condition = f"coalesce({names}) {what}"
    if len(condition) + 6 <= WIDTH:
        return condition
    within = "\n".join(wrap(names, WIDTH - 8, initial_indent=" " * 4, subsequent_indent=" " * 4))
    return f"coalesce(\n{within}\n) {what}"
