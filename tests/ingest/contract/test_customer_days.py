"""Who is a customer on a day: the contract, the view and the checks give the same answer, worked out by hand, whatever the order
in which the files come."""

from collections.abc import Sequence
from datetime import date

import pytest
from raw_feed import CLIENTES, DETALLE, P1, TRANSACCIONES, VENTAS, Raw, deliver
from sqlalchemy import text

from client360 import folders
from client360.run import steps
from client360.run.step_runner import run_step
from client360.warehouse.models import LANDING
from client360.warehouse.partitions import create_partitions

CASES = {
    "a leaving that is announced and taken back": (
        ["2025-01-01 2025-01-01 -", "2025-02-01 2025-01-01 2025-03-31", "2025-02-15 2025-01-01 -"],
        ["2025-01-01", "2025-02-10", "2025-03-30", "2025-03-31", "2025-04-15"],
        ["2024-12-31"],
    ),
    "a leaving that is postponed": (
        ["2025-01-01 2025-01-01 -", "2025-02-01 2025-01-01 2025-03-31", "2025-03-15 2025-01-01 2025-04-30"],
        ["2025-03-31", "2025-04-29"],
        ["2025-04-30", "2025-05-15"],
    ),
    "a leaving that is brought forward": (
        ["2025-01-01 2025-01-01 2025-06-30", "2025-02-01 2025-01-01 2025-03-31"],
        ["2025-01-31", "2025-03-30"],
        ["2025-03-31", "2025-06-29"],
    ),
    "who left and joins again with the old day of joining": (
        ["2025-01-01 2025-01-01 -", "2025-03-31 2025-01-01 2025-03-31", "2025-06-01 2025-01-01 -"],
        ["2025-03-30", "2025-06-01", "2025-07-01"],
        ["2025-03-31", "2025-05-31"],
    ),
    "who left and joins again with a new day of joining that was announced": (
        ["2025-01-01 2025-01-01 -", "2025-03-31 2025-01-01 2025-03-31", "2025-05-15 2025-06-01 -"],
        ["2025-01-01", "2025-03-30", "2025-06-01"],
        ["2025-03-31", "2025-05-15", "2025-05-31"],
    ),
    "who joins again while the old day of leaving stays": (
        ["2025-01-01 2025-01-01 2025-03-31", "2025-06-01 2025-06-01 2025-03-31"],
        ["2025-03-30"],
        ["2025-03-31", "2025-06-01", "2025-07-01"],
    ),
    "who comes back twice": (
        ["2025-01-01 2025-01-01 2025-02-01", "2025-03-01 2025-03-01 2025-04-01", "2025-05-01 2025-05-01 -"],
        ["2025-01-31", "2025-03-01", "2025-03-31", "2025-05-01"],
        ["2025-02-01", "2025-02-28", "2025-04-01", "2025-04-30"],
    ),
    "a leaving that becomes known when it is long past": (
        ["2025-01-01 2025-01-01 -", "2025-04-10 2025-01-01 2025-03-31"],
        ["2025-03-31", "2025-04-09"],
        ["2025-04-10", "2025-04-11"],
    ),
    "a joining that is postponed": (
        ["2025-01-01 2025-02-01 -", "2025-01-20 2025-03-01 -"],
        ["2025-03-01"],
        ["2025-01-31", "2025-02-01", "2025-02-28"],
    ),
    "a joining that becomes known later": (
        ["2025-02-10 2025-01-01 -"],
        ["2025-02-10"],
        ["2025-01-01", "2025-02-09"],
    ),
    "a day of leaving before that of joining, corrected": (
        ["2025-01-01 2025-01-10 2025-01-05", "2025-02-01 2025-01-10 -"],
        ["2025-02-01"],
        ["2025-01-04", "2025-01-10", "2025-01-31"],
    ),
    "who joins and leaves on one day": (
        ["2025-01-10 2025-01-10 2025-01-10"],
        [],
        ["2025-01-09", "2025-01-10", "2025-01-11"],
    ),
}
"""Versions as `fecha fecha_alta fecha_baja`, days on which the person is a customer, days on which not."""
AS_IF_ACCEPTED = """
with movimiento as (
    insert into dw.hecho_transacciones (cliente_id, fecha, transaccion_id, tipo_transaccion, monto)
    values ('C1', cast(:day as date), 'T' || :day, 'compra_tarjeta', 1)
)
insert into dw.hecho_ventas (
    cliente_id, fecha, venta_id, linea, producto_id, cantidad, precio_unitario, descuento, importe, categoria, metodo_pago,
    provincia_envio
)
values ('C1', cast(:day as date), 'V' || :day, 1, 'P1', 1, 10, 0, 10, 'hogar', 'efectivo', 'Salta')
"""
PARAMETERS = {"inicio": date(2025, 1, 1), "mundo": "feed simulador", "pais": "AR"} | {"entidades": list(LANDING)}


