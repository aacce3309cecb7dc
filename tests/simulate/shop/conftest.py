"""A year of a world, drawn once for the tests of the shop."""

import pandas as pd
import pyarrow as pa
import pytest
from shop_rows import WORLD, frame, month, rows


@pytest.fixture(scope="session")
def year() -> dict[str, pa.Table]:
    """A year of a world of two blocks, the second one not full."""
    return rows(WORLD, *(month(number) for number in range(1, 13)))


@pytest.fixture(scope="session")
def orders(year: dict[str, pa.Table]) -> pd.DataFrame:
    """One row for each order of the year with the days of its later states, as far as they lie in the year."""
    known = frame(year["ventas"])
    found = known[known.estado.isin(["completada", "creada"])].set_index("venta_id")
    for state, day in (("cancelada", "cancelled"), ("devuelta", "returned")):
        found[day] = known[known.estado == state].set_index("venta_id").fecha
    shipments = frame(year["envios"])
    for state in ("despachado", "entregado"):
        found[state] = shipments[shipments.estado == state].set_index("venta_id").fecha
    return found


@pytest.fixture(scope="session")
def lines(year: dict[str, pa.Table]) -> pd.DataFrame:
    found = frame(year["detalle_ventas"])
    cents = found.precio_unitario.map(lambda amount: int(amount * 100)) * found.cantidad
    return found.assign(cents=cents - found.descuento.map(lambda amount: int(amount * 100)))
