"""Files are written whole or not at all."""

import os
import re
import subprocess
from datetime import date
from pathlib import Path
from platform import node

import pytest

from client360 import manifest
from client360.days import DayRange
from client360.files import ABANDONED, atomic
from client360.publish import made_files


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_full_disk_is_told_with_the_file_and_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "cliente_360.csv"
    path.write_bytes(b"before")
    # what is written goes to a device that is always full
    (tmp_path / f".{path.name}.{node()}.{os.getpid()}.part").symlink_to("/dev/full")
    told = rf"there is no room left on the disk of this file: '{re.escape(str(path))}'"
    with pytest.raises(OSError, match=told), atomic(path) as file:
        file.write(b"after" * 100_000)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_killed_writers_have_begun_is_removed_on_other_machines_after_a_day(tmp_path: Path) -> None:
    path = tmp_path / "cliente_360.csv"
    killed = subprocess.Popen(["true"])
    killed.wait()
    begun = {
        "killed here": f"{node()}.{killed.pid}",
        "at work here": f"{node()}.{os.getppid()}",
        "killed elsewhere": "worker-7.example.1",
        "at work elsewhere": "worker-8.example.1",
    }
    parts = {who: tmp_path / f".{path.name}.{writer}.part" for who, writer in begun.items()}
    for part in parts.values():
        part.touch()
    now = path.parent.stat().st_mtime
    os.utime(parts["killed elsewhere"], (now - ABANDONED - 60, now - ABANDONED - 60))
    os.utime(parts["at work elsewhere"], (now - ABANDONED + 60, now - ABANDONED + 60))
    with atomic(path) as file:
        file.write(b"complete")
    assert [who for who, part in parts.items() if part.exists()] == ["at work here", "at work elsewhere"]
    assert path.read_bytes() == b"complete"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_full_disk_does_not_keep_files_from_being_removed(tmp_path: Path) -> None:
    folder = tmp_path / "processed" / "fecha=2026-09-20"
    folder.mkdir(parents=True)
    (folder / "cliente_360.csv").write_text("x\n")
    days = DayRange(date(2026, 9, 20), date(2026, 9, 20))
    manifest.write(folder / manifest.NAME, manifest.describe(folder, "feed x", {}, days, {"cliente_360.csv": 1}))
    (folder / f".{manifest.NAME}.{node()}.{os.getpid()}.part").symlink_to("/dev/full")
    made_files.remove(list(made_files.published(tmp_path)))
    assert not folder.exists()
