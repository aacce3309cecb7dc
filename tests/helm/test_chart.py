"""The values rendered with Airflow's official chart, which CLIENT360_CHART names: a folder, an archive, or one of a repository.

`helm` judges the values by the chart's schema, and makes the objects of its templates.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from client360 import folders

VERSION = "1.22.0"
VALUES = folders.ROOT / "helm" / "values.yaml"
ON_TOP = {name: VALUES.with_name(f"{name}.yaml") for name in ("metrics", "lineage")}
RENDERED = folders.ROOT / "tests" / "helm" / "rendered.txt"
IMAGE = "registry.example/client360:2026-11-29"
GIVEN = "defaultAirflowRepository=registry.example/client360,defaultAirflowTag=2026-11-29"
DATA = "/opt/airflow/data"
SECRETS = {
    "client360": {
        *("fernet-key", "api-secret-key", "jwt-secret", "warehouse", "reader", "admin-password", "anonymity-key"),
    },
    "client360-metadata": {"connection"},
    "client360-broker": {"connection", "password"},
}


def helm(*arguments: str) -> subprocess.CompletedProcess:
    chart = os.environ["CLIENT360_CHART"]
    which = [chart] if Path(chart).exists() else [chart, "--version", VERSION]
    command = ["helm", "template", "client360", *which, "--values", str(VALUES), "--set", GIVEN, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    done = helm()
    assert done.returncode == 0, done.stderr
    return [made for made in yaml.safe_load_all(done.stdout) if made]


@pytest.fixture(scope="module")
def pods(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The pods' specifications by the name of what starts them."""
    return {
        made["metadata"]["name"].removeprefix("client360-"): made["spec"]["template"]["spec"]
        for made in objects
        if "template" in made.get("spec", {})
    }


