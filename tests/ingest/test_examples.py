"""The example feeds, through the whole DAG, against values worked out by hand: tests/ingest/examples."""

import csv
import shutil
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

from client360 import folders
from client360.warehouse.models import EXPORTED

if TYPE_CHECKING:
    from airflow.sdk import DAG

HERE = Path(__file__).parent / "examples"
FILES = folders.ROOT / "docs" / "examples"
FECHA = date(2025, 6, 30)
FEEDS = {"banco_ejemplo": "banco", "tienda_ejemplo": "tienda"}
STORE = "ferreteria_ejemplo"
LENDER = "cooperativa_ejemplo"
OVER_THE_COUNTER = {STORE: "ferreteria", "almacen_ejemplo": "almacen"}
COUNTED = ("ingresos", "devoluciones", "compradores", "costo", "monto", "reembolsado", "entregas")
"""Of these, a row that is worth a look has one."""


@pytest.fixture
def run(dag: "DAG", data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Run the DAG for an example feed; returns the folder with what was published."""
    monkeypatch.setenv("CLIENT360_FOLDERS", str(FILES))

    def run_dag(feed: str, folder: Path | None = None, day: date = FECHA, *, replace: bool = False) -> Path:
        result = dag.test(
            logical_date=datetime.combine(day, datetime.min.time(), timezone.utc),
            run_conf={"fuente": feed, "entrada": str(folder or FILES / FEEDS[feed]), "reemplazar": replace},
        )
        assert result.state == "success"
        return data / "processed"

    return run_dag


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day_published(data: Path) -> dict[str, bytes]:
    return {name: (data / "processed" / f"fecha={FECHA}" / f"{name}.csv").read_bytes() for name in EXPORTED}


def in_the_warehouse(warehouse: Engine, statement: str) -> list[dict[str, str]]:
    with warehouse.connect() as connection:
        found = connection.execute(text(statement)).mappings()
        return [{name: "" if value is None else str(value) for name, value in row.items()} for row in found]


@pytest.mark.parametrize("feed", FEEDS)
def test_customers_and_refused_rows_are_those_worked_out_by_hand(
    run: Callable[[str], Path], warehouse: Engine, feed: str
) -> None:
    published = run(feed)
    assert rows(published / "cliente_360.csv") == rows(HERE / feed / "cliente_360.csv")
    assert in_the_warehouse(
        warehouse, "select archivo, linea, entidad, columna, motivo from control.rechazos order by archivo, linea"
    ) == rows(HERE / feed / "rechazos.csv")


def test_answers_of_the_bank_have_no_shop_in_them(run: Callable[[str], Path]) -> None:
    published = run("banco_ejemplo")
    for name in (
        "productos_mas_vendidos",
        "rotacion_stock",
        "demoras_logisticas",
        "impacto_campanias",
        "rentabilidad_mensual",
    ):
        assert rows(published / f"{name}.csv") == [], name
    assert {
        row["provincia"]: (row["region"], row["clientes"])
        for row in rows(published / "distribucion_geografica.csv")
        if row["provincia"] in ("Buenos Aires", "Montevideo", "La Pampa")
    } == {"Buenos Aires": ("Pampeana", "1"), "Montevideo": ("", "1"), "La Pampa": ("Pampeana", "0")}


def test_answers_of_the_shop_are_those_worked_out_by_hand(run: Callable[[str], Path], warehouse: Engine) -> None:
    published = run("tienda_ejemplo")
    for name in ("productos_mas_vendidos", "rentabilidad_mensual"):
        expected = rows(HERE / "tienda_ejemplo" / f"{name}.csv")
        found = [row for row in rows(published / f"{name}.csv") if row["ingresos"] != "0.00"]
        assert [{column: row[column] for column in expected[0]} for row in found] == expected, name
    for name in ("rotacion_stock", "demoras_logisticas", "impacto_campanias"):
        assert rows(published / f"{name}.csv") == [], name
    assert in_the_warehouse(warehouse, (FILES / "tienda" / "totales.sql").read_text(encoding="utf-8")) == rows(
        HERE / "tienda_ejemplo" / "totales.csv"
    )
    assert in_the_warehouse(
        warehouse,
        "select venta_id, metodo_pago from dw.historia_ventas where venta_id in ('1006', '1016', '1025', '1030') order by 1",
    ) == [
        {"venta_id": "1006", "metodo_pago": "billetera_virtual"},  # 20500,00, which as text is before 9500,00
        {"venta_id": "1016", "metodo_pago": "otra_tarjeta"},  # the second of two
        {"venta_id": "1025", "metodo_pago": "otra_tarjeta"},  # of three, by a cent
        {"venta_id": "1030", "metodo_pago": "transferencia"},  # of two equal ones the first
    ]
    warnings = {
        row["verificacion"]: row
        for row in in_the_warehouse(warehouse, "select * from control.verificaciones where not correcta")
    }
    assert {name: row["detiene"] for name, row in warnings.items()} == {
        "provincia_reconocida": "False",  # Montevideo
        "respuestas_con_datos": "False",
        "venta_cuadra": "False",
    }
    assert warnings["venta_cuadra"]["hallazgos"] == "1"
    assert warnings["venta_cuadra"]["ejemplo"] == "1022 of 2025-03-14, another total than its lines"


def test_an_example_that_is_run_again_changes_nothing(run: Callable[[str], Path], warehouse: Engine) -> None:
    def published() -> dict[str, str]:
        folder = run("tienda_ejemplo")
        return {name: sha256((folder / f"fecha={FECHA}" / f"{name}.csv").read_bytes()).hexdigest() for name in EXPORTED}

    loads = "select entidad, fecha, filas, suma, sha256, capa from control.cargas order by entidad, fecha"
    once = published(), in_the_warehouse(warehouse, loads)
    assert (published(), in_the_warehouse(warehouse, loads)) == once


def test_what_members_of_a_cooperative_hold_earn_spend_and_owe_is_that_worked_out_by_hand(
    run: Callable[..., Path], warehouse: Engine
) -> None:
    published = run(LENDER, FILES / "cooperativa")
    for path in sorted((HERE / LENDER).glob("*.csv")):
        expected = rows(path)
        assert [{name: row[name] for name in expected[0]} for row in rows(published / path.name)] == expected, path.name
    held = [Decimal(row["saldo_total"]) for row in rows(published / "cliente_360.csv") if row["saldo_total"]]
    assert sum(held) == Decimal("212654.28") + Decimal("114399.50"), "those of the two accounts"
    assert in_the_warehouse(warehouse, "select * from control.rechazos") == []
    wrong = in_the_warehouse(
        warehouse, "select verificacion, hallazgos from control.verificaciones where not correcta order by 1"
    )
    assert wrong == [
        {"verificacion": "respuestas_con_datos", "hallazgos": "9"},
        {"verificacion": "saldo_cuadra", "hallazgos": "2"},  # a charge of 100 in May that is no entry
    ]


def test_entries_holders_balances_payments_and_statements_that_come_late_corrected_and_in_any_order_give_the_same_bytes(
    run: Callable[..., Path], data: Path
) -> None:
    own, folder = FILES / "cooperativa", data / "cooperativa"
    shutil.copytree(own, folder)

    def reordered(name: str) -> tuple[str, list[str]]:
        header, *lines = (own / name).read_text().splitlines(keepends=True)
        return header, lines[::-1]

    # as of May: without a balance, two statements and the payments, of April's entries a half; a plan with a wrong amount, and
    # holders of whom nothing is known of the change in May
    for name in ("saldos_2025-04-30.csv", "resumenes_2025-04-26.csv", "resumenes_2025-05-26.csv", "pagos_2025-05.csv"):
        (folder / name).unlink()
    for name in ("apuntes_2025-06.csv", "saldos_2025-06-30.csv"):
        (folder / name).unlink()
    header, plan = reordered("plan.csv")
    (folder / "plan.csv").write_text("".join([header, *plan]).replace("105.000,00", "5.000,00"))
    of_holders, holders = reordered("titulares.csv")
    (folder / "titulares.csv").write_text("".join([of_holders, *holders[:3], *holders[4:]]).replace("15/05/2025", ""))
    of_entries, entries = reordered("apuntes_2025-04.csv")
    (folder / "apuntes_2025-04.csv").write_text("".join([of_entries, *entries[:2]]))
    run(LENDER, folder, date(2025, 5, 31))
    early = {row["cliente_id"]: row["saldo_total"] for row in rows(data / "processed" / "cliente_360.csv")}
    assert {customer for customer, held in early.items() if held} == {"1", "2", "4"}, "the holders of before"
    for path in sorted(own.iterdir(), reverse=True):
        shutil.copy(path, folder)
    (folder / "plan.csv").write_text("".join([header, *plan]))
    (folder / "titulares.csv").write_text("".join([of_holders, *holders]))
    (folder / "apuntes_2025-04.csv").write_text("".join([of_entries, *entries[2:]]))
    (folder / "norte").mkdir()
    (folder / "norte" / "apuntes_2025-04.csv").write_text("".join([of_entries, *entries[:2]]))
    run(LENDER, folder)
    late = day_published(data)
    run(LENDER, own, replace=True)
    assert day_published(data) == late


@pytest.mark.parametrize("feed", OVER_THE_COUNTER)
def test_refunds_and_sales_over_the_counter_and_by_weight_are_those_worked_out_by_hand(
    run: Callable[..., Path], warehouse: Engine, feed: str
) -> None:
    published = run(feed, FILES / OVER_THE_COUNTER[feed])
    for path in sorted((HERE / feed).glob("*.csv")):
        expected = rows(path)
        found = [
            {column: row[column] for column in expected[0]}
            for row in rows(published / path.name)
            if {row.get(column, "") for column in COUNTED} - {"", "0.00", "0"} or "cliente_id" in row
        ]
        assert found == expected, path.name
    assert in_the_warehouse(warehouse, "select * from control.rechazos") == []
    wrong = in_the_warehouse(warehouse, "select verificacion from control.verificaciones where not correcta")
    assert wrong == [{"verificacion": "respuestas_con_datos"}]


def test_refunds_that_come_late_corrected_and_in_any_order_give_the_same_bytes(
    run: Callable[..., Path], data: Path
) -> None:
    folder = data / "ferreteria"
    folder.mkdir()
    march, april = ((FILES / "ferreteria" / f"comprobantes_2025-0{month}.csv").read_text() for month in (3, 4))
    receipts = (FILES / "ferreteria" / "cobros_2025-03.csv").read_text()
    for name in ("clientes.csv", "articulos.csv"):
        shutil.copy(FILES / "ferreteria" / name, folder)
    # ventas.sql reads deliveries too, and gives no order before a file of them has come
    (folder / "fletes_2025-03.csv").write_text("Comprobante;Salida;Entrega;Cobrado;Pagado\n")
    # April without its first invoice, then March with a wrong credit note and a receipt too many, then all as they are
    header, invoice, *others = april.splitlines(keepends=True)
    (folder / "comprobantes_2025-04.csv").write_text("".join([header, *reversed(others)]))
    run(STORE, folder)
    (folder / "comprobantes_2025-03.csv").write_text(
        march.replace("PIN;-1;2.500,00;-2.500,00", "MAR;-2;5.000,00;-10.000,00")
    )
    (folder / "cobros_2025-03.csv").write_text(receipts + "C10;F2;05/03/2025;Tarjeta;1;9,00;OK\n")
    run(STORE, folder)
    early = day_published(data)
    (folder / "comprobantes_2025-03.csv").write_text(march)
    (folder / "cobros_2025-03.csv").write_text(receipts)
    for name in ("fletes_2025-03.csv", "fletes_2025-04.csv", "cobros_2025-04.csv"):
        shutil.copy(FILES / "ferreteria" / name, folder)
    (folder / "comprobantes_2025-04.csv").write_text("".join([header, *others, invoice]))
    run(STORE, folder)
    late = day_published(data)
    assert early != late
    shutil.rmtree(folder)
    shutil.copytree(FILES / "ferreteria", folder)
    (folder / "comprobantes_2025-04.csv").write_text("".join([header, *others, invoice]))
    run(STORE, folder)
    assert day_published(data) == late
    run(STORE, FILES / "ferreteria")
    assert day_published(data) == late
