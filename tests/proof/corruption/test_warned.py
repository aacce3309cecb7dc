"""What checks warn of is graded by what was corrupted: whole days, and unit prices times ten."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from client360.days import DayRange
from client360.load.dimensions import fill_dimensions
from client360.simulate.corrupt.days import CorruptedDay
from client360.simulate.corrupt.ledger import CorruptedRow, write_ledger
from client360.warehouse.models import dw
from client360.warehouse.partitions import create_partitions
from proof.corruption.warned import grade_days, grade_prices, noticed_days, table

LAST = date(2026, 6, 3)
DAYS = [LAST - timedelta(days) for days in range(84, -1, -1)]


@pytest.fixture
def measured(warehouse: Engine) -> Engine:
    """A warehouse with the measures of twelve weeks: hundred movements a day, none on the last day but one."""
    fill_dimensions(warehouse, DayRange(DAYS[0], LAST), "feed")
    with warehouse.begin() as connection:
        connection.execute(
            text(
                "insert into control.medidas select 'transacciones', day, 'filas', '', '', 100 from unnest(:days) as day "
                "where day <> :missing"
            ),
            {"days": DAYS, "missing": DAYS[-2]},
        )
    return warehouse


def test_days_are_graded_that_can_be_judged(measured: Engine) -> None:
    corrupted = [
        CorruptedDay("transacciones", f"{day}", kind, "")
        for day, kind in (
            (DAYS[3], "dia_ausente"),  # without a history
            (DAYS[-2], "dia_ausente"),
            (DAYS[-3], "dia_corrido"),  # too many on the next day, or none
            (DAYS[-1], "dia_repetido"),
            (LAST + timedelta(1), "dia_repetido"),  # not asked for
        )
    ]
    with measured.connect() as connection:
        assert noticed_days(connection, DAYS) == {("transacciones", DAYS[-2])}
        grades = {grade.kind: grade for grade in grade_days(connection, corrupted, DAYS)}
    assert {kind: (grade.injected, grade.judged, grade.noticed) for kind, grade in grades.items()} == {
        "dia_ausente": (2, 1, 1),
        "dia_corrido": (1, 1, 1),
        "dia_repetido": (1, 1, 0),
    }
    assert grades["dia_repetido"].missed == [("transacciones", LAST)]
    assert (grades["dia_ausente"].recall, grades["dia_repetido"].recall) == (1, 0)
    assert table(list(grades.values())).row_count == 3


def test_unit_prices_times_ten_are_graded_that_were_accepted(warehouse: Engine, tmp_path: Path) -> None:
    lines = ["venta_id,linea,fecha", "V1,1,2026-06-01", "V1,2,2026-06-01", "V2,1,2026-06-02", "V3,1,2026-06-03"]
    (tmp_path / "entrada" / "detalle_ventas").mkdir(parents=True)
    name = "detalle_ventas/detalle_ventas_2026-06-01_2026-06-30.csv"
    (tmp_path / "entrada" / name).write_text("\n".join(lines) + "\n")
    (tmp_path / "libro").mkdir()
    write_ledger(
        tmp_path / "libro" / "detalle_ventas.csv",
        [
            CorruptedRow(name, line, "detalle_ventas", "por_diez", column)
            for line, column in (
                (2, "precio_unitario"),
                (3, "cantidad"),
                (4, "precio_unitario"),
                (5, "precio_unitario"),
            )
        ],
    )
    with warehouse.begin() as connection:
        create_partitions(connection, [date(2026, 6, 1)], [dw.HechoVentas.table()])
        connection.execute(
            text(
                "insert into dw.dim_producto (producto_id, vigente_desde, vigente_hasta, precio, fecha_alta) "
                "values ('P', '2026-01-01', '9999-12-31', 10, '2026-01-01')"
            )
        )
        connection.execute(
            text(
                "insert into dw.hecho_ventas (cliente_id, fecha, venta_id, linea, producto_id, cantidad, precio_unitario, "
                "descuento, importe) values ('C', '2026-06-01', 'V1', 1, 'P', 1, 100, 0, 100), "
                "('C', '2026-06-01', 'V1', 2, 'P', 10, 10, 0, 100), ('C', '2026-06-03', 'V3', 1, 'P', 1, 49.99, 0, 49.99)"
            )
        )
        grade = grade_prices(connection, tmp_path, LAST)
        assert grade_prices(connection, tmp_path, date(2026, 5, 31)).judged == 0
    assert (grade.injected, grade.judged, grade.noticed) == (3, 2, 1)
    assert grade.missed == [("V3", 1)]
