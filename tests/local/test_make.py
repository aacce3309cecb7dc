"""The make targets, called as a person calls them, on a stack of their own."""

import csv
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checkout import Checkout

from client360 import folders
from client360.warehouse.models import LANDING, columns

WORLD = ("CLIENTES=800", "INICIO=2026-01-01", "SEMILLA=9")


@pytest.fixture
def checkout(open_folders: Callable[[], Path]) -> Iterator[Checkout]:
    made = Checkout(open_folders())
    yield made
    made.stop()


@pytest.fixture(scope="module")
def databases(open_folders: Callable[[], Path]) -> Path:
    """A `.local` with empty databases and no running server. Tests copy it, since databases take long to make."""
    made = Checkout(open_folders())
    code, output = made.make("airflow", "ARGS=db migrate")
    assert code == 0, output
    return made.local


@pytest.fixture
def prepared(checkout: Checkout, databases: Path) -> Checkout:
    """A checkout with databases in which no day was run."""
    subprocess.run(["cp", "-a", databases, checkout.local], check=True)  # with its owner, who runs PostgreSQL for root
    return checkout


@pytest.fixture(scope="module")
def reference(open_folders: Callable[[], Path]) -> Iterator[tuple[Checkout, str]]:
    """A checkout in which one day was run, and the output of that run."""
    made = Checkout(open_folders())
    code, output = made.make("run", "FECHA=2026-10-15", *WORLD)
    assert code == 0, output
    yield made, output
    made.stop()


def test_a_run_prints_its_steps_a_preview_the_path_and_the_next_commands(reference: tuple[Checkout, str]) -> None:
    checkout, output = reference
    lines = output.splitlines()
    steps = [line.split()[1] for line in lines if line.startswith("done ")]
    assert list(dict.fromkeys(steps)) == ["generate", "load", "transform", "build_view", "export"]
    assert all(line.endswith(" s") for line in lines if line.startswith("done "))
    path = checkout.data / "processed" / "fecha=2026-10-15" / "cliente_360.csv"
    assert str(path) in output
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert f"{len(found):,} customers as of 2026-10-15" in output
    for row in found[:5]:
        assert row["cliente_id"] in output
    assert "make ui" in output
    (log,) = (checkout.local / "logs").iterdir()
    assert str(log) in output
    assert log.stat().st_size > 0
    private = [*checkout.data.iterdir(), *(checkout.local / name for name in ("airflow", "logs", "postgres"))]
    assert [folder for folder in private if folder.stat().st_mode & 0o027] == [], "others can enter it"


def test_no_server_is_left_running(reference: tuple[Checkout, str]) -> None:
    assert reference[0].postmaster() is None


def test_the_published_files_are_the_same_in_a_shell_without_a_language(
    prepared: Checkout, reference: tuple[Checkout, str]
) -> None:
    prepared.environment |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code, output = prepared.make("run", "FECHA=2026-10-15", *WORLD)
    assert code == 0, output
    assert prepared.published() == reference[0].published()


def test_psql_reaches_the_warehouse(reference: tuple[Checkout, str]) -> None:
    checkout, _ = reference
    assert "2026-10-15" in checkout.sql("select max(fecha) from dw.hecho_transacciones")


