"""What the Makefile does before it calls a program."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from client360 import folders

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}


def make(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=folder,
        env=ENVIRONMENT | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "typed",
    [
        "select count(*) as \"Clientes\", 'it''s', $1, $$x$$, 50 % 7 -- \\d # {a} <b> | c & d; (e) * ~ ! ñ",
        "$(shell touch touched)",
        "${HOME} $(HOME) $HOME",
        "`touch touched`; touch touched",
        "'; touch touched; '",
        "--help",
    ],
)
@pytest.mark.parametrize("name", ["SQL", "FECHA", "CLIENT360_SOMETHING_ELSE"])
def test_what_is_typed_reaches_programs_as_it_is(tmp_path: Path, name: str, typed: str) -> None:
    shutil.copytree(folders.ROOT / "tools" / "local", tmp_path / "tools" / "local")
    shutil.copy(folders.ROOT / "Makefile", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nprintf %s "${name}" > seen\nprintf "%s\\n" "$@" > arguments\n')
    python.chmod(0o755)
    (tmp_path / ".venv" / ".installed").touch()
    for requirements in ("requirements.txt", "requirements-dev.in", "constraints.txt"):
        (tmp_path / requirements).touch()
        os.utime(tmp_path / requirements, (0, 0))
    done = make(tmp_path, "psql" if name == "SQL" else "run", f"{name}={typed}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "seen").read_text() == typed
    if name != "CLIENT360_SOMETHING_ELSE":
        assert f"--{name.lower()}={typed}" in (tmp_path / "arguments").read_text().splitlines()
    assert not (tmp_path / "touched").exists()


@pytest.mark.parametrize("given", ["environment", "command line", ".env"])
def test_the_data_folder_of_docker_reaches_the_report_as_it_is(tmp_path: Path, given: str) -> None:
    folder = "/a b/$HOME #1 (c) 100% it's, $(shell touch touched)"
    for part in ("tools/local", "docker"):
        shutil.copytree(folders.ROOT / part, tmp_path / part)
    shutil.copy(folders.ROOT / "Makefile", tmp_path)
    (tmp_path / ".env").write_text(f"CLIENT360_DATA={folder if given == '.env' else '/other'}\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    for program, line in (
        (python, 'printf %s "$CLIENT360_DATA" > seen'),
        (tmp_path / "bin" / "docker", "echo running"),
    ):
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
    for name in ("requirements.txt", "requirements-dev.in", "requirements-notebook.in", "constraints.txt"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))
    for name in (".installed", ".notebook"):
        (tmp_path / ".venv" / name).touch()
    arguments = [f"CLIENT360_DATA={folder}"] if given == "command line" else []
    variables = {"CLIENT360_DATA": folder} if given == "environment" else {}
    done = make(tmp_path, "report", *arguments, PATH=f"{tmp_path / 'bin'}:{os.defpath}", **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "seen").read_text() == folder
    assert not (tmp_path / "touched").exists()


@pytest.mark.parametrize("name", ["CUSTOMERS", "CLIENTS", "FUENTES", "clientes", "HTTP_PROXY", "CLIENTES "])
def test_a_variable_that_nothing_reads_stops_make_before_anything_is_done(name: str) -> None:
    done = make(folders.ROOT, "help", f"{name}=5")
    if name.strip() == "CLIENTES":  # make itself takes the blank off
        assert done.returncode == 0
        return
    assert done.returncode != 0
    assert f"client360: nothing here reads {name}: make help lists what does" in done.stderr
    assert done.stdout == ""
    assert make(folders.ROOT, "help", **{name: "5"}).returncode == 0  # in the environment it is another program's


def test_all_variables_of_recipes_and_of_the_file_env_can_be_given() -> None:
    recipes = [folders.ROOT / name for name in ("Makefile", "tools/local/stack.mk", "docker/stack.mk")]
    read = {name for path in recipes for name in re.findall(r"\$\$\{?([A-Z]\w+)", path.read_text())}
    settings = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (folders.ROOT / ".env.example").read_text(), re.MULTILINE)
    assert {"CLIENTES", "SQL", "WORKERS", "COMPOSE_FILE"} <= read | set(settings)
    given = [f"{name}=" for name in (read - {"PYTEST_ADDOPTS", "OS"}) | set(settings)]
    assert (
        make(
            folders.ROOT, "help", *given, "FAULTS=1", "SEED=2", "STREAMLIT_SERVER_PORT=3", "AIRFLOW__CORE__X=4"
        ).returncode
        == 0
    )


def test_in_windows_itself_make_stops_with_one_line() -> None:
    done = make(folders.ROOT, "help", OS="Windows_NT")
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert "client360: Windows itself has no place for make: run it in WSL2, or use Docker Desktop" in line


@pytest.mark.parametrize(
    ("usable", "named", "used"),
    [
        ({"python3": False, "python3.13": False, "python3.11": True}, "", "python3.11"),
        ({"python3": True, "python3.13": True}, "", "python3"),
        ({"python3": True, "my python": True}, "my python", "my python"),
        ({"python3": True, "python3.9": False}, "python3.9", None),
        ({"python3": False}, "", None),
    ],
)
def test_the_first_python_that_fits_makes_the_environment(
    tmp_path: Path, usable: dict[str, bool], named: str, used: str | None
) -> None:
    shutil.copytree(folders.ROOT / "tools" / "local", tmp_path / "tools" / "local")
    shutil.copy(folders.ROOT / "Makefile", tmp_path)
    for name in ("python3", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9", "my python"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        answer = 0 if usable.get(name) else 1
        program.write_text(f'#!/bin/sh\nif [ "$1" = -m ]; then echo "$0" > used; fi\nexit {answer}\n')
        program.chmod(0o755)
    done = make(tmp_path, ".venv/bin/python", f"PYTHON={named}", PATH=f"{tmp_path / 'bin'}:/usr/bin:/bin")
    if used:
        assert done.returncode == 0, done.stderr
        assert Path((tmp_path / "used").read_text().strip()).name == used
    else:
        assert done.stderr.startswith("client360: there is no Python 3.10 to 3.13: install one")


@pytest.mark.parametrize("name", ["a:b", "100%", "a\nb", "at the end\n", "a\rb"])
@pytest.mark.parametrize("made", [False, True])
def test_a_path_that_no_run_can_use_is_refused_at_once(tmp_path: Path, name: str, *, made: bool) -> None:
    checkout = tmp_path / name
    shutil.copytree(folders.ROOT / "tools" / "local", checkout / "tools" / "local")
    shutil.copy(folders.ROOT / "Makefile", checkout)
    python = checkout / ".venv" / "bin" / "python"
    if made:  # elsewhere: the checkout was moved
        python.parent.mkdir(parents=True)
        python.touch()
    done = make(checkout, "run", PATH=os.defpath)
    assert done.returncode != 0
    assert done.stderr.startswith("client360: the path of this checkout has a :, a % or a line break: rename")
    assert done.stdout == ""
    assert python.exists() is made
    assert make(checkout, "help").returncode == 0


@pytest.mark.parametrize("name", ["a#b", "ends in a blank ", "-x", "it's $HOME;&(ñ)", "@=~+,"])
def test_other_paths_are_not_refused(tmp_path: Path, name: str) -> None:
    checkout = tmp_path / name
    shutil.copytree(folders.ROOT / "tools" / "local", checkout / "tools" / "local")
    shutil.copy(folders.ROOT / "Makefile", checkout)
    assert make(checkout, ".path").returncode == 0


def test_a_clone_made_in_windows_has_the_line_ends_of_linux(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    command = ["git", "-c", "core.autocrlf=true", "clone", "--quiet", f"file://{folders.ROOT}", str(clone)]
    subprocess.run(command, check=True)
    listed = subprocess.check_output(["git", "ls-files", "--eol"], cwd=clone, text=True).splitlines()
    assert [line for line in listed if "w/crlf" in line and "i/crlf" not in line] == []
    assert make(clone, "help").returncode == 0
