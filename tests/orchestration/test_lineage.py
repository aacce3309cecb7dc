"""What OpenLineage is told of runs, event by event, from a file."""

import csv
import itertools
import json
import os
import re
import shutil
import socketserver
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sqlalchemy import Engine, text

from client360 import folders
from client360.load import dimensions
from client360.orchestration.sql_operator import WarehouseOperator
from client360.run.lineage import Lineage, of_step
from client360.run.steps import BY_NAME
from client360.warehouse.models import EXPORTED, LANDING, columns
from tools.local import stack

if TYPE_CHECKING:
    from airflow.sdk import DAG

WORLD = {"clientes": 20, "inicio": "2026-09-01", "semilla": 3}
DAY = date(2026, 9, 10)
PASSWORD = "palabra-secreta"  # noqa: S105
SWITCH = "AIRFLOW__OPENLINEAGE__TRANSPORT"
Event = dict[str, Any]


def settings() -> dict[str, str]:
    """Those of the stack in Docker, but for the switch."""
    compose = yaml.safe_load((folders.ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))
    return {name: f"{value}" for name, value in compose["x-lineage"].items() if name != SWITCH}


@pytest.fixture
def switch_on(run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict], None]]:
    """Switches lineage on, to a transport, as the provider's plugin does where Airflow starts with it."""
    from airflow.providers.openlineage.plugins.listener import OpenLineageListener
    from airflow.sdk.listener import get_listener_manager

    connection = json.loads(os.environ["AIRFLOW_CONN_CLIENT360"]) | {"password": PASSWORD}
    monkeypatch.setenv("AIRFLOW_CONN_CLIENT360", json.dumps(connection))
    manager, listeners = get_listener_manager(), []

    def switch(transport: dict) -> None:
        for name, value in (settings() | {SWITCH: json.dumps(transport)}).items():
            monkeypatch.setenv(name, value)
        listeners.append(OpenLineageListener())
        manager.add_listener(listeners[-1])

    yield switch
    for listener in listeners:
        manager.pm.unregister(listener)


@pytest.fixture
def events(switch_on: Callable[[dict], None], tmp_path_factory: pytest.TempPathFactory) -> Callable[[], list[Event]]:
    """The events of the tasks that have run so far."""
    path = tmp_path_factory.mktemp("lineage") / "events.jsonl"
    switch_on({"type": "file", "log_file_path": f"{path}", "append": True})
    return lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def named(datasets: list[dict]) -> dict[str, dict]:
    """Datasets by name: tables without their database."""
    return {each["name"].removeprefix("warehouse."): each for each in datasets}


def origins(dataset: dict) -> dict[str, set[tuple[str, str]]]:
    """By column of an output, the columns that it is made of."""
    fields = dataset["facets"].get("columnLineage", {"fields": {}})["fields"]
    return {
        column: {(origin["name"].removeprefix("warehouse."), origin["field"]) for origin in made["inputFields"]}
        for column, made in fields.items()
    }


def of_a_world(dag: "DAG") -> set[str]:
    """The tasks that run once in a run of a simulated world; of the others Airflow starts none."""
    of_files = {"generate.corrupted_files", "load.deliveries", "load.raw_files", "load.contract"}
    return {task.task_id for task in dag.tasks} - of_files


def fields(dataset: dict) -> list[str]:
    return [field["name"] for field in dataset["facets"]["schema"]["fields"]]


