"""Statistics of the planner, made where rows were made: no statement's time depends on when autovacuum came by."""

from sqlalchemy import Engine, text

FLUSH = text("select pg_stat_force_next_flush()")
"""Otherwise PostgreSQL counts what this connection has just written up to a second later."""
ANALYZE_STALE = text("call control.analyze_stale()")


def refresh_statistics(engine: Engine) -> None:
    """Analyse the tables and partitions whose rows have changed much since they were last analysed; call it once the rows are
    committed and before others join them.

    Each in a short transaction of its own, so that it never waits for another run, or makes one wait.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(FLUSH)
        connection.execute(ANALYZE_STALE)
