"""Who is missing from a full list has left, whatever the order in which lists come. Expected versions were worked out by hand."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from raw_feed import CLIENTES, CONTRACT, TRANSACCIONES, Raw, movement
from sqlalchemy import Engine

from client360.ingest.contract import TooManyAbsent
from client360.ingest.feed_spec import Feed

BY_LIST = """
    select _archivo, _linea, cliente_id, coalesce(fecha, _fecha::text) as fecha, provincia, fecha_alta, fecha_baja
    from crudo.clientes
"""
OF_WEB = "select _archivo, _linea, cliente_id, fecha, provincia, fecha_alta, fecha_baja from crudo.web"
A, B = "A 01 -", "B 01 -"
"""Versions, as customer, day and fecha_baja in January 2025."""


def feed(limit: float = 100) -> Feed:
    of_lists = {"name": "clientes_*_{%Y-%m-%d}.csv", "absent": "closed", "absent_limit": limit}
    files = {**CONTRACT.files, "clientes": CONTRACT.files["clientes"].model_copy(update=of_lists)}
    return replace(CONTRACT, files=files, mapping=CONTRACT.mapping | {"clientes": BY_LIST})


@pytest.fixture
def lists(warehouse: Engine) -> Raw:
    return Raw(warehouse, feed())


def line(who: str, **values: str) -> str:
    columns = {"cliente_id": who, "fecha": "", "provincia": "Salta", "fecha_alta": "2024-06-01", "fecha_baja": ""}
    return ",".join((columns | values).values())


def deliver(raw: Raw, day: str, who: str, *lines: str, of: str = "n", broken: int = 0) -> str:
    """A list of a day: a letter for each customer, and other lines."""
    return raw.deliver(
        "clientes", CLIENTES, "\n".join([*map(line, who), *lines]), f"clientes_{of}_2025-01-{day}.csv", broken
    )


def judged(raw: Raw) -> list[str]:
    raw.apply_contract(rebuild=False)
    return versions(raw)


def versions(raw: Raw) -> list[str]:
    found = raw.staged("clientes", "cliente_id, fecha, fecha_baja")
    return [f"{who} {day:%d} {format(left, '%d') if left else '-'}" for who, day, left in found]


def counted(raw: Raw, entity: str = "ausentes") -> dict[str, int]:
    return {name: counts[1] for name, counts in raw.reading(entity).items()}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_who_is_missing_left_on_the_day_of_the_first_list_without_them(order: Sequence[int], lists: Raw) -> None:
    files = [("01", "ABC"), ("03", "AC"), ("05", "A")]
    for number in order:
        deliver(lists, *files[number])
        lists.apply_contract(rebuild=False)
    assert versions(lists) == [A, B, "B 03 03", "C 01 -", "C 05 05"]
    assert counted(lists) == {"clientes_n_2025-01-03.csv": 1, "clientes_n_2025-01-05.csv": 1}


def test_who_comes_again_is_a_customer_from_that_list_on(lists: Raw) -> None:
    for day, who in (("01", "AB"), ("03", "A"), ("05", "AB"), ("07", "AB"), ("09", "A")):
        deliver(lists, day, who)
    assert judged(lists) == [A, B, "B 03 03", "B 05 -", "B 09 09"]
    days = ("02", "03", "04", "05", "08", "09")
    movements = (movement(transaccion_id=f"T{day}", fecha=f"2025-01-{day}", cliente_id="B") for day in days)
    lists.deliver("transacciones", TRANSACCIONES, "\n".join(movements))
    lists.apply_contract(rebuild=False)
    assert lists.staged("transacciones", "transaccion_id") == [("T02",), ("T05",), ("T08",)]
    assert lists.reasons("transacciones") == dict.fromkeys((3, 4, 7), ("cliente_id", "padre_desconocido"))


def test_a_list_of_a_day_between_may_come_last(lists: Raw) -> None:
    deliver(lists, "01", "AB")
    deliver(lists, "05", "A")
    assert judged(lists) == [A, B, "B 05 05"]
    deliver(lists, "03", "A")
    assert judged(lists) == [A, B, "B 03 03"]
    deliver(lists, "04", "AB")
    assert judged(lists) == [A, B, "B 03 03", "B 04 -", "B 05 05"]


def test_a_list_that_is_corrected_withdrawn_or_repeated_says_what_it_says_last(lists: Raw) -> None:
    deliver(lists, "01", "AB")
    second = deliver(lists, "03", "A")
    deliver(lists, "05", "A")
    assert judged(lists) == [A, B, "B 03 03"]
    deliver(lists, "03", "A")
    assert judged(lists) == [A, B, "B 03 03"]
    deliver(lists, "03", "AB")
    assert judged(lists) == [A, B, "B 05 05"]
    deliver(lists, "03", "A")
    assert judged(lists) == [A, B, "B 03 03"]
    lists.withdraw(second)
    assert judged(lists) == [A, B, "B 05 05"]
    lists.withdraw("clientes_n_2025-01-05.csv")
    assert judged(lists) == [A, B]


def test_the_list_of_a_day_is_all_files_of_the_day(lists: Raw) -> None:
    deliver(lists, "01", "AB")
    deliver(lists, "03", "A")
    assert judged(lists) == [A, B, "B 03 03"]
    deliver(lists, "03", "B", of="s")
    assert judged(lists) == [A, B]
    deliver(lists, "03", "B", of="copy_of_s")
    lists.withdraw("clientes_s_2025-01-03.csv")
    assert judged(lists) == [A, B]
    lists.withdraw("clientes_copy_of_s_2025-01-03.csv")
    assert judged(lists) == [A, B, "B 03 03"]


def test_who_is_on_a_list_with_a_line_that_is_rejected_has_not_left(lists: Raw) -> None:
    deliver(lists, "01", "AB")
    deliver(lists, "03", "A", line("B", fecha_alta="nonsense"))
    deliver(lists, "05", "A")
    assert judged(lists) == [A, B, "B 05 05"]
    assert lists.rejected() == [("clientes_n_2025-01-03.csv", 3, "clientes", "fecha_alta", "tipo_invalido")]


@pytest.mark.parametrize("unknown", ["unreadable", "without a customer"])
def test_nobody_leaves_by_a_list_with_a_line_of_which_the_customer_is_unknown(
    unknown: str, lists: Raw, caplog: pytest.LogCaptureFixture
) -> None:
    lines = [line("", fecha_alta="nonsense")] if unknown == "without a customer" else []
    deliver(lists, "01", "ABC")
    deliver(lists, "03", "AC", *lines, broken=unknown == "unreadable")
    assert judged(lists) == [A, B, "C 01 -"]
    assert (
        "Nobody leaves by lists with lines of which the customer is unknown: clientes_n_2025-01-03.csv." in caplog.text
    )
    deliver(lists, "05", "A")
    assert judged(lists) == [A, B, "B 05 05", "C 01 -", "C 05 05"]
    deliver(lists, "03", "AC")
    assert judged(lists) == [A, B, "B 03 03", "C 01 -", "C 05 05"]


def test_the_day_of_leaving_that_the_source_gives_counts_if_it_is_earlier(lists: Raw) -> None:
    deliver(lists, "01", "A", line("B", fecha_baja="2025-01-02"), line("C", fecha_baja="2025-01-31"))
    deliver(lists, "05", "A")
    deliver(lists, "09", "A", line("C", fecha_baja="2025-01-31"))
    assert judged(lists) == [A, "B 01 02", "C 01 31", "C 05 05", "C 09 31"]


@pytest.mark.parametrize(
    "again", [{"fecha_alta": "nonsense"}, {"fecha": "2025-01-01"}], ids=["rejected", "of an old day"]
)
def test_who_is_on_a_list_again_without_a_new_version_has_the_one_of_before(again: dict[str, str], lists: Raw) -> None:
    deliver(lists, "01", "AB")
    deliver(lists, "03", "A")
    deliver(lists, "05", "A", line("B", **again))
    deliver(lists, "07", "A")
    assert judged(lists) == [A, B, "B 03 03", "B 05 -", "B 07 07"]
    assert counted(lists, "regresos") == {"clientes_n_2025-01-05.csv": 1}


def test_a_version_that_a_list_announced_does_not_bring_back_who_is_missing_from_the_next(lists: Raw) -> None:
    deliver(
        lists, "01", "A", line("B"), line("B", fecha="2025-01-20", provincia="Jujuy"), line("C", fecha="2025-01-05")
    )
    assert judged(lists) == [A, B, "B 20 -", "C 05 -"]
    deliver(lists, "05", "A")
    assert judged(lists) == [A, B, "B 05 05"]
    deliver(lists, "10", "A", line("B", fecha="2025-01-20", provincia="Jujuy"))
    assert judged(lists) == [A, B, "B 05 05", "B 10 -", "B 20 -"]


def test_the_last_version_of_the_day_ends_on_it(lists: Raw) -> None:
    """Of another kind of file, which knows the customer by the day of the list that lacks them."""
    web = {"web": CONTRACT.files["clientes"].model_copy(update={"name": "web_*.csv"})}
    of_both = {"clientes": f"{BY_LIST} union all {OF_WEB}"}
    lists.feed = replace(feed(), files=feed().files | web, mapping=CONTRACT.mapping | of_both)
    lists.deliver("web", CLIENTES, "\n".join(line(who, fecha="2025-01-05", provincia="Jujuy") for who in "BW"))
    deliver(lists, "01", "AB")
    deliver(lists, "05", "A")
    assert judged(lists) == [A, B, "B 05 05", "W 05 -"], "who was on no list is missing from none"
    assert lists.query("select provincia from staging.clientes where fecha_baja is not null") == [("Jujuy",)]
    lists.deliver("web", CLIENTES, "\n".join(line(who, fecha="2025-01-08", provincia="Jujuy") for who in "BW"))
    assert judged(lists) == [A, B, "B 05 05", "B 08 -", "W 08 -"], "a later version lets the person join again"


def test_more_missing_than_the_limit_stop_the_run_before_it_changes_anything(lists: Raw) -> None:
    lists.feed = feed(limit=50)
    deliver(lists, "01", "ABCD")
    deliver(lists, "03", "AB")
    kept = [A, B, "C 01 -", "C 03 03", "D 01 -", "D 03 03"]
    assert judged(lists) == kept, "half of them are not more than 50 %"
    before = lists.state()
    for day, who, missing in (("05", "", "2 of the 2"), ("02", "A", "3 of the 4")):
        name = deliver(lists, day, who)
        for rebuild in (False, True):
            with pytest.raises(TooManyAbsent) as stopped:
                lists.apply_contract(rebuild=rebuild)
            assert str(stopped.value) == (
                f"feed simulador: {missing} customers of the list before are missing from {name}: more than 50 %, and nothing is "
                "loaded. If that is not the whole list, deliver it whole or withdraw it (make withdraw); if they have left, "
                "raise its absent_limit in feed.yaml"
            )
            assert lists.state() == before
        lists.withdraw(name)
        assert judged(lists) == kept
    deliver(lists, "05", "")
    lists.feed = feed(limit=100)
    assert judged(lists) == [A, "A 05 05", B, "B 05 05", "C 01 -", "C 03 03", "D 01 -", "D 03 03"]


def test_the_limit_counts_those_on_any_list_since_the_last_that_tells(lists: Raw) -> None:
    lists.feed = feed(limit=50)
    deliver(lists, "01", "AB")
    deliver(lists, "02", "ACD", broken=1)
    deliver(lists, "03", "A")
    with pytest.raises(
        TooManyAbsent, match="3 of the 4 customers of the list before are missing from clientes_n_2025-01-03"
    ):
        lists.apply_contract(rebuild=False)


def test_customers_of_a_feed_that_says_nothing_of_who_is_missing_stay(lists: Raw) -> None:
    kept = {"clientes": lists.feed.files["clientes"].model_copy(update={"absent": "kept"})}
    lists.feed = replace(lists.feed, files=lists.feed.files | kept)
    deliver(lists, "01", "AB")
    deliver(lists, "03", "A")
    assert judged(lists) == [A, B]
    lists.feed = feed()
    assert judged(lists) == [A, B, "B 03 03"]