def test_each_task_tells_the_files_and_tables_that_it_has_read_and_written_with_their_columns(
    run: Callable[..., str], events: Callable[[], list[Event]], dag: "DAG", data: Path, warehouse: Engine
) -> None:
    assert run(DAY, **WORLD) == "success"
    told = events()
    assert Counter((event["job"]["name"], event["eventType"]) for event in told) == Counter(
        (f"client360.{task}", state) for task in of_a_world(dag) for state in ("START", "COMPLETE")
    ), "each of these tasks ran once, and told its start and its end"
    assert {event["job"]["namespace"] for event in told} == {"client360"}
    done = {
        event["job"]["name"].removeprefix("client360."): event for event in told if event["eventType"] == "COMPLETE"
    }
    read = {task: named(event["inputs"]) for task, event in done.items()}
    written = {task: named(event["outputs"]) for task, event in done.items()}

    for task in dag.tasks:
        if task.operator_name == WarehouseOperator.__name__:
            found = Lineage()
            for step in task.partial_kwargs["steps"] if task.is_mapped else task.steps:
                found.add(of_step(BY_NAME[step]))
            assert read[task.task_id].keys() == found.reads
            assert {name: origins(each) for name, each in written[task.task_id].items()} == {
                table: {column: set(made_of) for column, made_of in made.items() if made_of}
                for table, made in found.writes.items()
            }
    landing = {f"{data}/raw/{entity}": columns(model) for entity, model in LANDING.items()}
    assert {name: fields(each) for name, each in written["generate.landing_files"].items()} == landing
    assert {name: sorted(fields(each)) for name, each in read["load.staging"].items()} == {
        name: sorted(own) for name, own in landing.items()
    }
    files = {
        each["name"]: each["inputFacets"]["subset"]["inputCondition"]["locations"]
        for each in done["load.staging"]["inputs"]
    }
    assert sorted(itertools.chain.from_iterable(files.values())) == sorted(
        f"{path}" for path in (data / "raw").rglob("*.csv")
    )
    assert {name: origins(each) for name, each in written["load.staging"].items()} == {
        f"staging.{entity}": {name: {(f"{data}/raw/{entity}", name)} for name in columns(model)}
        for entity, model in LANDING.items()
    }
    exported = {f"{data}/processed/{name}.csv": model for name, model in EXPORTED.items()}
    assert {name: origins(each) for name, each in written["export.csv_files"].items()} == {
        name: {column: {(model.table().fullname, column)} for column in columns(model)}
        for name, model in exported.items()
    }
    for name, each in written["export.csv_files"].items():
        assert Path(name).exists()
        (file,) = each["outputFacets"]["subset"]["outputCondition"]["locations"]
        assert file == f"{data}/processed/fecha={DAY}/{Path(name).name}"
        assert Path(file).read_text(encoding="utf-8-sig").splitlines()[0] == ",".join(fields(each))

    with warehouse.connect() as connection:
        there: dict[str, list[str]] = {}
        for table, column in connection.execute(
            text(
                "select table_schema || '.' || table_name, column_name from information_schema.columns "
                "order by table_schema, table_name, ordinal_position"
            )
        ):
            there.setdefault(table, []).append(column)
    told_tables = {name: each for task in done for name, each in (read[task] | written[task]).items() if name[0] != "/"}
    assert {name: sorted(fields(each)) for name, each in told_tables.items()} == {
        name: sorted(there[name]) for name in told_tables
    }
    assert {"mart.cliente_360", "dw.hecho_pedidos", "control.verificaciones"} <= told_tables.keys()
    (server,) = {each["namespace"] for each in told_tables.values()}
    assert server.startswith("postgres://")
    assert server.endswith(":5432")


