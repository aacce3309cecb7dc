"""The DAG as its users meet it: its shape, its form, its schedule."""

import copy
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from client360 import folders
from client360.days import ARGENTINA
from client360.ingest.feed_spec import read_feed

GROUPS = ["generate", "load", "transform", "build_view", "export"]


@pytest.fixture(scope="module")
def dag():
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(folders.ROOT / "dags"))
    assert bag.import_errors == {}
    assert set(bag.dags) == {"client360", "client360_housekeeping"}
    return bag.dags["client360"]


def test_the_five_groups_follow_one_another(dag) -> None:
    groups = {name: group for name, group in dag.task_group.get_task_group_dict().items() if name}
    assert set(groups) == set(GROUPS)
    for earlier, later in pairwise(GROUPS):
        for leaf in groups[earlier].get_leaves():
            assert {task.task_id for task in groups[later].get_roots()} <= leaf.downstream_task_ids
    assert all(task.task_id.split(".")[0] in GROUPS for task in dag.tasks)


def test_whatever_is_skipped_the_days_are_told_and_a_failure_stops_them(dag) -> None:
    """Of files the simulator's branch is skipped, of a world that of the files."""
    for name in ("load.staging", "load.deliveries", "load.contract", "load.days"):
        assert dag.get_task(name).trigger_rule == "none_failed", name
    assert dag.get_task("load.days").upstream_task_ids == {"generate.plan", "load.staging", "load.contract"}
    assert "load.raw_files" in dag.get_task("load.contract").upstream_task_ids
    mapped = [
        task for task in dag.tasks if task.is_mapped and task.task_id.split(".")[0] in ("transform", "build_view")
    ]
    assert mapped
    assert all("load.days" in task.upstream_task_ids for task in mapped)


def test_what_is_removed_is_removed_after_the_export_and_in_no_run_skipped(dag) -> None:
    """To Airflow a run is a success if its last tasks are: one that were skipped would hide an export that failed."""
    retention = dag.get_task("export.retention")
    assert retention.upstream_task_ids == {"export.csv_files"}
    assert retention.trigger_rule == "all_success"
    assert [task.task_id for task in dag.leaves] == ["export.retention"]


def test_a_file_that_is_to_come_is_waited_for_as_long_as_the_run_may_take(dag) -> None:
    waiting = dag.get_task("load.deliveries")
    assert timedelta(hours=8).total_seconds() <= waiting.timeout <= dag.dagrun_timeout.total_seconds()
    assert (waiting.mode, waiting.poke_interval) == ("reschedule", 300), "it holds no worker while it waits"


def test_only_a_file_that_is_awaited_is_waited_for(dag) -> None:
    """Whatever else goes wrong in that task, a crash of the API server among them, is tried again as everywhere."""
    assert {(task.retries, task.retry_delay) for task in dag.tasks} == {(2, timedelta(seconds=10))}


def test_every_sql_file_is_used_and_every_one_used_exists(dag) -> None:
    from client360.orchestration.sql_operator import WarehouseOperator
    from client360.run.steps import BY_NAME, IN_ORDER, RATES

    # a task of the load runs these before it plans the days of the others
    used = {folders.SQL / path for path in RATES.paths}
    names = [RATES.name]
    for task in dag.tasks:
        if task.operator_name != WarehouseOperator.__name__:
            continue
        # DagBag has put the text of the file in the place of its name
        texts = task.partial_kwargs["sql"] if task.is_mapped else task.sql
        own = task.partial_kwargs["steps"] if task.is_mapped else task.steps
        paths = [path for name in own for path in BY_NAME[name].paths]
        assert texts in (paths, [(folders.SQL / path).read_text() for path in paths]), task.task_id
        assert {BY_NAME[name].group for name in own} == {task.task_id.split(".")[0]}
        used |= {folders.SQL / path for path in paths}
        names += own
    assert names == [step.name for step in IN_ORDER]
    checks = {
        file for kind in ("pipeline", "source", "monitor") for file in (folders.SQL / "check" / kind).glob("*.sql")
    }
    there = {file for step in GROUPS for file in (folders.SQL / step).rglob("*.sql")}
    assert used | checks == there | set((folders.SQL / "check").rglob("*.sql"))


