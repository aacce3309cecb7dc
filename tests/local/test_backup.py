"""`make backup` and `make restore`, without Docker."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checkout import Checkout

WORLD = ("CLIENTES=120", "INICIO=2026-08-01", "SEMILLA=9")
DAY, NEXT_DAY = "2026-10-14", "2026-10-15"


@pytest.fixture(scope="module")
def source(open_folders: Callable[[], Path]) -> Iterator[Checkout]:
    """A checkout in which one day was run."""
    made = Checkout(open_folders())
    code, output = made.make("run", f"FECHA={DAY}", *WORLD)
    assert code == 0, output
    yield made
    made.stop()


@pytest.fixture(scope="module")
def backup(source: Checkout) -> Path:
    folder = source.local.parent / "backup"
    code, output = source.make("backup", f"BACKUP={folder}")
    assert (code, output) == (0, f"{folder}\n")
    return folder


@pytest.fixture
def empty(open_folders: Callable[[], Path]) -> Iterator[Checkout]:
    made = Checkout(open_folders())
    yield made
    made.stop()


def rows(checkout: Checkout) -> str:
    return checkout.sql("select (select count(*) from mart.cliente_360), (select count(*) from dw.hecho_ventas)")


def counted(checkout: Checkout, query: str) -> int:
    (number,) = re.findall(r"^ +(\d+)$", checkout.sql(query), re.MULTILINE)
    return int(number)


def test_a_restored_stack_has_the_rows_the_runs_and_the_rights_and_publishes_the_same_bytes(
    source: Checkout, backup: Path, empty: Checkout
) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    code, output = empty.make("restore", f"BACKUP={backup}")
    assert (code, output) == (0, "")
    assert rows(empty) == rows(source)
    rights = (
        "select string_agg(relname, ' ' order by relname) from pg_class "
        "where has_table_privilege('client360_reader', oid, 'select')"
    )
    assert empty.sql(rights) == source.sql(rights)
    code, runs = empty.make("airflow", "ARGS=dags list-runs client360 --output plain")
    assert code == 0
    assert "manual__" in runs

    first = source.published()
    for day in (NEXT_DAY, DAY):
        for checkout in (source, empty):
            code, output = checkout.make("run", f"FECHA={day}", *WORLD)
            assert code == 0, output
    assert empty.published() == source.published()
    same_day = f"fecha={DAY}/cliente_360.csv"
    assert empty.published()[same_day] == first[same_day]


def test_who_was_erased_stays_known_and_who_restores_is_told(backup: Path, empty: Checkout) -> None:
    here = "select count(*) from dw.dim_cliente where cliente_id in ('C000000010', 'C000000020')"
    known = "select count(*) from control.olvidados where columna = 'cliente_id'"
    code, output = empty.make("restore", f"BACKUP={backup}")
    assert (code, output) == (0, "")
    was = counted(empty, here)
    assert was >= 2
    people = empty.local.parent / "people.txt"
    people.write_text("C000000010\nC000000020\n")
    code, output = empty.make("erase", f"LISTA={people}")
    assert code == 0, output
    assert re.search(r"^Erased at 20\d\d-\d\d-\d\d \d\d:\d\d UTC from a warehouse that holds \S", output, re.MULTILINE)
    assert counted(empty, here) == 0
    for again in (1, 2):
        code, output = empty.make("restore", f"BACKUP={backup}", "OVERWRITE=1")
        assert (code, output) == (
            0,
            "client360: 2 people were erased since the backup was made, and what it has of them is back: erase them again\n",
        ), again
        assert counted(empty, here) == was
        assert counted(empty, known) == 2
    code, output = empty.make("erase", f"LISTA={people}")
    assert code == 0, output
    assert counted(empty, here) == 0


def test_days_are_replaced_only_where_that_is_said(backup: Path, source: Checkout) -> None:
    before = rows(source)
    code, output = source.make("restore", f"BACKUP={backup}")
    assert code != 0
    assert "restore with OVERWRITE=1" in output
    assert rows(source) == before
    for given, said in (("BACKUP=", "backup is empty"), (f"BACKUP={backup.parent}", "has no backup.json")):
        code, output = source.make("restore", given)
        assert code != 0
        assert said in output
    code, output = source.make("backup", f"BACKUP={backup}")
    assert code != 0
    assert "is there already" in output


def test_a_backup_that_can_not_be_restored_changes_nothing(source: Checkout, backup: Path, tmp_path: Path) -> None:
    before = rows(source)
    broken = Path(shutil.copytree(backup, tmp_path / "broken"))
    largest = max((broken / "client360").glob("*.dat*"), key=lambda file: file.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-100])
    code, output = source.make("restore", f"BACKUP={broken}", "OVERWRITE=1")
    assert code != 0
    assert "client360 could not be restored" in output
    assert rows(source) == before
    databases = "select string_agg(datname, ' ' order by datname) from pg_database where not datistemplate"
    assert "airflow client360 postgres" in source.sql(databases)

    described = json.loads((backup / "backup.json").read_text())
    for change, said in (
        ({"postgresql_number": 990000}, "which is newer than this server"),
        ({"roles": [*described["roles"], "somebody"]}, "the backup has roles that this server has not: somebody"),
    ):
        (broken / "backup.json").write_text(json.dumps(described | change))
        code, output = source.make("restore", f"BACKUP={broken}", "OVERWRITE=1")
        assert code != 0
        assert said in output
    assert rows(source) == before


def test_what_was_replaced_is_never_put_back_where_dropping_it_was_cut_short(source: Checkout, backup: Path) -> None:
    def write(statement: str) -> None:
        source.sql(f"set transaction read write; {statement}")

    databases = "select oid, datname from pg_database where datname ~ '^(airflow|client360)' and not datistemplate"
    write("alter database airflow is_template true")  # which PostgreSQL does not drop
    code, output = source.make("restore", f"BACKUP={backup}", "OVERWRITE=1")
    assert code != 0
    assert "cannot drop a template database" in output
    restored = source.sql(databases)
    write("alter database airflow_replaced is_template false")
    code, output = source.make("restore", f"BACKUP={backup}")
    assert "restore with OVERWRITE=1" in output
    assert source.sql(databases) == restored
