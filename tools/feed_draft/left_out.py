"""Rows that are none of the table: of one value, the header once more, units, and totals of other rows."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.quoting import UNION, WIDTH, literal, quoted
from tools.feed_draft.tables import TOTAL_BEGINS


def draft_left_out(kinds: Iterable[FileKind]) -> str | None:
    """The SELECT of such rows, if any were seen: descartes.sql."""
    selects = [
        "\n".join(
            [f"{remark}select", "    _archivo,", "    _linea", f"from crudo.{quoted(kind.name)}", *where([drop]), ""]
        )
        for kind in kinds
        if kind.entity
        for _, drop, remark in _conditions(kind, "")
    ]
    head = "-- Drafted by make feed: rows that are none of the table, which are left out.\n\n"
    return head + UNION.join(selects) if selects else None


def kept_conditions(kind: FileKind, own: str) -> list[str]:
    """What is true of all other rows, if there are such; `own` qualifies the columns."""
    return [keep for keep, _, _ in _conditions(kind, own)]


def where(conditions: list[str]) -> list[str]:
    """The lines of the clause, if there is one to write."""
    if len(conditions) == 1 and "\n" not in conditions[0] and len(conditions[0]) + 6 <= WIDTH:
        return [f"where {conditions[0]}"]
    return (
        ["where", *("    " + ("and " if i else "") + each for i, each in enumerate(conditions))] if conditions else []
    )


def _conditions(kind: FileKind, own: str) -> Iterator[tuple[str, str, str]]:
    """What is true of rows of the table, what of those that are left out, and a remark on these."""
    raw = [own + quoted(name) for name in kind.raw]
    if kind.table.lone_values:
        some, lone = (_of_values("num_nonnulls", raw, what) for what in ("> 1", "<= 1"))
        yield some, lone, "-- TODO: are rows of one value alone notes or totals?\n"
    if kind.table.headers_again:
        first = next(i for i, column in enumerate(kind.table.columns) if column.header)
        header = literal(kind.table.columns[first].header)
        yield f"{raw[first]} is distinct from {header}", f"{raw[first]} = {header}", "-- the header once more\n"
    if kind.table.units_below:
        values = [raw[i] for i in kind.table.units_below]
        other, unit = (_of_values("concat", values, f"{sign} '^[^0-9]+$'") for sign in ("!~", "~"))
        yield other, unit, "-- TODO: do these rows without a digit name units, or rule off the header?\n"
    for i in kind.table.totals_in:
        total = f"{raw[i]} ~* {literal(TOTAL_BEGINS)}"
        yield f"({total}) is not true", total, "-- TODO: are these the totals of other rows?\n"


def _of_values(function: str, values: list[str], what: str) -> str:
    condition = f"{function}({', '.join(values)}) {what}"
    if len(condition) + 8 <= WIDTH:
        return condition
    within = "\n".join(wrap(", ".join(values), WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8))
    return f"{function}(\n{within}\n    ) {what}"
