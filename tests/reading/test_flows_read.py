"""What came in and left by month, as people see it."""

from datetime import date
from decimal import Decimal

import psycopg
from sqlalchemy import Engine

from reading import warehouse as reading

ROWS = """
    create table mart.gasto_mensual_siempre partition of mart.gasto_mensual default;
    create table mart.cliente_360_historico_siempre partition of mart.cliente_360_historico default;
    insert into mart.gasto_mensual (cliente_id, cuenta_id, mes, aguinaldo, compra_tarjeta, pago_servicio, debito_automatico,
        extraccion_cajero, movimientos, ingresos_totales, egresos_totales) values
        ('C1', '', '2024-03-01', 0, 0, 0, 0, 0, 1, 1, 1),
        ('C1', '', '2024-04-01', 0, 0, 0, 0, 0, 1, 10.50, 0),
        ('C1', '', '2025-03-01', 0, 0, 0, 0, 0, 1, 20, 5.25),
        ('C2', '', '2025-03-01', 0, 0, 0, 0, 0, 1, 1, 2),
        ('C3', '', '2025-03-01', 0, 0, 0, 0, 0, 1, 7, 8),
        ('C4', '', '2025-03-01', 0, 0, 0, 0, 0, 1, null, null),
        ('C5', '', '2025-03-01', 0, 0, 0, 0, 0, 1, 9, 9),
        ('C1', '', '2025-04-01', 0, 0, 0, 0, 0, 1, 9, 9),
        ('', 'K1', '2025-03-01', 0, 0, 0, 0, 0, 1, 100, 50);
    insert into mart.cliente_360_historico (cliente_id, provincia, segmento_ingresos, antiguedad_meses, fecha_corte) values
        ('C1', 'Salta', 5, 0, '2025-03-31'), ('C2', 'Salta', 5, 0, '2025-03-31'), ('C3', null, null, 0, '2025-03-31'),
        ('C4', 'Salta', 5, 0, '2025-03-31'), ('C5', 'Salta', 5, 0, '2025-02-28');
"""


def test_what_came_in_and_left_in_the_months_that_are_over_of_the_customers_of_the_day(warehouse: Engine) -> None:
    with psycopg.connect(
        warehouse.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        connection.execute(ROWS)
        assert reading.read(connection, "flujos", fecha=date(2025, 3, 31)).rows == [
            (date(2024, 4, 1), "Salta", 5, 1, Decimal("10.50"), Decimal("0.00")),
            (date(2025, 3, 1), "Salta", 5, 2, Decimal("21.00"), Decimal("7.25")),
            (date(2025, 3, 1), None, None, 2, Decimal("107.00"), Decimal("58.00")),
        ]
        # a day before the end of the month
        connection.execute("update mart.cliente_360_historico set fecha_corte = '2025-03-30'")
        assert [row[0] for row in reading.read(connection, "flujos", fecha=date(2025, 3, 30)).rows] == [
            date(2024, 3, 1),
            date(2024, 4, 1),
        ]
