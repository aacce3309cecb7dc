"""What people are told of runs, as a mail server and a web server of the tests' own receive it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, text
from web_hook import Message

from client360 import folders
from client360.ingest import arrival, feed_spec
from client360.orchestration import alerts

DAY = date(2025, 3, 15)
DEADLINE = alerts.deadline
PERSON = "Quiroga"
"""In the name of a customer of the example."""


class Inbox:
    """Takes mail."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        self.messages.append(Message(str(mail["subject"]), body.get_content()))
        return "250 taken"


class AnyPort(Controller):
    """A mail server at a port that the system chooses, which it asks whether it is there."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mail() -> Iterator[tuple[str, Inbox]]:
    inbox = Inbox()
    controller = AnyPort(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    yield f"mailto://127.0.0.1:{controller.port}?from=a@client360.example&to=b@client360.example", inbox
    controller.stop()


@pytest.fixture
def told(web: tuple[str, list[Message]], monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What people are told from now on. The DAG goes without its deadline: that would make another version of it, of which
    `dag.test`, here and in the tests after these, would not know which one to run."""
    monkeypatch.setattr(alerts, "deadline", lambda: None)
    address, messages = web
    monkeypatch.setenv("CLIENT360_ALERTS", address)
    return messages


@pytest.fixture
def bank(told: list[Message], own_feed: Path, data: Path) -> Path:
    """The folder of the files of the example bank, which the feed `simulador` maps."""
    shutil.copytree(feed_spec.FEEDS / "banco_ejemplo", own_feed, dirs_exist_ok=True)
    return Path(shutil.copytree(folders.ROOT / "docs" / "examples" / "banco", data / "bank"))


def titles(messages: list[Message]) -> list[str]:
    return [message.title for message in messages]