def test_no_event_has_a_value_of_a_row_or_a_password(
    run: Callable[..., str], events: Callable[[], list[Event]], data: Path
) -> None:
    assert run(DAY, **WORLD, formatos=["excel", "csv_regional", "parquet"], anonimo=False) == "success"
    told = json.dumps(events(), ensure_ascii=False)
    with (data / "raw" / "clientes" / "clientes_2026-09-01_2026-09-10.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    assert len(people) >= WORLD["clientes"]
    values = {row[name] for row in people for name in ("cliente_id", "dni", "email", "fecha_nacimiento")}
    values |= {f"{row['nombre']} {row['apellido']}" for row in people}
    assert [value for value in values if value and value in told] == []
    assert PASSWORD not in told
    assert f"{data}/processed/cliente_360.xlsx" in told
    assert f"{data}/processed/medios_de_pago.parquet" in told


def test_a_feed_tells_its_files_its_raw_tables_and_what_it_makes_of_them(
    run: Callable[..., str], events: Callable[[], list[Event]], data: Path
) -> None:
    shutil.copytree(folders.ROOT / "docs" / "examples" / "banco", data / "input")
    assert run(date(2025, 1, 31), fuente="banco_ejemplo", entrada="input") == "success"
    done = {event["job"]["name"]: event for event in events() if event["eventType"] == "COMPLETE"}
    files = named(done["client360.load.raw_files"]["inputs"])
    assert files.keys() == {f"{data}/input/clientes.csv", f"{data}/input/transacciones.csv"}
    raw = {"crudo.clientes", "crudo.transacciones"}
    assert named(done["client360.load.raw_files"]["outputs"]).keys() == raw
    assert named(done["client360.load.contract"]["inputs"]).keys() == raw
    made = named(done["client360.load.contract"]["outputs"])
    assert made.keys() == {"staging.clientes", "staging.transacciones", "control.rechazos"}
    assert origins(made["staging.transacciones"])["transaccion_id"] == {
        ("crudo.transacciones", "_archivo"),
        ("crudo.transacciones", "_linea"),
    }


def test_a_task_that_fails_says_so_without_the_values_that_its_error_would_quote(
    run: Callable[..., str], events: Callable[[], list[Event]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(engine: Engine, *args: Any, **options: Any) -> int:
        with engine.begin() as connection:
            return connection.execute(text("select cast(:value as integer)"), {"value": "Juana Azurduy"}).scalar_one()

    monkeypatch.setattr(dimensions, "fill_dimensions", fail)
    assert run(DAY, **WORLD) == "failed"
    states = {(event["job"]["name"], event["eventType"]): event for event in events()}
    failed = states["client360.transform.calendar_and_provinces", "FAIL"]
    assert "invalid text representation" in failed["run"]["facets"]["errorMessage"]["message"]
    assert "Azurduy" not in json.dumps(failed)
    assert failed["inputs"] == failed["outputs"] == []
    assert ("client360.transform.hecho_transacciones", "START") not in states


def test_what_takes_no_events_neither_fails_a_run_nor_holds_it_up(
    run: Callable[..., str], switch_on: Callable[[dict], None], dag: "DAG", data: Path
) -> None:
    refused = []

    class HangUp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            refused.append(self.client_address)

    example = re.search(r"^#CLIENT360_LINEAGE='(.*)'$", (folders.ROOT / ".env.example").read_text(), re.MULTILINE)
    assert example
    with socketserver.TCPServer(("127.0.0.1", 0), HangUp) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        switch_on({**json.loads(example[1]), "url": f"http://127.0.0.1:{server.server_address[1]}"})
        assert run(DAY, **WORLD) == "success"
        server.shutdown()
    assert len(refused) == 2 * len(of_a_world(dag)), "no event was tried again, for which the client waits nine seconds"
    assert (data / "processed" / "cliente_360.csv").exists()


PROGRAM = """
import json, sys
from airflow.sdk.listener import get_listener_manager
names = [type(each).__name__ for each in get_listener_manager().pm.get_plugins()]
heavy = [name for name in ("openlineage", "sqlglot", "client360.run.lineage") if name in sys.modules]
told = []
if names.count("OpenLineageListener"):
    (listener,) = [each for each in get_listener_manager().pm.get_plugins() if type(each).__name__ == "OpenLineageListener"]
    told = [name for name, by in listener.extractor_manager.extractors.items() if by.__name__ == "TaskLineage"]
print(json.dumps([names.count("OpenLineageListener"), heavy, told]))
"""


@pytest.mark.parametrize("transport", ["", '{"type": "console"}'])
def test_one_setting_switches_it_on_and_nothing_is_loaded_without_it(transport: str, tmp_path: Path) -> None:
    environment = settings() | {
        SWITCH: transport,
        "AIRFLOW_HOME": f"{tmp_path}",
        "AIRFLOW__CORE__PLUGINS_FOLDER": f"{folders.ROOT / 'plugins'}",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "PYTHONPATH": f"{folders.ROOT / 'plugins'}",
        "PYTHONWARNINGS": "ignore",
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    listening, heavy, told = json.loads(done.stdout.splitlines()[-1])
    if transport:
        assert listening == 1
        assert {"WarehouseOperator", "Deliveries", "_PythonDecoratedOperator"} <= set(told)
    else:
        assert (listening, heavy) == (0, [])


def test_all_stacks_have_the_same_settings() -> None:
    chart = yaml.safe_load((folders.ROOT / "helm" / "lineage.yaml").read_text(encoding="utf-8"))
    given = chart["config"]["openlineage"].items()
    assert {f"AIRFLOW__OPENLINEAGE__{name.upper()}": f"{value}" for name, value in given} == settings() == stack.LINEAGE
    sends = chart["scheduler"], chart["workers"]["celery"]
    assert [[each["name"] for each in one["env"]].count(SWITCH) for one in sends] == [1, 1]
    compose = yaml.safe_load((folders.ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))
    assert compose["x-lineage"][SWITCH] == "${CLIENT360_LINEAGE:-}"
    services = compose["services"].items()
    assert [name for name, service in services if SWITCH in service.get("environment", {})] == ["scheduler"]
