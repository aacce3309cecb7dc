"""The trigger forms, the page in Airflow and the dashboard are in one language: every text is marked, and in the catalogue."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import sqlglot
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from sqlglot import exp

from client360 import folders
from client360.load import dimensions
from reading import checks, formats
from reading.explain.meanings import MEANINGS
from reading.questions import ANSWERS

ROOT = folders.ROOT
SQL = ROOT / "reading" / "sql"
FORMS = [ROOT / "plugins/client360/orchestration" / name for name in ("form.py", "housekeeping.py")]
PAGE = ROOT / "plugins/client360/page"
FOR_PROGRAMS = PAGE / "metrics.py"
TEMPLATES = sorted((PAGE / "templates").glob("*.html"))
SURFACES = [*FORMS, *(ROOT / "dashboard").rglob("*.py"), *(path for path in PAGE.rglob("*.py") if path != FOR_PROGRAMS)]
WORDS_OF_QUERIES = ("correcta", "advertencia", "fallida", "archivos sin leer", "tipos sin archivo")
NO_TEXT = (
    "<!doctype html>",  # what is in it is put there
    "Accept",
    "Ciudad Autónoma de Buenos Aires",  # a value of the warehouse
    "Too many failed logins",  # of Airflow's API, whose messages are English
    "client360 dashboard session",
    "select set_config",
    "The warehouse can not be read",  # in the log
)
"""What begins a constant that looks like a text of a surface and is none."""


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (ROOT / "reading" / "locale" / "en.po").open("rb") as file:
        return read_po(file)


def marked() -> Iterator[str | tuple[str, str]]:
    for path in [*SURFACES, *(ROOT / "reading").glob("*.py")]:
        for _line, message, *_rest in extract_from_file("python", path, keywords={"_": None}):
            yield message
    options = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
    for path in TEMPLATES:
        for _line, message, *_rest in extract_from_file(
            "jinja2", path, keywords={"_": None, "gettext": None, "ngettext": (1, 2)}, options=options
        ):
            yield message


def columns(query: exp.Query) -> Iterator[str]:
    """What a query returns; those of a star are of a relation that the query itself begins with."""
    of_itself = {each.alias: each.this for each in query.root().find_all(exp.CTE)}
    for selected in query.selects:
        if selected.is_star:
            yield from columns(of_itself[query.find(exp.Table).name])
        else:
            yield selected.output_name


def headings() -> set[str]:
    """The Spanish headings of all columns that people may see."""
    names = {name for question in ANSWERS.values() for name in question.columns} | set(formats.HEADINGS)
    for path in SQL.rglob("*.sql"):
        text = re.sub(r"%\(\w+\)s", "1", path.read_text(encoding="utf-8"))
        names |= set(columns(sqlglot.parse_one(text, dialect="postgres")))
    return set(map(formats.heading, names))


def named_in_explanations() -> set[str]:
    """What may be the heading of a figure or a step of an explanation: whatever word stands in its modules."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "reading" / "explain").glob("*.py")]
    every = [node for tree in trees for node in ast.walk(tree)]
    constants = {node.value for node in every if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    fields = {node.target.id for node in every if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
    return {formats.heading(name) for name in constants | fields if re.fullmatch("[a-z0-9_]+", name)}


def said() -> set[str | tuple[str, str]]:
    sentences = {sentence for group in checks.GROUPS.values() for sentence in group.values()}
    titles = {question.title for question in ANSWERS.values()}
    groups = {*checks.GROUPS, checks.OTHERS}
    return {*marked(), *headings(), *sentences, *groups, *titles, *MEANINGS.values(), *WORDS_OF_QUERIES}


def test_every_text_is_in_the_catalogue_and_no_other(english: Catalog) -> None:
    translated = {message.id for message in english if message.id}
    assert said() - translated == set()
    of_figures = {*named_in_explanations(), *map(formats.heading, ("dato", "valor", "mora_pct", "ingreso_medio"))}
    assert translated - said() - of_figures == set()
    assert [message.id for message in english if message.id and not all(_both(message.string))] == []
    assert [message.id for message in english if message.fuzzy] == []


def test_a_translation_has_the_places_of_its_text(english: Catalog) -> None:
    def places(text: str | Iterable[str]) -> list[list[str]]:
        return [sorted(re.findall(r"\{\w*\}|%\(\w+\)s|<[^>]+>|`[^`]+`|\*\*", each)) for each in _both(text)]

    wrong = [message.id for message in english if message.id and places(message.id) != places(message.string)]
    # the kinds of interventions are named with what people give in them
    assert [text for text in wrong if "campania:<id>" not in text] == []


def _both(text: str | Iterable[str]) -> tuple[str, ...]:
    """The singular and the plural of a text that has them."""
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("path", SURFACES, ids=lambda path: path.name)
def test_no_text_in_the_code_of_a_surface_is_unmarked(path: Path) -> None:
    tree: ast.AST = ast.parse(path.read_text(encoding="utf-8"))
    if path in FORMS:  # the rest of such a file speaks to the log
        tree = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "form")
    done = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"):
            inner = [node.value] if isinstance(node, ast.Expr) else ast.walk(node)
            done |= {id(each) for each in inner}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in done
    ]
    looks_like_text = re.compile(r"[^\W\d_]{2,} [^\W\d_]|[áéíóúñ¿«…]|^[A-ZÁÉÍÓÚ][a-záéíóúñ]+$")
    assert [text for text in texts if looks_like_text.search(text) and not text.startswith(NO_TEXT)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_text_in_a_template_is_unmarked(path: Path) -> None:
    parsed = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(path.read_text(encoding="utf-8"))
    page = "".join(data.data for data in parsed.find_all(nodes.TemplateData))
    rest = re.sub(r"<style>|<[^>]*>|Client 360|KB", "", page)
    assert re.findall(r"[^\W\d_]+", rest) == []


def run(language: str, program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"CLIENT360_LANGUAGE": language},
        capture_output=True,
        text=True,
        check=False,
    )


