"""`make pin` and `make up` with images by digest, from a registry on this machine."""

import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from airflow_ui import free_port
from stack import Stack

from client360 import folders

CONFIG = """
version: 0.1
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""
COMPOSE = """
services:
  stored: {{image: "{registry}/stored:1"}}
  built: {{image: pinned, build: .}}
  unused: {{image: "{registry}/unused:1", profiles: [more]}}
"""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """A registry without images."""
    port = free_port()
    config = tmp_path / "registry.yaml"
    config.write_text(CONFIG.format(folder=tmp_path / "registry", port=port))
    with subprocess.Popen(["docker-registry", "serve", config], stderr=subprocess.DEVNULL) as process:
        _answers(f"http://127.0.0.1:{port}/v2/")
        yield f"127.0.0.1:{port}"
        process.terminate()


def _answers(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (our own)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} does not answer")


@pytest.fixture
def names(registry: str) -> Iterator[list[str]]:
    made = [f"{registry}/{name}:1" for name in ("stored", "base")]
    yield made
    subprocess.run(["docker", "image", "rm", "--force", *made], stdout=subprocess.DEVNULL, check=True)


@pytest.fixture
def checkout(registry: str, tmp_path: Path) -> Path:
    folder = tmp_path / "a checkout"
    (folder / "docker").mkdir(parents=True)
    shutil.copy2(folders.ROOT / "docker" / "pin", folder / "docker")
    (folder / "compose.yaml").write_text(COMPOSE.format(registry=registry))
    (folder / "Dockerfile").write_text(f"FROM {registry}/base:1 AS first\nFROM first\n")
    return folder


def publish(name: str, content: str) -> str:
    """Put an image into the registry; returns its id."""
    recipe = f"FROM scratch\nLABEL content={content}\n"
    subprocess.run(["docker", "build", "--quiet", "--tag", name, "-"], input=recipe, text=True, check=True)
    subprocess.run(["docker", "push", "--quiet", name], check=True)
    return identity(name)


def identity(name: str) -> str:
    return subprocess.check_output(["docker", "image", "inspect", "--format", "{{.Id}}", name], text=True).strip()


def pin(checkout: Path, *arguments: str) -> tuple[int, str]:
    said = [checkout / "docker" / "pin", *arguments]
    done = subprocess.run(said, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def test_a_stack_keeps_the_images_that_were_pinned_whatever_their_names_are_given_to(
    checkout: Path, names: list[str]
) -> None:
    first = {name: publish(name, "first") for name in names}
    assert pin(checkout, "keep") == (0, "")
    code, said = pin(checkout)
    lock = (checkout / "docker" / "images.lock").read_text()
    assert (code, said) == (0, lock)
    # those of the stack's services and of what it builds, and nothing of what it does not start
    assert [line.split("@sha256:")[0] for line in lock.splitlines()] == [
        f"{name} {name.removesuffix(':1')}" for name in sorted(names)
    ]
    assert pin(checkout, "keep") == (0, "")

    second = {name: publish(name, "second") for name in names}
    assert set(first.values()).isdisjoint(second.values())
    code, said = pin(checkout, "keep")
    assert code == 0
    assert {name: identity(name) for name in names} == first
    assert said.splitlines() == [f"client360: {line.replace(' ', ' is ')}" for line in lock.splitlines()]

    assert pin(checkout)[0] == 0
    assert {name: identity(name) for name in names} == second
    assert (checkout / "docker" / "images.lock").read_text() != lock


def test_what_can_not_be_had_is_told_and_the_lock_stays(checkout: Path, names: list[str]) -> None:
    publish(names[0], "first")
    (checkout / "docker" / "images.lock").write_text(
        before := f"{names[0]} {names[0].removesuffix(':1')}@sha256:{'0' * 64}\n"
    )
    code, said = pin(checkout)
    assert code == 1
    assert said.splitlines()[-1] == f"client360: {names[1]} can not be had: see above. docker/images.lock is as it was"
    assert [path.name for path in sorted((checkout / "docker").iterdir())] == ["images.lock", "pin"]
    assert (checkout / "docker" / "images.lock").read_text() == before
    code, said = pin(checkout, "keep")
    assert code == 1
    assert said.splitlines()[-1] == f"client360: docker/images.lock has no digest of {names[1]}: make pin"
    (checkout / "Dockerfile").write_text("FROM scratch\n")
    code, said = pin(checkout, "keep")
    assert code == 1
    assert said.splitlines()[-1] == f"client360: {names[0]} can not be had as docker/images.lock has it: see above"


def test_a_stack_with_an_image_that_is_not_pinned_does_not_start(open_folders: Callable[[], Path]) -> None:
    made = Stack(open_folders())
    (made.folder / "docker" / "images.lock").write_text("")
    said = made.make("up", check=False)
    assert "client360: docker/images.lock has no digest of apache/airflow:slim-" in said
    assert made.compose("ps", "--all", "--quiet") == ""
