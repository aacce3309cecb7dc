"""Files that are faulty, or odd but legal, a folder each: what is delivered, and what must become of every row.

    corpus/<topic>/<case>/<n>/...           the input folder of the n-th load
    corpus/<topic>/<case>/feed/             the case's own feed; else `feed` in expected.yaml names one, of tests/ingest/feeds
                                            or of the project
    corpus/<topic>/<case>/expected.yaml     after the last load:
        says          what becomes of the files, in a sentence that its name begins
        refused       words of the message that refuses the file, the feed or the run; the message names no person
        accepted      rows in staging, by entity, for the columns named
        rejected      rows in control.rechazos; a|b where the contract leaves open which
        accounts      sums in control.lecturas, by entity
        lines         rows in each file
        days          days that this load has changed
        threshold     per cent of rejected rows that stop the run; default 100

A load that succeeds is repeated, which must change nothing. The accounts of rows must always add up.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine, text

from client360.ingest import contract, feed_spec
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_load import load_raw_file
from client360.warehouse.ownership import claim_warehouse

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("corpus/*/*/expected.yaml"))
PERSON = "Zulema"
"""What most people in the corpus are called."""


def feed_of(case: Path, expected: dict) -> Feed:
    for name, folder in (("propio", case / "feed"), (expected.get("feed"), HERE / "feeds" / expected.get("feed", ""))):
        if (folder / "feed.yaml").exists():
            return feed_spec.read_feed(name, folder)
    return feed_spec.read_feed(expected["feed"])


def load(warehouse: Engine, feed: Feed, folder: Path, threshold: float) -> list[date]:
    for delivery in changed_deliveries(warehouse, feed, folder):
        load_raw_file(warehouse, feed, folder, delivery, "corrida")
    return contract.apply_contract(warehouse, feed, "corrida", threshold)


def content(warehouse: Engine, relation: str, columns: list[str]) -> Counter[tuple[str, ...]]:
    with warehouse.connect() as connection:
        rows = connection.execute(text(f"select {', '.join(columns)} from {relation}"))
        return Counter(tuple("" if value is None else str(value) for value in row) for row in rows)


def everything(warehouse: Engine, feed: Feed) -> list[Counter[tuple[str, ...]]]:
    entities = [f"staging.{entity}" for entity in feed.mapping if entity != feed_spec.PROVINCES]
    return [content(warehouse, relation, ["*"]) for relation in (*entities, "control.rechazos", "control.lecturas")]


def rejected(warehouse: Engine) -> list[tuple[str, ...]]:
    return list(content(warehouse, "control.rechazos", ["archivo", "linea", "entidad", "columna", "motivo"]))


def by_line(row: Sequence[str]) -> tuple[str, int, str]:
    return row[0], int(row[1]), row[2]


def rows(table: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table)))


def agrees(found: Sequence[str], expected: Sequence[str]) -> bool:
    return all(value in alternatives.split("|") for value, alternatives in zip(found, expected, strict=True))


def discrepancies(warehouse: Engine) -> Iterator[str]:
    """Accounts that do not add up: every line of a file, and every row made of it, must be counted once."""
    with warehouse.connect() as connection:
        for row in connection.execute(
            text(
                "select archivo, lineas, leidas, (select count(*) from control.rechazos "
                "where rechazos.archivo = entregas.archivo and entidad = '' and motivo <> 'sin_mapear') as rotas "
                "from control.entregas"
            )
        ):
            if row.lineas != row.leidas + row.rotas:
                yield f"{row}"
        for row in connection.execute(
            text(
                "select archivo, entidad, filas, aceptadas, repetidas, reemplazadas, sin_cambio, rechazadas "
                "from control.lecturas"
            )
        ):
            if row.filas != row.aceptadas + row.repetidas + row.reemplazadas + row.sin_cambio + row.rechazadas:
                yield f"{row}"


def altered_texts(warehouse: Engine, folder: Path, feed: Feed) -> Iterator[str]:
    """Rejected lines whose text in the quarantine differs from the file; undecodable and multi-line ones are left out."""
    with warehouse.connect() as connection:
        found = connection.execute(
            text("select archivo, linea, texto from control.rechazos where motivo <> 'codificacion'")
        ).all()
    for file, line, quarantined in found:
        dialect = next(kind.dialect for kind in feed.files.values() if kind.matches(file))
        if (folder / file).exists() and not dialect.multiline:
            lines = re.split(rb"\r\n|\n|\r", (folder / file).read_bytes())
            if lines[line - 1].decode(dialect.encoding) != quarantined:
                yield f"{file}:{line}: {quarantined}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_every_row_of_a_case_is_accepted_or_rejected_as_expected(case: Path, warehouse: Engine) -> None:
    expected = yaml.safe_load((case / "expected.yaml").read_text(encoding="utf-8"))
    threshold = expected.get("threshold", 100)
    feed = feed_of(case, expected)
    with warehouse.begin() as connection:
        claim_warehouse(connection, f"feed {feed.name}", replace=False)
    *earlier, last = sorted(path for path in case.iterdir() if path.name.isdecimal())
    for folder in earlier:
        load(warehouse, feed, folder, threshold)

    if "refused" in expected:
        with pytest.raises(ValueError, match=r".") as refusal:
            load(warehouse, feed, last, threshold)
        message = str(refusal.value)
        assert [word for word in expected["refused"] if word not in message] == [], message
        assert PERSON not in message
        assert "\n" not in message
    else:
        changed = load(warehouse, feed, last, threshold)
        if "days" in expected:
            assert changed == expected["days"]

    assert list(discrepancies(warehouse)) == []
    assert list(altered_texts(warehouse, last, feed)) == []
    for entity, table in expected.get("accepted", {}).items():
        columns, *wanted = rows(table)
        assert content(warehouse, f"staging.{entity}", columns) == Counter(map(tuple, wanted)), entity
    if "rejected" in expected:
        wanted = sorted(rows(expected["rejected"])[1:], key=by_line)
        found = sorted(rejected(warehouse), key=by_line)
        assert len(found) == len(wanted), found
        assert [row for row, other in zip(found, wanted, strict=True) if not agrees(row, other)] == []
    for entity, account in expected.get("accounts", {}).items():
        sums = [f"coalesce(sum({column}), 0)::integer" for column in account]
        relation = f"control.lecturas where entidad = '{entity}'"
        assert list(content(warehouse, relation, sums)) == [tuple(map(str, account.values()))]
    for file, lines in expected.get("lines", {}).items():
        assert content(warehouse, f"control.entregas where archivo = '{file}'", ["lineas"]) == Counter([(str(lines),)])

    if "refused" not in expected:
        once = everything(warehouse, feed)
        assert load(warehouse, feed, last, threshold) == []
        assert everything(warehouse, feed) == once, "the second time changed something"