def test_every_task_is_retried_has_a_limit_and_an_owner(dag) -> None:
    assert len(dag.tasks) >= 10
    for task in dag.tasks:
        assert task.retries >= 1, task.task_id
        assert task.execution_timeout <= timedelta(hours=2), task.task_id
        assert task.owner == "client360", task.task_id
    assert dag.tags
    assert "backfill" in dag.doc_md
    assert dag.catchup is False


@pytest.mark.parametrize("file", ["client360.py", "client360_housekeeping.py"])
def test_importing_the_dag_neither_connects_nor_reads_rows_nor_loads_what_only_tasks_need(file: str) -> None:
    program = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('the DAG file connects')\n"
        "socket.socket.connect = refuse\n"
        f"import runpy; runpy.run_path('dags/{file}')\n"
        "loaded = {'faker', 'holidays', 'numpy', 'pandas', 'pyarrow', 'xlsxwriter'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    environment = {"PYTHONPATH": "plugins", "PATH": "", "AIRFLOW_HOME": "/nonexistent/airflow", "HOME": "/nonexistent"}
    environment |= {"AIRFLOW__CORE__UNIT_TEST_MODE": "False"}
    subprocess.run([sys.executable, "-c", program], cwd=folders.ROOT, env=environment, check=True, capture_output=True)


@pytest.mark.parametrize("file", ["client360.py", "client360_housekeeping.py"])
def test_what_the_dag_needs_is_there_where_plugins_are_not_loaded_lazily(file: str, tmp_path: Path) -> None:
    program = (
        "import airflow, sys\n"
        "before = set(sys.modules)\n"
        f"import runpy; runpy.run_path('dags/{file}')\n"
        "wanted = ('client360', 'airflow.providers.postgres.hooks')\n"
        "late = {name for name in set(sys.modules) - before if name.startswith(wanted)}\n"
        "assert not late, late"
    )
    environment = {"PYTHONPATH": "plugins", "PATH": "", "AIRFLOW_HOME": str(tmp_path)}
    environment |= {"AIRFLOW__CORE__PLUGINS_FOLDER": "plugins", "AIRFLOW__CORE__LAZY_LOAD_PLUGINS": "False"}
    subprocess.run([sys.executable, "-c", program], cwd=folders.ROOT, env=environment, check=True)


@pytest.mark.parametrize(
    ("conf", "wrong"),
    [
        ({}, None),
        ({"fecha": "2026-11-20", "clientes": 10, "inicio": "2026-01-01", "semilla": 7, "reemplazar": True}, None),
        ({"anonimo": True}, None),
        ({"fuente": "simulador", "entrada": "mine", "umbral": 2.5, "inicio": None}, None),
        ({"fuente": "nobody"}, "fuente"),
        ({"fuente": None}, "fuente"),
        ({"entrada": 1}, "entrada"),
        ({"umbral": -1}, "umbral"),
        ({"umbral": 101}, "umbral"),
        ({"umbral": "some"}, "umbral"),
        ({"intervencion": "demoras"}, None),
        ({"intervencion": ""}, "intervencion"),
        ({"suciedad": 0.02}, None),
        ({"suciedad": 0.51}, "suciedad"),
        ({"suciedad": "much"}, "suciedad"),
        ({"fecha": "20th of November"}, "fecha"),
        ({"clientes": 0}, "clientes"),
        ({"clientes": -5}, "clientes"),
        ({"clientes": True}, "clientes"),
        ({"clientes": 10_000_000}, "clientes"),
        ({"clientes": "many"}, "clientes"),
        ({"semilla": -1}, "semilla"),
        ({"semilla": 1.5}, "semilla"),
        ({"semilla": 2**70}, "semilla"),
        ({"entrada": ""}, "entrada"),
        ({"inicio": "soon"}, "inicio"),
        ({"reemplazar": "perhaps"}, "reemplazar"),
        ({"recalcular": "perhaps"}, "recalcular"),
        ({"anonimo": "perhaps"}, "anonimo"),
        ({"formatos": None}, None),
        ({"formatos": []}, None),
        ({"formatos": ["excel", "csv_regional", "parquet"]}, None),
        ({"formatos": ["csv"]}, "formatos"),
        ({"formatos": ["excel", 1]}, "formatos"),
        ({"formatos": "excel"}, "formatos"),
        ({"conservar": 13, "limpiar": True}, None),
        ({"conservar": -1}, "conservar"),
        ({"conservar": 1321}, "conservar"),
        ({"conservar": None}, "conservar"),
        ({"limpiar": 1}, "limpiar"),
    ],
)
def test_the_form_accepts_what_is_right_and_names_what_is_not(dag, conf: dict, wrong: str | None) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    def submitted() -> dict:
        params = copy.deepcopy(dag.params)
        params.update(conf)
        return params.validate()

    if wrong is None:
        assert set(submitted()) == {
            *("fecha", "clientes", "inicio", "semilla", "intervencion", "suciedad"),
            *("fuente", "entrada", "umbral", "recalcular", "reemplazar", "anonimo"),
            *("formatos", "conservar", "limpiar"),
        }
    else:
        with pytest.raises(ParamValidationError, match=wrong):
            submitted()


