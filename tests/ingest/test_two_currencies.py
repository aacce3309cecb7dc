"""A bank with pesos and dollars through the whole DAG: figures worked out by hand, whatever the order and lateness of rates."""

import csv
import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from client360.ingest.withdrawal import withdraw
from client360.warehouse.migrate import READER
from client360.warehouse.models import tables
from reading import warehouse as reading
from reading.explain import COLUMNS, facts_of

FECHA = date(2025, 3, 31)
FILES = {
    "clientes.csv": "cliente,sueldo\n1,\n2,2000\n",
    "cuentas.csv": "cuenta,cliente,moneda,inicial\nP1,1,UYU,1000\nD1,1,USD,50\nD2,2,USD,\n",
    "cotizaciones_20250102.csv": "moneda,valor\nUSD,40\n",
    "cotizaciones_20250203.csv": "moneda,valor\nUSD,41.5\n",
    "cotizaciones_20250310.csv": "moneda,valor\nUSD,42.25\n",
    "movimientos_20250101.csv": "movimiento,cuenta,sentido,tipo,importe,moneda\nM0,D1,credito,deposito,9,USD\n",
    "movimientos_20250102.csv": "movimiento,cuenta,sentido,tipo,importe,moneda\n"
    "M1,P1,credito,ingreso_sueldo,3000,UYU\nM2,D1,credito,transferencia,10,USD\n",
    "movimientos_20250115.csv": "movimiento,cuenta,sentido,tipo,importe,moneda\n"
    "M3,P1,debito,compra_tarjeta,500,\nM4,D1,debito,compra_tarjeta,3.33,USD\n",
    "movimientos_20250203.csv": "movimiento,cuenta,sentido,tipo,importe,moneda\n"
    "M5,P1,credito,ingreso_sueldo,3000,\nM6,D1,debito,pago_servicio,2,USD\n",
    "movimientos_20250303.csv": "movimiento,cuenta,sentido,tipo,importe,moneda\n"
    "M7,P1,credito,ingreso_sueldo,3000,\nM8,D1,credito,deposito,100,USD\n",
    "movimientos_20250312.csv": "movimiento,cuenta,sentido,tipo,importe,moneda\n"
    "M9,P1,debito,extraccion_cajero,200,UYU\nM10,P1,debito,impuesto,7,EUR\n",
    "saldos_20250110.csv": "cuenta,saldo\nD2,20\n",
    "saldos_20250320.csv": "cuenta,saldo\nD2,30.50\n",
    "tarjetas.csv": "tarjeta,cliente,moneda,limite\nT1,2,USD,100\n",
    "resumenes.csv": "resumen,cliente,tarjeta,cierre,vence,total,minimo\nR0,2,T1,2025-01-05,2025-01-15,0,0\n"
    "R1,2,T1,2025-03-05,2025-03-15,20,5\n",
}
REJECTED = [("movimientos_20250101.csv", 2), ("movimientos_20250312.csv", 3)]
"""M0 is older than the first rate, and M10 in a currency without any."""
WORTH = {"M1": "3000", "M2": "400", "M3": "500", "M4": "133.20", "M5": "3000", "M6": "83", "M7": "3000", "M8": "4150"}
WORTH |= {"M9": "200"}
FIGURES = {
    # January: 500 + 133.20, February: 83, March: 200; in came 3400, 3000 and 7150
    "1": {
        "ingresos_mensuales": "3000.00",
        "gasto_mensual_promedio": "305.40",
        "score_endeudamiento": "0.0092",
        "ingresos_totales_promedio": "4516.67",
        "egresos_totales_promedio": "305.40",
        "ahorro_promedio": "4211.27",
        # 9300 + 154.67 * 42.25; on the 15th of January 3500 + 56.67 * 40
        "saldo_total": "15834.81",
        "saldo_minimo_90d": "5766.80",
        "deuda_total": "0.00",
    },
    "2": {
        "saldo_total": "1288.63",
        "saldo_minimo_90d": "800.00",
        "deuda_total": "845.00",
        "cuota_sobre_ingreso": "0.1056",
        "uso_de_limite": "0.2000",
        "dias_mora_max": "16",
    },
}


@pytest.fixture(autouse=True)
def folder(data: Path, own_feed: Path) -> Path:
    """The input folder of the feed, which is empty."""
    shutil.copytree(Path(__file__).parent / "feeds" / "dos_monedas", own_feed, dirs_exist_ok=True)
    (data / "mine").mkdir()
    return data / "mine"


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(FILES[name])


def published(data: Path, day: date = FECHA) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (data / "processed" / f"fecha={day}").glob("*.csv")}


def content(warehouse: Engine) -> dict[str, list[str]]:
    """The star, and the sums by month."""
    with warehouse.connect() as connection:
        return {
            table.fullname: sorted(map(repr, connection.execute(text(f"select * from {table.fullname}"))))
            for table in tables()
            if table.schema in ("dw", "mart") and not table.name.endswith("_historico")
        }


def unexplained(warehouse: Engine) -> list[tuple]:
    """The cells that their explanation does not come to."""
    place = {"host": str(warehouse.url.query["host"]), "dbname": str(warehouse.url.database), "user": READER}
    with reading.connect(**place) as connection:
        customers = {key: facts_of(connection, key, FECHA) for key in FIGURES}
        cells = [
            (facts, column, work_out(facts).value)
            for facts in customers.values()
            for column, work_out in COLUMNS.items()
        ]
    assert len(cells) == len(FIGURES) * len(COLUMNS)
    return [
        (facts.cliente_id, column, facts.published[column], value)
        for facts, column, value in cells
        if facts.published[column] != value
    ]


