"""The SELECTs of what files could be, or hold too, for a person to choose from."""

from collections.abc import Sequence
from dataclasses import replace

from tools.feed_draft.entities import candidates
from tools.feed_draft.entity_select import EntitySelect
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.quoting import quoted
from tools.feed_draft.unions import union

KEYS = {"clientes": "cliente_id", "productos": "producto_id", "ventas": "venta_id"}
SKELETONS = "not_mapped.md"
HEAD = """# What the draft left to you

What else each file could be, by its columns. Where one is right, save it as the file that stands above it, and complete it.
A file that has no entity yet is a lookup: take `lookup: true` of it out of feed.yaml. Remove this page when you are done.
"""


def has_skeleton(kind: FileKind) -> bool:
    return kind.entity is None and bool(candidates(kind))


def draft_skeletons(kinds: Sequence[FileKind]) -> str | None:
    """The page, or None if nothing is left to choose."""
    provided = {kind.entity for kind in kinds}
    parts = [
        f"\n## {kind.name}: {entity}.sql\n\n```sql\n{_skeleton(kind, entity, found, kinds)}```\n"
        for kind in kinds
        for entity, found in candidates(kind)
        if kind.entity is None or entity not in provided
    ]
    return HEAD + "".join(parts) if parts else None


def _skeleton(kind: FileKind, entity: str, found: dict[str, int], kinds: Sequence[FileKind]) -> str:
    as_if = replace(kind, entity=entity, found=found)
    others = [other for other in kinds if other is not kind and other.entity != entity]
    text = union([EntitySelect(entity, as_if, [as_if, *others]).select()])
    text = text.replace("TODO required", "required").replace("TODO", "to do")
    if not kind.entity:
        return text
    # each by its first row
    column = quoted(kind.raw[found[KEYS[entity]]])
    return text.replace("select\n", f"select distinct on ({column})\n", 1) + f"order by {column}, _archivo, _linea\n"
