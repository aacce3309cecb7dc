"""The stack in Docker from its first start to its removal. Each test continues where the one before it ended."""

import csv
import hmac
import json
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from api import Api
from stack import CELERY, MACHINES, WORLD, Embedded, Stack, wait

from client360.warehouse.models import EXPORTED, LANDING
from tools import metrics

OPEN_BACKFILLS = "select count(*) from backfill where completed_at is null"
SECRETS = ("_PASSWORD", "_SECRET", "_KEY")


@pytest.mark.parametrize("override", [{}, CELERY, MACHINES], ids=["local", "celery", "machines"])
def test_the_configuration_is_valid_and_listens_on_this_machine_only(stack: Stack, override: dict[str, str]) -> None:
    everything = (stack.folder / ".env.example").read_text().replace("_PASSWORD=", "_PASSWORD=x")
    everything = everything.replace("_SECRET=", "_SECRET=x").replace("_KEY=", "_KEY=x").replace("_UID=", "_UID=1")
    (stack.folder / "filled.env").write_text(everything)
    shown = stack.compose("--env-file", "filled.env", "--profile", "*", "config", **override)
    (stack.folder / "filled.env").unlink()
    ports = [line for line in shown.splitlines() if "published:" in line]
    assert ports
    assert shown.count("host_ip: 127.0.0.1") == len(ports)


def test_without_env_nothing_starts_and_the_message_names_make_up(stack: Stack) -> None:
    assert "make up writes it to .env" in stack.compose("up", "--detach", check=False)


def test_the_first_up_prints_address_user_and_where_the_password_is(stack: Stack) -> None:
    shown = stack.make("up").splitlines()[-1]
    assert shown == f"Airflow is at {stack.address}: user admin, password: grep ADMIN_PASSWORD .env"
    assert (stack.folder / ".env").stat().st_mode & 0o077 == 0
    secrets = {name: value for name, value in stack.settings().items() if name.endswith(SECRETS)}
    assert len(secrets) == len(set(secrets.values()))
    assert min(len(value) for value in secrets.values()) >= 24
    image = stack.command("docker", "image", "inspect", stack.project)
    image += stack.command("docker", "history", "--no-trunc", stack.project)
    files = stack.compose("exec", "-T", "scheduler", "bash", "-c", "ls -A /opt/airflow /opt/airflow/dags")
    assert not [name for name, value in secrets.items() if value in image]
    assert ".env" not in files.split()


def test_the_image_holds_all_that_the_pipeline_imports_and_neither_proof_nor_tools(stack: Stack) -> None:
    files = metrics.files_in(stack.project)
    assert files is not None
    assert "/opt/airflow/plugins/client360/run/steps.py" in files
    assert metrics.unwanted(files) == []
    every_module = (
        "import importlib, pkgutil, client360\n"
        "for module in pkgutil.walk_packages(client360.__path__, 'client360.'): importlib.import_module(module.name)"
    )
    stack.compose("exec", "-T", "scheduler", "python", "-c", every_module)


def test_containers_have_no_privileges_and_change_nothing_but_their_volumes(stack: Stack) -> None:
    (services, containers) = (stack.compose("ps", "--all", *what).split() for what in (("--services",), ("--quiet",)))
    assert {"postgres", "roles", "init", "api-server", "scheduler", "dag-processor"} <= set(services)
    for found in json.loads(stack.command("docker", "inspect", *containers)):
        host = found["HostConfig"]
        assert host["CapDrop"] == ["ALL"], found["Name"]
        assert not host["CapAdd"]
        assert host["ReadonlyRootfs"]
        assert host["SecurityOpt"] == ["no-new-privileges:true"]
        assert 0 < host["PidsLimit"] <= 1024
        assert host["Memory"] > 0
        assert found["Config"]["User"].split(":")[0] not in ("", "0", "root")
    code = ("dags", "include", "plugins", "reading")
    changed = stack.command(
        *("docker", "run", "--rm", "--entrypoint", "find", stack.project),
        *(f"/opt/airflow/{name}" for name in code),
        *("(", "-not", "-user", "root", "-or", "-perm", "/022", "-or", "-not", "-perm", "-444", ")"),
    )
    assert changed == ""
    for path, refusal in (
        ("/opt/airflow/dags/client360.py", "Permission denied"),
        ("/home/airflow/.local/mine", "Read-only file system"),
    ):
        assert refusal in stack.compose("exec", "-T", "scheduler", "touch", path, check=False)


