"""A PostgreSQL and an Airflow of the tests' own. The environment is set before anything imports airflow."""

import atexit
import gc
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date, datetime, timezone
from functools import _lru_cache_wrapper, partial
from pathlib import Path
from sqlite3 import connect
from typing import TYPE_CHECKING

import psycopg
import pytest
import yaml
from psycopg import sql
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool
from web_hook import Message, taking_messages

from client360 import folders
from client360.ingest import feed_spec
from client360.simulate import facts
from client360.warehouse.migrate import migrate
from tools.local.schemas import judge_schemas_once
from tools.local.server import Server, embedded

if TYPE_CHECKING:
    from airflow.sdk import DAG

MEMORY = "/dev/shm"  # noqa: S108, where Linux keeps files in memory
# on a disk, copying a test's warehouse takes ten times as long
PLACE = MEMORY if Path(MEMORY).is_dir() and shutil.disk_usage(MEMORY).free > 4 << 30 else None
AIRFLOW_HOME = tempfile.mkdtemp(prefix="client360-airflow-", dir=PLACE)
atexit.register(shutil.rmtree, AIRFLOW_HOME, ignore_errors=True)
# how long a test of random histories runs, the cluster of tests/citus, and the chart of tests/helm
for name in os.environ.keys() - {"CLIENT360_EXAMPLES", "CLIENT360_CITUS", "CLIENT360_CHART"}:
    if name.startswith(("AIRFLOW", "CLIENT360")):
        del os.environ[name]
os.environ.update(
    {
        "AIRFLOW_HOME": AIRFLOW_HOME,
        "AIRFLOW__CORE__DAGS_FOLDER": str(folders.ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(folders.ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    }
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that run the whole DAG take long, and come first: at the end one process would wait for the other."""
    for item in items:
        if "run" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture
def web() -> Iterator[tuple[str, list[Message]]]:
    """A web server that alerts can be sent to: its address, and what it has taken so far."""
    with taking_messages() as taken:
        yield taken


@pytest.fixture(scope="session")
def open_folders() -> Iterator[Callable[[], Path]]:
    """Makes folders that the user who runs PostgreSQL for root may enter, as folders of pytest are not."""
    made: list[str] = []

    def make() -> Path:
        made.append(tempfile.mkdtemp(prefix="client360-test-", dir=PLACE))
        Path(made[-1]).chmod(0o755)
        return Path(made[-1])

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server(open_folders: Callable[[], Path]) -> Iterator[Server]:
    """A PostgreSQL server for the session."""
    with embedded(open_folders() / "postgres") as running:
        engine = create_engine(running.url("client360", "postgresql+psycopg"))
        migrate(engine)
        engine.dispose()
        with psycopg.connect(running.url("postgres"), autocommit=True) as admin:
            admin.execute("alter system set fsync = off")  # it has to outlive no power cut
            admin.execute("select pg_reload_conf()")
        yield running


@pytest.fixture(scope="session")
def template() -> str:
    """The database of which a test's warehouse is a copy: an empty one."""
    return "client360"


@pytest.fixture
def warehouse(server: Server, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A warehouse of the test's own, which the Airflow connection `client360` leads to."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        # and what a run of an earlier test has left beside its own
        for (name,) in admin.execute("select datname from pg_database where datname ~ '^warehouse(_|$)'").fetchall():
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        admin.execute(f"create database warehouse template {template}")
    connection = {"conn_type": "postgres", "host": str(server.socket), "login": "postgres", "schema": "warehouse"}
    monkeypatch.setenv("AIRFLOW_CONN_CLIENT360", json.dumps(connection))
    engine = create_engine(server.url("warehouse", "postgresql+psycopg"), poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, which the DAG uses."""
    monkeypatch.setenv("CLIENT360_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def airflow_database() -> Path:
    """Airflow's own database, a file."""
    from airflow.utils.db import upgradedb

    judge_schemas_once()
    upgradedb()
    return Path(AIRFLOW_HOME) / "airflow.db"


@pytest.fixture
def dag(airflow_database: Path, data: Path, warehouse: Engine, monkeypatch: pytest.MonkeyPatch) -> "DAG":
    """The DAG, whose tasks are tried once, for `dag.test`."""
    from airflow.dag_processing.dagbag import DagBag

    # dag.test waits a second for each look at the tasks in which it finds none to start
    monkeypatch.setattr(time, "sleep", partial(_sleep, time.sleep))
    dag = DagBag(str(folders.ROOT / "dags")).dags["client360"]
    for task in dag.tasks:
        if not task.is_mapped:
            task.retries = 0
    dag.get_task("load.deliveries").timeout = 0  # looks for awaited files once
    return dag


def _sleep(sleep: Callable[[float], None], seconds: float) -> None:
    by = sys._getframe(1).f_globals["__name__"]
    sleep(0.01 if by == "airflow.sdk.definitions.dag" else seconds)


@pytest.fixture
def run(dag: "DAG") -> Callable[..., str]:
    """Run the DAG for a day; returns the state it ends in."""

    def run_dag(fecha: date, **conf: object) -> str:
        logical_date = datetime.combine(fecha, datetime.min.time(), timezone.utc)
        # the DAG keeps what the run before it was given
        return str(dag.test(logical_date=logical_date, run_conf={"reemplazar": False, **conf}).state)

    return run_dag


@pytest.fixture
def own_feed(dag: "DAG", tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for a feed of the test's own. It takes the place of `simulador`, so that the form of the DAG, which is
    there before, has the feeds that it has in other tests. Leave it in their time zone, too: the schedule goes by it."""
    feeds = tmp_path_factory.mktemp("feeds")
    shutil.copytree(feed_spec.FEEDS, feeds, dirs_exist_ok=True)
    shutil.rmtree(feeds / "simulador")
    (feeds / "simulador").mkdir()
    monkeypatch.setattr(feed_spec, "FEEDS", feeds)
    return feeds / "simulador"


@pytest.fixture
def airflow_homes(airflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes a home for the Airflow of another process: two that write one SQLite file could spoil it for each other."""

    def make() -> Path:
        home = tmp_path_factory.mktemp("airflow")
        with closing(connect(airflow_database)) as made, closing(connect(home / airflow_database.name)) as copy:
            made.backup(copy)
        return home

    return make


WORLD_YAML = facts.WORLD_YAML
UseFacts = Callable[[dict], None]


@pytest.fixture
def world_yaml() -> dict:
    """The facts that world.yaml declares."""
    return yaml.safe_load(WORLD_YAML.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def altered_facts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AbstractContextManager[UseFacts]]:
    """Makes contexts within which the simulator can use other facts than those of world.yaml."""

    @contextmanager
    def altered() -> Iterator[UseFacts]:
        path = tmp_path_factory.mktemp("world") / "world.yaml"

        def use(content: dict) -> None:
            facts.WORLD_YAML = path
            path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
            clear_caches_of_facts()

        try:
            yield use
        finally:
            facts.WORLD_YAML = WORLD_YAML
            clear_caches_of_facts()

    return altered


@pytest.fixture
def use_facts(altered_facts: Callable[[], AbstractContextManager[UseFacts]]) -> Iterator[UseFacts]:
    """Makes the simulator use other facts until the test ends."""
    with altered_facts() as use:
        yield use


def clear_caches_of_facts() -> None:
    """Empty the caches of what the simulator derived from world.yaml."""
    for thing in gc.get_objects():
        if type(thing) is _lru_cache_wrapper and thing.__module__.startswith("client360.simulate"):
            thing.cache_clear()
