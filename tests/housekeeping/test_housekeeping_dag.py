"""The DAG of housekeeping as its users meet it: off, dry, and refusing what is none of its parameters."""

import copy
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from airflow.configuration import conf
from airflow.sdk import DAG
from sqlalchemy import Engine, insert

from client360 import folders
from client360.days import DayRange
from client360.housekeeping.settings import STANDARD, defaults, judged
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files
from client360.warehouse.models import LANDING, Cargas

WORLD = World(3, 5, date(2026, 9, 1))
PROGRAM = """
import os
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
print(list(bag.import_errors.values()), list(bag.dags))
"""


@pytest.fixture
def housekeeping(airflow_database: Path, data: Path, warehouse: Engine) -> DAG:
    """The DAG, whose tasks are tried once."""
    from airflow.dag_processing.dagbag import DagBag

    dag = DagBag(str(folders.ROOT / "dags")).dags["client360_housekeeping"]
    for task in dag.tasks:
        task.retries = 0
    return dag


@pytest.fixture
def run(housekeeping: DAG) -> Callable[..., dict[str, str]]:
    """Run the DAG with these parameters; returns the states of its tasks."""

    def run_dag(**given: object) -> dict[str, str]:
        done = housekeeping.test(run_conf=STANDARD | given)
        return {task.task_id: str(task.state) for task in done.get_task_instances()}

    return run_dag


def loaded(warehouse: Engine, owner: str) -> None:
    """Have the warehouse hold the landing files of the owner's day."""
    with warehouse.begin() as connection:
        for name, model in LANDING.items():
            values = {"fecha": WORLD.first_day, "entidad": name, "mundo": owner, "filas": 1, "suma": 0, "sha256": "x"}
            values |= {"corrida": "x", "archivo": "x", "capa": model.last_layer, "capa_alcanzada": model.last_layer}
            connection.execute(insert(Cargas), values)


def old_files(data: Path) -> list[Path]:
    """Landing files, and a log, from 200 days ago."""
    write_landing_files(WORLD, [DayRange(WORLD.first_day, WORLD.first_day)], data)
    log = (
        Path(conf.get("logging", "base_log_folder")) / "dag_id=client360" / "run_id=old" / "task_id=x" / "attempt=1.log"
    )
    log.parent.mkdir(parents=True)
    log.write_text("x\n")
    files = [log, *(path for path in (data / "raw").rglob("*") if path.is_file())]
    long_ago = time.time() - timedelta(days=200).total_seconds()
    for path in (*files, log.parent, log.parents[1]):
        os.utime(path, (long_ago, long_ago))
    return files


