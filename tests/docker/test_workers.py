"""Workers on two machines, which share the data folder and a network: the second one is a project with one service, its worker.

Each takes one task at a time, so that tasks that are ready together run on both. This file comes last: others try the stack from
its first start on.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from stack import MACHINES, WORLD, Embedded, Stack, wait

from client360 import folders

FEED = {"fuente": "tienda_ejemplo", "fecha": "2025-06-30", "inicio": "2025-01-01"}


class Machines:
    """The stack with a worker, and another machine's worker beside it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.network = f"{stack.project}-machines"
        self.first = MACHINES | {"CLIENT360_NETWORK": self.network, "WORKERS": "1", "PARALLELISM": "1"}
        self.second = self.first | {"COMPOSE_PROJECT_NAME": f"{stack.project}-second"}

    def start(self) -> None:
        self.stack.command("docker/prepare")
        self.stack.make("down")  # compose leaves containers that run on the network that they are on
        self.stack.command("docker", "network", "create", self.network)
        self.stack.make("up", **self.first)
        self.stack.command("docker", "tag", self.stack.project, self.second["COMPOSE_PROJECT_NAME"])
        self.join()
        wait("the DAGs", lambda: self.stack.api().call("GET", "/api/v2/dags")["total_entries"] == 2)
        self.stack.make("airflow", "ARGS=dags unpause client360 --yes", **self.first)

        def idle() -> bool:
            runs = self.stack.api().runs().values()
            return bool(runs) and not {"queued", "running"} & {run["state"] for run in runs}

        wait("the end of scheduled runs", idle)

    def join(self) -> None:
        """Start the worker of the second machine, as docs/scale.md says."""
        self.stack.compose("up", "--detach", "--no-deps", "--wait", "worker", **self.second)

    def remove(self) -> None:
        self.stack.compose("down", "--volumes", **self.second)
        self.stack.command("docker", "image", "rm", self.second["COMPOSE_PROJECT_NAME"], check=False)
        self.stack.make("down", **self.first)
        self.stack.command("docker", "network", "rm", self.network)

    def worker(self, machine: dict[str, str]) -> str:
        """The id of the machine's worker, whose beginning is its host name."""
        return self.stack.compose("ps", "--quiet", "worker", **machine).strip()

    def host(self, machine: dict[str, str]) -> str:
        return self.worker(machine)[:12]

    def ran_on(self, run: str) -> set[str]:
        """The hosts of all tries of the run's tasks, also those that were killed."""
        tried = " union ".join(
            f"select hostname from {table} where run_id = '{run}' and hostname <> ''"
            for table in ("task_instance", "task_instance_history")
        )
        return set(self.stack.sql(tried, "airflow").split())

    def tries(self, run: str) -> int:
        """The most tries that a task of the run took."""
        return max(task["try_number"] for task in self.stack.tasks(run))


@pytest.fixture(scope="module")
def machines(stack: Stack) -> Iterator[Machines]:
    made = Machines(stack)
    try:
        made.start()
        yield made
    finally:
        made.remove()


def mounts(machines: Machines, container: str) -> set[tuple[str, str]]:
    """What is mounted from outside, and where."""
    shown = "{{range .Mounts}}{{.Source}} {{.Destination}}\n{{end}}"
    lines = machines.stack.command("docker", "inspect", "--format", shown, container).split("\n")
    return {tuple(line.split(" ")) for line in lines if line}  # type: ignore[misc]


def test_two_workers_that_share_the_data_folder_alone_publish_the_embedded_stacks_files(
    machines: Machines, embedded: Embedded, last: str
) -> None:
    workers = [machines.worker(machine) for machine in (machines.first, machines.second)]
    ((source, place),) = mounts(machines, workers[0]) & mounts(machines, workers[1])
    assert (source, place) == (str(machines.stack.folder / "data"), "/opt/airflow/data")
    run = machines.stack.trigger(fecha=last, **{**WORLD, "reemplazar": True})
    machines.stack.wait_for_success(run)
    assert machines.ran_on(run) == {worker[:12] for worker in workers}
    assert machines.tries(run) == 1
    assert machines.stack.published(last) == embedded.published(last)


def test_airflow_shows_the_log_of_a_task_that_ran_on_the_other_machine(machines: Machines) -> None:
    second = machines.host(machines.second)
    (run, task, index) = machines.stack.sql(
        f"select run_id, task_id, map_index from task_instance where hostname = '{second}' limit 1", "airflow"
    ).split("|")
    path = f"/api/v2/dags/client360/dagRuns/{run}/taskInstances/{task}/logs/1?map_index={index}"
    shown = str(machines.stack.api().call("GET", path)["content"])
    assert f"http://{second}:8793/" in shown
    assert "Could not read served logs" not in shown


def test_a_feeds_files_are_read_by_both(machines: Machines, embedded: Embedded) -> None:
    stack = machines.stack
    for data in (stack.folder / "data", embedded.checkout.data):
        shutil.copytree(folders.ROOT / "docs" / "examples" / "tienda", data / "tienda")
    run = stack.trigger(**FEED, entrada="tienda", reemplazar=True)
    stack.wait_for_success(run)
    assert machines.ran_on(run) == {machines.host(machines.first), machines.host(machines.second)}
    assert machines.tries(run) == 1
    given = [f"{name.upper()}={value}" for name, value in FEED.items()]
    code, output = embedded.checkout.make("run", *given, f"ENTRADA={embedded.checkout.data / 'tienda'}", "REEMPLAZAR=1")
    assert code == 0, output
    assert stack.published(FEED["fecha"]) == embedded.published(FEED["fecha"])


def test_a_run_whose_other_machine_dies_while_it_writes_a_file_succeeds(
    machines: Machines, embedded: Embedded, last: str
) -> None:
    stack = machines.stack
    killed = machines.worker(machines.second)
    stack.compose("stop", "worker", **machines.first)
    run = stack.trigger(fecha=last, **{**WORLD, "reemplazar": True})
    wait("a file half written", lambda: bool(unfinished(stack.folder, killed[:12])))
    stack.command("docker", "kill", killed)
    assert unfinished(stack.folder, killed[:12])
    stack.compose("start", "worker", **machines.first)
    stack.wait_for_success(run)
    assert machines.ran_on(run) == {machines.host(machines.first), killed[:12]}
    assert machines.tries(run) > 1
    assert stack.published(last) == embedded.published(last)


def unfinished(folder: Path, host: str) -> list[Path]:
    """Landing files that the host has begun."""
    return list((folder / "data" / "raw").rglob(f".*.{host}.*.part"))
