"""What `make run` makes of how a run of the DAG ended."""

import io
import os
from dataclasses import asdict
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from rich.console import Console
from rich.status import Status
from sqlalchemy import Engine

from client360 import folders
from client360.days import DayRange
from client360.ingest.deliveries import Delivery
from client360.run.parameters import defaults
from client360.run.planning import Batch
from client360.run.request import resolve
from client360.simulate.landing_files import LandingFile
from reading.warehouse import read
from tools.local import summary
from tools.local.run import PUBLISHES, RunFailed, require_success

if TYPE_CHECKING:
    from airflow.sdk import DAG

NOTED = """insert into control.entradas (
        corrida, fecha_corte, momento, mundo, carpeta, archivos, nuevos, sin_leer, sin_leer_primeros, tipos_sin_archivo
    ) values ('run', '2026-10-15', '2026-10-16', 'banco', '/mine', 1, null, 2, 'Pedidos [b].CSV, pedidos.csv.gz', 'trans');
    insert into control.recuentos values ('run', 'ventas', 1000, 2, 3, 4000, 5, 6), ('run', 'descartes', 7, 0, 0, 8, 0, 0),
        ('run', 'ausentes', 2, 0, 0, 9, 0, 0)"""
HALF_A_YEAR = {"first": date(2026, 1, 1), "last": date(2026, 6, 30)}


@pytest.mark.parametrize(
    ("task", "result", "amount"),
    [
        (
            "generate.plan",
            [asdict(Batch(date(2026, 1, 1), *HALF_A_YEAR.values(), [DayRange(**HALF_A_YEAR)]))],
            "181 days",
        ),
        (
            "generate.landing_files",
            [asdict(LandingFile("ventas", **HALF_A_YEAR, path="x", rows=1234))] * 2,
            "2,468 rows",
        ),
        (
            "load.deliveries",
            [[asdict(Delivery("a.csv", "a", None, 1))] * 3, [asdict(Delivery("b.csv", "b", None, 1))]],
            "4 files",
        ),
        ("load.contract", [date(2026, 1, 1)], "1 days"),
        ("load.raw_files", 12, "12 rows"),
        ("build_view.checks", 27, "27 checks"),
        ("generate.tasks_of_files", [], ""),
    ],
)
def test_progress_says_how_much_a_task_did(airflow_database: Path, task: str, result: object, amount: str) -> None:
    from tools.local.progress import amount_of

    assert amount_of(task, result) == amount


def test_a_run_of_which_no_task_ran_is_a_success_to_airflow_only(dag: "DAG") -> None:
    from tools.local.progress import Progress

    assert PUBLISHES in dag.task_ids
    for task in dag.tasks:
        task.start_date = datetime(2100, 1, 1, tzinfo=timezone.utc)
    state = dag.test(logical_date=datetime(2024, 12, 31, tzinfo=timezone.utc), run_conf={}).state
    assert state == "success"
    progress = Progress(Console(), Status(""))
    with pytest.raises(
        RunFailed, match=r"^2024-12-31: nothing was published, though .* a success: 0 tasks ran; see x\.log$"
    ):
        require_success("2024-12-31", state, progress, Path("x.log"))
    progress.done.add(PUBLISHES)
    require_success("2024-12-31", state, progress, Path("x.log"))


def test_a_path_is_printed_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT360_DATA", str(tmp_path / "[b] it's :smile: 100%"))
    given = defaults(os.environ) | {"fecha": "2026-10-15", "reemplazar": False, "recalcular": False}
    request = resolve(given, None, datetime(2026, 11, 1, tzinfo=timezone.utc))
    path = folders.data() / "processed" / "fecha=2026-10-15" / "cliente_360.csv"
    path.parent.mkdir(parents=True)
    path.write_text("cliente_id\nC1\n")
    screen = io.StringIO()
    summary.show_result(Console(file=screen, emoji=False, width=100), request, 1)
    assert f"  {path}\n" in screen.getvalue()
    assert "also as" not in screen.getvalue()
    request = resolve(given | {"formatos": ["parquet", "excel"]}, None, datetime(2026, 11, 1, tzinfo=timezone.utc))
    summary.show_result(Console(file=screen, emoji=False, width=100), request, 1)
    assert "  all of it also as excel, parquet\n" in screen.getvalue()


def test_the_outcome_and_what_was_not_read_of_the_input_folder_are_told_at_the_end(warehouse: Engine) -> None:
    with psycopg.connect(warehouse.url.render_as_string().replace("+psycopg", "")) as connection:
        connection.execute(NOTED)
        queries = ("archivos", "recuentos", "entradas")
        outcome = summary.Outcome(*(read(connection, name, fecha=date(2026, 10, 15)) for name in queries))
    screen = io.StringIO()
    summary.show_outcome(Console(file=screen, width=80), date(2026, 10, 15), outcome)
    assert [line.rstrip() for line in screen.getvalue().splitlines()] == [
        "",
        "Files of the run of 2026-10-15: 2 not read",
        "Rows of the files that were read: 1,000 accepted, 2 repeated, 3 rejected, "
        "2 customers missing from a list, who left, 7 left out by descartes.sql",
        "",
        "rows of all files                          accepted  repeated  rejected",
        "ventas                                        4,000         5         6",
        "(customers missing from a list, who left)         9         0         0",
        "(left out by descartes.sql)                       8         0         0",
        'Why they were rejected: make psql SQL="select entidad, motivo, columna, count(*) from control.rechazos '
        'group by 1, 2, 3"',
        "",
        "Files in the folder that were not read: 2: Pedidos [b].CSV, pedidos.csv.gz",
        "",
        "Kinds of files of which none has come: trans",
    ]
