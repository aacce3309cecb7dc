"""What runs did with files and rows, by the whole DAG, as the places that show it read it. Figures were worked out by hand."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from rich.console import Console
from sqlalchemy import Engine, text

from client360.ingest import contract, feed_spec, inventory, raw_load
from client360.ingest.withdrawal import withdraw
from client360.page import report
from reading.warehouse import Table, read
from tools.local import summary

if TYPE_CHECKING:
    from airflow.sdk import DAG

FECHA = date(2026, 3, 1)
FEED = {
    "feed.yaml": """
files:
  clientes:
    name: "clientes*.csv"
  movimientos:
    name: "movimientos_*.csv"
""",
    "clientes.sql": "select _archivo, _linea, cliente_id, fecha, fecha_alta, provincia from crudo.clientes",
    "transacciones.sql": """
        select _archivo, _linea, transaccion_id, fecha, cliente_id, 'pago_servicio' as tipo_transaccion, monto
        from crudo.movimientos where cliente_id <> 'total' and cliente_id <> 'nadie'
    """,
    "descartes.sql": "select _archivo, _linea from crudo.movimientos where cliente_id = 'total'",
}
CLIENTES = "cliente_id,fecha,fecha_alta,provincia\nA,2026-01-01,2020-05-01,Salta\nB,2026-01-01,2020-05-01,Chaco\n"
MOVIMIENTOS = "transaccion_id,fecha,cliente_id,monto\n"
SECOND = MOVIMIENTOS + "T2,2026-02-04,B,20\nT3,2026-02-05,B,30\n"


@pytest.fixture
def folder(data: Path, own_feed: Path) -> Path:
    """The input folder of a feed that leaves out totals and loses the rows of nobody."""
    write(own_feed, FEED)
    return data / "mine"


@pytest.fixture
def run_files(run: Callable[..., str]) -> Callable[..., str]:
    """Run the DAG for the files; returns the state that it ends in."""

    def run_files(fecha: date = FECHA, umbral: int = 100, **conf: object) -> str:
        return run(fecha, fuente="simulador", entrada="mine", umbral=umbral, **{"recalcular": False, **conf})

    return run_files


def write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def shown(warehouse: Engine, query: str, fecha: date = FECHA) -> Table:
    with psycopg.connect(warehouse.url.render_as_string(hide_password=False).replace("+psycopg", "")) as connection:
        return read(connection, query, fecha=fecha)


def files(warehouse: Engine, fecha: date = FECHA) -> dict[str, object]:
    """The files of the newest run of the day, without its name."""
    found = shown(warehouse, "archivos", fecha)
    (numbers,) = found.rows
    return dict(zip(found.columns[:-1], numbers[:-1], strict=True))


def rows(warehouse: Engine, fecha: date = FECHA) -> dict[str, tuple[int, ...]]:
    """By entity: accepted, repeated and rejected rows of the files that the run read, then of all."""
    return {entity: tuple(numbers) for entity, *numbers in shown(warehouse, "recuentos", fecha).rows}


def printed(warehouse: Engine) -> list[str]:
    """The first lines at the end of `make run`."""
    screen = io.StringIO()
    outcome = summary.Outcome(*(shown(warehouse, name) for name in ("archivos", "recuentos", "entradas")))
    summary.show_outcome(Console(file=screen, width=100), FECHA, outcome)
    return screen.getvalue().split("\n")[1:3]


def of_files(
    nuevos: int, cambiados: int, sin_cambio: int, retirados: int | None, sin_leer: int, **more: object
) -> dict:
    numbers = {"nuevos": nuevos, "cambiados": cambiados, "sin_cambio": sin_cambio, "retirados": retirados}
    return {**numbers, "sin_leer": sin_leer, "cargada": True, **more}


def test_each_run_tells_what_it_did_with_files_and_what_became_of_rows(
    run_files: Callable[..., str], folder: Path, warehouse: Engine
) -> None:
    first = "T1,2026-02-03,A,10\nT2,2026-02-04,Z,20\nT9,2026-02-04,total,30\nT8,2026-02-04,nadie,1\nT7\n"
    write(folder, {"clientes.csv": CLIENTES, "movimientos_1.csv": MOVIMIENTOS + first, "notas.txt": "x"})
    assert run_files() == "success"
    assert files(warehouse) == of_files(2, 0, 0, 0, 1)
    of_first = {
        "clientes": (2, 0, 0),
        "transacciones": (1, 0, 1),
        "descartes": (1, 0, 0),
        "ilegibles": (0, 0, 1),
        "sin_mapear": (0, 0, 1),
    }
    assert list(rows(warehouse).items()) == [(entity, numbers * 2) for entity, numbers in of_first.items()]
    assert printed(warehouse) == [
        "Files of the run of 2026-03-01: 2 new, 0 changed, 0 unchanged, 0 withdrawn, 1 not read",
        "Rows of the files that were read: 3 accepted, 0 repeated, 1 rejected, 1 left out by descartes.sql, "
        "1 lines that no SELECT returned, 1 lines that could not be read",
    ]

    corrected = MOVIMIENTOS + "T1,2026-02-03,A,10\nT2,2026-02-04,B,20\n"
    second = SECOND + "T6\n"
    write(folder, {"movimientos_1.csv": corrected, "movimientos_2.csv": second, "copia/movimientos_2.csv": second})
    assert run_files() == "success"
    assert files(warehouse) == of_files(2, 1, 1, 0, 1)
    of_second = {"clientes": (2, 0, 0), "transacciones": (3, 1, 0), "copias": (0, 3, 0), "ilegibles": (0, 0, 1)}
    none = (0, 0, 0)
    assert rows(warehouse) == {name: (none if name == "clientes" else of) + of for name, of in of_second.items()}
    assert printed(warehouse)[1] == (
        "Rows of the files that were read: 3 accepted, 1 repeated, 0 rejected, 3 lines of copies, 1 lines that could not be read"
    )

    nothing_new = {name: none + of for name, of in of_second.items()}
    for more in ({}, {"recalcular": True}):
        assert run_files(**more) == "success"
        assert files(warehouse) == of_files(0, 0, 4, 0, 1), "a rebuild judges all files, and none of them is new"
        assert rows(warehouse) == nothing_new
    assert printed(warehouse) == [
        "Files of the run of 2026-03-01: 0 new, 0 changed, 4 unchanged, 0 withdrawn, 1 not read",
        "Rows of the files that were read: 0 accepted, 0 repeated, 0 rejected",
    ]

    (folder / "movimientos_1.csv").unlink()
    withdraw(warehouse, "movimientos_1.csv")
    later = FECHA + timedelta(days=1)
    assert run_files(later) == "success"
    assert files(warehouse, later) == of_files(0, 0, 3, 1, 1)
    assert rows(warehouse, later)["transacciones"] == (0, 0, 0, 2, 0, 0)
    assert rows(warehouse) == nothing_new, "what a run did stays what it was"

    assert run_files(later) == "success"
    assert files(warehouse, later) == of_files(0, 0, 3, 0, 1), "it was withdrawn before the run before"

    write(folder, {"movimientos_1.csv": corrected})
    assert run_files(later, reemplazar=True) == "success"
    assert files(warehouse, later) == of_files(4, 0, 0, 0, 1), "to a warehouse of its own all are new"
    assert rows(warehouse, later) == {name: of * 2 for name, of in of_second.items()}
    assert shown(warehouse, "archivos").rows == []


def test_a_run_that_exceeds_the_threshold_tells_what_it_judged_and_that_nothing_was_loaded(
    run_files: Callable[..., str], folder: Path, warehouse: Engine
) -> None:
    write(folder, {"clientes.csv": CLIENTES, "movimientos_2.csv": SECOND, "movimientos_1.csv": MOVIMIENTOS})
    assert run_files() == "success"
    (folder / "movimientos_1.csv").unlink()
    withdraw(warehouse, "movimientos_1.csv")
    write(folder, {"movimientos_3.csv": MOVIMIENTOS + "T4,2026-02-06,A,1\nT5,2026-02-06,Z,1\n"})
    assert run_files(umbral=0) == "failed"
    assert files(warehouse) == of_files(1, 0, 2, 1, 0, cargada=False)
    assert rows(warehouse) == {"clientes": (0, 0, 0, 2, 0, 0), "transacciones": (1, 0, 1, 3, 0, 1)}
    with report.connect() as connection:
        found = report.report(connection, FECHA, published=False)
    assert found.input_files.values("cargada") == [False]
    assert found.counts == shown(warehouse, "recuentos")

    write(folder, {"movimientos_3.csv": MOVIMIENTOS + "T4,2026-02-06,A,1\n"})
    assert run_files(umbral=0) == "success"
    assert files(warehouse) == of_files(0, 1, 2, 1, 0), "what was withdrawn is still in what was loaded before this run"
    assert rows(warehouse)["transacciones"] == (1, 0, 0, 3, 0, 0)

    write(folder, {"movimientos_3.csv": "x"})
    assert run_files() == "failed"
    assert files(warehouse) == of_files(0, 1, 2, None, 0, cargada=None), "no row was judged"
    assert rows(warehouse) == {}


def test_customers_who_leave_by_a_list_are_told_and_too_many_stop_the_run(
    run_files: Callable[..., str], folder: Path, warehouse: Engine, data: Path
) -> None:
    lists = '  clientes:\n    name: "clientes_{%Y%m%d}.csv"\n    absent: closed\n    absent_limit: 50'
    declared = FEED["feed.yaml"].replace('  clientes:\n    name: "clientes*.csv"', lists)
    by_list = "select _archivo, _linea, cliente_id, _fecha as fecha, fecha_alta, provincia from crudo.clientes"
    write(feed_spec.FEEDS / "simulador", {"feed.yaml": declared, "clientes.sql": by_list})
    write(folder, {"clientes_20260101.csv": CLIENTES, "movimientos_1.csv": MOVIMIENTOS + "T1,2026-02-03,A,10\n"})
    assert run_files() == "success"
    assert "ausentes" not in rows(warehouse)

    header, only_a, _ = CLIENTES.splitlines(keepends=True)
    write(folder, {"clientes_20260205.csv": header + only_a, "movimientos_2.csv": SECOND})
    assert run_files() == "success"
    assert rows(warehouse) == {
        "clientes": (0, 1, 0, 2, 1, 0),
        "transacciones": (1, 0, 1, 2, 0, 1),
        "ausentes": (1, 0, 0, 1, 0, 0),
    }
    assert printed(warehouse)[1] == (
        "Rows of the files that were read: 1 accepted, 1 repeated, 1 rejected, 1 customers missing from a list, who left"
    )
    published = (data / "processed" / "cliente_360.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in published[1:]] == ["A"]

    write(folder, {"clientes_20260210.csv": header})
    later = FECHA + timedelta(days=1)
    assert run_files(later) == "failed"
    assert files(warehouse, later) == of_files(1, 0, 4, None, 0, cargada=None), "no row was judged"
    (folder / "clientes_20260210.csv").unlink()
    withdraw(warehouse, "clientes_20260210.csv")
    assert run_files(later) == "success"
    assert rows(warehouse, later)["ausentes"] == (0, 0, 0, 1, 0, 0)


def test_tasks_that_die_after_their_work_and_are_tried_again_count_nothing_twice(
    run_files: Callable[..., str], dag: "DAG", folder: Path, warehouse: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, {"clientes.csv": CLIENTES, "movimientos_2.csv": SECOND, "movimientos_1.csv": MOVIMIENTOS})
    assert run_files() == "success"
    (folder / "movimientos_1.csv").unlink()
    withdraw(warehouse, "movimientos_1.csv")
    write(folder, {"clientes.csv": CLIENTES + "C,2026-01-01,2020-05-01,Salta\n", "movimientos_3.csv": MOVIMIENTOS})
    died = []

    def dies_once(module: object, name: str) -> None:
        work = getattr(module, name)

        def dies(*arguments: object, **named: object) -> object:
            result = work(*arguments, **named)
            if name not in died:
                died.append(name)
                raise ConnectionError("the server is gone")
            return result

        monkeypatch.setattr(module, name, dies)

    for task in dag.tasks:
        at_once = {"retries": 1, "retry_delay": timedelta(0)}
        if task.is_mapped:
            task.partial_kwargs |= at_once
        else:
            task.retries, task.retry_delay = at_once.values()
    dies_once(inventory, "record_input")
    dies_once(raw_load, "load_raw_files")
    dies_once(contract, "apply_contract")
    assert run_files() == "success"
    assert died == ["record_input", "load_raw_files", "apply_contract"]
    assert files(warehouse) == of_files(1, 1, 1, 1, 0)
    assert rows(warehouse) == {"clientes": (3, 0, 0, 3, 0, 0), "transacciones": (0, 0, 0, 2, 0, 0)}


def test_a_simulated_world_shows_nothing(run: Callable[..., str], warehouse: Engine) -> None:
    assert run(FECHA, clientes=20, inicio="2026-02-01", semilla=1) == "success"
    assert [shown(warehouse, query).rows for query in ("archivos", "recuentos", "entradas")] == [[], [], []]
    with warehouse.connect() as connection:
        assert connection.scalar(text("select count(*) from control.recuentos")) == 0
    screen = io.StringIO()
    outcome = summary.Outcome(*(shown(warehouse, name) for name in ("archivos", "recuentos", "entradas")))
    summary.show_outcome(Console(file=screen), FECHA, outcome)
    assert screen.getvalue() == ""