def test_secrets_are_where_they_are_used_and_on_no_command_line(stack: Stack) -> None:
    secrets = {name: value for name, value in stack.settings().items() if name.endswith(SECRETS)}
    has: dict[str, set[str]] = {}
    for container in stack.compose("ps", "--all", "--quiet").split():
        (found,) = json.loads(stack.command("docker", "inspect", container))
        service = found["Config"]["Labels"]["com.docker.compose.service"]
        given = " ".join(found["Config"]["Env"])
        has[service] = {name for name, value in secrets.items() if value in given}
        said = json.dumps([found["Path"], found["Args"], found["Config"]["Cmd"]])
        if found["State"]["Running"]:
            said += stack.command("docker", "top", container, "-eo", "pid,args")
        assert not [name for name, value in secrets.items() if value in said], service
    airflow = {"AIRFLOW_DB_PASSWORD", "AIRFLOW_FERNET_KEY"}
    signing = {"AIRFLOW_API_SECRET", "AIRFLOW_JWT_SECRET"}
    of_roles = {"AIRFLOW_DB_PASSWORD", "WAREHOUSE_PASSWORD", "WAREHOUSE_READER_PASSWORD", "POSTGRES_PASSWORD"}
    assert has == {
        "postgres": of_roles,
        "roles": of_roles,
        "init": airflow | {"AIRFLOW_ADMIN_PASSWORD", "WAREHOUSE_PASSWORD"},
        "api-server": airflow | signing | {"WAREHOUSE_READER_PASSWORD", "DASHBOARD_SECRET", "METRICS_PASSWORD"},
        "scheduler": airflow | signing | {"WAREHOUSE_PASSWORD", "CLIENT360_ANONYMITY_KEY"},
        "dag-processor": airflow,
    }


def test_a_wrong_password_is_refused(stack: Stack) -> None:
    assert stack.api().token
    for password in ("admin", "airflow", ""):
        with pytest.raises(urllib.error.HTTPError) as refused:
            Api(stack.address, password)
        assert refused.value.code in (400, 401, 422)
        refused.value.close()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{stack.address}/api/v2/dags")  # noqa: S310 (on this machine)
    assert refused.value.code == 401
    refused.value.close()
    bearer = {"Authorization": f"Bearer {stack.api().token}"}
    asked = urllib.request.Request(f"{stack.address}/client360/?run_id=%00", headers=bearer)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked)  # noqa: S310
    assert refused.value.code == 404
    refused.value.close()


def test_the_dags_are_there_without_import_errors(stack: Stack) -> None:
    wait("the DAGs", lambda: stack.api().call("GET", "/api/v2/dags")["total_entries"] == 2)
    assert stack.api().call("GET", "/api/v2/importErrors")["import_errors"] == []


def test_a_backfill_of_a_paused_dag_is_refused_with_the_command_to_unpause_it(stack: Stack) -> None:
    shown = stack.make("backfill", "DESDE=2026-01-01", "HASTA=2026-01-02", check=False)
    assert shown.startswith(
        'client360: the DAG is paused: switch it on in Airflow, or: make airflow ARGS="dags unpause'
    )


def test_the_schedule_runs_the_last_day_that_is_due_once_switched_on(stack: Stack, embedded: Embedded) -> None:
    stack.make("airflow", "ARGS=dags unpause client360 --yes")
    wait("a scheduled run", lambda: len(stack.api().runs()) == 1)
    ((name, run),) = stack.api().runs().items()
    assert run["run_type"] == "scheduled"
    stack.wait_for_success(name)
    day = run["logical_date"][:10]
    assert stack.published(day) == embedded.published(day)


def test_metrics_are_read_with_the_password_of_env(stack: Stack) -> None:
    bearer = {"Authorization": f"Bearer {stack.settings()['METRICS_PASSWORD']}"}
    asked = urllib.request.Request(f"{stack.address}/client360/metrics", headers=bearer)  # noqa: S310
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        lines = answer.read().decode().splitlines()
    assert {"client360_warehouse_up 1.0", "client360_behind_seconds 0.0", 'client360_runs{state="success"} 1.0'} <= set(
        lines
    )
    (customers,) = (line for line in lines if line.startswith("client360_customers "))
    assert float(customers.split()[1]) == int(stack.sql("select count(*) from mart.cliente_360"))


