"""What accounts hold and customers owe from one published day to the next, as people see it."""

from datetime import date
from decimal import Decimal

import psycopg
from sqlalchemy import Engine

from reading import warehouse as reading

ROWS = """
    create table mart.cliente_360_historico_siempre partition of mart.cliente_360_historico default;
    insert into mart.cliente_360_historico
        (cliente_id, provincia, segmento_ingresos, antiguedad_meses, fecha_corte, saldo_total, saldo_minimo_90d, deuda_total)
        values
        ('C1', 'Salta', 5, 0, '2025-02-28', 1.50, 1, 10), ('C2', 'Salta', 5, 0, '2025-02-28', null, null, 2),
        ('C3', 'Salta', 5, 0, '2025-02-28', null, null, null), ('C4', null, null, 0, '2025-02-28', -3, -3, null),
        ('C1', 'Jujuy', 4, 0, '2025-03-31', 4, 1.50, 0),
        ('C1', 'Jujuy', 4, 0, '2025-03-30', 100, 100, 100), ('C1', 'Jujuy', 4, 0, '2025-03-29', 100, 100, 100),
        ('C1', 'Salta', 5, 0, '2024-02-28', 9, 9, 9), ('C1', 'Salta', 5, 0, '2025-04-01', 9, 9, 9);
    insert into control.verificaciones (verificacion, fecha_corte, correcta, hallazgos, detiene, corrida)
        select nombre, fecha, correcta, 0, detiene, 'run' from (values
            ('una', date '2024-02-28', true, true), ('una', '2025-02-28', true, true), ('otra', '2025-02-28', false, false),
            ('una', '2025-03-30', true, true), ('otra', '2025-03-30', false, true), ('una', '2025-03-31', true, true),
            ('una', '2025-04-01', true, true)) as dia (nombre, fecha, correcta, detiene);
"""


def test_balances_and_debts_are_those_of_published_days_until_the_day(warehouse: Engine) -> None:
    with psycopg.connect(
        warehouse.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        connection.execute(ROWS)
        assert reading.read(connection, "saldos", fecha=date(2025, 3, 31)).rows == [
            (date(2025, 2, 28), "Salta", 5, 1, Decimal("1.50"), 2, Decimal("12.00")),
            (date(2025, 2, 28), None, None, 1, Decimal("-3.00"), 0, None),
            (date(2025, 3, 31), "Jujuy", 4, 1, Decimal("4.00"), 1, Decimal("0.00")),
        ]
        assert reading.read(connection, "saldos_de_cliente", cliente_id="C1", fecha=date(2025, 3, 31)).rows == [
            (date(2025, 2, 28), Decimal("1.50"), Decimal("1.00"), Decimal("10.00")),
            (date(2025, 3, 31), Decimal("4.00"), Decimal("1.50"), Decimal("0.00")),
        ]
        assert reading.read(connection, "saldos_de_cliente", cliente_id="C3", fecha=date(2025, 3, 31)).rows == []
