"""A feed's SELECTs before any of its files is read."""

import pytest
from raw_feed import feed
from sqlalchemy import Engine, inspect

from client360.ingest.contract.syntax import require_sql
from client360.ingest.feed_spec import BadFeed


@pytest.mark.parametrize(
    "written",
    [
        "selec 1",
        "",
        "-- TODO",
        "select cliente_id, from crudo.clientes",
        "select 'open",
        "select (1",
        "select * from crudo.clientes where",
        "update crudo.clientes set a = 1",
    ],
)
def test_what_is_no_select_is_told_before_any_file_is_read(warehouse: Engine, written: str) -> None:
    sound = "select * from crudo.nothing_yet"
    for wrong in (
        feed(mapping={"clientes": sound, "ventas": written}),
        feed(mapping={"clientes": sound}, left_out=written),
    ):
        with pytest.raises(BadFeed, match=r"^feeds/simulador/(ventas|descartes)\.sql: .") as refused:
            require_sql(warehouse, wrong)
        assert "\n" not in str(refused.value)


def test_what_a_select_names_is_not_asked_for_yet_and_nothing_is_made(warehouse: Engine) -> None:
    before = inspect(warehouse).get_table_names(schema="crudo")
    require_sql(warehouse, feed(left_out="select crudo.fecha(dia), '100%' from crudo.gone -- a last word"))
    assert inspect(warehouse).get_table_names(schema="crudo") == before
