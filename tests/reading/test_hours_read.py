"""The hours of the day that people see, in the time zone of the source."""

from datetime import date

import psycopg
import pytest
from sqlalchemy import Engine

from reading import warehouse as reading

FECHA = date(2025, 3, 31)
ROWS = """
    create table dw.hecho_transacciones_siempre partition of dw.hecho_transacciones default;
    insert into dw.hecho_transacciones (cliente_id, fecha, transaccion_id, tipo_transaccion, monto, momento) values
        ('C1', '2025-03-31', 'T1', 'compra_tarjeta', 1, '2025-04-01T00:30:00Z'),
        ('C1', '2025-03-04', 'T2', 'compra_tarjeta', 1, '2025-03-05T00:59:59Z'),
        ('C2', '2025-03-31', 'T3', 'extraccion_cajero', 1, '2025-03-31T15:00:00Z'),
        ('C2', '2025-03-31', 'T4', 'pago_servicio', 1, null),
        ('C2', '2025-03-03', 'T5', 'transferencia', 1, '2025-03-03T15:00:00Z'),
        ('C2', '2025-04-01', 'T6', 'transferencia', 1, '2025-04-01T15:00:00Z');
    insert into dw.hecho_pedidos (cliente_id, fecha, venta_id, lineas, momento) values
        ('C1', '2025-03-31', 'V1', 1, '2025-03-31T15:59:59Z'),
        ('', '2025-03-31', 'V2', 1, null),
        ('', '2025-03-10', 'V3', 1, '2025-03-10T03:00:00Z'),
        ('C1', '2025-04-01', 'V4', 1, '2025-04-01T15:00:00Z');
"""


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("America/Argentina/Buenos_Aires", {0: (1, 0, 0, 0), 12: (1, 0, 1, 0), 21: (0, 2, 0, 0)}),
        # 3 hours to the east
        ("UTC", {0: (0, 2, 0, 0), 3: (1, 0, 0, 0), 15: (1, 0, 1, 0)}),
    ],
)
def test_what_happened_in_four_weeks_by_the_hour_of_the_source(
    warehouse: Engine, zone: str, hours: dict[int, tuple]
) -> None:
    with psycopg.connect(
        warehouse.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        connection.execute(ROWS)
        connection.execute("insert into control.fuentes values ('feed x', %s)", [zone])
        connection.execute("set timezone = 'Asia/Tokyo'")
        assert reading.read(connection, "horas", fecha=FECHA).rows == [
            (hour, *hours.get(hour, (0, 0, 0, 0))) for hour in range(24)
        ]
        # without movements, theirs are unknown
        connection.execute("delete from dw.hecho_transacciones")
        assert {row[2:] for row in reading.read(connection, "horas", fecha=FECHA).rows} == {(None, None, None)}
        connection.execute("delete from dw.hecho_pedidos")
        assert {row[1:] for row in reading.read(connection, "horas", fecha=FECHA).rows} == {(None,) * 4}


def test_the_last_day_that_is_over_is_that_of_the_source(warehouse: Engine) -> None:
    with psycopg.connect(
        warehouse.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:

        def last() -> date:
            return reading.read(connection, "ultimo_dia").rows[0][0]

        assert last() == connection.execute("select (now() at time zone '+03')::date - 1").fetchone()[0]
        connection.execute("insert into control.fuentes values ('feed x', 'Pacific/Kiritimati')")
        east = last()
        connection.execute("update control.fuentes set zona = 'Pacific/Honolulu'")
        assert (east - last()).days == 1  # a day apart, whatever the time
