"""The values for Airflow's Helm chart, as far as they can be judged without the chart. tests/helm renders them with it."""

import hashlib
from collections.abc import Iterator
from typing import Any

import yaml

from client360 import folders

VALUES = folders.ROOT / "helm" / "values.yaml"
ALL = [VALUES, *(VALUES.with_name(name) for name in ("metrics.yaml", "lineage.yaml"))]
RENDERED = folders.ROOT / "tests" / "helm" / "rendered.txt"
OF_THE_CHART = {
    *("CORE__AUTH_MANAGER", "CORE__EXECUTION_API_SERVER_URL", "CORE__EXECUTOR", "CORE__LOAD_EXAMPLES"),
    *("CORE__FERNET_KEY", "API__SECRET_KEY", "API_AUTH__JWT_SECRET", "DATABASE__SQL_ALCHEMY_CONN"),
    *("CELERY__BROKER_URL", "CELERY__RESULT_BACKEND"),
}
"""Settings of the compose files that the chart makes itself, of Secrets and of its own names."""
OF_ONE_MACHINE = {"API__BASE_URL", "API__WORKERS", "SCHEDULER__ENABLE_HEALTH_CHECK"}


def values() -> dict[str, Any]:
    return yaml.safe_load(VALUES.read_text(encoding="utf-8"))


def containers(value: Any) -> Iterator[dict[str, Any]]:
    """Everything in the values that has an environment of its own."""
    for child in value.values() if isinstance(value, dict) else ():
        yield from containers(child)
    if isinstance(value, dict) and "env" in value:
        yield value


def named(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What has an environment of its own, by its name in the chart."""
    places = {"apiServer": found.get("apiServer"), "scheduler": found.get("scheduler")}
    places["workers.celery"] = found.get("workers", {}).get("celery")
    return [(name, place) for name, place in places.items() if place and "env" in place]


def test_the_values_are_those_that_were_rendered_last() -> None:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in ALL)).hexdigest()
    assert RENDERED.read_text(encoding="utf-8").split()[-1] == digest, (
        "make test-helm renders them, and says what to note"
    )


def test_the_settings_of_airflow_are_those_of_the_compose_files() -> None:
    composed: dict[str, str] = {}
    for name, service in (("docker-compose.yaml", "x-airflow"), ("docker-compose.celery.yaml", "x-celery")):
        composed |= yaml.safe_load((folders.ROOT / name).read_text(encoding="utf-8"))[service]["environment"]
    prefix = "AIRFLOW__"
    settings = {name.removeprefix(prefix): value for name, value in composed.items() if name.startswith(prefix)}
    wanted = {name: value for name, value in settings.items() if name not in OF_THE_CHART | OF_ONE_MACHINE}
    # PARALLELISM in .env
    wanted["CELERY__WORKER_CONCURRENCY"] = "4"
    given = {
        f"{section}__{name}".upper(): value
        for section, each in values()["config"].items()
        for name, value in each.items()
    }
    assert {name: str(value) for name, value in given.items()} == {name: str(value) for name, value in wanted.items()}


def test_no_secret_is_in_the_values() -> None:
    for path in ALL:
        text = path.read_text(encoding="utf-8")
        for container in containers(yaml.safe_load(text)):
            for variable in container["env"]:
                assert "value" not in variable, variable
                assert variable["valueFrom"]["secretKeyRef"].keys() == {"name", "key"}
        address = "http://prometheus:9090/"
        lines = [line for line in text.lower().splitlines() if "password:" in line or "pass:" in line or "://" in line]
        assert [line for line in lines if address not in line] == []


def test_values_on_top_of_others_repeat_what_they_replace() -> None:
    first = {name: yaml.safe_dump(each["env"]) for name, each in named(values())}
    for path in ALL[1:]:
        for name, each in named(yaml.safe_load(path.read_text(encoding="utf-8"))):
            kept = yaml.safe_load(first.get(name, "[]"))
            assert [variable for variable in kept if variable not in each["env"]] == [], (path.name, name)
