import json
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, inspect, select, update

from client360.days import ARGENTINA, DayRange, day_ranges, parse_day
from client360.ingest.feed_spec import read_feed
from client360.ingest.raw_tables import ensure_raw_table
from client360.run.planning import (
    ROWS_PER_CUSTOMER_DAY,
    ROWS_PER_TASK,
    batches,
    claim,
    plan_generation,
    plan_transform,
)
from client360.run.request import RunRequest, business_day, resolve
from client360.run.sources import FeedSource, SimulatedSource
from client360.simulate import World
from client360.simulate.corrupt import CorruptedWorld
from client360.warehouse.models import LANDING, Cargas, Entregas
from client360.warehouse.ownership import OwnedByAnother, OwnerReplaced


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("channel", "fecha", "logical_date", "run_after", "expected"),
    [
        ("schedule", None, "2026-11-20T00:00", "2026-11-21T06:00", "2026-11-20"),
        ("backfill", None, "2026-11-03T00:00", "2026-11-04T06:00", "2026-11-03"),
        ("UI, date pre-filled with now", None, "2026-11-21T17:54", "2026-11-21T17:54", "2026-11-20"),
        ("UI, date emptied", None, None, "2026-11-21T17:54", "2026-11-20"),
        ("UI, a day typed into the form", "2026-10-01", "2026-11-21T17:54", "2026-11-21T17:54", "2026-10-01"),
        ("CLI trigger with a logical date", None, "2026-11-06T00:00", "2026-11-21T17:54", "2026-11-06"),
        ("CLI trigger without one", None, None, "2026-11-21T03:01", "2026-11-20"),
        ("dags test", None, "2026-11-10T00:00", "2026-11-21T17:54", "2026-11-10"),
        ("REST, a logical date ahead", None, "2026-12-24T00:00", "2026-11-21T17:54", "2026-11-20"),
    ],
)
def test_every_channel_processes_the_day_a_person_would_expect(
    channel: str, fecha: str | None, logical_date: str | None, run_after: str, expected: str
) -> None:
    day = business_day(fecha, at(logical_date) if logical_date else None, at(run_after), ARGENTINA)
    assert day.isoformat() == expected, channel


@pytest.mark.parametrize(
    ("zone", "run_after", "last"),
    [
        # 21:30, 23:59 and 00:00 in Buenos Aires: it is tomorrow in UTC three hours before
        (ARGENTINA, "2026-11-22T00:30", "2026-11-20"),
        (ARGENTINA, "2026-11-22T02:59", "2026-11-20"),
        (ARGENTINA, "2026-11-22T03:00", "2026-11-21"),
        (ARGENTINA, "2026-11-22T03:01", "2026-11-21"),
        # a day ends at 10:00 UTC at both ends of the world, of which one is a day ahead
        ("Pacific/Kiritimati", "2026-11-21T09:59", "2026-11-20"),
        ("Pacific/Kiritimati", "2026-11-21T10:00", "2026-11-21"),
        ("Pacific/Honolulu", "2026-11-22T09:59", "2026-11-20"),
        ("Pacific/Honolulu", "2026-11-22T10:00", "2026-11-21"),
        ("UTC", "2026-11-22T00:00", "2026-11-21"),
    ],
)
def test_a_day_is_over_when_it_is_over_in_the_time_zone(zone: str, run_after: str, last: str) -> None:
    assert business_day(None, None, at(run_after), zone).isoformat() == last
    assert business_day(last, None, at(run_after), zone).isoformat() == last
    # triggered in the form, which fills in now as the logical date
    assert business_day(None, at(run_after), at(run_after), zone).isoformat() == last


def test_a_day_that_is_not_over_is_refused_with_the_last_one_that_is() -> None:
    with pytest.raises(
        ValueError, match=r"fecha is 2026-11-21, which is not over yet: give 2026-11-20 or an earlier day"
    ):
        business_day("2026-11-21", None, at("2026-11-22T02:59"), ARGENTINA)


