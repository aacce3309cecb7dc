"""Drafts the SELECT of an entity: the mapping of its files to the contract."""

from textwrap import wrap

from tools.feed_draft.entities import orders
from tools.feed_draft.entity_select import EntitySelect
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.orders_by_total import orders_by_total, total_lines, unknown_product
from tools.feed_draft.quoting import WIDTH
from tools.feed_draft.unions import union

BY_TOTAL = {"productos": unknown_product, "detalle_ventas": total_lines}
"""What is added for orders that count by their total, by entity."""


def draft_select(entity: str, kinds: list[FileKind]) -> str | None:
    """The SELECT of an entity, from all kinds of files that provide it; None if none does."""
    providing = orders(kinds) if entity == "ventas" else [kind for kind in kinds if kind.entity == entity]
    selects = [EntitySelect(entity, kind, kinds).select() for kind in providing]
    counted = orders_by_total(kinds)
    if counted and entity in BY_TOTAL:
        providing.append(counted)
        selects.append(BY_TOTAL[entity](counted, kinds))
    if not selects:
        return None
    names = " and ".join(kind.name for kind in providing)
    head = f"-- Drafted by make feed: {entity} from {names}. Complete what says TODO.\n"
    doubts = [
        f"-- {part}\n"
        for kind in providing
        if kind.doubt
        for part in wrap(f"TODO: {kind.name}: {kind.doubt}", WIDTH - 3)
    ]
    return "".join([head, *doubts, "\n", union(selects)])
