"""By which columns the rows of drafted SELECTs belong together: an order, or what else has a key of its own."""

import re

from tools.feed_draft.entities import KEYS
from tools.feed_draft.entity_columns import contract_columns
from tools.feed_draft.entity_select import EntitySelect
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.quoting import quoted

COMPARES_ROWS = re.compile(r"\b(row_number|distinct on|group by)\b")
OF_ORDERS = ("ventas", "detalle_ventas", "envios", "devoluciones", "pagos_venta")


def belonging_together(kinds: list[FileKind], selects: dict[str, str]) -> dict[str, dict[str, str]]:
    """The `together` of feed.yaml, a column for each kind of file, for the SELECTs for which there is one in all that they read.

    `selects` are the drafted texts by entity.
    """
    found = {}
    for entity, text in selects.items():
        read = [
            kind for kind in kinds if kind.entity and re.search(rf"\bcrudo\.{re.escape(quoted(kind.name))}(?!\w)", text)
        ]
        if not COMPARES_ROWS.search(text) and (len(read) < 2 or not re.search(r"\bjoin\b", text)):
            continue
        key = "venta_id" if entity in OF_ORDERS else KEYS.get(entity, "")
        columns = {kind.name: _column(kind, kinds, key) for kind in read}
        if columns and all(columns.values()):
            found[entity] = {name: column for name, column in columns.items() if column}
    return found


def _column(kind: FileKind, kinds: list[FileKind], key: str) -> str | None:
    """The column of the files that holds the key as it is, not converted; None if there is none."""
    if kind.entity is None or key not in kind.found or key not in contract_columns(kind.entity):
        return None
    raw = kind.raw[kind.found[key]]
    return raw if EntitySelect(kind.entity, kind, kinds).expression(key) == quoted(raw) else None