def row_of(version: str) -> str:
    known, joined, left = version.split()
    return f"C1,{known},Salta,{joined},{'' if left == '-' else left}"


def deliver_children(raw: Raw, days: Sequence[str]) -> None:
    """A movement, and an order with a line, on each of the days."""
    raw.deliver("transacciones", TRANSACCIONES, "\n".join(f"T{day},{day},C1,compra_tarjeta,1," for day in days))
    raw.deliver("ventas", VENTAS, "\n".join(f"V{day},{day},{day},C1,efectivo,Salta,,completada,10" for day in days))
    raw.deliver("detalle_ventas", DETALLE, "\n".join(f"V{day},1,{day},C1,P1,1,10,0" for day in days))


def accepted(raw: Raw) -> list[set[str]]:
    """The days of the accepted movements, orders and lines."""
    return [
        {day for (day,) in raw.query(f"select fecha::text from staging.{entity}")}
        for entity in ("transacciones", "ventas", "detalle_ventas")
    ]


def listed(raw: Raw, day: str) -> bool:
    """Whether the view of a day has a customer."""
    with raw.engine.begin() as connection:
        run_step(connection, steps.CLIENTE_360, PARAMETERS | {"fecha": date.fromisoformat(day)})
        return bool(
            connection.scalar(
                text("select count(*) from mart.cliente_360_historico where fecha_corte = :day"), {"day": day}
            )
        )


def findings(raw: Raw, days: Sequence[str]) -> list[int]:
    """What the checks of movements and of orders find on the days."""
    found = []
    for check in ("transaccion_de_cliente", "venta_de_cliente_y_producto"):
        script = (folders.SQL / "check" / "pipeline" / f"{check}.sql").read_text(encoding="utf-8")
        with raw.engine.connect() as connection:
            row = (
                connection.connection.cursor()
                .execute(script, {"dias": list(days), "dias_del_mes": list(days)})
                .fetchone()
            )
            found.append(row[0])
    return found


@pytest.mark.parametrize("case", CASES)
def test_the_contract_the_view_and_the_checks_agree_on_who_is_a_customer(case: str, raw: Raw) -> None:
    versions, customer, nobody = CASES[case]
    days = [*customer, *nobody]
    deliver(raw, P1, {"clientes": (CLIENTES, "\n".join(map(row_of, versions)))})
    deliver_children(raw, days)
    changed = raw.apply_contract()
    assert accepted(raw) == [set(customer)] * 3
    assert all(reason == ("cliente_id", "padre_desconocido") for reason in raw.reasons("transacciones").values())

    span = {"desde": changed[0], "hasta": changed[-1]}
    for step in steps.IN_ORDER:
        if step.group == "transform":
            with raw.engine.begin() as connection:
                run_step(connection, step, PARAMETERS | span)
    assert {day for day in days if listed(raw, day)} == set(customer)
    assert findings(raw, days) == [0, 0]
    with raw.engine.begin() as connection:
        create_partitions(connection, {date.fromisoformat(day).replace(day=1) for day in nobody})
        for day in nobody:
            connection.execute(text(AS_IF_ACCEPTED), {"day": day})
    assert findings(raw, days) == [bool(nobody), len(nobody)]


@pytest.mark.parametrize("order", [(3, 1, 2, 0), (2, 3, 0, 1)], ids=["children first", "last version first"])
def test_versions_may_come_in_any_order(order: Sequence[int], raw: Raw) -> None:
    """Each in a file of its own, before or after what the customer did; all is judged after each file."""
    versions, customer, nobody = CASES["who left and joins again with a new day of joining that was announced"]
    deliver(raw, P1)
    for number in order:
        if number == len(versions):
            deliver_children(raw, [*customer, *nobody])
        else:
            raw.deliver("clientes", CLIENTES, row_of(versions[number]), name=f"clientes_{number}.csv")
        raw.apply_contract()
    assert accepted(raw) == [set(customer)] * 3
