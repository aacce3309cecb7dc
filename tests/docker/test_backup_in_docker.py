"""A stack of its own, which tells its lineage, and loses its volumes: after `make restore` it has its days, runs and users."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stack import Stack, wait

DAY, NEXT_DAY = "2026-03-14", "2026-03-15"
WORLD = {"clientes": 100, "inicio": "2026-02-01", "semilla": 9}
EVENTS = "/opt/airflow/logs/lineage.jsonl"
COUNTS = "select (select count(*) from dw.dim_cliente), (select count(*) from dw.hecho_ventas)"


@pytest.fixture(scope="module")
def own(open_folders: Callable[[], Path]) -> Iterator[Stack]:
    """A stack of this file alone, since it loses its volumes."""
    made = Stack(open_folders())
    # the schedule's own run is of the same world
    example = made.folder / ".env.example"
    defaults = "".join(f"CLIENT360_{name.upper()}={value}\n" for name, value in WORLD.items())
    transport = json.dumps({"type": "file", "log_file_path": EVENTS, "append": True})
    example.write_text(f"{example.read_text()}{defaults}CLIENT360_LINEAGE='{transport}'\n")
    made.make("up")
    wait("the DAGs", lambda: made.api().call("GET", "/api/v2/dags")["total_entries"] == 2)
    made.make("airflow", "ARGS=dags unpause client360")
    wait("the schedule", lambda: [run["state"] for run in made.api().runs().values()] == ["success"])
    yield made
    made.remove()


def test_a_scheduled_run_tells_openlineage_what_it_read_and_wrote(own: Stack) -> None:
    def told() -> list[dict]:
        lines = own.compose("exec", "-T", "scheduler", "cat", EVENTS).splitlines()
        return [event for event in map(json.loads, lines) if event["job"]["namespace"] == "client360"]

    # the scheduler tells of the run itself, a moment after its end
    wait("the end of the run", lambda: ("client360", "COMPLETE") in {_what(event) for event in told()})
    events = Counter(_what(event) for event in told())
    jobs = {job for job, _ in events}
    assert len(jobs) > 15
    assert events == Counter((job, state) for job in jobs for state in ("START", "COMPLETE"))
    (done,) = (event for event in told() if _what(event) == ("client360.build_view.cliente_360", "COMPLETE"))
    written = {dataset["name"]: dataset for dataset in done["outputs"]}
    view = written["client360.mart.cliente_360_historico"]
    assert view["namespace"] == "postgres://postgres:5432"
    assert "client360.dw.dim_cliente" in {
        origin["name"] for origin in view["facets"]["columnLineage"]["fields"]["provincia"]["inputFields"]
    }
    secrets = [value for name, value in own.settings().items() if name.endswith(("_PASSWORD", "_SECRET", "_KEY"))]
    assert [secret for secret in secrets if secret and secret in json.dumps(told())] == []


def _what(event: dict) -> tuple[str, str]:
    return event["job"]["name"], event["eventType"]


def test_a_stack_without_volumes_is_what_it_was_after_a_restore(own: Stack) -> None:
    own.wait_for_success(own.trigger(fecha=DAY))
    held, runs = own.sql(COUNTS), own.sql("select count(*) from dag_run", "airflow")
    assert not held.startswith("0")
    own.make("backup", "BACKUP=saved")
    assert (own.folder / "saved").stat().st_mode & 0o077 == 0
    own.wait_for_success(own.trigger(fecha=NEXT_DAY))
    published = own.published(NEXT_DAY)

    own.make("down", "VOLUMES=1", answer="yes\n")
    own.make("up")
    assert own.sql(COUNTS) == "0|0"
    own.make("restore", "BACKUP=saved")
    assert own.sql(COUNTS) == held
    assert own.sql("select count(*) from dag_run", "airflow") == runs
    assert own.sql("select has_table_privilege('client360_reader', 'mart.cliente_360', 'select')") == "t"
    assert own.compose("exec", "-T", "postgres", "ls", "/var/lib/postgresql").split() == ["18"]
    own.wait_for_success(own.trigger(fecha=NEXT_DAY))
    assert own.published(NEXT_DAY) == published

    started = own.compose("ps", "--quiet", "scheduler")
    assert "restore with OVERWRITE=1" in own.make("restore", "BACKUP=saved", check=False)
    assert own.compose("ps", "--quiet", "scheduler") == started  # nothing was stopped for it
