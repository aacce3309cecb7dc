"""Whether the SELECTs of a feed are SQL, judged before any file is read."""

from typing import cast

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from client360.ingest.contract.statements import Context
from client360.ingest.feed_spec import LEFT_OUT, BadFeed, Feed


def require_sql(engine: Engine, feed: Feed) -> None:
    """Raise BadFeed where PostgreSQL can not parse a SELECT. What the SELECTs name is judged once files have made the tables."""
    left_out = {} if feed.left_out is None else {LEFT_OUT: feed.left_out}
    with engine.connect() as connection:
        context = Context(connection, cast("psycopg.Cursor", connection.connection.cursor()), feed)
        for name, written in (feed.mapping | left_out).items():
            try:
                with connection.begin_nested():
                    context.execute("columnas_dadas", mapeo=sql.SQL(written.strip().removesuffix(";")))
            except psycopg.errors.SyntaxError as error:
                said = " ".join((error.diag.message_primary or "").split())  # it quotes the rest of an open text
                raise BadFeed(f"{context.mapping_file(name)}: {said}") from None
            except psycopg.ProgrammingError:
                continue
