"""Days that are published in tests of what leaves the warehouse."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, insert

from client360.warehouse.models import EXPORTED, Verificaciones
from client360.warehouse.partitions import create_partitions

DAY = date(2026, 9, 20)
WORLD = "feed x"
KEY = b"a key that is long enough"
HOSTILE = (
    "=1+1",
    "+54 11",
    "-34",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    '=HYPERLINK("http://x.example";"y")',
    "a;=1+1",
    "a\t\t=1+1",
    'a"\n=1+1',
    '";=1+1',
    "=1+1,2",
    "'=1+1",
    ";-1;-1",
)
HARMLESS = (
    "Córdoba",
    "O'Higgins",
    "Tierra del Fuego, Antartida",
    'El "Chaco"',
    "a=b",
    "2-1",
    "e-mail @ home",
    "",
    "a;b",
    "Ñandú\n2",
)


def row(model: Any, **values: Any) -> dict[str, Any]:
    """A row of the relation; what is required and not given is the least there can be."""
    least = {str: "x", int: 0, Decimal: 0, date: DAY, bool: False}
    table = model.table()
    required = {column.name: least[column.type.python_type] for column in table.columns if not column.nullable}
    return required | {name: value for name, value in values.items() if name in table.columns}


def publish(warehouse: Engine, *days: date, **rows: list[dict[str, Any]]) -> None:
    """Fill relations for days all of whose checks pass."""
    with warehouse.begin() as connection:
        create_partitions(connection, {day.replace(day=1) for day in days})
        connection.execute(delete(Verificaciones))
        for day in days:
            connection.execute(insert(Verificaciones), row(Verificaciones, fecha_corte=day, correcta=True))
            for name, given in rows.items():
                connection.execute(
                    insert(EXPORTED[name]), [row(EXPORTED[name], **values, fecha_corte=day) for values in given]
                )


def read(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
