"""Which faults are injected, and when: drawn from a seed."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """What can be done to a service."""

    kind: str
    service: str
    name: str
    detail: str = ""
    """Of a process, what its command line matches; of a clock, how far it is off."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


TARGETS = (
    Target("SIGKILL", "scheduler", "scheduler, one of its processes", r"bin/airflow scheduler"),
    Target("SIGKILL", "worker", "worker, main process", r"celeryd.*MainProcess"),
    Target("SIGKILL", "worker", "worker, process of its pool", r"ForkPoolWorker|^airflow supervisor"),
    Target("SIGKILL", "worker", "worker, process of a task", r"^airflow worker"),
    Target("SIGKILL", "worker", "worker, server of logs", r"serve-logs"),
    Target("SIGKILL", "worker", "worker, whole container", r"dumb-init"),
    Target("SIGKILL", "api-server", "API server", r"airflow api_server"),
    Target("SIGKILL", "dag-processor", "DAG processor", r"bin/airflow dag-processor"),
    Target("SIGKILL", "postgres", "PostgreSQL, main process", r"^postgres -c"),
    Target("SIGKILL", "postgres", "PostgreSQL, session of a task", r"^postgres: client360 "),
    Target("SIGKILL", "postgres", "PostgreSQL, session of Airflow", r"^postgres: airflow "),
    Target("SIGKILL", "postgres", "PostgreSQL, checkpointer", r"^postgres: checkpointer"),
    Target("SIGKILL", "redis", "Redis", r"redis-server"),
    Target("paused", "scheduler", "scheduler"),
    Target("paused", "worker", "worker"),
    Target("paused", "api-server", "API server"),
    Target("paused", "dag-processor", "DAG processor"),
    Target("paused", "postgres", "PostgreSQL"),
    Target("paused", "redis", "Redis"),
    Target("off the network", "scheduler", "scheduler"),
    Target("off the network", "worker", "worker"),
    Target("off the network", "api-server", "API server"),
    Target("off the network", "postgres", "PostgreSQL"),
    Target("off the network", "redis", "Redis"),
    Target("disk full", "data", "data folder"),
    Target("disk full", "database", "PostgreSQL"),
    Target("clock off", "postgres", "PostgreSQL, two hours fast", "+2h"),
    Target("clock off", "postgres", "PostgreSQL, two hours slow", "-2h"),
)


@dataclass(frozen=True)
class Fault:
    """A fault of one run."""

    number: int
    target: Target
    whole: bool
    """Whether the run builds the warehouse anew, or adds a day."""
    share: float
    """When it begins: the share of the time that the run takes without a fault."""
    seconds: float
    """How long it lasts."""
    pick: float
    """Where there are several to choose from, which."""

    def __str__(self) -> str:
        return f"{self.number:02} {self.target}"


def plan(count: int, seed: int) -> list[Fault]:
    """As many faults: every one once, in random order, then again. Runs that build and runs that add a day take turns."""
    draw = random.Random(seed)  # noqa: S311
    planned: list[Fault] = []
    while len(planned) < count:
        for target in draw.sample(TARGETS, len(TARGETS)):
            number = len(planned) + 1
            seconds = 0 if target.kind == "SIGKILL" else draw.uniform(10, 30)
            planned.append(Fault(number, target, number % 2 == 1, draw.random(), seconds, draw.random()))
    return planned[:count]