def test_every_field_of_the_form_has_a_title_and_help(dag) -> None:
    for name in dag.params:
        param = dag.params.get_param(name)
        assert param.schema["title"], name
        assert param.description, name


@pytest.mark.parametrize(
    ("language", "first", "section", "aplicar"),
    [
        ("", "Fecha de corte", "Mundo", "Quitar, y no solo decir qué se quitaría"),
        ("en", "Business day", "World", "Remove, and not only say what would be removed"),
    ],
)
def test_both_forms_are_in_the_language_of_the_page(language: str, first: str, section: str, aplicar: str) -> None:
    program = (
        "import json\n"
        "from client360.orchestration import form, housekeeping\n"
        "of_runs, of_housekeeping = form.form(), housekeeping.form()\n"
        "titles = [of_runs['fecha'].schema['title'], of_runs['semilla'].schema['section']]\n"
        "print(json.dumps([*titles, of_housekeeping['aplicar'].schema['title']]))"
    )
    environment = os.environ | {"PYTHONPATH": "plugins", "CLIENT360_LANGUAGE": language}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=folders.ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [first, section, aplicar]


class TestSchedule:
    @pytest.fixture
    def timetable(self):
        from client360.orchestration.timetable import DailyTimetable

        return DailyTimetable(6, ARGENTINA)

    def test_a_day_runs_at_six_the_next_morning(self, timetable) -> None:
        import pendulum
        from airflow.timetables.base import DataInterval, TimeRestriction

        day = pendulum.datetime(2026, 11, 20)
        info = timetable.next_dagrun_info(
            last_automated_data_interval=DataInterval(day.subtract(days=1), day),
            restriction=TimeRestriction(earliest=None, latest=None, catchup=True),
        )
        assert info.logical_date == day
        assert info.data_interval == DataInterval(day, day.add(days=1))
        assert info.run_after == pendulum.datetime(2026, 11, 21, 9)  # 06:00 in Buenos Aires

    @pytest.mark.parametrize(
        ("zone", "now", "day"),
        [
            (ARGENTINA, "2026-11-22T00:30", "2026-11-20"),
            (ARGENTINA, "2026-11-22T08:59", "2026-11-20"),
            (ARGENTINA, "2026-11-22T09:00", "2026-11-21"),
            (ARGENTINA, "2026-11-22T23:59", "2026-11-21"),
            ("Pacific/Kiritimati", "2026-11-21T15:59", "2026-11-20"),
            ("Pacific/Kiritimati", "2026-11-21T16:00", "2026-11-21"),
            ("Pacific/Honolulu", "2026-11-22T15:59", "2026-11-20"),
            ("Pacific/Honolulu", "2026-11-22T16:00", "2026-11-21"),
            # clocks there went back an hour on the 1st
            ("America/New_York", "2026-11-01T09:59", "2026-10-30"),
            ("America/New_York", "2026-11-01T11:00", "2026-10-31"),
        ],
    )
    def test_switched_on_it_runs_the_last_day_that_is_due(
        self, dag, monkeypatch, zone: str, now: str, day: str
    ) -> None:
        import pendulum
        from airflow.timetables.base import TimeRestriction

        from client360.orchestration.timetable import DailyTimetable

        monkeypatch.setattr("client360.orchestration.timetable.timezone.utcnow", lambda: pendulum.parse(now))
        info = DailyTimetable(6, zone).next_dagrun_info(
            last_automated_data_interval=None,
            restriction=TimeRestriction(earliest=dag.start_date, latest=None, catchup=False),
        )
        assert info.logical_date == pendulum.parse(day)
        assert info.run_after <= pendulum.parse(now)

    def test_a_backfill_has_both_its_first_and_its_last_day(self, dag) -> None:
        import pendulum
        from airflow.serialization.serialized_objects import DagSerialization

        stored = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
        runs = stored.iter_dagrun_infos_between(pendulum.datetime(2026, 11, 1), pendulum.datetime(2026, 11, 7))
        assert [info.logical_date.date().isoformat() for info in runs] == [f"2026-11-0{day}" for day in range(1, 8)]

    def test_a_logical_date_in_the_future_is_refused_when_the_run_is_triggered(self, dag) -> None:
        """Else the scheduler leaves the run "running" until then."""
        import pendulum
        from airflow.api_fastapi.core_api.datamodels.dag_run import TriggerDAGRunPostBody
        from airflow.serialization.serialized_objects import DagSerialization

        stored = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
        for ahead in (pendulum.duration(minutes=1), pendulum.duration(days=-1), pendulum.duration(years=-30)):
            body = TriggerDAGRunPostBody(logical_date=pendulum.now("UTC") + ahead)
            assert body.validate_context(stored)["logical_date"] == body.logical_date
        for ahead in (pendulum.duration(hours=1), pendulum.duration(years=1)):
            body = TriggerDAGRunPostBody(logical_date=pendulum.now("UTC") + ahead)
            with pytest.raises(
                ValueError, match=r"^the logical date .* is in the future: leave it empty, and give .* fecha$"
            ):
                body.validate_context(stored)

    @pytest.mark.parametrize(("hours", "state"), [(1, "failed"), (-1, "running")])
    def test_a_run_in_the_future_that_airflow_s_command_made_fails_when_it_would_start(
        self, airflow_database: Path, hours: int, state: str
    ) -> None:
        import pendulum
        from airflow.models import DagRun

        run = DagRun("client360", f"of_{hours}", logical_date=pendulum.now("UTC").add(hours=hours), state="running")
        run.notify_dagrun_state_changed("started")  # as the scheduler does, before it commits
        assert run.state == state

    def test_no_day_is_before_the_first_one(self, dag) -> None:
        """Of a logical date before a start_date Airflow makes a run without tasks, and calls it a success."""
        assert dag.start_date is None
        assert {task.start_date for task in dag.tasks} == {None}

    def test_it_survives_being_stored(self, timetable) -> None:
        from client360.orchestration.timetable import DailyTimetable

        stored = DailyTimetable.deserialize(timetable.serialize())
        assert (stored.hours, stored.zone) == (6, ARGENTINA)
        assert DailyTimetable.deserialize({"hours": 6}).zone == "UTC"  # by a version before
        assert timetable.summary == f"daily, 06:00 {ARGENTINA}"

    def test_the_schedule_goes_by_the_time_zone_of_the_feed_that_the_environment_names(self, dag, monkeypatch) -> None:
        from client360.run import parameters

        assert dag.timetable.zone == ARGENTINA
        shop = replace(parameters.read_feed("tienda_ejemplo"), timezone="America/Montevideo")
        monkeypatch.setattr(
            "client360.run.parameters.read_feed", lambda name: shop if name == "tienda_ejemplo" else read_feed(name)
        )
        assert parameters.timezone({"CLIENT360_FUENTE": "tienda_ejemplo"}) == "America/Montevideo"
        assert parameters.timezone({}, {"fuente": "tienda_ejemplo"}) == "America/Montevideo"
        assert parameters.timezone({"CLIENT360_FUENTE": "tienda_ejemplo"}, {"fuente": "simulador"}) == ARGENTINA
