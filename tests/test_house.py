"""What keeps the code readable: limits of length, packages that depend on each other one way only, images without tools."""

import re
import subprocess
import sys
from collections import Counter
from importlib.metadata import packages_distributions

import grimp

from client360 import folders
from tools import metrics


def test_packages_import_each_other_one_way_only() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-logo",
            "--no-cache",
        ],
        cwd=folders.ROOT,
        env={"PYTHONPATH": "plugins"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_nothing_is_longer_than_its_limit() -> None:
    measured = list(metrics.measure())
    assert {"include/sql/transform", "include/sql/build_view", "include/sql/check"} <= {each.name for each in measured}
    assert [excess for lengths in measured for excess in lengths.excesses()] == []


def test_a_limit_that_is_exceeded_is_reported() -> None:
    assert metrics.Lengths("files", (10, 20, 90), median_limit=20, limit=90).excesses() == []
    assert metrics.Lengths("files", (10, 20, 90), median_limit=19, limit=89).excesses() == [
        "files: the median is 20 lines, the limit 19",
        "files: the longest has 90 lines, the limit is 89",
    ]


def test_no_two_files_of_tests_share_a_name() -> None:
    names = Counter(path.name for path in (folders.ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_no_image_can_hold_the_proof_or_the_tools() -> None:
    sent = metrics.sent_to_the_engine()
    assert metrics.unwanted(sent) == []
    copied = {source for stage in metrics.copied_by_images().values() for source in stage}
    assert copied <= set(sent)
    assert {"plugins", "dags", "include"} <= copied
    assert all("reading" in sources for sources in metrics.copied_by_images().values())
    assert metrics.unwanted(["/opt/airflow/tools/local/run.py", "proof", "/opt/airflow/plugins/tools.py"]) == [
        "/opt/airflow/tools/local/run.py",
        "proof",
    ]


def test_the_package_imports_only_what_its_image_installs_or_holds() -> None:
    locked = (folders.ROOT / "requirements.txt").read_text(encoding="utf-8")
    installed = {_normal(name) for name in re.findall(r"^([\w.-]+)(?:\[.*\])?==", locked, re.MULTILINE)}
    imported = {
        name
        for name in grimp.build_graph("client360", include_external_packages=True, cache_dir=None).modules
        if not name.startswith("client360") and name not in sys.stdlib_module_names
    }
    imported -= set(metrics.copied_by_images()["airflow"])
    providers = packages_distributions()
    assert {"numpy", "psycopg", "airflow"} <= imported
    assert [name for name in sorted(imported) if not installed & set(map(_normal, providers.get(name, [])))] == []


def test_every_locked_release_has_its_hashes_and_every_action_is_a_commit() -> None:
    for name in ("requirements.txt", "constraints.txt"):
        text = (folders.ROOT / name).read_text(encoding="utf-8")
        releases = re.split(r"^(?=[\w.-]+(?:\[.*\])?==)", text, flags=re.MULTILINE)[1:]
        assert len(releases) > 50
        assert [release.splitlines()[0] for release in releases if "--hash=sha256:" not in release] == []
    for path in (folders.ROOT / ".github" / "workflows").iterdir():
        used = re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))
        assert used
        assert [action for action in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)] == []


def _normal(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