def test_a_run_triggered_with_the_forms_parameters_publishes_the_same_files_as_the_embedded_stack(
    stack: Stack, embedded: Embedded, days: list[str]
) -> None:
    stack.wait_for_success(stack.trigger(fecha=days[1], **WORLD))
    assert stack.published(days[1]) == embedded.published(days[1])
    assert set(stack.published(days[1])) >= {f"{name}.csv" for name in EXPORTED}
    files = [path for path in (stack.folder / "data").rglob("*") if path.is_file()]
    assert {str(path.stat().st_uid) for path in files} == {stack.settings()["AIRFLOW_UID"]}
    below = [path for name in ("raw", "processed") for path in (stack.folder / "data" / name).rglob("*")]
    assert [path for path in (stack.folder / "data").glob("*") if path.stat().st_mode & 0o027] == []
    assert [path for path in below if path.stat().st_mode & 0o027] == []


def test_a_wrong_value_is_refused_with_its_name(stack: Stack) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        stack.trigger(clientes=0)
    assert refused.value.code == 400
    assert "clientes" in refused.value.read().decode()


def test_the_reader_role_reads_the_warehouse_and_nothing_else(stack: Stack) -> None:
    assert "cliente_360" in stack.make("psql", "SQL=select table_name from information_schema.views")
    assert "read-only transaction" in stack.make("psql", "SQL=delete from dw.dim_cliente", check=False)
    reader = ("exec", "-T", "postgres", "psql", "-U", "client360_reader", "-c")
    assert "permission denied" in stack.compose(*reader, "select 1", "airflow", check=False)
    write = "set transaction read write; delete from dw.dim_cliente"
    assert "permission denied" in stack.compose(*reader, write, "client360", check=False)
    for relation in ("dw.hecho_transacciones", "mart.gasto_mensual", "mart.cliente_360", "control.cargas"):
        assert "1 row" in stack.make("psql", f"SQL=select count(*) from {relation}")
    partitions = stack.sql(
        "select inhrelid::regclass from pg_inherits where inhparent = 'dw.hecho_transacciones'::regclass"
    )
    assert "1 row" in stack.make("psql", f"SQL=select count(*) from {partitions.split()[0]}")
    for relation in ("control.rechazos", *(f"staging.{name}" for name in LANDING)):
        shown = stack.make("psql", f"SQL=select count(*) from {relation}", check=False)
        assert "permission denied" in shown, relation


def test_an_anonymous_run_hashes_with_the_key_of_env_and_no_log_shows_it(stack: Stack, days: list[str]) -> None:
    stack.wait_for_success(stack.trigger(fecha=days[1], **WORLD, anonimo=True))
    key = stack.settings()["CLIENT360_ANONYMITY_KEY"]
    processed = stack.folder / "data" / "processed"
    openly, anonymous = (
        list(csv.DictReader((folder / f"fecha={days[1]}" / "cliente_360.csv").read_text("utf-8-sig").splitlines()))
        for folder in (processed, processed / "anonimo")
    )
    expected = {hmac.digest(key.encode(), row["cliente_id"].encode(), "sha256").hex() for row in openly}
    assert {row["cliente_id"] for row in anonymous} == expected
    assert {row["nombre"] for row in anonymous} == {""}
    assert key not in stack.compose("logs", "--no-color")
    stack.compose("exec", "-T", "scheduler", "sh", "-c", f"! grep --recursive --quiet -- '{key}' /opt/airflow/logs")


def test_a_backfill_publishes_the_same_files_as_single_runs(stack: Stack, embedded: Embedded, days: list[str]) -> None:
    backfill(stack, days)
    assert {day: stack.published(day) for day in days} == {day: embedded.published(day) for day in days}


def test_days_that_are_run_again_publish_the_same_files(stack: Stack, embedded: Embedded, days: list[str]) -> None:
    file = stack.folder / "data" / "processed" / f"fecha={days[0]}" / "cliente_360.csv"
    before = file.stat().st_mtime_ns
    shown = stack.make("backfill", f"DESDE={days[0]}", f"HASTA={days[-1]}")
    assert sorted(shown.splitlines()[-len(days) :]) == [f"{day} success" for day in days]
    assert file.stat().st_mtime_ns > before
    assert {day: stack.published(day) for day in days} == {day: embedded.published(day) for day in days}