@pytest.mark.parametrize(
    ("after", "seconds", "server_too"),
    [
        ("landing_files", 0.3, False),  # in load
        ("dimensions", 0.05, False),  # in transform
        ("dimensions", 0.2, True),  # in transform, and the database with it
        ("orders", 0.05, False),  # in transform, beside the other facts, or in build_view
        ("checks", 0.02, False),  # in export
    ],
)
def test_a_run_recovers_what_a_killed_one_left(
    prepared: Checkout, reference: tuple[Checkout, str], after: str, seconds: float, server_too: bool
) -> None:
    process = prepared.start("run", "FECHA=2026-10-15", *WORLD)
    for line in process.stdout:
        if line.startswith("done ") and f" {after} " in line:
            break
    time.sleep(seconds)
    server = prepared.postmaster()
    os.killpg(process.pid, signal.SIGKILL)
    if server_too:
        server.kill()
        server.wait(10)
    rest, _ = process.communicate()
    assert process.returncode != 0
    assert "customers as of" not in rest, "the run was over before it was killed"
    code, output = prepared.make("run", "FECHA=2026-10-15", *WORLD)
    assert code == 0, output
    assert prepared.published() == reference[0].published()
    doubled = "select count(*) - count(distinct transaccion_id) as doubled from dw.hecho_transacciones"
    assert " 0\n" in prepared.sql(doubled)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["FECHA=2099-12-31"], "fecha is 2099-12-31, which is not over yet: give "),
        (["FECHA=2999-01-01"], "fecha is 2999-01-01: give a day from 1990-01-01 to 2099-12-31"),
        (["FECHA=15/10/2026"], "fecha is '15/10/2026': give a day that exists, as YYYY-MM-DD"),
        (
            ["FECHA=$(shell touch touched)`x`; '\""],
            "fecha is '$(shell touch touched)`x`; \\'\"': give a day that exists",
        ),
        (["CLIENTES=0"], "clientes is 0: give a whole number from 1 to 9999999"),
        (["CLIENTES=some"], "clientes is 'some': give a whole number"),
        (["INTERVENCION=campania:K25019"], "intervencion names the campaign K25019: in 2025-01 this world has "),
        (
            ["ENTRADA=tests", "INTERVENCION=demoras"],
            "intervencion is of a simulated world, and fuente or entrada asks for",
        ),
        (["SEMILLA=4.2"], "semilla is '4.2': give a whole number"),
        (["FUENTE=nobody", "ENTRADA=."], "fuente is 'nobody': there is no include/sql/feeds/nobody/feed.yaml"),
        (["ENTRADA=gone"], f"entrada is {folders.ROOT}/gone: there is no such folder"),
        (["ENTRADA=tests", "CLIENTES=10"], "clientes is of a simulated world, and fuente or entrada asks for files"),
        (["FUENTE=other", "SEMILLA=1"], "semilla is of a simulated world, and fuente or entrada asks for files"),
        (["UMBRAL=101", "ENTRADA=tests"], "umbral is '101': give a number from 0 to 100, per cent"),
        (["UMBRAL=5"], "umbral is for files that are read: give their folder too, as entrada"),
        (["FORMATOS=excel xls"], "formatos has 'xls': give any of excel, csv_regional, parquet, with spaces between"),
        (["FECHA=2026-01-01", "INICIO=2026-01-02"], "inicio is 2026-01-02, after the business day 2026-01-01"),
    ],
)
def test_bad_input_is_refused_in_one_line_before_any_work(
    checkout: Checkout, arguments: list[str], message: str
) -> None:
    code, output = checkout.make("run", *arguments)
    assert code != 0
    first, *rest = output.splitlines()
    assert first.startswith(f"client360: {message}")
    assert all(line.startswith("make: ***") for line in rest)
    assert not checkout.local.exists()
    assert not checkout.data.exists()


@pytest.mark.parametrize("target", ["run", "ui", "dashboard"])
def test_a_language_that_there_is_not_is_refused_before_any_work(checkout: Checkout, target: str) -> None:
    code, output = checkout.make(target, "CLIENT360_LANGUAGE=fr")
    assert code != 0
    assert output.splitlines()[0] == "client360: CLIENT360_LANGUAGE is 'fr': give es or en"
    assert not checkout.local.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give CLIENTE, or LISTA, a file with one a line"),
        (["CLIENTE=C000000001", "LISTA=people.txt"], "give CLIENTE, or LISTA, a file with one a line"),
        (["LISTA=/gone"], "lista is '/gone': that file can not be read (No such file or directory)"),
    ],
)
def test_an_erasure_of_nobody_is_refused_before_any_work(
    checkout: Checkout, arguments: list[str], message: str
) -> None:
    code, output = checkout.make("erase", *arguments)
    assert code != 0
    assert output.splitlines()[0] == f"client360: {message}"
    assert not checkout.local.exists()


