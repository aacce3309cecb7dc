"""Statistics of the planner, made where rows were made: no statement's time depends on when autovacuum came by."""

import logging

from sqlalchemy import Engine, text

from client360.warehouse.distribution import on_cluster

FLUSH = text("select pg_stat_force_next_flush()")
"""Otherwise PostgreSQL counts what this connection has just written up to a second later."""
ANALYZE_STALE = text("call control.analyze_stale()")
ANALYZE_SHARDS = text("select nodename from run_command_on_workers('call control.analyze_stale()') where not success")
"""On a cluster each worker does so for its shards, of which the coordinator knows no size."""

log = logging.getLogger(__name__)


def refresh_statistics(engine: Engine) -> None:
    """Analyse the tables and partitions whose rows have changed much since they were last analysed; call it once the rows are
    committed and before others join them.

    Each in a short transaction of its own, so that it never waits for another run, or makes one wait.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(FLUSH)
        connection.execute(ANALYZE_STALE)
        if on_cluster(connection):
            for node in connection.scalars(ANALYZE_SHARDS):
                log.warning("the statistics of the planner are not up to date on %s", node)
