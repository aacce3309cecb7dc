"""The stack in Docker with two Celery workers, in which faults are injected, and what is looked at after a run."""

import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from stack import CELERY, DAYS, LAST, Stack, wait

COMPOSE = {"COMPOSE_FILE": f"{CELERY['COMPOSE_FILE']}:tests/faults/docker-compose.faults.yaml"}
WORLD = {"CLIENT360_CLIENTES": "60", "CLIENT360_INICIO": (LAST - timedelta(days=100)).isoformat()}
"""Of all runs, scheduled ones too."""
OVER = ("success", "failed")
ENDLESS = 900
"""Seconds after which a run counts as one that does not end."""
PATIENCE = 120
"""Seconds after a run in which the stack has to be as before."""
TIMES = ("scheduled_dttm", "queued_dttm", "start_date", "end_date")
"""When the state of a task changed."""
HEALTH = (
    '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}}'
    "{{with .State.Health}} {{.Status}} {{.FailingStreak}}{{end}}"
)
LEFT_IN_POSTGRES = """
    select 'a lock in ' || datname from pg_locks inner join pg_database on oid = database where locktype = 'advisory'
    union all
    select 'an idle transaction in ' || datname from pg_stat_activity
    where state like 'idle in transaction%' and state_change < now() - interval '5 seconds'
    union all
    select 'the database ' || datname from pg_database where datname ~ '^client360_(next|previous)_'
"""
TABLES = """
    select format('%I.%I', nspname, relname)
    from pg_class inner join pg_namespace on pg_namespace.oid = relnamespace
    where nspname in ('staging', 'dw', 'mart') and relkind in ('r', 'p') and not relispartition
    order by 1
"""


class Shaken(Stack):
    """Its runs build the warehouse anew as of a day, or add the day after it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.environment |= COMPOSE | WORLD
        self.services: list[str] = []

    def start(self) -> None:
        self.make("up")
        self.services = self._running()
        wait("the DAGs", lambda: self.api().call("GET", "/api/v2/dags")["total_entries"] == 2)
        self.make("airflow", "ARGS=dags unpause client360 --yes")
        wait("a scheduled run", lambda: len(self.api().runs()) == 1)
        self.wait_for_success(*self.api().runs())

    def remove(self) -> None:
        self.make("down", "VOLUMES=1", answer="yes\n")
        self.command("docker", "image", "rm", "--force", f"{self.project}-postgres", check=False)
        super().remove()

    def saboteur(self, command: str, **options: Any) -> str:
        return self.compose("exec", "-T", "saboteur", "sh", "-c", command, **options)

    def begin(self, *, whole: bool, keep_landing: bool = False) -> str:
        """Trigger a run; a full disk would refuse one that has landing files to write at once, as it should."""
        if not keep_landing:
            self.saboteur("rm -rf /data/raw/*")
        return self.trigger(fecha=day(whole=whole), reemplazar=whole)

    def state(self, run: str) -> str:
        """The state of a run; while PostgreSQL does not answer, none."""
        found = self.sql(f"select 'it is ' || state from dag_run where run_id = '{run}'", "airflow", check=False)
        return found.removeprefix("it is ") if found.startswith("it is ") else ""

    def end(self, run: str) -> str:
        """The state in which it ends, or the one in which it stays."""
        deadline = time.monotonic() + ENDLESS
        while (state := self.state(run)) not in OVER and time.monotonic() < deadline:
            time.sleep(1)
        return state

    def moments(self, run: str) -> list[float]:
        """When something of the run changed, in order."""
        columns = ", ".join(f"({name})" for name in TIMES)
        query = " union ".join(
            f"select extract(epoch from moment) as moment from {table}, lateral (values {values}) as each (moment) "
            f"where run_id = '{run}' and moment is not null"
            for table, values in (
                ("task_instance", columns),
                ("task_instance_history", columns),
                ("dag_run", "(queued_at), (start_date), (end_date)"),
            )
        )
        return [float(moment) for moment in self.sql(f"{query} order by moment", "airflow").split()]

    def tried_again(self, run: str) -> int:
        """How many tries of its tasks were not the last."""
        return int(self.sql(f"select count(*) from task_instance_history where run_id = '{run}'", "airflow"))

    def files(self, day: str, since: float) -> dict[str, str]:
        """SHA-256 of the files published for the day since then."""
        folder = f"/data/processed/fecha={day}"
        shown = self.saboteur(f"find {folder} -type f -newermt @{since} -exec sha256sum {{}} +")
        return {line.split("/")[-1]: line.split()[0] for line in shown.splitlines()}

    def rows(self) -> dict[str, str]:
        """Of each table of the warehouse, the number of its rows and a sum over all that they hold."""
        tables = self.sql(TABLES).split()
        counts = [
            f"select '{table}', count(*), sum(hashtextextended(held::text, 0)::numeric) from {table} as held"
            for table in tables
        ]
        counts.append("select 'control.cargas', count(*), sum(filas) from control.cargas")
        shown = self.sql(" union all ".join(counts))
        return dict(line.split("|", 1) for line in shown.splitlines())

    def left(self) -> list[str]:
        """What is still not as it was before any run, once it had time for it."""
        deadline = time.monotonic() + PATIENCE
        while (found := self._unhealthy() + self._zombies() + self._in_postgres()) and time.monotonic() < deadline:
            time.sleep(2)
        return found

    def restart(self) -> None:
        """Make the stack whole by hand, once it was seen not to become so by itself."""
        self.compose("restart", *sorted(set(self.services) - {"saboteur"}))
        self.left()

    def containers(self, service: str) -> list[str]:
        return sorted(self.compose("ps", "--quiet", service).split())

    def processes(self, container: str) -> list[tuple[str, str, str]]:
        """Number on the machine, state, and command line of each process; none where the container starts again."""
        shown = self.command("docker", "top", container, "-eo", "pid,stat,args", check=False)
        found = (line.split(maxsplit=2) for line in shown.splitlines()[1:])
        return [(columns[0], columns[1], columns[-1]) for columns in found if len(columns) > 1]

    def _running(self) -> list[str]:
        return sorted(self.compose("ps", "--status", "running", "--format", "{{.Service}}").split())

    def _unhealthy(self) -> list[str]:
        """Services that lack a container, or one of whose containers did not pass its last check."""
        shown = self.command(
            "docker", "inspect", "--format", HEALTH, *self.compose("ps", "--quiet").split(), check=False
        )
        healthy = [line.split()[0] for line in shown.splitlines() if line.endswith((" running", " running healthy 0"))]
        missing = Counter(self.services)
        missing.subtract(healthy)
        return [f"{service} is not healthy" for service in missing.elements()]

    def _zombies(self) -> list[str]:
        return [
            f"a zombie in {service}: {arguments}"
            for service in sorted(set(self.services) - {"saboteur"})
            for container in self.containers(service)
            for _, state, arguments in self.processes(container)
            if state.startswith("Z")
        ]

    def _in_postgres(self) -> list[str]:
        return sorted(self.sql(LEFT_IN_POSTGRES, check=False).splitlines())


def day(*, whole: bool) -> str:
    return DAYS[-2] if whole else DAYS[-1]


def longest_stall(moments: list[float], begun: float, over: float) -> float:
    """The longest time, in seconds, in which nothing changed, without that of the fault itself."""
    return max(after - before - max(0.0, min(after, over) - max(before, begun)) for before, after in pairwise(moments))
