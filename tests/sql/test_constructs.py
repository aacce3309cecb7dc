"""What Citus refuses is not in include/sql, so that the same files run on one PostgreSQL and on a cluster.

tests/citus/refused holds an example of each construct; tests/citus shows that a cluster does refuse it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from client360.folders import ROOT, SQL
from client360.warehouse import distribution
from client360.warehouse.models import tables

EXAMPLES = ROOT / "tests" / "citus" / "refused"
COPIED = {table.fullname for table in tables() if distribution.place(table) == distribution.EVERYWHERE}
COMMENT = re.compile(r"--[^\n]*")
WORDS = re.compile(r"'[^']*'")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
GROUP = re.compile(r"\(([^()]*)\)")
TEMPORARY = re.compile(r"create temporary table (\w+)")
READING_FUNCTION = re.compile(
    r"returns\s+(?:setof|table)\b[^$;]*language sql\b[^$;]*\$\$[^$]*\b(?:from|join|using)\s+(?:control|staging|dw|mart)\."
)


def refused(script: str, temporary: frozenset[str] = frozenset()) -> list[str]:
    """What Citus refuses in a script; `temporary` are the temporary tables that scripts before it may have left."""
    plain = PLACEHOLDER.sub(r"%\1", WORDS.sub("''", COMMENT.sub("", script)))
    temporary |= frozenset(TEMPORARY.findall(plain))
    found = ["a function in SQL that reads a table"] if READING_FUNCTION.search(plain) else []
    for statement in plain.split(";"):
        if re.search(rf"\b(?:{'|'.join(temporary) or '-'})\b", statement) and _changes_a_copied_table(statement):
            found.append("a temporary table in a change of a table that is copied to all machines")
        for before, text in _groups(statement):
            if before not in ("as", "materialized", "from", "join", "(", "all", "") and re.match(
                r"\s*select\b.*\blimit\b", text, re.S
            ):
                found.append("a limit for each row")
            if before == "lateral" and "%entidades" in text:
                found.append("a lateral subquery that is empty for some sources")
            beside = re.search(r"\bfrom\s+(\w+)\s.*\bleft join\s+lateral\b", text, re.S)
            if beside and (beside[1] in temporary or _is_kept(beside[1], statement)):
                found.append(
                    "a left join lateral beside what is kept: a temporary table, a CTE materialized or read twice"
                )
    return found


def _changes_a_copied_table(statement: str) -> bool:
    changed = re.search(r"(?<!\bdo )\b(?:update|delete from)\s+(\S+)", statement)
    return changed is not None and (changed[1] in COPIED or changed[1] == "%dimension")


def _is_kept(name: str, statement: str) -> bool:
    reads = re.findall(rf"\b(?:from|join)\s+{name}\b", statement)
    return len(reads) > 1 or re.search(rf"\b{name} as materialized\b", statement) is not None


def _groups(statement: str) -> Iterator[tuple[str, str]]:
    """The word before each group in parentheses and its text, from the inside, then the statement. What was bound in an inner
    group stays."""
    while group := GROUP.search(statement):
        before = re.search(r"(\w+|\S)\s*$", statement[: group.start()])
        yield before[1] if before else "", group[1]
        bound = " ".join(re.findall(r"%\w+", group[1]))
        statement = f"{statement[: group.start()]} {bound} {statement[group.end() :]}"
    yield "", statement


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.sql")), ids=lambda path: path.stem.replace("_", " "))
def test_an_example_of_what_citus_refuses_is_refused(example: Path) -> None:
    assert len(refused(example.read_text(encoding="utf-8"))) == 1


@pytest.mark.parametrize(
    "script",
    [
        "select producto_id from dw.dim_producto order by producto_id limit 1",
        "with mes as (select dia from dw.dim_fecha limit 12) select dia from mes",
        "select uno.a from dw.uno as uno left join lateral (select dos.b from dw.dos as dos where dos.a = uno.a) as otra on true",
        "create temporary table tocado as select 1 as a; delete from dw.hecho_ventas using tocado where linea = tocado.a",
        "delete from dw.dim_producto where vigente_desde = '2025-01-01'",
    ],
)
def test_what_is_like_it_and_runs_on_citus_is_not(script: str) -> None:
    assert refused(script) == []


def test_nothing_in_the_sql_of_the_pipeline_is_refused() -> None:
    scripts = {path: path.read_text(encoding="utf-8") for path in sorted(SQL.rglob("*.sql"))}
    assert len(scripts) > 100
    temporary = {
        folder: frozenset(
            name for path, text in scripts.items() if path.parent == folder for name in TEMPORARY.findall(text)
        )
        for folder in {path.parent for path in scripts}
    }
    found = {str(path.relative_to(SQL)): refused(text, temporary[path.parent]) for path, text in scripts.items()}
    assert {path: what for path, what in found.items() if what} == {}