def test_a_run_whose_scheduler_was_killed_succeeds(stack: Stack, embedded: Embedded, last: str) -> None:
    run = stack.trigger(fecha=last, **{**WORLD, "reemplazar": True})
    stack.wait_for_task(run, "transform.hecho_transacciones", "running")
    kill_everything_in(stack, "scheduler")
    stack.wait_for_success(run)
    assert stack.published(last) == embedded.published(last)


def test_a_run_whose_database_was_restarted_succeeds(stack: Stack, embedded: Embedded, last: str) -> None:
    run = stack.trigger(fecha=last, **{**WORLD, "reemplazar": True})
    stack.wait_for_task(run, "transform.hecho_transacciones", "running")
    stack.compose("restart", "--timeout", "0", "postgres")
    stack.wait_for_success(run)
    assert stack.published(last) == embedded.published(last)


def test_housekeeping_says_what_is_old_and_removes_it_once_it_is_told_to(stack: Stack, days: list[str]) -> None:
    stack.wait_for_success(run := stack.trigger(fecha=days[1], **WORLD))
    stack.sql(f"update dag_run set start_date = now() - interval '91 days' where run_id = '{run}'", "airflow")
    old = (
        "find",
        f"/opt/airflow/logs/dag_id=client360/run_id={run}",
        "-exec",
        "touch",
        "--date",
        "91 days ago",
        "{}",
        "+",
    )
    stack.compose("exec", "-T", "scheduler", *old)

    def there() -> tuple[bool, bool]:
        shown = stack.compose("exec", "-T", "scheduler", "ls", "/opt/airflow/logs/dag_id=client360")
        return run in stack.api().runs(), run in shown

    assert there() == (True, True)
    stack.make("airflow", "ARGS=dags unpause client360_housekeeping --yes")
    all_well = {"metadata": "success", "task_logs": "success", "landing_files": "success"}
    assert housekeeping(stack) == all_well
    assert there() == (True, True)
    assert housekeeping(stack, aplicar=True) == all_well
    assert there() == (False, False)


def test_down_and_up_keep_everything(stack: Stack, embedded: Embedded, last: str) -> None:
    runs, rows = set(stack.api().runs()), stack.sql("select count(*) from dw.hecho_transacciones")
    secrets = (stack.folder / ".env").read_bytes()
    stack.make("down", "VOLUMES=1", answer="no\n", check=False)
    assert stack.compose("ps", "--quiet").split(), "down did not wait for a yes"
    stack.make("down")
    assert not stack.compose("ps", "--quiet", "--all").split()
    stack.make("up")
    assert (stack.folder / ".env").read_bytes() == secrets
    assert set(stack.api().runs()) >= runs
    assert stack.sql("select count(*) from dw.hecho_transacciones") == rows
    assert stack.published(last) == embedded.published(last)


def test_up_does_not_replace_the_secrets_of_an_existing_database(stack: Stack) -> None:
    (stack.folder / ".env").rename(stack.folder / "kept.env")
    shown = stack.make("up", check=False)
    assert "client360: .env is gone" in shown
    assert not (stack.folder / ".env").exists()
    (stack.folder / "kept.env").rename(stack.folder / ".env")


def test_a_migration_that_fails_stops_the_stack_with_its_reason(stack: Stack) -> None:
    stack.make("down")
    stack.compose("up", "--detach", "--wait", "postgres")
    stack.sql("alter table control.cargas rename column filas to otras")
    shown = stack.make("up", check=False)
    assert "client360: control.cargas has the columns" in shown
    assert "the stack in Docker is not healthy" in shown
    assert stack.compose("ps", "--status", "running", "--services").split() == ["postgres"]
    stack.sql("alter table control.cargas rename column otras to filas")


def test_two_celery_workers_share_a_backfill(stack: Stack, embedded: Embedded, days: list[str]) -> None:
    stack.make("up", **CELERY)
    workers = stack.compose("ps", "--quiet", "worker", **CELERY).split()
    assert len(workers) == 2
    for found in json.loads(stack.command("docker", "inspect", *workers)):
        given = " ".join(found["Config"]["Env"])
        assert stack.settings()["AIRFLOW_JWT_SECRET"] not in given
        assert stack.settings()["AIRFLOW_API_SECRET"] in given
    since = stack.sql("select now()")
    backfill(stack, days, **CELERY)
    assert {day: stack.published(day) for day in days} == {day: embedded.published(day) for day in days}
    # a task that was skipped without being started has no host
    worked = f"select count(distinct hostname) from task_instance where start_date > '{since}' and hostname <> ''"
    assert stack.sql(worked, "airflow") == "2"
    assert housekeeping(stack)["metadata"] == "success", "a worker has the address of Airflow's database"