def test_a_run_that_fails_is_told_once_by_mail_and_over_http(
    told: list[Message], mail: tuple[str, Inbox], run: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, inbox = mail
    monkeypatch.setenv("CLIENT360_ALERTS", f"{told and ''}{address} {alerts.settings().addresses[0]}")
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.client360.example/at")
    assert run(DAY, entrada="nowhere") == "failed"
    (by_mail,), (by_web,) = inbox.messages, told
    assert by_mail.title == by_web.title == f"client360: the run of {DAY} failed"
    lines = by_web.body.splitlines()
    assert by_mail.body.split() == by_web.body.split()
    assert lines[:2] == ["The run failed: the run was refused before it changed anything.", "Task: generate.plan"]
    assert lines[-1].startswith("https://airflow.client360.example/at/dags/client360/runs/manual__")


def test_a_run_of_no_day_is_told_by_its_name(told: list[Message], run: Any, dag: Any) -> None:
    asked = datetime.combine(DAY, datetime.min.time(), timezone.utc)
    assert dag.test(logical_date=asked, run_conf={"fecha": "2999-01-01"}).state == "failed"
    assert titles(told)[0].startswith("client360: the run of manual__")


def test_nobody_is_told_where_nobody_is_to_be(
    dag: Any, run: Callable[..., str], web: tuple[str, list[Message]]
) -> None:
    assert dag.deadline is None
    assert run(DAY, entrada="nowhere") == "failed"
    assert web[1] == []


def test_rejected_rows_and_warnings_are_told_by_counts(
    bank: Path, told: list[Message], run: Callable[..., str], warehouse: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (bank / "clientes.csv").open("a") as file:
        file.write(f"999,{PERSON},old,Salta,1\n998,{PERSON},999,Salta,1\n")
    conf = {"entrada": str(bank), "umbral": 50}
    assert run(DAY, **conf) == "success"
    rejected, warnings = told
    assert rejected.title == f"client360: the run of {DAY} rejected rows"
    assert "clientes: 2 of " in rejected.body
    assert warnings.title == f"client360: checks of the source warn for {DAY}"
    with warehouse.begin() as connection:
        found = connection.execute(
            text("select verificacion, hallazgos from control.verificaciones where not correcta")
        )
        warned = dict(found.all())
    assert warned
    assert all(f"{check}: {count:,} found" in warnings.body for check, count in warned.items())
    assert PERSON not in str(told)

    told.clear()
    assert run(DAY + timedelta(days=1), **conf) == "success"
    assert told == []  # no file was read, and as much is wrong as before

    told.clear()
    monkeypatch.setenv("CLIENT360_ALERT_REJECTED", "50")
    with warehouse.begin() as connection:
        connection.execute(text("update control.verificaciones set hallazgos = hallazgos + 1 where not correcta"))
    assert run(DAY + timedelta(days=2), recalcular=True, **conf) == "success"
    assert titles(told) == [f"client360: checks of the source warn for {DAY + timedelta(days=2)}"]


def test_too_many_rejected_rows_are_one_failure(bank: Path, told: list[Message], run: Callable[..., str]) -> None:
    with (bank / "clientes.csv").open("a") as file:
        file.write(f"999,{PERSON},old,Salta,1\n")
    assert run(DAY, entrada=str(bank), umbral=0) == "failed"
    (failure,) = told
    assert "too many are rejected" in failure.body
    assert "Task: load.contract" in failure.body
    assert PERSON not in str(failure)


def test_a_task_that_waits_too_long_for_a_file_is_told_once(
    bank: Path, told: list[Message], dag: Any, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENT360_ALERT_WAITING", "0")
    declared = feed_spec.FEEDS / "simulador" / "feed.yaml"
    declared.write_text(
        declared.read_text().replace("name: transacciones.csv", "name: transacciones.csv\n    missing: wait")
    )
    movements = (bank / "transacciones.csv").rename(bank / "not_yet")
    looks: list[int] = []

    def require_files(*arguments: Any) -> None:
        """As it is, but the file comes before the fourth look of the task."""
        looks.append(len(told))
        if len(looks) == 5:  # the first task looks too
            movements.rename(bank / "transacciones.csv")
        real(*arguments)

    real = arrival.require_files
    monkeypatch.setattr(arrival, "require_files", require_files)
    sensor = dag.get_task("load.deliveries")
    sensor.timeout, sensor.poke_interval = 600, 0.01
    assert run(DAY, entrada=str(bank)) == "success"
    assert looks == [0, 0, 1, 1, 1]
    assert told[0].title == f"client360: the run of {DAY} waits for a file"
    assert "there is no transacciones (transacciones.csv)" in told[0].body
    assert [title for title in titles(told) if "waits" in title] == [told[0].title]


def missed(**run: Any) -> dict[str, Any]:
    """What Airflow hands to the callback of a deadline."""
    given = {"dag_run_id": "scheduled__1", "state": "running", "conf": {}, "logical_date": None}
    given |= {"run_after": "2025-03-16T09:00:00Z"} | run
    return {"dag_run": given, "deadline": {"id": "1", "deadline_time": "2025-03-16T15:00:00Z"}}


def test_a_day_that_is_late_is_told_unless_its_run_has_failed(told: list[Message]) -> None:
    deadline = DEADLINE()
    assert deadline is not None
    assert deadline.interval == timedelta(hours=6)
    alerts.tell_late(missed(state="failed"))
    assert told == []
    alerts.tell_late(missed())
    alerts.tell_late(missed(conf={"fecha": "2025-02-01"}, state="queued"))
    assert titles(told) == ["client360: 2025-03-15 is late", "client360: 2025-02-01 is late"]
    assert told[1].body.startswith(
        "Its run is queued, and should have ended by 2025-03-16T15:00:00Z.\nRun: scheduled__1"
    )


def test_where_no_server_shows_the_log_its_file_is_named(told: list[Message], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT360_LOG", "/somewhere/20250316-090000.log")
    alerts.tell_late(missed())
    (message,) = told
    assert message.body.rstrip().endswith("\nRun: scheduled__1\nLog: /somewhere/20250316-090000.log")


@pytest.mark.parametrize(
    ("address", "said"),
    [("nonsense", "is none that Apprise knows"), ("json://127.0.0.1:1/secret", "took no message")],
)
def test_an_address_that_does_not_work_changes_nothing_and_is_not_quoted(
    address: str,
    said: str,
    told: list[Message],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("CLIENT360_ALERTS", f"{address} {alerts.settings().addresses[0]}")
    assert alerts.send("title", ["line"]) is False
    assert told == [Message("title", "line")]
    (line,) = [record.message for record in caplog.records if record.name == alerts.__name__]
    assert said in line
    assert address not in line


def test_the_command_sends_a_message_on_trial(
    told: list[Message], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert alerts.main() == 0
    assert titles(told) == ["client360: a message on trial"]
    monkeypatch.setenv("CLIENT360_ALERT_LATE", "soon")
    assert alerts.main() == 1
    monkeypatch.setenv("CLIENT360_ALERTS", "")
    monkeypatch.setenv("CLIENT360_ALERT_LATE", "")
    assert alerts.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "client360: CLIENT360_ALERT_LATE is 'soon': give a number from 0 to 1000, hours",
        "client360: CLIENT360_ALERTS is empty: there are no alerts",
    ]
