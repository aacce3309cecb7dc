"""Where the embedded PostgreSQL is, and that nothing about the machine changes it."""

import importlib.util
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import yaml

from tools.local import places, postgres
from tools.local.places import ServerError
from tools.local.server import Server, embedded, remove
from tools.local.stack import environment

ODD = " ' \" $HOME ; & (a) 100% ?ñ, +@#=~ `touch x` \\"
SETTINGS = ("datestyle", "lc_messages", "lc_time", "timezone")


def test_a_server_with_an_odd_path_in_an_odd_environment(
    open_folders: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = open_folders() / ODD / ("x" * 90)
    for left in ("postgres", "postgres.part/base"):  # by a run that was killed while it made the database
        (folder / left).mkdir(parents=True)
    for name in ("LC_ALL", "LANG", "LC_TIME"):
        monkeypatch.setenv(name, "es_AR.UTF-8")
    others = {
        "PGSERVICE": "none",
        "PGHOSTADDR": "10.0.0.1",
        "PGSSLMODE": "verify-full",
        "PGOPTIONS": "-c none=1",
        "PGUSER": "me",
    }
    others |= {
        "PGDATESTYLE": "SQL, DMY",
        "PGDATA": "/none",
        "PGPORT": "1",
        "PGPASSFILE": "/none",
        "PGCLIENTENCODING": "LATIN1",
    }
    for name, value in others.items():
        monkeypatch.setenv(name, value)
    with embedded(folder / "postgres") as server, psycopg.connect(server.url("client360")) as connection:
        found = [connection.execute(f"show {name}").fetchone()[0] for name in SETTINGS]
        assert str(connection.execute("show data_directory").fetchone()[0]) == str(folder / "postgres")
        assert stat.S_IMODE(server.socket.stat().st_mode) & 0o077 == 0
    assert found == ["ISO, MDY", "C", "C", "UTC"]
    assert postgres.running(folder / "postgres") is None


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "end\n"])
def test_a_line_break_in_the_path_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(ServerError, match=r"^.* has a line break, .*: set CLIENT360_LOCAL to another folder$"):
        places.data(tmp_path / name / "postgres")
    assert not (tmp_path / name).exists()


def test_no_path_of_airflow_is_left_to_its_file_which_keeps_that_of_a_checkout_before_it_moved() -> None:
    described = Path(importlib.util.find_spec("airflow").origin).parent / "config_templates" / "config.yml"
    sections = yaml.safe_load(described.read_text(encoding="utf-8"))
    below_home = {
        f"AIRFLOW__{section}__{name}".upper()
        for section, options in sections.items()
        for name, option in options["options"].items()
        if "{AIRFLOW_HOME}" in str(option["default"])
    }
    assert len(below_home) > 3
    assert below_home - set(environment(Server(Path("/socket"), Path("/programs")))) == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_root_opens_no_folder_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    modes = {folder: folder.stat().st_mode for folder in [closed, *closed.parents]}
    reachable = Path("/tmp/client360-test-var")  # noqa: S108
    reachable.mkdir(exist_ok=True)
    monkeypatch.setattr(places, "VAR", reachable)
    try:
        for _ in range(2):
            with embedded(closed / "postgres") as server, psycopg.connect(server.url("client360")):
                assert server.socket.parent.parent == reachable
        copy = tmp_path / "copy"
        subprocess.run(["cp", "-a", closed, copy], check=True)
        with pytest.raises(ServerError, match="was copied from"), embedded(copy / "postgres"):
            pass
        remove(copy / "postgres")
        assert not (copy / "postgres").is_symlink()
        with embedded(closed / "postgres") as server, psycopg.connect(server.url("client360")):
            pass  # the original is there still
        closed.rename(tmp_path / "moved")
        with embedded(tmp_path / "moved" / "postgres") as server, psycopg.connect(server.url("client360")):
            pass
        (tmp_path / "moved").rename(closed)
        assert {folder: folder.stat().st_mode for folder in modes} == modes
        # a .venv that was made under umask 077
        monkeypatch.setattr(places, "_is_readable", lambda _folder: False)
        with embedded(closed / "postgres") as server, psycopg.connect(server.url("client360")):
            assert server.programs.is_relative_to(reachable)
        closed.rename(tmp_path / "moved")
        remove(tmp_path / "moved" / "postgres")
        assert not list(reachable.iterdir()), "what moved is removed too"
    finally:
        for left in (closed, tmp_path / "moved"):
            remove(left / "postgres")
        subprocess.run(["rm", "-rf", reachable], check=True)


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "SHORT", tmp_path)
    places.socket(Path("/odd path")).chmod(0o777)
    with pytest.raises(ServerError, match="should be a folder that only the user"):
        places.socket(Path("/odd path"))


@pytest.mark.parametrize("given", ["0", "65", "-1", "two", "1.5", "²", " 2"])
def test_a_number_of_tasks_that_is_none_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARALLELISM", given)
    with pytest.raises(ValueError, match=r"PARALLELISM is .*: give how many tasks run at a time, from 1 to 64"):
        environment(Server(Path("/socket"), Path("/programs")))


def test_tasks_run_at_a_time_as_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARALLELISM", "1")
    assert environment(Server(Path("/socket"), Path("/programs")))["AIRFLOW__CORE__PARALLELISM"] == "1"
    monkeypatch.setenv("PARALLELISM", "")
    assert int(environment(Server(Path("/socket"), Path("/programs")))["AIRFLOW__CORE__PARALLELISM"]) >= 2
