"""The SELECTs of what files could be, or hold too, for a person to choose from."""

from dataclasses import replace

from tools.feed_draft.entities import candidates, orders
from tools.feed_draft.entity_select import EntitySelect
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.unions import union

SKELETONS = "not_mapped.md"
HEAD = """# What the draft left to you

What else each file could be, by its columns. Where one is right, save it as the file that stands above it, and complete it.
A file that has no entity yet is a lookup: take `lookup: true` of it out of feed.yaml. Remove this page when you are done.
"""


def has_skeleton(kind: FileKind) -> bool:
    return kind.entity is None and bool(candidates(kind))


def draft_skeletons(kinds: list[FileKind]) -> str | None:
    """The page, or None if nothing is left to choose."""
    provided = {kind.entity for kind in (*kinds, *orders(kinds))}
    parts = [
        f"\n## {kind.name}: {entity}.sql\n\n```sql\n{_skeleton(kind, entity, found, kinds)}```\n"
        for kind in kinds
        for entity, found in candidates(kind)
        if kind.entity is None or entity not in provided
    ]
    return HEAD + "".join(parts) if parts else None


def _skeleton(kind: FileKind, entity: str, found: dict[str, int], kinds: list[FileKind]) -> str:
    # what the rows of another entity repeat is told by the first of them
    as_if = replace(kind, entity=entity, found=found, repeated=kind.entity is not None)
    others = [other for other in kinds if other is not kind and other.entity != entity]
    text = union([EntitySelect(entity, as_if, [as_if, *others]).select()])
    return text.replace("TODO required", "required").replace("TODO", "to do")