def containers(pod: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from pod.get("initContainers") or ()
    yield from pod["containers"]


def keys_of(container: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The Secret and the key of each variable that comes from one."""
    found = {}
    for variable in container.get("env") or ():
        if "valueFrom" in variable:
            reference = variable["valueFrom"]["secretKeyRef"]
            found[variable["name"]] = (reference["name"], reference["key"])
    return found


def test_the_pods_are_those_that_a_run_needs(pods: dict[str, dict[str, Any]]) -> None:
    jobs = {"run-airflow-migrations", "create-user"}
    assert pods.keys() == {"api-server", "dag-processor", "scheduler", "worker", "redis"} | jobs
    assert {pod["enableServiceLinks"] for pod in pods.values()} == {False}


def test_all_of_airflow_runs_the_projects_image(pods: dict[str, dict[str, Any]]) -> None:
    images = {container["image"] for name, pod in pods.items() if name != "redis" for container in containers(pod)}
    assert images == {IMAGE}


def test_workers_write_the_data_the_api_server_reads_them_and_nobody_else_sees_them(
    pods: dict[str, dict[str, Any]],
) -> None:
    claim = yaml.safe_load((VALUES.parent / "claim.yaml").read_text(encoding="utf-8"))
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    mounted = {}
    for name, pod in pods.items():
        for volume in pod.get("volumes") or ():
            if volume.get("persistentVolumeClaim", {}).get("claimName") == claim["metadata"]["name"]:
                (main, *_) = pod["containers"]
                (mount,) = [each for each in main["volumeMounts"] if each["name"] == volume["name"]]
                mounted[name] = (mount["mountPath"], mount.get("readOnly", False))
    assert mounted == {"worker": (DATA, False), "api-server": (DATA, True)}


def test_the_chart_makes_no_secret_and_reads_those_that_the_guide_has_made(
    objects: list[dict[str, Any]], pods: dict[str, dict[str, Any]]
) -> None:
    assert [made["metadata"]["name"] for made in objects if made["kind"] == "Secret"] == []
    used: dict[str, set[str]] = {}
    for pod in pods.values():
        for container in containers(pod):
            for secret, key in keys_of(container).values():
                used.setdefault(secret, set()).add(key)
    assert used == SECRETS
    guide = (folders.ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    for secret, keys in SECRETS.items():
        assert f"create secret generic {secret} " in guide
        assert [key for key in keys if f"\n       {key}=" not in guide] == []


def test_the_password_of_the_user_admin_is_on_no_command_line(pods: dict[str, dict[str, Any]]) -> None:
    (container,) = pods["create-user"]["containers"]
    (said,) = [argument for argument in container["args"] if "users create" in argument]
    asked, created = said.split(" | ")
    assert asked.startswith("printf ")  # of the shell, which starts no process for it
    assert "PASSWORD" in asked
    assert "PASSWORD" not in created


def test_only_what_runs_tasks_and_migrations_gets_the_password_of_the_warehouse(
    pods: dict[str, dict[str, Any]],
) -> None:
    variable = "AIRFLOW_CONN_CLIENT360"
    found = {name: keys_of(pod["containers"][0]).get(variable) for name, pod in pods.items()}
    assert {name: key for name, key in found.items() if key} == {
        "worker": ("client360", "warehouse"),
        "run-airflow-migrations": ("client360", "warehouse"),
        "api-server": ("client360", "reader"),
    }


def test_airflow_is_configured_as_the_values_say(objects: list[dict[str, Any]]) -> None:
    (text,) = [made["data"]["airflow.cfg"] for made in objects if "airflow.cfg" in made.get("data", {})]
    configuration = ConfigParser(interpolation=None)
    configuration.read_string(text)
    wanted = yaml.safe_load(VALUES.read_text(encoding="utf-8"))["config"]
    for section, settings in wanted.items():
        assert {name: configuration[section][name] for name in settings} == {
            name: str(value) for name, value in settings.items()
        }
    assert configuration["core"]["executor"] == "CeleryExecutor"


def on_top(name: str) -> tuple[dict[str, set[str]], ConfigParser]:
    """The variables of the main containers with a file on top of the values, and Airflow's configuration."""
    done = helm("--values", str(ON_TOP[name]))
    assert done.returncode == 0, done.stderr
    made = [each for each in yaml.safe_load_all(done.stdout) if each]
    variables = {
        each["metadata"]["name"].removeprefix("client360-"): {
            variable["name"] for variable in each["spec"]["template"]["spec"]["containers"][0].get("env") or ()
        }
        for each in made
        if "template" in each.get("spec", {})
    }
    configuration = ConfigParser(interpolation=None)
    (text,) = [each["data"]["airflow.cfg"] for each in made if "airflow.cfg" in each.get("data", {})]
    configuration.read_string(text)
    return variables, configuration


def test_metrics_are_sent_by_all_and_read_from_who_has_the_token(pods: dict[str, dict[str, Any]]) -> None:
    variables, configuration = on_top("metrics")
    assert {name for name, held in variables.items() if "CLIENT360_METRICS_TOKEN" in held} == {"api-server"}
    sends = {name for name, held in variables.items() if "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" in held}
    assert {"api-server", "dag-processor", "scheduler", "worker"} <= sends
    assert (configuration["metrics"]["otel_on"], configuration["metrics"].get("otel_host")) == ("true", None)
    for name, pod in pods.items():
        assert {each["name"] for each in pod["containers"][0].get("env") or ()} <= variables[name]


def test_the_transport_of_lineage_is_with_who_sends_events_alone(pods: dict[str, dict[str, Any]]) -> None:
    variables, configuration = on_top("lineage")
    holding = {name for name, held in variables.items() if "AIRFLOW__OPENLINEAGE__TRANSPORT" in held}
    assert holding == {"scheduler", "worker"}
    assert configuration["openlineage"]["namespace"] == "client360"
    for name, pod in pods.items():
        assert {each["name"] for each in pod["containers"][0].get("env") or ()} <= variables[name]


def test_a_value_that_the_chart_does_not_know_is_refused() -> None:
    done = helm("--set", "apiServer.extraVolumen=x")
    assert done.returncode != 0
    assert "additional properties 'extraVolumen' not allowed" in done.stderr


def test_what_was_rendered_is_noted() -> None:
    files = [VALUES, *ON_TOP.values()]
    noted = f"{VERSION} {hashlib.sha256(b''.join(path.read_bytes() for path in files)).hexdigest()}\n"
    assert RENDERED.read_text(encoding="utf-8") == noted, (
        f"once the other tests pass, {RENDERED.name} has to say: {noted}"
    )
