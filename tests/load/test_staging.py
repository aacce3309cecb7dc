import csv
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from client360 import manifest
from client360.days import DayRange
from client360.files import BadFile
from client360.load.staging import load_file
from client360.simulate import World
from client360.simulate.landing_files import LandingFile, write_landing_files
from client360.warehouse import locks
from client360.warehouse.models import LANDING, Cargas
from client360.warehouse.ownership import OwnerReplaced
from client360.warehouse.partitions import create_partitions

FEBRUARY = DayRange(date(2026, 2, 1), date(2026, 2, 3))
WORLD = World(seed=1, customers=30, first_day=date(2026, 2, 1))
HEADER = "transaccion_id,fecha,cliente_id,tipo_transaccion,monto,rubro,venta_id,momento,"
HEADER += "sentido,tarjeta_id,cuotas,contraparte,comercio,canal,cuenta_id,moneda\n"
GOOD = "T1,2026-02-01,C1,compra_tarjeta,10.50,farmacia,,,debito,,,,,,,\n"


@pytest.fixture(autouse=True)
def partitions(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        create_partitions(connection, {FEBRUARY.first})


def movements(files: list[LandingFile]) -> LandingFile:
    return next(file for file in files if file.entity == "transacciones")


def written(data: Path, text: str, rows: int) -> LandingFile:
    (data / "file.csv").write_text(text, encoding="utf-8")
    return LandingFile("transacciones", FEBRUARY.first, FEBRUARY.last, "file.csv", rows)


def state(warehouse: Engine) -> tuple[int, list]:
    with warehouse.connect() as connection:
        rows = len(connection.execute(select(LANDING["transacciones"].__table__)).all())
        return rows, sorted(map(tuple, connection.execute(select(Cargas.__table__)).all()))


def test_a_generated_file_arrives_whole_and_every_day_is_noted(warehouse: Engine, data: Path) -> None:
    files = write_landing_files(WORLD, [FEBRUARY], data)
    assert [file.entity for file in files] == list(LANDING)
    for file in files:
        assert load_file(warehouse, file, data, WORLD.name, "run 1") == file.rows
    rows, notes = state(warehouse)
    text = (data / movements(files).path).read_bytes()
    assert rows == movements(files).rows
    assert {(note[0], note[1]) for note in notes} == {(name, day) for name in LANDING for day in FEBRUARY.days()}
    noted = [note for note in notes if note[0] == "transacciones"]
    assert sum(note[2] for note in noted) == rows > 0
    assert sum(note[3] for note in noted) == sum(
        Decimal(row["monto"]) for row in csv.DictReader(text.decode().splitlines())
    )
    assert {note[4:] for note in noted} == {
        (movements(files).path, sha256(text).hexdigest(), WORLD.name, "run 1", "staging", "staging")
    }


def test_loading_twice_is_loading_once(warehouse: Engine, data: Path) -> None:
    file = movements(write_landing_files(WORLD, [FEBRUARY], data))
    load_file(warehouse, file, data, WORLD.name, "run 1")
    once = state(warehouse)
    load_file(warehouse, file, data, WORLD.name, "run 1")
    assert state(warehouse) == once


def test_a_file_may_begin_with_a_byte_order_mark(warehouse: Engine, data: Path) -> None:
    assert load_file(warehouse, written(data, "\ufeff" + HEADER + GOOD, 1), data, WORLD.name, "run 1") == 1
    assert state(warehouse)[0] == 1


def test_what_a_day_delivered_before_stays_where_it_is_while_it_is_loaded_again(warehouse: Engine, data: Path) -> None:
    file = movements(write_landing_files(WORLD, [FEBRUARY], data))
    load_file(warehouse, file, data, WORLD.name, "run 1")
    with warehouse.begin() as connection:
        connection.execute(update(Cargas).values(capa="mart", capa_alcanzada="mart"))
    load_file(warehouse, file, data, WORLD.name, "run 2")
    assert {note[-2:] for note in state(warehouse)[1]} == {("staging", "mart")}


def test_a_day_on_which_few_customers_change_is_written_whole(data: Path) -> None:
    """Tables that begin with an empty chunk, as blocks give them on a quiet day, once came out with NUL bytes."""
    day = date(2026, 10, 21)
    files = write_landing_files(World(seed=42, customers=5000, first_day=date(2026, 7, 20)), [DayRange(day, day)], data)
    for file in files:
        written_bytes = (data / file.path).read_bytes()
        assert b"\0" not in written_bytes
        assert written_bytes.count(b"\n") == file.rows + 1


def test_generating_twice_gives_the_same_bytes_and_leaves_nothing_else(data: Path) -> None:
    write_landing_files(WORLD, [FEBRUARY], data)
    once = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    write_landing_files(WORLD, [FEBRUARY], data)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == once
    of_days = "_2026-02-01_2026-02-03"
    assert {path.name for path in once} == {*(f"{name}{of_days}.csv" for name in LANDING), f"manifiesto{of_days}.json"}
    described = manifest.read(data / "raw" / f"manifiesto{of_days}.json")
    assert described is not None
    assert (described.fuente, described.parametros) == (WORLD.name, WORLD.parameters)
    assert described.complete(data / "raw")
    assert {data / "raw" / file.archivo for file in described.archivos} == {
        path for path in once if path.suffix == ".csv"
    }
    for file in described.archivos:
        written = once[data / "raw" / file.archivo]
        assert (file.bytes, file.sha256) == (len(written), sha256(written).hexdigest())
        assert file.filas == len(written.splitlines()) - 1


@pytest.mark.parametrize(
    ("text", "rows", "message"),
    [
        ("", 0, "file.csv: its header lacks transaccion_id, fecha, .*; it should be transaccion_id,fecha,"),
        (GOOD, 1, "file.csv: its header lacks transaccion_id, fecha, "),
        (HEADER.replace("rubro,", ""), 0, "file.csv: its header lacks rubro; it should be"),
        (HEADER.replace("fecha,cliente_id", "cliente_id,fecha"), 0, "its header has other columns too, or in another"),
        (HEADER + GOOD, 2, "file.csv has 1 rows, 1 of them from 2026-02-01 to 2026-02-03; 2 were announced"),
        (HEADER + GOOD + GOOD.replace("02-01", "02-04"), 2, "file.csv has 2 rows, 1 of them from 2026-02-01"),
        (
            HEADER + GOOD.replace("10.50", "ten"),
            1,
            "^file.csv, line 2, column monto: invalid text representation$",
        ),
        (HEADER + GOOD.replace("10.50", "-1"), 1, "file.csv, line 2: .* violates check constraint"),
        (HEADER + GOOD.replace("compra_tarjeta", "trueque"), 1, "violates check constraint"),
        (HEADER + GOOD.replace("10.50", "NaN"), 1, "file.csv, line 2: .* violates check constraint"),
        (
            HEADER + GOOD.replace("2026-02-01", "02/01/2026"),
            1,
            "^file.csv, line 2, column fecha: datetime field overflow$",
        ),
        (HEADER + GOOD.replace("C1", ""), 1, 'violates check constraint "cliente_o_cuenta"'),
        (HEADER + "T1,2026-02-01\n", 1, 'missing data for column "cliente_id"'),
        (HEADER + GOOD.replace("2026-02-01", "2031-02-01"), 1, "no partition of relation"),
    ],
)
def test_a_bad_file_is_refused_whole_in_one_line(
    warehouse: Engine, data: Path, text: str, rows: int, message: str
) -> None:
    load_file(warehouse, movements(write_landing_files(WORLD, [FEBRUARY], data)), data, WORLD.name, "run 1")
    before = state(warehouse)
    with pytest.raises(BadFile, match=message) as refused:
        load_file(warehouse, written(data, text, rows), data, WORLD.name, "run 2")
    assert "\n" not in str(refused.value)
    assert state(warehouse) == before


@pytest.mark.parametrize(
    "line",
    [
        "Zulma,Quiroga,20777333,zulma@quiroga.example,1,,,\n",
        "T1,20777333,C1,transferencia,1,zulma@quiroga.example,,\n",
        "T1,2026-02-01,zulma@quiroga.example,transferencia,Zulma Quiroga,,,\n",
        "T1,2026-02-01,Zulma Quiroga,transferencia,20777333000000,,,\n",
        "T1,2026-02-01,C1,Zulma Quiroga,20777333,,,\n",
        "T1,2026-02-01,C1,Zulma Quiroga\n",
        "T1,2026-02-01,C1,transferencia,1,,,zulma@quiroga.example,20777333\n",
        'T1,2026-02-01,C1,transferencia,1,"Zulma Quiroga\n',
        "T1,2026-02-01,C1,transferencia,1,Zulma Quiroga\0,,\n",
    ],
)
@pytest.mark.parametrize("header", [HEADER, ""], ids=["", "no header"])
def test_a_refusal_quotes_nobody(warehouse: Engine, data: Path, line: str, header: str) -> None:
    with pytest.raises(BadFile) as refused:
        load_file(warehouse, written(data, header + line, 1), data, WORLD.name, "run 1")
    assert not re.search("zulma|quiroga|20777333", str(refused.value), re.IGNORECASE)
    assert (", line " if header else "its header lacks") in str(refused.value)


def test_a_missing_file_loads_nothing(warehouse: Engine, data: Path) -> None:
    missing = LandingFile("transacciones", FEBRUARY.first, FEBRUARY.last, "gone.csv", 0)
    with pytest.raises(FileNotFoundError):
        load_file(warehouse, missing, data, WORLD.name, "run 1")
    assert state(warehouse) == (0, [])


def test_a_run_whose_world_another_run_has_replaced_stops(warehouse: Engine, data: Path) -> None:
    file = written(data, HEADER + GOOD, 1)
    load_file(warehouse, file, data, "simulador other", "run 1")
    with pytest.raises(OwnerReplaced, match="the warehouse now holds simulador other, which another run put there"):
        load_file(warehouse, file, data, WORLD.name, "run 2")


@pytest.mark.parametrize(
    "hold",
    [
        pytest.param(lambda connection: locks.warehouse(connection, shared=False), id="the world"),
        pytest.param(
            lambda connection: locks.months(connection, ["transacciones"], FEBRUARY.first, FEBRUARY.last),
            id="the month",
        ),
    ],
)
def test_load_waits_for_whoever_holds(hold: Callable[[Connection], None], warehouse: Engine, data: Path) -> None:
    """And replaces what that one leaves in the days of the file, so it has touched nothing before."""
    file = written(data, HEADER + GOOD, 1)
    row = {"transaccion_id": "T0", "fecha": FEBRUARY.first, "cliente_id": "C1", "tipo_transaccion": "transferencia"}
    waiting = "select exists (select from pg_locks where locktype = 'advisory' and not granted)"
    with ThreadPoolExecutor() as pool, warehouse.begin() as holder:
        hold(holder)
        holder.execute(insert(LANDING["transacciones"]), row | {"monto": 1})
        loading = pool.submit(load_file, warehouse, file, data, WORLD.name, "run 1")
        while not holder.exec_driver_sql(waiting).scalar():
            assert not loading.done(), "it did not wait"
    assert loading.result() == 1
    assert state(warehouse)[0] == 1