def test_the_day_of_a_run_is_that_of_the_time_zone_of_its_feed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "mine").mkdir()
    feed = replace(read_feed("simulador"), timezone="Pacific/Kiritimati")
    monkeypatch.setattr("client360.run.sources.read_feed", lambda _: feed)
    late = at("2026-11-21T21:30")
    assert resolve(STANDARD | {"fecha": None}, None, late).day == date(2026, 11, 20)
    assert resolve(STANDARD | {"fecha": None, "entrada": "mine"}, None, late).day == date(2026, 11, 21)


@pytest.mark.parametrize("value", ["2026-02-30", "20261120", "2026-W47-5", "yesterday", "2026-1-5"])
def test_a_malformed_day_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=f"fecha is '{value}': give a day that exists, as YYYY-MM-DD"):
        parse_day("fecha", value)


STANDARD = {"fecha": "2026-01-01", "inicio": None, "clientes": 1, "semilla": 1, "suciedad": 0, "reemplazar": False}
STANDARD |= {"fuente": "simulador", "entrada": None, "umbral": None, "anonimo": False, "recalcular": False}
STANDARD |= {"conservar": 0, "limpiar": False, "formatos": None, "intervencion": None}


def asked(**params: object) -> RunRequest:
    return resolve(STANDARD | params, None, at("2026-11-21T00:00"))


def test_without_a_folder_the_simulator_makes_a_world_and_with_one_its_files_are_a_feed(data: Path) -> None:
    assert asked().source == SimulatedSource(World(1, 1, date(2025, 1, 1)))
    (data / "mine").mkdir()
    source = asked(entrada="mine").source
    assert (source.name, source.folder, source.first_day, source.threshold) == (
        "feed simulador",
        data / "mine",
        None,
        5,
    )
    source = asked(entrada=str(data / "mine"), inicio="2025-06-01", umbral=0).source
    assert (source.folder, source.first_day, source.threshold) == (data / "mine", date(2025, 6, 1), 0)


def test_a_world_that_corrupts_its_files_is_read_as_a_feed_of_its_own(data: Path) -> None:
    world = CorruptedWorld(1, 1, date(2025, 1, 1), 0.02)
    source = asked(suciedad=0.02).source
    assert (source.corrupted, source.name, source.first_day) == (world, world.name, world.first_day)
    assert (source.folder, source.threshold) == (data / world.files, 100)
    assert asked(suciedad=0.02, umbral=3).source.threshold == 3


