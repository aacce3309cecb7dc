"""Which tables and columns the SQL of a run reads and writes, found in the SQL itself.

What functions of the warehouse do to its tables, such as control.integrate_days, is not in the files of the steps and not here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast

import sqlglot
from psycopg import sql
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import MappingSchema

from client360.folders import SQL
from client360.ingest.feed_spec import PROVINCES, Feed
from client360.run.step_runner import filled_in
from client360.run.steps import VIEWS, Step
from client360.warehouse.models import EXPORTED, tables
from client360.warehouse.raw_schema import SCHEMA as RAW
from client360.warehouse.templates import compose

Column = tuple[str, str]
"""A table, as in `dw.hecho_ventas`, and a column of it."""
Origins = dict[str, frozenset[Column]]
"""By column, those that its value is made of: none of a constant or a number of rows."""

TEMPORARY = "pg_temp"
DIALECT = "postgres"
NOT_PARSED = " on commit drop"
"""What sqlglot does not know of a temporary table."""


@dataclass
class Lineage:
    """The tables that SQL reads, and those that it writes with the columns that it gives values to: none where it only deletes
    rows."""

    reads: set[str] = field(default_factory=set)
    writes: dict[str, Origins] = field(default_factory=dict)

    def write(self, table: str, origins: Origins) -> None:
        """Note that the table is written, once more or for the first time."""
        known = self.writes.setdefault(table, {})
        for column, made_of in origins.items():
            known[column] = known.get(column, frozenset()) | made_of

    def add(self, other: "Lineage") -> None:
        """Take in what other SQL reads and writes."""
        self.reads |= other.reads
        for table, origins in other.writes.items():
            self.write(table, origins)


@cache
def of_step(step: Step) -> Lineage:
    """What a step reads and writes. Temporary tables, which end with its transaction, give way to what they are made of."""
    if step == VIEWS:
        return _of_views()
    scripts = [filled_in(script, step).as_string(None) for script in step.scripts()]
    if step.fills:
        scripts = [
            compose(script, {"destino": sql.SQL(step.fills.table().fullname)}).as_string(None) for script in scripts
        ]
    return _of_transaction(scripts)


@cache
def of_checks() -> Lineage:
    """What the checks read."""
    return _of_transaction([path.read_text(encoding="utf-8") for path in sorted((SQL / "check").glob("*/*.sql"))])


def of_mapping(feed: Feed) -> Lineage:
    """What the SELECTs of a feed make of its raw tables.

    What columns the files have is not asked: one that a SELECT of several tables names without its table has no origin. Of a
    SELECT that sqlglot can not follow, only the tables are told.
    """
    found = Lineage()
    for entity, select in feed.mapping.items():
        try:
            query = cast("exp.Query", sqlglot.parse_one(select, dialect=DIALECT))
            reads, origins = _of_query(query, MappingSchema(dialect=DIALECT), RAW)
        except SqlglotError:
            reads, origins = {f"{RAW}.{kind}" for kind in feed.files if entity in feed.readers(kind)}, {}
        found.reads |= reads
        own = {column: made_of for column, made_of in origins.items() if not column.startswith("_")}
        found.write("dw.dim_provincia" if entity == PROVINCES else f"staging.{entity}", own)
    return found


def _of_views() -> Lineage:
    """The views repeat the columns of their tables; the step makes their SQL as it runs."""
    found = Lineage({model.table().fullname for model in EXPORTED.values()})
    for name, model in EXPORTED.items():
        table = model.table()
        found.write(f"mart.{name}", {each.name: frozenset({(table.fullname, each.name)}) for each in table.columns})
    return found


def _of_transaction(scripts: Sequence[str]) -> Lineage:
    schema = MappingSchema(dialect=DIALECT)
    for table in tables():
        schema.add_table(table.fullname, dict.fromkeys(table.columns.keys(), "text"))
    found, temporary = Lineage(), Lineage()
    for script in scripts:
        for statement in sqlglot.parse(script.replace(NOT_PARSED, ""), dialect=DIALECT):
            target, query = _assignment(statement)
            reads, origins = _of_query(query, schema, TEMPORARY)
            origins = {column: _resolved(made_of, temporary) for column, made_of in origins.items()}
            name = f"{target.db or TEMPORARY}.{target.name}" if target else ""
            if isinstance(statement, exp.Update | exp.Delete):
                reads.discard(name)
            found.reads |= reads - temporary.writes.keys()
            found.reads |= {table for made_of in origins.values() for table, _ in made_of}
            if target and target.db:
                found.write(name, origins)
            elif target:
                temporary.write(name, origins)
                schema.add_table(name, dict.fromkeys(origins, "text"))
    return found


def _resolved(made_of: frozenset[Column], temporary: Lineage) -> frozenset[Column]:
    """The columns, those of temporary tables replaced by what they are made of."""
    return frozenset(
        origin
        for table, column in made_of
        for origin in (temporary.writes[table][column] if table in temporary.writes else [(table, column)])
    )


def _assignment(statement: exp.Expr | None) -> tuple[exp.Table | None, exp.Query]:
    """The table that a statement writes, if any, and a query of its columns and their values.

    The query reads what the statement does, and its target too if a value can be made of it.
    """
    target: exp.Table | None = None
    query: exp.Query = exp.select()
    match statement:
        case exp.Insert(this=exp.Schema(this=target, expressions=names), expression=exp.Query() as query):
            for name, value in zip(names, query.selects, strict=True):
                value.replace(exp.alias_(value.unalias().copy(), name.name))
        case exp.Insert(this=exp.Schema(this=target, expressions=names)):  # values: constants
            query = exp.select(*(exp.alias_(exp.null(), name.name) for name in names))
        case exp.Create(this=target, expression=query):
            pass
        case exp.Update(this=target, expressions=pairs):
            values = [exp.alias_(pair.expression, pair.this.name) for pair in pairs]
            given = statement.args.get("from_")
            query = _query_of(statement, values, [given.this] if given else [])
        case exp.Delete(this=target):
            query = _query_of(statement, [], statement.args.get("using") or [])
        case exp.Query():
            query = statement
    return target, query


def _query_of(statement: exp.Expr, values: Sequence[exp.Expr], sources: Sequence[exp.Expr]) -> exp.Query:
    """A query of values from the target of a statement, the sources beside it, and the statement's conditions."""
    query = exp.select(*values).from_(statement.this)
    for source in sources:
        joins = source.args.pop("joins", None) or []
        query = query.join(source, join_type="cross")
        for join in joins:
            query.append("joins", join)
    query.set("where", statement.args.get("where"))
    query.set("with_", statement.args.get("with_"))
    return query