def test_english_is_written_with_its_numbers_days_and_months() -> None:
    done = run(
        "en",
        """
import json
from datetime import date
from reading import checks, formats
day = date(2026, 3, 1)
print(json.dumps([
    formats.number(1234567.891, 2), formats.tick(1234.5), formats.amount(99_999_999), formats.amount(1.2346e9),
    formats.percent(0.1234), formats.pesos(1.25e9), formats.day(day), formats.month(day), formats.month_name(day),
    formats.month_label(day), formats.number(None), formats.listed("abc"), formats.cell(True, "exito"),
    formats.cell("sin_dato", "sucursal"),
    formats.cell("fallida", "resultado"), formats.cell("archivos_sin_leer", "aviso"), formats.cell("Misiones", "provincia"),
    formats.heading("fecha_corte"), checks.sentence("venta_unica"), checks.sentence("no_longer_there"), formats.WEEKDAYS[0],
]))""",
    )
    assert json.loads(done.stdout) == [
        *("1,234,567.89", "1,234.5", "$99,999,999", "$1,234.6M", "12.3%", "1,250.0 million pesos"),
        *("1 Mar 2026", "Mar 2026", "March 2026", "Mar 26", "no data", "a, b and c", "yes"),
        *(
            "no data",
            "failed",
            "files not read",
            "Misiones",
            "Business day",
            "No order is repeated.",
            "no_longer_there",
            "Monday",
        ),
    ]


def test_weeks_begin_on_monday() -> None:
    assert list(formats.WEEKDAYS) == dimensions.WEEKDAYS


@pytest.mark.parametrize("module", ["reading.language", "client360.orchestration.form", "dashboard.login"])
def test_a_language_that_there_is_not_is_refused(module: str) -> None:
    done = run("fr", f"import sys; sys.path.append('plugins'); import {module}")
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1] == "ValueError: CLIENT360_LANGUAGE is 'fr': give es or en"


def test_without_a_language_all_is_spanish_and_no_catalogue_is_loaded() -> None:
    done = run(
        "", "import sys; from reading.language import LANGUAGE, _; print(LANGUAGE, _('Ver'), 'babel' in sys.modules)"
    )
    assert done.stdout == "es Ver False\n", done.stderr