def test_a_twin_is_a_source_of_its_own_corrupted_or_not() -> None:
    request = asked(intervencion="demoras")
    assert RunRequest.from_record(json.loads(json.dumps(request.to_record()))) == request
    assert request.source.name != asked().source.name
    assert request.source.parameters["intervencion"] == "demoras"
    assert request.source.describe().endswith(", but for demoras")
    corrupted = asked(intervencion="demoras", suciedad=0.02)
    assert RunRequest.from_record(json.loads(json.dumps(corrupted.to_record()))) == corrupted
    assert corrupted.source.folder != asked(suciedad=0.02).source.folder


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"intervencion": "demoras", "entrada": "."},
            "intervencion is of a simulated world, and fuente or entrada asks for",
        ),
        ({"intervencion": "late"}, "intervencion is 'late': give campania:<id>, precio:"),
        ({"intervencion": ""}, "intervencion is '': give what differs from the world, or null for nothing"),
        ({"intervencion": "campania:K25019"}, "intervencion names the campaign K25019: in 2025-01 this world has"),
        ({"suciedad": 0.02, "entrada": "."}, "suciedad is of a simulated world, and fuente or entrada asks for files"),
        ({"suciedad": 0.6}, "suciedad is 0.6: give the share of rows to corrupt, from 0 to 0.5"),
        ({"inicio": "2026-01-02"}, "inicio is 2026-01-02, after the business day 2026-01-01"),
        ({"inicio": "2026-01-02", "entrada": "mine"}, "inicio is 2026-01-02, after the business day 2026-01-01"),
        ({"conservar": -1}, "conservar is -1: give a number of months up to 1320, or 0, which keeps every day"),
        ({"conservar": 1321}, "conservar is 1321: give a number of months up to 1320"),
        ({"umbral": 5}, "umbral is for files that are read: give their folder too, as entrada"),
        ({"fuente": "nobody", "entrada": "."}, "fuente is 'nobody': there is no include/sql/feeds/nobody/feed.yaml"),
        ({"entrada": "gone"}, "entrada is .*/gone: there is no such folder"),
        ({"entrada": "MINE"}, "entrada is .*/MINE: there is no such folder"),
        ({"entrada": "file.csv"}, "entrada is .*/file.csv: there is no such folder"),
        ({"entrada": "file.csv/mine"}, "entrada is .*/file.csv/mine: there is no such folder"),
        *(
            (
                {"entrada": entrada},
                f"entrada is .*, which is {lies}: give a folder below .*, or have CLIENT360_FOLDERS name it",
            )
            for entrada, lies in (
                (".", "/.*"),
                ("..", "/.*"),
                ("mine/../..", "/.*"),
                ("../../../etc", "/.*"),
                ("/", "/"),
                ("/etc", "/etc"),
                ("out", "/etc"),
                ("mine/out", "/etc"),
                ("out/ssl", "/etc/ssl"),
                ("/nowhere", "/nowhere"),
            )
        ),
        (
            {"entrada": "circle"},
            "entrada is .*circle.*: (its links lead in a circle|that folder can not be read|there is no)",
        ),
        ({"entrada": "n" * 300}, "entrada is .*nnn': that folder can not be read"),
        ({"entrada": "a\0b"}, "entrada is .*: that is no readable text"),
        ({"entrada": ""}, "entrada is '': give a folder, or null for none"),
        ({"entrada": 7}, "entrada is 7: give a folder, or null for none"),
        (
            {"clientess": 500},
            "'clientess' is no parameter of a run: did you mean clientes[?] there are fecha, inicio, ",
        ),
        ({"dia": "2026-01-01"}, "'dia' is no parameter of a run: .*there are fecha, inicio, "),
        ({"clientes": -5}, "clientes is -5: give a whole number from 1 to 9999999"),
        ({"clientes": True}, "clientes is True: give a whole number"),
        ({"clientes": "500"}, "clientes is '500': give a whole number"),
        ({"clientes": None}, "clientes is None: give a whole number"),
        ({"clientes": [500]}, r"clientes is \[500\]: give a whole number"),
        ({"clientes": float("nan")}, "clientes is nan: give a whole number"),
        ({"semilla": 2**70}, "semilla is 1180591620717411303424: give a whole number from 0 to 9007199254740991"),
        ({"semilla": 1.5}, "semilla is 1.5: give a whole number"),
        ({"suciedad": float("nan")}, "suciedad is nan: give a number"),
        ({"suciedad": 10**400}, "suciedad is inf: give a number"),
        ({"suciedad": False}, "suciedad is False: give a number"),
        ({"reemplazar": "si"}, "reemplazar is 'si': give true or false"),
        ({"recalcular": 1}, "recalcular is 1: give true or false"),
        ({"recalcular": True}, "recalcular is for files that are read: give their folder too, as entrada"),
        ({"anonimo": 1}, "anonimo is 1: give true or false"),
        ({"formatos": "excel"}, "formatos is 'excel': give a list of formats, or null for none"),
        ({"formatos": ["excel", "xls"]}, "formatos has 'xls': give any of excel, csv_regional, parquet"),
        ({"formatos": [1]}, "formatos has 1: give any of excel, csv_regional, parquet"),
        ({"formatos": [["excel"]]}, r"formatos has \['excel'\]: give any of excel, csv_regional, parquet"),
        ({"fuente": None}, "fuente is None: give its name"),
        ({"fecha": 20260101}, "fecha is 20260101: give a day, as YYYY-MM-DD"),
        ({"fecha": "1989-12-31"}, "fecha is 1989-12-31: give a day from 1990-01-01 to 2099-12-31"),
        ({"fecha": "2014-12-31"}, "fecha is 2014-12-31: a simulated world has no day before 2015-01-01"),
        ({"fecha": "2015-01-01", "inicio": "2014-12-31"}, "inicio is 2014-12-31: give a day from 2015-01-01 on"),
        ({"inicio": "0001-01-01", "entrada": "mine"}, "inicio is 0001-01-01: give a day from 1990-01-01"),
        ({"inicio": "2099-12-31", "entrada": "mine"}, "inicio is 2099-12-31, after the business day 2026-01-01"),
        ({"inicio": "2100-01-01", "entrada": "mine"}, "inicio is 2100-01-01: give a day from 1990-01-01 to 2099-12-31"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(data: Path, params: dict, message: str) -> None:
    (data / "file.csv").touch()
    (data / "mine").mkdir()
    (data / "out").symlink_to("/etc")
    (data / "mine" / "out").symlink_to("/etc")
    (data / "circle").symlink_to(data / "circle")
    with pytest.raises(ValueError, match=message) as refused:
        asked(**params)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("written", [7, 7.0])
def test_a_whole_number_is_one_however_json_writes_it(data: Path, written: float) -> None:
    assert asked(semilla=written, clientes=1e3, fecha="2026-01-01").source.name == SimulatedSource(World(7, 1000)).name


@pytest.mark.parametrize("named", ["{}", "/nowhere:{}", "{}\n", "~/others"])
def test_input_may_lie_where_configuration_says(data: Path, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    elsewhere = data / "of:others"
    monkeypatch.setenv("HOME", str(data))
    monkeypatch.setenv("CLIENT360_DATA", str(data / "own"))
    monkeypatch.setenv("CLIENT360_FOLDERS", named.format(elsewhere if "\n" in named else data / "others"))
    (elsewhere / "mine").mkdir(parents=True)
    (data / "others").symlink_to(elsewhere)
    (data / "own").mkdir()
    (data / "own" / "link").symlink_to(data / "others" / "mine")
    for entrada in (elsewhere / "mine", data / "others" / "mine", "link"):
        assert asked(entrada=str(entrada)).source.folder == elsewhere / "mine"


@pytest.mark.parametrize("day", ["1990-01-01", "1999-12-31", "2000-02-29", "2024-02-29", "2024-12-31", "2025-01-01"])
def test_every_day_that_the_contract_takes_can_be_asked_for(data: Path, day: str) -> None:
    (data / "mine").mkdir()
    assert asked(fecha=day, entrada="mine").day.isoformat() == day
    assert (
        resolve(STANDARD | {"fecha": None, "entrada": "mine"}, at(day), at("2026-11-21T06:00")).day.isoformat() == day
    )


def test_a_logical_date_before_all_days_is_refused(data: Path) -> None:
    (data / "mine").mkdir()
    with pytest.raises(ValueError, match="the logical date is 1989-12-31: give a day from 1990-01-01 to 2099-12-31"):
        resolve(STANDARD | {"fecha": None, "entrada": "mine"}, at("1989-12-31"), at("2026-11-21T06:00"))


def test_a_history_may_begin_on_the_business_day(data: Path) -> None:
    assert asked(inicio="2026-01-01").source.first_day == date(2026, 1, 1)


def test_days_are_cut_into_runs_at_holes_and_month_ends() -> None:
    days = [date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2), date(2026, 2, 10)]
    assert day_ranges(days[::-1]) == [
        DayRange(date(2026, 1, 30), date(2026, 1, 31)),
        DayRange(date(2026, 2, 1), date(2026, 2, 2)),
        DayRange(date(2026, 2, 10), date(2026, 2, 10)),
    ]


@pytest.mark.parametrize(("clientes", "tasks"), [(1, 1), (1000, 2), (60_000, 12), (1_000_000, 12)])
def test_work_is_dealt_in_order_to_more_tasks_in_a_larger_world(clientes: int, tasks: int) -> None:
    year = day_ranges(DayRange(date(2025, 1, 1), date(2025, 12, 31)).days())
    dealt = batches(
        year[0].first, year, lambda desde, hasta: clientes * ROWS_PER_CUSTOMER_DAY * ((hasta - desde).days + 1)
    )
    assert len(dealt) == tasks
    assert [chunk for share in dealt for chunk in share.ranges] == year
    assert [(share.first, share.last) for share in dealt] == [(s.ranges[0].first, s.ranges[-1].last) for s in dealt]


def test_the_rows_between_the_days_of_a_share_count_too() -> None:
    """They are read where months are summed."""
    days = [date(2020, 1, 1), date(2020, 6, 1), date(2026, 1, 1)]
    (share,) = batches(days[0], day_ranges(days), lambda desde, hasta: ROWS_PER_TASK)
    assert [chunk.first for chunk in share.ranges] == days
    rows_in_2023 = batches(
        days[0], day_ranges(days), lambda desde, hasta: 1 + ROWS_PER_TASK * (desde.year < 2023 < hasta.year)
    )
    assert [(share.first, share.last) for share in rows_in_2023] == [(days[0], days[1]), (days[2], days[2])]


WORLD = World(seed=1, customers=10, first_day=date(2026, 1, 30))


def loaded(warehouse: Engine, world: str, layers: dict[str, str], days: list[date], rows: int = 0) -> None:
    note = {"filas": rows, "suma": 0, "archivo": "", "sha256": "", "mundo": world, "corrida": ""}
    noted = [
        {"entidad": name, "capa": layer, "capa_alcanzada": layer, "fecha": day, **note}
        for name, layer in layers.items()
        for day in days
    ]
    with warehouse.begin() as connection:
        connection.execute(insert(Cargas), noted)


def planned(warehouse: Engine, day: date, *, replace: bool = False) -> list[date]:
    request = claim(warehouse, RunRequest(day, SimulatedSource(WORLD), replace))
    assert not request.replace
    work = plan_generation(warehouse, request)
    return [day for share in work for chunk in share.ranges for day in chunk.days()]


ARRIVED = {name: model.last_layer for name, model in LANDING.items()}


def test_an_empty_warehouse_lacks_the_whole_history(warehouse: Engine) -> None:
    assert planned(warehouse, date(2026, 2, 2)) == DayRange(date(2026, 1, 30), date(2026, 2, 2)).days()


def test_a_loaded_warehouse_lacks_only_the_day_itself(warehouse: Engine) -> None:
    loaded(warehouse, WORLD.name, ARRIVED, DayRange(date(2026, 1, 30), date(2026, 2, 5)).days())
    assert planned(warehouse, date(2026, 2, 2)) == [date(2026, 2, 2)]


def test_a_hole_and_a_day_that_got_stuck_are_planned_again(warehouse: Engine) -> None:
    loaded(warehouse, WORLD.name, ARRIVED, [date(2026, 1, 30), date(2026, 2, 1)])
    loaded(warehouse, WORLD.name, ARRIVED | {"transacciones": "dw"}, [date(2026, 2, 2)])
    assert planned(warehouse, date(2026, 2, 3)) == [date(2026, 1, 31), date(2026, 2, 2), date(2026, 2, 3)]


@pytest.mark.parametrize(("capa", "capa_alcanzada"), [("staging", "mart"), ("mart", "dw")])
def test_a_day_is_done_only_where_its_last_delivery_and_the_furthest_one_have_arrived(
    warehouse: Engine, capa: str, capa_alcanzada: str
) -> None:
    loaded(warehouse, WORLD.name, ARRIVED, [date(2026, 1, 30), date(2026, 1, 31)])
    stuck = update(Cargas).where(Cargas.entidad == "transacciones", Cargas.fecha == date(2026, 1, 30))
    with warehouse.begin() as connection:
        connection.execute(stuck.values(capa=capa, capa_alcanzada=capa_alcanzada))
    assert planned(warehouse, date(2026, 2, 1)) == [date(2026, 1, 30), date(2026, 2, 1)]


@pytest.mark.parametrize("owner", ["simulador another", "feed tienda"])
def test_rows_of_another_source_give_way_only_when_asked_to(warehouse: Engine, owner: str) -> None:
    loaded(warehouse, owner, ARRIVED, [date(2026, 1, 30)], rows=1)
    said = rf"the warehouse holds {owner}, and this run asks for {WORLD.name}: .* run with reemplazar"
    with pytest.raises(OwnedByAnother, match=said):
        planned(warehouse, date(2026, 1, 31))
    assert claim(warehouse, RunRequest(date(2026, 1, 31), SimulatedSource(WORLD), replace=True)).replace
    with warehouse.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from control.cargas").scalar() == len(ARRIVED)


def test_where_nothing_has_to_give_way_nothing_is_replaced(warehouse: Engine) -> None:
    assert planned(warehouse, date(2026, 1, 30), replace=True) == [date(2026, 1, 30)]  # which asserts it


FEED = FeedSource(read_feed("simulador"), Path(), None, 5)


def test_a_run_whose_warehouse_another_source_has_claimed_plans_nothing(warehouse: Engine) -> None:
    day = date(2026, 1, 31)
    claim(warehouse, RunRequest(day, SimulatedSource(WORLD)))
    loaded(warehouse, "feed x", ARRIVED, [day], rows=1)
    with pytest.raises(OwnerReplaced, match="the warehouse now holds feed x, which another run put there"):
        plan_generation(warehouse, RunRequest(day, SimulatedSource(WORLD)))
    with pytest.raises(OwnerReplaced, match="the warehouse now holds feed x, which another run put there"):
        plan_transform(warehouse, RunRequest(day, FEED), [day])


def worked_on(warehouse: Engine, day: date, changed: list[date], source: FeedSource = FEED) -> tuple[date, list[date]]:
    work = plan_transform(warehouse, RunRequest(day, source), changed)
    return work[0].history_start, [day for share in work for chunk in share.ranges for day in chunk.days()]


def test_a_feed_has_no_days_before_its_files_are_read(warehouse: Engine) -> None:
    assert plan_generation(warehouse, RunRequest(date(2026, 2, 2), FEED)) == []


@pytest.mark.parametrize("inicio", [None, date(2026, 1, 1)])
def test_files_of_which_no_row_was_taken_are_not_published(warehouse: Engine, inicio: date | None) -> None:
    loaded(warehouse, FEED.name, {"clientes": "staging"}, [date(2026, 1, 30)], rows=0)
    with pytest.raises(
        ValueError, match=r"^feed simulador has no row that the contract takes: look into control.rechazos"
    ):
        worked_on(warehouse, date(2026, 2, 2), [date(2026, 1, 30)], replace(FEED, first_day=inicio))


def test_history_begins_with_the_first_movement_or_order_and_days_without_rows_have_arrived(warehouse: Engine) -> None:
    loaded(warehouse, FEED.name, {"clientes": "staging"}, [date(2019, 5, 4)], rows=3)
    loaded(warehouse, FEED.name, {"ventas": "staging"}, [date(2026, 1, 30)], rows=1)
    inicio, days = worked_on(warehouse, date(2026, 2, 2), [date(2019, 5, 4), date(2026, 1, 30)])
    assert inicio == date(2026, 1, 30)
    assert days == [date(2019, 5, 4), date(2026, 1, 30), date(2026, 2, 2)]
    with warehouse.connect() as connection:
        noted = connection.execute(
            select(Cargas.entidad, Cargas.fecha).where(Cargas.filas == 0, Cargas.capa != "staging")
        )
        history = DayRange(inicio, date(2026, 2, 2)).days()
        assert set(map(tuple, noted)) == {(name, day) for name in LANDING for day in history} - {("ventas", inicio)}


def test_without_movements_and_orders_history_begins_with_the_first_row_and_inicio_says_otherwise(
    warehouse: Engine,
) -> None:
    loaded(warehouse, FEED.name, {"clientes": "staging"}, [date(2026, 1, 30)], rows=3)
    assert worked_on(warehouse, date(2026, 2, 2), [])[0] == date(2026, 1, 30)
    assert worked_on(warehouse, date(2026, 2, 2), [], replace(FEED, first_day=date(2026, 2, 1)))[0] == date(2026, 2, 1)


def test_days_that_an_earlier_run_left_on_their_way_are_worked_on_and_those_that_arrived_are_not(
    warehouse: Engine,
) -> None:
    loaded(warehouse, FEED.name, ARRIVED, DayRange(date(2026, 1, 30), date(2026, 2, 2)).days(), rows=1)
    stuck = update(Cargas).where(Cargas.entidad == "transacciones", Cargas.fecha == date(2026, 1, 31))
    with warehouse.begin() as connection:
        connection.execute(stuck.values(capa="dw"))
    assert worked_on(warehouse, date(2026, 2, 2), [])[1] == [date(2026, 1, 31), date(2026, 2, 2)]


def test_a_feed_without_history_up_to_the_day_is_refused(warehouse: Engine) -> None:
    with pytest.raises(
        ValueError, match=r"feed simulador has no row that the contract takes: look into control.rechazos"
    ):
        worked_on(warehouse, date(2026, 2, 2), [])
    loaded(warehouse, FEED.name, ARRIVED, [date(2026, 3, 1)], rows=1)
    with pytest.raises(ValueError, match="the history of feed simulador begins on 2026-03-01, after the business day"):
        worked_on(warehouse, date(2026, 2, 2), [])


@pytest.mark.parametrize("recorded", [True, False])
def test_a_source_of_which_no_row_was_accepted_holds_nothing(recorded: bool, warehouse: Engine) -> None:
    """Neither one whose days were recorded nor one whose run ended once files were read."""
    read_file = {"archivo": "a.csv", "entrega": 1, "tabla": "a", "sha256": "", "lineas": 1, "leidas": 1, "corrida": ""}
    with warehouse.begin() as connection:
        connection.execute(insert(Entregas), read_file | {"mundo": "feed x"})
        ensure_raw_table(connection, "a", ["name"], ())
    if recorded:
        loaded(warehouse, "feed x", ARRIVED, [date(2026, 1, 31)])
    assert planned(warehouse, date(2026, 1, 31)) == DayRange(date(2026, 1, 30), date(2026, 1, 31)).days()
    with warehouse.connect() as connection:
        assert not connection.scalars(select(Entregas.archivo)).all()
        assert not connection.scalars(select(Cargas.mundo)).all()
        assert inspect(connection).get_table_names("crudo") == []


def test_what_the_source_itself_has_read_stays_though_no_row_was_accepted(warehouse: Engine) -> None:
    read_file = {"archivo": "a.csv", "entrega": 1, "tabla": "a", "sha256": "", "lineas": 1, "leidas": 1, "corrida": ""}
    with warehouse.begin() as connection:
        connection.execute(insert(Entregas), read_file | {"mundo": WORLD.name})
    planned(warehouse, date(2026, 1, 31))
    with warehouse.connect() as connection:
        assert connection.scalars(select(Entregas.archivo)).all() == ["a.csv"]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"anonimo": True, "reemplazar": True},
        {"suciedad": 0.02, "umbral": 3},
        {"fuente": "banco_ejemplo", "entrada": "mine", "inicio": "2025-06-01"},
        {"fuente": "tienda_ejemplo", "entrada": "mine"},
    ],
)
def test_what_the_first_task_resolves_is_what_all_others_read(data: Path, params: dict) -> None:
    (data / "mine").mkdir()
    request = asked(**params)
    record = json.loads(json.dumps(request.to_record()))
    assert RunRequest.from_record(record) == request
