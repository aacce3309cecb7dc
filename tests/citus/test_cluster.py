"""The whole DAG on a cluster of Citus, in one process: the same bytes as on one PostgreSQL."""

from collections.abc import Callable
from datetime import date

from conftest import Place

WORLD = {"clientes": 40, "inicio": "2026-06-01", "semilla": 11}
DAYS = [date(2026, 9, 10), date(2026, 9, 20), date(2026, 9, 15)]


def test_a_world_in_another_order_and_again_gives_the_same_bytes(
    run: Callable[..., str], embedded: Place, cluster: Place
) -> None:
    for day in sorted(DAYS):
        assert run(embedded, day, **WORLD) == "success"
    for day in [*DAYS, DAYS[0]]:
        assert run(cluster, day, **WORLD) == "success"
    assert cluster.published() == embedded.published()
