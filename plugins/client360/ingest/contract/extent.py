"""How much of an entity a run has to judge: nothing, what has changed, or all of it.

A SELECT goes row by row if each of its rows comes from one line of one file, whatever other files hold. PostgreSQL says so: its
plan reads one kind of file once, and neither groups, numbers, limits nor compares its rows.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from psycopg import sql

from client360.ingest.contract.changes import Changes
from client360.ingest.contract.statements import Context

log = logging.getLogger(__name__)

PASSED_ON = {
    "Append", "Bitmap Heap Scan", "CTE Scan", "Function Scan", "Gather", "Gather Merge", "Hash", "Incremental Sort",
    "Index Only Scan", "Index Scan", "Materialize", "Memoize", "Merge Append", "ProjectSet", "Result", "Seq Scan", "Sort",
    "Subquery Scan", "Values Scan",
}  # fmt: skip
"""Nodes of a plan that give each row on by itself."""
JOINS = {"Hash Join", "Merge Join", "Nested Loop"}
KEEPS_OUTER = {"Inner", "Left", "Semi", "Anti"}
"""Kinds of joins that give no row without one of their outer side."""
KEEPS_INNER = {"Inner", "Right", "Right Semi", "Right Anti"}
NOT_OF_THE_ROW = re.compile(
    r"\b(current_(date|time|timestamp|setting)|local(time|timestamp)|now|(statement|transaction)_timestamp|txid_\w+"
    r"|\w+_to_xml\w*|pg_(?!input_is_valid)\w+)",
    re.IGNORECASE,
)
"""What PostgreSQL does not count as volatile, and may give something else another time, or look into other tables."""
CALLED = re.compile(r'(\w+|"[^"]+")\(')
"""What is followed by a parenthesis in a plan: functions among others."""
SAID_OF_A_TIME = re.compile(r"'\s*(now|today|tomorrow|yesterday)\b", re.IGNORECASE)
"""Texts that PostgreSQL reads as a time; its plan shows which."""


class Extent(Enum):
    NOTHING = "nothing"
    FILES = "the files that have changed"
    GROUPS = "the groups of rows, as the feed declares them, in which a row came or went"
    WHOLE = "all rows"


@dataclass(frozen=True)
class _Reading:
    """What a part of a plan reads of the files whose rows count."""

    kinds: frozenset[str] = frozenset()
    by_row: bool = True


def of_select(context: Context, changes: Changes, name: str, mapping: sql.Composable) -> Extent:
    """How much of a SELECT has to be evaluated again."""
    if changes.everything:
        return Extent.WHOLE
    plan = _plan(context, mapping)
    nodes = list(_nodes(plan))
    read = _kinds(nodes)
    if not read & changes.kinds:
        return Extent.NOTHING
    lookups = {kind for kind, declared in context.feed.files.items() if declared.lookup}
    together = context.feed.together.get(name, {}).keys()
    if read & lookups & changes.kinds - together:
        log.info("%s reads a lookup that has changed: all its rows are judged again", context.mapping_file(name))
        return Extent.WHOLE
    given = {kind for (kind,) in context.execute("busquedas_dadas", entidad=name, lookups=sorted(lookups)).fetchall()}
    if _reads_only_files(context, nodes) and not SAID_OF_A_TIME.search(mapping.as_string(None)):
        if not given and not read & lookups & changes.kinds and _reading(plan, nodes, lookups).by_row:
            return Extent.FILES
        if together and read - lookups <= together and given <= together:
            return Extent.GROUPS
    log.info("%s does not go row by row: all its rows are judged again", context.mapping_file(name))
    return Extent.WHOLE


def kinds_read(context: Context, name: str) -> set[str]:
    """The kinds of files that a SELECT of the feed reads, however it names them."""
    mapping = context.select(name)
    return set() if mapping is None else _kinds(_nodes(_plan(context, mapping)))


def _plan(context: Context, mapping: sql.Composable) -> dict[str, Any]:
    with context.names_of_files():
        (found,) = context.execute("plan", mapeo=mapping).fetchone() or ([],)
    return dict(found[0]["Plan"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _kinds(nodes: Iterable[dict[str, Any]]) -> set[str]:
    return {kind for node in nodes if (kind := _kind(node))}


def _kind(node: dict[str, Any]) -> str | None:
    """The kind of file whose rows a node reads, if any."""
    if node.get("Schema") == "crudo" and "Relation Name" in node:
        return str(node["Relation Name"]).removesuffix("_filas")
    return None


def _reads_only_files(context: Context, nodes: list[dict[str, Any]]) -> bool:
    """Whether nothing is read but views of files, and nothing is called that gives something else another time."""
    relations = [(node["Schema"], node["Relation Name"]) for node in nodes if "Relation Name" in node]
    of_files = [name for schema, name in relations if schema == "crudo" and name.endswith("_filas")]
    others = [relation for relation in relations if relation[1] not in of_files]
    if others != [("control", "entregas")] * len(of_files):
        return False
    said = " ".join(str(value) for node in nodes for key, value in node.items() if key != "Plans")
    called = sorted({name.strip('"') for name in CALLED.findall(said)})
    (varies,) = context.execute("funciones_cambiantes", llamadas=called).fetchone() or (True,)
    return not varies and not NOT_OF_THE_ROW.search(said)


def _reading(plan: dict[str, Any], nodes: list[dict[str, Any]], lookups: set[str]) -> _Reading:
    """What this part of a plan reads, and whether it gives the rows on one by one."""
    children = plan.get("Plans", [])
    aside = [child for child in children if child["Parent Relationship"] in ("InitPlan", "SubPlan")]
    inputs = [child for child in children if child not in aside]
    parts = [_reading(child, nodes, lookups) for child in inputs]
    kinds = [kind for part in parts for kind in part.kinds]
    kinds += [kind for kind in (_kind(plan),) if kind and kind not in lookups]
    if plan["Node Type"] == "CTE Scan":
        named = [node for node in nodes if node.get("Subplan Name") == f"CTE {plan['CTE Name']}"]
        kinds += [kind for node in named for kind in _reading(node, nodes, lookups).kinds]
    by_row = (
        all(part.by_row for part in parts)
        and (not kinds or _gives_rows_on(plan, parts))
        and all(_harmless(child, nodes, lookups) for child in aside)
    )
    return _Reading(frozenset(kinds), by_row)


def _gives_rows_on(plan: dict[str, Any], parts: list[_Reading]) -> bool:
    if plan["Node Type"] not in JOINS:
        return plan["Node Type"] in PASSED_ON
    outer, inner = parts
    if outer.kinds and inner.kinds:
        return False
    return plan["Join Type"] in (KEEPS_OUTER if outer.kinds else KEEPS_INNER)


def _harmless(aside: dict[str, Any], nodes: list[dict[str, Any]], lookups: set[str]) -> bool:
    """Whether a subquery reads lookups only, or is a WITH that gives rows on by itself."""
    reading = _reading(aside, nodes, lookups)
    if str(aside.get("Subplan Name", "")).startswith("CTE "):
        return reading.by_row
    return not reading.kinds