def test_a_run_one_of_whose_workers_was_killed_succeeds(stack: Stack, embedded: Embedded, last: str) -> None:
    run = stack.trigger(fecha=last, **{**WORLD, "reemplazar": True})
    stack.wait_for_task(run, "transform.hecho_transacciones", "running")
    (at_work, *_) = [
        task["hostname"] for task in stack.tasks(run) if task["task_id"] == "transform.hecho_transacciones"
    ]
    stack.command("docker", "exec", at_work, "bash", "-c", "kill -9 -1", check=False)
    stack.wait_for_success(run)
    assert stack.published(last) == embedded.published(last)


def test_a_task_whose_message_is_lost_is_queued_again_within_two_minutes(
    stack: Stack, embedded: Embedded, last: str
) -> None:
    def redis(*command: str) -> str:
        return stack.compose("exec", "-T", "redis", "redis-cli", *command, **CELERY).strip()

    stack.compose("stop", "worker", **CELERY)
    run = stack.trigger(fecha=last, **WORLD)
    wait("a message", lambda: redis("llen", "default") == "1")
    redis("del", "default")
    stack.compose("start", "worker", **CELERY)
    begun = time.monotonic()
    stack.wait_for_task(run, "generate.plan", "success")
    assert time.monotonic() - begun < 120
    stack.wait_for_success(run)
    assert stack.published(last) == embedded.published(last)


def test_a_worker_without_its_server_of_logs_is_started_again(stack: Stack) -> None:
    container = stack.compose("ps", "--quiet", "worker", **CELERY).split()[0]
    before = restarts(container)
    server = (
        "for each in /proc/[0-9]*; do grep -q '^airflow serve-logs' $each/cmdline && kill -9 ${each#/proc/}; done; true"
    )
    stack.command("docker", "exec", container, "bash", "-c", server)
    wait("a restart", lambda: restarts(container) > before)


def test_up_without_celery_removes_its_containers(stack: Stack) -> None:
    stack.make("up")
    assert "worker" not in stack.compose("ps", "--all")


def backfill(stack: Stack, days: list[str], **override: str) -> None:
    """Create a backfill by Airflow's own command and wait for it. Either all of the days were run before or none."""
    wait("the end of other backfills", lambda: stack.sql(OPEN_BACKFILLS, "airflow") == "0")
    before = int(stack.sql("select coalesce(max(id), 0) from backfill", "airflow"))
    stack.compose(
        *("exec", "-T", "scheduler", "airflow", "backfill", "create", "--dag-id", "client360"),
        *("--from-date", days[0], "--to-date", days[-1]),
        *("--max-active-runs", "3", "--reprocess-behavior", "completed"),
        **override,
    )
    most = 0

    def over() -> bool:
        nonlocal most
        found = stack.sql(f"select state from dag_run where backfill_id > {before}", "airflow").split()
        most = max(most, found.count("running"))
        assert "failed" not in found
        return found == ["success"] * len(days)

    wait("the backfill", over)
    assert most <= 3


def housekeeping(stack: Stack, **given: bool) -> dict[str, str]:
    """Trigger a run of housekeeping; the states in which its tasks end."""
    path = "/api/v2/dags/client360_housekeeping/dagRuns"
    run = stack.api().call("POST", path, {"logical_date": None, "conf": given})["dag_run_id"]
    wait("housekeeping", lambda: stack.api().call("GET", f"{path}/{run}")["state"] in ("success", "failed"))
    tasks = stack.api().call("GET", f"{path}/{run}/taskInstances")["task_instances"]
    return {task["task_id"]: task["state"] for task in tasks}


def kill_everything_in(stack: Stack, service: str) -> None:
    """Send SIGKILL from within the container, so that the engine sees a crash and restarts it."""
    container = stack.compose("ps", "--quiet", service).strip()
    before = restarts(container)
    stack.compose("exec", "-T", service, "bash", "-c", "kill -9 -1", check=False)
    wait(f"a restart of {service}", lambda: restarts(container) > before)


def restarts(container: str) -> int:
    return int(subprocess.check_output(["docker", "inspect", "--format", "{{.RestartCount}}", container]))