def _of_query(query: exp.Query, schema: MappingSchema, database: str) -> tuple[set[str], Origins]:
    """The tables of a query, those without a schema in `database`, and what its columns are made of."""
    for unnest in query.find_all(exp.Unnest):
        alias = unnest.args["alias"]
        if not alias.columns:  # PostgreSQL's column then has the name of the table
            alias.set("columns", [alias.this.copy()])
    qualified = qualify(
        query,
        dialect=DIALECT,
        schema=schema,
        db=database,
        expand_alias_refs=False,  # in PostgreSQL no expression of a SELECT names another one
        identify=False,
        validate_qualify_columns=False,
    )
    reads = {
        f"{table.db}.{table.name}"
        for table in qualified.find_all(exp.Table)
        if table.db and isinstance(table.this, exp.Identifier)
    }
    if not qualified.selects:
        return reads, {}
    nodes = lineage(None, qualified, schema, scope=build_scope(qualified), dialect=DIALECT, trim_selects=False)
    return reads, {column: frozenset(_leaves(node)) for column, node in nodes.items()}


def _leaves(root: Node) -> Iterator[Column]:
    """The columns of tables at which a column begins. Nodes are shared: each is visited once."""
    waiting, seen = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        if isinstance(node.source, exp.Table) and isinstance(node.source.this, exp.Identifier) and not node.downstream:
            yield f"{node.source.db}.{node.source.name}", node.name.rpartition(".")[2].strip('"')
        for each in node.downstream:
            if id(each) not in seen:
                seen.add(id(each))
                waiting.append(each)