def test_a_dry_run_says_what_goes_when_it_is_applied(
    run: Callable[..., dict[str, str]], warehouse: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    loaded(warehouse, WORLD.name)
    files = old_files(data)
    mine = data / "raw" / "clientes" / "mine.csv"
    mine.write_text("x")
    states = {"metadata": "skipped", "task_logs": "success", "landing_files": "success"}
    assert run() == states
    said = [record.getMessage() for record in caplog.records]
    assert all(path.exists() for path in files)
    assert "1 runs and days, 1 files, 2 bytes" in "\n".join(
        line for line in said if line.startswith("would be removed: ")
    )
    landing = f"would be removed: raw: {WORLD.name}, 2026-09-01 to 2026-09-01, {len(files) - 1} files, "
    assert [line for line in said if line.startswith(landing)]
    assert run(aplicar=True, dias_landing=0) == states | {"landing_files": "skipped"}
    assert not files[0].exists()
    assert all(path.exists() for path in files[1:])
    assert run(aplicar=True) == states
    assert not any(path.exists() for path in files)
    assert mine.exists()


def test_landing_files_of_others_than_the_source_that_the_warehouse_holds_stay(
    run: Callable[..., dict[str, str]], warehouse: Engine, data: Path
) -> None:
    """A feed may read them."""
    write_landing_files(WORLD, [DayRange(WORLD.first_day, WORLD.first_day)], data)
    files = [path for path in (data / "raw").rglob("*") if path.is_file()]
    for path in files:
        os.utime(path, (0, 0))
    assert run(aplicar=True)["landing_files"] == "success", "the warehouse holds nothing"
    loaded(warehouse, "feed x")
    assert run(aplicar=True)["landing_files"] == "success"
    assert all(path.exists() for path in files)


def test_a_name_that_is_no_parameter_stops_all_and_removes_nothing(
    run: Callable[..., dict[str, str]], warehouse: Engine, data: Path
) -> None:
    loaded(warehouse, WORLD.name)
    files = old_files(data)
    assert set(run(aplicar=True, dias_lgs=400).values()) == {"failed"}
    assert all(path.exists() for path in files)
    files[0].unlink()
    for folder in files[0].parents[:2]:
        folder.rmdir()


def test_it_is_off_weekly_and_dry_until_somebody_says_otherwise(housekeeping: DAG) -> None:
    assert housekeeping.is_paused_upon_creation is True
    assert housekeeping.catchup is False
    assert housekeeping.max_active_runs == 1
    assert housekeeping.timetable.expression == "0 0 * * 0"
    assert {name: housekeeping.params[name] for name in housekeeping.params} == STANDARD
    assert STANDARD["aplicar"] is False
    for name in housekeeping.params:
        param = housekeeping.params.get_param(name)
        assert param.schema["title"], name
        assert param.description, name
    for task in housekeeping.tasks:
        assert task.owner == "client360"
        assert task.execution_timeout <= timedelta(hours=2)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"aplicar": True, "dias_logs": 1}, None),
        ({"dias_landing": 0}, None),
        ({"aplicar": "perhaps"}, "aplicar"),
        ({"dias_logs": -1}, "dias_logs"),
        ({"dias_metadatos": 1.5}, "dias_metadatos"),
        ({"dias_landing": None}, "dias_landing"),
    ],
)
def test_the_form_accepts_what_is_right_and_names_what_is_not(
    housekeeping: DAG, given: dict, wrong: str | None
) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    def submitted() -> dict:
        params = copy.deepcopy(housekeeping.params)
        params.update(given)
        return params.validate()

    if wrong is None:
        assert submitted() == STANDARD | given
    else:
        with pytest.raises(ParamValidationError, match=wrong):
            submitted()


def test_the_environment_sets_the_defaults() -> None:
    given = {f"CLIENT360_HOUSEKEEPING_{name}": text for name, text in (("APLICAR", "1"), ("DIAS_LOGS", "14"))}
    assert defaults({}) == STANDARD
    assert defaults(given | {"CLIENT360_HOUSEKEEPING_DIAS_LANDING": ""}) == STANDARD | {
        "aplicar": True,
        "dias_logs": 14,
    }


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("DIAS_LOGS", "a month", "dias_logs is 'a month': give a whole number"),
        ("DIAS_LOGS", "-1", "dias_logs is -1: give days up to 36500, or 0, which keeps everything"),
        ("DIAS_METADATOS", "36501", "dias_metadatos is 36501: give days up to 36500"),
        ("APLICAR", "yes", "aplicar is 'yes': give 1 for yes or 0 for no"),
    ],
)
def test_a_default_that_is_none_is_refused(name: str, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=rf"^in the environment, CLIENT360_HOUSEKEEPING_\.\.\.: {said}"):
        defaults({f"CLIENT360_HOUSEKEEPING_{name}": text})


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^'dias' is no parameter of housekeeping: there are aplicar, dias_metadatos"):
        judged(STANDARD | {"dias": 1})


def test_a_nonsense_setting_takes_housekeeping_from_airflow_with_its_reason_and_leaves_the_other_dag() -> None:
    environment = os.environ | {"CLIENT360_HOUSEKEEPING_DIAS_LOGS": "x", "PYTHONPATH": str(folders.ROOT / "plugins")}
    said = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=True, capture_output=True, text=True)
    assert "dias_logs is 'x': give a whole number" in said.stdout
    assert said.stdout.endswith("['client360']\n")