def test_a_data_folder_that_can_not_be_written_to_is_refused(checkout: Checkout) -> None:
    checkout.data.write_text("a file where the folder should be")
    code, output = checkout.make("run")
    assert code != 0
    assert output.startswith(f"client360: the folder {checkout.data}/raw can not be written to")
    assert not (checkout.local / "postgres").exists()


@pytest.mark.parametrize("after", ["plan", "staging", "monthly_sums"])
def test_ctrl_c_ends_a_run_in_one_line(prepared: Checkout, after: str) -> None:
    process = prepared.start("run", "FECHA=2026-10-15", *WORLD)
    for line in process.stdout:
        if line.startswith("done ") and f" {after} " in line:
            break
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate()
    assert process.returncode != 0
    assert "client360: interrupted" in output
    assert "Traceback" not in output
    assert not prepared.published()


def test_a_second_run_in_the_same_checkout_is_refused_and_in_another_one_is_not(
    checkout: Checkout, reference: tuple[Checkout, str]
) -> None:
    first = checkout.start("run", "CLIENTES=20", "INICIO=2026-09-01", "FECHA=2026-10-15")
    while not (checkout.local / "run.lock").exists():
        time.sleep(0.05)
    time.sleep(0.2)
    code, output = checkout.make("run", "CLIENTES=20")
    assert code != 0
    assert "make run (process" in output
    assert "is at work in this checkout: wait for it or end it, or use a second checkout" in output
    code, output = reference[0].make("run", "FECHA=2026-10-15", *WORLD)
    assert code == 0, output
    output, _ = first.communicate()
    assert first.returncode == 0, output


def test_a_database_copied_from_another_checkout_in_use_is_refused(checkout: Checkout) -> None:
    pgdata = checkout.local / "postgres"
    pgdata.mkdir(parents=True)
    (pgdata / "postmaster.pid").write_text(f"{os.getpid()}\n/elsewhere/postgres\n0\n5432\n/tmp\n\n0 0\nready\n")
    code, output = checkout.make("run", "CLIENTES=20")
    (pgdata / "postmaster.pid").unlink()
    assert code != 0
    assert f"client360: {pgdata} was copied from /elsewhere/postgres while that database was in use: remove" in output


def test_a_port_in_use_is_refused(checkout: Checkout) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output = checkout.make("ui", f"PORT={port}")
    assert code != 0
    assert output.startswith(
        f"client360: port {port} is in use, by another checkout perhaps: choose another one, make ui PORT="
    )
    assert not checkout.local.exists()


def test_a_backfill_publishes_the_same_files_as_single_runs(
    prepared: Checkout, reference: tuple[Checkout, str]
) -> None:
    code, output = prepared.make("backfill", "DESDE=2026-10-14", "HASTA=2026-10-15", *WORLD)
    assert code == 0, output
    days = {path.name for path in (prepared.data / "processed").iterdir() if path.is_dir()}
    assert days == {"fecha=2026-10-14", "fecha=2026-10-15"}
    published, alone = prepared.published(), reference[0].published()
    assert {name: published[name] for name in alone} == alone


def test_an_anonymous_run_shows_no_name_and_keeps_its_key(prepared: Checkout, reference: tuple[Checkout, str]) -> None:
    few = ("FECHA=2026-10-15", "CLIENTES=20", "INICIO=2026-09-01")
    code, shown = prepared.make("run", *few, "ANONIMO=1")
    assert code == 0, shown
    path = prepared.local / "anonymity_key"
    key = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(key) > 40
    assert str(prepared.data / "processed" / "anonimo" / "fecha=2026-10-15" / "cliente_360.csv") in shown
    anonymous = prepared.published()
    assert {Path(name).parts[0] for name in anonymous} == {"anonimo"}
    code, output = prepared.make("run", *few)
    assert code == 0, output
    with (prepared.data / "processed" / "cliente_360.csv").open(encoding="utf-8-sig", newline="") as file:
        people = list(csv.DictReader(file))
    for said in (shown, *(log.read_text() for log in (prepared.local / "logs").iterdir())):
        assert key not in said
        assert not [person["nombre"] for person in people if person["nombre"] in said]
    assert path.read_text() == key
    assert {name: prepared.published()[name] for name in anonymous} == anonymous


