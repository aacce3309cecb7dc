"""For kinds of files that got no entity: the SELECTs of those that they could be, for a person to choose from."""

from collections.abc import Sequence
from dataclasses import replace

from tools.feed_draft.entities import candidates
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.select_draft import draft_select

SKELETONS = "not_mapped.md"
HEAD = """# Files that got no entity

What each of them could be, by its columns. Where one is right, save it as the file that stands above it, take `lookup: true`
of the kind out of feed.yaml, and complete it; remove this page when you are done.
"""


def has_skeleton(kind: FileKind) -> bool:
    return kind.entity is None and bool(candidates(kind))


def draft_skeletons(kinds: Sequence[FileKind]) -> str | None:
    """The page, or None if each kind has an entity or is like none."""
    parts = [
        f"\n## {kind.name}: {entity}.sql\n\n```sql\n{_skeleton(kind, entity, found, kinds)}```\n"
        for kind in kinds
        if kind.entity is None
        for entity, found in candidates(kind)
    ]
    return HEAD + "".join(parts) if parts else None


def _skeleton(kind: FileKind, entity: str, found: dict[str, int], kinds: Sequence[FileKind]) -> str:
    as_if = replace(kind, entity=entity, found=found)
    text = draft_select(entity, [as_if, *(other for other in kinds if other is not kind and other.entity != entity)])
    return text.split("\n\n", 1)[1].replace("TODO required", "required").replace("TODO", "to do")
