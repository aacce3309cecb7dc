"""The statements of include/sql/contract, and the transaction in which they run."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

import psycopg
from psycopg import sql
from sqlalchemy import Connection, inspect, text

from client360.folders import SQL
from client360.ingest.feed_spec import LEFT_OUT, BadFeed, Feed
from client360.warehouse.templates import compose

STATEMENTS = SQL / "contract"
PART = "crudo_en_parte"
"""The schema of the views that show a part of the files; it lasts as long as the transaction."""


@dataclass(frozen=True)
class Context:
    """The transaction in which the contract of a feed is applied."""

    connection: Connection
    cursor: psycopg.Cursor
    feed: Feed

    def execute(self, name: str, **parameters: object) -> psycopg.Cursor:
        """Run a file of include/sql/contract, statement by statement. Of its placeholders, those that are given as parts of SQL
        are composed into it, all others are bound. Returns the cursor after the last statement."""
        parts = {key: part for key, part in parameters.items() if isinstance(part, sql.Composable)}
        values = {key: value for key, value in parameters.items() if key not in parts}
        for statement in statements(name):
            # without values, a % within a feed's SELECT is no placeholder
            self.cursor.execute(compose(statement, parts), values or None)
        return self.cursor

    @contextmanager
    def names_of_files(self, *, in_part: bool = False) -> Iterator[None]:
        """While a SELECT of the feed is evaluated, names without a schema are those of views of files, of all or of those that
        show a part, before any of a temporary table."""
        self.execute("nombres", esquemas=f"{PART}, crudo, public, pg_temp" if in_part else "crudo, public, pg_temp")
        yield  # a failure undoes the setting with all else
        self.execute("nombres", esquemas="crudo, public")

    def index(self, table: str, by: str, expression: sql.Composable) -> None:
        """Make an index on a work table that is kept, unless it is there."""
        name = f"{table}_por_{by}"
        if not self.has(name):
            self.execute("indice", indice=sql.Identifier(f"_{name}"), filas=work_table(table), expresion=expression)

    def index_of_groups(self, kind: str, expression: sql.Composable) -> None:
        """Make an index on a raw table by the hash of the columns by which rows belong together, unless it is there."""
        name = name_of_index(kind, expression)
        if not self.has(name):
            table = sql.Identifier("crudo", f"{kind}_filas")
            by = fill("({expression})", expression=expression)
            self.execute("indice", indice=sql.Identifier(f"_{name}"), filas=table, expresion=by)

    def drop_indexes_of_groups(self, *, but: Collection[str]) -> None:
        """Drop the indexes of raw tables by groups, but those of these names."""
        for (name,) in self.execute("indices_de_grupos").fetchall():
            if name.removeprefix("_") not in but:
                self.cursor.execute(sql.SQL("drop index {}").format(sql.Identifier("crudo", name)))

    def has(self, name: str) -> bool:
        """Whether there is a work table or index of that name."""
        return bool(self.connection.scalar(text("select to_regclass(:name) is not null"), {"name": f"crudo._{name}"}))

    def any_rows(self, table: sql.Identifier) -> bool:
        (found,) = self.execute("hay_filas", filas=table).fetchone() or (False,)
        return bool(found)

    def raw_tables(self) -> list[str]:
        """The kinds of files of the feed of which at least one has been loaded."""
        tables = set(inspect(self.connection).get_table_names(schema="crudo"))
        return [name for name in self.feed.files if f"{name}_filas" in tables]

    def select(self, name: str) -> sql.SQL | None:
        """The SELECT of the feed of that name, if it has one."""
        written = self.feed.left_out if name == LEFT_OUT else self.feed.mapping.get(name)
        return None if written is None else sql.SQL(written.strip().removesuffix(";"))

    def mapping_file(self, name: str) -> str:
        return f"feeds/{self.feed.name}/{name}.sql"

    def no_line(self, name: str) -> BadFeed:
        return BadFeed(f"{self.mapping_file(name)} gives rows whose _archivo and _linea are those of no row of a file")


def name_of_index(kind: str, expression: sql.Composable) -> str:
    """The name of the index of a raw table by the hash of some of its columns."""
    return f"{kind}_{sha256(expression.as_string().encode()).hexdigest()[:8]}"


def statements(name: str) -> Iterator[str]:
    """The statements of a file of include/sql/contract."""
    for statement in (STATEMENTS / f"{name}.sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            yield statement


def fill(template: str, /, **parts: sql.Composable | str) -> sql.Composed:
    """An expression of the rules with its parts filled in; a plain name becomes a quoted identifier."""
    composed = {name: sql.Identifier(part) if isinstance(part, str) else part for name, part in parts.items()}
    return sql.SQL(template).format(**composed)


def work_table(name: str) -> sql.Identifier:
    return sql.Identifier("crudo", f"_{name}")


def now(entity: str) -> sql.Identifier:
    """The table of the rows that came, or are judged again."""
    return work_table(f"ahora_{entity}")


def before(entity: str) -> sql.Identifier:
    """The table of the rows that went, as they were; those that are judged again among them."""
    return work_table(f"antes_{entity}")


def names(columns: Iterable[str], table: str | None = None) -> sql.Composed:
    """Columns as a list, of a table if one is given."""
    return sql.SQL(", ").join(sql.Identifier(table, column) if table else sql.Identifier(column) for column in columns)
