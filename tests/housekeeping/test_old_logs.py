"""Old logs go, by run, and nothing else does."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from client360.housekeeping.task_logs import older, remove
from client360.publish.made_files import CannotRemove

BEFORE = datetime.now(timezone.utc) - timedelta(days=90)


def written(place: Path, name: str, days: int) -> Path:
    """A file, and the folders between it and the log folder, from so many days ago."""
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x\n")
    for each in (path, *path.parents):
        if each == place:
            break
        aged(each, days)
    return path


def aged(path: Path, days: int) -> None:
    moment = time.time() - days * 86400
    os.utime(path, (moment, moment), follow_symlinks=False)


def log(place: Path, run: str, task: str, days: int) -> Path:
    return written(place, f"dag_id=client360/run_id={run}/task_id={task}/attempt=1.log", days)


def tree(place: Path) -> list[str]:
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if not path.is_dir())


def test_the_logs_of_a_run_go_together_once_the_newest_is_old(tmp_path: Path) -> None:
    log(tmp_path, "a", "generate.plan", 120)
    log(tmp_path, "a", "export.retention", 91)
    log(tmp_path, "b", "generate.plan", 120)
    kept = log(tmp_path, "b", "export.retention", 89)
    (found,) = older(tmp_path, BEFORE)
    assert found.folder.name == "run_id=a"
    assert (len(found.files), found.size) == (2, 4)
    assert [round((datetime.now(timezone.utc) - each).days) for each in (found.oldest, found.newest)] == [120, 91]
    assert len(tree(tmp_path)) == 4, "to find is not to remove"
    remove([found])
    assert tree(tmp_path) == [
        f"dag_id=client360/run_id=b/task_id={task}/attempt=1.log" for task in ("export.retention", "generate.plan")
    ]
    assert not found.folder.exists()
    assert kept.exists()


def test_the_dag_processors_logs_go_by_day_and_those_of_callbacks_by_run(tmp_path: Path) -> None:
    written(tmp_path, "dag_processor/2026-01-01/dags-folder/client360.py.log", 100)
    today = written(tmp_path, "dag_processor/2026-11-30/dags-folder/client360.py.log", 0)
    (tmp_path / "dag_processor" / "latest").symlink_to(today.parents[1])
    written(tmp_path, "executor_callbacks/client360/run/id", 100)
    remove(older(tmp_path, BEFORE))
    assert tree(tmp_path) == ["dag_processor/2026-11-30/dags-folder/client360.py.log"]
    assert (tmp_path / "dag_processor" / "latest").exists()


def test_files_of_other_names_stay(tmp_path: Path) -> None:
    for name in (
        "notes.txt",
        "run_id=a/x.log",
        "dag_id=client360/notes.txt",
        "dag_id=client360/mine/x.log",
        "dag_processor/notes/x.log",
        "dag_processor/x.log",
    ):
        written(tmp_path, name, 400)
    before = tree(tmp_path)
    assert older(tmp_path, BEFORE) == []
    remove(older(tmp_path, BEFORE))
    assert tree(tmp_path) == before


def test_links_are_neither_followed_nor_removed(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    mine = log(elsewhere, "a", "plan", 400)
    (tmp_path / "dag_id=linked").symlink_to(elsewhere / "dag_id=client360")
    log(tmp_path, "b", "plan", 400)
    run = tmp_path / "dag_id=client360" / "run_id=b"
    (run / "file").symlink_to(mine)
    (run / "folder").symlink_to(mine.parent)
    (tmp_path / "dag_id=client360" / "run_id=linked").symlink_to(mine.parents[1])
    for link in (run / "file", run / "folder", run):
        aged(link, 400)
    (found,) = older(tmp_path, BEFORE)
    assert found.folder == run
    assert len(found.files) == 1
    remove([found])
    assert mine.exists()
    assert sorted(path.name for path in run.iterdir()) == ["file", "folder"]


def test_a_log_that_is_written_after_it_was_judged_stays(tmp_path: Path) -> None:
    first = log(tmp_path, "a", "plan", 400)
    found = older(tmp_path, BEFORE)
    again = first.with_name("attempt=2.log")
    again.write_text("x\n")
    remove(found)
    assert tree(tmp_path) == ["dag_id=client360/run_id=a/task_id=plan/attempt=2.log"]


def test_a_folder_that_is_not_there_has_no_old_logs(tmp_path: Path) -> None:
    assert older(tmp_path / "missing", BEFORE) == []


def test_two_that_remove_at_once_do_no_harm(tmp_path: Path) -> None:
    for number in range(200):
        log(tmp_path, f"{number}", "plan", 400)
    kept = log(tmp_path, "new", "plan", 1)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: remove(older(tmp_path, BEFORE)), range(4)))
    assert tree(tmp_path) == [kept.relative_to(tmp_path).as_posix()]


def test_a_file_that_can_not_be_removed_is_named(tmp_path: Path) -> None:
    file = log(tmp_path, "a", "plan", 400)
    found = older(tmp_path, BEFORE)
    file.unlink()
    file.mkdir()
    with pytest.raises(
        CannotRemove, match=r"attempt=1.log can not be removed \(.*\): make its folder writable, and repeat"
    ):
        remove(found)
