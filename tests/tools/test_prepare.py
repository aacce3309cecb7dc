"""The settings of the stack in Docker, before an engine reads them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from client360 import folders


def prepare(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.defpath, "CLIENT360_DATA": str(folder / "data"), **variables}
    return subprocess.run(
        ["sh", folder / "docker" / "prepare"], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(folders.ROOT / "docker", tmp_path / "docker")
    shutil.copy(folders.ROOT / ".env.example", tmp_path)
    (tmp_path / ".env").write_text(
        (tmp_path / ".env.example").read_text().replace("PASSWORD=\n", "PASSWORD=a-B_9=~.\n")
    )
    return tmp_path


IN_ADDRESSES = "AIRFLOW_DB_PASSWORD is a part of addresses: use letters, digits, and . _ ~ = - only"
INTERPOLATED = "in .env has a quote, a dollar sign, a backslash or a blank"


@pytest.mark.parametrize("character", [*"@/#?%$:+ '\"\\`&ñ", "\r"])
def test_a_password_that_would_break_an_address_is_refused_by_name(checkout: Path, character: str) -> None:
    with (checkout / ".env").open("a", newline="") as file:
        file.write(f"AIRFLOW_DB_PASSWORD=a{character}b\n")
    done = prepare(checkout)
    assert (done.returncode, done.stderr.startswith(f"client360: {IN_ADDRESSES}")) == (1, True)
    assert not (checkout / "data").exists()


@pytest.mark.parametrize("character", ["$", "'", '"', "\\", "`", " ", "\r"])
def test_a_secret_that_compose_would_change_is_refused_by_name(checkout: Path, character: str) -> None:
    with (checkout / ".env").open("a", newline="") as file:
        file.write(f"PGADMIN_PASSWORD=a{character}b")  # the last line may lack its end
    done = prepare(checkout)
    assert (done.returncode, done.stderr.startswith(f"client360: PGADMIN_PASSWORD {INTERPOLATED}")) == (1, True)


@pytest.mark.parametrize("written", ["'a b'", '"a"', "a$HOME", "a\\b", "a`b", "a #b", " a", "a ", "a\r"])
def test_a_data_folder_that_compose_would_read_otherwise_is_refused_by_name(checkout: Path, written: str) -> None:
    with (checkout / ".env").open("a", newline="") as file:
        file.write(f"CLIENT360_DATA={written}\n")
    before = set(checkout.iterdir())
    done = prepare(checkout, CLIENT360_DATA="")
    assert done.returncode == 1
    assert done.stderr.startswith(
        "client360: CLIENT360_DATA in .env has a quote, a dollar sign, a backslash, a # after"
    )
    assert set(checkout.iterdir()) == before


@pytest.mark.parametrize("named", ["a:b", "~/data", "~", "a\nb", ".env", ".env/data", "/proc/data"])
@pytest.mark.parametrize("given", ["environment", ".env"])
def test_a_data_folder_that_can_not_be_mounted_is_refused_by_name(checkout: Path, named: str, given: str) -> None:
    path = checkout / ".env"
    written = "".join(f"CLIENT360_DATA={line}\n" for line in named.split("\n"))  # set twice: it is read as two lines
    path.write_text(path.read_text().replace("CLIENT360_DATA=./data\n", written if given == ".env" else ""))
    before = set(checkout.iterdir())
    done = prepare(checkout, CLIENT360_DATA=named if given == "environment" else "")
    assert done.returncode == 1
    assert done.stderr.startswith(f"client360: CLIENT360_DATA is '{named}': ")
    assert set(checkout.iterdir()) == before


@pytest.mark.parametrize("written", ["CLIENT360_DATA=\n", ""])
def test_without_a_data_folder_nothing_is_made_at_the_root(checkout: Path, written: str) -> None:
    path = checkout / ".env"
    path.write_text(path.read_text().replace("CLIENT360_DATA=./data\n", written))
    assert prepare(checkout, CLIENT360_DATA="").stderr == (
        "client360: CLIENT360_DATA is empty: name a folder, such as ./data\n"
    )


@pytest.mark.parametrize("named", ["./data", "data", "a b/(ñ) it is, 100%#1", "docker/../beside", "-p"])
def test_any_other_data_folder_is_made(checkout: Path, named: str) -> None:
    path = checkout / ".env"
    path.write_text(path.read_text().replace("CLIENT360_DATA=./data\n", f"CLIENT360_DATA={named}\n"))
    done = prepare(checkout, CLIENT360_DATA="")
    assert done.returncode == 0, done.stderr
    assert (checkout / named / "raw").is_dir()


def test_safe_settings_pass_and_those_of_the_environment_count(checkout: Path) -> None:
    with (checkout / ".env").open("a") as file:
        file.write("AIRFLOW_ADMIN_PASSWORD=a@/#?%:b\n")
    assert prepare(checkout).returncode == 0
    assert IN_ADDRESSES in prepare(checkout, AIRFLOW_DB_PASSWORD="a@b").stderr  # noqa: S106 (what is refused)


def test_generated_settings_are_safe(checkout: Path) -> None:
    (checkout / ".env").unlink()
    done = prepare(checkout, COMPOSE_PROJECT_NAME="client360-not-there")
    assert done.returncode == 0, done.stderr
    assert prepare(checkout).returncode == 0
    lines = (checkout / ".env").read_text().splitlines()
    drawn = [line.split("=", 1)[1] for line in lines if line.split("=")[0].endswith(("_PASSWORD", "_SECRET", "_KEY"))]
    assert len(set(drawn)) == len(drawn) >= 12
    assert min(len(secret) for secret in drawn) >= 24
