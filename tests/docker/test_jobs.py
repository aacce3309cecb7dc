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
MIGRATIONS = "plugins/client360/warehouse/migrations"
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
    stack.command("docker", "exec", NAME, "mkdir", "--parents", f"/client360/{MIGRATIONS}", "/client360/docker")
    for name in ("docker/roles.sql", f"{MIGRATIONS}/reader_limits.sql", f"{MIGRATIONS}/reader_functions.sql"):
        stack.command("docker", "cp", str(stack.folder / name), f"{NAME}:/client360/{name}")
    psql(stack, "--dbname", "postgres", "--file", "/client360/docker/roles.sql", user="administrator")
    assert "30" in psql(stack, "--command", "select rolconnlimit from pg_roles where rolname = 'client360_reader'")
    owners = psql(
        stack, "--command", "select datname, datdba::regrole from pg_database where not datistemplate order by datname"
    )
    assert owners.split() == ["airflow|airflow", "client360|client360", "postgres|postgres"]


def test_the_job_of_migrations_migrates_the_warehouse_and_airflow_and_does_so_again(stack: Stack, image: str) -> None:
    for _ in range(2):
        job(stack, image, "migrateDatabaseJob")
    assert psql(stack, "--dbname", "client360", "--command", "select count(*) from control.cargas") == "0"
    assert psql(stack, "--dbname", "airflow", "--command", "select count(*) from dag_run") == "0"


def test_a_superuser_reserves_locks_for_runs_and_gives_the_reader_back_its_password(stack: Stack) -> None:
    def as_reader(password: str, statement: str) -> str:
        address = f"host=127.0.0.1 dbname=client360 user=client360_reader password={password}"
        environment = ("--env", "PGOPTIONS=-c default_transaction_read_only=off")
        command = ("docker", "exec", *environment, NAME, "psql", "-XAtqc", statement, address)
        return stack.command(*command, check=False).strip()

    lock = "select pg_advisory_lock(hashtext('client360 world'))"
    # until a superuser has reserved them, as on servers of others
    assert as_reader("r", lock) == ""
    for _ in range(2):
        psql(stack, "--dbname", "postgres", "--file", "/client360/docker/roles.sql")
    assert "permission denied for function pg_advisory_lock" in as_reader("r", lock)
    assert "permission denied for function lo_create" in as_reader("r", "select lo_create(0)")
    assert as_reader("r", "show temp_file_limit") == "2GB"
    assert as_reader("r", "alter role client360_reader password 'mine'") == ""
    assert as_reader("mine", "select 1") == "1"
    psql(stack, "--dbname", "postgres", "--file", "/client360/docker/roles.sql")
    assert "password authentication failed" in as_reader("mine", "select 1")
    assert as_reader("r", "select 1") == "1"
    # and the owner, who is no superuser, creates databases in which they are reserved
    psql(
        stack, "--dbname", "postgres", "--command", "create database next template client360_template", user="client360"
    )
    psql(stack, "--dbname", "next", "--command", lock, user="client360")
    psql(stack, "--dbname", "next", "--command", "grant connect on database next to client360_reader", user="client360")
    refused = ("docker", "exec", NAME, "psql", "-U", "client360_reader", "-d", "next", "-c", lock)
    assert "permission denied for function" in stack.command(*refused, check=False)


def test_the_job_of_the_user_creates_admin_with_the_password_of_the_secret(stack: Stack, image: str) -> None:
    job(stack, image, "createUserJob")
    found = psql(stack, "--dbname", "airflow", "--command", "select username, password from ab_user")
    name, _, password = found.partition("|")
    assert name == "admin"
    assert password not in ("", "admin", SECRETS["admin-password"])
    job(stack, image, "createUserJob")