def test_figures_are_those_worked_out_by_hand_and_the_same_however_rates_and_rows_come(
    run: Callable[..., str], data: Path, warehouse: Engine, folder: Path
) -> None:
    conf = {"fuente": "simulador", "entrada": "mine", "umbral": 50, "inicio": "2025-01-01"}
    write(folder, *FILES)
    assert run(FECHA, **conf) == "success"
    with warehouse.connect() as connection:
        refused = connection.execute(text("select archivo, linea, columna, motivo from control.rechazos order by 1, 2"))
        assert [tuple(row) for row in refused] == [(*line, "moneda", "padre_desconocido") for line in REJECTED]
        worth = connection.execute(text("select transaccion_id, monto from dw.hecho_transacciones"))
        assert dict(map(tuple, worth)) == {key: Decimal(amount) for key, amount in WORTH.items()}
        warned = "select verificacion, ejemplo from control.verificaciones where hallazgos > 0 order by 1"
        assert [name for name, _ in connection.execute(text(warned))] == ["respuestas_con_datos"]
    with (data / "processed" / "cliente_360.csv").open(encoding="utf-8-sig", newline="") as file:
        customers = {row["cliente_id"]: row for row in csv.DictReader(file)}
    assert {key: {name: customers[key][name] for name in figures} for key, figures in FIGURES.items()} == FIGURES
    with (data / "processed" / "riesgo_crediticio.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [(row["mes"], row["deuda"]) for row in csv.DictReader(file)] == [
            *(("2025-01-01", "0.00"), ("2025-02-01", "0.00"), ("2025-03-01", "845.00"))
        ]
    assert unexplained(warehouse) == []
    expected, rows = published(data), content(warehouse)
    assert run(FECHA, **conf) == "success"
    assert (published(data), content(warehouse)) == (expected, rows), "a second time, with nothing new"

    # a rate is wrong, another one late, and a third should not have come; lines and files in another order
    shutil.rmtree(folder)
    folder.mkdir()
    write(folder, *(name for name in FILES if name != "cotizaciones_20250203.csv"))
    for name in list(FILES)[5:9]:
        header, *lines = FILES[name].splitlines(keepends=True)
        (folder / name).write_text("".join([header, *lines[::-1]]))
    (folder / "cotizaciones_20250102.csv").write_text("moneda,valor\nUSD,39\n")
    (folder / "cotizaciones_20250214.csv").write_text("moneda,valor\nUSD,1\n")
    assert run(FECHA, **conf, reemplazar=True) == "success"
    assert published(data) != expected
    write(folder, "cotizaciones_20250102.csv", "cotizaciones_20250203.csv")
    assert run(FECHA, **conf) == "success"
    assert published(data) != expected
    (folder / "cotizaciones_20250214.csv").unlink()
    withdraw(warehouse, "cotizaciones_20250214.csv")
    assert run(FECHA, **conf) == "success"
    assert (published(data), content(warehouse)) == (expected, rows)

    # month by month
    shutil.rmtree(folder)
    folder.mkdir()
    write(folder, *(name for name in FILES if "_2025" not in name))
    for day, month in ((date(2025, 1, 31), "202501"), (date(2025, 2, 28), "202502"), (FECHA, "202503")):
        write(folder, *(name for name in FILES if f"_{month}" in name))
        assert run(day, **conf, reemplazar=month == "202501") == "success"
    assert (published(data), content(warehouse)) == (expected, rows)


def test_months_after_the_business_day_of_a_correction_are_summed_again(
    run: Callable[..., str], data: Path, warehouse: Engine, folder: Path
) -> None:
    conf = {"fuente": "simulador", "entrada": "mine", "umbral": 50, "inicio": "2025-01-01"}
    april = date(2025, 4, 30)
    write(folder, *FILES)
    assert run(april, **conf) == "success"
    expected, rows = published(data, april), content(warehouse)
    (folder / "cotizaciones_20250203.csv").write_text("moneda,valor\nUSD,1\n")
    assert run(april, **conf) == "success"
    assert published(data, april) != expected
    write(folder, "cotizaciones_20250203.csv")
    assert run(date(2025, 1, 31), **conf) == "success"
    assert run(april, **conf) == "success"
    assert (published(data, april), content(warehouse)) == (expected, rows)


def test_the_largest_amounts_at_the_highest_rate_stop_no_run(
    run: Callable[..., str], warehouse: Engine, folder: Path
) -> None:
    last_number = re.compile(r"(?<=,)[0-9.]+(?=(?:,[A-Z]*)?\n)")
    for name, lines in FILES.items():
        largest = "999999999999" if name.startswith("cotizaciones") else "999999999999.99"
        (folder / name).write_text(last_number.sub(largest, lines))
    assert run(FECHA, fuente="simulador", entrada="mine", umbral=50, inicio="2025-01-01") == "success"
    with warehouse.connect() as connection:
        total = connection.scalar(text("select max(saldo_total) from mart.cliente_360_historico"))
    assert total > 10**23
