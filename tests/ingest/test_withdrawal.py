"""Withdrawing files: what is left is what would be there if they had never come."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

import pytest
from school import HEADER, everything, feed, people, query
from sqlalchemy import Engine, text

from client360 import folders
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.inventory import record_input
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.raw_load import load_raw_file
from client360.ingest.withdrawal import NotWithdrawn, Withdrawn, withdraw
from client360.warehouse import locks
from client360.warehouse.models import tables

FECHA = date(2026, 3, 1)
CLIENTES = "cliente_id,fecha,nombre,provincia,fecha_alta\n"
MOVIMIENTOS = "transaccion_id,fecha,cliente_id,tipo_transaccion,monto\n"
KEPT = {
    "clientes_1.csv": CLIENTES + "A,2026-01-01,Ana,Salta,2020-05-01\nB,2026-01-01,Bea,Chaco,2020-05-01\n",
    "productos_1.csv": "producto_id,fecha,categoria,precio,fecha_alta\nP,2026-01-01,libros,10,2020-05-01\n",
    "transacciones_2.csv": MOVIMIENTOS + "T2,2026-02-03,A,pago_servicio,100\nT3,2026-02-04,C,pago_servicio,x\n"
    "T4,2026-02-05,C,pago_servicio,50\n",
    "ventas_1.csv": "venta_id,fecha,fecha_venta,cliente_id,metodo_pago,provincia_envio,estado,total\n"
    "V,2026-02-03,2026-02-03,B,efectivo,Chaco,completada,20\nW,2026-02-06,2026-02-06,C,efectivo,Chaco,completada,10\n",
    "copia/detalle_ventas_1.csv": "venta_id,linea,fecha,cliente_id,producto_id,cantidad,precio_unitario,descuento\n"
    "V,1,2026-02-03,B,P,2,10,0\nW,1,2026-02-06,C,P,1,10,0\n",
}
WITHDRAWN = {
    "more/clientes_2.csv": CLIENTES + "A,2026-02-01,Ana,Atlantis,2020-05-01\nC,2026-02-01,Cai,Chubut,2026-02-01\nD\n",
    "transacciones_1.csv": MOVIMIENTOS + "T1,2026-01-20,A,pago_servicio,70\nT2,2026-01-20,A,pago_servicio,90\n",
    "movimientos_stock_1.csv": "movimiento_id,fecha,producto_id,deposito,tipo,cantidad,costo_unitario\n"
    "M,2026-02-02,P,norte,ingreso,9,4\n",
    "detalle_ventas_1.csv": KEPT["copia/detalle_ventas_1.csv"],
}
"""A newer version of a customer and the only one of another, who has orders and movements, and a broken line; the earliest
movements, of which one is also in another file; the only file of its kind; the file of which one that stays is a copy."""
VARIES = ("corrida", "primera_corrida", "entrega", "transaccion", "momento")
OF_RUNS = ("control.entradas", "control.recuentos", "control.retiros")
"""What runs saw and did."""


def write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def left(warehouse: Engine, data: Path) -> dict[str, object]:
    """Every published file, and every row of the warehouse without what numbers or dates runs."""
    state: dict[str, object] = {
        path.name: sha256(path.read_bytes()).hexdigest() for path in (data / "processed").rglob("*.csv")
    }
    for table in tables():
        if table.fullname in OF_RUNS:
            continue
        columns = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in VARIES)
        state[table.fullname] = sorted(query(warehouse, f"select {columns} from {table.fullname}"), key=str)
    # a day that once had rows is noted with none, and measured
    state["control.cargas"] = [row for row in state["control.cargas"] if row[2]]
    state["control.medidas"] = [row for row in state["control.medidas"] if row[-1]]
    state["crudo"] = query(
        warehouse,
        "select relname from pg_class where relnamespace = 'crudo'::regnamespace and relkind in ('r', 'v') order by 1",
    )
    return state


def test_what_is_left_are_the_files_and_rows_of_a_load_without_the_withdrawn_files(
    run: Callable[..., str], data: Path, warehouse: Engine
) -> None:
    folder = data / "mine"
    write(folder, KEPT)
    conf = {"fuente": "simulador", "entrada": "mine", "umbral": 100}
    assert run(FECHA, **conf) == "success"
    expected = left(warehouse, data)
    write(folder, WITHDRAWN)
    assert run(FECHA, **conf, reemplazar=True) == "success"
    assert left(warehouse, data)["cliente_360.csv"] != expected["cliente_360.csv"]
    for name in WITHDRAWN:
        (folder / name).unlink()
    held = left(warehouse, data)
    assert run(FECHA, **conf) == "success"
    assert left(warehouse, data) == held, "a file that is gone from the folder keeps its rows"
    copies = [withdraw(warehouse, name).copies for name in WITHDRAWN]
    assert copies == [[], [], [], ["copia/detalle_ventas_1.csv"]]
    assert run(FECHA, **conf) == "success"
    found = left(warehouse, data)
    assert {name for name in expected if found[name] != expected[name]} == set()
    assert found == expected


FOUR = {
    "people.csv": b"1,a,b\nbroken\n",
    "b/people.csv": b"2,c,d\n",
    "Pe\u00f1a's people 1.csv": b"3,e,f\n",
    "z.csv": b"4,g,h\n",
}
SCHOOL = feed(people=RawFile(name="*people*.csv", dialect=Dialect()), last=RawFile(name="z.csv", dialect=Dialect()))


@pytest.fixture
def delivered(warehouse: Engine, folder: Path) -> Path:
    """The folder of which a run has read four files, before they were moved away."""
    for name, lines in FOUR.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(HEADER + lines)
    read(warehouse, folder)
    record_input(warehouse, SCHOOL, folder, FECHA, "run 1", changed=[])
    for name in FOUR:
        (folder / name).unlink()
    return folder


def read(warehouse: Engine, folder: Path) -> None:
    for delivery in changed_deliveries(warehouse, SCHOOL, folder):
        load_raw_file(warehouse, SCHOOL, folder, delivery, "run 1")


def known(warehouse: Engine) -> set[str]:
    return {name for (name,) in query(warehouse, "select archivo from control.entregas")}


@pytest.mark.usefixtures("delivered")
def test_a_file_is_withdrawn_with_its_rows_and_records_and_no_other(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("insert into control.lecturas values ('people.csv', 'clientes', 2, 1, 0, 0, 0, 0)"))
    assert withdraw(warehouse, "people.csv") == Withdrawn("people.csv", "feed school", 2, [])
    assert known(warehouse) == FOUR.keys() - {"people.csv"}
    assert query(warehouse, "select id from crudo.people_filas order by 1") == [("2",), ("3",)]
    assert (
        query(warehouse, "select * from control.rechazos") == query(warehouse, "select * from control.lecturas") == []
    )
    assert withdraw(warehouse, normalize("NFD", "Pe\u00f1a's people 1.csv")).path == "Pe\u00f1a's people 1.csv"
    assert withdraw(warehouse, "z.csv").lines == 1
    tables_left = (
        "select relname from pg_class where relnamespace = 'crudo'::regnamespace and relkind in ('r', 'v') order by 1"
    )
    assert query(warehouse, tables_left) == [("people",), ("people_filas",)]
    assert withdraw(warehouse, "b/people.csv").lines == 1
    assert query(warehouse, tables_left) == []
    gone = "select archivo, mundo, lineas, corrida from control.retiros order by 1"
    assert query(warehouse, gone) == [
        (name, "feed school", lines.count(b"\n"), None) for name, lines in sorted(FOUR.items())
    ]


def test_a_withdrawn_file_may_come_again_with_other_rows(warehouse: Engine, delivered: Path) -> None:
    withdraw(warehouse, "z.csv")
    withdraw(warehouse, "b/people.csv")
    for name in ("z.csv", "b/people.csv"):
        (delivered / name).write_bytes(HEADER + b"5,i,j\n6,k,l\n")
    read(warehouse, delivered)
    assert query(warehouse, "select id from crudo.last order by 1") == [("5",), ("6",)]
    assert people(warehouse, "_archivo, id")[1:] == [("b/people.csv", "5"), ("b/people.csv", "6"), ("people.csv", "1")]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "'': no run has read such a file below its folder; make psql SQL="),
        ("nonsense", "'nonsense': no run has read such a file below its folder; make psql SQL="),
        ("' or 1=1 --\n", r"no run has read such a file below its folder; make psql SQL="),
        ("data/in/people.csv", r"'data/in/people.csv': .*; is it b/people.csv or people.csv"),
        ("/abs/PEOPLE.CSV", r"; is it b/people.csv or people.csv"),
        ("poeple.csv", r"; is it b/people.csv or people.csv or Pe\u00f1a's people 1.csv\?$"),
        ("b", "no run has read such a file"),
        ("*.csv", "no run has read such a file"),
    ],
)
@pytest.mark.usefixtures("delivered")
def test_a_file_that_no_run_has_read_is_not_withdrawn(warehouse: Engine, path: str, message: str) -> None:
    before = everything(warehouse)
    with pytest.raises(NotWithdrawn, match=message):
        withdraw(warehouse, path)
    assert everything(warehouse) == before


def test_a_file_that_is_still_in_the_folder_is_not_withdrawn(warehouse: Engine, delivered: Path) -> None:
    (delivered / "people.csv").touch()
    before = everything(warehouse)
    with pytest.raises(NotWithdrawn, match=rf"^people.csv is still in {delivered}, so that the next run would read it"):
        withdraw(warehouse, "people.csv")
    assert everything(warehouse) == before
    (delivered / "people.csv").unlink()
    (delivered / "b").rmdir()
    delivered.rmdir()
    withdraw(warehouse, "people.csv")
    with pytest.raises(
        NotWithdrawn, match=r"'people.csv': no run has read such a file below its folder; is it b/people.csv"
    ):
        withdraw(warehouse, "people.csv")


@pytest.mark.parametrize("owner", ["simulador semilla=42", "simulador semilla=42 suciedad=0.02"])
def test_nothing_is_withdrawn_from_a_simulated_world(warehouse: Engine, owner: str) -> None:
    with warehouse.begin() as connection:
        values = "('clientes', '2026-01-01', 1, 0, 'clientes.csv', '', :owner, 'run', 'dw', 'dw')"
        connection.execute(text(f"insert into control.cargas values {values}"), {"owner": owner})
    with pytest.raises(NotWithdrawn, match=f"^the warehouse holds {owner}: only files of a feed can be withdrawn"):
        withdraw(warehouse, "clientes.csv")


@pytest.mark.usefixtures("delivered")
def test_a_withdrawal_waits_for_a_run_that_writes_and_leaves_nothing_half_done_when_it_is_killed(
    warehouse: Engine, folder: Path
) -> None:
    program = (
        "import sys; from sqlalchemy import create_engine; from client360.ingest.withdrawal import withdraw; "
        "withdraw(create_engine(sys.argv[1]), 'people.csv')"
    )
    command = [sys.executable, "-c", program, warehouse.url.render_as_string(hide_password=False)]
    before = everything(warehouse)
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with warehouse.begin() as connection:
        locks.warehouse(connection, shared=True)
        process = subprocess.Popen(command, env={"PYTHONPATH": "plugins"}, cwd=folders.ROOT)
        while query(warehouse, waiting) == [(0,)]:
            assert process.poll() is None
        process.kill()
        process.wait()
        assert everything(warehouse) == before
    withdraw(warehouse, "people.csv")
    assert "people.csv" not in known(warehouse)
