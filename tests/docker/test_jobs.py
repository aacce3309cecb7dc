"""The jobs of helm/values.yaml in the project's image, on an empty PostgreSQL with roles that were made by no superuser."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from stack import Stack, wait

from client360 import folders

NAME = f"client360-jobs-{os.getpid()}"
"""Of the network, the server's container and the image."""
PASSWORDS = {"AIRFLOW_DB_PASSWORD": "a", "WAREHOUSE_PASSWORD": "w", "WAREHOUSE_READER_PASSWORD": "r"}
SECRETS = {"warehouse": f"postgresql://client360:w@{NAME}/client360", "admin-password": "--chosen"}
OF_THE_CHART = {
    "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
    "AIRFLOW__CORE__FERNET_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://airflow:a@{NAME}/airflow",
}


@pytest.fixture(scope="module")
def image(stack: Stack) -> Iterator[str]:
    """Built without .env, which the stack does not have yet."""
    stack.command("docker", "build", "--target", "airflow", "--tag", NAME, ".")
    yield NAME
    stack.command("docker", "image", "rm", NAME)


@pytest.fixture(scope="module", autouse=True)
def server(stack: Stack) -> Iterator[None]:
    stack.command("docker", "network", "create", NAME)
    server = ("--name", NAME, "--network", NAME, "--env", "POSTGRES_PASSWORD=p", "postgres:18")
    stack.command("docker", "run", "--detach", *server)
    answers = ("docker", "exec", NAME, "pg_isready", "--host", "127.0.0.1")
    wait("an answer of PostgreSQL", lambda: "accepting" in stack.command(*answers, check=False))
    yield
    stack.command("docker", "rm", "--force", "--volumes", NAME)
    stack.command("docker", "network", "rm", NAME)


def psql(stack: Stack, *arguments: str, user: str = "postgres") -> str:
    environment = [part for name, value in PASSWORDS.items() for part in ("--env", f"{name}={value}")]
    options = ("--username", user, "--set", "ON_ERROR_STOP=1", "-XAt")
    return stack.command("docker", "exec", *environment, NAME, "psql", *options, *arguments).strip()


def job(stack: Stack, image: str, name: str) -> str:
    """Run the job's arguments with its environment, as the chart does; returns what it says."""
    values: dict[str, Any] = yaml.safe_load((folders.ROOT / "helm" / "values.yaml").read_text(encoding="utf-8"))[name]
    given = {each["name"]: SECRETS[each["valueFrom"]["secretKeyRef"]["key"]] for each in values["env"]}
    environment = [part for name, value in (OF_THE_CHART | given).items() for part in ("--env", f"{name}={value}")]
    return stack.command("docker", "run", "--rm", "--network", NAME, *environment, image, *values["args"])


def test_databases_and_roles_are_made_by_a_role_that_is_no_superuser(stack: Stack) -> None:
    psql(stack, "--command", "create role administrator login createdb createrole")
    stack.command("docker", "cp", str(stack.folder / "docker" / "databases.sql"), f"{NAME}:/databases.sql")
    psql(stack, "--dbname", "postgres", "--file", "/databases.sql", user="administrator")
    owners = psql(
        stack, "--command", "select datname, datdba::regrole from pg_database where not datistemplate order by datname"
    )
    assert owners.split() == ["airflow|airflow", "client360|client360", "postgres|postgres"]


def test_the_job_of_migrations_migrates_the_warehouse_and_airflow_and_does_so_again(stack: Stack, image: str) -> None:
    for _ in range(2):
        job(stack, image, "migrateDatabaseJob")
    assert psql(stack, "--dbname", "client360", "--command", "select count(*) from control.cargas") == "0"
    assert psql(stack, "--dbname", "airflow", "--command", "select count(*) from dag_run") == "0"


def test_the_job_of_the_user_creates_admin_with_the_password_of_the_secret(stack: Stack, image: str) -> None:
    job(stack, image, "createUserJob")
    found = psql(stack, "--dbname", "airflow", "--command", "select username, password from ab_user")
    name, _, password = found.partition("|")
    assert name == "admin"
    assert password not in ("", "admin", SECRETS["admin-password"])
    job(stack, image, "createUserJob")
