"""Cells that come from files: they are explained with the line of the file that each row was made of."""

import re
from collections.abc import Callable
from datetime import date

import psycopg
import pytest
from explaining import reader, run_command, worked_out
from sqlalchemy import Engine, text

from client360 import folders
from reading.explain import COLUMNS, explain

FILES = folders.ROOT / "docs" / "examples"
FECHA = date(2025, 6, 30)


@pytest.fixture
def publish(run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Publishes the day of an example feed."""
    monkeypatch.setenv("CLIENT360_FOLDERS", str(FILES))

    def publish_feed(name: str) -> None:
        assert run(FECHA, fuente=f"{name}_ejemplo", entrada=str(FILES / name)) == "success"

    return publish_feed


def change(warehouse: Engine, statement: str, **values: str | None) -> None:
    """Make the published rows others than those of the files."""
    with warehouse.begin() as connection:
        connection.execute(text(statement), values)


def origins(connection: psycopg.Connection, cliente_id: str, column: str) -> dict[str, dict[str, str]]:
    """By relation and key, the lines that an explanation names."""
    found = explain(connection, cliente_id, column, FECHA)
    return {
        rows.kind.relation: {record[rows.kind.key[0]]: record["origen"] for record in rows.records}
        for rows in found.answer.rows
    }


def explained(connection: psycopg.Connection) -> list[str]:
    """The customers, each cell of whom is what its explanation comes to."""
    wrong, right = worked_out(connection, FECHA)
    assert wrong == {}
    return sorted(right["cliente_id"])


def test_cells_of_joint_accounts_loans_and_cards_come_from_these_lines(
    publish: Callable[[str], None], warehouse: Engine
) -> None:
    publish("cooperativa")
    with reader(warehouse) as connection:
        assert explained(connection) == ["1", "2", "3", "4"]
        # the entries of the account that is held with another member, and the member's own purchases
        assert origins(connection, "1", "gasto_mensual_promedio") == {
            "dw.hecho_transacciones": {
                "asiento 3": "apuntes_2025-04.csv:4",
                "asiento 7": "apuntes_2025-05.csv:4",
                "asiento 12": "apuntes_2025-06.csv:4",
                "asiento 13": "apuntes_2025-06.csv:5",
                "K1": "compras.csv:2",
                "K2": "compras.csv:3",
            }
        }
        debt = origins(connection, "1", "deuda_total")
        assert debt["dw.historia_prestamos"] == {"P1": "prestamos.csv:2", "P4": "prestamos.csv:5"}
        assert debt["dw.historia_resumenes"] == {
            "R1": "resumenes_2025-05-26.csv:2",
            "R2": "resumenes_2025-06-26.csv:2",
            "R3": "resumenes_2025-06-26.csv:3",
        }
        assert origins(connection, "4", "saldo_total")["dw.hecho_saldos"]["A2"] == "saldos_2025-06-30.csv:2"


ON_A_JOINT_ACCOUNT = """
    update dw.historia_tarjetas set cuenta_id = 'A1' where tarjeta_id = 'T1';
    update dw.historia_resumenes set cliente_id = '' where tarjeta_id = 'T1';
    update dw.historia_cuotas set cliente_id = '2' where cuota_id = 'P1-2';
    update dw.historia_ordenes_permanentes set cuenta_id = 'A1' where orden_id = 'O1'
"""
"""The card of member 1, its statements and the standing order of member 3 are on an account that both hold, and an instalment
of member 1 names another one. What each member owes and holds stays as it was."""


def test_what_names_somebody_else_is_in_nobodys_explanation_but_theirs(
    publish: Callable[[str], None], warehouse: Engine
) -> None:
    publish("cooperativa")
    with warehouse.begin() as connection:
        connection.connection.cursor().execute(ON_A_JOINT_ACCOUNT)
    credit = ("tarjeta_id", "resumen_id", "cuota_id", "orden_id")
    shown: dict[str, set[str]] = {}
    with reader(warehouse) as connection:
        for customer in explained(connection):
            answers = [explain(connection, customer, column, FECHA).answer for column in COLUMNS]
            records = [(rows, record) for answer in answers for rows in answer.rows for record in rows.records]
            of_others = [
                record
                for rows, record in records
                if rows.kind.entity != "clientes" and record.get("cliente_id", "") not in ("", customer)
            ]
            assert of_others == []
            shown[customer] = {record[name] for _, record in records for name in credit if record.get(name)}
        debt = explain(connection, "1", "deuda_total", FECHA).answer
    assert shown == {
        "1": {"T1", "R1", "R2", "R3", "P1-1", "P1-3", "P4-1", "P4-2"},
        "2": {"P2-1", "P2-2"},
        "3": {"T2", "O1", "P4-1", "P4-2"},
        "4": {"P3-1", "P3-2"},
    }
    assert {rows.kind.entity: rows.withheld for rows in debt.rows if rows.withheld} == {"cuotas": 1}


def test_movements_of_the_others_of_an_account_move_its_balance_and_are_not_shown(
    publish: Callable[[str], None], warehouse: Engine
) -> None:
    publish("cooperativa")
    change(
        warehouse,
        "update dw.hecho_transacciones set cliente_id = '3' where transaccion_id like 'asiento%' and cuenta_id = 'A1'",
    )
    with reader(warehouse) as connection:
        for customer, withheld in (("1", True), ("3", False)):
            found = explain(connection, customer, "saldo_total", FECHA)
            assert found.holds
            (moved,) = [rows for rows in found.answer.rows if rows.kind.entity == "transacciones"]
            assert {record["cliente_id"] for record in moved.records} <= {"", customer}
            assert (moved.withheld > 0, bool(moved.records)) == (withheld, not withheld)
    _, output, _ = run_command(warehouse, "--cliente=1", "--columna=saldo_total")
    assert re.search(
        r"^dw.hecho_transacciones: 0 rows, and \d+ more that name somebody else: counted, and not shown$", output, re.M
    )


def test_an_explanation_is_in_the_currency_of_the_source(publish: Callable[[str], None], warehouse: Engine) -> None:
    publish("cooperativa")
    with reader(warehouse) as connection:
        assert connection.execute("select moneda from control.fuentes").fetchall() == [("ARS",)]
    said = []
    for currency in ("ARS", "UYU", None):
        change(warehouse, "update control.fuentes set moneda = :currency", currency=currency)
        with reader(warehouse) as connection:
            said.append(explain(connection, "1", "saldo_minimo_90d", FECHA).definition)
    assert [definition.partition(", in ")[2].partition(";")[0] for definition in said] == [
        *("pesos", "UYU", "the currency of the source")
    ]


def test_a_movement_is_shown_with_its_account_also_where_it_names_its_customer(
    publish: Callable[[str], None], warehouse: Engine
) -> None:
    publish("cooperativa")
    change(
        warehouse,
        "update dw.hecho_transacciones set cuenta_id = 'A2' where transaccion_id = 'K1' and tarjeta_id is not null",
    )
    with reader(warehouse) as connection:
        assert "1" in explained(connection)
        (rows,) = explain(connection, "1", "gasto_mensual_promedio", FECHA).answer.rows
    accounts = {record["transaccion_id"]: record["cuenta_id"] for record in rows.records}
    assert (accounts["K1"], accounts["asiento 3"], accounts["K2"]) == ("A2", "A1", None)


def test_cells_of_the_bank_come_from_the_lines_of_their_movements(
    publish: Callable[[str], None], warehouse: Engine
) -> None:
    publish("banco")
    with reader(warehouse) as connection:
        found = [
            origins(connection, customer, "gasto_mensual_promedio").get("dw.hecho_transacciones", {})
            for customer in explained(connection)
        ]
    # the feed calls a movement by its line
    assert sum(map(len, found)) > 20
    assert [each for each in found if list(each) != list(each.values())] == []


def test_cells_of_the_shop_come_from_the_lines_of_their_orders(
    publish: Callable[[str], None], warehouse: Engine
) -> None:
    publish("tienda")
    file = (FILES / "tienda" / "detalle_ordenes.csv").read_text(encoding="cp1252").splitlines()
    with reader(warehouse) as connection:
        found = [
            (order, origin)
            for customer in explained(connection)
            for order, origin in origins(connection, customer, "monto_compras_12m").get("dw.hecho_ventas", {}).items()
        ]
    assert len(found) > 10
    for order, origin in found:
        name, line = origin.split(":")
        assert (name, file[int(line) - 1].split(",")[0]) == ("detalle_ordenes.csv", order)


def test_cells_of_returns_and_payments_are_what_their_explanation_comes_to(
    publish: Callable[[str], None], warehouse: Engine
) -> None:
    publish("ferreteria")
    with reader(warehouse) as connection:
        assert len(explained(connection)) > 1
