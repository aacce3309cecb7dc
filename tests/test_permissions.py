"""Files and folders with people are for their owner and the group, whatever the umask of the process."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from client360 import folders, permissions
from client360.files import atomic


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o077], ids=["open", "strict"], autouse=True)
def umask_of_the_process(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.parametrize(
    ("given", "of_file", "of_folder"),
    [("", 0o640, 0o750), ("027", 0o640, 0o750), ("077", 0o600, 0o700), ("0007", 0o660, 0o770), ("022", 0o644, 0o755)],
)
def test_files_and_new_folders_have_the_permissions_that_the_setting_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, of_file: int, of_folder: int
) -> None:
    monkeypatch.setenv(permissions.VARIABLE, given)
    path = tmp_path / "processed" / "fecha=2026-11-20" / "cliente_360.csv"
    with atomic(path) as file:
        file.write(b"x")
        assert [mode(each) for each in path.parent.iterdir()] == [of_file], "it is open while it is written"
    assert mode(path) == of_file
    assert mode(path.parent) == mode(path.parents[1]) == of_folder


def test_a_folder_of_files_that_is_open_to_all_is_restricted_and_its_group_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENT360_DATA", str(tmp_path / "data"))
    processed = tmp_path / "data" / "processed"
    processed.mkdir(parents=True)
    (tmp_path / "data").chmod(0o755)
    processed.chmod(0o2777)
    folders.prepare_data()
    permissions.make_folder(processed / "fecha=2026-11-20")
    assert mode(tmp_path / "data") == 0o755, "it may hold input of others"
    assert mode(tmp_path / "data" / "raw") & 0o027 == 0
    assert mode(processed) == mode(processed / "fecha=2026-11-20") == 0o2750


@pytest.mark.parametrize("given", ["27", "127", "0o27", "028", "-27", " 027", "027\n"])
def test_another_setting_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(permissions.VARIABLE, given)
    with pytest.raises(ValueError, match="give three octal digits that begin with 0, such as 027"):
        permissions.umask()
