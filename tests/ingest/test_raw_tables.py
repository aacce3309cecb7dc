"""The raw tables of a feed and their views."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

from school import HEADER, feed, people, query, with_dialect
from sqlalchemy import Engine, text

from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.raw_tables import delete_rows_aside, ensure_raw_table, index_of_deliveries
from client360.warehouse.raw_schema import drop_raw_tables


def test_the_view_shows_file_line_and_date_and_null_for_null_words(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    kind = RawFile(name="people_{%Y-%m-%d}.csv", dialect=Dialect(nulls=("", "it's \\N", "NULL")))
    deliver(HEADER + b'1,NULL,""\nit\'s \\N,null,x\n', "people_2026-02-03.csv", feed(people=kind))
    assert query(warehouse, "select * from crudo.people order by 2") == [
        ("people_2026-02-03.csv", 2, date(2026, 2, 3), "1", None, None),
        ("people_2026-02-03.csv", 3, date(2026, 2, 3), None, "null", "x"),
    ]
    assert query(warehouse, "select id, name, city from crudo.people_filas where _linea = 2") == [("1", "NULL", "")]


def test_a_later_file_may_add_columns_and_lack_those_that_are_not_required(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    declared = feed(people=RawFile(name="people*.csv", dialect=Dialect(), required=("id",)))
    deliver(HEADER + b"1,a,b\n", to=declared)
    deliver(b"phone,id,name\n5,2,c\n", "people_2.csv", declared)
    assert people(warehouse, "_archivo, id, name, city, phone") == [
        ("people.csv", "1", "a", "b", None),
        ("people_2.csv", "2", "c", None, "5"),
    ]


def test_dropping_the_raw_tables_drops_their_views(warehouse: Engine, deliver: Callable[..., int]) -> None:
    deliver(HEADER + b"1,a,b\n")
    with warehouse.begin() as connection:
        connection.execute(text("create view public.mine as select id from crudo.people"))
        drop_raw_tables(connection)
        connection.execute(text("truncate control.entregas"))
    assert query(warehouse, "select * from pg_class where relnamespace = 'crudo'::regnamespace") == []
    assert deliver(b"other\n1\n") == 1


def test_loads_that_have_waited_for_the_first_of_their_kind_do_not_wait_for_one_another(warehouse: Engine) -> None:
    ready = Barrier(3, timeout=60)

    def make() -> None:
        with warehouse.begin() as connection:
            ensure_raw_table(connection, "people", ["id"], [""])
            ready.wait()

    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with ThreadPoolExecutor(3) as pool:
        with warehouse.begin() as first:
            ensure_raw_table(first, "people", ["id"], [""])
            made = [pool.submit(make) for _ in range(3)]
            while query(warehouse, waiting) != [(3,)]:
                time.sleep(0.01)
        for one in made:
            one.result()


def test_null_words_and_names_of_columns_may_be_anything_that_sql_gives_a_meaning(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    nulls = ("100%", "%s", "%(x)s", ":x", "'", "\\")
    deliver(
        b"lateral,user,system_user\n" + b"".join(b"%s,%s,x\n" % (word.encode(), word.encode()) for word in nulls),
        to=with_dialect(nulls=nulls),
    )
    assert people(warehouse, '"lateral", "user", "system_user"') == [(None, None, "x")] * len(nulls)


def test_where_rows_belong_together_those_of_a_file_that_changes_wait_to_be_missed(
    warehouse: Engine, deliver: Callable[..., int]
) -> None:
    together = replace(feed(), together={"clientes": {"people": ("city",)}})
    rows = "select id, _entrega < 0 from crudo.people_filas order by 2, 1"
    deliver(HEADER + b"1,a,b\n2,c,d\n", to=together)
    deliver(HEADER + b"2,c,d\n", to=together)
    assert query(warehouse, rows) == [("2", False), ("1", True), ("2", True)]
    deliver(HEADER + b"3,e,f\n", to=together)
    assert query(warehouse, rows) == [("3", False), ("1", True), ("2", True)], "those in between were never judged"
    assert people(warehouse, "id") == [("3",)]
    with warehouse.begin() as connection:
        (number,) = connection.execute(text("select entrega from control.entregas")).one()
        delete_rows_aside(connection, "people", [number + 1])
        assert query(warehouse, rows) == [("3", False), ("1", True), ("2", True)]
        delete_rows_aside(connection, "people", [number])
    assert query(warehouse, rows) == [("3", False)]


def test_an_older_raw_table_gets_its_index_with_the_next_file(warehouse: Engine, deliver: Callable[..., int]) -> None:
    deliver(HEADER + b"1,a,b\n")
    with warehouse.begin() as connection:
        connection.execute(text("drop index crudo.people_por_entrega"))
        connection.execute(text("comment on view crudo.people is 'null words: [\"\"]'"))
    deliver(HEADER + b"2,a,b\n", "people_2.csv")
    assert query(warehouse, f"select to_regclass('{index_of_deliveries('people')}') is not null") == [(True,)]
