"""Cells that come from files: they are explained with the line of the file that each row was made of."""

from collections.abc import Callable
from datetime import date

import psycopg
import pytest
from explaining import reader, worked_out
from sqlalchemy import Engine

from client360 import folders
from reading.explain import explain

FILES = folders.ROOT / "docs" / "examples"
FECHA = date(2025, 6, 30)


@pytest.fixture
def publish(run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Publishes the day of an example feed."""
    monkeypatch.setenv("CLIENT360_FOLDERS", str(FILES))

    def publish_feed(name: str) -> None:
        assert run(FECHA, fuente=f"{name}_ejemplo", entrada=str(FILES / name)) == "success"

    return publish_feed


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
