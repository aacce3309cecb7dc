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
