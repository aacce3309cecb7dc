"""What the answer key makes of movements, worked out by hand; tests/sql/cliente_360_historico has the same cases for the SQL."""

from datetime import date
from decimal import Decimal
from typing import Any

from proof.books import Book, flows, income_of, keep_books

MONTHS = [date(2025, month, 1) for month in range(1, 9)]


def movement(customer: str, month: int, kind: str | None, amount: str, **more: Any) -> dict[str, Any]:
    names = {"cliente_id": customer, "fecha": date(2025, month, 10), "tipo_transaccion": kind, "monto": Decimal(amount)}
    return {"rubro": None, "sentido": None, "tarjeta_id": None} | names | more


def books(movements: list[dict[str, Any]], customer: str, first: int, last: int) -> list[Book]:
    kept = keep_books(movements, set(MONTHS))
    return [kept[customer, MONTHS[month - 1]] for month in range(first, last + 1)]


def deposits(*amounts: tuple[int, str]) -> list[dict[str, Any]]:
    return [movement("C", month, "deposito", amount) for month, amount in amounts]


def test_deposits_in_most_months_are_an_income_where_there_is_no_salary() -> None:
    declared = Decimal(500)
    four = deposits((3, "100"), (5, "300"), (6, "200"), (8, "200.01"))
    assert income_of(books(four, "C", 3, 8), declared) == (Decimal("200.01"), "depositos")
    assert income_of(books(four[:3], "C", 3, 8), declared) == (declared, "declarado")
    assert income_of(books(four[1:], "C", 5, 8), None) == (Decimal("200.01"), "depositos")
    assert income_of(books(four[2:], "C", 6, 8), None) == (None, None)
    salary = movement("C", 7, "ingreso_sueldo", "900", rubro="haberes")
    assert income_of(books([*four, salary], "C", 3, 8), declared) == (Decimal(900), "observado")


def test_what_came_in_and_left_is_the_mean_of_the_months_that_say_so() -> None:
    moved = [
        movement("C1", 1, "transferencia", "1000", sentido="credito"),
        movement("C1", 1, "pago_servicio", "400.01", sentido="debito"),
        movement("C1", 1, "ahorro", "77", sentido="debito"),
        movement("C1", 1, "compra_tarjeta", "70", sentido="debito", tarjeta_id="K1"),
        movement("C1", 2, "pago_servicio", "50"),
        movement("C1", 4, None, "500", sentido="credito"),
        movement("C3", 1, "transferencia", "1"),
        movement("C5", 1, "pago_tarjeta", "10", sentido="debito", tarjeta_id="K1"),
    ]
    found = flows(
        {customer: books(moved, customer, 1, 4) for customer in ("C1", "C2", "C5")} | {"C3": books(moved, "C3", 1, 1)}
    )
    amounts = {
        customer: [None if value is None else str(value) for value in row.values()] for customer, row in found.items()
    }
    assert amounts == {
        "C1": ["500.00", "133.34", "366.66"],
        "C2": ["0.00", "0.00", "0.00"],
        "C3": [None, None, None],
        "C5": ["0.00", "2.50", "-2.50"],
    }


def test_a_source_that_says_no_directions_knows_no_flows() -> None:
    moved = [movement("C1", 1, "pago_servicio", "50")]
    found = flows({customer: books(moved, customer, 1, 4) for customer in ("C1", "C2")})
    assert {value for row in found.values() for value in row.values()} == {None}
