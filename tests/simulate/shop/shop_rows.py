"""Rows of a world for the tests of the shop."""

from collections import defaultdict
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from client360.simulate import BLOCK, World, calendar
from client360.simulate.simulation import parts

INICIO = date(2025, 1, 1)
JUNE = date(2025, 6, 1), date(2025, 6, 30)
OF_CUSTOMERS = (
    "transacciones",
    "ventas",
    "detalle_ventas",
    "envios",
    "devoluciones",
    "pagos_venta",
    "contactos_campania",
)
WORLD = World(seed=7, customers=BLOCK + 200, first_day=INICIO)


def month(number: int, year: int = 2025) -> tuple[date, date]:
    first = date(year, number, 1)
    return first, first.replace(day=calendar.month_days(calendar.month_number(first)))


def rows(world: World, *ranges: tuple[date, date]) -> dict[str, pa.Table]:
    """The rows of all entities, in the order of a landing file."""
    found = defaultdict(list)
    for part in parts(world):
        for days in ranges:
            for entity, table in part.rows(*days).items():
                found[entity].append(table)
    return {entity: pa.concat_tables(tables) for entity, tables in found.items()}


def of_days(table: pa.Table, first: date, last: date) -> pa.Table:
    return table.filter(
        pc.and_(pc.greater_equal(table["fecha"], pa.scalar(first)), pc.less_equal(table["fecha"], pa.scalar(last)))
    )


def buyer(orders: pd.DataFrame) -> pd.Series:
    """The customer of each order, also where the shop does not know it: V, nine digits of the customer, and others."""
    return "C" + orders.venta_id.str[1:10]


def frame(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas(date_as_object=False)