def test_a_run_of_a_feed_reports_accepted_and_rejected_rows(prepared: Checkout) -> None:
    folder = prepared.data / "mine"
    folder.mkdir(parents=True)
    rows = {
        "clientes": [{"cliente_id": "C1", "fecha": "2026-01-01", "fecha_alta": "2020-05-01"}],
        "transacciones": [
            {"transaccion_id": "T1", "fecha": "2026-02-03", "cliente_id": "C1"}
            | {"tipo_transaccion": "pago_servicio", "monto": "1"}
        ],
    }
    rows["clientes"].append(rows["clientes"][0] | {"cliente_id": "C2", "fecha_alta": "soon"})
    for entity, found in rows.items():
        with (folder / f"{entity}_1.csv").open("w") as file:
            writer = csv.DictWriter(file, columns(LANDING[entity]))
            writer.writeheader()
            writer.writerows(found)
            file.write("T2,2026-02-03\n" if entity == "transacciones" else "")
    code, output = prepared.make("run", "FECHA=2026-03-01", f"ENTRADA={folder}", "UMBRAL=50")
    assert code == 0, output
    assert f"as of 2026-03-01: feed simulador, files in {folder}." in output
    told = [line.split() for line in output.splitlines()]
    assert ["clientes", "1", "0", "1"] in told
    assert ["transacciones", "1", "0", "0"] in told
    assert ["(lines", "that", "could", "not", "be", "read)", "0", "0", "1"] in told
    assert "Files of the run of 2026-03-01: 2 new, 0 changed, 0 unchanged, 0 withdrawn, 0 not read" in output
    assert 'make psql SQL="select entidad, motivo, columna, count(*) from control.rechazos' in output
    assert "1 customers as of 2026-03-01" in output
    code, output = prepared.make("run", "FECHA=2026-03-01", *WORLD)
    assert code != 0
    assert "the warehouse holds feed simulador, and this run asks for" in output


def test_the_commands_of_the_readme_work_in_folders_with_odd_names(open_folders: Callable[[], Path]) -> None:
    odd = ' it\'s "a" $HOME ${x} $(x) `x` ; & | (b) [c] {d} <e> *? !# 100% ñ:+@=~,\\ '
    checkout = Checkout(open_folders() / odd)
    entrada = checkout.data.parent / "files"
    shutil.copytree(folders.ROOT / "docs" / "examples" / "tienda", entrada)
    try:
        code, output = checkout.make("run", "FECHA=2026-11-20", "CLIENTES=20", "INICIO=2026-11-01")
        assert code == 0, output
        assert f"  {checkout.data}/processed/fecha=2026-11-20/cliente_360.csv\n" in output
        shop = ("FUENTE=tienda_ejemplo", f"ENTRADA={entrada}", "FECHA=2025-06-30")
        code, output = checkout.make("run", *shop, "REEMPLAZAR=1")
        assert code == 0, output
        assert f"feed tienda_ejemplo, files in {entrada}." in output
        assert "2025-06-30" in checkout.sql("select max(fecha_corte) from mart.cliente_360")
    finally:
        checkout.stop()
    there = [path.name for path in checkout.data.parent.iterdir()]
    assert sorted(there) == ["data", "files", "local"]
    assert [path.name for path in checkout.data.parent.parent.iterdir()] == [odd]


def test_help_lists_every_target(checkout: Checkout) -> None:
    code, output = checkout.make("help")
    assert code == 0
    makefile = (folders.ROOT / "Makefile").read_text()
    targets = " ".join(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)).split()
    assert [target for target in targets if f"make {target} " not in output] == []
