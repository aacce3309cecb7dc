"""What the documentation mentions exists: links, paths, make targets, commands and messages."""

import ast
import re
import shlex
from functools import lru_cache
from pathlib import Path

import pytest

from client360 import folders

ROOT = folders.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
MADE_BY_RUNS = (".env", ".local", ".venv", "data", "work")
"""What begins a path that is there only after a command."""
SERVED = {"make up": "tests/docker", "make dashboard": "tests/browser", "make ui": "tests/local/test_ui.py"}
"""Commands of the README that go on until somebody ends them, and where CI runs them."""
VARIES = "…"
OF_DEVELOPERS = tuple(f"plugins/client360/simulate/{name}" for name in ("bank/", "shop/", "landing_files.py"))
"""Files whose errors only a change of the code can bring about."""


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)]*)\)", text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and found.suffix == ".md" and anchor not in anchors(found)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_paths_that_are_mentioned_exist(page: Path) -> None:
    tops = "|".join(re.escape(path.name) for path in ROOT.iterdir() if path.name not in MADE_BY_RUNS)
    mentioned = re.findall(rf"(?<![\w./<-])((?:{tops})/[\w./*<>-]*)", page.read_text(encoding="utf-8"))
    plain = [path.rstrip("./") for path in mentioned if not set(path) & set("<>*")]
    made = ("include/sql/feeds/panaderia", "include/sql/feeds/mi_tienda", "docker/images.lock")  # by the reader
    assert [path for path in plain if not (ROOT / path).exists() and not path.startswith(made)] == []


def test_names_are_in_the_files_that_they_are_said_to_be_in() -> None:
    pages = [ROOT / "docs" / "architecture.md", ROOT / "docs" / "decisions.md", ROOT / "CONTRIBUTING.md"]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    linked = re.findall(r"`(\w+)`,? (?:in|of)\s+\[[^]]*\]\(\.\./([^)]*\.py)\)", text)
    written = re.findall(r"`(\w+)`,? (?:in|of)\s+`([\w./]+\.py)`", text)
    assert min(len(linked), len(written)) > 4
    assert [
        (name, path) for name, path in linked + written if not re.search(rf"\b{name}\b", (ROOT / path).read_text())
    ] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=ids)
def test_make_targets_that_are_mentioned_exist(page: Path) -> None:
    makefiles = [ROOT / "Makefile", ROOT / "tools" / "local" / "stack.mk", ROOT / "docker" / "stack.mk"]
    rules = "".join(path.read_text(encoding="utf-8") for path in makefiles)
    targets = set(re.findall(r"^([a-z-]+):", rules, re.MULTILINE))
    written = re.findall(r"^ {4}make ([a-z-]+)|`make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert {first or second for first, second in written} - targets == set()


@pytest.mark.parametrize("name", ["README.md", "README.es.md"])
def test_every_command_of_the_readme_is_run_by_ci(name: str) -> None:
    ci = [
        shlex.split(line, comments=True) for line in (ROOT / ".ci" / "run").read_text().splitlines() if "make" in line
    ]
    commands = re.findall(r"^ {4}(make .*)$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert commands
    bare_run_too = [["make", "run"], *ci]  # the default day and world, with more customers than CI has time for
    assert [each for each in commands if each not in SERVED and shlex.split(each) not in bare_run_too] == []
    assert [place for place in SERVED.values() if not (ROOT / place).exists()] == []


def test_the_readmes_have_the_same_sections_commands_and_links() -> None:
    english, spanish = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.es.md"))
    for what in (r"^#+ ", r"^ {4}\S.*$", r"\]\(([^)#]*)", r"^\| "):
        of_both = [sorted(re.findall(what, text, re.MULTILINE)) for text in (english, spanish)]
        twin = {"README.es.md": "README.md"}
        assert [twin.get(each, each) for each in of_both[0]] == of_both[1]


@lru_cache
def texts() -> tuple[str, ...]:
    """All constant pieces of text in the code; of scripts and SQL, the whole file."""
    found = []
    for folder in ("plugins", "tools", "reading", "notebooks", "dashboard"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
    scripts = [path for folder in ("docker", "tools/backup") for path in (ROOT / folder).iterdir()]
    files = [ROOT / "Makefile", ROOT / "docker-compose.yaml", *scripts]
    return (*found, *(path.read_text(encoding="utf-8") for path in files))


def test_messages_of_the_troubleshooting_page_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| (`.*?) \| ", page, re.MULTILINE)
    messages = [message for cell in cells for message in re.findall(r"`([^`]+)`", cell)]
    assert len(messages) > 50
    pieces = {piece.strip() for message in messages for piece in message.split(VARIES)}
    unknown = [piece for piece in pieces if len(piece) > 3 and not any(piece in text for text in texts())]
    assert "\n".join(unknown) == ""


def test_every_refusal_is_on_the_troubleshooting_page() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    missing = []
    paths = [*(ROOT / "plugins" / "client360").rglob("*.py"), *(ROOT / "tools" / "local").rglob("*.py")]
    for path in paths:
        if ids(path).startswith(OF_DEVELOPERS):
            continue
        for raised in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(raised, ast.Raise) and isinstance(raised.exc, ast.Call) and raised.exc.args):
                continue
            if isinstance(raised.exc.func, ast.Name) and raised.exc.func.id == "RuntimeError":
                continue
            said = [node.value for node in ast.walk(raised.exc.args[0]) if isinstance(node, ast.Constant)]
            pieces = [part.strip(" :,;.'") for part in said if isinstance(part, str)]
            longest = max(pieces, key=len, default="")
            if len(longest) > 8 and longest not in page:
                missing.append(f"{ids(path)}: {longest}")
    assert "\n".join(missing) == ""
